"""Saving a form: one pipeline for every module.

Version, cleaning, links, the module's rules, uniqueness, confirmations, numbers, write, what follows. Everything that
is wrong is said at once, by field.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import counters
from db.fields import Field
from db.history import operation
from db.query import fetch_rows
from db.record import Record
from db.registry import module, owner_link
from db.text import search_fold
from oficrm import cleaning, clock, enclosures, flows, log, records, settings, soundness
from oficrm.drafts import Draft, LineDraft, Saved
from oficrm.errors import Collected, Conflict, Difference, NeedsConfirmation, ValidationError
from oficrm.jobs import Progress
from oficrm.joined import hooks
from oficrm.rules.problems import Invalid

DELETED_MEANWHILE = "deleted"
DUPLICATE = "duplicate"
Children = list[tuple[type[Record], Record, LineDraft | None]]


def save(session: Session, draft: Draft, progress: Progress | None = None) -> Saved:
    """Save a form as one operation; ``progress`` follows the files it brings along, and may cancel it.

    Raises ValidationError, Conflict (somebody changed the same fields meanwhile), NeedsConfirmation, or Refused. In
    each case nothing is written once the caller has rolled back; what is wrong with the files or the message that the
    form brings along stands under "document".
    """
    model = module(draft.table)
    draft = replace(draft, lines=dict(draft.lines))
    record = _open(session, model, draft)
    problems = Collected()
    fields = records.form_fields(session, model)
    country = _country(session, draft)
    changed = _clean_values(fields, draft, country, problems)
    with session.no_autoflush:
        record.deleted_at = None
        for name, value in changed.items():
            records.write_field(fields[name], record, value)
        if draft.id is None:
            _apply_preset(model, record, draft)
        _check_links(session, model, record, fields, changed, problems)
        children = _clean_lines(session, model, draft, country, problems)
        _apply_rules(session, model, record, draft, problems)
        _check_unique(session, model, record, problems)
        enclosures.check(session, draft, problems)
        problems.raise_if_any()
        _confirm_duplicate(session, model, record, draft)
        if draft.id is not None:
            if not _is_changed(session, record, children) and not enclosures.has_any(draft):
                return _outcome(session, model, record, draft)
            if _lines_changed(session, children):
                record.modified_at = clock.now()  # a new version, so that nobody overwrites the lines unawares
        label = f"{'Añadir' if draft.id is None else 'Modificar'} {model.module.named(1)}"
        try:
            with operation(session, label) as done:
                return _write(session, model, record, draft, children, done, progress)
        except IntegrityError as error:
            raise _translate(model, error) from error


def _is_changed(session: Session, record: Record, children: Children) -> bool:
    """Accepting a form in which nothing changed leaves no operation behind, only the numbers that are missing."""
    unnumbered = any(field.default == "@number" and not getattr(record, field.attr)
                     for field in type(record).fields.values())  # fmt: skip
    return unnumbered or session.is_modified(record) or _lines_changed(session, children)


def _lines_changed(session: Session, children: Children) -> bool:
    return any(draft is None or line not in session or session.is_modified(line) for _child, line, draft in children)


def _outcome(session: Session, model: type[Record], record: Record, draft: Draft) -> Saved:
    saved = Saved(record.id, record.title, record.version, draft.id is None)
    return hooks(model).outcome(session, record, draft, saved)


def _write(
    session: Session, model: type[Record], record: Record, draft: Draft,
    children: Children, done: Any, progress: Progress | None,
) -> Saved:  # fmt: skip
    is_new, label = draft.id is None, done.label
    _number(session, model, record, draft)
    session.add(record)
    if is_new:
        session.flush()
    _write_lines(session, record, children)
    hooks(model).before(session, record, draft)
    session.flush()
    hooks(model).after(session, record, draft)
    log.note_state(session, record, draft)
    session.flush()
    soundness.check(session, record)
    remark = enclosures.write(session, record, draft, progress)
    done.label = f"{label} {record.title}".strip()[:300]
    session.info["last_operation"] = (done.id, done.label)
    saved = _outcome(session, model, record, draft)
    return replace(saved, message=f"{saved.message} {remark}".strip())


def _open(session: Session, model: type[Record], draft: Draft) -> Record:
    if draft.id is None:
        return records.new_record(model)
    record = records.get(session, model, draft.id)
    if record.deleted_at is not None and DELETED_MEANWHILE not in draft.accepted:
        text = f"{record.modified_by or 'Otra persona'} borró este registro mientras lo tenía abierto."
        raise NeedsConfirmation(DELETED_MEANWHILE, text, "Recuperarlo y guardar")
    if record.version != draft.version:
        _compare(session, model, record, draft)
    return record


def _compare(session: Session, model: type[Record], record: Record, draft: Draft) -> None:
    """Raise Conflict for fields that both sides changed; changes of other fields simply go together."""
    fields = records.form_fields(session, model)
    theirs = {name: records.read_field(field, record) for name, field in fields.items()}
    both = [
        name for name in fields
        if theirs[name] != draft.original.get(name) and draft.values.get(name) != draft.original.get(name)
        and draft.values.get(name) != theirs[name]
    ]  # fmt: skip
    differences = [
        Difference(name, fields[name].label, draft.original.get(name), draft.values.get(name), theirs[name])
        for name in both
    ] + _compare_lines(session, record, draft)
    if differences:
        raise Conflict(differences, record.version, record.modified_by, theirs)


def _compare_lines(session: Session, record: Record, draft: Draft) -> list[Difference]:
    """Lines are compared as a whole, by line table; a table that only the other side changed is left to them."""
    differences = []
    for table, before in draft.original_lines.items():
        mine = draft.lines.get(table, before)
        theirs = records.line_drafts(session, module(table), record.id)
        kept = [_typed(table, lines) for lines in (before, mine, theirs)]
        if kept[2] in (kept[0], kept[1]):
            continue
        if kept[1] == kept[0]:
            draft.lines.pop(table, None)
        else:
            differences.append(Difference(table, module(table).module.plural, before, mine, theirs))
    return differences


def _typed(table: str, lines: Sequence[LineDraft]) -> list[LineDraft]:
    """Lines without what is only worked out for them: that changes while nobody writes in the record."""
    fields = module(table).fields
    return [
        LineDraft(line.id, {name: value for name, value in line.values.items() if not fields[name].is_computed})
        for line in lines
    ]


def _country(session: Session, draft: Draft) -> str:
    own = draft.values.get("country") or draft.values.get("shipping_country")
    return str(own) if isinstance(own, str) and len(own) == 2 else settings.read(session).country


def _clean_values(fields: dict[str, Field], draft: Draft, country: str, problems: Collected) -> dict[str, Any]:
    context = cleaning.Context(country)
    cleaned: dict[str, Any] = {}
    for name, field in fields.items():
        if field.read_only or name not in draft.values:
            continue
        raw = draft.values[name]
        if draft.id is not None and raw == draft.original.get(name) and not (field.required and raw is None):
            continue
        try:
            cleaned[name] = cleaning.clean(field, raw, context)
        except Invalid as error:
            problems.add(name, error.message)
    return cleaned


def _apply_preset(model: type[Record], record: Record, draft: Draft) -> None:
    for name, value in draft.preset.items():
        setattr(record, model.fields[name].attr, value)


def _check_links(
    session: Session, model: type[Record], record: Record, fields: dict[str, Field], changed: dict[str, Any],
    problems: Collected,
) -> None:  # fmt: skip
    """Links point to live records, and to records of the same client where the declaration says so."""
    touched = set(changed)
    for field in fields.values():
        related = field.name in touched or field.within in touched
        value = records.read_field(field, record)
        if value is None or not related or field.kind not in ("link", "either"):
            continue
        table, ident = (field.target, value) if field.kind == "link" else str(value).split(":")
        target = module(table)
        found = session.get(target, int(ident))
        if found is None or (found.deleted_at is not None and field.name in touched):
            this, other = ("Esta", "otra") if target.module.feminine else ("Este", "otro")
            text = f"{this} {target.module.named(1)} ya no existe. Elija {other}."
            problems.add(field.name, text)
        elif field.within and found is not None:
            _check_within(model, record, field, found, problems)
        if found is not None and field.name in touched and (text := _unfit(session, field, found)):
            problems.add(field.name, text)


def _check_within(model: type[Record], record: Record, field: Field, found: Record, problems: Collected) -> None:
    attr = model.fields[field.within].attr
    mine, theirs = getattr(record, attr), getattr(found, attr, None)
    if mine is not None and theirs != mine:
        problems.add(field.name, "Es de otro cliente: elija entre los de este.")


def _unfit(session: Session, field: Field, found: Record) -> str:
    """Why a record may not be chosen, "" when it may."""
    for name, wanted in field.only:
        asked = type(found).fields[name]
        value = records.read_field(asked, found)
        if not asked.is_stored:
            value = fetch_rows(session, field.target, [found.id], [name])[found.id][0]
        if value != wanted:
            shown = asked.choices(wanted).label if asked.choices else "Sí" if wanted is True else str(wanted)
            return f"Solo puede elegirse con {asked.label.lower()} «{shown}»."
    return ""


def _clean_lines(session: Session, model: type[Record], draft: Draft, country: str, problems: Collected) -> Children:
    """Return (class, record, draft) of every line; draft None for those to remove."""
    context = cleaning.Context(country)
    result: Children = []
    for table, lines in draft.lines.items():
        child = module(table)
        fields = records.line_fields(child)
        present = {line.id: line for line in records.lines_of(session, child, draft.id)} if draft.id else {}
        for position, line in enumerate(lines):
            target = present.pop(line.id, None) if line.id else None
            target = target or records.new_record(child)
            for name, field in fields.items():
                if field.read_only:
                    continue
                try:
                    value = cleaning.clean(field, line.values.get(name), context)
                except Invalid as error:
                    problems.add(f"{table}.{position}.{name}", error.message)
                    continue
                if not line.id or records.read_field(field, target) != value:
                    records.write_field(field, target, value)  # what stays as it is need not be looked at again
            if "position" in child.fields and getattr(target, "position", None) != position:
                target.position = position  # type: ignore[attr-defined]
            if not any(key.startswith(f"{table}.{position}.") for key in problems.errors):
                target.derive()
                for problem in target.problems():
                    problems.add(f"{table}.{position}.{problem.field}", problem.text)
            result.append((child, target, line))
        result += [(child, line, None) for line in present.values()]
    return result


def _write_lines(session: Session, record: Record, children: Children) -> None:
    for child, line, draft in children:
        if draft is None:
            line.deleted_at = clock.now()
        else:
            setattr(line, owner_link(child).attr, record.id)
            session.add(line)


def _apply_rules(session: Session, model: type[Record], record: Record, draft: Draft, problems: Collected) -> None:
    """Derived values and the module's rules; they may rely on required values, so only once these are there."""
    missing = [f for f in model.fields.values() if f.required and f.kind != "either" and not f.read_only
               and not f.is_computed and getattr(record, f.attr) is None]  # fmt: skip
    if any(field.name in problems.errors for field in model.fields.values()) or missing:
        for field in missing:
            if field.name not in problems.errors:  # what cannot be read is not missing
                problems.add(field.name, "Falta este dato.")
        return
    record.derive()
    for problem in record.problems():
        problems.add(problem.field, problem.text)
    flows.check(session, record, draft, problems)
    hooks(model).check(session, record, draft, problems)


def _check_unique(session: Session, model: type[Record], record: Record, problems: Collected) -> None:
    for field in model.fields.values():
        value = getattr(record, field.attr) if field.unique else None
        if value is None or value in field.repeatable or field.name in problems.errors:
            continue
        column = getattr(model, field.attr)
        same = func.lower(column) == value.lower() if isinstance(value, str) else column == value
        statement = select(model.title).where(same, model.deleted_at.is_(None)).limit(1)
        if record.id is not None:
            statement = statement.where(model.id != record.id)
        if (other := session.scalar(statement)) is not None:
            problems.add(field.name, f"Ya lo tiene «{other}»." if other else "Ya existe otro igual.")


def _confirm_duplicate(session: Session, model: type[Record], record: Record, draft: Draft) -> None:
    """Ask before a second client or person of the same name is made."""
    if draft.id is not None or model.module.table not in ("client", "person") or DUPLICATE in draft.accepted:
        return
    record.refresh_texts()
    statement = select(model.title, model.id).where(model.sort_key == record.sort_key, model.deleted_at.is_(None))
    other = session.execute(statement.limit(1)).first()
    if other is not None and search_fold(other[0]) == search_fold(record.title):
        article = "una" if model.module.feminine else "un"
        raise NeedsConfirmation(DUPLICATE, f"Ya hay {article} {model.module.named(1)} con el nombre «{other[0]}».",
                                "Guardar de todos modos")  # fmt: skip


def _number(session: Session, model: type[Record], record: Record, draft: Draft) -> None:
    """Give automatic numbers: at creation, or when the user emptied the code."""
    for field in model.fields.values():
        if field.default != "@number" or getattr(record, field.attr):
            continue
        values = {name: getattr(record, other.attr, None) for name, other in model.fields.items() if other.attr}
        numbering = records.numbering(session, model, values)
        column = getattr(model, field.attr)
        number = counters.next_number(session, *numbering)
        while session.scalar(select(model.id).where(column == number, model.deleted_at.is_(None))):
            number = counters.next_number(session, *numbering)
        setattr(record, field.attr, number)


_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: \w+\.(\w+)")


def _translate(model: type[Record], error: IntegrityError) -> Exception:
    """Trace a violated unique index to its field; two people saved at the same moment."""
    text = str(error.orig)
    found = _SQLITE_UNIQUE.search(text)
    name = found.group(1) if found else ""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
    for field in model.fields.values():
        if field.unique and (field.attr == name or constraint == f"uq_{model.module.table}_{field.attr}"):
            return ValidationError({field.name: ["Alguien acaba de guardar otro igual."]})
    return error


def with_version(draft: Draft, conflict: Conflict, keep_mine: set[str]) -> Draft:
    """Return the draft to save after a conflict: mine for the chosen fields, theirs for the others."""
    values, lines = dict(draft.values), dict(draft.lines)
    for difference in conflict.differences:
        if difference.field in keep_mine:
            continue
        if difference.field in draft.original_lines:
            lines.pop(difference.field, None)
        else:
            values[difference.field] = difference.theirs
    return replace(draft, values=values, lines=lines, original=dict(conflict.values), version=conflict.version)
