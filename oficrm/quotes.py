"""Quotes: what they take from their client, their totals, copies."""

from sqlalchemy.orm import Session

from db.models.quote import Quote
from oficrm import pricing, records
from oficrm.drafts import Draft, LineDraft, Loaded, Values
from oficrm.hooks import Hooks


def _fill(session: Session, name: str, values: Values) -> Values:
    if name == "client" and isinstance(values.get("client"), int):
        return pricing.client_money(session, values["client"])
    if name == "price_list" and isinstance(values.get("price_list"), int):
        return pricing.list_money(session, values["price_list"])
    return {}


def _before(session: Session, quote: Quote, draft: Draft) -> None:
    pricing.complete_money(session, quote)
    pricing.work_out(session, quote, draft)


HOOKS = Hooks(fill=_fill, before=_before)


def duplicate(session: Session, ident: int) -> Loaded:
    """Return a new quote filled from another: client, lines and texts; number, dates and state start afresh."""
    source = records.load(session, "quote", ident)
    kept = ("subject", "client", "person", "opportunity", "salesperson", "currency", "terms")
    preset = {name: source.draft.values.get(name) for name in kept} | {"duplicated_from": ident}
    made = records.blank(session, "quote", preset)
    made.draft.preset["copy_number"] = session.get_one(Quote, ident).copy_number + 1
    lines = source.draft.lines.get("quote_line", [])
    made.draft.lines["quote_line"] = [LineDraft(None, dict(line.values)) for line in lines]
    made.line_titles = source.line_titles
    return made
