"""Addresses: the usual one of each use, and the copy of it that a person carries."""

from typing import Any

import pytest

from oficrm import filling, records, undo
from oficrm.errors import ValidationError
from oficrm.people import places
from tests.oficrm.people.conftest import Clerk


@pytest.fixture
def client(clerk: Clerk) -> int:
    return clerk.save("client", name="Talleres Ruiz")


def address(clerk: Clerk, street: str, **values: Any) -> int:
    return clerk.save("address", street=street, city="Valencia", **values)


def test_one_usual_address_for_each_use(clerk: Clerk, client: int) -> None:
    first = address(clerk, "Mayor 1", client=client, is_default=True)
    second = address(clerk, "Menor 2", client=client, is_default=True)
    assert not clerk.values("address", first)["is_default"]
    assert clerk.values("address", second)["is_default"]
    clerk.write(undo.undo_last)
    assert clerk.values("address", first)["is_default"]
    assert clerk.is_gone("address", second)


def test_uses_do_not_push_each_other_away(clerk: Clerk, client: int) -> None:
    shipping = address(clerk, "Muelle 3", client=client, is_default=True)
    billing = address(clerk, "Gran Vía 4", client=client, is_default=True, is_shipping=False, is_billing=True)
    assert clerk.values("address", shipping)["is_default"]
    found = clerk.read(lambda s: (places.usual(s, "is_shipping", client=client),
                                  places.usual(s, "is_billing", client=client)))  # fmt: skip
    assert found == (shipping, billing)


def test_owners_do_not_push_each_other_away(clerk: Clerk, client: int) -> None:
    person = clerk.save("person", first_name="Marta", last_name="Gil", client=client)
    clients = address(clerk, "Mayor 1", client=client, is_default=True)
    persons = address(clerk, "Casa 7", client=client, person=person, is_default=True)
    assert clerk.values("address", clients)["is_default"]
    assert clerk.read(lambda s: places.usual(s, "is_shipping", client=client, person=person)) == persons
    assert clerk.read(lambda s: places.usual(s, "is_shipping", client=client)) == clients


def test_a_usual_one_is_usual_for_something(clerk: Clerk, client: int) -> None:
    with pytest.raises(ValidationError) as caught:
        address(clerk, "Mayor 1", client=client, is_default=True, is_shipping=False)
    assert set(caught.value.errors) == {"is_default"}


def test_choosing_the_address_of_a_person_copies_it(clerk: Clerk, client: int) -> None:
    person = clerk.save("person", first_name="Marta", last_name="Gil", client=client)
    home = address(clerk, "Casa", person=person, client=client, exterior_number="7", postal_code="46001")
    chosen = {"default_shipping_address": home}
    filled = clerk.read(lambda s: filling.fill(s, "person", "default_shipping_address", chosen))
    assert (filled.values["shipping_street"], filled.values["shipping_exterior_number"]) == ("Casa", "7")
    assert filled.values["shipping_municipality"] == "Valencia"
    assert set(filled.values) <= filled.over


def test_only_an_address_of_their_own(clerk: Clerk, client: int) -> None:
    person = clerk.save("person", first_name="Marta", last_name="Gil", client=client)
    other = clerk.save("client", name="Hotel Azahar")
    foreign = address(clerk, "Playa 1", client=other)
    with pytest.raises(ValidationError) as caught:
        clerk.save("person", person, default_shipping_address=foreign)
    assert set(caught.value.errors) == {"default_shipping_address"}
    clerk.save("person", person, default_shipping_address=address(clerk, "Mayor 1", client=client))


def test_an_address_is_named_by_all_of_it(clerk: Clerk, client: int) -> None:
    ident = address(clerk, "Mayor", client=client, alias="Almacén", exterior_number="1", postal_code="46001")
    assert clerk.read(lambda s: records.load(s, "address", ident)).title == "Almacén — Mayor 1, 46001 Valencia"
