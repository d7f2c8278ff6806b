"""A prospect becomes a client with a person, and an opportunity where it is wanted."""

import pytest

from oficrm import commands, records, undo
from oficrm.commands import Outcome
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.people import prospects
from tests.oficrm.people.conftest import Clerk


@pytest.fixture
def prospect(clerk: Clerk) -> int:
    return clerk.save("prospect", first_name="Marta", last_name="Gil", company="Talleres Ruiz", city="Alcoy",
                      email="marta@ruiz.example", phone="961234567", job_title="Gerente")  # fmt: skip


def convert(clerk: Clerk, ident: int, *accepted: str, with_opportunity: bool = False) -> Outcome:
    made: Outcome = clerk.write(
        lambda s: prospects.convert(s, ident, frozenset(accepted), with_opportunity=with_opportunity)
    )
    return made


def test_client_person_and_opportunity_carry_what_is_known(clerk: Clerk, prospect: int) -> None:
    outcome = convert(clerk, prospect, with_opportunity=True)
    assert "cliente, persona y oportunidad" in outcome.sentence
    assert outcome.open is not None
    after = clerk.values("prospect", prospect)
    client, person = clerk.values("client", after["client"]), clerk.values("person", after["person"])
    assert (client["name"], client["city"]) == ("Talleres Ruiz", "Alcoy")
    assert (person["email"], person["job_title"], person["client"]) == (
        "marta@ruiz.example",
        "Gerente",
        after["client"],
    )
    assert person["from_prospect"]
    assert clerk.values("opportunity", after["opportunity"])["client"] == after["client"]
    assert after["status"] == "converted"
    assert after["converted_at"] is not None


def test_one_undo_takes_all_of_it_back(clerk: Clerk, prospect: int) -> None:
    convert(clerk, prospect, with_opportunity=True)
    made = clerk.values("prospect", prospect)
    clerk.write(undo.undo_last)
    assert clerk.values("prospect", prospect)["status"] == "new"
    assert all(clerk.is_gone(table, made[table]) for table in ("client", "person", "opportunity"))
    clerk.write(undo.redo_last)
    assert not clerk.is_gone("client", made["client"])


def test_the_person_joins_a_client_that_is_there(clerk: Clerk, prospect: int) -> None:
    client = clerk.save("client", name="TALLERES RUIZ")
    with pytest.raises(NeedsConfirmation, match="Ya hay un cliente"):
        convert(clerk, prospect)
    outcome = convert(clerk, prospect, prospects.EXISTING)
    assert outcome.open == ("client", client)
    assert clerk.values("prospect", prospect)["client"] == client


def test_without_a_firm_the_client_is_the_person(clerk: Clerk) -> None:
    ident = clerk.save("prospect", first_name="Iván", last_name="Peña")
    convert(clerk, ident)
    assert clerk.values("client", clerk.values("prospect", ident)["client"])["name"] == "Iván Peña"


def test_once_only_and_not_by_hand(clerk: Clerk, prospect: int) -> None:
    convert(clerk, prospect)
    with pytest.raises(Refused, match="convertido"):
        convert(clerk, prospect)
    other = clerk.save("prospect", first_name="Ana", last_name="Ros")
    with pytest.raises(Refused, match="Convertir"):
        clerk.write(lambda s: commands.save(s, _by_hand(s, other)))


def _by_hand(session, ident):
    draft = records.load(session, "prospect", ident).draft
    draft.values["status"] = "converted"
    return draft


def test_an_address_somebody_else_has_is_said_and_nothing_is_half_done(clerk: Clerk, prospect: int) -> None:
    clerk.save("person", first_name="Otra", last_name="Marta", email="marta@ruiz.example")
    with pytest.raises(Refused, match="Ya lo tiene"):
        convert(clerk, prospect)
    assert clerk.values("prospect", prospect)["status"] == "new"
    assert clerk.values("prospect", prospect)["client"] is None
