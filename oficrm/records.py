"""Opening, saving and blank records of any module, from the declarations alone."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, undefer

from db import counters
from db.bulk import chunks
from db.fields import Field
from db.query import fetch_rows
from db.record import Record
from db.registry import module, owner_link
from oficrm import custom_fields, filling, settings
from oficrm.defaults import default_value
from oficrm.drafts import Draft, LineDraft, Loaded, Values
from oficrm.errors import Refused
from oficrm.joined import hooks


def form_fields(session: Session, model: type[Record]) -> dict[str, Field]:
    """Return the fields a form of this module carries: those of its sections, and the user's own."""
    named = [name for section in model.screens.form for name in section.fields]
    own = custom_fields.fields_of(session, model.module.table)
    return {name: model.fields[name] for name in named} | {field.name: field for field in own}


def new_record(model: type[Record]) -> Record:
    """Return an unsaved record with the constant defaults of its declaration."""
    record = model(extra={})
    for field in model.fields.values():
        if field.has_constant_default and not field.is_computed:
            setattr(record, field.attr, field.default)
    return record


def get(session: Session, model: type[Record], ident: int) -> Record:
    """Return a record, trashed or not, with its pictures. Raises Refused when it does not exist."""
    images = [undefer(getattr(model, field.attr)) for field in model.fields.values() if field.kind == "image"]
    record = session.scalar(select(model).where(model.id == ident).options(*images))
    if record is None:
        raise Refused(f"{'Esta' if model.module.feminine else 'Este'} {model.module.named(1)} ya no existe.")
    return record


def read_field(field: Field, record: Record) -> Any:
    """Return the typed value of a declared or user-defined field; None for what is only worked out."""
    if not field.is_stored:
        return None
    return custom_fields.read_value(field, record) if field.custom_id else getattr(record, field.attr)


def write_field(field: Field, record: Record, value: Any) -> None:
    """Set a declared or user-defined field."""
    if field.custom_id:
        custom_fields.write_value(field, record, value)
    else:
        setattr(record, field.attr, value)


def worked_out(session: Session, model: type[Record], ident: int) -> Values:
    """Return the values of a record's form and its state that the database works out, such as counters."""
    names = [name for name, field in form_fields(session, model).items() if not field.is_stored and not field.parts]
    state = model.screens.state
    if state and model.fields[state].is_computed and state not in names:
        names.append(state)
    row = fetch_rows(session, model.module.table, [ident], names).get(ident, ()) if names else ()
    return dict(zip(names, row, strict=True))


def lines_of(session: Session, child: type[Record], owner_id: int) -> list[Record]:
    """Return the live lines of a record in their order."""
    owner = getattr(child, owner_link(child).attr)
    columns = cast(Table, child.__table__).c
    live = select(child).where(owner == owner_id, child.deleted_at.is_(None))
    if "position" in child.fields:
        live = live.order_by(columns.position)
    return list(session.scalars(live.order_by(child.id)))


def line_fields(child: type[Record]) -> dict[str, Field]:
    """Return the fields of a line table that a form edits."""
    return {name: child.fields[name] for section in child.screens.form for name in section.fields}


def line_drafts(session: Session, child: type[Record], owner_id: int) -> list[LineDraft]:
    """Return the live lines of a record as a form carries them, with what the database works out for them."""
    shown = line_fields(child)
    lines = lines_of(session, child, owner_id)
    names = [name for name, field in shown.items() if field.is_computed]
    worked = fetch_rows(session, child.module.table, [line.id for line in lines], names) if names and lines else {}
    return [
        LineDraft(line.id, {name: read_field(field, line) for name, field in shown.items()}
                  | dict(zip(names, worked.get(line.id, ()), strict=False)))
        for line in lines
    ]  # fmt: skip


def link_titles(session: Session, fields: Iterable[Field], values: Values) -> dict[str, str]:
    """Return the texts of the links among ``values`` by field name."""
    texts: dict[str, str] = {}
    for field in fields:
        value = values.get(field.name)
        if value is None or field.kind not in ("link", "either"):
            continue
        target, ident = (field.target, value) if field.kind == "link" else str(value).split(":")
        row = fetch_rows(session, target, [int(ident)], ["title"]).get(int(ident))
        if row:
            texts[field.name] = row[0]
    return texts


def titles_of_lines(session: Session, fields: Iterable[Field], lines: Sequence[Values]) -> list[dict[str, str]]:
    """Return the texts of the links of each line, asked for together."""
    links = [field for field in fields if field.kind in ("link", "either")]
    wanted: dict[str, set[int]] = {}
    for field in links:
        for values in lines:
            if (value := values.get(field.name)) is not None:
                target, ident = _target(field, value)
                wanted.setdefault(target, set()).add(ident)
    known = {
        (target, ident): row[0]
        for target, ids in wanted.items()
        for part in chunks(sorted(ids))
        for ident, row in fetch_rows(session, target, part, ["title"]).items()
    }
    return [
        {field.name: title for field in links if (value := values.get(field.name)) is not None
         and (title := known.get(_target(field, value))) is not None}
        for values in lines
    ]  # fmt: skip


def _target(field: Field, value: Any) -> tuple[str, int]:
    """The module and id a link points to."""
    if field.kind == "link":
        return field.target, value
    target, _, ident = str(value).partition(":")
    return target, int(ident)


def load(session: Session, table: str, ident: int) -> Loaded:
    """Open a record. Raises Refused when it does not exist."""
    model = module(table)
    record = get(session, model, ident)
    fields = form_fields(session, model)
    values = {name: read_field(field, record) for name, field in fields.items()} | worked_out(session, model, ident)
    draft = Draft(table, ident, record.version, dict(values), dict(values))
    loaded = _describe(session, model, draft, fields)
    loaded.title, loaded.deleted = record.title, record.deleted_at is not None
    numbered = next((field for field in model.fields.values() if field.default == "@number"), None)
    loaded.number = getattr(record, numbered.attr) or "" if numbered else ""
    for child in map(module, model.screens.lines):
        shown = line_fields(child).values()
        lines = line_drafts(session, child, ident)
        draft.lines[child.module.table] = lines
        draft.original_lines[child.module.table] = [LineDraft(line.id, dict(line.values)) for line in lines]
        loaded.line_titles[child.module.table] = titles_of_lines(session, shown, [line.values for line in lines])
    loaded.head = head_of(session, model, ident)
    return loaded


def head_of(session: Session, model: type[Record], ident: int) -> tuple[tuple[Field, Any], ...]:
    """Return what the head of a record's window shows, in its order."""
    names = model.screens.head
    row = fetch_rows(session, model.module.table, [ident], names).get(ident) if names else None
    return tuple((model.fields[name], value) for name, value in zip(names, row, strict=True)) if row else ()


def blank(session: Session, table: str, preset: Values | None = None) -> Loaded:
    """Start a new record with its defaults; ``preset`` wins over them.

    Fields outside the form, and those that it only shows, go to the draft's own preset. Raises Refused for a module
    whose records come from outside.
    """
    model = module(table)
    if not model.screens.made_by_hand:
        plural = model.module.several
        raise Refused(f"No se crean {plural} rellenando un formulario: añádalos o suéltelos en su lista.")
    fields = form_fields(session, model)
    given = dict(preset or {})
    values = {name: default_value(session, field) for name, field in fields.items()}
    values |= {name: value for name, value in given.items() if name in fields}
    hidden = {name: value for name, value in given.items() if name in model.fields
              and (name not in fields or fields[name].read_only)}  # fmt: skip
    draft = Draft(table, None, 0, values, {}, hidden)
    for child in model.screens.lines:
        draft.lines[child] = []
    _begin_lines(model, draft)
    for name in given:
        if name in fields and values.get(name) is not None:
            brought = filling.plain(filling.brought(session, model, name, values))
            values |= {other: value for other, value in brought.items() if other in fields and other not in given}
    filling.start(session, model, draft)
    loaded = _describe(session, model, draft, fields)
    loaded.line_titles = {
        child: titles_of_lines(session, line_fields(module(child)).values(), [line.values for line in lines])
        for child, lines in draft.lines.items()
    }
    return loaded


def _begin_lines(model: type[Record], draft: Draft) -> None:
    """A record that names others in its lines begins with the line of the one it is made from."""
    for name in list(draft.preset):
        via = model.fields[name].via
        if via is not None:
            draft.lines.setdefault(via[0], []).append(LineDraft(None, {via[1]: draft.preset.pop(name)}))


def _describe(session: Session, model: type[Record], draft: Draft, fields: dict[str, Field]) -> Loaded:
    values = settings.read(session)
    own = custom_fields.fields_of(session, model.module.table)
    loaded = Loaded(draft, own_fields=own, country=values.country, currency=values.currency)
    loaded.titles = link_titles(session, fields.values(), draft.values)
    for child in map(module, model.screens.lines):
        defaults = {name: default_value(session, field) for name, field in line_fields(child).items()}
        loaded.line_defaults[child.module.table] = defaults
    if draft.id is None:
        loaded.proposed = proposed_numbers(session, model, draft.values)
    return loaded


def proposed_numbers(session: Session, model: type[Record], values: Values) -> dict[str, str]:
    """Return the numbers that a new record would get if saved now; shown dimly, taken only at saving."""
    numbered = [field.name for field in model.fields.values() if field.default == "@number"]
    if not numbered:
        return {}
    number = counters.peek_number(session, *numbering(session, model, values))
    return dict.fromkeys(numbered, number)


def series(session: Session, model: type[Record], values: Values) -> str:
    """Return the series that numbers a record of this module, by its values for some modules."""
    table = model.module.table
    if (own := hooks(model).series) is not None:
        return own(session, values)
    known = settings.read(session)
    return str(known.get(f"{table}_prefix", model.module.prefix))


def numbering(session: Session, model: type[Record], values: Values) -> tuple[str, int, int]:
    """Return series, digits and least number for the next record of this module, as Parámetros say."""
    known = settings.read(session)
    first = known.get(f"first_number_{model.module.table}", 1)
    return series(session, model, values), known["number_digits"], first
