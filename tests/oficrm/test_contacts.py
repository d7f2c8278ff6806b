"""The contact day without a screen: closing, chaining, interests, neighbours, and what is refused."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor
from db.models.action_type import ActionType
from db.models.contact import Contact
from db.models.interest import Interest
from oficrm import clock, contact_form, contacts, deleting, lists, records, saving, undo
from oficrm.drafts import Draft, LineDraft, Saved
from oficrm.errors import NeedsConfirmation, Refused, ValidationError

TODAY = dt.date(2026, 11, 20)  # a Friday
NOW = dt.datetime(2026, 11, 20, 10, 33, tzinfo=dt.UTC)


@dataclass
class Office:
    """A small company with one client, one person of it, and a product."""

    session: Session
    client: int = 0
    person: int = 0
    product: int = 0

    def make(self, table: str, **values: Any) -> int:
        draft = records.blank(self.session, table).draft
        draft.values |= values
        return saving.save(self.session, draft).id

    def log(
        self,
        preset: dict[str, Any] | None = None,
        *,
        actions: tuple[str, ...] = (),
        items: tuple[str, ...] = (),
        **values: Any,
    ) -> Saved:
        draft = records.blank(self.session, "contact", {"client": self.client} | (preset or {})).draft
        draft.values |= values
        draft.lines["contact_action"] = [LineDraft(None, {"text": text}) for text in actions]
        draft.lines["contact_item"] = [LineDraft(None, {"item": item}) for item in items]
        return saving.save(self.session, draft)

    def edit(self, ident: int, **values: Any) -> Saved:
        draft = records.load(self.session, "contact", ident).draft
        draft.values |= values
        return saving.save(self.session, draft)

    def contact(self, ident: int) -> Contact:
        return self.session.get_one(Contact, ident)

    def errors(self, **values: Any) -> dict[str, list[str]]:
        with pytest.raises(ValidationError) as caught:
            self.log(**values)
        return caught.value.errors


@pytest.fixture
def office(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(started_url)
    with Session(
        engine.execution_options(**{WRITES: True}), expire_on_commit=False, info={"actor": Actor("ana")}
    ) as session:
        made = Office(session)
        made.client = made.make("client", name="Talleres Ruiz")
        made.person = made.make("person", first_name="Marta", last_name="Ruiz", client=made.client)
        made.product = made.make("product", name="Sierra 200", sku="S-200")
        yield made
    engine.dispose()


def result_id(office: Office) -> int:
    return contacts.vocabulary(office.session).results[0][0]


# Closing


def test_a_contact_is_done_only_with_result_and_closing_date(office: Office) -> None:
    result = result_id(office)
    both = office.log(result=result, closed_on=TODAY)
    one = office.log(result=result)
    other = office.log(closed_on=TODAY)
    rows = lists.load_rows(office.session, "contact", [both.id, one.id, other.id], ["is_done"])
    assert [bool(rows[saved.id][0]) for saved in (both, one, other)] == [True, False, False]
    assert both.message == ""
    assert one.message == "El contacto sigue abierto: falta la fecha de cierre."
    assert other.message == "El contacto sigue abierto: falta el resultado."


def test_clearing_either_opens_it_again(office: Office) -> None:
    saved = office.log(result=result_id(office), closed_on=TODAY)
    again = office.edit(saved.id, result=None)
    assert again.message == "El contacto sigue abierto: falta el resultado."
    assert not lists.load_rows(office.session, "contact", [saved.id], ["is_done"])[saved.id][0]


@pytest.mark.parametrize(
    ("values", "has_next", "expected"),
    [
        ({}, False, "Al aceptar se guarda y queda abierto."),
        ({"result": 1, "closed_on": TODAY}, False, "Al aceptar se cierra este contacto."),
        ({"result": 1}, False, "Al aceptar se guarda y queda abierto, porque falta la fecha de cierre."),
        ({"closed_on": TODAY}, False, "Al aceptar se guarda y queda abierto, porque falta el resultado."),
        (
            {"result": 1, "closed_on": "31/02"},
            False,
            "Al aceptar se guarda y queda abierto, porque falta la fecha de cierre.",
        ),
        ({"next_at": dt.date(2026, 12, 1)}, False, "Al aceptar se guarda, queda abierto y se abre el del mar 1 dic."),
        (
            {"result": 1, "next_at": dt.date(2026, 12, 1)},
            False,
            "Al aceptar se guarda y queda abierto, porque falta la fecha de cierre. Después se abre el del mar 1 dic.",
        ),
        ({"next_at": "sábad"}, False, "Al aceptar se guarda y queda abierto."),
        (
            {"result": 1, "closed_on": TODAY, "next_at": dt.date(2026, 12, 1)},
            False,
            "Al aceptar se cierra este contacto y se abre el del mar 1 dic.",
        ),
        (
            {"result": 1, "closed_on": TODAY, "next_at": dt.date(2026, 12, 1)},
            True,
            "Al aceptar se cierra este contacto. Su próximo contacto ya está creado.",
        ),
    ],
)
def test_the_sentence_says_what_accepting_will_do(
    values: dict[str, Any], has_next: bool, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert contacts.sentence(values, has_next=has_next) == expected


# The next contact


def test_a_next_date_gives_the_draft_of_the_next_contact(office: Office) -> None:
    seller = office.make("salesperson", name="Luis")
    visit = contacts.vocabulary(office.session).types[2][0]
    saved = office.log(
        person=office.person, salesperson=seller, notes="Quiere precio", next_at="+1s", next_time="10", next_type=visit
    )
    follow = saved.follow_up
    assert follow is not None
    assert follow.values == {
        "client": office.client,
        "person": office.person,
        "salesperson": seller,
        "date": dt.date(2026, 11, 27),
        "time": dt.time(10),
        "type": visit,
    }
    assert follow.preset == {"previous": saved.id}
    opened = contact_form.open_form(office.session, None, follow.values | follow.preset)
    assert opened.extras is not None
    assert opened.extras.chained_from == "vie 20 nov: Quiere precio"
    assert opened.draft.values["notes"] is None
    assert opened.draft.values["time"] == dt.time(10)
    assert opened.titles["person"] == "Marta Ruiz"


def test_the_next_contact_is_made_once(office: Office) -> None:
    first = office.log(next_at="+1s")
    assert first.follow_up is not None
    preset = first.follow_up.values | first.follow_up.preset
    second = office.log(preset)
    assert office.contact(second.id).previous_id == first.id
    with pytest.raises(ValidationError) as caught:
        office.log(preset)
    assert "ya está creado" in caught.value.errors[""][0]
    assert office.edit(first.id, notes="otra vez").follow_up is None
    assert contacts.has_next(office.session, first.id)
    with pytest.raises(Refused):
        contacts.require_follow_up(office.session, first.id)


def test_a_cancelled_next_contact_can_be_made_later(office: Office) -> None:
    first = office.log(next_at="+1s")
    row = lists.load_rows(office.session, "contact", [first.id], ["next_missing"])[first.id]
    assert bool(row[0])
    again = contacts.require_follow_up(office.session, first.id)
    office.log(again.values | again.preset)
    row = lists.load_rows(office.session, "contact", [first.id], ["next_missing"])[first.id]
    assert not row[0]


def test_a_deleted_next_contact_can_be_made_again(office: Office) -> None:
    first = office.log(next_at="+1s")
    assert first.follow_up is not None
    preset = first.follow_up.values | first.follow_up.preset
    second = office.log(preset)
    deleting.delete(office.session, "contact", [second.id])
    third = office.log(preset)
    assert contacts.has_next(office.session, first.id)
    assert third.id != second.id


def test_moving_the_next_date_moves_the_next_contact_while_it_is_open_and_untouched(office: Office) -> None:
    first = office.log(next_at="+1s", next_time="10")
    assert first.follow_up is not None
    second = office.log(first.follow_up.values | first.follow_up.preset)
    office.edit(first.id, next_at=dt.date(2026, 12, 1), next_time=dt.time(12))
    assert office.contact(second.id).date == dt.date(2026, 12, 1)
    assert office.contact(second.id).time == dt.time(12)
    office.edit(second.id, date=dt.date(2026, 12, 9))
    office.edit(first.id, next_at=dt.date(2026, 12, 2))
    assert office.contact(second.id).date == dt.date(2026, 12, 9)


def test_undoing_takes_contact_interest_and_actions_back_together(office: Office) -> None:
    office.log(actions=("Enviar catálogo",), items=(f"product:{office.product}",))
    undo.undo_last(office.session)
    office.session.expire_all()
    assert contacts.count(office.session) == 0
    assert office.session.scalars(select(Interest).where(Interest.deleted_at.is_(None))).all() == []


# Interests and actions


def test_products_of_a_contact_join_the_interests_once(office: Office) -> None:
    item = f"product:{office.product}"
    first = office.log(person=office.person, items=(item,))
    office.log(person=office.person, items=(item,))
    [interest] = office.session.scalars(select(Interest)).all()
    assert (interest.client_id, interest.person_id, interest.product_id, interest.date, interest.contact_id) == (
        office.client,
        office.person,
        office.product,
        TODAY,
        first.id,
    )
    draft = records.load(office.session, "contact", first.id).draft
    draft.lines["contact_item"] = []
    saving.save(office.session, draft)
    assert interest.deleted_at is None, "taking the product away leaves the interest"


def test_a_new_action_joins_the_catalogue_once(office: Office) -> None:
    ident, name = contact_form.ensure_action(office.session, "  Enviar muestras ")
    assert name == "Enviar muestras"
    assert contact_form.ensure_action(office.session, "enviar MUESTRAS") == (ident, name)
    assert (ident, name) in contacts.vocabulary(office.session).actions
    assert office.session.get_one(ActionType, ident).number
    with pytest.raises(ValidationError):
        contact_form.ensure_action(office.session, "···")
    with pytest.raises(ValidationError):
        contact_form.ensure_action(office.session, "x" * 500)


# What came before and after


def test_neighbours_are_told_apart_by_the_date_typed(office: Office) -> None:
    days = [dt.date(2026, 10, 3), dt.date(2026, 11, 12), dt.date(2026, 11, 20), dt.date(2026, 11, 28)]
    ids = [office.log(date=day, notes=f"Nota {day.day}\nmás", actions=("Llamar", "Visitar")).id for day in days]
    found = contacts.neighbours(office.session, office.client, TODAY, exclude=ids[2])
    assert [each.id for each in found] == [ids[3], ids[1], ids[0]]
    assert [each.is_later for each in found] == [True, False, False]
    assert (found[0].title, found[0].notes, found[0].actions) == ("Nota 28", "Nota 28\nmás", ("Llamar", "Visitar"))
    moved = contacts.neighbours(office.session, office.client, dt.date(2026, 10, 30), exclude=ids[2])
    assert [each.is_later for each in moved] == [True, True, False]


def test_the_form_opens_with_all_it_shows(office: Office) -> None:
    quote = office.make("quote", client=office.client, subject="Sierras")
    before = office.log(notes="Antes")
    opened = contact_form.open_form(office.session, None, {"client": office.client})
    assert opened.extras is not None
    assert not opened.extras.has_next
    around = opened.extras.around
    assert [row.id for row in around.quotes] == [quote]
    assert around.quotes[0].status == "Borrador"
    assert "0,00" in around.quotes[0].total
    assert [each.id for each in around.neighbours] == [before.id]
    assert opened.draft.values["time"] == dt.time(10, 30), "a call of today begins now, on the five minutes"
    assert opened.extras.starts_now
    assert contact_form.around(office.session, {"client": "talleres", "date": TODAY}) == contact_form.Around()
    with pytest.raises(Refused):
        contact_form.open_form(office.session, 999)


def test_how_to_reach_person_and_client(office: Office) -> None:
    client = office.make("client", name="Hotel Azahar", phone="961234567", mobile_phone="612345678")
    person = office.make(
        "person", first_name="Luis", last_name="Gil", client=client, mobile_phone="612345678", email="luis@azahar.es"
    )
    values = {"client": client, "person": person, "date": TODAY}
    reach = contact_form.around(office.session, values).reach
    assert reach == "612 34 56 78 · luis@azahar.es · 961 23 45 67"
    assert contact_form.around(office.session, {"client": office.client}).reach == ""


# Bad input: a text beside the field, nothing saved


@pytest.mark.parametrize(
    ("field", "raw", "part"),
    [
        ("notes", "x" * 20_001, "como máximo"),
        ("date", "31/02", "Febrero de 2026 no tiene día 31"),
        ("date", dt.date(1, 1, 1), "1900"),
        ("date", "1/1/0001", "1900"),
        ("date", None, "Falta"),
        ("time", "25:00", "hora"),
        ("duration", "-5", "negativ"),
        ("duration", -5, ""),
        ("duration", "99h", "24"),
        ("next_at", "31/02", "Febrero"),
        ("next_at", dt.date(2026, 11, 19), "anterior"),
        ("closed_on", dt.date(2026, 11, 19), "anterior"),
        ("client", None, "Falta"),
        ("client", "talleres", "Elija"),
        ("client", 999, "no existe"),
        ("made_by", "nadie", "lista"),
    ],
)
def test_bad_input_is_answered_beside_the_field(office: Office, field: str, raw: Any, part: str) -> None:
    errors = office.errors(**{field: raw})
    assert list(errors) == [field]
    [text] = errors[field]
    assert part in text
    assert contacts.count(office.session) == 0


def test_control_characters_do_not_reach_the_notes(office: Office) -> None:
    assert "U+0000" in office.errors(notes="a\x00b")["notes"][0]


def test_an_hour_without_a_date_for_the_next(office: Office) -> None:
    assert office.errors(next_time="10") == {"next_at": ["Falta la fecha del próximo contacto."]}


def test_a_person_of_another_client(office: Office) -> None:
    other = office.make("client", name="Hotel Azahar")
    assert "otro cliente" in office.errors(client=other, person=office.person)["person"][0]


def test_a_client_deleted_meanwhile(office: Office) -> None:
    saved = office.log(notes="antes")
    with pytest.raises(NeedsConfirmation):
        deleting.delete(office.session, "client", [office.client])
    draft = records.load(office.session, "contact", saved.id).draft
    new = records.blank(office.session, "contact", {"client": office.client}).draft
    deleting.delete(office.session, "client", [office.client], frozenset({"dependents"}))
    with pytest.raises(ValidationError) as caught:
        saving.save(office.session, new)
    assert "no existe" in caught.value.errors["client"][0]
    draft.values["notes"] = "después"
    with pytest.raises(NeedsConfirmation) as asked:
        saving.save(office.session, draft)
    assert asked.value.code == saving.DELETED_MEANWHILE
    undo.undo_last(office.session)
    deleting.delete(office.session, "contact", [saved.id])
    assert saving.save(office.session, draft.accepting(saving.DELETED_MEANWHILE)).id == saved.id
    assert office.contact(saved.id).deleted_at is None
    assert office.contact(saved.id).notes == "después"


def test_actions_too_long_or_empty(office: Office) -> None:
    with pytest.raises(ValidationError) as caught:
        office.log(actions=("x" * 300,))
    assert list(caught.value.errors) == ["contact_action.0.text"]


def test_a_draft_that_failed_can_be_saved_once_mended(office: Office) -> None:
    draft = Draft("contact", values={"client": office.client, "date": "31/02", "notes": "todo esto"})
    draft.values |= {
        name: value
        for name, value in records.blank(office.session, "contact").draft.values.items()
        if name not in draft.values
    }
    with pytest.raises(ValidationError):
        saving.save(office.session, draft)
    draft.values["date"] = "hoy"
    assert office.contact(saving.save(office.session, draft).id).notes == "todo esto"
