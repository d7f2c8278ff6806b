"""Prospectos: people and firms that may become clients."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import choice, country_code, email_address, instant, link, long_text, phone_number, text, url
from db.flow import Flow, Verb
from db.models.person import LeadSource
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class ProspectStatus(Choice):
    """How far one has come."""

    NEW = "new", "Nuevo", "info"
    CONTACTED = "contacted", "Contactado", "today"
    QUALIFIED = "qualified", "Calificado", "won"
    DISCARDED = "discarded", "Descartado", "lost"
    CONVERTED = "converted", "Convertido", "done"


class Prospect(
    Record, table="prospect", label="Prospecto", plural="Prospectos", menu="Ventas", icon="prospect", position=65,
    indexes="created_at sort_key",
    prefix="PSP",
):  # fmt: skip
    """A name to be looked into; converted it becomes client, person and, if wanted, opportunity."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    first_name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True)
    last_name: Mapped[str | None] = text("Apellidos", max_length=120, search=True)
    company: Mapped[str | None] = text("Empresa", search=True)
    job_title: Mapped[str | None] = text("Cargo", max_length=120, search=True)
    email: Mapped[str | None] = email_address("Correo electrónico", search=True, short="Correo")
    phone: Mapped[str | None] = phone_number("Teléfono", search=True)
    mobile_phone: Mapped[str | None] = phone_number("Móvil", search=True)
    website: Mapped[str | None] = url("Sitio web")
    city: Mapped[str | None] = text("Población", max_length=120, search=True)
    country: Mapped[str | None] = country_code("País")
    status: Mapped[str] = choice("Estado", ProspectStatus, required=True, default=ProspectStatus.NEW, mass_edit=False)
    lead_source: Mapped[str | None] = choice("Origen de prospecto", LeadSource)
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    campaign_id: Mapped[int | None] = link("Campaña", "campaign", on_delete="keep")
    client_id: Mapped[int | None] = link("Convertido en cliente", "client", read_only=True, on_delete="keep")
    person_id: Mapped[int | None] = link("Convertido en persona", "person", read_only=True, on_delete="keep")
    opportunity_id: Mapped[int | None] = link("Oportunidad", "opportunity", read_only=True, on_delete="keep")
    converted_at: Mapped[dt.datetime | None] = instant("Convertido el", read_only=True)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="number title company status email phone lead_source salesperson",
        filters="first_name last_name company status salesperson",
        more_filters="number email phone lead_source campaign city created_at",
        sort="-created_at",
        form=[
            Section("Prospecto", "first_name last_name company job_title status salesperson"),
            Section("Comunicación", "email phone mobile_phone website city country"),
            Section("Origen", "lead_source campaign"),
            Section("Descripción", "notes"),
            Section("Conversión", "client person opportunity converted_at", columns=4),
            FILES_SECTION,
        ],
        tabs="calendar_item comment email_message document",
        picker="number company status",
        head="company email phone",
        state="status",
        archive="status:discarded",
        empty="Todavía no hay prospectos. Añada el primero.",
    )
    flow = Flow(
        "status",
        {
            ProspectStatus.NEW: "contacted qualified discarded converted",
            ProspectStatus.CONTACTED: "qualified discarded converted",
            ProspectStatus.QUALIFIED: "contacted discarded converted",
            ProspectStatus.DISCARDED: "new",
        },
        verbs={
            ProspectStatus.CONTACTED: Verb("Marcar contactado", "call"),
            ProspectStatus.QUALIFIED: Verb("Calificar", "star"),
            ProspectStatus.DISCARDED: Verb("Descartar", "lost"),
        },
        closed={ProspectStatus.CONVERTED: "El prospecto ya está convertido: siga con su cliente o persona."},
        free="notes",
    )

    def title_text(self) -> str:
        """Name, and firm."""
        name = f"{self.first_name or ''} {self.last_name or ''}".strip()
        return f"{name} · {self.company}" if self.company else name

    def problems(self) -> Iterator[Problem]:
        """Converting is an action of its own: it says what became of it."""
        if self.status == ProspectStatus.CONVERTED and self.client_id is None and self.person_id is None:
            yield Problem("status", "Use «Convertir»: crea el cliente y la persona.")
