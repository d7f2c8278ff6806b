"""Inventariables of clients and persons: what they are interested in, bought, hold or have under warranty."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import choice, day, link, long_text, number
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class ProductTie(Choice):
    """What ties a product to somebody."""

    INTEREST = "interest", "Interés", "info"
    BOUGHT = "bought", "Comprado", "won"
    ASSIGNED = "assigned", "Asignado", "today"
    WARRANTY = "warranty", "Garantía", "quiet"


class ProductLink(
    Record, table="product_link", label="Inventariable de cliente", plural="Inventariables de clientes",
    menu="Relaciones", icon="product", position=20,
):  # fmt: skip
    """A product and the client or person it has to do with."""

    product_id: Mapped[int] = link("Inventariable", "product", required=True, on_delete="cascade")
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="cascade")
    kind: Mapped[str] = choice("Relación", ProductTie, required=True, default=ProductTie.INTEREST)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    quantity: Mapped[Decimal | None] = number("Cantidad", minimum=0)
    until: Mapped[dt.date | None] = day("Hasta", help="Fin de la asignación o de la garantía.")
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="product client person kind date quantity until",
        filters="product client person kind date",
        sort="-date",
        form=[Section("Inventariable de cliente", "product client person kind date quantity until"),
              Section("Notas", "notes")],
        picker="kind date",
        head="product client",
        state="kind",
        joins="product",
        empty="Sin inventariables. Selecciónelos del catálogo o añada el primero.",
    )  # fmt: skip

    def title_text(self) -> str:
        """Named by product and client, which the lists join."""
        return "Inventariable de cliente"

    def problems(self) -> Iterator[Problem]:
        """It is somebody's; it does not end before it begins."""
        if self.client_id is None and self.person_id is None:
            yield Problem("client", "Indique el cliente o la persona.")
        if self.until is not None and self.until < self.date:
            yield Problem("until", "No puede acabar antes de empezar.")
