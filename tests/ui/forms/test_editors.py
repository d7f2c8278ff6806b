"""Editors by kind: what they show, what they deliver, and when they speak up."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from db.fields import Field
from db.registry import module
from tests.support.desk import Desk
from ui.forms.editors import Kit, make, show_value
from ui.forms.links import pack, preset_from_text, unpack
from ui.forms.text_fields import format_number, format_price


@pytest.fixture
def kit(desk: Desk) -> Kit:
    return Kit(desk.context, QWidget())


def editor(kit: Kit, kind: str, **more: Any) -> Any:
    return make(Field(kind, "Dato", "dato", **more), kit)


def test_a_phone_is_shown_grouped_and_delivered_as_it_came(kit: Kit) -> None:
    phone = editor(kit, "phone")
    phone.set_value("+34961234567")
    assert phone.line.text() == "961 23 45 67"
    assert phone.value() == "+34961234567"
    phone.line.setText("962 11 22 33")
    assert phone.value() == "+34962112233"


@pytest.mark.parametrize(("kind", "text"), [("email", "malo@@x"), ("phone", "12"), ("tax_id", "B1"),
                                            ("postal_code", "99999"), ("url", "ht tp")])  # fmt: skip
def test_what_cannot_be_taken_is_said_when_the_field_is_left(kit: Kit, kind: str, text: str) -> None:
    part = editor(kit, kind)
    part.line.setText(text)
    assert part.value() == text
    assert part.problem()


def test_the_country_of_the_record_rules(kit: Kit) -> None:
    part = editor(kit, "postal_code")
    part.line.setText("99999")
    assert part.problem()
    kit.other = {"country": "MX"}.get
    assert part.problem() is None


def test_an_overlong_text_is_said_and_kept(kit: Kit) -> None:
    part = editor(kit, "text", max_length=10)
    part.line.setText("x" * 11)
    assert "10 caracteres" in part.problem()
    assert part.value() == "x" * 11


def test_prices_show_their_cents_and_no_more_than_they_have(kit: Kit) -> None:
    price = editor(kit, "money")
    for value, text in ((Decimal("1240.5"), "1.240,50"), (Decimal("10.0555"), "10,0555"), (Decimal("0"), "0,00")):
        price.set_value(value)
        assert price.line.text() == text
        assert price.value() == value
    assert format_price(Decimal("12.3000"), "ES") == "12,30"
    assert format_number(Decimal("21.00"), "ES") == "21"
    assert format_number(Decimal("2.5000"), "MX") == "2.5"


def test_read_only_fields_only_show(kit: Kit) -> None:
    shown = make(module("person").fields["number"], kit)
    show_value(shown, module("person").fields["number"], "CON-000001")
    assert shown.is_read_only()
    shown.set_read_only(False)
    assert shown.is_read_only()
    instant = make(module("person").fields["created_at"], kit)
    when = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
    instant.set_value(when)
    assert instant.value() == when


def test_keys_of_several_modules_go_into_one_number() -> None:
    item = module("quote_line").fields["item"]
    keys = ["product:5", "service:5", "service:1", "product:1"]
    assert len({pack(item, key) for key in keys}) == 4
    assert ["{}:{}".format(*unpack(item, pack(item, key))) for key in keys] == keys


def test_what_is_typed_into_a_picker_begins_the_new_record() -> None:
    assert preset_from_text("client", "Talleres Ruiz") == {"name": "Talleres Ruiz"}
    assert preset_from_text("person", "Rosa Cano Gil") == {"first_name": "Rosa", "last_name": "Cano Gil"}
    assert preset_from_text("quote", "Oferta") == {"subject": "Oferta"}
    assert preset_from_text("interest", "algo") == {}
    assert preset_from_text("client", "") == {}
