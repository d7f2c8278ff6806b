"""Cajas y bancos: accounts and their movements."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.fields import choice, computed, currency_code, day, link, long_text, money, text, yes_no
from db.models.masters import Master
from db.models.priced import MAX_AMOUNT, PaymentForm
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class AccountKind(Choice):
    """Where money is kept."""

    CASH = "cash", "Caja"
    BANK = "bank", "Banco"


class TransactionType(Choice):
    """What a movement does to its account. A transfer has one movement in each account, so that each is reconciled."""

    DEPOSIT = "deposit", "Depósito", "done"
    WITHDRAWAL = "withdrawal", "Retiro", "quiet"
    TRANSFER = "transfer", "Transferencia", "info"
    TRANSFER_IN = "transfer_in", "Transferencia recibida", "info"
    FEE = "fee", "Comisión bancaria", "quiet"


COMING = (TransactionType.DEPOSIT, TransactionType.TRANSFER_IN)
"""What adds to an account; all else takes from it."""


def _signed(moved: Any) -> Any:
    return case((moved.type.in_([str(each) for each in COMING]), moved.amount), else_=-moved.amount)


def _moved(account: Any, *, reconciled: bool = False) -> Any:
    moved = aliased(BankTransaction)
    total = select(func.coalesce(func.sum(_signed(moved)), 0, type_=Scaled(MONEY_DECIMALS))).where(
        moved.bank_account_id == account.id, moved.deleted_at.is_(None)
    )
    if reconciled:
        total = total.where(moved.reconciled)
    return total.correlate(account).scalar_subquery()


def balance_of(account: Any) -> Any:
    """Opening balance, plus what came in, less what went out."""
    return type_coerce(account.opening_balance + _moved(account), Scaled(MONEY_DECIMALS))


def _reconciled(account: Any) -> Any:
    return type_coerce(account.opening_balance + _moved(account, reconciled=True), Scaled(MONEY_DECIMALS))


def _open(account: Any) -> Any:
    moved = aliased(BankTransaction)
    return (
        select(func.count(moved.id))
        .where(moved.bank_account_id == account.id, moved.deleted_at.is_(None), moved.reconciled.is_(False))
        .correlate(account).scalar_subquery()
    )  # fmt: skip


class BankAccount(
    Master, table="bank_account", label="Caja o banco", plural="Cajas y bancos", menu="Finanzas", icon="bank",
    position=20, prefix="CTA", feminine=True,
):  # fmt: skip
    """A cash box or an account in a bank."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    kind: Mapped[str] = choice("Clase", AccountKind, required=True, default=AccountKind.BANK)
    bank_name: Mapped[str | None] = text("Banco", max_length=120, search=True)
    account_number: Mapped[str | None] = text("Número de cuenta o IBAN", max_length=40, search=True, short="Cuenta",
                                              mass_edit=False)  # fmt: skip
    clabe: Mapped[str | None] = text("CLABE", max_length=24, search=True, mass_edit=False,
                                     help="18 cifras, en México.")  # fmt: skip
    currency: Mapped[str] = currency_code("Moneda", required=True, mass_edit=False)
    opening_balance: Mapped[Decimal] = money("Saldo inicial", default=Decimal(0), nullable=False, mass_edit=False)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    balance = computed("Saldo", "money", balance_of, decimals=2)
    reconciled_balance = computed("Saldo conciliado", "money", _reconciled, decimals=2)
    to_reconcile = computed("Sin conciliar", "integer", _open)

    screens = Screens(
        columns="number name kind bank_name account_number currency balance to_reconcile is_active",
        filters="name kind currency is_active",
        more_filters="number bank_name account_number clabe",
        sort="name",
        form=[
            Section("Caja o banco", "name kind currency bank_name account_number clabe is_active"),
            Section("Saldo", "opening_balance balance reconciled_balance to_reconcile", columns=4),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="bank_transaction cash_flow_entry payment_receipt document",
        picker="kind bank_name currency",
        head="kind balance to_reconcile",
        load_at_open=True,
        empty="Todavía no hay cajas ni bancos. Añada la primera cuenta.",
    )


def _currency(moved: Any) -> Any:
    account = aliased(BankAccount)
    return select(account.currency).where(account.id == moved.bank_account_id).correlate(moved).scalar_subquery()


class BankTransaction(
    Record, table="bank_transaction", label="Movimiento de caja o banco", plural="Mov. de cajas y bancos",
    several="movimientos de caja o banco",
    menu="Finanzas", icon="bank_transaction", position=30, prefix="MCB", indexes="date+id sort_key",
):  # fmt: skip
    """Money that moved in an account."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    bank_account_id: Mapped[int] = link("Caja o banco", "bank_account", required=True, mass_edit=False)
    to_account_id: Mapped[int | None] = link("A la cuenta", "bank_account", mass_edit=False,
                                             help="Solo en transferencias.")  # fmt: skip
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    type: Mapped[str] = choice("Tipo", TransactionType, required=True, default=TransactionType.DEPOSIT,
                               mass_edit=False)  # fmt: skip
    amount: Mapped[Decimal] = money("Monto", required=True, mass_edit=False)
    to_amount: Mapped[Decimal | None] = money("Monto que llega", mass_edit=False,
                                              help="Solo si la otra cuenta es de otra moneda.")  # fmt: skip
    concept: Mapped[str | None] = text("Concepto", search=True, span=2)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    payment_receipt_id: Mapped[int | None] = link("Pago", "payment_receipt", within="client", on_delete="keep")
    cash_flow_entry_id: Mapped[int | None] = link("Entrada de flujo", "cash_flow_entry", on_delete="keep",
                                                  read_only=True)  # fmt: skip
    transfer_id: Mapped[int | None] = link("Transferencia", "bank_transaction", on_delete="cascade", read_only=True,
                                           hidden=True)  # fmt: skip
    payment_form: Mapped[str | None] = choice("Forma de pago", PaymentForm)
    reference: Mapped[str | None] = text("Referencia", max_length=80, search=True)
    reconciled: Mapped[bool] = yes_no("Conciliado")
    reconciled_on: Mapped[dt.date | None] = day("Conciliado el")
    notes: Mapped[str | None] = long_text("Notas", search=True)

    currency = computed("Moneda", "currency", _currency)
    effect = computed("Efecto en el saldo", "money", lambda moved: type_coerce(_signed(moved), Scaled(MONEY_DECIMALS)),
                      decimals=2, short="Efecto")  # fmt: skip

    screens = Screens(
        columns="date bank_account type concept client effect reference reconciled",
        filters="client bank_account type date reconciled",
        more_filters="number amount reference concept reconciled_on payment_form",
        sort="-date",
        form=[
            Section("Movimiento", "bank_account type date amount currency payment_form concept client reference "
                    "to_account to_amount"),
            Section("Conciliación", "reconciled reconciled_on payment_receipt cash_flow_entry", columns=4),
            Section("Notas", "notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        picker="date bank_account amount",
        head="bank_account date amount",
        state="type",
        total="effect",
        empty="Todavía no hay movimientos de caja ni de banco.",
    )  # fmt: skip

    def title_text(self) -> str:
        """Number and concept."""
        return f"{self.number or ''} {self.concept or ''}".strip()

    def derive(self) -> None:
        """Only a transfer goes to another account; what is reconciled was so some day."""
        if self.type != TransactionType.TRANSFER:
            self.to_account_id = self.to_amount = None
        if not self.reconciled:
            self.reconciled_on = None
        elif self.reconciled_on is None:
            self.reconciled_on = moments.present().astimezone().date()

    def problems(self) -> Iterator[Problem]:
        """Some money, to another account where it is a transfer."""
        if self.amount <= 0:
            yield Problem("amount", "El monto debe ser mayor que cero.")
        elif self.amount >= MAX_AMOUNT:
            yield Problem("amount", "El monto es demasiado grande.")
        if self.to_amount is not None and not 0 < self.to_amount < MAX_AMOUNT:
            yield Problem("to_amount", "El monto que llega debe ser mayor que cero.")
        if self.type == TransactionType.TRANSFER and self.to_account_id is None:
            yield Problem("to_account", "Indique a qué cuenta va.")
        if self.to_account_id is not None and self.to_account_id == self.bank_account_id:
            yield Problem("to_account", "Es la misma cuenta.")
