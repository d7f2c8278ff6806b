"""Clientes: companies and people we sell to, at any commercial stage."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, aliased

from db.fields import (
    choice,
    computed,
    country_code,
    email_address,
    integer,
    link,
    long_text,
    money,
    phone_number,
    postcode,
    tax_number,
    text,
    url,
)  # fmt: skip
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice

GENERIC_TAX_IDS = ("XAXX010101000", "XEXX010101000")
"""RFC of the general public and of foreigners, which by Mexican rules many clients share."""


class ClientStatus(Choice):
    """Commercial stage. Probable is the colder prospect, Potencial the warmer one."""

    PROBABLE = "probable", "Probable", "quiet"
    POTENTIAL = "potential", "Potencial", "info"
    CLIENT = "client", "Cliente", "won"
    PRESCRIBER = "prescriber", "Prescriptor", "today"
    INACTIVE = "inactive", "Inactivo", "lost"


def _last_contact(client: Any) -> Any:
    from db.models.contact import Contact

    contact = aliased(Contact)
    return (
        select(func.max(contact.date))
        .where(contact.client_id == client.id, contact.deleted_at.is_(None),
               contact.result_id.is_not(None), contact.closed_on.is_not(None))
        .correlate(client).scalar_subquery()
    )  # fmt: skip


def _next_contact(client: Any) -> Any:
    from db.models.contact import Contact

    contact = aliased(Contact)
    is_open = contact.result_id.is_(None) | contact.closed_on.is_(None)
    return (
        select(func.min(contact.date))
        .where(contact.client_id == client.id, contact.deleted_at.is_(None), is_open)
        .correlate(client).scalar_subquery()
    )  # fmt: skip


class Client(Record, table="client", label="Cliente", menu="Ventas", plural="Clientes", icon="client", position=20):
    """A company or person we sell to, have sold to, or would like to."""

    status: Mapped[str] = choice(
        "Estado", ClientStatus, required=True, default=ClientStatus.POTENTIAL,
        help="Elíjalo antes del código: cada estado tiene su numeración.",
    )  # fmt: skip
    code: Mapped[str] = text(
        "Código", max_length=30, search=True, unique=True, default="@number",
        help="Vacío: se asigna el siguiente de la serie de su estado.",
    )  # fmt: skip
    name: Mapped[str] = text("Nombre", required=True, search=True)
    legal_name: Mapped[str | None] = text("Razón social", search=True)
    tax_id: Mapped[str | None] = tax_number(
        "Identificación fiscal", search=True, unique=True, repeatable=GENERIC_TAX_IDS, short="NIF/RFC"
    )
    tax_postal_code: Mapped[str | None] = postcode("Código postal fiscal")
    phone: Mapped[str | None] = phone_number("Teléfono", search=True)
    mobile_phone: Mapped[str | None] = phone_number("Móvil", search=True)
    email: Mapped[str | None] = email_address("Correo electrónico", search=True, unique=True, short="Correo")
    website: Mapped[str | None] = url("Sitio web")
    street: Mapped[str | None] = text("Dirección", span=2)
    postal_code: Mapped[str | None] = postcode("Código postal", short="C. P.")
    city: Mapped[str | None] = text("Población", max_length=120, search=True)
    province: Mapped[str | None] = text("Provincia o estado", max_length=120, short="Provincia")
    country: Mapped[str | None] = country_code("País")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    origin_id: Mapped[int | None] = link("Origen", "origin")
    sector_id: Mapped[int | None] = link("Sector", "sector")
    branch_id: Mapped[int | None] = link("Delegación", "branch")
    parent_client_id: Mapped[int | None] = link("Cliente padre", "client", on_delete="keep")
    employee_count: Mapped[int | None] = integer("Núm. de empleados", minimum=0, maximum=10_000_000)
    annual_revenue: Mapped[Decimal | None] = money("Ingresos anuales", minimum=0)
    credit_limit: Mapped[Decimal | None] = money("Límite de crédito", minimum=0)
    credit_days: Mapped[int | None] = integer("Días de crédito", minimum=0, maximum=3650)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    last_contact = computed("Último contacto", "day", _last_contact)
    next_contact = computed("Próximo contacto", "day", _next_contact)

    screens = Screens(
        columns="code name status phone email city salesperson last_contact next_contact",
        filters="name status salesperson sector city",
        more_filters="code tax_id origin branch province country postal_code email phone created_at",
        sort="name",
        form=[
            Section("Cliente", "name status code salesperson origin sector"),
            Section("Comunicación", "phone mobile_phone email website"),
            Section("Dirección", "street postal_code city province country"),
            Section("Datos fiscales", "legal_name tax_id tax_postal_code"),
            Section("Comercial", "parent_client branch employee_count annual_revenue credit_limit credit_days"),
            Section("Notas", "notes"),
            Section("Archivos", "files_total files_pending files_valid files_rejected", columns=4),
        ],
        tabs="contact person email_message document opportunity quote interest client",
        picker="code city phone email tax_id",
        head="last_contact next_contact salesperson",
        state="status",
        empty="Todavía no hay clientes. Añada el primero.",
    )

    def problems(self) -> Iterator[Problem]:
        """A client is not its own parent."""
        if self.id and self.parent_client_id == self.id:
            yield Problem("parent_client", "Un cliente no puede depender de sí mismo.")
