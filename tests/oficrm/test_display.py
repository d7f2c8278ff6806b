"""Values to text, as people read them."""

import datetime as dt
from decimal import Decimal

import pytest

from db.fields import KINDS, Field
from db.models.client import ClientStatus
from oficrm.display import show

TODAY = dt.date(2026, 11, 21)
NARROW = "\u202f"

SHOWN = [
    ("text", "Talleres Ruiz", "Talleres Ruiz"),
    ("long_text", "uno\ndos", "uno\ndos"),
    ("email", "ana@example.es", "ana@example.es"),
    ("phone", "+34961234501", "961 23 45 01"),
    ("url", "https://example.es", "https://example.es"),
    ("tax_id", "B12345674", "B12345674"),
    ("postal_code", "03001", "03001"),
    ("country", "ES", "España"),
    ("currency", "EUR", "EUR"),
    ("choice", ClientStatus.CLIENT, "Cliente"),
    ("choice", "client", "Cliente"),
    ("choice", "violet", "violet"),
    ("options", "Rojo", "Rojo"),
    ("link", "Talleres Ruiz", "Talleres Ruiz"),
    ("either", "Mesa", "Mesa"),
    ("children", "Llamar, Visitar", "Llamar, Visitar"),
    ("day", TODAY, "21/11/2026"),
    ("clock", dt.time(9, 5), "9:05"),
    ("minutes", 90, "1 h 30 min"),
    ("integer", 1200, "1.200"),
    ("file_size", 1_234_567, "1,2 MB"),
    ("quantity", Decimal("2.5000"), "2,5"),
    ("percent", Decimal("21.00"), "21 %"),
    ("money", Decimal("1234.5000"), "1.234,50 €"),
    ("yes_no", True, "Sí"),
    ("yes_no", False, "No"),
    ("image", b"\x89PNG", "(imagen)"),
]


def _field(kind, **more):
    choices = ClientStatus if kind == "choice" else None
    return Field(kind, "Campo", choices=choices, **more)


def _plain(text):
    return text.replace("\u00a0", " ").replace(NARROW, " ")


@pytest.mark.parametrize(("kind", "value", "text"), SHOWN)
def test_every_kind(kind, value, text):
    assert _plain(show(_field(kind), value)) == text


def test_instants_are_shown_in_local_time():
    value = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
    assert show(_field("instant"), value) == value.astimezone().strftime("%d/%m/%Y %H:%M")


def test_the_examples_cover_every_kind():
    assert {kind for kind, *_ in SHOWN} | {"instant"} == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_is_shown_as_nothing(kind):
    assert show(_field(kind), None) == ""
    assert show(_field(kind), "") == ""


def test_zero_is_not_nothing():
    assert show(_field("integer"), 0) == "0"
    assert show(_field("minutes"), 0) != ""
    assert _plain(show(_field("money"), Decimal(0))) == "0,00 €"


def test_the_country_decides_how_numbers_are_written():
    assert show(_field("integer"), 1200, "MX") == "1,200"
    assert show(_field("quantity"), Decimal("2.5"), "MX") == "2.5"
    assert _plain(show(_field("phone"), "+34961234501", "MX")).startswith("+34")


def test_money_names_its_currency_and_keeps_its_decimals():
    assert "1234" in show(_field("money"), Decimal("1234.5"), currency="MXN").replace(".", "").replace(",", "")
    assert "USD" in show(_field("money"), Decimal(1), currency="USD") or "$" in show(_field("money"), Decimal(1),
                                                                                  currency="USD")  # fmt: skip
    assert "10,0555" in show(_field("money", decimals=4), Decimal("10.0555"))


def test_dates_of_this_year_are_short():
    assert show(_field("day"), dt.date(2026, 11, 24), today=TODAY) == "mar 24 nov"
    assert "2027" in show(_field("day"), dt.date(2027, 1, 11), today=TODAY)
