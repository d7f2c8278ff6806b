"""Intereses: products and services a client has shown interest in."""

import datetime as dt

from sqlalchemy.orm import Mapped

from db.fields import day, either, link, long_text
from db.record import Record
from db.screens import Screens, Section


class Interest(
    Record, table="interest", label="Interés", plural="Intereses", menu="Ventas", icon="interest", position=60,
):  # fmt: skip
    """A product or service, the client and person who showed interest, and the day."""

    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="cascade")
    product_id: Mapped[int | None] = link("Inventariable", "product", hidden=True)
    service_id: Mapped[int | None] = link("No inventariable", "service", hidden=True)
    item = either("Producto o servicio", product_id="product", service_id="service", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    date: Mapped[dt.date] = day("Interés mostrado el día", required=True, default="@today", short="Día")
    contact_id: Mapped[int | None] = link("Contacto", "contact", read_only=True, on_delete="keep", hidden=True)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="date item client person",
        filters="client item date",
        more_filters="person client.status client.sector",
        sort="-date",
        form=[Section("Interés", "item client person date"), Section("Notas", "notes")],
        picker="date",
        empty="Sin intereses todavía. Los productos que se anotan en un contacto aparecen aquí solos.",
    )

    def title_text(self) -> str:
        """An interest is named by its item, which the lists join; alone it is just that."""
        return "Interés"
