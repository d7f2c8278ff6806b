"""Vendedores and their days off."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import day, email_address, link, percent, phone_number, text
from db.models.masters import Master, master_screens
from db.record import Problem, Record
from db.screens import Screens, Section


class Salesperson(
    Master, table="salesperson", label="Vendedor", plural="Vendedores", menu="Ficheros maestros", icon="salesperson",
    prefix="VEN", position=5,
):  # fmt: skip
    """Somebody of ours who sells; contacts, clients and quotes belong to one."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    login: Mapped[str | None] = text(
        "Usuario", max_length=80, unique=True,
        help="Nombre de usuario del equipo: sus contactos nuevos salen a nombre de este vendedor.",
    )  # fmt: skip
    phone: Mapped[str | None] = phone_number("Teléfono", search=True)
    email: Mapped[str | None] = email_address("Correo electrónico", search=True)
    commission: Mapped[str | None] = percent("Comisión")

    screens = master_screens(
        columns="login phone email", fields="login phone email commission", title="Vendedor",
        lines="salesperson_absence",
    )  # fmt: skip


class SalespersonAbsence(Record, table="salesperson_absence", label="Día libre", plural="Días libres",
                         owner="salesperson"):  # fmt: skip
    """Days on which a salesperson does not work; date changes skip them."""

    salesperson_id: Mapped[int] = link("Vendedor", "salesperson", required=True, on_delete="cascade")
    first_day: Mapped[dt.date] = day("Desde", required=True, default="@today")
    last_day: Mapped[dt.date] = day("Hasta", required=True, default="@today")
    reason: Mapped[str | None] = text("Motivo", max_length=120)

    screens = Screens(
        columns="first_day last_day reason",
        sort="first_day",
        form=[Section("Días libres", "first_day last_day reason")],
    )

    def title_text(self) -> str:
        """The reason, or plainly what it is."""
        return self.reason or "Día libre"

    def problems(self) -> Iterator[Problem]:
        """The last day cannot come before the first."""
        if self.last_day < self.first_day:
            yield Problem("last_day", "El último día no puede ser anterior al primero.")
