"""What records are called."""

import pytest

from db.record import in_sentence
from db.registry import listed_modules, module


@pytest.mark.parametrize(
    ("table", "one", "several"),
    [
        ("contact", "contacto", "contactos"),
        ("calendar_item", "actividad", "actividades"),
        ("payment_receipt", "CFDI de pago", "CFDI de pago"),
        ("transfer_invoice", "factura de traslado", "facturas de traslado"),
    ],
)
def test_a_sentence_names_one_or_several(table: str, one: str, several: str) -> None:
    facts = module(table).module
    assert [facts.named(count) for count in (0, 1, 2)] == [several, one, several]


def test_no_sentence_has_the_short_names_of_the_menu() -> None:
    assert [model.module.several for model in listed_modules() if "." in model.module.several] == []


def test_abbreviations_keep_their_capitals() -> None:
    assert in_sentence("CFDI de Pago") == "CFDI de pago"
