"""CFDIs Pagos: payments of clients and the invoices they are applied to."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import (
    children,
    choice,
    currency_code,
    day,
    exchange_rate,
    in_company,
    integer,
    link,
    long_text,
    money,
    text,
)
from db.flow import Flow, Verb
from db.models.priced import PaymentForm
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class ReceiptStatus(Choice):
    """What was done with a payment."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitido", "won"
    CANCELLED = "cancelled", "Cancelado", "lost"


class PaymentReceipt(
    Record, table="payment_receipt", label="CFDI de pago", plural="CFDIs Pagos",
    several="CFDI de pago", menu="Facturación", icon="payment",
    position=20, prefix="P", indexes="paid_on sort_key",
):  # fmt: skip
    """A payment received, shared out among invoices of the client. Its number is given when it is issued."""

    number: Mapped[str | None] = text("Serie y folio", max_length=30, search=True, read_only=True, unique=True,
                                      short="Folio")  # fmt: skip
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    status: Mapped[str] = choice("Estado", ReceiptStatus, required=True, default=ReceiptStatus.DRAFT, mass_edit=False)
    paid_on: Mapped[dt.date] = day("Fecha de pago", required=True, default="@today")
    payment_form: Mapped[str] = choice("Forma de pago", PaymentForm, required=True, default=PaymentForm.TRANSFER)
    currency: Mapped[str] = currency_code("Moneda", required=True, mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = exchange_rate()
    amount: Mapped[Decimal] = money("Monto", read_only=True, default=Decimal(0), nullable=False,
                                    help="La suma de lo aplicado.")  # fmt: skip
    bank_account_id: Mapped[int | None] = link("Caja o banco", "bank_account")
    reference: Mapped[str | None] = text("Referencia", max_length=80, search=True)
    fiscal_uuid: Mapped[str | None] = text("Folio fiscal (UUID)", max_length=36, search=True, unique=True)
    notes: Mapped[str | None] = long_text("Notas", search=True)
    invoices = children("Facturas", "payment_application", "invoice")
    company_amount = in_company("amount")

    screens = Screens(
        columns="number paid_on client status amount payment_form reference invoices",
        filters="client status paid_on payment_form",
        more_filters="number amount bank_account reference fiscal_uuid invoices",
        sort="-paid_on",
        form=[
            Section("Pago", "client status paid_on payment_form amount currency exchange_rate bank_account reference "
                    "fiscal_uuid number"),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="cash_flow_entry bank_transaction comment document",
        lines="payment_application",
        picker="client amount paid_on",
        head="client amount",
        state="status",
        total="company_amount",
        afresh="reference",
        empty="Todavía no hay pagos. Regístrelos desde una factura.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {ReceiptStatus.DRAFT: "issued cancelled", ReceiptStatus.ISSUED: "cancelled"},
        verbs={
            ReceiptStatus.ISSUED: Verb("Emitir", "accept"),
            ReceiptStatus.CANCELLED: Verb("Cancelar el pago", "lost", "¿Cancelar? Las facturas vuelven a deberse."),
        },
        closed={
            ReceiptStatus.ISSUED: "El pago está emitido: no se cambia. Cancélelo y registre otro.",
            ReceiptStatus.CANCELLED: "El pago está cancelado.",
        },
        free="notes fiscal_uuid reference",
    )

    def title_text(self) -> str:
        """Series and folio, or that it is a draft."""
        return self.number or "Pago en borrador"

    def problems(self) -> Iterator[Problem]:
        """What was paid was paid somehow."""
        if self.payment_form == PaymentForm.UNDEFINED:
            yield Problem("payment_form", "Un pago recibido tiene una forma de pago definida.")


class PaymentApplication(
    Record, table="payment_application", label="Factura aplicada", plural="Facturas aplicadas",
    owner="payment_receipt", feminine=True,
):  # fmt: skip
    """The part of a payment that goes to one invoice. Balance and instalment are as when it was issued."""

    payment_receipt_id: Mapped[int] = link("Pago", "payment_receipt", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    invoice_id: Mapped[int] = link("Factura", "invoice", required=True, only=(("status", "issued"),))
    previous_balance: Mapped[Decimal | None] = money("Saldo anterior", read_only=True)
    amount: Mapped[Decimal] = money("Aplicado", required=True)
    remaining: Mapped[Decimal | None] = money("Queda", read_only=True)
    instalment: Mapped[int | None] = integer("Parcialidad", read_only=True)

    screens = Screens(
        columns="invoice previous_balance amount remaining instalment",
        sort="position",
        form=[Section("Factura aplicada", "invoice previous_balance amount remaining instalment")],
        afresh="invoice amount",
    )

    def title_text(self) -> str:
        """Named by its invoice, which the grid shows."""
        return "Factura aplicada"

    def problems(self) -> Iterator[Problem]:
        """Something is paid."""
        if self.amount <= 0:
            yield Problem("amount", "Lo aplicado debe ser mayor que cero.")
