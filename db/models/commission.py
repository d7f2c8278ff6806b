"""Comisiones: what a salesperson or a referring person earns by a sale."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db import moments
from db.fields import (
    choice,
    currency_code,
    day,
    either,
    exchange_rate,
    in_company,
    link,
    long_text,
    money,
    percent,
    text,
)
from db.flow import Flow, Verb
from db.models.priced import MAX_AMOUNT
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class CommissionKind(Choice):
    """Why it is earned."""

    SALE = "sale", "Venta"
    REFERRAL = "referral", "Referido"


class CommissionStatus(Choice):
    """Where it stands."""

    CALCULATED = "calculated", "Calculada", "quiet"
    AUTHORIZED = "authorized", "Autorizada", "info"
    PAID = "paid", "Pagada", "won"
    CANCELLED = "cancelled", "Cancelada", "lost"


class Commission(
    Record, table="commission", label="Comisión", plural="Comisiones", menu="Finanzas", icon="commission", position=40,
    prefix="CMS", feminine=True, indexes="earned_on sort_key",
):  # fmt: skip
    """So much per cent of a base. An amount of one's own needs a note."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", hidden=True)
    person_id: Mapped[int | None] = link("Persona", "person", hidden=True, on_delete="keep")
    beneficiary = either("Beneficiario", salesperson_id="salesperson", person_id="person", required=True)
    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="keep")
    kind: Mapped[str] = choice("Clase", CommissionKind, required=True, default=CommissionKind.SALE)
    status: Mapped[str] = choice("Estado", CommissionStatus, required=True, default=CommissionStatus.CALCULATED,
                                 mass_edit=False)  # fmt: skip
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", within="client", on_delete="keep")
    invoice_id: Mapped[int | None] = link("Factura", "invoice", within="client", on_delete="keep")
    base_amount: Mapped[Decimal] = money("Base", required=True, minimum=0, mass_edit=False,
                                         help="La base imponible del documento, menos sus descuentos.")  # fmt: skip
    rate_percent: Mapped[Decimal] = percent("Comisión %", required=True, mass_edit=False)
    other_amount: Mapped[Decimal | None] = money("Otro monto", minimum=0, mass_edit=False,
                                                 help="En lugar de base por porcentaje; pide una nota.")  # fmt: skip
    amount: Mapped[Decimal] = money("Monto", read_only=True, default=Decimal(0), nullable=False)
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = exchange_rate()
    earned_on: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    paid_on: Mapped[dt.date | None] = day("Fecha de pago")
    bank_account_id: Mapped[int | None] = link("Pagada desde", "bank_account", only=(("is_active", True),),
                                               help="Vacío: la caja o el banco habitual.")  # fmt: skip
    notes: Mapped[str | None] = long_text("Notas", search=True)
    company_amount = in_company("amount")

    screens = Screens(
        columns="number earned_on beneficiary client sales_order status base_amount rate_percent amount",
        filters="client beneficiary status earned_on",
        more_filters="number kind sales_order invoice amount paid_on bank_account",
        sort="-earned_on",
        form=[
            Section("Comisión", "beneficiary client kind status sales_order invoice"),
            Section("Importe", "base_amount rate_percent other_amount amount currency exchange_rate earned_on paid_on "
                    "bank_account", columns=4),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="cash_flow_entry comment document",
        picker="number beneficiary amount",
        head="beneficiary client amount",
        state="status",
        total="company_amount",
        empty="Todavía no hay comisiones. Se calculan al autorizar las ventas.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            CommissionStatus.CALCULATED: "authorized cancelled",
            CommissionStatus.AUTHORIZED: "paid calculated cancelled",
            CommissionStatus.PAID: "",
        },
        verbs={
            CommissionStatus.AUTHORIZED: Verb("Autorizar", "accept"),
            CommissionStatus.CALCULATED: Verb("Volver a calculada", "undo"),
            CommissionStatus.PAID: Verb("Marcar pagada", "done"),
            CommissionStatus.CANCELLED: Verb("Cancelar la comisión", "lost"),
        },
        closed={
            CommissionStatus.AUTHORIZED: "La comisión está autorizada: vuélvala a calculada para cambiarla.",
            CommissionStatus.PAID: "La comisión está pagada: no se cambia.",
            CommissionStatus.CANCELLED: "La comisión está cancelada.",
        },
        free="notes paid_on bank_account",
    )

    def worked_out(self) -> Decimal:
        """Base by rate, to the cent, unless another amount was agreed."""
        if self.other_amount is not None:
            return self.other_amount
        return (self.base_amount * self.rate_percent / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")

    def derive(self) -> None:
        """The amount follows from base and rate; what is paid was paid some day."""
        self.amount = self.worked_out()
        if self.status != CommissionStatus.PAID:
            self.paid_on = None
        elif self.paid_on is None:
            self.paid_on = moments.present().astimezone().date()

    def problems(self) -> Iterator[Problem]:
        """It goes to somebody; an amount that does not follow from base and rate says why."""
        if self.salesperson_id is None and self.person_id is None:
            yield Problem("beneficiary", "Indique quién la cobra.")
        if self.kind == CommissionKind.REFERRAL and self.person_id is None:
            yield Problem("beneficiary", "Un referido lo cobra la persona que lo trajo.")
        if self.kind == CommissionKind.SALE and self.salesperson_id is None:
            yield Problem("beneficiary", "Una comisión de venta la cobra un vendedor.")
        if max(self.base_amount, self.other_amount or 0) >= MAX_AMOUNT:
            yield Problem("base_amount", "El importe es demasiado grande.")
        if self.other_amount is not None and not self.notes:
            yield Problem("notes", "Explique por qué el monto no es el de la base por el porcentaje.")
        if self.amount != self.worked_out():
            yield Problem("other_amount", "El monto no es el de la base por el porcentaje: recalcúlela.")
        if self.paid_on is not None and self.paid_on < self.earned_on:
            yield Problem("paid_on", "No se paga antes de ganarse.")
