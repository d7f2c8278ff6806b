"""Goods and services of clients: whose they are, until when a warranty lasts, what may be valued."""

import datetime as dt
from typing import Any

import pytest

from oficrm import filling
from oficrm.drafts import Values
from oficrm.errors import ValidationError
from tests.oficrm.people.conftest import Clerk

DAY = dt.date(2026, 1, 31)


@pytest.fixture
def owner(clerk: Clerk) -> Values:
    client = clerk.save("client", name="Talleres Ruiz")
    return {"client": client, "person": clerk.save("person", first_name="Marta", last_name="Gil", client=client)}


def filled(clerk: Clerk, table: str, name: str, values: Values) -> Values:
    found: Values = clerk.read(lambda s: filling.fill(s, table, name, values).values)
    return found


@pytest.mark.parametrize("table", ["product_link", "service_link"])
def test_the_client_of_the_person_is_that_of_the_tie(clerk: Clerk, owner: Values, table: str) -> None:
    assert filled(clerk, table, "person", {"person": owner["person"]}) == {"client": owner["client"]}
    assert filled(clerk, table, "person", {"person": None}) == {}


@pytest.mark.parametrize("name", ["product", "kind", "date"])
def test_a_warranty_lasts_as_long_as_the_product_says(clerk: Clerk, name: str) -> None:
    product = clerk.save("product", name="Taladro", sku="T-1", warranty_months=1)
    plain = clerk.save("product", name="Sierra", sku="S-1")
    values = {"product": product, "kind": "warranty", "date": DAY}
    assert filled(clerk, "product_link", name, values) == {"until": dt.date(2026, 2, 28)}
    assert filled(clerk, "product_link", name, values | {"kind": "bought"}) == {}
    assert filled(clerk, "product_link", name, values | {"product": plain}) == {}


def test_what_only_interests_is_not_valued(clerk: Clerk, owner: Values) -> None:
    service = clerk.save("service", name="Visita", code="V-1")
    with pytest.raises(ValidationError, match="no lo que solo interesa"):
        clerk.save("service_link", service=service, **owner, satisfaction=4)
    ident = clerk.save("service_link", service=service, **owner, satisfaction=4, status="given")
    assert clerk.values("service_link", ident)["satisfaction"] == 4


def test_they_are_somebodys_and_end_after_they_begin(clerk: Clerk, owner: Values) -> None:
    product, service = clerk.save("product", name="T", sku="T"), clerk.save("service", name="V", code="V")
    ties: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("product_link", {"product": product}, "date"), ("service_link", {"service": service}, "since"),
    )  # fmt: skip
    for table, facts, began in ties:
        with pytest.raises(ValidationError, match="Indique el cliente o la persona"):
            clerk.save(table, **facts)
        with pytest.raises(ValidationError, match="antes de empezar"):
            clerk.save(table, **(facts | owner | {began: DAY, "until": DAY - dt.timedelta(days=1)}))
