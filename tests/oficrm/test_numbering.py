"""Codes and numbers: prefixes by Estado, branch letters, counters that start where Parámetros say and never go back."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.client import Client
from oficrm import records, saving, settings, start, undo
from oficrm.jobs import Jobs


@pytest.fixture
def jobs(engine_url: str) -> Iterator[Jobs]:
    made = Jobs(engine_url, Actor("ana"))
    made.write(lambda session: start.begin(session, "ES")).result()
    yield made
    made.close()


def add(session: Session, table: str, **values: Any) -> int:
    return saving.save(session, records.blank(session, table, values).draft).id


def code(jobs: Jobs, **values: Any) -> str:
    ident = jobs.write(partial(add, table="client", **values)).result().value
    return str(jobs.read(lambda s: s.get_one(Client, ident).code).result())


def put(jobs: Jobs, **values: Any) -> None:
    jobs.write(lambda session: settings.save(session, values)).result()


def test_each_estado_numbers_its_own_series(jobs: Jobs) -> None:
    assert code(jobs, name="Uno") == "POT-000001"
    assert code(jobs, name="Dos", status="client") == "CLI-000001"
    assert code(jobs, name="Tres") == "POT-000002"


def test_prefix_digits_and_first_number_are_parameters(jobs: Jobs) -> None:
    put(jobs, client_prefix_potential="P", number_digits=4, first_number_client=500)
    proposed = jobs.read(lambda s: records.blank(s, "client").proposed).result()
    assert proposed["code"] == "P-0500"
    assert code(jobs, name="Uno") == "P-0500"
    assert code(jobs, name="Dos") == "P-0501"


def test_a_counter_never_goes_back_and_its_floor_can_be_undone(jobs: Jobs) -> None:
    put(jobs, first_number_client=500)
    assert code(jobs, name="Uno") == "POT-000500"
    put(jobs, first_number_client=10)
    assert code(jobs, name="Dos") == "POT-000501"
    jobs.write(undo.undo_last).result()
    jobs.write(undo.undo_last).result()
    assert jobs.read(settings.read).result()["first_number_client"] == 500


def test_a_number_somebody_typed_is_passed_over(jobs: Jobs) -> None:
    assert code(jobs, name="Uno", code="POT-000001") == "POT-000001"
    assert code(jobs, name="Dos") == "POT-000002"


def test_the_branch_can_be_part_of_the_code(jobs: Jobs) -> None:
    branch = jobs.write(partial(add, table="branch", name="Valencia", code="VAL")).result().value
    assert code(jobs, name="Uno", branch=branch) == "POT-000001"
    put(jobs, branch_in_code=True)
    assert code(jobs, name="Dos", branch=branch) == "POT-VAL-000001"
    assert code(jobs, name="Tres") == "POT-000002"


def test_people_and_quotes_have_prefixes_of_their_own(jobs: Jobs) -> None:
    put(jobs, person_prefix="PER", first_number_quote=77)
    person = jobs.write(partial(add, table="person", first_name="Eva", last_name="Mas")).result().value
    assert jobs.read(lambda s: records.load(s, "person", person).number).result() == "PER-000001"
    client = jobs.write(partial(add, table="client", name="Uno")).result().value
    quote = jobs.write(partial(add, table="quote", subject="Oferta", client=client)).result().value
    assert jobs.read(lambda s: records.load(s, "quote", quote).number).result() == "COT-000077"
