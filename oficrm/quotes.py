"""Quotes: amounts with their two precisions, allowed changes of state, copies."""

from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from db.models.product import Product
from db.models.quote import MAX_AMOUNT, TRANSITIONS, Quote, QuoteLine, QuoteStatus
from db.models.service import Service
from oficrm import records, settings
from oficrm.drafts import Draft, LineDraft, Loaded
from oficrm.errors import Collected, ValidationError
from oficrm.hooks import Hooks
from oficrm.rules import money

OFFERED = ("subject", "client_id", "date", "valid_until", "currency", "terms")
"""What an accepted quote keeps as it was; person, salesperson and notes may still change."""


def totals(lines: list[dict[str, Any]], values: settings.Settings) -> money.Totals:
    """Return the totals of lines given as field values; lines that are not complete yet count as nothing."""
    ready = [
        money.Line(_number(line["quantity"]), _number(line["unit_price"]), _number(line.get("discount_percent")),
                   _number(line.get("tax_rate")))
        for line in lines if _is_ready(line)
    ]  # fmt: skip
    return money.totals(ready, values["calc_decimals"], values["quote_decimals"])


def line_total(line: dict[str, Any], values: settings.Settings) -> Decimal | None:
    """Return the amount of one line, None while it is not complete or has an impossible discount or tax."""
    if not _is_ready(line):
        return None
    amounts = money.line_amounts(
        _number(line["quantity"]), _number(line["unit_price"]), _number(line.get("discount_percent")),
        _number(line.get("tax_rate")), values["calc_decimals"],
    )  # fmt: skip
    return amounts.base


def _is_ready(line: dict[str, Any]) -> bool:
    """Whether a line can be worked out: numbers where they are needed, discount and tax within reason."""
    if not (_is_number(line.get("quantity")) and _is_number(line.get("unit_price"))):
        return False
    return 0 <= _number(line.get("discount_percent")) <= 100 and _number(line.get("tax_rate")) >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _number(value: Any) -> Decimal:
    return Decimal(value) if _is_number(value) else Decimal(0)


def _check(session: Session, quote: Quote, draft: Draft, problems: Collected) -> None:
    """States follow each other as allowed, and what was accepted stays as it was."""
    before = draft.original.get("status")
    if draft.id is None or before is None:
        return
    if before == quote.status:
        if before == QuoteStatus.ACCEPTED and _offer_changes(session, quote, draft):
            problems.add("", "El cliente ya aceptó este presupuesto: duplíquelo para cambiar lo que se le ofrece.")
        return
    if quote.status not in TRANSITIONS[before]:
        allowed = ", ".join(QuoteStatus(key).label for key in QuoteStatus if key in TRANSITIONS[before])
        hint = f"Puede pasar a: {allowed}." if allowed else "Duplíquelo para seguir trabajando en él."
        problems.add("status", f"Un presupuesto «{QuoteStatus(before).label}» no puede pasar a ese estado. {hint}")


def _offer_changes(session: Session, quote: Quote, draft: Draft) -> bool:
    """Whether a form changes what the client was offered: its terms or any of its lines."""
    if any(inspect(quote).attrs[name].history.has_changes() for name in OFFERED):
        return True
    if "quote_line" not in draft.lines:
        return False
    kept_ids = {line.id for line in draft.lines["quote_line"]}
    stored = records.lines_of(session, QuoteLine, quote.id)
    gone = {line.id for line in stored} - kept_ids
    return None in kept_ids or bool(gone) or any(session.is_modified(line) for line in stored)


def _before(session: Session, quote: Quote, draft: Draft) -> None:
    """Work out lines and totals from what is stored now."""
    values = settings.read(session)
    session.flush()
    stored = session.scalars(select(QuoteLine).where(QuoteLine.quote_id == quote.id, QuoteLine.deleted_at.is_(None)))
    shown = []
    for line in stored:
        numbers = {name: getattr(line, name) for name in ("quantity", "unit_price", "discount_percent", "tax_rate")}
        line.line_total = line_total(numbers, values) or Decimal(0)
        shown.append(numbers)
    result = totals(shown, values)
    if abs(result.total) >= MAX_AMOUNT:
        raise ValidationError({"": ["El total del presupuesto es demasiado grande. Revise cantidades y precios."]})
    quote.subtotal, quote.tax_total, quote.total = result.base, result.tax, result.total


HOOKS = Hooks(check=_check, before=_before)


def item_defaults(session: Session, item: str) -> dict[str, Any]:
    """Return description, price and tax that a line takes from its product or service (``"product:5"``)."""
    target, _, ident = item.partition(":")
    if target == "product":
        product = session.get_one(Product, int(ident))
        return {"description": product.sales_description or product.name, "unit_price": product.sale_price,
                "tax_rate": product.tax_rate}  # fmt: skip
    service = session.get_one(Service, int(ident))
    return {"description": service.name, "unit_price": service.price, "tax_rate": service.tax_rate}


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
