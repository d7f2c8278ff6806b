"""Quotes: what they take from their client and opportunity, their totals, copies, and sales made of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.quote import OPEN, Quote, QuoteStatus
from db.models.sales_order import SalesOrder
from oficrm import clock, commands, flows, pricing, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, Loaded, Saved
from oficrm.errors import NeedsConfirmation
from oficrm.hooks import Hooks
from oficrm.sales import opportunities, parties

LAPSED, AGAIN = "lapsed_quote", "convert_again"
"""What is asked before an offer that has lapsed is accepted, and before it is sold a second time."""


def _before(session: Session, quote: Quote, draft: Draft) -> None:
    has_lapsed = flows.entered(quote, draft, QuoteStatus.ACCEPTED) and quote.valid_until < clock.today()
    if has_lapsed and LAPSED not in draft.accepted:
        text = f"Este presupuesto venció el {quote.valid_until:%d/%m/%Y}. ¿Se acepta de todos modos?"
        raise NeedsConfirmation(LAPSED, text, "Aceptarlo")
    pricing.complete_money(session, quote)
    pricing.work_out(session, quote, draft)


def _outcome(session: Session, quote: Quote, draft: Draft, saved: Saved) -> Saved:
    if flows.entered(quote, draft, QuoteStatus.ACCEPTED):
        return replace(saved, message=opportunities.remark(session, quote))
    return saved


def _start(session: Session, draft: Draft) -> None:
    opportunities.carry_lines(session, draft, "opportunity")


def convert(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Make a sale of a quote, with all it holds, as one operation; one that was not accepted yet is accepted by it.

    Raises NeedsConfirmation for one that has lapsed, or was sold before.
    """
    quote = session.get_one(Quote, ids[0])
    known = select(SalesOrder.title).where(SalesOrder.quote_id == quote.id, SalesOrder.deleted_at.is_(None),
                                           SalesOrder.status != "cancelled")  # fmt: skip
    before = session.scalar(known.order_by(SalesOrder.id.desc()).limit(1))
    if before is not None and AGAIN not in accepted:
        raise NeedsConfirmation(AGAIN, f"De este presupuesto ya se hizo «{before}». ¿Hacer otra venta?", "Hacer otra")
    with operation(session, f"Convertir en venta {quote.title}"[:300]) as done:
        if quote.status == QuoteStatus.DRAFT:
            commands.advance(session, "quote", [quote.id], QuoteStatus.SENT, accepted)
        if quote.status != QuoteStatus.ACCEPTED:
            commands.advance(session, "quote", [quote.id], QuoteStatus.ACCEPTED, accepted)
        saved = commands.save(session, sale_of(session, quote).draft)
        done.label = f"Convertir en venta {quote.title}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    remark = opportunities.remark(session, quote)
    return Outcome(f"Venta {saved.title} hecha. {remark}".strip(), open=("sales_order", saved.id))


def sale_of(session: Session, quote: Quote) -> Loaded:
    """Return a new sale with everything a quote holds."""
    fields = type(quote).fields
    kept = {name: getattr(quote, fields[name].attr) for name in parties.ORIGINS["quote"]}
    return records.blank(session, "sales_order", kept | {"quote": quote.id})


def _copied(session: Session, ident: int, draft: Draft) -> None:
    """A duplicate tells which one it is of, and its version."""
    draft.preset |= {"duplicated_from": ident, "copy_number": session.get_one(Quote, ident).copy_number + 1}


HOOKS = Hooks(
    copied=_copied,
    fill=partial(parties.fill, "quote"),
    follows=("currency",),
    start=_start,
    before=_before,
    outcome=_outcome,
)

COMMANDS = (
    Command("convert", "Convertir en venta", "sale", run=convert,
            states=frozenset({*OPEN, QuoteStatus.ACCEPTED})),
    opportunities.win("quote", "accepted"),
)  # fmt: skip
