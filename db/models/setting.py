"""Parámetros as records: each value has its history and can be undone like anything else."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from db.fields import text
from db.record import Record
from db.screens import Screens, Section


class Setting(Record, table="setting", label="Parámetro", plural="Parámetros"):
    """One value of Parámetros, by key; ``oficrm.settings`` knows the keys, their types and defaults."""

    name: Mapped[str] = text("Clave", max_length=80, required=True, unique=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)

    screens = Screens(columns="name", sort="name", form=[Section("Parámetro", "name")])
