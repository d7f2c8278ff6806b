"""Cambiar fecha for many: frozen, previewed, written exactly so or not at all, and undone as a whole."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.history import Actor, Change, Operation, operation
from db.models.contact import Contact
from db.models.salesperson import Salesperson, SalespersonAbsence
from oficrm import clock, deleting, records, reschedule, saving, settings, undo
from oficrm import reschedule_summary as summary
from oficrm.errors import Refused
from oficrm.jobs import Jobs
from oficrm.reschedule import Overtaken, Preview, Selection, SetDate, Shift, Spread, Wish
from oficrm.rules.problems import Invalid
from tests.support.office import TODAY, fill, open_jobs

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
FORTNIGHT = Shift(2, "weeks", avoid_holidays=True)


@pytest.fixture
def jobs(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as opened:
        opened.write(fill).result()
        yield opened


def open_ids(session: Session) -> list[int]:
    """Those without a result, in the order of a list."""
    rows = select(Contact.id).where(Contact.result_id.is_(None), Contact.deleted_at.is_(None))
    return list(session.scalars(rows.order_by(Contact.date, Contact.time, Contact.id)))


def choose(jobs: Jobs, count: int = 20) -> Selection:
    return jobs.read(lambda session: reschedule.frozen(session, open_ids(session)[:count])).result()


def dates_of(jobs: Jobs, selection: Selection) -> dict[int, dt.date]:
    ids = [subject.id for subject in selection.subjects]
    rows = jobs.read(lambda s: s.execute(select(Contact.id, Contact.date).where(Contact.id.in_(ids))).all()).result()
    return {row[0]: row[1] for row in rows}


def apply(jobs: Jobs, preview: Preview) -> int:
    done = jobs.write(lambda session: reschedule.apply(session, preview)).result()
    assert done.changes.operation_id is not None
    return done.changes.operation_id


def edit(jobs: Jobs, ident: int, user: str = "luis", **values: object) -> None:
    def job(session: Session) -> None:
        session.info["actor"] = Actor(user)
        draft = records.load(session, "contact", ident).draft
        draft.values |= values
        saving.save(session, draft)

    jobs.write(job).result()


def test_twenty_dates_move_as_one_operation_and_come_back(jobs: Jobs) -> None:
    selection = choose(jobs)
    assert len(selection.subjects) == 20
    preview = reschedule.preview(selection, Wish(FORTNIGHT))
    before = dates_of(jobs, selection)
    operation_id = apply(jobs, preview)
    assert dates_of(jobs, selection) == before | dict(preview.after)

    def written(session: Session) -> tuple[str, list[tuple[int, str, str, str]]]:
        changes = session.scalars(select(Change).where(Change.operation_id == operation_id))
        label = session.get_one(Operation, operation_id).label
        return label, [(row.record_id, row.field, row.old, row.new) for row in changes]

    label, changes = jobs.read(written).result()
    assert label == f"Cambiar fecha de {len(preview.rows)} contactos"
    assert changes == [(row.id, "date", row.before.isoformat(), row.after.isoformat()) for row in preview.rows]

    jobs.write(lambda session: undo.undo(session, operation_id)).result()
    assert dates_of(jobs, selection) == before
    jobs.write(undo.redo_last).result()
    assert dates_of(jobs, selection) == before | dict(preview.after)


def test_only_the_date_changes(jobs: Jobs) -> None:
    selection = choose(jobs, 5)
    ident = selection.subjects[0].id
    whole = select(Contact.time, Contact.duration, Contact.closed_on, Contact.result_id, Contact.version,
                   Contact.modified_by).where(Contact.id == ident)  # fmt: skip
    before = jobs.read(lambda session: session.execute(whole).one()).result()
    apply(jobs, reschedule.preview(selection, Wish(FORTNIGHT)))
    after = jobs.read(lambda session: session.execute(whole).one()).result()
    assert after[:4] == before[:4]
    assert after[4] == before[4] + 1


def test_the_selection_keeps_its_order_and_says_what_is_gone(jobs: Jobs) -> None:
    ids = jobs.read(open_ids).result()[:4]
    jobs.write(lambda session: deleting.delete(session, "contact", [ids[1]], frozenset({"dependents"}))).result()
    wanted = [ids[3], ids[0], ids[3], ids[1], ids[2]]
    selection = jobs.read(lambda session: reschedule.frozen(session, wanted)).result()
    assert [subject.id for subject in selection.subjects] == [ids[3], ids[0], ids[2]]
    assert selection.gone == 1
    shown = selection.subjects[0]
    assert shown.client
    assert shown.subject
    assert shown.icon


def test_a_row_changed_by_somebody_else_is_named_and_nothing_is_written(jobs: Jobs) -> None:
    selection = choose(jobs)
    preview = reschedule.preview(selection, Wish(FORTNIGHT))
    moved, closed, edited, deleted = (row.id for row in preview.rows[:4])
    edit(jobs, moved, date=dt.date(2026, 12, 16), closed_on=None, next_at=None)
    edit(jobs, closed, result=1, closed_on=dt.date(2026, 12, 30))
    edit(jobs, edited, notes="Otra cosa", duration=20)
    jobs.write(lambda session: deleting.delete(session, "contact", [deleted], frozenset({"dependents"}))).result()
    before = dates_of(jobs, selection)
    with pytest.raises(Overtaken) as caught:
        apply(jobs, preview)
    found = {each.id: each for each in caught.value.contacts}
    assert {ident: (each.who, each.what) for ident, each in found.items()} == {
        moved: ("luis", "lo pasó al mié 16 dic"),
        closed: ("luis", "lo dio por realizado"),
        edited: ("luis", "cambió Duración, Notas"),
        deleted: ("ana", "lo borró"),
    }  # fmt: skip
    assert found[moved].now == dt.date(2026, 12, 16)
    assert found[deleted].now is None
    assert "4 contactos cambiaron" in str(caught.value)
    assert dates_of(jobs, selection) == before
    count = select(func.count()).where(Operation.label.startswith("Cambiar fecha"))
    assert jobs.read(lambda session: session.scalar(count)).result() == 0

    again = reschedule.preview(choose(jobs, 10), Wish(FORTNIGHT))
    apply(jobs, again)


def test_nothing_to_change_is_refused(jobs: Jobs) -> None:
    selection = choose(jobs, 3)
    preview = reschedule.preview(selection, Wish(Shift(0)))
    assert preview.unchanged == {subject.id for subject in selection.subjects}
    with pytest.raises(Refused, match="Ningún contacto"):
        apply(jobs, preview)


def test_closed_contacts_stay_unless_asked_for(jobs: Jobs) -> None:
    selection = jobs.read(lambda s: reschedule.frozen(s, list(s.scalars(select(Contact.id))))).result()
    assert selection.done > 0
    preview = reschedule.preview(selection, Wish(Shift(-1, "weeks")))
    assert len(preview.left_out) == selection.done
    with_them = reschedule.preview(selection, Wish(Shift(-1, "weeks"), include_done=True))
    assert not with_them.left_out
    assert len(with_them.rows) == len(preview.rows) + selection.done


def test_no_contact_ends_up_behind_its_close_or_its_next_one(jobs: Jobs) -> None:
    selection = jobs.read(lambda s: reschedule.frozen(s, list(s.scalars(select(Contact.id))))).result()
    preview = reschedule.preview(selection, Wish(SetDate(dt.date(2026, 12, 9)), include_done=True))
    assert preview.blocked
    assert any(text.startswith("próximo el ") for text in preview.blocked.values())
    assert any(text.startswith("cerrado el ") for text in preview.blocked.values())
    assert not preview.blocked.keys() & preview.after.keys()
    apply(jobs, preview)
    wrong = select(func.count()).where((Contact.closed_on < Contact.date) | (Contact.next_at < Contact.date))
    assert jobs.read(lambda session: session.scalar(wrong)).result() == 0


def test_those_that_stay_take_their_place_in_the_days(jobs: Jobs) -> None:
    selection = jobs.read(lambda s: reschedule.frozen(s, list(s.scalars(select(Contact.id))))).result()
    preview = reschedule.preview(selection, Wish(Spread(MONDAY, 3), include_done=True))
    assert preview.blocked
    stay = sum(day >= MONDAY for day in (s.date for s in selection.subjects if s.id in preview.blocked))
    assert stay == 0 or max(load.after for load in preview.loads if load.date >= MONDAY) <= 3


def test_the_load_of_a_day_counts_others_once(jobs: Jobs) -> None:
    selection = choose(jobs, 2)
    one = selection.subjects[0]
    key = (one.salesperson_id, one.date)
    total = select(func.count()).where(Contact.date == one.date, Contact.salesperson_id == one.salesperson_id,
                                       Contact.result_id.is_(None))  # fmt: skip
    mine = sum((subject.salesperson_id, subject.date) == key for subject in selection.subjects)
    expected = (jobs.read(lambda session: session.scalar(total)).result() or 0) - mine
    assert selection.others.get(key, 0) == (expected if one.date >= TODAY else selection.others.get(key, 0))
    preview = reschedule.preview(selection, Wish(SetDate(dt.date(2027, 3, 1))))
    arrived = next(load for load in preview.loads if load.date == dt.date(2027, 3, 1))
    assert (arrived.before, arrived.after) == (0, 2)


def _away(session: Session) -> None:
    seller = session.scalars(select(Salesperson)).one()
    with operation(session, "Vacaciones"):
        session.add(SalespersonAbsence(salesperson_id=seller.id, first_day=MONDAY, last_day=dt.date(2026, 11, 27),
                                       extra={}))  # fmt: skip
        settings.save(session, {"holiday_region": "VC"})


def test_days_off_and_holidays_are_skipped_when_wished(jobs: Jobs) -> None:
    jobs.write(_away).result()
    selection = choose(jobs, 1)
    assert selection.diary.place == "España, Comunitat Valenciana"
    subject = selection.subjects[0]

    def lands(**more: bool) -> dt.date:
        return reschedule.preview(selection, Wish(SetDate(MONDAY, avoid_holidays=True), **more)).after[subject.id]

    assert lands() == dt.date(2026, 11, 30)
    assert lands(days_off=False) == MONDAY
    spread = Wish(Spread(dt.date(2026, 12, 8), 5))
    assert reschedule.preview(selection, spread).after[subject.id] == dt.date(2026, 12, 9)
    on_a_holiday = Wish(Spread(dt.date(2026, 12, 8), 5), holidays=False)
    assert reschedule.preview(selection, on_a_holiday).after[subject.id] == dt.date(2026, 12, 8)


def test_remarks_say_what_was_skipped(jobs: Jobs) -> None:
    jobs.write(_away).result()
    selection = choose(jobs, 1)
    subject = selection.subjects[0]

    def remark(wish: Wish) -> str:
        return summary.Remarks(reschedule.preview(selection, wish)).of(subject)

    assert remark(Wish(SetDate(dt.date(2026, 12, 8), avoid_holidays=True))) == "Salta Inmaculada Concepción"
    assert remark(Wish(SetDate(dt.date(2026, 12, 5), avoid_holidays=True))) == "Salta fin de semana"
    assert remark(Wish(SetDate(dt.date(2026, 12, 6)))) == "Cae en domingo"
    assert remark(Wish(SetDate(MONDAY), days_off=False)) == "Cae en día libre"
    assert remark(Wish(SetDate(MONDAY, avoid_holidays=True))) == "Salta día libre y fin de semana"
    assert remark(Wish(SetDate(subject.date))) == "Ya está en esa fecha"
    days = (dt.date(2026, 12, 8) - subject.date).days
    assert remark(Wish(Shift(days, "days", avoid_holidays=True))) == "Salta Inmaculada Concepción"
    assert remark(Wish(Spread(dt.date(2026, 12, 8), 9))) == ""


def test_days_and_people_are_summed_up(jobs: Jobs) -> None:
    selection = choose(jobs)
    preview = reschedule.preview(selection, Wish(Spread(dt.date(2026, 12, 7), 4)))
    loads = summary.days(preview)
    assert {load.first: load.free for load in loads}[dt.date(2026, 12, 8)] == "Inmaculada Concepción"
    assert all(load.first.weekday() < 5 or load.before or load.after for load in loads)
    assert sum(load.after - load.before for load in loads) == 0
    everybody = summary.people(preview)[0]
    assert (everybody.name, everybody.count, everybody.moved) == ("Todos", 20, len(preview.rows))
    assert everybody.most == max(load.after for load in loads)
    far = summary.days(reschedule.preview(selection, Wish(SetDate(dt.date(2028, 1, 4)))))
    assert far[-1].first == dt.date(2028, 1, 4)
    assert len(far) < 40  # nothing is shown for the empty year between


def test_a_long_stretch_is_summed_up_by_weeks_or_months(jobs: Jobs) -> None:
    seen = choose(jobs, 1)

    def stretch(days: int) -> list[summary.Load]:
        subjects = tuple(replace(seen.subjects[0], id=place, date=MONDAY + dt.timedelta(days=3 * place))
                         for place in range(1, days // 3))  # fmt: skip
        return summary.days(reschedule.preview(replace(seen, subjects=subjects, others={}), Wish(Shift(1, "weeks"))))

    assert all(load.first == load.last for load in stretch(60))
    weeks, months = stretch(200), stretch(900)
    assert all(load.first.weekday() == 0 and load.last.weekday() == 6 for load in weeks)
    assert all(load.first.day == 1 and load.last.month == load.first.month for load in months)
    assert sum(load.after for load in months) == sum(load.before for load in months) == 299


def test_impossible_wishes_are_said_in_words(jobs: Jobs) -> None:
    selection = choose(jobs, 2)
    for spec in (Shift(90_000, "weeks"), Spread(MONDAY, 0), SetDate(dt.date(2300, 1, 1))):
        with pytest.raises(Invalid):
            reschedule.preview(selection, Wish(spec))


def test_a_write_past_the_history_is_noticed_too(jobs: Jobs) -> None:
    selection = choose(jobs, 3)
    preview = reschedule.preview(selection, Wish(FORTNIGHT))
    ident = preview.rows[0].id

    def slip(session: Session) -> None:
        session.execute(update(Contact).where(Contact.id == ident).values(date=TODAY, modified_by="otro"))

    jobs.write(slip).result()
    with pytest.raises(Overtaken) as caught:
        apply(jobs, preview)
    assert [(each.who, each.what) for each in caught.value.contacts] == [("otro", "lo pasó al sáb 21 nov")]
