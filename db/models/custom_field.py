"""Campos parametrizables: fields that the user defines, per module."""

from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import choice, integer, long_text, text, yes_no
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class CustomKind(Choice):
    """What a campo parametrizable may hold; the keys are kinds of ``db.fields``."""

    TEXT = "text", "Texto"
    LONG_TEXT = "long_text", "Texto largo"
    NUMBER = "quantity", "Número"
    DATE = "day", "Fecha"
    YES_NO = "yes_no", "Sí o no"
    LIST = "options", "Lista de valores"


class CustomField(
    Record, table="custom_field", label="Campo parametrizable", plural="Campos parametrizables", menu="Configuración",
    icon="custom_field", position=20,
):  # fmt: skip
    """A field of the user's own. Deactivating it hides it but keeps its data."""

    module_table: Mapped[str] = text("Módulo", max_length=60, required=True)
    name: Mapped[str] = text("Nombre", max_length=60, required=True, search=True)
    kind: Mapped[str] = choice("Tipo", CustomKind, required=True, default=CustomKind.TEXT)
    options: Mapped[str | None] = long_text("Valores de la lista", help="Un valor por línea.", max_length=5_000)
    is_required: Mapped[bool] = yes_no("Obligatorio")
    default_value: Mapped[str | None] = text("Valor por defecto", max_length=200)
    position: Mapped[int] = integer("Orden", default=10, minimum=0, maximum=9999, nullable=False)
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmarcado se oculta, pero conserva sus datos.")

    screens = Screens(
        columns="module_table name kind is_required position is_active",
        filters="name is_active",
        sort="module_table position name",
        form=[
            Section("Campo", "module_table name kind position is_required is_active default_value"),
            Section("Lista", "options"),
        ],
        picker="module_table kind",
        load_at_open=True,
        empty="Todavía no hay campos propios. Añada uno y aparecerá en ficha, filtro, columnas y exportación.",
    )

    def option_list(self) -> tuple[str, ...]:
        """The values of a list field, in the order typed, without blanks and repeats."""
        lines = (line.strip() for line in (self.options or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def problems(self) -> Iterator[Problem]:
        """A list needs values, and its default is one of them."""
        if self.kind == CustomKind.LIST:
            if not self.option_list():
                yield Problem("options", "Escriba al menos un valor, uno por línea.")
            elif self.default_value and self.default_value not in self.option_list():
                yield Problem("default_value", "El valor por defecto no está en la lista.")
