"""Parámetros: checked, kept with their types, and undone like anything else."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from oficrm import clock, history, records, settings, undo
from oficrm.errors import ValidationError
from oficrm.jobs import Jobs
from oficrm.settings import Settings
from tests.support.office import TODAY, open_jobs


@pytest.fixture
def jobs(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as opened:
        yield opened


def read(jobs: Jobs) -> Settings:
    return jobs.read(settings.read).result()


def errors(jobs: Jobs, **raw: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        jobs.write(lambda s: settings.save(s, raw)).result()
    return caught.value.errors


def test_each_value_keeps_its_type(jobs: Jobs) -> None:
    raw = {"tax_rate": "10,5", "calc_decimals": "3", "branch_in_code": True, "company_phone": "961 23 45 67",
           "company_name": "  Azahar   S. L. ", "quote_terms": "Uno\nDos"}  # fmt: skip
    jobs.write(lambda s: settings.save(s, raw)).result()
    values = read(jobs)
    assert {name: values[name] for name in raw} == {
        "tax_rate": Decimal("10.5"), "calc_decimals": 3, "branch_in_code": True, "company_phone": "+34961234567",
        "company_name": "Azahar S. L.", "quote_terms": "Uno\nDos",
    }  # fmt: skip
    assert values["quote_days"] == 15
    assert len(values) == len(list(values)) == len(settings.FIELDS)


def test_every_default_passes_its_own_check(jobs: Jobs) -> None:
    raw = {name: field.default for name, field in settings.FIELDS.items() if field.default is not None}
    jobs.write(lambda s: settings.save(s, raw)).result()
    assert {name: read(jobs)[name] for name in raw} == raw


def test_what_is_wrong_is_said_by_field_and_nothing_is_written(jobs: Jobs) -> None:
    found = errors(jobs, company_tax_id="B12345678", company_postal_code="99999", company_email="no", calc_decimals="9",
                   quote_prefix="", tax_rate="-1", company_name="x" * 500, number_digits="dos", currency="XXX",
                   country="Narnia", company_city="Alcoy")  # fmt: skip
    assert found.keys() == {"company_tax_id", "company_postal_code", "company_email", "calc_decimals", "quote_prefix",
                            "tax_rate", "company_name", "number_digits", "currency", "country"}  # fmt: skip
    assert read(jobs)["company_city"] is None


def test_the_region_belongs_to_the_country(jobs: Jobs) -> None:
    jobs.write(lambda s: settings.save(s, {"holiday_region": "VC"})).result()
    assert read(jobs).calendar.subdivision == "VC"
    assert errors(jobs, holiday_region="ZZ").keys() == {"holiday_region"}
    assert errors(jobs, country="MX", holiday_region="CT").keys() == {"holiday_region"}
    jobs.write(lambda s: settings.save(s, {"country": "MX"})).result()
    assert read(jobs)["holiday_region"] is None
    jobs.write(undo.undo_last).result()
    assert (read(jobs).country, read(jobs)["holiday_region"]) == ("ES", "VC")


def test_a_region_without_its_country_never_stops_the_program() -> None:
    assert Settings({"country": "MX", "holiday_region": "VC"}).calendar.subdivision == ""


def test_settings_are_undone_and_told_in_words(jobs: Jobs) -> None:
    done = jobs.write(lambda s: settings.save(s, {"tax_rate": "10", "company_city": "Paterna"})).result()
    assert done.changes.operation_id is not None
    entries = jobs.read(lambda s: history.operation_changes(s, done.changes.operation_id or 0)).result()
    assert {(entry.record, entry.field, entry.before, entry.after) for entry in entries} == {
        ("IVA habitual", "Valor", "21 %", "10 %"),
        ("Población", "Valor", "", "Paterna"),
    }
    jobs.write(undo.undo_last).result()
    assert read(jobs)["tax_rate"] == Decimal(21)
    assert read(jobs)["company_city"] is None


def test_the_same_again_is_no_change(jobs: Jobs) -> None:
    done = jobs.write(lambda s: settings.save(s, {"country": "ES", "tax_rate": "21"})).result()
    assert done.changes.operation_id is None


def test_prefixes_name_the_next_client(jobs: Jobs) -> None:
    jobs.write(lambda s: settings.save(s, {"client_prefix_potential": "LEAD", "number_digits": "4"})).result()
    proposed = jobs.read(lambda s: records.blank(s, "client")).result().proposed
    assert proposed["code"].startswith("LEAD-")
    assert proposed["code"].endswith("0001")
