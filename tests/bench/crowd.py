"""Rows by the ten thousand for any module, made from its declaration: how many there are matters, not what they say."""

import datetime as dt
import io
import itertools
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import contents
from db.bulk import insert_records
from db.fields import Field
from db.history import UNTRACKED
from db.record import Record
from db.registry import module, owner_link
from oficrm import clock

BATCH = 5_000
SEED = 7
DAYS = 700
_serials = itertools.count(1)
"""Of all crowds: what stays of one must not meet its like in the next."""


class Crowd:
    """Makes records and remembers what they may link to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rng = random.Random(SEED)
        self._ids: dict[str, list[int]] = {}

    def add(self, table: str, count: int, fixed: Mapping[str, Any] | None = None) -> None:
        """Insert records; ``fixed`` are values by attribute. Lines that name what they hang on come with them."""
        model = module(table)
        via = {name: value for name, value in (fixed or {}).items() if name in model.fields and model.fields[name].via}
        own = {name: value for name, value in (fixed or {}).items() if name not in via}
        for start in range(0, count, BATCH):
            rows = [self._row(model, own) for _ in range(min(BATCH, count - start))]
            ids = insert_records(self._session, model, rows)
            for name, value in via.items():
                self._lines(model.fields[name], ids, value)

    def _lines(self, field: Field, owners: list[int], value: Any) -> None:
        assert field.via is not None
        child = module(field.via[0])
        owner = owner_link(child).attr
        through = child.fields[field.via[1]]
        attr, key = through.attr, value
        if through.parts:
            table, _, ident = str(value).partition(":")
            attr, key = through.parts[through.targets.index(table)], int(ident)
        insert_records(self._session, child, [self._row(child, {owner: each, attr: key}) for each in owners])

    def _row(self, model: type[Record], fixed: Mapping[str, Any]) -> dict[str, Any]:
        serial = next(_serials)
        row = {field.attr: self._value(model, field, serial) for field in model.fields.values()
               if self._is_wanted(model, field) and field.attr not in fixed}  # fmt: skip
        return {attr: value for attr, value in row.items() if value is not None} | dict(fixed)

    def _is_wanted(self, model: type[Record], field: Field) -> bool:
        """What must be there, and what lists show and sort by."""
        columns = model.__table__.columns
        if (
            not field.is_stored
            or field.parts
            or field.attr not in columns
            or field.attr in (*UNTRACKED, "capture_source")
        ):
            return False
        column = columns[field.attr]
        return (not column.nullable and not field.has_constant_default) or field.default == "@number" or (
            field.kind in ("day", "choice", "money") and field.name in (*model.screens.columns, *model.screens.sort)
        )  # fmt: skip

    def _value(self, model: type[Record], field: Field, serial: int) -> Any:
        rng = self._rng
        if any(key.target_fullname == "content.sha256" for key in model.__table__.columns[field.attr].foreign_keys):
            return self._content()
        match field.kind:
            case "link":
                return self.one(field.target) if field.target != model.module.table else None
            case "choice":
                assert field.choices is not None
                return rng.choice(list(field.choices))
            case "day":
                return clock.today() - dt.timedelta(days=rng.randrange(DAYS) - DAYS // 4)
            case "instant":
                return clock.now() - dt.timedelta(minutes=rng.randrange(DAYS * 1440))
            case "money" | "quantity" | "percent":
                return Decimal(rng.randrange(1, 99)) if field.kind == "percent" else Decimal(rng.randrange(1, 9_999))
            case "integer" | "minutes" | "file_size":
                return rng.randrange(1, 100)
            case "yes_no":
                return rng.random() < 0.5
            case "either":
                return f"client:{self.one('client')}"
            case "currency" | "country":
                return "EUR" if field.kind == "currency" else "ES"
        return f"{serial} {field.label}"[: field.max_length or 200]

    def _content(self) -> str:
        """The hash of a small file that is kept."""
        with io.BytesIO(b"una nota") as data:
            return contents.store(self._session, data)[0]

    def one(self, table: str) -> int:
        """Some record of a module; one is made where there is none."""
        known = self._ids.get(table)
        if not known:
            model = module(table)
            known = list(self._session.scalars(select(model.id).where(model.deleted_at.is_(None)).limit(500)))
            if not known:
                insert_records(self._session, model, [self._row(model, {})])
                known = [self._session.scalars(select(func.max(model.id))).one() or 1]
            self._ids[table] = known
        return self._rng.choice(known)
