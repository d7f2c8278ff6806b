"""The base of every module: what all records have, and how a class becomes a module."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from sqlalchemy import Index, Integer, MetaData, String, Table, Text, event
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from db import filed
from db.fields import Computed, Either, Field, column, instant, json_data
from db.flow import Flow
from db.screens import Screens
from db.text import digits, search_fold, sort_fold
from db.types import UtcInstant, ordered_text

TITLE_LENGTH = 200
NAME_LENGTH = 63
"""Of an index; PostgreSQL takes no longer ones."""
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base; the naming convention lets errors be traced to their field by constraint name."""

    metadata = MetaData(naming_convention=NAMING)


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that the values break: the field it belongs to ("" for the whole record) and the text to show."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """The facts of a module that are not fields."""

    table: str
    label: str
    plural: str
    menu: str
    icon: str
    position: int
    prefix: str
    owner: str
    feminine: bool
    several: str
    """What several records are called within a sentence; the menu may have a shorter name for them."""

    def named(self, count: int) -> str:
        """What so many records are called within a sentence: "contacto", "facturas de traslado"."""
        return in_sentence(self.label) if count == 1 else self.several


def in_sentence(words: str) -> str:
    """Return words as they stand within a sentence; abbreviations keep their capitals."""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words.split(" "))


def _system_text(label: str, length: int) -> MappedColumn[str]:
    return column("text", label, String(length), read_only=True, mass_edit=False, nullable=False)


class Record(Base):
    """A record of a module: identity, version, authorship, trash mark, custom values and the folded texts.

    ``title``, ``sort_key`` and ``search_text`` are kept by the history listener before each flush, from
    ``title_text()`` and the fields marked ``search=True``.
    """

    __abstract__ = True

    module: ClassVar[Module]
    screens: ClassVar[Screens]
    fields: ClassVar[dict[str, Field]]
    flow: ClassVar[Flow | None] = None

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-100)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, sort_order=100)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), nullable=False, default="", sort_order=101)
    sort_key: Mapped[str] = mapped_column(ordered_text(TITLE_LENGTH), nullable=False, default="", sort_order=102)
    search_text: Mapped[str] = mapped_column(Text, nullable=False, default="", sort_order=103)
    extra: Mapped[dict[str, Any]] = json_data()
    created_at: Mapped[dt.datetime] = instant("Fecha de creación", read_only=True, mass_edit=False, nullable=False)
    created_by: Mapped[str] = _system_text("Creado por", 80)
    modified_at: Mapped[dt.datetime] = instant("Fecha de modificación", read_only=True, mass_edit=False, nullable=False)
    modified_by: Mapped[str] = _system_text("Modificado por", 80)
    capture_source: Mapped[str] = _system_text("Origen de captura", 40)
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UtcInstant, nullable=True)

    def __init_subclass__(
        cls,
        *,
        table: str = "",
        label: str = "",
        plural: str = "",
        menu: str = "",
        icon: str = "document",
        position: int = 50,
        prefix: str = "",
        owner: str = "",
        feminine: bool = False,
        several: str = "",
        indexes: str = "",
        **more: Any,
    ) -> None:
        if table:
            cls.__tablename__ = table
            cls.__mapper_args__ = {"version_id_col": cls.version}
            plural = plural or label
            cls.module = Module(table, label, plural, menu, icon, position, prefix, owner, feminine,
                                several or in_sentence(plural))  # fmt: skip
        super().__init_subclass__(**more)
        if table:
            cls.fields = _collect_fields(cls)
            _keep_old_pictures(cls)
            _add_indexes(cls, indexes)

    def title_text(self) -> str:
        """What names this record in links, pickers and window titles."""
        return str(getattr(self, "name", None) or getattr(self, "number", None) or "")

    def problems(self) -> Iterator[Problem]:
        """Yield the rules that these values break; needs no database."""
        yield from ()

    def derive(self) -> None:
        """Fill what follows from other fields (called before the rules); needs no database."""

    def refresh_texts(self) -> None:
        """Recompute title, sort key and search text."""
        title = " ".join(self.title_text().split())[:TITLE_LENGTH]
        found = [search_fold(title)]
        for field in self.fields.values():
            if field.search and (value := getattr(self, field.attr)):
                found.append(search_fold(str(value)))
                if field.kind in ("phone", "tax_id"):
                    found.append(digits(str(value)))
        self.title = title
        self.sort_key = sort_fold(title)[:TITLE_LENGTH]
        self.search_text = "\n".join(dict.fromkeys(part for part in found if part))


def _keep_old_pictures(cls: type[Record]) -> None:
    """A picture replaced without having been loaded is loaded then: the history must hold the old one."""
    for field in cls.fields.values():
        if field.kind == "image":
            event.listen(getattr(cls, field.attr), "set", lambda *_: None, active_history=True)


def _add_indexes(cls: type[Record], indexes: str) -> None:
    """Index the sort key, the wanted groups (``"date+time+id client_id+date"``) and the unique fields.

    Unique indexes leave out the trash, so that a deleted code can be used again.
    """
    table = cast(Table, cls.__table__)
    groups = indexes.split() or (["sort_key"] if cls.module.menu else [])
    for group in groups:
        attrs = group.split("+")
        Index(f"ix_{table.name}_{'_'.join(attrs)}"[:NAME_LENGTH], *(table.c[attr] for attr in attrs))
    for field in cls.fields.values():
        if field.unique:
            exempt = "".join(f" AND {field.attr} <> '{value}'" for value in field.repeatable)
            live = sql(f"deleted_at IS NULL{exempt}")
            name = f"uq_{table.name}_{field.attr}"
            Index(name, table.c[field.attr], unique=True, sqlite_where=live, postgresql_where=live)


def _collect_fields(cls: type[Record]) -> dict[str, Field]:
    """Gather the Field of every mapped column, ``either`` and computed value, system fields last."""
    fields: dict[str, Field] = {}
    system: dict[str, Field] = {}
    for attribute in cls.__mapper__.column_attrs:
        field: Field | None = attribute.columns[0].info.get("field")
        if field is None:
            continue
        name = attribute.key.removesuffix("_id") if field.kind == "link" else attribute.key
        target = system if attribute.key in Record.__annotations__ else fields
        target[name] = replace(field, name=name, attr=attribute.key)
    for base in reversed(cls.__mro__):
        for value in vars(base).values():
            if isinstance(value, Either | Computed):
                fields[value.field.name] = value.field
    if cls.module.menu and cls.module.table != filed.FILES:
        for name, counter in filed.counters(cls.module.table).items():
            system[name] = replace(counter.field, name=name, attr=name)
    title = Field("text", cls.module.label, name="title", attr="title", read_only=True, mass_edit=False)
    return fields | {"title": title} | system
