"""What happened to a record, and what was done of late. Undoing stands in ``oficrm.undo``, restoring in
``oficrm.restoring``."""  # noqa: D209

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.fields import Field
from db.history import Change, Operation, from_json, kind_of, to_json
from db.models.setting import Setting
from db.query import fetch_rows
from db.record import Record
from db.registry import children, module, owner_link
from db.text import LIKE_ESCAPE, like_pattern
from oficrm import clock, custom_fields, display, keys, records, settings
from oficrm.errors import Refused

ACTIONS = {"insert": "Alta", "update": "Modificación", "delete": "Borrado", "restore": "Recuperación"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of Histórico: who, when, what, field, before, after. ``record`` names the record it is about."""

    change_id: int
    operation_id: int
    at: dt.datetime
    user: str
    operation: str
    action: str
    table: str
    record_id: int
    field: str
    before: str
    after: str
    can_restore: bool
    record: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The record whose history is shown; ``deleted_by`` and ``deleted_at`` when it is in the trash."""

    title: str
    label: str
    deleted_at: dt.datetime | None = None
    deleted_by: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One operation in the activity view."""

    id: int
    at: dt.datetime
    user: str
    label: str
    kind: str
    changes: int
    is_undone: bool


def head(session: Session, table: str, ident: int) -> Head:
    """Return the name of a record and whether it is in the trash. Raises Refused when it never existed."""
    model = module(table)
    record = records.get(session, model, ident)
    names = record_names(session, model, [ident])
    return Head(names.get(ident, ""), model.module.label, record.deleted_at,
                record.modified_by if record.deleted_at else "")  # fmt: skip


def of_record(table: str, ident: int) -> ColumnElement[bool]:
    """The criterion for the changes of a record and of its lines, those removed included."""
    wheres = [and_(Change.table == table, Change.record_id == ident)]
    for child in children(table):
        mine = select(child.id).where(getattr(child, owner_link(child).attr) == ident)
        wheres.append(and_(Change.table == child.module.table, Change.record_id.in_(mine)))
    return or_(*wheres)


def record_history(session: Session, table: str, ident: int, limit: int = 2000) -> list[Entry]:
    """Return the changes of a record and of its lines, newest first."""
    return _entries(session, of_record(table, ident), limit, main=module(table))


def operation_changes(session: Session, operation_id: int, limit: int = 2000) -> list[Entry]:
    """Return the changes of one operation."""
    return _entries(session, Change.operation_id == operation_id, limit)


def _entries(session: Session, where: Any, limit: int, main: type[Record] | None = None) -> list[Entry]:
    statement = (
        select(Change, Operation.at, Operation.user, Operation.label)
        .join(Operation, Operation.id == Change.operation_id)
        .where(where).order_by(Change.id.desc()).limit(limit)
    )  # fmt: skip
    shower = Shower(session)
    entries = []
    for change, at, user, label in session.execute(statement):
        model = module(change.table)
        name, before, after = shower.texts(model, change)
        if main is not None and model is not main:
            name = f"{model.module.label}: {name}" if name else model.module.label
        can_restore = change.action == "update" or (change.action in ("insert", "delete") and model is main)
        entries.append(
            Entry(change.id, change.operation_id, at, user, label, ACTIONS[change.action], change.table,
                  change.record_id, name, before, after, can_restore)
        )  # fmt: skip
    return entries if main is not None else _named(session, entries)


def _named(session: Session, entries: list[Entry]) -> list[Entry]:
    """Say in each entry which record it is about."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        ids.setdefault(entry.table, set()).add(entry.record_id)
    names = {table: record_names(session, module(table), sorted(found)) for table, found in ids.items()}
    return [replace(entry, record=names[entry.table].get(entry.record_id, "")) for entry in entries]


def record_names(session: Session, model: type[Record], ids: Sequence[int]) -> dict[int, str]:
    """Return what to call records by id: the title, after the client's name where they hang on one."""
    owner = "client" if "client" in model.fields and model.module.table != "client" else ""
    columns = [owner, "title"] if owner else ["title"]
    titled_by_key = bool(model.module.owner) and any(field.names_any_record for field in model.fields.values())
    found: dict[int, str] = {}
    for part in chunks(ids):
        rows = fetch_rows(session, model.module.table, part, columns)
        known = keys.titles(session, {row[-1] for row in rows.values() if row[-1]}) if titled_by_key else {}
        for ident, values in rows.items():
            parts = [known.get(str(value), str(value)) for value in dict.fromkeys(values) if value]
            if model is Setting:
                parts = [settings.FIELDS[name].label if name in settings.FIELDS else name for name in parts]
            found[ident] = " · ".join(parts) or f"{model.module.label} n.º {ident}"
    return found


class Shower:
    """Turns stored values into the texts people know, looking up the names behind links."""

    def __init__(self, session: Session) -> None:
        self.session = session
        values = settings.read(session)
        self.country, self.currency, self.today = values.country, values.currency, clock.today()
        self._titles: dict[tuple[str, int], str] = {}
        self._fields: dict[type[Record], dict[str, Field]] = {}

    def field(self, model: type[Record], attr: str) -> Field | None:
        """Return the field behind a changed attribute, the user's own included."""
        if model not in self._fields:
            own = custom_fields.fields_of(self.session, model.module.table, active_only=False)
            self._fields[model] = {field.attr: field for field in (*own, *model.fields.values()) if field.attr}
        return self._fields[model].get(attr)

    def texts(self, model: type[Record], change: Change) -> tuple[str, str, str]:
        """Return the field's label, the value before and the value after."""
        if model is Setting:
            return "Valor", self._setting(change, change.old), self._setting(change, change.new)
        if change.field:
            field = self.field(model, change.field)
            label = field.label if field else change.field
            return label, self.show(model, change.field, change.old), self.show(model, change.field, change.new)
        return "", self._whole(model, change.old), self._whole(model, change.new)

    def _setting(self, change: Change, stored: Any) -> str:
        """The value of a parámetro, by the kind of the one it is."""
        value = stored.get("value") if isinstance(stored, dict) else stored
        field = settings.FIELDS.get(self._title(Setting.module.table, change.record_id))
        if field is None or value is None:
            return "" if value is None else str(value)
        return display.show(field, from_json(field.kind, value), self.country, self.currency)

    def show(self, model: type[Record], attr: str, stored: Any) -> str:
        """Return the text of one stored value; empty for none."""
        if stored is None:
            return ""
        field = self.field(model, attr)
        if field is None:
            return str(stored)
        if field.kind == "link":
            return self._title(field.target, int(stored))
        if field.names_any_record:
            return self._title(*keys.parts(stored))
        return display.show(field, from_json(field.kind, stored), self.country, self.currency, self.today)

    def _title(self, table: str, ident: int) -> str:
        if (table, ident) not in self._titles:
            row = fetch_rows(self.session, table, [ident], ["title"]).get(ident)
            self._titles[table, ident] = (row[0] if row else "") or f"n.º {ident}"
        return self._titles[table, ident]

    def _whole(self, model: type[Record], copy: Any) -> str:
        if not isinstance(copy, dict):
            return ""
        parts = []
        own = copy.get("extra") or {}
        owner = owner_link(model).attr if model.module.owner else ""
        for attr, stored in (copy | own).items():
            field = self.field(model, attr)
            if field is None or field.kind == "image" or attr == owner:
                continue
            parts.append(f"{field.label}: {self.show(model, attr, stored)}")
        return " · ".join(parts)


def activity(
    session: Session, *, user: str | None = None, text: str = "", before: int | None = None, limit: int = 200
) -> list[Activity]:
    """Return operations, newest first; ``before`` continues below an operation id."""
    counts = select(func.count()).where(Change.operation_id == Operation.id).scalar_subquery()
    statement = select(Operation, counts).order_by(Operation.id.desc()).limit(limit)
    if user is not None:
        statement = statement.where(Operation.user == user)
    if text.strip():
        found = func.ofi_search(Operation.label).like(like_pattern(text.strip()), escape=LIKE_ESCAPE)
        statement = statement.where(found)
    if before is not None:
        statement = statement.where(Operation.id < before)
    undone = undone_ids(session)
    return [
        Activity(row.id, row.at, row.user, row.label, row.kind, count, row.id in undone)
        for row, count in session.execute(statement)
    ]


def undone_ids(session: Session) -> set[int]:
    """Return the operations that are undone now: undone by an operation that is not undone itself."""
    pairs = session.execute(
        select(Operation.id, Operation.undoes_id).where(Operation.undoes_id.is_not(None)).order_by(Operation.id.desc())
    )
    undone: set[int] = set()
    for ident, target in pairs:
        if ident not in undone and target is not None:
            undone.add(target)
    return undone


def stored(record: Record, attr: str) -> Any:
    """Return a value of a record as it stands in a Change; the user's own fields included."""
    own = attr not in type(record).__mapper__.attrs
    return (record.extra or {}).get(attr) if own else to_json(getattr(record, attr))


def holds(record: Record, attr: str, value: Any) -> bool:
    """Return whether a record has this value of a Change; 211.00 and 211.0000 are the same amount."""
    now = stored(record, attr)
    if now == value or now is None or value is None:
        return bool(now == value)
    return isinstance(getattr(record, attr, None), Decimal) and Decimal(now) == Decimal(value)


def set_stored(record: Record, attr: str, stored: Any) -> None:
    """Write a value as it stands in a Change into a record. Raises Refused when there is no such field any more."""
    model = type(record)
    if attr.startswith(custom_fields.PREFIX) and attr not in model.__mapper__.attrs:
        extra = dict(record.extra or {})
        if stored is None:
            extra.pop(attr, None)
        else:
            extra[attr] = stored
        record.extra = extra
    elif attr not in model.__mapper__.attrs:
        raise Refused("Ese campo ya no existe.")
    else:
        setattr(record, attr, from_json(kind_of(model, attr), stored))
