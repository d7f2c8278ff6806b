from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules import money
from oficrm.rules.money import Line, currency_of, format_amount, line_amounts, parse_amount, totals
from oficrm.rules.numbers import round_half_up
from oficrm.rules.problems import Invalid

D = Decimal
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
LINES = st.builds(
    Line,
    quantity=st.decimals(0, 10_000, places=3),
    price=st.decimals(0, 100_000, places=4),
    discount_percent=st.decimals(0, 100, places=2),
    tax_rate=st.sampled_from([None, D(0), D(4), D(10), D(21), D(16), D(8)]),
)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("1240", "EUR", "1.240,00 €"),
        ("1240", "MXN", "$1,240.00"),
        ("-5.005", "EUR", "-5,01 €"),
        ("-5", "MXN", "-$5.00"),
        ("0.004", "EUR", "0,00 €"),
        ("-0.004", "MXN", "$0.00"),
        ("1234567.891", "USD", "US$1,234,567.89"),
        ("12", "GBP", "12,00 GBP"),
    ],
)
def test_amounts_are_written_as_their_currency_is(value: str, currency: str, shown: str) -> None:
    assert format_amount(D(value), currency) == shown


@pytest.mark.parametrize(
    ("value", "currency", "country", "shown"),
    [
        ("837.11", "USD", "ES", "837,11 US$"),
        ("-1240", "MXN", "ES", "-1.240,00 MXN"),
        ("1240", "EUR", "ES", "1.240,00 €"),
        ("1240", "EUR", "MX", "1,240.00 €"),
        ("1240", "USD", "MX", "US$1,240.00"),
        ("1240", "GBP", "MX", "1,240.00 GBP"),
    ],
)
def test_all_amounts_of_a_page_have_the_separators_of_who_reads_it(
    value: str, currency: str, country: str, shown: str
) -> None:
    assert format_amount(D(value), currency, country=country) == shown


def test_decimals_can_be_chosen() -> None:
    assert format_amount(D("0.12345"), "EUR", 4) == "0,1235 €"
    assert format_amount(D("1240.5"), "MXN", 0) == "$1,241"


@pytest.mark.parametrize(
    ("typed", "country", "value"),
    [
        ("1.240,50 €", "ES", "1240.5"),
        ("€ 1240.5", "ES", "1240.5"),
        ("$1,240.50", "MX", "1240.5"),
        ("1.240,50 euros", "MX", "1240.5"),
        ("MXN 1,240", "MX", "1240"),
        ("US$ 5", "MX", "5"),
        ("-$5.00", "MX", "-5"),
        ("1.240", "ES", "1240"),
    ],
)
def test_amounts_are_read_with_or_without_symbol(typed: str, country: str, value: str) -> None:
    assert parse_amount(typed, country) == D(value)


@pytest.mark.parametrize("typed", ["", "€", "1 € 2 €", "mil", "1.240,50,20"])
def test_other_texts_are_no_amount(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_amount(typed)


@given(AMOUNTS, st.sampled_from([("EUR", "ES"), ("MXN", "MX"), ("USD", "MX")]))
def test_a_written_amount_reads_back(value: Decimal, where: tuple[str, str]) -> None:
    assert parse_amount(format_amount(value, where[0]), where[1]) == value


def test_currency_follows_the_country() -> None:
    assert [currency_of(country) for country in ("ES", "mx", "FR")] == ["EUR", "MXN", "EUR"]


def test_a_line_is_rounded_once_after_its_discount() -> None:
    # 3 x 0.335 = 1.005; rounded before the discount it would come to 1.01 - 50 % = 0.505 -> 0.51.
    amounts = line_amounts(D(3), D("0.335"), D(50), D(21), 2)
    assert (amounts.base, amounts.tax, amounts.total) == (D("0.50"), D("0.11"), D("0.61"))
    assert amounts.gross - amounts.discount == amounts.base


def test_the_total_is_rounded_once_at_its_own_decimals() -> None:
    # Three lines of 0.3333 + 21 %: rounding each line at two decimals would lose a cent.
    document = totals([Line(D(1), D("0.3333"), D(0), D(21))] * 3, calc_decimals=4, total_decimals=2)
    assert document.base == D("0.9999")
    assert document.tax == D("0.2100")
    assert document.total == D("1.21")
    assert totals([Line(D(1), D("0.3333"), D(0), D(21))] * 3, 2, 2).total == D("1.20")


def test_tax_is_broken_down_by_rate_with_the_exempt_part_first() -> None:
    document = totals(
        [Line(D(2), D(100), D(10), D(21)), Line(D(1), D(50), D(0), None), Line(D(1), D(10), D(0), D("21.00"))], 2, 2
    )
    assert [(group.rate, group.base, group.tax) for group in document.taxes] == [
        (None, D(50), D(0)),
        (D(21), D(190), D("39.90")),
    ]
    assert (document.gross, document.discount, document.total) == (D(260), D(20), D("279.90"))


def test_an_empty_document_comes_to_zero() -> None:
    document = totals([], 4, 2)
    assert document.total == 0
    assert document.taxes == ()


def test_impossible_discounts_and_rates_are_refused() -> None:
    for discount, rate in ((D("-1"), D(21)), (D("100.5"), D(21)), (D(0), D(-1))):
        with pytest.raises(Invalid):
            line_amounts(D(1), D(1), discount, rate, 2)


@given(st.lists(LINES, max_size=8), st.integers(2, 6), st.integers(0, 4))
def test_the_foot_always_adds_up(lines: list[Line], calc: int, final: int) -> None:
    document = totals(lines, calc, final)
    assert sum(line.base for line in document.lines) == document.base
    assert sum(group.base for group in document.taxes) == document.base
    assert sum(group.tax for group in document.taxes) == document.tax
    assert document.gross - document.discount == document.base
    assert document.total == round_half_up(document.base + document.tax, final)
    assert abs(document.total - document.base - document.tax) <= D(5).scaleb(-final - 1)
    for line, amounts in zip(lines, document.lines, strict=True):
        assert abs(amounts.base - line.quantity * line.price * (100 - line.discount_percent) / 100) <= D(5).scaleb(
            -calc - 1
        )


@given(st.lists(LINES, max_size=8))
def test_the_order_of_the_lines_does_not_matter(lines: list[Line]) -> None:
    forward, backward = totals(lines, 4, 2), totals(lines[::-1], 4, 2)
    assert (forward.total, forward.taxes) == (backward.total, backward.taxes)


_RATES = st.sampled_from([None, Decimal(0), Decimal(4), Decimal(10), Decimal(16), Decimal(21)])
_SOLD = st.builds(money.Line, st.decimals(0, 999, places=3), st.decimals(0, 9999, places=4),
                  st.decimals(0, 100, places=2), _RATES)  # fmt: skip


@given(lines=st.lists(_SOLD, max_size=8), percent=st.decimals(0, 100, places=2), calc=st.integers(0, 4))
def test_a_discount_on_the_whole_keeps_base_and_tax_together(
    lines: list[money.Line], percent: Decimal, calc: int
) -> None:
    plain, less = money.totals(lines, calc, 2), money.totals(lines, calc, 2, percent)
    assert less.subtotal == plain.subtotal
    assert less.base == less.subtotal - less.global_discount == sum((group.base for group in less.taxes), Decimal(0))
    assert less.tax == sum((group.tax for group in less.taxes), Decimal(0)) <= plain.tax
    assert 0 <= less.global_discount <= less.subtotal
    unit = Decimal(1).scaleb(-calc)
    exact = less.subtotal * percent / 100
    assert abs(less.global_discount - exact) <= unit / 2 * max(len(lines), 1)  # each line is rounded once
    for group in less.taxes:
        assert group.tax == 0 or group.rate
    assert money.totals(lines, calc, 2, Decimal(100)).total == 0
    assert less.total == round_half_up(less.base + less.tax, 2)


@given(lines=st.lists(_SOLD, min_size=1, max_size=6), percent=st.decimals(0, 100, places=2), data=st.data())
def test_sums_forget_what_is_taken_away(lines: list[money.Line], percent: Decimal, data: st.DataObject) -> None:
    parts = [money.part(line, 2, percent) for line in lines]
    sums = money.Sums(2)
    for each in parts:
        sums.add(each)
    gone = data.draw(st.integers(0, len(parts) - 1))
    sums.take(parts[gone])
    left = [each for at, each in enumerate(parts) if at != gone]
    kept = [line for at, line in enumerate(lines) if at != gone]
    assert sums.totals((each.amounts for each in left), 2) == money.totals(kept, 2, 2, percent)
