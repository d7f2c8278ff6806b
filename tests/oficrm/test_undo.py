"""Deshacer: whole operations taken back, in any order that makes sense, refused in words where it does not."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.bulk import Write, write_field
from db.engine import WRITES, open_engine
from db.history import Actor, Change, Operation, operation, snapshot
from db.models.client import Client
from db.models.contact import Contact
from db.models.salesperson import Salesperson
from db.registry import modules
from oficrm import clock, deleting, history, records, reschedule, restoring, saving, undo
from oficrm import settings as company
from oficrm.drafts import LineDraft
from oficrm.errors import Refused, ValidationError
from tests.support.office import TODAY, fill

ALL = frozenset({"dependents"})
State = dict[tuple[str, int], dict[str, Any]]


@pytest.fixture
def session(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    engine = open_engine(started_url, pooled=False)
    bind = engine.execution_options(**{WRITES: True})
    with Session(bind, expire_on_commit=False, info={"actor": Actor("ana")}) as made:
        fill(made, 40)
        made.execute(update(Operation).values(kind="start"))  # Ctrl+Z does not reach behind the first start
        made.commit()
        yield made
        made.rollback()
    engine.dispose()


def state(session: Session) -> State:
    """Everything that is not in the trash, as it stands in the database."""
    session.flush()
    session.expire_all()
    found: State = {}
    for model in modules():
        for record in session.scalars(select(model).where(model.deleted_at.is_(None))):
            found[model.module.table, record.id] = snapshot(record)
    return found


def ids(session: Session, model: Any) -> list[int]:
    return list(session.scalars(select(model.id).where(model.deleted_at.is_(None)).order_by(model.id)))


def edit(session: Session, table: str, ident: int | None, **values: Any) -> int:
    # As in the program, where each job has a session of its own
    for key in ("settings", "custom_fields"):
        session.info.pop(key, None)
    draft = (records.load(session, table, ident) if ident else records.blank(session, table)).draft
    draft.values |= values
    draft.accepted = frozenset({"duplicate"})
    return saving.save(session, draft).id


def last(session: Session) -> int:
    return max(session.scalars(select(Operation.id)))


def refused(session: Session, ident: int, words: str) -> None:
    """Undoing says why not, and leaves everything as it was."""
    before = state(session)
    with pytest.raises(Refused, match=words), session.begin_nested():
        undo.undo(session, ident)
    assert state(session) == before


# The steps of random days: each takes the session and a number to choose by


def _rename(session: Session, pick: int) -> None:
    clients = ids(session, Client)
    edit(session, "client", clients[pick % len(clients)], name=f"Cliente {pick}", city=None if pick % 2 else "Elda")


def _new_client(session: Session, pick: int) -> None:
    edit(session, "client", None, name=f"Nuevo {pick}", phone="961234567")


def _log(session: Session, pick: int) -> None:
    clients = ids(session, Client)
    draft = records.blank(session, "contact", {"client": clients[pick % len(clients)]}).draft
    draft.values |= {"notes": f"Nota {pick}", "next_at": TODAY + dt.timedelta(days=pick % 9)}
    draft.lines["contact_action"] = [LineDraft(None, {"text": f"Acción {n}"}) for n in range(pick % 3)]
    saving.save(session, draft)


def _retell(session: Session, pick: int) -> None:
    contacts = ids(session, Contact)
    draft = records.load(session, "contact", contacts[pick % len(contacts)]).draft
    draft.values["duration"] = pick % 200
    draft.lines["contact_action"] = [*draft.lines["contact_action"][1:], LineDraft(None, {"text": f"Otra {pick}"})]
    saving.save(session, draft)


def _delete_client(session: Session, pick: int) -> None:
    clients = ids(session, Client)
    deleting.delete(session, "client", [clients[pick % len(clients)]], ALL)


def _delete_contacts(session: Session, pick: int) -> None:
    contacts = ids(session, Contact)
    deleting.delete(session, "contact", contacts[pick % 7 :: 11], ALL)


def _move(session: Session, pick: int) -> None:
    selection = reschedule.frozen(session, ids(session, Contact)[pick % 5 :])
    spec = reschedule.Shift(pick % 13 - 6, "days")
    session.expunge_all()
    reschedule.apply(session, reschedule.preview(selection, reschedule.Wish(spec)))


def _own_field(session: Session, pick: int) -> None:
    own = edit(session, "custom_field", None, module_table="client", name=f"Campo {pick}", kind="text")
    clients = ids(session, Client)
    edit(session, "client", clients[pick % len(clients)], **{f"x_{own}": f"valor {pick}"})


def _company(session: Session, pick: int) -> None:
    company.save(session, {"company_city": f"Ciudad {pick}", "calc_decimals": pick % 4})


def _undo_and_redo(session: Session, pick: int) -> None:
    undo.undo_last(session)
    if pick % 2:
        session.expire_all()
        undo.redo_last(session)


STEPS: tuple[Callable[[Session, int], None], ...] = (
    _rename, _new_client, _log, _retell, _delete_client, _delete_contacts, _move, _own_field, _company, _undo_and_redo,
)  # fmt: skip
SHARED = [HealthCheck.function_scoped_fixture]  # each example ends in a rollback
DAYS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 400)), min_size=1, max_size=7)


@pytest.mark.parametrize("least", [undo.SET_BASED_FROM, 1], ids=["usual", "set_based"])
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate], suppress_health_check=SHARED)
@given(days=DAYS)
def test_undoing_everything_backwards_brings_back_how_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch, least: int, days: Any
) -> None:
    monkeypatch.setattr(undo, "SET_BASED_FROM", least)
    before = last(session)
    there = state(session)
    for step, pick in days:
        try:
            with session.begin_nested():
                step(session, pick)
        except (Refused, ValidationError):
            session.expire_all()
            session.info.pop("operation", None)
    operations = sorted(session.scalars(select(Operation.id).where(Operation.id > before)))
    for ident in reversed(operations):
        if ident in history.undone_ids(session):
            continue  # taken back by a later one of the list, which was itself an undo
        session.expunge_all()
        undo.undo(session, ident)
    assert state(session) == there
    session.rollback()


# What each kind does and where it refuses


def test_many_of_one_field_go_back_set_based(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(session)
    _move(session, 4)
    moved = last(session)
    session.expunge_all()
    monkeypatch.setattr(undo, "SET_BASED_FROM", 2)
    monkeypatch.setattr(undo, "_reverse_one", lambda *_: pytest.fail("went record by record"))
    said = undo.undo(session, moved)
    assert said.startswith("Deshecho: Cambiar fecha de ")
    assert state(session) == before


def test_many_made_and_deleted_go_set_based_with_the_same_history(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ids(session, Client)[0]
    deleting.delete(session, "client", [client], ALL)
    deleted = last(session)
    gone = state(session)
    found: list[list[tuple[Any, ...]]] = []
    for least in (1000, 1):
        monkeypatch.setattr(undo, "SET_BASED_FROM", least)
        session.expunge_all()
        undo.undo(session, deleted if not found else last(session))
        rows = session.scalars(select(Change).where(Change.operation_id == last(session)))
        found.append(sorted((row.table, row.record_id, row.action, str(row.new)) for row in rows))
        assert session.get_one(Client, client).deleted_at is None
        session.expunge_all()
        monkeypatch.setattr(undo, "_reverse_one", lambda *_: pytest.fail("went record by record"))
        monkeypatch.setattr(undo, "SET_BASED_FROM", 1)
        undo.undo(session, last(session))
        monkeypatch.undo()
        monkeypatch.setattr(clock, "today", lambda: TODAY)
        assert state(session) == gone
    assert found[0] == found[1]
    assert {row[2] for row in found[0]} == {"restore"}


def test_many_made_go_only_while_nobody_uses_one_of_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "SET_BASED_FROM", 1)
    with operation(session, "Dos clientes"):
        made = [Client(name=f"Nueva {at}", code=f"N-{at}", status="client", extra={}) for at in range(2)]
        session.add_all(made)
    ident = last(session)
    contact = edit(session, "contact", None, client=made[1].id)
    refused(session, ident, "«Nueva 1» ya se usa en contactos")
    undo.undo_last(session)
    undo.undo(session, ident)
    assert not {record.id for record in made} & set(ids(session, Client))
    assert contact not in ids(session, Contact)


def test_a_later_change_stands_in_the_way_and_is_named(session: Session) -> None:
    client = ids(session, Client)[0]
    edit(session, "client", client, city="Elche")
    first = last(session)
    session.info["actor"] = Actor("luis")
    edit(session, "client", client, city="Murcia")
    refused(session, first, r"«Talleres Ruiz» cambió después: Modificar cliente Talleres Ruiz, luis, \d")


def test_other_fields_changed_later_are_no_hindrance(session: Session) -> None:
    client = ids(session, Client)[0]
    edit(session, "client", client, city="Elche")
    first = last(session)
    edit(session, "client", client, phone="961112233")
    undo.undo(session, first)
    record = session.get_one(Client, client)
    assert (record.city, record.phone) == ("Alcoy", "+34961112233")


def test_a_mass_change_names_who_moved_one_of_them_later(session: Session) -> None:
    _move(session, 4)
    moved = last(session)
    ident = history.operation_changes(session, moved)[0].record_id
    session.info["actor"] = Actor("luis")
    edit(session, "contact", ident, date=dt.date(2026, 12, 30), closed_on=None, next_at=None)
    session.expunge_all()
    refused(session, moved, "cambió después: Modificar contacto")


def test_a_mass_change_is_not_undone_into_a_broken_rule(session: Session) -> None:
    contacts = ids(session, Contact)
    client = session.get_one(Contact, contacts[0]).client_id
    made = [edit(session, "contact", None, client=client, notes="x", date=dt.date(2026, 12, 10)) for _ in range(25)]
    selection = reschedule.frozen(session, made)
    session.expunge_all()
    reschedule.apply(session, reschedule.preview(selection, reschedule.Wish(reschedule.Shift(-9, "days"))))
    moved = last(session)
    edit(session, "contact", made[3], next_at=dt.date(2026, 12, 4))
    session.expunge_all()
    refused(session, moved, "próximo contacto no puede ser anterior")


def test_nothing_is_undone_twice_but_an_undo_can_be_undone(session: Session) -> None:
    client = ids(session, Client)[0]
    edit(session, "client", client, city="Elche")
    first = last(session)
    undo.undo(session, first)
    refused(session, first, "ya está deshecha")
    assert undo.redo_last(session).startswith("Rehecho: Modificar cliente")
    assert session.get_one(Client, client).city == "Elche"
    assert first not in history.undone_ids(session)
    with pytest.raises(Refused, match="No hay nada que rehacer"):
        undo.redo_last(session)


def test_ctrl_z_takes_mine_one_after_the_other(session: Session) -> None:
    first, second = ids(session, Client)[:2]
    edit(session, "client", first, city="Elche")
    edit(session, "client", second, city="Elda")
    session.info["actor"] = Actor("luis")
    edit(session, "client", second, phone="961112233")
    session.info["actor"] = Actor("ana")
    assert undo.undo_last(session).endswith("Hotel Azahar")
    assert undo.undo_last(session).endswith("Talleres Ruiz")
    session.info["actor"] = Actor("nadie")
    with pytest.raises(Refused, match="No hay nada que deshacer"):
        undo.undo_last(session)


def test_what_was_made_goes_only_while_nobody_uses_it(session: Session) -> None:
    client = edit(session, "client", None, name="Nuevo", phone="961234567")
    made = last(session)
    edit(session, "contact", None, client=client, notes="Primera llamada")
    refused(session, made, "ya se usa en contactos")
    undo.undo_last(session)
    undo.undo(session, made)
    assert session.get_one(Client, client).deleted_at is not None


def test_undo_leads_no_link_into_the_trash(session: Session) -> None:
    contacts = ids(session, Contact)[:30]
    old = ids(session, Salesperson)[0]
    new = edit(session, "salesperson", None, name="Marta")
    with operation(session, "Cambiar vendedor"):
        write_field(session, Contact, "salesperson_id", [Write(ident, old, new) for ident in contacts])
    changed = last(session)
    with operation(session, "Vendedor fuera"):
        rest = [ident for ident in ids(session, Contact) if ident not in contacts]
        write_field(session, Contact, "salesperson_id", [Write(ident, old, new) for ident in rest])
        session.get_one(Salesperson, old).deleted_at = clock.now()
        session.flush()
    session.expunge_all()
    refused(session, changed, "está en la papelera")


def test_a_contact_does_not_come_back_to_a_deleted_client(session: Session) -> None:
    contact = session.get_one(Contact, ids(session, Contact)[0])
    deleting.delete(session, "contact", [contact.id], ALL)
    gone = last(session)
    deleting.delete(session, "client", [contact.client_id], ALL)
    refused(session, gone, r"«Talleres Ruiz» .* está en la papelera")
    restoring.restore_deleted(session, "client", contact.client_id)
    undo.undo(session, gone)
    assert contact.deleted_at is None


def test_what_is_not_there_is_refused_in_words(session: Session) -> None:
    refused(session, 999_999, "no existe")
    before = last(session)
    with operation(session, "Nada"):
        pass
    edit(session, "client", ids(session, Client)[0])
    company.save(session, {"country": "ES"})
    assert last(session) == before  # what changes nothing is no operation, and nothing for Ctrl+Z
    assert "last_operation" not in session.info
