import pytest

from oficrm import history, undo, views
from oficrm.errors import Refused, ValidationError
from tests.support.office import open_jobs

VALUE = {"filter": {"criteria": [["date", "period", "semana"]], "text": "", "sort": ["-date"]}, "columns": ["date"]}


@pytest.fixture
def jobs(engine_url):
    with open_jobs(engine_url) as lanes:
        yield lanes


def _all(jobs, table="contact"):
    return jobs.read(lambda s: views.views(s, table)).result()


def test_saved_filters_belong_to_a_list_and_come_by_name(jobs):
    for name in ("Vencidos", "Ávila", "Mi semana"):
        jobs.write(lambda s, name=name: views.save_view(s, "contact", name, VALUE)).result()
    jobs.write(lambda s: views.save_view(s, "client", "Otros", {})).result()
    assert [view.name for view in _all(jobs)] == ["Ávila", "Mi semana", "Vencidos"]
    assert _all(jobs)[1].value == VALUE


def test_the_same_name_replaces_whatever_its_case_and_accents(jobs):
    first = jobs.write(lambda s: views.save_view(s, "contact", "Mi Sémana", {"a": 1})).result().value
    again = jobs.write(lambda s: views.save_view(s, "contact", "  mi  semana ", {"a": 2})).result().value
    assert again == first
    assert [(view.name, view.value) for view in _all(jobs)] == [("mi semana", {"a": 2})]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "mal\x00o"])
def test_a_name_must_be_fit_to_be_read(jobs, name):
    with pytest.raises(ValidationError) as caught:
        jobs.write(lambda s: views.save_view(s, "contact", name, {})).result()
    assert list(caught.value.errors) == ["name"]
    assert _all(jobs) == []


def test_deleting_one_can_be_undone(jobs):
    ident = jobs.write(lambda s: views.save_view(s, "contact", "Mi semana", VALUE)).result().value
    jobs.write(lambda s: views.delete_view(s, ident)).result()
    assert _all(jobs) == []
    with pytest.raises(Refused):
        jobs.write(lambda s: views.delete_view(s, ident)).result()
    jobs.write(undo.undo_last).result()
    assert [view.name for view in _all(jobs)] == ["Mi semana"]


def test_saving_leaves_a_trace(jobs):
    jobs.write(lambda s: views.save_view(s, "contact", "Mi semana", VALUE)).result()
    assert jobs.read(lambda s: history.activity(s)).result()[0].label == "Guardar el filtro «Mi semana»"
