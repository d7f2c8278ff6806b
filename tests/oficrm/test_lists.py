"""Lists as the user asks for them: criteria typed in words, resolved to today, wrong ones named."""

import datetime as dt
from decimal import Decimal

import pytest

from db.history import operation
from db.models.client import Client
from db.models.contact import Contact
from db.models.custom_field import CustomField, CustomKind
from oficrm import lists
from oficrm.errors import ValidationError
from oficrm.lists import Criterion, ListFilter
from tests.support.office import NAMES, TODAY, fill, open_jobs


@pytest.fixture
def jobs(started_url, monkeypatch):
    monkeypatch.setattr("oficrm.clock.today", lambda: TODAY)
    with open_jobs(started_url) as lanes:
        lanes.write(fill).result()
        yield lanes


@pytest.fixture
def ask(jobs):
    return lambda job: jobs.read(job).result()


def _rows(ask, wanted, *columns):
    def job(session):
        ids = lists.load_ids(session, wanted).ids.tolist()
        rows = lists.load_rows(session, wanted.table, ids, columns)
        return [rows[ident] for ident in ids]

    return ask(job)


def _column(ask, table, criteria, column, **more):
    return [row[0] for row in _rows(ask, ListFilter(table, tuple(criteria), **more), column)]


def test_dates_may_be_words(ask):
    assert set(_column(ask, "contact", [Criterion("date", "from", "hoy"), Criterion("date", "to", "hoy")], "date")) == {
        TODAY
    }
    days = _column(ask, "contact", [Criterion("date", "from", "-2d"), Criterion("date", "to", "+1d")], "date")
    assert (min(days), max(days)) == (TODAY - dt.timedelta(2), TODAY + dt.timedelta(1))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [("hoy", "2026-11-21", "2026-11-21"), ("semana", "2026-11-16", "2026-11-22"), ("mes", "2026-11-01", "2026-11-30")],
)
def test_periods_move_with_today(ask, period, first, last):
    days = _column(ask, "contact", [Criterion("date", "period", period)], "date")
    assert days
    assert all(first <= day.isoformat() <= last for day in days)
    outside = [Criterion("date", "to", dt.date.fromisoformat(first) - dt.timedelta(1))]
    later = [Criterion("date", "from", dt.date.fromisoformat(last) + dt.timedelta(1))]
    whole = len(_column(ask, "contact", [], "date"))
    assert (
        len(days) + len(_column(ask, "contact", outside, "date")) + len(_column(ask, "contact", later, "date")) == whole
    )


def test_instants_are_asked_for_by_local_days(ask):
    """The records are being written at this moment, whatever the test takes for today."""
    now = dt.datetime.now().astimezone().date()
    on = [Criterion("created_at", "from", now.isoformat()), Criterion("created_at", "to", now.isoformat())]
    before = [Criterion("created_at", "to", (now - dt.timedelta(1)).isoformat())]
    assert len(_column(ask, "client", on, "name")) == len(NAMES)
    assert _column(ask, "client", before, "name") == []


def test_what_cannot_be_read_is_named_by_its_field_all_at_once(ask):
    wanted = ListFilter("contact", (Criterion("date", "from", "31/02"), Criterion("duration", "to", "mucho"),
                                    Criterion("client", "contains", "x"), Criterion("type", "in", (1,))))  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        ask(lambda s: lists.load_ids(s, wanted))
    assert set(refused.value.errors) == {"date", "duration", "client"}
    assert all(text.endswith(".") for texts in refused.value.errors.values() for text in texts)


def test_bounds_may_lie_outside_what_the_field_may_hold(ask):
    assert _column(ask, "contact", [Criterion("duration", "from", 10), Criterion("duration", "to", "23h")], "duration")
    assert len(_column(ask, "contact", [Criterion("duration", "to", 5000)], "duration")) == 45


def test_fields_that_no_longer_exist_are_left_out(ask):
    wanted = ListFilter("client", (Criterion("x_99", "is", 1), Criterion("colour", "is", 1)), sort=("-x_99", "name"))
    assert _rows(ask, wanted, "name")[0] == ("Ávila Hermanos",)


def test_free_text_is_looked_for_word_by_word(ask):
    assert _column(ask, "client", [], "name", text="ruiz TALLER") == ["Talleres Ruiz"]
    assert _column(ask, "client", [], "name", text="ruiz hotel") == []


@pytest.mark.parametrize("nasty", ["\0", "a\0b", "\ud800", "\x1b[0m", "'; DROP TABLE client --", "%", "😀", "x" * 5000])
def test_nothing_typed_into_a_search_breaks_it(ask, nasty):
    assert _column(ask, "client", [Criterion("name", "contains", nasty)], "name") in ([], sorted_names())
    assert _column(ask, "client", [], "name", text=nasty) in ([], sorted_names())
    ask(lambda s: lists.options(s, ["client", "person"], nasty))


def sorted_names():
    return ["Ávila Hermanos", "Bodegas del Turia", "Clínica Dental Ribera", "Hotel Azahar", "Muñoz y Zúñiga",
            "Nube Digital", "Ñandú Textil", "Óptica Central", "Talleres Ruiz", "Zapatos Elda"]  # fmt: skip


def test_text_far_down_in_long_notes_is_found(jobs, ask):
    def write(session):
        with operation(session, "Modificar contacto"):
            contact = session.query(Contact).first()
            contact.notes = "primera línea\n" + "relleno " * 2000 + "AGÜJA"
        return contact.id

    ident = jobs.write(write).result().value
    wanted = ListFilter("contact", (Criterion("notes", "contains", "aguja"),))
    assert ask(lambda s: lists.load_ids(s, wanted)).ids.tolist() == [ident]


def test_a_filter_survives_being_kept(ask):
    criteria = (Criterion("date", "from", TODAY), Criterion("time", "to", dt.time(12)), Criterion("type", "in", (1, 2)),
                Criterion("date", "period", "mes"), Criterion("notes", "contains", "ñ"))  # fmt: skip
    kept = ListFilter("contact", criteria, "ruiz", ("-date",)).to_json()
    again = ListFilter.from_json("contact", kept)
    assert again.to_json() == kept
    assert (
        ask(lambda s: lists.load_ids(s, again)).ids
        == ask(lambda s: lists.load_ids(s, ListFilter("contact", criteria, "ruiz", ("-date",)))).ids
    )
    assert ListFilter.from_json("contact", {}) == ListFilter("contact")


def test_own_fields_filter_sort_and_show(jobs, ask):
    def define(session):
        with operation(session, "Campos"):
            for name, kind in (("Color", CustomKind.TEXT), ("Peso", CustomKind.NUMBER), ("Alta", CustomKind.DATE)):
                session.add(
                    CustomField(name=name, module_table="client", kind=kind, is_active=True, position=1, extra={})
                )
            session.flush()
            ids = [f"x_{custom.id}" for custom in session.query(CustomField).order_by(CustomField.id)]
            for place, client in enumerate(session.query(Client).order_by(Client.id)):
                client.extra = {
                    ids[0]: f"Ñ{place}",
                    ids[1]: str(Decimal(place * 5) / 2),
                    ids[2]: f"2026-11-{place + 1:02}",
                }
        return ids

    colour, weight, since = jobs.write(define).result().value
    assert colour in ask(lambda s: lists.facts(s, "client")).more_filters
    assert _column(ask, "client", [Criterion(colour, "contains", "n3")], "name") == [NAMES[3]]
    found = _column(ask, "client", [Criterion(weight, "from", "17,5")], "name", sort=(f"-{weight}",))
    assert found == [NAMES[9], NAMES[8], NAMES[7]]
    between = [Criterion(since, "from", "2/11/2026"), Criterion(since, "to", dt.date(2026, 11, 3))]
    assert _column(ask, "client", between, "name", sort=(since,)) == [NAMES[1], NAMES[2]]


def test_facts_know_every_column_and_filter(ask):
    facts = ask(lambda s: lists.facts(s, "contact"))
    screens = Contact.screens
    assert set(screens.columns) | set(screens.filters) | set(screens.more_filters) <= set(facts.fields)
    assert (facts.country, facts.currency) == ("ES", "EUR")


def test_a_picker_over_several_modules_says_which(ask):
    found = ask(lambda s: lists.options(s, ["client", "person"], "gil"))
    assert {str(option.id).split(":")[0] for option in found} == {"person"}
    assert all(option.title.startswith("Marta Gil") for option in found)


def test_a_picker_within_a_client_offers_only_its_people(ask):
    client = ask(lambda s: s.query(Client).filter_by(name=NAMES[2]).one().id)
    found = ask(lambda s: lists.options(s, ["person"], "", within=("client", client)))
    assert [option.title for option in found] == ["Marta Gil 2"]


def test_titles(ask):
    ids = ask(lambda s: [client.id for client in s.query(Client).order_by(Client.id)][:2])
    assert ask(lambda s: lists.titles(s, Client, [*ids, *ids, 999_999])) == dict(zip(ids, NAMES[:2], strict=True))
