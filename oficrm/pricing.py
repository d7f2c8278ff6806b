"""Documents with priced lines: what lines and documents come to, and what a line takes from its product or service."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client import Client
from db.models.price_list import PriceList, PriceListLine
from db.models.priced import MAX_AMOUNT, Priced
from db.models.product import Product
from db.models.service import Service
from db.registry import module, owner_link
from oficrm import records, settings
from oficrm.drafts import Draft, Values
from oficrm.errors import ValidationError
from oficrm.rules import money
from oficrm.rules.numbers import EXACT, round_half_up

LINES: dict[str, str] = {
    "quote": "quote_line", "sales_order": "sales_order_line", "purchase_order": "purchase_order_line",
    "invoice": "invoice_line", "credit_note": "credit_note_line", "subscription": "subscription_line",
    "opportunity": "opportunity_line",
}  # fmt: skip
"""The line table of each kind of document."""
COPIED = ("item", "description", "quantity", "unit_price", "discount_percent", "tax_rate", "comment")
"""What a line made from a line of another document takes over."""
RATE_DECIMALS = 6


def totals(lines: Sequence[Values], values: settings.Settings, discount_percent: Any = None) -> money.Totals:
    """Return the totals of lines given as field values; lines that are not complete yet count as nothing."""
    ready = [
        money.Line(_number(line["quantity"]), _number(line["unit_price"]), _number(line.get("discount_percent")),
                   _rate(line.get("tax_rate")))
        for line in lines if _is_ready(line)
    ]  # fmt: skip
    discount = _number(discount_percent)
    discount = discount if 0 <= discount <= 100 else Decimal(0)
    return money.totals(ready, values["calc_decimals"], values["quote_decimals"], discount)


def line_total(line: Values, values: settings.Settings) -> Decimal | None:
    """Return the amount of one line, None while it is not complete or has an impossible discount or tax."""
    if not _is_ready(line):
        return None
    amounts = money.line_amounts(
        _number(line["quantity"]), _number(line["unit_price"]), _number(line.get("discount_percent")),
        _rate(line.get("tax_rate")), values["calc_decimals"],
    )  # fmt: skip
    return amounts.base


def _is_ready(line: Values) -> bool:
    """Whether a line can be worked out: numbers where they are needed, discount and tax within reason."""
    if not (_is_number(line.get("quantity")) and _is_number(line.get("unit_price"))):
        return False
    return 0 <= _number(line.get("discount_percent")) <= 100 and _number(line.get("tax_rate")) >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _number(value: Any) -> Decimal:
    return Decimal(value) if _is_number(value) else Decimal(0)


def _rate(value: Any) -> Decimal | None:
    """No rate is exempt, which is not the same as a rate of nothing."""
    return Decimal(value) if _is_number(value) else None


def work_out(session: Session, document: Priced, draft: Draft) -> None:
    """Work out lines and totals of a document from what is stored now (Hooks.before).

    Raises ValidationError for more than a document can hold.
    """
    values = settings.read(session)
    session.flush()
    child = module(LINES[draft.table])
    owner = getattr(child, owner_link(child).attr)
    shown = []
    for line in session.scalars(select(child).where(owner == document.id, child.deleted_at.is_(None))):
        numbers = {name: getattr(line, name) for name in ("quantity", "unit_price", "discount_percent", "tax_rate")}
        line.line_total = line_total(numbers, values) or Decimal(0)  # type: ignore[attr-defined]
        shown.append(numbers)
    result = totals(shown, values, document.discount_percent)
    if abs(result.total) >= MAX_AMOUNT:
        label = type(document).module.label.lower()
        what = f"de la {label}" if type(document).module.feminine else f"del {label}"
        raise ValidationError({"": [f"El total {what} es demasiado grande. Revise cantidades y precios."]})
    document.subtotal, document.discount_total = result.subtotal, result.global_discount
    document.tax_total, document.total = result.tax, result.total


def complete_money(session: Session, document: Priced) -> None:
    """Give a document its currency and exchange rate where they are missing: those of the company, one to one."""
    company = settings.read(session).currency
    document.currency = document.currency or company
    if document.currency == company:
        document.exchange_rate = Decimal(1)
    elif document.exchange_rate is None:
        raise ValidationError({"exchange_rate": [f"Indique cuántos {company} vale un {document.currency}."]})


def client_money(session: Session, client: int) -> Values:
    """Return price list and currency that a document takes from its client."""
    price_list_id = session.scalar(select(Client.price_list_id).where(Client.id == client))
    if price_list_id is None:
        return {}
    return {"price_list": price_list_id} | list_money(session, price_list_id)


def list_money(session: Session, price_list: int) -> Values:
    """Return the currency that a document takes from its price list."""
    found = session.get(PriceList, price_list)
    return {"currency": found.currency} if found is not None else {}


def item_defaults(session: Session, item: str, values: Values) -> Values:
    """Return description, price and tax that a line takes from its product or service (``"product:5"``).

    ``values`` are those of the document: the price is that of its list, else the item's own, in the document's
    currency as far as the exchange rate is known.
    """
    target, _, ident = item.partition(":")
    found = session.get_one(module(target), int(ident))
    company = settings.read(session).currency
    currency = values.get("currency") or company
    if isinstance(found, Product):
        text, price = found.sales_description or found.name, found.sale_price
    else:
        assert isinstance(found, Service)
        text, price = found.name, found.price
    listed = _listed_price(session, values.get("price_list"), item, currency)
    if listed is None:
        listed = _converted(price, company, currency, values.get("exchange_rate"))
    return {"description": text, "unit_price": listed, "tax_rate": found.tax_rate}


def purchase_defaults(session: Session, item: str, values: Values) -> Values:
    """Return the same for a line of a purchase: what the item costs us."""
    brought = item_defaults(session, item, values | {"price_list": None})
    target, _, ident = item.partition(":")
    cost = getattr(session.get_one(module(target), int(ident)), "cost", None)
    company = settings.read(session).currency
    currency = values.get("currency") or company
    return brought | {"unit_price": _converted(cost or Decimal(0), company, currency, values.get("exchange_rate"))}


def _listed_price(session: Session, price_list: Any, item: str, currency: str) -> Decimal | None:
    """The price of an item in a list, None where it has none or the list is in another currency."""
    if not isinstance(price_list, int):
        return None
    target, _, ident = item.partition(":")
    column = PriceListLine.product_id if target == "product" else PriceListLine.service_id
    statement = (
        select(PriceListLine.price)
        .join(PriceList, PriceList.id == PriceListLine.price_list_id)
        .where(PriceListLine.price_list_id == price_list, column == int(ident), PriceListLine.deleted_at.is_(None),
               PriceList.currency == currency)
        .order_by(PriceListLine.id.desc()).limit(1)
    )  # fmt: skip
    return session.scalar(statement)


def _converted(price: Decimal, company: str, currency: str, rate: Any) -> Decimal:
    """A price of the company's currency in another one, by units of ours for one of theirs."""
    if currency == company or not _is_number(rate) or not rate:
        return price
    return round_half_up(EXACT.divide(price, Decimal(rate)), 4)


def lines_from(session: Session, table: str, ident: int) -> list[tuple[int, Values]]:
    """Return the lines of a document as another document may take them over: id and values."""
    child = module(LINES[table])
    return [(line.id, {name: getattr(line, name) for name in COPIED})
            for line in records.lines_of(session, child, ident)]  # fmt: skip


LineDefaults = Callable[[Session, str, Values], Values]
"""What a line takes from its item: session, item, values of the document."""


def line_defaults(table: str) -> LineDefaults:
    """Return what the lines of a kind of document take from their items."""
    return purchase_defaults if table == "purchase_order" else item_defaults
