"""Lists as SQL, the same on both engines."""

import datetime as dt

import pytest

from db.options import find_options
from db.query import Condition, ListQuery, fetch_rows, find_ids
from tests.support.office import NAMES, TODAY, fill, open_jobs


@pytest.fixture
def ask(engine_url):
    """Runs a function of a session in a lane."""
    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s)).result()
        yield lambda job: jobs.read(job).result()


def _titles(session, query):
    ids = find_ids(session, query).ids.tolist()
    rows = fetch_rows(session, query.table, ids, ["title"])
    return [rows[ident][0] for ident in ids]


def test_names_sort_as_in_a_spanish_dictionary(ask):
    assert ask(lambda s: _titles(s, ListQuery("client", sort=("name",)))) == [
        "Ávila Hermanos", "Bodegas del Turia", "Clínica Dental Ribera", "Hotel Azahar", "Muñoz y Zúñiga",
        "Nube Digital", "Ñandú Textil", "Óptica Central", "Talleres Ruiz", "Zapatos Elda",
    ]  # fmt: skip


def test_text_is_found_without_case_and_accents(ask):
    query = ListQuery("client", (Condition("name", "contains", "NANDU"),))
    assert ask(lambda s: _titles(s, query)) == ["Ñandú Textil"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%", "a%z"])
def test_the_signs_of_like_are_taken_literally(ask, text):
    assert ask(lambda s: _titles(s, ListQuery("client", (Condition("name", "contains", text),)))) == []


def test_criteria_look_through_links(ask):
    query = ListQuery("contact", (Condition("client.status", "in", ("client",)),))
    found = ask(lambda s: find_ids(s, query))
    rows = ask(lambda s: fetch_rows(s, "contact", found.ids.tolist(), ["client.status"]))
    assert len(found.ids) == 12
    assert {str(row[0]) for row in rows.values()} == {"client"}


def test_bounds_are_inclusive_and_flags_and_totals_run_beside_the_ids(ask):
    query = ListQuery("contact", (Condition("date", "from", TODAY), Condition("date", "to", TODAY)))
    found = ask(lambda s: find_ids(s, query))
    assert (len(found.ids), len(found.flags), len(found.totals)) == (2, 2, 2)
    rows = ask(lambda s: fetch_rows(s, "contact", found.ids.tolist(), ["date", "is_done", "duration"]))
    assert [bool(rows[ident][1]) for ident in found.ids] == [bool(flag) for flag in found.flags]
    assert [rows[ident][2] or 0 for ident in found.ids] == found.totals


def test_empty_values_stay_last_in_both_directions(ask):
    def times(sort):
        def job(session):
            ids = find_ids(session, ListQuery("contact", sort=(sort,))).ids.tolist()
            rows = fetch_rows(session, "contact", ids, ["time"])
            return [rows[ident][0] for ident in ids]

        return ask(job)

    for sort in ("time", "-time"):
        found = times(sort)
        filled = [value for value in found if value is not None]
        assert found[len(filled) :] == [None] * 15
        assert filled == sorted(filled, reverse=sort == "-time")


def test_the_order_is_total_so_that_a_first_page_is_the_head_of_the_whole(ask):
    for sort in ("client", "-type", "duration", "is_done", "notes"):
        query = ListQuery("contact", sort=(sort,))
        whole = ask(lambda s, query=query: find_ids(s, query)).ids
        assert ask(lambda s, query=query: find_ids(s, query, 17)).ids == whole[:17]


def test_only_the_given_records_are_looked_at(ask):
    whole = ask(lambda s: find_ids(s, ListQuery("client", sort=("name",)))).ids.tolist()
    query = ListQuery("client", sort=("-name",), ids=tuple(whole[2:4]))
    assert ask(lambda s: find_ids(s, query)).ids.tolist() == [whole[3], whole[2]]
    assert ask(lambda s: find_ids(s, ListQuery("client", ids=()))).ids.tolist() == []


def test_trashed_records_leave_the_list_but_can_still_be_read(engine_url):
    from oficrm import deleting

    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s)).result()
        victim = jobs.read(lambda s: find_ids(s, ListQuery("contact"))).result().ids[0]
        jobs.write(lambda s: deleting.delete(s, "contact", [victim])).result()
        assert victim not in jobs.read(lambda s: find_ids(s, ListQuery("contact"))).result().ids
        assert victim in jobs.read(lambda s: fetch_rows(s, "contact", [victim], ["date"])).result()


def test_a_picker_finds_by_name_code_and_phone_best_first(ask):
    def titles(text):
        return ask(lambda s: [option[1] for option in find_options(s, "client", text)])

    assert titles("nandu") == ["Ñandú Textil"]
    assert titles("cli-003") == [NAMES[3]]
    assert titles("961 234 502") == [NAMES[2]] or titles("961234502") == [NAMES[2]]
    assert titles("")[0] == "Ávila Hermanos"


def test_children_are_one_text_and_one_filter(engine_url):
    from db.history import operation
    from db.models.action_type import ActionType
    from db.models.contact import Contact, ContactAction

    def add(session):
        action = session.query(ActionType).filter_by(name="Visitar").one()
        contact = session.query(Contact).order_by(Contact.id).first()
        with operation(session, "Añadir acción"):
            session.add(ContactAction(contact_id=contact.id, action_type_id=action.id, text="Visitar", extra={}))
        return contact.id, action.id

    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s)).result()
        contact, action = jobs.write(add).result().value
        query = ListQuery("contact", (Condition("actions", "in", (action,)),))
        assert jobs.read(lambda s: find_ids(s, query)).result().ids.tolist() == [contact]
        assert jobs.read(lambda s: fetch_rows(s, "contact", [contact], ["actions"])).result()[contact] == ("Visitar",)


def test_an_unknown_field_is_a_mistake_of_ours(ask):
    with pytest.raises(KeyError, match="colour"):
        ask(lambda s: find_ids(s, ListQuery("client", (Condition("colour", "is", 1),))))


def test_dates_before_and_after_everything_find_nothing(ask):
    query = ListQuery("contact", (Condition("date", "to", dt.date(1900, 1, 1)),))
    assert ask(lambda s: find_ids(s, query)).ids.tolist() == []
