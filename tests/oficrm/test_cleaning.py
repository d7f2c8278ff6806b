"""Typed text to values: every kind, what it takes, what it refuses and in which words."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.fields import KINDS, Field
from db.models.client import ClientStatus
from db.types import Choice
from oficrm.cleaning import MAX_IMAGE_BYTES, Context, clean
from oficrm.rules.problems import Invalid

TODAY = dt.date(2026, 11, 21)
ES, MX = Context("ES", TODAY), Context("MX", TODAY)
PNG = b"\x89PNG\r\n\x1a\n"
TYPED = KINDS - {"children"}


def field(kind, **more):
    """A field of a kind, ready to be cleaned."""
    own: dict[str, dict[str, Any]] = {"choice": {"choices": ClientStatus}, "options": {"options": ("Rojo", "Verde")},
           "either": {"targets": ("product", "service")}, "link": {"targets": ("client",)}}  # fmt: skip
    return Field(kind, "Campo", **(own.get(kind, {}) | more))


GOOD = [
    ("text", "  Talleres\t Ruiz ", "Talleres Ruiz"),
    ("text", "Cafe\u0301", "Café"),
    ("text", "\ufeffRuiz\u200b", "Ruiz"),
    ("long_text", "uno  \r\n  dos\r\r\r\r\rtres\n", "uno\n  dos\n\n\ntres"),
    ("email", " Ana@Example.ES ", "ana@example.es"),
    ("phone", "961 23 45 01", "+34961234501"),
    ("url", "example.es", "https://example.es"),
    ("tax_id", "b-12345674", "B12345674"),
    ("postal_code", "46023", "46023"),
    ("country", "españa", "ES"),
    ("country", "mx", "MX"),
    ("currency", "eur", "EUR"),
    ("choice", "client", ClientStatus.CLIENT),
    ("choice", "Cliente", ClientStatus.CLIENT),
    ("options", " Rojo ", "Rojo"),
    ("link", 5, 5),
    ("either", "service:7", "service:7"),
    ("day", "15/3", dt.date(2026, 3, 15)),
    ("day", "hoy", TODAY),
    ("day", TODAY, TODAY),
    ("clock", "10.30", dt.time(10, 30)),
    ("clock", dt.time(9), dt.time(9)),
    ("instant", dt.datetime(2026, 11, 21, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, tzinfo=dt.UTC)),
    ("instant", "15/3 10:30", dt.datetime(2026, 3, 15, 10, 30).astimezone()),
    ("instant", "hoy", dt.datetime.combine(TODAY, dt.time()).astimezone()),
    ("minutes", "1h30", 90),
    ("minutes", 90, 90),
    ("integer", "1.200", 1200),
    ("file_size", "12 kB", 12_000),
    ("file_size", 12_000, 12_000),
    ("quantity", "2,5", Decimal("2.5000")),
    ("percent", "21 %", Decimal("21.00")),
    ("money", "1.234,567", Decimal("1234.5670")),
    ("money", 3, Decimal("3.0000")),
    ("yes_no", "Sí", True),
    ("yes_no", "no", False),
    ("yes_no", True, True),
    ("image", PNG, PNG),
]


@pytest.mark.parametrize(("kind", "raw", "value"), GOOD)
def test_what_is_understood(kind, raw, value):
    found = clean(field(kind), raw, ES)
    assert (found, type(found)) == (value, type(value))
    assert clean(field(kind), found, ES) == found  # a value that is clean stays as it is


def test_the_examples_cover_every_kind():
    assert {kind for kind, *_ in GOOD} == TYPED


BAD = [
    ("text", "a\x00b", "carácter no admitido"),
    ("text", "x" * 201, "200"),
    ("long_text", "a\x1bb", "carácter no admitido"),
    ("email", "ana@", None),
    ("phone", "abc", None),
    ("url", "javascript:alert(1)", None),
    ("tax_id", "B12345678", None),
    ("postal_code", "460231", None),
    ("country", "Narnia", None),
    ("currency", "pesetas", "lista"),
    ("choice", "violeta", "lista"),
    ("options", "Azul", "lista"),
    ("link", "Talleres", "lista"),
    ("link", True, "lista"),
    ("either", "client:5", "lista"),
    ("either", "product:", "lista"),
    ("day", "31/02", None),
    ("day", "1/1/0001", None),
    ("day", dt.date(1, 1, 1), "año"),
    ("day", dt.date(9999, 12, 31), "año"),
    ("day", "mañana quizá", None),
    ("clock", "25:00", None),
    ("instant", "ayer quizá", None),
    ("instant", "15/3 25:00", None),
    ("instant", dt.datetime(2026, 11, 21), "fecha y hora"),  # noqa: DTZ001  without a zone, on purpose
    ("minutes", "-5", None),
    ("minutes", "1000000", None),
    ("integer", "2,5", None),
    ("integer", "3000000000", "demasiado grande"),
    ("quantity", "1e5x", None),
    ("quantity", "NaN", None),
    ("percent", "muchos", None),
    ("money", "9" * 20, "grande"),
    ("money", "Infinity", None),
    ("yes_no", "quizá", "sí o no"),
    ("image", b"GIF89a", "PNG"),
    ("image", "texto", "PNG"),
    ("image", PNG + b"0" * MAX_IMAGE_BYTES, "5 MB"),
]


@pytest.mark.parametrize(("kind", "raw", "said"), BAD)
def test_what_is_refused(kind, raw, said):
    more = {"max_length": 200} if kind == "text" else {}
    with pytest.raises(Invalid) as refused:
        clean(field(kind, **more), raw, ES)
    assert refused.value.message.endswith((".", ")"))
    if said:
        assert said in refused.value.message


@pytest.mark.parametrize("kind", sorted(TYPED - {"yes_no"}))
@pytest.mark.parametrize("raw", [None, "", "  \t "])
def test_empty_is_nothing_and_refused_where_something_is_required(kind, raw):
    assert clean(field(kind), raw, ES) is None
    with pytest.raises(Invalid, match="Falta este dato"):
        clean(field(kind, required=True), raw, ES)


def test_what_only_looks_empty_is_empty_too():
    with pytest.raises(Invalid, match="Falta este dato"):
        clean(field("text", required=True), "\u200b\u00a0\ufeff", ES)


def test_yes_or_no_is_never_empty():
    assert clean(field("yes_no"), None, ES) is False
    assert clean(field("yes_no", required=True), "", ES) is False


@pytest.mark.parametrize(
    ("kind", "raw", "more", "said"),
    [
        ("minutes", 0, {"minimum": 1}, "1 como mínimo"),
        ("integer", "-1", {"minimum": 0}, "negativo"),
        ("integer", "13", {"maximum": 12}, "12 como máximo"),
        ("minutes", "1441", {"maximum": 1440}, "24 h"),
        ("percent", "51", {"maximum": 50}, "50 como máximo"),
        ("money", "-0,01", {"minimum": 0}, "negativo"),
        ("money", Decimal("-1"), {"minimum": 0}, "negativo"),
    ],
)
def test_bounds(kind, raw, more, said):
    with pytest.raises(Invalid) as refused:
        clean(field(kind, **more), raw, ES)
    assert said in refused.value.message


def test_the_country_of_the_record_decides():
    assert clean(field("phone"), "55 5524 1766", MX) == "+525555241766"
    assert clean(field("tax_id"), "xaxx010101000", MX) == "XAXX010101000"
    assert clean(field("money"), "1,234.50", MX) == Decimal("1234.50")
    assert clean(field("money"), "1.234,50", ES) == Decimal("1234.50")
    with pytest.raises(Invalid):
        clean(field("tax_id"), "XAXX010101000", ES)


def test_free_options_take_any_text():
    assert clean(replace(field("options"), options=()), "Azul", ES) == "Azul"


def test_today_comes_from_the_clock_when_it_is_not_given(monkeypatch):
    monkeypatch.setattr("oficrm.clock.today", lambda: TODAY)
    assert clean(field("day"), "hoy", Context()) == TODAY


WHATEVER = st.one_of(
    st.text(max_size=300), st.integers(), st.booleans(), st.none(), st.binary(max_size=20), st.dates(), st.times(),
    st.decimals(allow_nan=True, allow_infinity=True),
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_whatever_is_given_it_is_cleaned_or_refused_in_words(kind):
    told: list[str] = []

    @given(WHATEVER, st.sampled_from([ES, MX, Context("FR", TODAY)]))
    def check(raw, context):
        try:
            value = clean(field(kind, max_length=200), raw, context)
        except Invalid as refused:
            value = None
            told.append(refused.message)
        assert clean(field(kind, max_length=200), value, context) in (value, False)
        assert not isinstance(value, float)

    check()
    assert all(told)


def test_choices_come_out_as_members():
    assert isinstance(clean(field("choice"), "client", ES), Choice)
