"""Opportunities: their money, and what quotes and sales do for the one they come from.

These say that it may be won, and win it when asked.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from db.history import operation
from db.models.opportunity import Opportunity, Stage
from db.models.quote import Quote
from db.models.sales_order import SalesOrder
from oficrm import commands, pricing, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, LineDraft, Values
from oficrm.errors import Refused
from oficrm.finance import amounts
from oficrm.hooks import Hooks
from oficrm.sales import parties


def open_one(session: Session, document: Quote | SalesOrder) -> Opportunity | None:
    """Return the opportunity a document comes from while it is still open."""
    found = session.get(Opportunity, document.opportunity_id) if document.opportunity_id is not None else None
    return found if found is not None and found.deleted_at is None and not found.is_closed else None


def remark(session: Session, document: Quote | SalesOrder) -> str:
    """Return what to say once the client has agreed: nothing is closed by itself."""
    found = open_one(session, document)
    if found is None:
        return ""
    return f"La oportunidad «{found.title}» sigue abierta: puede cerrarla como ganada desde las acciones."


def win(table: str, states: str) -> Command:
    """Return the command by which a document closes its opportunity as won."""

    def run(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
        return _win(session, table, ids[0], accepted)

    return Command("win_opportunity", "Cerrar la oportunidad como ganada", "won", run=run,
                   states=frozenset(states.split()))  # fmt: skip


def _win(session: Session, table: str, ident: int, accepted: frozenset[str]) -> Outcome:
    model: Any = Quote if table == "quote" else SalesOrder
    document = session.get_one(model, ident)
    found = open_one(session, document)
    if found is None:
        raise Refused("No tiene ninguna oportunidad abierta.")
    with operation(session, f"Cerrar como ganada {found.title}"[:300]):
        draft = records.load(session, "opportunity", found.id).draft
        draft.values["stage"] = Stage.WON
        if found.amount is None or found.amount == Decimal(0):
            names = ("currency", "exchange_rate")
            draft.values |= {"amount": document.total} | {name: getattr(document, name) for name in names}
        draft.accepted = accepted
        commands.save(session, draft)
    return Outcome(f"Oportunidad ganada: {found.title}.")


def carry_lines(session: Session, draft: Draft, *origins: str) -> None:
    """Give a new document the lines of the first of these documents that it is made from (Hooks.start)."""
    table = pricing.LINES[draft.table]
    for origin in origins:
        ident = draft.values.get(origin)
        if isinstance(ident, int) and not draft.lines.get(table):
            draft.lines[table] = [LineDraft(None, values) for _, values in pricing.lines_from(session, origin, ident)]


def _fill(session: Session, name: str, values: Values) -> Values:
    """A currency brings the rate last used for it (Hooks.fill)."""
    return parties.fill("opportunity", session, name, values) if name == "currency" else {}


def _before(session: Session, opportunity: Opportunity, draft: Draft) -> None:
    if opportunity.currency and not opportunity.exchange_rate:
        opportunity.exchange_rate = parties.rate(session, opportunity.currency)
    amounts.complete(session, opportunity)


HOOKS = Hooks(fill=_fill, follows=("currency",), before=_before)
OF_SALES = (win("sales_order", "authorized"),)
