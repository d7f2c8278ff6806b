"""Cajas y bancos: accounts and their movements."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, currency_code, day, link, long_text, money, text, yes_no
from db.models.masters import Master
from db.models.priced import PaymentForm
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class AccountKind(Choice):
    """Where money is kept."""

    CASH = "cash", "Caja"
    BANK = "bank", "Banco"


class TransactionType(Choice):
    """What a movement does to its account."""

    DEPOSIT = "deposit", "Depósito", "won"
    WITHDRAWAL = "withdrawal", "Retiro", "lost"
    TRANSFER = "transfer", "Transferencia", "info"
    FEE = "fee", "Comisión bancaria", "lost"


def balance_of(account: Any) -> Any:
    """Opening balance, plus what came in, less what went out."""
    moved = aliased(BankTransaction)
    signed = case((moved.type == "deposit", moved.amount), else_=-moved.amount)
    out = (
        select(func.coalesce(func.sum(signed), 0, type_=Scaled(MONEY_DECIMALS)))
        .where(moved.bank_account_id == account.id, moved.deleted_at.is_(None)).correlate(account).scalar_subquery()
    )  # fmt: skip
    came = (
        select(func.coalesce(func.sum(moved.amount), 0, type_=Scaled(MONEY_DECIMALS)))
        .where(moved.to_account_id == account.id, moved.type == "transfer", moved.deleted_at.is_(None))
        .correlate(account).scalar_subquery()
    )  # fmt: skip
    return type_coerce(account.opening_balance + out + came, Scaled(MONEY_DECIMALS))


class BankAccount(
    Master, table="bank_account", label="Caja o banco", plural="Cajas y bancos", menu="Finanzas", icon="bank",
    position=20, prefix="CTA", feminine=True,
):  # fmt: skip
    """A cash box or an account in a bank."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    kind: Mapped[str] = choice("Clase", AccountKind, required=True, default=AccountKind.BANK)
    bank_name: Mapped[str | None] = text("Banco", max_length=120, search=True)
    account_number: Mapped[str | None] = text("Número de cuenta o IBAN", max_length=40, search=True, short="Cuenta")
    clabe: Mapped[str | None] = text("CLABE", max_length=18, help="18 cifras, en México.")
    currency: Mapped[str] = currency_code("Moneda", required=True)
    opening_balance: Mapped[Decimal] = money("Saldo inicial", default=Decimal(0), nullable=False)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    balance = computed("Saldo", "money", balance_of)

    screens = Screens(
        columns="number name kind bank_name account_number currency balance is_active",
        filters="name kind currency is_active",
        sort="name",
        form=[
            Section(
                "Caja o banco", "name kind bank_name account_number clabe currency opening_balance balance is_active"
            ),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="bank_transaction cash_flow_entry payment_receipt document",
        picker="kind bank_name currency",
        head="balance",
        load_at_open=True,
        empty="Todavía no hay cajas ni bancos. Añada la primera cuenta.",
    )

    def problems(self) -> Iterator[Problem]:
        """A CLABE has eighteen digits."""
        yield from super().problems()
        if self.clabe and not (self.clabe.isascii() and self.clabe.isdigit() and len(self.clabe) == 18):
            yield Problem("clabe", "La CLABE tiene 18 cifras.")


class BankTransaction(
    Record, table="bank_transaction", label="Movimiento de caja o banco", plural="Mov. de cajas y bancos",
    menu="Finanzas", icon="bank_transaction", position=30, prefix="MCB", indexes="date+id sort_key",
):  # fmt: skip
    """Money that moved in an account."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    bank_account_id: Mapped[int] = link("Caja o banco", "bank_account", required=True)
    to_account_id: Mapped[int | None] = link("A la cuenta", "bank_account", help="De una transferencia.")
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    type: Mapped[str] = choice("Tipo", TransactionType, required=True, default=TransactionType.DEPOSIT)
    amount: Mapped[Decimal] = money("Monto", required=True)
    concept: Mapped[str | None] = text("Concepto", search=True)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    payment_receipt_id: Mapped[int | None] = link("Pago", "payment_receipt", on_delete="keep")
    cash_flow_entry_id: Mapped[int | None] = link("Entrada de flujo", "cash_flow_entry", on_delete="keep",
                                                  read_only=True)  # fmt: skip
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    reference: Mapped[str | None] = text("Referencia", max_length=80, search=True)
    reconciled: Mapped[bool] = yes_no("Conciliado")
    reconciled_on: Mapped[dt.date | None] = day("Conciliado el")
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="date bank_account type concept client amount reference reconciled",
        filters="client bank_account type date reconciled",
        more_filters="number amount reference concept reconciled_on payment_form",
        sort="-date",
        form=[
            Section("Movimiento", "bank_account type to_account date amount concept client payment_form reference "
                    "payment_receipt reconciled reconciled_on"),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        picker="date bank_account amount",
        head="bank_account date amount",
        total="amount",
        empty="Todavía no hay movimientos de caja ni de banco.",
    )  # fmt: skip

    def title_text(self) -> str:
        """Number and concept."""
        return f"{self.number or ''} {self.concept or ''}".strip()

    def derive(self) -> None:
        """Only a transfer goes to another account; what is reconciled was so some day."""
        if self.type != TransactionType.TRANSFER:
            self.to_account_id = None
        if not self.reconciled:
            self.reconciled_on = None
        elif self.reconciled_on is None:
            self.reconciled_on = dt.datetime.now().astimezone().date()

    def problems(self) -> Iterator[Problem]:
        """Some money, to another account where it is a transfer."""
        if self.amount <= 0:
            yield Problem("amount", "El monto debe ser mayor que cero.")
        if self.type == TransactionType.TRANSFER and self.to_account_id is None:
            yield Problem("to_account", "Indique a qué cuenta va.")
        if self.to_account_id is not None and self.to_account_id == self.bank_account_id:
            yield Problem("to_account", "Es la misma cuenta.")
