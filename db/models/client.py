"""Clientes: companies and people we sell to, at any commercial stage."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.agenda import AGENDA_SECTIONS, HasAgenda
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
from db.models.priced import CfdiUse, PaymentForm, PaymentMethod, TaxRegime
from db.ratios import at_rate
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled

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


def _balance(client: Any) -> Any:
    """What is owed by issued invoices, less issued credit that is not applied yet; all in the company's currency."""
    from db.models.credit_note import CreditNote, remaining_of
    from db.models.invoice import Invoice, balance_of

    invoice, note = aliased(Invoice), aliased(CreditNote)
    owed = select(func.coalesce(func.sum(at_rate(balance_of(invoice), invoice.exchange_rate)), 0)).where(
        invoice.client_id == client.id, invoice.status == "issued", invoice.deleted_at.is_(None)
    ).correlate(client).scalar_subquery()  # fmt: skip
    credit = select(func.coalesce(func.sum(at_rate(remaining_of(note), note.exchange_rate)), 0)).where(
        note.client_id == client.id, note.status == "issued", note.deleted_at.is_(None)
    ).correlate(client).scalar_subquery()  # fmt: skip
    return type_coerce(owed - credit, Scaled(MONEY_DECIMALS))


class Client(
    HasAgenda, Record, table="client", label="Cliente", menu="Ventas", plural="Clientes", icon="client", position=20
):
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
    price_list_id: Mapped[int | None] = link("Lista de precios", "price_list", only=(("is_active", True),))
    payment_method: Mapped[str | None] = choice("Método de pago", PaymentMethod)
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    tax_regime: Mapped[str | None] = choice("Régimen fiscal", TaxRegime)
    cfdi_use: Mapped[str | None] = choice("Uso de CFDI", CfdiUse)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    last_contact = computed("Último contacto", "day", _last_contact)
    next_contact = computed("Próximo contacto", "day", _next_contact)
    balance = computed("Saldo", "money", _balance)

    screens = Screens(
        dependents="Filiales",
        columns="code name status phone email city salesperson last_contact next_contact",
        filters="name status salesperson sector city",
        more_filters="code tax_id origin branch province country postal_code email phone created_at",
        sort="name",
        form=[
            Section("Cliente", "name status code salesperson origin sector"),
            Section("Comunicación", "phone mobile_phone email website"),
            Section("Dirección", "street postal_code city province country"),
            Section("Datos fiscales", "legal_name tax_id tax_postal_code tax_regime cfdi_use"),
            Section("Comercial", "parent_client branch employee_count annual_revenue price_list payment_method "
                    "payment_form credit_limit credit_days balance"),
            Section("Notas", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="contact client service_link subscription payment_receipt credit_note stock_movement lot_serial "
             "transfer_invoice cash_flow_entry invoice address bank_transaction commission log_entry service_contract "
             "asset_assignment sales_order quote project product_link opportunity comment support_case email_message "
             "document person campaign_member calendar_item chat_channel client_link interest",
        picker="code city phone email tax_id",
        head="last_contact next_contact balance salesperson",
        state="status",
        archive="status:inactive",
        empty="Todavía no hay clientes. Añada el primero.",
    )  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        """A client is not its own parent."""
        if self.id and self.parent_client_id == self.id:
            yield Problem("parent_client", "Un cliente no puede depender de sí mismo.")
