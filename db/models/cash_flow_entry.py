"""Flujo de efectivo: money that came or went, and money that is expected to."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import choice, currency_code, day, link, long_text, money, text
from db.fields import number as decimal_number
from db.flow import Flow, Verb
from db.models.priced import PaymentForm
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class CashKind(Choice):
    """Which way money goes."""

    INCOME = "income", "Ingreso", "won"
    OUTLAY = "outlay", "Egreso", "lost"


class CashCategory(Choice):
    """What money is for."""

    SALE = "sale", "Venta"
    ADVANCE = "advance", "Anticipo"
    REFUND = "refund", "Reembolso"
    COMMISSION = "commission", "Comisión"
    EXPENSE = "expense", "Gasto"
    PURCHASE = "purchase", "Compra"
    OTHER = "other", "Otro"


class CashState(Choice):
    """Whether money moved or is expected to."""

    PROJECTED = "projected", "Proyectado", "today"
    REAL = "real", "Real", "won"
    CANCELLED = "cancelled", "Cancelado", "lost"


class CashFlowEntry(
    Record, table="cash_flow_entry", label="Entrada de flujo", plural="Flujo de efectivo", menu="Finanzas",
    icon="cash_flow", position=10, prefix="FLU", feminine=True, indexes="date+id sort_key",
):  # fmt: skip
    """One income or outlay."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    kind: Mapped[str] = choice("Tipo", CashKind, required=True, default=CashKind.INCOME)
    concept: Mapped[str] = text("Concepto", required=True, search=True)
    category: Mapped[str | None] = choice("Categoría", CashCategory)
    amount: Mapped[Decimal] = money("Monto", required=True)
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = decimal_number("Tipo de cambio", decimals=6, mass_edit=False)
    state: Mapped[str] = choice("Situación", CashState, required=True, default=CashState.PROJECTED, mass_edit=False)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", on_delete="keep")
    invoice_id: Mapped[int | None] = link("Factura", "invoice", on_delete="keep")
    payment_receipt_id: Mapped[int | None] = link("Pago", "payment_receipt", on_delete="keep")
    credit_note_id: Mapped[int | None] = link("Nota de crédito", "credit_note", on_delete="keep")
    purchase_order_id: Mapped[int | None] = link("Compra", "purchase_order", on_delete="keep")
    commission_id: Mapped[int | None] = link("Comisión", "commission", on_delete="keep")
    bank_account_id: Mapped[int | None] = link("Caja o banco", "bank_account", help="Obligatorio cuando es real.")
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="date kind concept category client state amount bank_account",
        filters="client kind state category date",
        more_filters="number concept amount bank_account sales_order invoice purchase_order",
        sort="-date",
        form=[
            Section("Flujo", "date kind concept category amount currency exchange_rate state client bank_account "
                    "payment_form"),
            Section("Documento", "sales_order invoice payment_receipt credit_note purchase_order commission"),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        picker="date client amount",
        head="date client amount",
        state="state",
        total="amount",
        empty="Todavía no hay flujo de efectivo. Las ventas y los pagos lo van apuntando.",
    )  # fmt: skip
    flow = Flow(
        "state",
        {CashState.PROJECTED: "real cancelled", CashState.REAL: "cancelled projected"},
        verbs={
            CashState.REAL: Verb("Marcar como real", "accept"),
            CashState.CANCELLED: Verb("Cancelar", "lost"),
        },
        closed={CashState.CANCELLED: "La entrada está cancelada."},
        free="notes",
    )

    def title_text(self) -> str:
        """What it is about."""
        return self.concept or ""

    def problems(self) -> Iterator[Problem]:
        """Some money; and what moved, moved somewhere."""
        if self.amount <= 0:
            yield Problem("amount", "El monto debe ser mayor que cero.")
        if self.state == CashState.REAL and self.bank_account_id is None:
            yield Problem("bank_account", "Indique la caja o el banco: es un movimiento real.")
