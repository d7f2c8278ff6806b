"""The first start: what every company begins with, once."""

import pytest

from db.models.client import Client
from db.models.contact_type import ContactType
from db.models.masters import Master
from db.models.salesperson import Salesperson
from db.models.user import Role, User
from db.registry import modules
from oficrm import defaults, history, settings, start
from oficrm.errors import Cancelled
from oficrm.jobs import Progress
from tests.support.office import open_jobs


@pytest.fixture
def jobs(engine_url):
    with open_jobs(engine_url) as made:
        yield made


def _names(jobs, model):
    return jobs.read(lambda s: [row.name for row in s.query(model).order_by(model.id)]).result()


def test_the_country_is_set_with_what_follows_from_it(jobs):
    for country, currency in (("MX", "MXN"),):
        jobs.write(lambda s, country=country: start.begin(s, country, "Comercial del Valle")).result()
        values = jobs.read(settings.read).result()
        assert values.is_configured
        assert (values.country, values.currency, values["company_name"]) == (country, currency, "Comercial del Valle")


BEGUN = {"contact_type", "result", "action_type", "origin", "document_folder", "sector", "salesperson", "user"}


def test_the_catalogues_are_there_numbered_and_active(jobs):
    jobs.write(lambda s: start.begin(s, "ES")).result()
    assert len(_names(jobs, ContactType)) == 9
    assert {"Teléfono", "Email", "Visita"} <= set(_names(jobs, ContactType))
    found = {}
    for model in modules():
        if issubclass(model, Master):
            found[model] = jobs.read(lambda s, model=model: s.query(model).order_by(model.id).all()).result()
    assert {model.module.table for model, rows in found.items() if rows} == BEGUN
    for model, rows in found.items():
        assert all(row.is_active and row.number.startswith(f"{model.module.prefix}-") for row in rows)
        assert len({row.number for row in rows}) == len(rows)


def test_whoever_starts_is_the_first_salesperson_and_user(jobs):
    jobs.write(lambda s: start.begin(s, "ES")).result()
    assert _names(jobs, Salesperson) == ["ana"]
    seller = jobs.read(defaults.own_salesperson).result()
    assert seller is not None
    user = jobs.read(lambda s: s.get(User, defaults.own_user(s))).result()
    assert (user.name, user.login, user.role, user.salesperson_id) == ("ana", "ana", Role.ADMIN, seller)


def test_it_happens_once_and_is_one_operation(jobs):
    jobs.write(lambda s: start.begin(s, "ES", "Primera")).result()
    jobs.write(lambda s: start.begin(s, "MX", "Segunda")).result()
    values = jobs.read(settings.read).result()
    assert (values.country, values["company_name"]) == ("ES", "Primera")
    assert [row.label for row in jobs.read(lambda s: history.activity(s)).result()] == ["Primer inicio"]


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)  # on both it is built by the tests of the example
def test_example_data_come_with_it_when_asked_for(jobs):
    steps: list[tuple[int, int]] = []
    jobs.write(lambda s: start.begin(s, "ES", example=30, progress=Progress(lambda *at: steps.append(at)))).result()
    assert jobs.read(lambda s: s.query(Client).count()).result() > 0
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_cancelling_leaves_the_database_as_it_was(jobs):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        jobs.write(lambda s: start.begin(s, "ES", example=30, progress=progress)).result()
    assert not jobs.read(settings.read).result().is_configured
    assert _names(jobs, ContactType) == []
