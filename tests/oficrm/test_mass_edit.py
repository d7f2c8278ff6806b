"""Cambiar campo of many records: previewed, checked as in the form, one operation, undone as one."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.client import Client
from db.models.contact import Contact
from oficrm import clock, deleting, history, mass_edit, records, saving, undo
from oficrm.errors import Refused, ValidationError
from oficrm.jobs import Jobs
from tests.support.office import TODAY, fill, open_jobs


@pytest.fixture
def jobs(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as opened:
        opened.write(fill).result()
        yield opened


def ids(jobs: Jobs, model: Any) -> list[int]:
    return jobs.read(lambda s: list(s.scalars(select(model.id).order_by(model.id)))).result()


def values(jobs: Jobs, model: Any, attr: str) -> list[Any]:
    wanted = select(getattr(model, attr)).where(model.deleted_at.is_(None)).order_by(model.id)
    return jobs.read(lambda s: list(s.scalars(wanted))).result()


def look(jobs: Jobs, table: str, chosen: list[int], name: str, raw: Any) -> mass_edit.Preview:
    def job(session: Session) -> mass_edit.Preview:
        return mass_edit.preview(session, mass_edit.frozen(session, table, chosen, name), raw)

    return jobs.read(job).result()


def save(jobs: Jobs, table: str, ident: int | None = None, user: str = "ana", **more: Any) -> int:
    def job(session: Session) -> int:
        session.info["actor"] = Actor(user)
        draft = (records.load(session, table, ident) if ident else records.blank(session, table)).draft
        draft.values |= more
        return saving.save(session, draft).id

    return jobs.write(job).result().value


def test_a_link_of_many_contacts_goes_set_based_and_back(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    marta = save(jobs, "salesperson", name="Marta")
    before = values(jobs, Contact, "salesperson_id")
    chosen = ids(jobs, Contact)[:40]
    preview = look(jobs, "contact", chosen, "salesperson", marta)
    assert preview.text == "Marta"
    assert preview.frozen.present() == [("ana", 40)]
    monkeypatch.setattr(mass_edit, "_save_one", lambda *_: pytest.fail("went record by record"))
    done = jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    assert (done.value, done.changes.label) == (40, "Cambiar Vendedor de 40 contactos")
    assert values(jobs, Contact, "salesperson_id") == [marta] * 40 + before[40:]
    entries = jobs.read(lambda s: history.operation_changes(s, done.changes.operation_id or 0)).result()
    assert {(entry.field, entry.before, entry.after) for entry in entries} == {("Vendedor", "ana", "Marta")}
    jobs.write(undo.undo_last).result()
    assert values(jobs, Contact, "salesperson_id") == before


def test_what_texts_follow_from_is_saved_one_by_one(jobs: Jobs) -> None:
    chosen = ids(jobs, Client)[:3]
    preview = look(jobs, "client", chosen, "city", "  Santa   Pola ")
    done = jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    assert done.changes.label == "Cambiar Población de 3 clientes"
    assert values(jobs, Client, "city")[:4] == ["Santa Pola"] * 3 + ["Valencia"]
    folded = jobs.read(lambda s: [s.get_one(Client, ident).search_text for ident in chosen]).result()
    if Client.fields["city"].search:
        assert all("santa pola" in text for text in folded)
    jobs.write(undo.undo_last).result()
    assert values(jobs, Client, "city")[:3] == ["Alcoy", "Valencia", "Alcoy"]


def test_own_fields_can_be_changed_too(jobs: Jobs) -> None:
    own = f"x_{save(jobs, 'custom_field', module_table='client', name='Descuento', kind='quantity')}"
    chosen = ids(jobs, Client)
    preview = look(jobs, "client", chosen, own, "12,5")
    jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    again = look(jobs, "client", chosen, own, "12,5")
    assert again.changes == frozenset()
    assert {target.before for target in again.frozen.targets} == {Decimal("12.5")}
    assert again.frozen.present() == [("12,5", len(chosen))]
    with pytest.raises(Refused, match="Ningún registro"):
        jobs.write(lambda s: mass_edit.apply(s, again)).result()


def test_values_are_checked_as_in_the_form(jobs: Jobs) -> None:
    chosen = ids(jobs, Contact)[:5]
    for name, raw in (("duration", "-5"), ("duration", "mucho"), ("closed_on", "31/02/2026"), ("type", None),
                      ("salesperson", 999_999), ("made_by", "nadie"), ("time", "25:00")):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            look(jobs, "contact", chosen, name, raw)
        assert caught.value.errors.keys() == {name}


def test_records_whose_rules_would_break_stay_as_they_are(jobs: Jobs) -> None:
    chosen = ids(jobs, Contact)
    preview = look(jobs, "contact", chosen, "closed_on", "20/11/2026")
    late = [ident for ident, day in zip(chosen, values(jobs, Contact, "date"), strict=True)
            if day > dt.date(2026, 11, 20)]  # fmt: skip
    assert set(preview.blocked) == set(late)
    assert "no puede ser anterior" in next(iter(preview.blocked.values()))
    jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    wrong = select(Contact.id).where(Contact.closed_on < Contact.date)
    assert jobs.read(lambda s: list(s.scalars(wrong))).result() == []


def test_a_field_can_be_emptied(jobs: Jobs) -> None:
    chosen = ids(jobs, Contact)[:8]
    preview = look(jobs, "contact", chosen, "duration", None)
    jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    assert values(jobs, Contact, "duration")[:8] == [None] * 8


def test_unique_computed_and_dependent_fields_are_not_offered(jobs: Jobs) -> None:
    def offered(table: str) -> set[str]:
        return {each.name for each in jobs.read(lambda s: mass_edit.fields(s, table)).result()}

    assert offered("client") >= {"status", "sector", "city", "salesperson"}
    assert not offered("client") & {"code", "email", "tax_id", "title", "created_at"}
    assert not offered("contact") & {"date", "next_at", "person", "previous", "is_done"}
    for table, name in (("client", "code"), ("contact", "date"), ("contact", "nothing")):
        with pytest.raises(Refused, match="no se puede cambiar"):
            look(jobs, table, [1], name, "x")


@pytest.mark.parametrize("name", ["sector", "city"])
def test_a_record_changed_meanwhile_is_named_and_nothing_is_written(jobs: Jobs, name: str) -> None:
    chosen = ids(jobs, Client)[:4]
    preview = look(jobs, "client", chosen, name, 1 if name == "sector" else "Elda")
    save(jobs, "client", chosen[2], "luis", phone="961112233")
    jobs.write(lambda s: deleting.delete(s, "client", [chosen[3]], frozenset({"dependents"}))).result()
    before = values(jobs, Client, Client.fields[name].attr)
    with pytest.raises(Refused, match="«Ávila Hermanos», «Muñoz y Zúñiga» cambiaron mientras tanto"):
        jobs.write(lambda s: mass_edit.apply(s, preview)).result()
    assert values(jobs, Client, Client.fields[name].attr) == before


def test_looking_writes_nothing(jobs: Jobs) -> None:
    before = values(jobs, Contact, "closed_on")
    look(jobs, "contact", ids(jobs, Contact), "closed_on", "hoy")
    assert values(jobs, Contact, "closed_on") == before


def test_deleted_ones_are_counted(jobs: Jobs) -> None:
    chosen = ids(jobs, Contact)[:3]
    jobs.write(lambda s: deleting.delete(s, "contact", [chosen[0]], frozenset({"dependents"}))).result()
    preview = look(jobs, "contact", [*chosen, chosen[1]], "duration", "15")
    assert preview.frozen.gone == 1
    assert len(preview.frozen.targets) == 2


def test_an_undo_after_the_old_value_went_to_the_trash_is_refused(jobs: Jobs) -> None:
    marta, luis = (save(jobs, "salesperson", name=name) for name in ("Marta", "Luis"))
    chosen = ids(jobs, Contact)[:25]
    for person in (marta, luis):
        jobs.write(partial(mass_edit.apply, wanted=look(jobs, "contact", chosen, "salesperson", person))).result()
    jobs.write(lambda s: deleting.delete(s, "salesperson", [marta])).result()
    last = jobs.read(lambda s: next(a.id for a in history.activity(s) if a.label.startswith("Cambiar"))).result()
    with pytest.raises(Refused, match=r"«Marta» .* está en la papelera"):
        jobs.write(lambda s: undo.undo(s, last)).result()
