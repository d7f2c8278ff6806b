"""Saved filters: a name for filter, columns and order of a list."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from db.fields import text
from db.record import Record
from db.screens import Screens, Section


class SavedView(Record, table="saved_view", label="Filtro guardado", plural="Filtros guardados"):
    """A named filter of one list; dates are kept as typed ("hoy", "+7d"), so it stays true tomorrow."""

    module_table: Mapped[str] = text("Módulo", max_length=60, required=True)
    name: Mapped[str] = text("Nombre", max_length=80, required=True, search=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)

    screens = Screens(columns="module_table name", sort="name", form=[Section("Filtro", "module_table name")])
