"""Keys such as ``client:5``, which name a record of any module, and the titles they stand for."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from db.bulk import chunks
from db.fields import Field
from db.filed import key_of
from db.query import fetch_rows
from db.registry import module, modules

SEPARATOR = ","
"""Between the keys of a record's filing, as the query joins them."""

__all__ = ["key_of", "named", "parts", "spell_out", "titles"]


def parts(key: str) -> tuple[str, int]:
    """Split a key into table and id. Raises ValueError for one that names no module's record."""
    table, _, ident = key.partition(":")
    if not ident.isascii() or not ident.isdigit() or table not in {model.module.table for model in modules()}:
        raise ValueError(f"no key of a record: {key!r}")
    return table, int(ident)


def titles(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of records by key, trashed ones included; one without a name gets its module and number."""
    wanted: dict[str, set[int]] = {}
    for key in keys:
        table, ident = parts(key)
        wanted.setdefault(table, set()).add(ident)
    found: dict[str, str] = {}
    for table, idents in wanted.items():
        label = module(table).module.label
        for some in chunks(sorted(idents)):
            rows = fetch_rows(session, table, some, ["title"])
            found |= {key_of(table, ident): row[0] or f"{label} n.º {ident}" for ident, row in rows.items()}
    return found


def named(field: Field) -> bool:
    """True for a column that the query fills with keys."""
    return bool(field.via and module(field.via[0]).fields[field.via[1]].names_any_record) or field.names_any_record


def spell_out(
    session: Session, rows: dict[int, tuple[Any, ...]], positions: Iterable[int]
) -> dict[int, tuple[Any, ...]]:
    """Return rows in which the keys at these positions are replaced by titles, clients first."""
    places = frozenset(positions)
    keys = {key for row in rows.values() for at in places if row[at] for key in row[at].split(SEPARATOR)}
    known = titles(session, (key.strip() for key in keys))
    return {ident: tuple(_words(value, known) if at in places else value for at, value in enumerate(row))
            for ident, row in rows.items()}  # fmt: skip


def _words(value: str | None, known: dict[str, str]) -> str | None:
    if not value:
        return None
    keys = sorted((key.strip() for key in value.split(SEPARATOR)), key=lambda key: (not key.startswith("client:"), key))
    return ", ".join(known.get(key, key) for key in keys)
