"""Histórico and Papelera: what is told, and what comes back from it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import Actor, Change, Operation
from db.models.client import Client
from db.models.contact import Contact, ContactAction
from db.models.custom_field import CustomKind
from oficrm import clock, deleting, history, records, restoring, saving, trash, undo
from oficrm.drafts import LineDraft
from oficrm.errors import Refused
from oficrm.jobs import Job, Jobs
from tests.support.office import TODAY, fill, open_jobs

T = TypeVar("T")
ALL = frozenset({"dependents"})


class Books:
    """A filled database, written as forms do."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    def read(self, job: Job[T]) -> T:
        return self.jobs.read(job).result()

    def write(self, job: Job[T]) -> T:
        return self.jobs.write(job).result().value

    def first(self, model: Any) -> int:
        live = select(model.id).where(model.deleted_at.is_(None)).order_by(model.id)
        ident: int = self.read(lambda s: s.scalars(live.limit(1)).one())
        return ident

    def save(self, table: str, ident: int | None = None, lines: Any = None, **values: Any) -> int:
        def job(session: Session) -> int:
            draft = (records.load(session, table, ident) if ident else records.blank(session, table)).draft
            draft.values |= values
            draft.lines |= lines or {}
            return saving.save(session, draft).id

        return self.write(job)

    def entries(self, table: str, ident: int) -> list[history.Entry]:
        return self.read(lambda s: history.record_history(s, table, ident))

    def value(self, table: str, ident: int, name: str) -> Any:
        return self.read(lambda s: records.load(s, table, ident).draft.values[name])


@pytest.fixture
def books(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as jobs:
        jobs.write(fill).result()
        yield Books(jobs)


def test_the_history_tells_who_what_before_and_after(books: Books) -> None:
    client = books.first(Client)
    books.save("client", client, name="Talleres Ruiz e Hijos", city="Alicante")
    newest, *others = books.entries("client", client)
    assert {(e.field, e.before, e.after) for e in (newest, others[0])} == {
        ("Nombre", "Talleres Ruiz", "Talleres Ruiz e Hijos"),
        ("Población", "Alcoy", "Alicante"),
    }
    assert (newest.user, newest.action, newest.can_restore) == ("ana", "Modificación", True)
    assert newest.operation == "Modificar cliente Talleres Ruiz e Hijos"
    assert others[-1].action == "Alta"
    assert "Nombre: Talleres Ruiz" in others[-1].after


def test_links_choices_and_own_fields_are_told_in_words(books: Books) -> None:
    own = books.save("custom_field", module_table="contact", name="Zona", kind=CustomKind.TEXT)
    contact = books.save("contact", None, None, client=books.first(Client), notes="Hola", **{f"x_{own}": "Norte"})
    assert "Zona: Norte" in books.entries("contact", contact)[-1].after
    other = books.read(lambda s: s.scalars(select(Client.id).order_by(Client.id.desc())).first())
    books.save("contact", contact, None, client=other, made_by="them", person=None, **{f"x_{own}": "Sur"})
    told = {e.field: (e.before, e.after) for e in books.entries("contact", contact) if e.action == "Modificación"}
    assert told["Cliente"] == ("Talleres Ruiz", "Óptica Central")
    assert told["Realizado por"] == ("Nosotros", "Ellos")
    assert told["Zona"] == ("Norte", "Sur")


def test_an_operation_names_the_records_it_touched(books: Books) -> None:
    ids = [books.first(Contact)]
    operation_id = books.jobs.write(lambda s: deleting.delete(s, "contact", ids, ALL)).result().changes.operation_id
    assert operation_id is not None
    entry = books.read(lambda s: history.operation_changes(s, operation_id))[0]
    assert entry.record.startswith("Talleres Ruiz · ")
    assert entry.action == "Borrado"


def test_the_activity_is_searched_without_accents_and_by_user(books: Books) -> None:
    books.save("origin", name="Campaña Ñandú")
    assert books.read(lambda s: history.activity(s, text="ANADIR origen campaña"))[0].label.endswith("Campaña Ñandú")
    assert books.read(lambda s: history.activity(s, text="100%")) == []
    assert books.read(lambda s: history.activity(s, user="nadie")) == []
    every = books.read(history.activity)
    assert books.read(lambda s: history.activity(s, before=every[0].id)) == every[1:]


def test_one_value_comes_back(books: Books) -> None:
    client = books.first(Client)
    books.save("client", client, name="Otro", city="Murcia")
    entry = next(e for e in books.entries("client", client) if e.field == "Nombre")
    books.write(lambda s: restoring.restore_value(s, entry.change_id))
    assert books.value("client", client, "name") == "Talleres Ruiz"
    assert books.value("client", client, "city") == "Murcia"
    with pytest.raises(Refused, match="ya tiene ese valor"):
        books.write(lambda s: restoring.restore_value(s, entry.change_id))
    books.write(undo.undo_last)
    assert books.value("client", client, "name") == "Otro"


def test_a_whole_version_comes_back_with_its_lines(books: Books) -> None:
    client = books.first(Client)
    lines = [LineDraft(None, {"text": "Enviar catálogo"}), LineDraft(None, {"text": "Llamar"})]
    contact = books.save("contact", client=client, notes="Primera", lines={"contact_action": lines})
    version = books.entries("contact", contact)[0].change_id

    def texts(session: Session) -> list[str]:
        live = select(ContactAction.text).where(ContactAction.contact_id == contact, ContactAction.deleted_at.is_(None))
        return sorted(session.scalars(live))

    present = books.read(lambda s: records.load(s, "contact", contact)).draft.lines["contact_action"]
    changed = [LineDraft(present[0].id, {"text": "Enviar la oferta"}), LineDraft(None, {"text": "Nueva"})]
    books.save("contact", contact, notes="Segunda", duration=30, lines={"contact_action": changed})
    assert books.read(texts) == ["Enviar la oferta", "Nueva"]

    steps = books.read(lambda s: restoring.version_steps(s, version))
    assert {(step.field, step.now, step.then) for step in steps} >= {
        ("Notas", "Segunda", "Primera"), ("Duración", "30 min", ""),
        ("Acción a tomar: Texto", "Enviar la oferta", "Enviar catálogo"),
        ("Acción a tomar", "Nueva", ""), ("Acción a tomar", "", "Llamar"),
    }  # fmt: skip
    books.write(lambda s: restoring.restore_version(s, version))
    assert books.value("contact", contact, "notes") == "Primera"
    assert books.read(texts) == ["Enviar catálogo", "Llamar"]
    assert books.read(lambda s: restoring.version_steps(s, version)) == []
    books.write(undo.undo_last)
    assert books.read(texts) == ["Enviar la oferta", "Nueva"]


def test_restoring_breaks_no_rule(books: Books) -> None:
    client = books.first(Client)
    day = dt.date(2026, 11, 10)
    contact = books.save("contact", client=client, notes="x", date=day, closed_on=day, result=1)
    books.save("contact", contact, closed_on=dt.date(2026, 11, 20))
    books.save("contact", contact, date=dt.date(2026, 11, 19))
    entry = next(e for e in books.entries("contact", contact) if e.field == "Fecha de cierre")
    with pytest.raises(Refused, match="fecha de cierre no puede ser anterior"):
        books.write(lambda s: restoring.restore_value(s, entry.change_id))
    assert books.value("contact", contact, "closed_on") == dt.date(2026, 11, 20)


def test_a_code_taken_meanwhile_stands_in_the_way(books: Books) -> None:
    client = books.first(Client)
    code = books.value("client", client, "code")
    books.save("client", client, code="OTRO")
    books.save("client", name="Nuevo", code=code)
    entry = next(e for e in books.entries("client", client) if e.field == "Código")
    with pytest.raises(Refused, match="lo tiene ahora otro registro"):
        books.write(lambda s: restoring.restore_value(s, entry.change_id))
    with pytest.raises(Refused, match="lo tiene ahora otro registro"):
        books.write(lambda s: undo.undo(s, entry.operation_id))
    assert books.value("client", client, "code") == "OTRO"


def test_a_deleted_client_comes_back_whole_and_alone(books: Books) -> None:
    first, second = books.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id)))[:2])
    count = select(func.count()).where(Contact.client_id == first, Contact.deleted_at.is_(None))
    before = books.read(lambda s: s.scalar(count))
    books.write(lambda s: deleting.delete(s, "client", [first, second], ALL))
    gone = books.read(trash.deleted)
    assert {(row.label, row.title) for row in gone} == {("Cliente", "Talleres Ruiz"), ("Cliente", "Hotel Azahar")}
    assert gone[0].user == "ana"
    assert books.read(lambda s: s.scalar(count)) == 0
    found = books.read(lambda s: trash.deleted(s, text="oferta"))
    contact = next(row for row in found if row.table == "contact" and row.title.startswith("Talleres Ruiz"))
    with pytest.raises(Refused, match=r"«Talleres Ruiz» .* está en la papelera"):
        books.write(lambda s: restoring.restore_deleted(s, "contact", contact.record_id))

    said = books.write(lambda s: restoring.restore_deleted(s, "client", first))
    assert said.startswith("«Talleres Ruiz» recuperado. Con ")
    assert books.read(lambda s: s.scalar(count)) == before
    left = books.read(lambda s: trash.deleted(s, text="azahar"))
    assert [row.record_id for row in left if row.table == "client"] == [second]
    assert [(row.record_id, row.along > 0) for row in books.read(trash.deleted)] == [(second, True)]
    with pytest.raises(Refused, match="no está en la papelera"):
        books.write(lambda s: restoring.restore_deleted(s, "client", first))
    books.write(undo.undo_last)
    assert books.read(lambda s: s.scalar(count)) == 0


def test_the_trash_pages_and_shows_each_record_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trash, "SCAN", 3)
    ids = books.read(lambda s: list(s.scalars(select(Contact.id).order_by(Contact.id)))[:7])
    books.write(lambda s: deleting.delete(s, "contact", ids, ALL))
    books.write(lambda s: restoring.restore_deleted(s, "contact", ids[0]))
    books.write(lambda s: deleting.delete(s, "contact", ids[:1], ALL))
    page = books.read(lambda s: trash.deleted(s, limit=4))
    rest = books.read(lambda s: trash.deleted(s, before=page[-1].change_id))
    assert sorted(row.record_id for row in (*page, *rest)) == sorted(ids)
    assert page[0].record_id == ids[0]


def test_the_head_says_who_deleted(books: Books) -> None:
    client = books.first(Client)
    assert books.read(lambda s: history.head(s, "client", client)).deleted_at is None
    books.jobs.actor = Actor("luis")
    books.write(lambda s: deleting.delete(s, "client", [client], ALL))
    head = books.read(lambda s: history.head(s, "client", client))
    assert (head.title, head.label, head.deleted_by) == ("Talleres Ruiz", "Cliente", "luis")
    assert head.deleted_at is not None


def test_history_is_append_only(books: Books) -> None:
    client = books.first(Client)
    books.save("client", client, city="Elche")
    counts = select(select(func.count(Change.id)).scalar_subquery(), select(func.count(Operation.id)).scalar_subquery())
    before = books.read(lambda s: tuple(s.execute(counts).one()))
    books.write(undo.undo_last)
    after = books.read(lambda s: tuple(s.execute(counts).one()))
    assert after == (before[0] + 1, before[1] + 1)
