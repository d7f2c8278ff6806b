"""Flujo de efectivo: money that came or went, and money that is expected to."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, or_, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, currency_code, day, exchange_rate, link, long_text, money, text
from db.flow import Flow, Verb
from db.models.priced import MAX_AMOUNT, PaymentForm
from db.ratios import at_rate
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled

"""An exchange rate is kept with six decimals."""


class CashKind(Choice):
    """Which way money goes."""

    INCOME = "income", "Ingreso", "info"
    OUTLAY = "outlay", "Egreso", "quiet"


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
    REAL = "real", "Real", "done"
    CANCELLED = "cancelled", "Cancelado", "lost"


def _signed(entry: Any) -> Any:
    """What an entry adds to the balance, in the company's currency, as a whole number of ten-thousandths."""
    worth = at_rate(entry.amount, entry.exchange_rate)
    return case((entry.state == "cancelled", 0), (entry.kind == "income", worth), else_=-worth)


def _running(entry: Any) -> Any:
    """What all live entries up to this one come to, by date and, within a day, in the order they were made."""
    other = aliased(CashFlowEntry)
    earlier = or_(other.date < entry.date, (other.date == entry.date) & (other.id <= entry.id))
    total = (
        select(func.coalesce(func.sum(_signed(other)), 0)).where(other.deleted_at.is_(None), earlier)
        .correlate(entry).scalar_subquery()
    )  # fmt: skip
    return type_coerce(total, Scaled(MONEY_DECIMALS))


class CashFlowEntry(
    Record, table="cash_flow_entry", label="Entrada de flujo", plural="Flujo de efectivo",
    several="entradas de flujo", menu="Finanzas",
    icon="cash_flow", position=10, prefix="FLU", feminine=True, indexes="date+id sort_key source+state",
):  # fmt: skip
    """One income or outlay. ``source`` is the key of the document that the program makes it follow, if any."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    kind: Mapped[str] = choice("Tipo", CashKind, required=True, default=CashKind.INCOME)
    concept: Mapped[str] = text("Concepto", required=True, search=True, span=2)
    category: Mapped[str | None] = choice("Categoría", CashCategory)
    amount: Mapped[Decimal] = money("Monto", required=True, mass_edit=False)
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = exchange_rate()
    state: Mapped[str] = choice("Situación", CashState, required=True, default=CashState.PROJECTED, mass_edit=False)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", within="client", on_delete="keep")
    invoice_id: Mapped[int | None] = link("Factura", "invoice", within="client", on_delete="keep")
    payment_receipt_id: Mapped[int | None] = link("Pago", "payment_receipt", within="client", on_delete="keep")
    credit_note_id: Mapped[int | None] = link("Nota de crédito", "credit_note", within="client", on_delete="keep")
    purchase_order_id: Mapped[int | None] = link("Compra", "purchase_order", on_delete="keep")
    commission_id: Mapped[int | None] = link("Comisión", "commission", on_delete="keep")
    source: Mapped[str | None] = text("Origen", max_length=40, hidden=True, read_only=True, mass_edit=False)
    bank_account_id: Mapped[int | None] = link("Caja o banco", "bank_account", only=(("is_active", True),),
                                               help="Obligatorio cuando es real.")  # fmt: skip
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    effect = computed("Efecto en el saldo", "money", lambda entry: type_coerce(_signed(entry), Scaled(MONEY_DECIMALS)),
                      decimals=2, short="Efecto")  # fmt: skip
    running_balance = computed("Saldo acumulado", "money", _running, decimals=2)

    screens = Screens(
        columns="date kind concept category client state amount running_balance bank_account",
        filters="client kind state category date",
        more_filters="number concept amount bank_account payment_form sales_order invoice purchase_order",
        sort="-date",
        form=[
            Section("Flujo", "concept date kind amount category client state bank_account payment_form currency "
                    "exchange_rate"),
            Section("Documento", "sales_order invoice payment_receipt credit_note purchase_order commission"),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="bank_transaction comment document",
        picker="date client amount",
        head="date client amount",
        state="state",
        total="effect",
        running="running_balance",
        empty="Todavía no hay flujo de efectivo. Las ventas y los pagos lo van apuntando.",
    )  # fmt: skip
    flow = Flow(
        "state",
        {CashState.PROJECTED: "real cancelled", CashState.REAL: "cancelled projected"},
        verbs={
            CashState.PROJECTED: Verb("Volver a proyectado", "undo"),
            CashState.CANCELLED: Verb("Cancelar la entrada", "lost"),
        },
        closed={CashState.CANCELLED: "La entrada está cancelada. Duplíquela para volver a empezar."},
        free="notes",
    )

    def title_text(self) -> str:
        """What it is about."""
        return self.concept or ""

    def problems(self) -> Iterator[Problem]:
        """Some money; and what moved, moved somewhere."""
        if self.amount <= 0:
            yield Problem("amount", "El monto debe ser mayor que cero.")
        elif self.amount >= MAX_AMOUNT:
            yield Problem("amount", "El monto es demasiado grande.")
        if self.exchange_rate is not None and self.exchange_rate <= 0:
            yield Problem("exchange_rate", "El tipo de cambio debe ser mayor que cero.")
        if self.state == CashState.REAL and self.bank_account_id is None:
            yield Problem("bank_account", "Indique la caja o el banco: es un movimiento real.")
