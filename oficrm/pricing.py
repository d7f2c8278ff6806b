"""Documents with priced lines: what lines and documents come to, and what a line takes from its product or service."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.price_list import PriceList, PriceListLine
from db.models.priced import MAX_AMOUNT, Priced
from db.models.product import Product
from db.models.service import Service
from db.registry import module, owner_link
from db.types import MONEY_DECIMALS
from oficrm import records, settings
from oficrm.drafts import Draft, Values
from oficrm.errors import ValidationError
from oficrm.rules import money
from oficrm.rules.numbers import EXACT, round_half_up
from oficrm.sales.parties import is_in_force

LINES: dict[str, str] = {
    "quote": "quote_line", "sales_order": "sales_order_line", "purchase_order": "purchase_order_line",
    "invoice": "invoice_line", "credit_note": "credit_note_line", "subscription": "subscription_line",
    "opportunity": "opportunity_line",
}  # fmt: skip
"""The line table of each kind of document."""
COPIED = ("item", "description", "quantity", "unit_price", "discount_percent", "tax_rate", "comment")
"""What a line made from a line of another document takes over."""


def totals(lines: Sequence[Values], values: settings.Settings, discount_percent: Any = None) -> money.Totals:
    """Return the totals of lines given as field values; lines that are not complete yet count as nothing."""
    return RunningTotals(values).of(lines, discount_percent)


class RunningTotals:
    """The totals of a form's lines: of a thousand, only the one that was written in is worked out again.

    Lines are known by their dictionaries, which the form keeps while they are there.
    """

    def __init__(self, values: settings.Settings) -> None:
        self._decimals, self._total_decimals = values["calc_decimals"], values["quote_decimals"]
        self._known: dict[int, tuple[Values, tuple[Any, ...], money.Part | None]] = {}
        self._discount = Decimal(0)
        self._sums = money.Sums(self._decimals)

    def of(self, lines: Sequence[Values], discount_percent: Any = None) -> money.Totals:
        """Return the totals of these lines; a discount that is not complete yet counts as nothing."""
        discount = _number(discount_percent)
        discount = discount if 0 <= discount <= 100 else Decimal(0)
        if discount != self._discount:
            self._known, self._discount, self._sums = {}, discount, money.Sums(self._decimals)
        known = self._known
        for line in lines:
            stated = (line.get("quantity"), line.get("unit_price"), line.get("discount_percent"), line.get("tax_rate"))
            before = known.get(id(line))
            if before is None or before[1] != stated:
                self._work_out(line, stated, before[2] if before is not None else None)
        if len(known) != len(lines):
            self._drop({id(line) for line in lines})
        parts = (known[id(line)][2] for line in lines)
        return self._sums.totals((part.amounts for part in parts if part is not None), self._total_decimals)

    def _work_out(self, line: Values, stated: tuple[Any, ...], before: money.Part | None) -> None:
        if before is not None:
            self._sums.take(before)
        part = None
        if _is_ready(line):
            quantity, price, off, rate = stated
            wanted = money.Line(_number(quantity), _number(price), _number(off), _rate(rate))
            part = money.part(wanted, self._decimals, self._discount)
            self._sums.add(part)
        self._known[id(line)] = (line, stated, part)

    def _drop(self, present: set[int]) -> None:
        for key in self._known.keys() - present:
            part = self._known.pop(key)[2]
            if part is not None:
                self._sums.take(part)


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
        amount = line_total(numbers, values) or Decimal(0)
        if line.line_total != amount:  # type: ignore[attr-defined]
            line.line_total = amount  # type: ignore[attr-defined]
        shown.append(numbers)
    result = totals(shown, values, document.discount_percent)
    if abs(result.total) >= MAX_AMOUNT:
        label = type(document).module.named(1)
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


def item_defaults(session: Session, item: str, values: Values) -> Values:
    """Return description, price and tax that a line takes from its product or service (``"product:5"``).

    ``values`` are those of the document: the price is that of its list while this is in force, else the item's own;
    either in the document's currency as far as the exchange rate is known.
    """
    target, _, ident = item.partition(":")
    found = session.get_one(module(target), int(ident))
    text = found.name if isinstance(found, Service) else (found.sales_description or found.name)  # type: ignore[attr-defined]
    price = prices(session, [item], values)[item]
    return {"description": text, "unit_price": price, "tax_rate": found.tax_rate}  # type: ignore[attr-defined]


def purchase_defaults(session: Session, item: str, values: Values) -> Values:
    """Return the same for a line of a purchase: what the item costs us."""
    brought = item_defaults(session, item, values | {"price_list": None})
    target, _, ident = item.partition(":")
    cost = getattr(session.get_one(module(target), int(ident)), "cost", None)
    return brought | {"unit_price": _Money.of(session, values).from_company(cost or Decimal(0))}


def prices(session: Session, items: Iterable[str], values: Values) -> dict[str, Decimal]:
    """Return what items cost in a document with these values, by item; those that are gone are missing."""
    wanted: dict[str, list[int]] = {"product": [], "service": []}
    for item in set(items):
        target, _, ident = item.partition(":")
        wanted[target].append(int(ident))
    money_of = _Money.of(session, values)
    found: dict[str, Decimal] = {}
    own: tuple[tuple[str, Any, Any], ...] = (
        ("product", Product.id, Product.sale_price),
        ("service", Service.id, Service.price),
    )
    for target, column, price in own:
        for part in chunks(wanted[target]):
            for ident, amount in session.execute(select(column, price).where(column.in_(part))):
                found[f"{target}:{ident}"] = money_of.from_company(amount)
    return found | _listed(session, values.get("price_list"), wanted, money_of)


@dataclass(frozen=True, slots=True)
class _Money:
    """The company's currency, that of a document, and units of the first for one of the second where known."""

    company: str
    currency: str
    rate: Decimal | None

    @classmethod
    def of(cls, session: Session, values: Values) -> "_Money":
        company = settings.read(session).currency
        rate = values.get("exchange_rate")
        return cls(company, values.get("currency") or company, Decimal(rate) if _is_number(rate) and rate else None)

    def from_company(self, price: Decimal) -> Decimal:
        """A price of ours in the document's currency; as it is while the rate is not known."""
        if self.currency == self.company or self.rate is None:
            return price
        return round_half_up(EXACT.divide(price, self.rate), MONEY_DECIMALS)

    def from_list(self, price: Decimal, currency: str) -> Decimal | None:
        """A price of a list in the document's currency, None where no rate leads from one to the other."""
        if currency == self.currency:
            return price
        return self.from_company(price) if currency == self.company and self.rate is not None else None


def _listed(session: Session, price_list: Any, wanted: dict[str, list[int]], money_of: _Money) -> dict[str, Decimal]:
    """The prices of a list in force, by item."""
    chosen = session.get(PriceList, price_list) if isinstance(price_list, int) else None
    if chosen is None or not is_in_force(chosen):
        return {}
    found: dict[str, Decimal] = {}
    for target, column in (("product", PriceListLine.product_id), ("service", PriceListLine.service_id)):
        for part in chunks(wanted[target]):
            statement = select(column, PriceListLine.price).where(
                PriceListLine.price_list_id == chosen.id, PriceListLine.deleted_at.is_(None), column.in_(part)
            )
            for ident, amount in session.execute(statement.order_by(PriceListLine.id)):
                price = money_of.from_list(amount, chosen.currency)
                if price is not None:
                    found[f"{target}:{ident}"] = price
    return found


def repriced(session: Session, lines: Sequence[Values], before: Values, now: Values) -> list[Decimal | None]:
    """Return the new price of each line after the document's list, currency or rate changed; None to leave it alone.

    A price is touched only if it is what the document brought before: one that somebody typed stays.
    """
    items = [line["item"] for line in lines if _is_item(line.get("item"))]
    old, new = prices(session, items, before), prices(session, items, now)
    found: list[Decimal | None] = []
    for line in lines:
        item = str(line.get("item"))
        is_brought = item in old and line.get("unit_price") == old[item]
        found.append(new[item] if is_brought and new[item] != old[item] else None)
    return found


def _is_item(value: Any) -> bool:
    """A cell may still hold what somebody is typing."""
    target, _, ident = value.partition(":") if isinstance(value, str) else ("", "", "")
    return target in ("product", "service") and ident.isdigit()


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
