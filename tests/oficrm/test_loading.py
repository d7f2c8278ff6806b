import datetime as dt

import pytest

from db.history import operation
from db.models.contact import Contact
from oficrm import clock, deleting, lists, loading
from oficrm.errors import ValidationError
from oficrm.lists import Criterion, ListFilter
from tests.support.office import TODAY, fill, open_jobs

COLUMNS = ("date", "client")


@pytest.fixture
def jobs(started_url, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as lanes:
        lanes.write(lambda s: fill(s, 240)).result()
        yield lanes


def _whole(jobs, wanted, kept=frozenset()):
    return jobs.read(lambda s: loading.everything(s, wanted, kept)).result().found


def test_the_first_rows_come_with_their_values_and_head_the_whole(jobs):
    wanted = ListFilter("contact")
    first = jobs.read(lambda s: loading.first(s, wanted, COLUMNS)).result()
    whole = _whole(jobs, wanted)
    assert (len(first.found.ids), first.is_whole) == (loading.FIRST_ROWS, False)
    assert first.found.ids == whole.ids[: loading.FIRST_ROWS]
    assert set(first.rows) == set(first.found.ids)
    assert len(whole.ids) == 240


def test_a_short_list_is_whole_at_once(jobs):
    wanted = ListFilter("contact", (Criterion("date", "period", "hoy"),))
    assert jobs.read(lambda s: loading.first(s, wanted, COLUMNS)).result().is_whole


def test_overdue_means_past_and_not_done(jobs):
    found = _whole(jobs, ListFilter("contact", (Criterion("date", "period", "vencidos"),)))
    rows = jobs.read(lambda s: lists.load_rows(s, "contact", found.ids.tolist(), ["date", "is_done"])).result()
    assert len(rows) > 10
    assert all(day < TODAY and not done for day, done in rows.values())
    assert loading.has_overdue("contact", "date")
    assert not loading.has_overdue("contact", "closed_on")
    assert not loading.has_overdue("client", "created_at")


def test_criteria_that_cannot_be_read_are_named(jobs):
    wanted = ListFilter("contact", (Criterion("date", "from", "31/02"), Criterion("duration", "to", "-5")))
    with pytest.raises(ValidationError) as caught:
        jobs.read(lambda s: loading.first(s, wanted, COLUMNS)).result()
    assert set(caught.value.errors) == {"date", "duration"}


def _move(jobs, ident, day):
    def job(session):
        with operation(session, "Mover"):
            session.get_one(Contact, ident).date = day

    jobs.write(job).result()


def test_rows_that_no_longer_fit_stay_when_the_order_changes(jobs):
    wanted = ListFilter("contact", (Criterion("date", "period", "hoy"),))
    before = _whole(jobs, wanted).ids.tolist()
    _move(jobs, before[0], TODAY + dt.timedelta(days=9))
    assert before[0] not in _whole(jobs, wanted).ids
    kept = _whole(jobs, wanted, frozenset(before[:1]))
    assert sorted(kept.ids) == sorted(before)
    assert kept.ids[-1] == before[0]
    assert len(kept.flags) == len(kept.totals) == len(before)


def test_a_write_is_told_apart_into_gone_changed_and_added(jobs):
    wanted = ListFilter("contact", (Criterion("date", "period", "hoy"),))
    loaded = _whole(jobs, wanted).ids
    others = [ident for ident in _whole(jobs, ListFilter("contact")).ids if ident not in loaded]
    jobs.write(lambda s: deleting.delete(s, "contact", [loaded[0]])).result()
    _move(jobs, others[0], TODAY)
    changed = frozenset([*loaded, others[0], others[1]])
    result = jobs.read(lambda s: loading.refresh(s, wanted, loaded, changed)).result()
    assert result.gone == {loaded[0]}
    assert set(result.flags) == set(loaded[1:])
    assert set(result.totals) == set(loaded[1:])
    assert result.added.ids.tolist() == [others[0]]


def test_sums_tell_all_from_done(jobs):
    found = _whole(jobs, ListFilter("contact"))
    total, done = loading.sums(found)
    assert 0 < done < total == sum(found.totals)


def test_a_page_knows_its_catalogues(jobs):
    facts = jobs.read(lambda s: loading.page_facts(s, "contact")).result()
    assert {"contact_type", "result", "salesperson", "action_type", "sector", "origin"} <= set(facts.catalogues)
    assert "client" not in facts.catalogues
    phone = next(entry for entry in facts.catalogues["contact_type"] if entry.title == "Teléfono")
    assert (phone.icon, phone.is_active) == ("phone", True)
    assert facts.company == "Comercial Levante, S. L."
