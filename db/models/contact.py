"""Contactos: one communication with a client each; the daily work of the program."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Mapped, aliased

from db.fields import children, choice, clock, computed, day, either, link, long_text, minutes, text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class MadeBy(Choice):
    """Who took the initiative."""

    US = "us", "Nosotros"
    THEM = "them", "Ellos"


def _is_done(contact: Any) -> Any:
    return and_(contact.result_id.is_not(None), contact.closed_on.is_not(None))


def _next_missing(contact: Any) -> Any:
    following = aliased(Contact)
    made = exists().where(following.previous_id == contact.id, following.deleted_at.is_(None))
    return and_(contact.next_at.is_not(None), ~made.correlate(contact))


def _next_date(contact: Any) -> Any:
    following = aliased(Contact)
    moved_to = select(following.date).where(following.previous_id == contact.id, following.deleted_at.is_(None))
    return func.coalesce(moved_to.correlate(contact).scalar_subquery(), contact.next_at)


class Contact(
    Record, table="contact", label="Contacto", plural="Contactos", menu="Ventas", icon="contact", position=1,
    indexes="date+time+id client_id+date",
):  # fmt: skip
    """One call, mail, visit... with a client. Done once Resultado and Fecha de cierre are both given."""

    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="cascade", index=False)
    person_id: Mapped[int | None] = link("Persona de contacto", "person", within="client", on_delete="keep",
                                         short="Persona")  # fmt: skip
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today", mass_edit=False)
    time: Mapped[dt.time | None] = clock("Hora")
    duration: Mapped[int | None] = minutes("Duración", maximum=24 * 60)
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    type_id: Mapped[int | None] = link("Tipo de contacto", "contact_type", required=True, default="@contact_type",
                                       short="Tipo")  # fmt: skip
    made_by: Mapped[str] = choice("Realizado por", MadeBy, required=True, default=MadeBy.US, short="Por")
    notes: Mapped[str | None] = long_text("Notas", search=True)
    next_at: Mapped[dt.date | None] = day("Próximo contacto", mass_edit=False, short="Próximo")
    next_time: Mapped[dt.time | None] = clock("Hora del próximo")
    next_type_id: Mapped[int | None] = link("Tipo del próximo", "contact_type")
    closed_on: Mapped[dt.date | None] = day("Fecha de cierre", short="Cierre")
    result_id: Mapped[int | None] = link("Resultado", "result")
    email_id: Mapped[int | None] = link("Correo asumido", "email_message", read_only=True, hidden=True, mass_edit=False,
                                       on_delete="keep")  # fmt: skip
    previous_id: Mapped[int | None] = link("Contacto anterior", "contact", read_only=True, hidden=True,
                                           unique=True, on_delete="keep")  # fmt: skip

    is_done = computed("Realizado", "yes_no", _is_done)
    actions = children("Acciones a tomar", "contact_action", "action_type")
    items = children("Productos de su interés", "contact_item", "item")
    next_date = computed("Próximo contacto", "day", _next_date, short="Próximo")
    next_missing = computed("Próximo sin crear", "yes_no", _next_missing)

    screens = Screens(
        columns="type date time client person duration notes result closed_on next_date salesperson",
        filters="client person date salesperson type made_by result notes",
        more_filters="closed_on next_date next_missing actions items client.status client.sector client.origin "
        "duration created_at",
        sort="-date -time",
        form=[
            Section("Datos del cliente", "client person date time duration salesperson"),
            Section("Datos del contacto", "type made_by notes"),
            Section("Datos del próximo contacto", "next_at next_time next_type"),
            Section("Datos de final de contacto", "result closed_on"),
        ],
        lines="contact_action contact_item",
        tabs="document email_message",
        picker="date client type",
        narrow="is_done",
        total="duration",
        empty="Ningún contacto cumple el filtro.",
    )

    def title_text(self) -> str:
        """The first line of the notes: the reason of the contact."""
        lines = (self.notes or "").strip().splitlines()
        return lines[0] if lines else ""

    def problems(self) -> Iterator[Problem]:
        """A contact cannot be closed or followed before it took place."""
        if self.closed_on and self.closed_on < self.date:
            yield Problem("closed_on", "La fecha de cierre no puede ser anterior a la del contacto.")
        if self.next_at and self.next_at < self.date:
            yield Problem("next_at", "El próximo contacto no puede ser anterior a este.")
        if self.next_time and not self.next_at:
            yield Problem("next_at", "Falta la fecha del próximo contacto.")


class ContactAction(
    Record, table="contact_action", label="Acción a tomar", plural="Acciones a tomar", owner="contact", feminine=True,
):  # fmt: skip
    """An action to take: an entry of the catalogue, or free text."""

    contact_id: Mapped[int] = link("Contacto", "contact", required=True, on_delete="cascade")
    action_type_id: Mapped[int | None] = link("Acción", "action_type")
    text: Mapped[str] = text("Texto", max_length=200, required=True, search=True)

    screens = Screens(columns="text", sort="text", form=[Section("Acción", "action_type text")])

    def title_text(self) -> str:
        """The text of the action."""
        return self.text or ""


class ContactItem(
    Record, table="contact_item", label="Producto de su interés", plural="Productos de su interés", owner="contact",
):  # fmt: skip
    """A product or service in which the client showed interest during a contact."""

    contact_id: Mapped[int] = link("Contacto", "contact", required=True, on_delete="cascade")
    product_id: Mapped[int | None] = link("Inventariable", "product", hidden=True)
    service_id: Mapped[int | None] = link("No inventariable", "service", hidden=True)
    item = either("Producto o servicio", product_id="product", service_id="service", required=True)

    screens = Screens(columns="item", sort="item", form=[Section("Producto", "item")])

    def title_text(self) -> str:
        """Named by its item, which lists join."""
        return ""
