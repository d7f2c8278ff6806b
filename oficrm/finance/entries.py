"""Entries of the cash flow as people write them: what may be changed by hand, and the movement a real one makes."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.bank_account import BankTransaction
from db.models.cash_flow_entry import CashFlowEntry, CashState
from db.record import Problem
from db.registry import module
from oficrm import clock, commands, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft
from oficrm.errors import Collected, Refused, ValidationError
from oficrm.finance import amounts, banks, cash_flow
from oficrm.hooks import Hooks

_LED = ("date", "kind", "amount", "currency", "exchange_rate", "state", "client", "bank_account", "payment_form",
        "sales_order", "invoice", "payment_receipt", "credit_note", "purchase_order", "commission")  # fmt: skip
"""What an entry takes from the document it follows."""
BY_HAND = "purchase_order"
"""Whose payment is no document of its own: its entries are made real by hand."""


def _leader(entry: CashFlowEntry) -> str:
    return (entry.source or "").partition(":")[0]


def _check(session: Session, entry: CashFlowEntry, draft: Draft, problems: Collected) -> None:
    """What follows a document is changed there."""
    if draft.id is None or cash_flow.PROGRAM in draft.accepted or _leader(entry) in ("", BY_HAND):
        return
    if any(draft.original.get(name) != draft.values.get(name) for name in _LED):
        problems.add("", f"Sigue a {_leader_text(session, entry)}: cámbielo allí y la entrada cambia con él.")


def _leader_text(session: Session, entry: CashFlowEntry) -> str:
    table, _, ident = (entry.source or "").partition(":")
    if table == "credit_application":
        table, ident = "credit_note", str(entry.credit_note_id)
    return f"«{records.get(session, module(table), int(ident)).title}»"


def _before(session: Session, entry: CashFlowEntry, draft: Draft) -> None:
    amounts.complete(session, entry)


def _after(session: Session, entry: CashFlowEntry, draft: Draft) -> None:
    if cash_flow.PROGRAM in draft.accepted:
        return
    banks.follow_entry(session, entry)
    _follow_leader(session, entry)


def _follow_leader(session: Session, entry: CashFlowEntry) -> None:
    """What remains of a purchase that was paid in part is still expected."""
    if _leader(entry) == BY_HAND:
        from db.models.purchase_order import PurchaseOrder

        order = session.get_one(PurchaseOrder, int(str(entry.source).partition(":")[2]))
        if entry.state == CashState.REAL:
            cash_flow.follow_purchase(session, order)


def _leaving(session: Session, entry: CashFlowEntry) -> str | None:
    if entry.state == CashState.REAL and _movement(session, entry) is not None:
        return f"«{entry.title}» movió dinero: cancélela y se quita también su movimiento."
    if _leader(entry) and entry.state == CashState.PROJECTED:
        return f"«{entry.title}» sigue a {_leader_text(session, entry)}: cancele el documento."
    return None


def _movement(session: Session, entry: CashFlowEntry) -> int | None:
    return session.scalar(
        select(BankTransaction.id)
        .where(BankTransaction.cash_flow_entry_id == entry.id, BankTransaction.deleted_at.is_(None)).limit(1)
    )  # fmt: skip


def _sound(session: Session, entry: CashFlowEntry) -> Iterator[Problem]:
    """An entry that is not real moves nothing; a document is stated once."""
    stands = entry.deleted_at is None and entry.state != CashState.CANCELLED
    if not (stands and entry.state == CashState.REAL) and _movement(session, entry) is not None:
        yield Problem("", "Su movimiento de caja o banco quedaría suelto: cancele la entrada.")
    if stands and entry.source and not (entry.state == CashState.REAL and _leader(entry) == BY_HAND):
        same = select(func.count(CashFlowEntry.id)).where(
            CashFlowEntry.source == entry.source, CashFlowEntry.state == entry.state, CashFlowEntry.deleted_at.is_(None)
        )
        if (session.scalar(same) or 0) > 1:
            yield Problem("", f"{_leader_text(session, entry)} ya tiene su entrada de flujo.")
        yield from _leader_sound(session, entry)


def _leader_sound(session: Session, entry: CashFlowEntry) -> Iterator[Problem]:
    table, _, ident = str(entry.source).partition(":")
    if table in ("sales_order", "invoice", "payment_receipt"):
        yield from cash_flow.sound(session, records.get(session, module(table), int(ident)))


HOOKS = Hooks(check=_check, before=_before, after=_after, leaving=_leaving, sound=_sound)


def make_real(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Say of expected entries that the money moved today, in the usual account where they name none, as one operation.

    Raises Refused with what is wrong.
    """
    with operation(session, "Marcar como real") as opened:
        titles = []
        for ident in ids:
            draft = records.load(session, "cash_flow_entry", ident).draft
            values = draft.values
            try:
                account = values.get("bank_account") or banks.account_for(
                    session, values.get("currency"), values.get("payment_form")
                )
            except ValidationError as error:
                raise Refused(f"Indique antes la caja o el banco de «{values.get('concept')}».") from error
            values |= {"state": CashState.REAL, "bank_account": account, "date": clock.today()}
            draft.accepted = accepted
            titles.append(commands.save(session, draft).title)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} entradas de flujo"
        opened.label = f"Marcar como real: {what}"[:300]
        session.info["last_operation"] = (opened.id, opened.label)
    return Outcome(f"Marcar como real: {what}.")


COMMANDS = (
    Command("realize", "Marcar como real", "accept", run=make_real, many=True,
            states=frozenset({CashState.PROJECTED})),
)  # fmt: skip
