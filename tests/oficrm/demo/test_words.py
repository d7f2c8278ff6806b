import datetime as dt
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.demo import catalog, identifiers
from oficrm.demo.companies import companies, origins, sectors
from oficrm.demo.notes import Notes, action_names, quote_terms
from oficrm.demo.people import salespeople, staff
from oficrm.demo.vocabulary import COUNTRIES, words
from oficrm.rules import identity, postal
from oficrm.rules.text import clean_block, clean_line

TODAY = dt.date(2026, 11, 20)
SEEDS = st.integers(0, 10**6)


@given(SEEDS)
def test_invented_identifiers_pass_the_programs_own_checks(seed: int) -> None:
    rng = Random(seed)
    for letter in "ABFG":
        tax_id = identifiers.spanish_company_id(rng, letter)
        assert identity.clean_tax_id(tax_id, "ES") == tax_id
    person = identifiers.spanish_person_id(rng)
    assert identity.clean_tax_id(person, "ES") == person
    from stdnum.mx import rfc

    for letters in (3, 4):
        tax_id = identifiers.mexican_id(rng, letters)
        assert rfc.validate(tax_id, validate_check_digits=True) == tax_id


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_town_has_telephones_and_a_postal_code_of_its_province(country: str) -> None:
    rng = Random(3)
    for city, prefix, area, _ in words("places")[country]["cities"]:
        assert postal.region_of(f"{prefix}01", country), city
        for phone in (identifiers.landline(rng, country, area), identifiers.mobile(rng, country, area)):
            assert identity.clean_phone(phone, country) == phone, city


@pytest.mark.parametrize("country", COUNTRIES)
def test_companies_are_distinct_valid_and_unreachable(country: str) -> None:
    rows = list(companies(Random(1), country, 3000))
    for key in ("name", "tax_id", "email", "domain"):
        assert len({row[key] for row in rows}) == 3000
    for row in rows[::10]:
        assert row["email"].endswith(".example")
        assert identity.clean_email(row["email"]) == row["email"]
        assert row["website"] is None or identity.clean_url(row["website"]) == row["website"]
        assert clean_line(row["name"], 200) == row["name"]
        assert row["sector"] in sectors()
        assert row["origin"] in origins()
        assert "{" not in row["name"] + row["street"]


@pytest.mark.parametrize("country", COUNTRIES)
def test_people_of_a_company_have_addresses_of_their_own(country: str) -> None:
    company = next(companies(Random(1), country, 1))
    people = list(staff(Random(1), company, 200, TODAY))
    mails = [person["email"] for person in people if person["email"]]
    assert len(set(mails)) == len(mails)
    assert all(mail.endswith(f"@{company['domain']}") for mail in mails)
    assert all(person["birth_date"] is None or person["birth_date"] < TODAY for person in people)
    sellers = list(salespeople(Random(1), country, 24))
    assert len({seller["login"] for seller in sellers}) == len({seller["name"] for seller in sellers}) == 24


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_catalogue_has_unique_codes_and_sane_prices(country: str) -> None:
    goods, services = list(catalog.products(Random(1), country)), list(catalog.services(Random(1), country))
    assert len(goods) > 90
    assert len({row["sku"] for row in goods} | {row["code"] for row in services}) == len(goods) + len(services)
    assert len({row["name"] for row in goods}) == len(goods)
    assert all(row["cost"] < row["sale_price"] for row in goods)
    assert all(row["tax_rate"] == catalog.tax_rate(country) for row in goods + services)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_note_reads_as_written_by_a_person(country: str) -> None:
    notes, data = Notes(country), words("notes")
    kinds = sorted({kind for stage in ("opening", "follow_up", "planned") for kind in data[stage]})
    rng, seen = Random(1), set()
    for turn in range(6000):
        slots = notes.slots(rng, "Marta" if turn % 3 else None, "Horno mixto Gastro 6", turn % 12 + 1)
        stage = ("opening", "follow_up", "planned", "won", "lost")[turn % 5]
        seen.add(notes.reason(rng, stage, kinds[turn % len(kinds)], slots))
        seen.add(notes.free_action(rng, slots))
    for name in ("quote_subjects", "opportunities", "next_steps"):
        seen |= {notes.phrase(rng, name, item="Horno mixto", category="Hostelería") for _ in range(50)}
    for text in seen:
        assert not re.search(r"[{}]| {2}|None|\b(de|a) el\b", text), text
        assert text == clean_block(text)
        assert text[0].isupper()
    foreign = "cotización" if country == "ES" else "presupuesto"
    assert not any(foreign in text for text in seen)


def test_fixed_texts_fit_their_fields() -> None:
    assert all(clean_line(text, 120) == text for text in [*action_names(), *sectors(), *origins()])
    assert all(quote_terms(country) for country in COUNTRIES)


def test_other_countries_borrow_the_words_of_spain() -> None:
    assert next(companies(Random(5), "FR", 1)) == next(companies(Random(5), "ES", 1))
