"""Cajas y bancos: the usual account, the movement of each real entry of the cash flow, transfers, reconciliation."""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.bank_account import AccountKind, BankAccount, BankTransaction, TransactionType
from db.models.cash_flow_entry import CashFlowEntry, CashKind, CashState
from db.models.priced import PaymentForm
from db.record import Problem
from oficrm import clock, records, settings
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, Loaded, Values
from oficrm.errors import Collected, Refused, ValidationError
from oficrm.finance import amounts, writing
from oficrm.hooks import Hooks
from oficrm.rules import banking
from oficrm.rules.problems import Invalid

_FIXED = ("bank_account", "type", "amount", "to_account", "to_amount", "date")
"""What a movement that was reconciled, or that follows something else, keeps."""


# --- accounts


def usual_account(session: Session, currency: str | None, payment_form: str | None) -> int | None:
    """Return the cash box or bank where money of this kind goes: the only active one of the kind, else of all.

    Those in the currency asked for come first, then those in the company's. None where there are several, or none.
    """
    company = settings.read(session).currency
    kind = AccountKind.CASH if payment_form == PaymentForm.CASH else AccountKind.BANK
    live = select(BankAccount.id).where(BankAccount.deleted_at.is_(None), BankAccount.is_active)
    for wanted in dict.fromkeys((currency or company, company)):
        there = live.where(BankAccount.currency == wanted).order_by(BankAccount.id).limit(2)
        for found in (session.scalars(there.where(BankAccount.kind == kind)).all(), session.scalars(there).all()):
            if len(found) == 1:
                return found[0]
            if found:
                return None
    return None


def account_for(session: Session, currency: str | None, payment_form: str | None) -> int:
    """Return the usual account; the first one of all is made here. Raises ValidationError where one must be chosen."""
    found = usual_account(session, currency, payment_form)
    if found is not None:
        return found
    if session.scalar(select(func.count(BankAccount.id)).where(BankAccount.deleted_at.is_(None))):
        raise ValidationError({"bank_account": ["Indique la caja o el banco."]})
    is_cash = payment_form == PaymentForm.CASH
    preset: Values = {"name": "Caja" if is_cash else "Banco", "currency": settings.read(session).currency,
                      "kind": AccountKind.CASH if is_cash else AccountKind.BANK}  # fmt: skip
    return writing.save(session, records.blank(session, "bank_account", preset).draft).id


def _check_account(session: Session, account: BankAccount, draft: Draft, problems: Collected) -> None:
    """Numbers with check digits are right; what moved already moved in this currency."""
    for name, check in (("clabe", banking.check_clabe), ("account_number", banking.check_account)):
        value = getattr(account, name)
        if value and value != draft.original.get(name):
            try:
                setattr(account, name, check(value))
            except Invalid as error:
                problems.add(name, error.message)
    if draft.id is not None and draft.original.get("currency") not in (None, account.currency):
        moved = select(BankTransaction.id).where(
            BankTransaction.bank_account_id == draft.id, BankTransaction.deleted_at.is_(None)
        )
        if session.scalar(moved.limit(1)) is not None:
            problems.add("currency", "Ya tiene movimientos en su moneda: abra otra cuenta.")


ACCOUNT_HOOKS = Hooks(check=_check_account)


# --- movements


def follow_entry(session: Session, entry: CashFlowEntry) -> None:
    """Bring the movement of an entry of the cash flow in line with it: one while it is real, none otherwise.

    Raises Refused when the movement is reconciled already and would change.
    """
    found = session.scalar(
        select(BankTransaction).where(
            BankTransaction.cash_flow_entry_id == entry.id, BankTransaction.deleted_at.is_(None)
        )
    )
    if entry.state != CashState.REAL or entry.deleted_at is not None:
        if found is not None:
            _take_back(found)
        return
    account = session.get_one(BankAccount, entry.bank_account_id)
    values: Values = {
        "bank_account_id": account.id, "date": entry.date, "concept": entry.concept, "client_id": entry.client_id,
        "type": TransactionType.DEPOSIT if entry.kind == CashKind.INCOME else TransactionType.WITHDRAWAL,
        "amount": amounts.into_account(session, entry.amount, entry.currency, entry.exchange_rate, account),
        "payment_form": entry.payment_form, "payment_receipt_id": entry.payment_receipt_id,
    }  # fmt: skip
    if found is None:
        made = records.blank(session, "bank_transaction", {"date": entry.date}).draft
        made.values |= {name.removesuffix("_id"): value for name, value in values.items()}
        made.preset["cash_flow_entry"] = entry.id
        made.accepted = frozenset({FOLLOWS})
        writing.save(session, made)
        return
    changed = {name: value for name, value in values.items() if getattr(found, name) != value}
    if changed and found.reconciled and changed.keys() & {"bank_account_id", "date", "type", "amount"}:
        raise Refused(_reconciled_text(found))
    for name, value in changed.items():
        setattr(found, name, value)


FOLLOWS = "follows_entry"
"""Accepted by the program when it writes a movement that follows something else."""


def _take_back(moved: BankTransaction) -> None:
    if moved.reconciled:
        raise Refused(_reconciled_text(moved))
    moved.deleted_at = clock.now()


def _reconciled_text(moved: BankTransaction) -> str:
    return f"«{moved.title}» está conciliado con el banco: quite antes la conciliación."


def _check_moved(session: Session, moved: BankTransaction, draft: Draft, problems: Collected) -> None:
    if FOLLOWS in draft.accepted:
        return
    if moved.type == TransactionType.TRANSFER_IN and moved.transfer_id is None:
        problems.add("type", "La hace el programa: elija «Transferencia» en la cuenta de la que sale.")
    if draft.id is not None and any(draft.original.get(name) != draft.values.get(name) for name in _FIXED):
        if draft.original.get("reconciled") and moved.reconciled:
            problems.add("", "Está conciliado: quite antes la marca.")
        if moved.cash_flow_entry_id is not None:
            problems.add("", "Sigue a su entrada de flujo: cámbiela allí.")
        if moved.transfer_id is not None:
            problems.add("", "Es la llegada de una transferencia: cámbiela en la cuenta de la que sale.")
    if moved.type == TransactionType.TRANSFER and moved.to_account_id is not None:
        _check_transfer(session, moved, problems)


def _check_transfer(session: Session, moved: BankTransaction, problems: Collected) -> None:
    here, there = (session.get(BankAccount, ident) for ident in (moved.bank_account_id, moved.to_account_id))
    if here is None or there is None:
        return
    if here.currency == there.currency:
        moved.to_amount = None
    elif moved.to_amount is None:
        problems.add("to_amount", f"Indique cuántos {there.currency} llegan.")


def _after_moved(session: Session, moved: BankTransaction, draft: Draft) -> None:
    if moved.transfer_id is None:
        _follow_transfer(session, moved)


def _follow_transfer(session: Session, moved: BankTransaction) -> None:
    """A transfer arrives in the other account: one movement there, as long as there is a transfer."""
    found = session.scalar(
        select(BankTransaction).where(BankTransaction.transfer_id == moved.id, BankTransaction.deleted_at.is_(None))
    )
    if moved.type != TransactionType.TRANSFER or moved.deleted_at is not None:
        if found is not None:
            _take_back(found)
        return
    values: Values = {
        "bank_account_id": moved.to_account_id, "date": moved.date, "amount": moved.to_amount or moved.amount,
        "concept": moved.concept, "client_id": moved.client_id, "payment_form": moved.payment_form,
    }  # fmt: skip
    if found is None:
        made = records.blank(session, "bank_transaction", {"date": moved.date}).draft
        made.values |= {name.removesuffix("_id"): value for name, value in values.items()}
        made.values["type"] = TransactionType.TRANSFER_IN
        made.preset["transfer"] = moved.id
        made.accepted = frozenset({FOLLOWS})
        writing.save(session, made)
        return
    changed = {name: value for name, value in values.items() if getattr(found, name) != value}
    if found.reconciled and changed.keys() & {"bank_account_id", "date", "amount"}:
        raise Refused(_reconciled_text(found))
    for name, value in changed.items():
        setattr(found, name, value)


def _leaving(session: Session, moved: BankTransaction) -> str | None:
    if moved.reconciled:
        return _reconciled_text(moved)
    if moved.cash_flow_entry_id is not None:
        entry = session.get(CashFlowEntry, moved.cash_flow_entry_id)
        if entry is not None and entry.deleted_at is None and entry.state == CashState.REAL:
            return f"«{moved.title}» sigue a la entrada de flujo «{entry.title}»: cancele aquella."
    return None


def _sound(session: Session, moved: BankTransaction) -> Iterator[Problem]:
    """Both ends of a transfer are there, or neither; a real entry moved money once."""
    if moved.transfer_id is not None:
        origin = session.get_one(BankTransaction, moved.transfer_id)
        if (origin.deleted_at is None) != (moved.deleted_at is None):
            yield Problem("", "Una transferencia sale de una cuenta y llega a la otra: van juntas.")
    if moved.type == TransactionType.TRANSFER:
        arrivals = select(func.count(BankTransaction.id)).where(
            BankTransaction.transfer_id == moved.id, BankTransaction.deleted_at.is_(None)
        )
        if session.scalar(arrivals) != (1 if moved.deleted_at is None else 0):
            yield Problem("", "Una transferencia sale de una cuenta y llega a la otra: van juntas.")
    if moved.cash_flow_entry_id is not None and moved.deleted_at is None:
        same = select(func.count(BankTransaction.id)).where(
            BankTransaction.cash_flow_entry_id == moved.cash_flow_entry_id, BankTransaction.deleted_at.is_(None)
        )
        entry = session.get_one(CashFlowEntry, moved.cash_flow_entry_id)
        if session.scalar(same) != 1 or entry.state != CashState.REAL:
            yield Problem("", "Ese movimiento ya no corresponde a su entrada de flujo.")


HOOKS = Hooks(check=_check_moved, after=_after_moved, leaving=_leaving, sound=_sound)


# --- what the user asks for


def _blank(kind: TransactionType, session: Session, ident: int) -> Loaded:
    return records.blank(session, "bank_transaction", {"bank_account": ident, "type": kind})


def reconcile(
    session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset(), *, on: bool = True
) -> Outcome:  # fmt: skip
    """Mark movements as found in the statement of the bank today, or take the mark away, as one operation."""
    word = "Conciliar" if on else "Quitar la conciliación"
    with operation(session, word) as opened:
        titles = []
        for moved in session.scalars(
            select(BankTransaction).where(BankTransaction.id.in_(ids), BankTransaction.deleted_at.is_(None))
        ):
            if moved.reconciled != on:
                moved.reconciled, moved.reconciled_on = on, clock.today() if on else None
                titles.append(moved.title)
        if not titles:
            return Outcome("Ya lo estaban." if on else "Ninguno estaba conciliado.")
        what = titles[0] if len(titles) == 1 else f"{len(titles)} movimientos"
        opened.label = f"{word}: {what}"[:300]
        session.info["last_operation"] = (opened.id, opened.label)
    return Outcome(f"{word}: {what}.")


ACCOUNT_COMMANDS = (
    Command("deposit", "Depositar", "add", blank=partial(_blank, TransactionType.DEPOSIT)),
    Command("withdraw", "Retirar", "take_off", blank=partial(_blank, TransactionType.WITHDRAWAL)),
    Command("transfer", "Transferir", "bank_transaction", blank=partial(_blank, TransactionType.TRANSFER)),
)
COMMANDS = (
    Command("reconcile", "Conciliar", "validate", run=reconcile, many=True),
    Command("unreconcile", "Quitar la conciliación", "reject", run=partial(reconcile, on=False), many=True),
)
