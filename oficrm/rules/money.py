"""Money: parsing, formatting and the totals of a document. Decimal only, halves away from zero.

A document has two precisions (Parámetros): the lines and their tax are worked out at the *calculation* decimals, and
the total is rounded once, at the document's own *total* decimals.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from oficrm.rules.numbers import EXACT, format_decimal, parse_decimal, round_half_up
from oficrm.rules.problems import Invalid

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
_SYMBOLS = re.compile(r"US\$|MX\$|[$€]|\b(?:EUR|MXN|USD|euros?|pesos?)\b", re.IGNORECASE)
# Currency -> (text before, text after, country whose separators it uses).
_CURRENCIES = {"EUR": ("", " €", "ES"), "MXN": ("$", "", "MX"), "USD": ("US$", "", "MX")}
_SYMBOL_FIRST = frozenset({"MX", "US"})
_COUNTRY_CURRENCY = {"ES": "EUR", "MX": "MXN"}


@dataclass(frozen=True, slots=True)
class Line:
    """What a document line states. `tax_rate` and `discount_percent` are percentages; None is exempt of tax."""

    quantity: Decimal
    price: Decimal
    discount_percent: Decimal = _ZERO
    tax_rate: Decimal | None = _ZERO


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What a line comes to. `gross` - `discount` = `base`; `base` + `tax` = `total`."""

    gross: Decimal
    discount: Decimal
    base: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """The part of a document under one rate; None is the exempt part."""

    rate: Decimal | None
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of a document. `total` is the only amount at the total decimals; the rest are at the calculation's.

    `gross` - `discount` (of the lines) = `subtotal`; less the `global_discount` it is the taxed `base`; with `tax` it
    is the total, before it is rounded.
    """

    lines: tuple[LineAmounts, ...]
    gross: Decimal
    discount: Decimal
    subtotal: Decimal
    global_discount: Decimal
    base: Decimal
    tax: Decimal
    total: Decimal
    taxes: tuple[TaxGroup, ...]


def currency_of(country: str) -> str:
    """The currency that documents of a company in `country` start with."""
    return _COUNTRY_CURRENCY.get(country.upper(), "EUR")


def parse_amount(text: str, country: str = "ES", *, max_decimals: int = 6) -> Decimal:
    """An amount of money typed with or without its symbol. Raises Invalid; see numbers.parse_decimal for separators."""
    return parse_decimal(_SYMBOLS.sub(" ", text, count=1), country, max_decimals=max_decimals)


def format_amount(value: Decimal, currency: str = "EUR", decimals: int = 2, country: str | None = None) -> str:
    """ "1.240,00 €", "$1,240.00", "-$5.00"; a currency without a known form stands after the number by its code.

    ``country`` is where it is read: all amounts of a page have the same separators there ("1.240,00 US$" in Spain).
    Without it an amount is written as at home.
    """
    before, after, home = _CURRENCIES.get(currency, ("", f" {currency}", "ES"))
    country = country or home
    if before and country not in _SYMBOL_FIRST:
        before, after = "", f" {before if len(before) > 1 else currency}"  # "$" alone is everybody's
    rounded = round_half_up(value, decimals)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{before}{format_decimal(abs(rounded), country, decimals)}{after}"


def line_amounts(
    quantity: Decimal, price: Decimal, discount_percent: Decimal, tax_rate: Decimal | None, calc_decimals: int
) -> LineAmounts:
    """Quantity x price less the discount, rounded once at `calc_decimals`; tax on that base, rounded likewise.

    The gross amount and the discount are shown rounded too, in such a way that they add up to the base.
    Raises Invalid for a discount outside 0..100 or a negative tax rate.
    """
    if not 0 <= discount_percent <= 100:
        raise Invalid("El descuento debe estar entre 0 y 100.")
    if tax_rate is not None and tax_rate < 0:
        raise Invalid("El tipo de IVA no puede ser negativo.")
    exact = EXACT.multiply(quantity, price)
    net = EXACT.divide(EXACT.multiply(exact, _HUNDRED - discount_percent), _HUNDRED)
    gross, base = round_half_up(exact, calc_decimals), round_half_up(net, calc_decimals)
    tax = _ZERO if tax_rate is None else EXACT.divide(EXACT.multiply(base, tax_rate), _HUNDRED)
    tax = round_half_up(tax, calc_decimals)
    return LineAmounts(gross, gross - base, base, tax, base + tax)


@dataclass(frozen=True, slots=True)
class Part:
    """What one line adds to the foot of a document: its amounts, and what a discount on the whole makes of them."""

    rate: Decimal | None
    amounts: LineAmounts
    taken_off: Decimal
    taxed: Decimal
    tax: Decimal


def part(line: Line, calc_decimals: int, discount_percent: Decimal = _ZERO) -> Part:
    """Work out one line. A discount on the whole takes its part off the line's base before tax, so it lowers the tax.

    Raises Invalid as line_amounts does.
    """
    amounts = line_amounts(line.quantity, line.price, line.discount_percent, line.tax_rate, calc_decimals)
    taken_off, taxed, tax = _less(amounts, line.tax_rate, discount_percent, calc_decimals)
    return Part(line.tax_rate, amounts, taken_off, taxed, tax)


class Sums:
    """The sums of a document's lines, which may come and go one by one: adding and taking away are exact."""

    def __init__(self, calc_decimals: int) -> None:
        nothing = round_half_up(_ZERO, calc_decimals)
        self._gross = self._discount = self._subtotal = self._taken_off = self._nothing = nothing
        self._groups: dict[Decimal | None, tuple[int, Decimal, Decimal]] = {}

    def add(self, each: Part) -> None:
        """Count a line."""
        self._gross += each.amounts.gross
        self._discount += each.amounts.discount
        self._subtotal += each.amounts.base
        self._taken_off += each.taken_off
        count, base, tax = self._groups.get(each.rate, (0, self._nothing, self._nothing))
        self._groups[each.rate] = (count + 1, base + each.taxed, tax + each.tax)

    def take(self, each: Part) -> None:
        """Count a line no longer."""
        self._gross -= each.amounts.gross
        self._discount -= each.amounts.discount
        self._subtotal -= each.amounts.base
        self._taken_off -= each.taken_off
        count, base, tax = self._groups[each.rate]
        self._groups[each.rate] = (count - 1, base - each.taxed, tax - each.tax)
        if count == 1:
            del self._groups[each.rate]

    def totals(self, lines: Iterable[LineAmounts], total_decimals: int) -> Totals:
        """The foot as it stands; ``lines`` are the amounts of the lines counted."""
        tax_total = sum((tax for _, _, tax in self._groups.values()), self._nothing)
        by_rate = sorted(self._groups.items(), key=lambda group: _ZERO - 1 if group[0] is None else group[0])
        base = self._subtotal - self._taken_off
        return Totals(
            lines=tuple(lines),
            gross=self._gross,
            discount=self._discount,
            subtotal=self._subtotal,
            global_discount=self._taken_off,
            base=base,
            tax=tax_total,
            total=round_half_up(base + tax_total, total_decimals),
            taxes=tuple(TaxGroup(rate, base, tax) for rate, (_, base, tax) in by_rate),
        )


def totals(lines: Iterable[Line], calc_decimals: int, total_decimals: int, discount_percent: Decimal = _ZERO) -> Totals:
    """The foot of a document: sums at the calculation decimals, the total rounded once at `total_decimals`."""
    parts = [part(line, calc_decimals, discount_percent) for line in lines]
    sums = Sums(calc_decimals)
    for each in parts:
        sums.add(each)
    return sums.totals((each.amounts for each in parts), total_decimals)


def _less(
    amount: LineAmounts, tax_rate: Decimal | None, discount_percent: Decimal, decimals: int
) -> tuple[Decimal, Decimal, Decimal]:
    """What a discount on the whole takes off a line, what is left to be taxed, and its tax."""
    if not discount_percent:
        return round_half_up(_ZERO, decimals), amount.base, amount.tax
    part = round_half_up(EXACT.divide(EXACT.multiply(amount.base, discount_percent), _HUNDRED), decimals)
    taxed = amount.base - part
    rate = _ZERO if tax_rate is None else tax_rate
    return part, taxed, round_half_up(EXACT.divide(EXACT.multiply(taxed, rate), _HUNDRED), decimals)
