from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import Actor, Change, Operation, operation, snapshot
from db.models.client import Client
from db.models.contact import Contact
from db.models.interest import Interest
from db.models.person import Person
from db.models.quote import Quote, QuoteLine
from db.models.salesperson import Salesperson
from db.record import Record
from db.registry import module, modules
from oficrm import cleaning, settings, undo
from oficrm.demo.build import ACTOR, LABEL, build
from oficrm.errors import Cancelled, Refused
from tests.oficrm.demo.conftest import COUNT, TODAY, Example, build_at, open_session


def count_of(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def problems_of(record: Record, country: str) -> list[str]:
    """What the program itself would object to, were the record typed into its form."""
    context = cleaning.Context(getattr(record, "country", None) or country, TODAY)
    found = [problem.text for problem in record.problems()]
    for field in record.fields.values():
        value = getattr(record, field.attr, None)
        if (
            value is None
            or field.is_computed
            or field.name == "title"
            or field.kind in ("instant", "either", "children")
        ):
            continue
        cleaned = cleaning.clean(field, value, context)
        if cleaned != value:
            found.append(f"{record.module.table}.{field.name}: {value!r} -> {cleaned!r}")
    return found


@pytest.mark.parametrize("country", ["ES", "MX"])
def test_every_record_is_one_that_could_have_been_typed(example: Example, country: str) -> None:
    with open_session(example(country)) as session:
        written = 0
        for model in modules():
            for record in session.scalars(select(model)):
                assert problems_of(record, country) == []
                before = (record.title, record.sort_key, record.search_text)
                record.refresh_texts()
                assert (record.title, record.sort_key, record.search_text) == before
                written += 1
        assert written > COUNT * 1.5
        session.rollback()


def test_both_engines_get_the_whole_company(engine_url: str) -> None:
    build_at(engine_url)
    with open_session(engine_url) as session:
        assert count_of(session, Contact) == COUNT
        assert all(count_of(session, model) for model in (Client, Person, Interest, Quote, QuoteLine, Salesperson))
        today = session.scalars(select(Contact).where(Contact.date == TODAY, Contact.result_id.is_(None))).all()
        assert len(today) >= 3
        assert session.scalar(select(func.count()).where(Contact.previous_id.is_not(None)))
        # Going on from here works: ids and numbers continue after those of the example.
        client = session.scalars(select(Client).limit(1)).one()
        with operation(session, "Añadir"):
            one = Contact(client_id=client.id, date=TODAY, type_id=1, made_by="us", notes="Nuevo", extra={})
            session.add(one)
        assert one.id > COUNT
        session.commit()


def test_the_user_is_one_of_the_salespeople_and_has_work_today(example: Example) -> None:
    with open_session(example("ES")) as session:
        own = session.scalars(select(Salesperson).where(Salesperson.login == "ana")).one()
        mine = select(func.count()).where(Contact.salesperson_id == own.id, Contact.date >= TODAY)
        assert session.scalar(mine)
        assert settings.read(session)["company_name"] == "Comercial Levante, S.L."


def test_the_history_tells_one_operation_and_a_few_changes_of_dates(example: Example) -> None:
    with open_session(example("ES")) as session:
        made = session.scalars(select(Operation).where(Operation.label == LABEL)).one()
        assert (made.user, made.kind) == (ACTOR.user, "demo")
        contact = session.scalars(select(Contact).where(Contact.version == 1).limit(1)).one()
        first = session.scalars(select(Change).where(Change.table == "contact", Change.record_id == contact.id)).one()
        assert (first.operation_id, first.action, first.new) == (made.id, "insert", snapshot(contact))
        moves = session.scalars(select(Operation).where(Operation.label.like("Cambiar fecha de%"))).all()
        assert moves
        assert all(made.at < move.at for move in moves)
        with pytest.raises(Refused, match="nada que deshacer"):
            undo.undo_last(session)
        before = session.scalar(select(func.count()).where(Change.action == "update", Change.field == "date"))
        assert before
        undo.undo(session, moves[0].id)
        session.commit()


def rows_of(session: Session) -> list[Any]:
    """What was done, with its name and when."""
    found: list[Any] = []
    for table in ("sales_order", "invoice", "stock_movement", "support_case", "comment", "log_entry", "chat_message"):
        model: Any = module(table)
        found += session.execute(select(model.id, model.title, model.created_at).order_by(model.id)).all()
    return found


def test_the_same_day_gives_the_same_rows(example: Example, sqlite_url: str) -> None:
    columns = (Contact.id, Contact.date, Contact.notes, Contact.client_id, Contact.created_at, Contact.previous_id)
    build_at(sqlite_url)
    rows: list[Any] = []
    for url in (example("ES"), sqlite_url):
        with open_session(url) as session:
            rows.append(session.execute(select(*columns).order_by(Contact.id)).all())
            rows.append(session.execute(select(Client.code, Client.name, Client.tax_id).order_by(Client.id)).all())
            rows.append(rows_of(session))
    assert rows[:3] == rows[3:]


def test_a_database_in_use_is_left_alone(example: Example) -> None:
    with open_session(example("ES")) as session:
        with pytest.raises(Refused, match="ya tiene clientes"):
            build(session, 10, "ES", today=TODAY)
        assert session.info["actor"] == Actor("ana")


def test_progress_rises_to_the_end_and_cancelling_keeps_nothing(sqlite_url: str) -> None:
    steps: list[tuple[int, int]] = []
    with open_session(sqlite_url) as session:
        build(session, COUNT, "MX", today=TODAY, progress=lambda done, total: steps.append((done, total)))
        session.rollback()
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]

        def cancel(done: int, _total: int) -> None:
            if done:
                raise Cancelled

        with pytest.raises(Cancelled):
            build(session, COUNT, "MX", today=TODAY, progress=cancel)
        session.rollback()
        assert session.info["actor"] == Actor("ana")
        assert count_of(session, Client) == count_of(session, Operation) == 0


def test_other_countries_get_an_example_too(sqlite_url: str) -> None:
    build_at(sqlite_url, "PT", 60)
    with open_session(sqlite_url) as session:
        assert settings.read(session).country == "PT"
        assert count_of(session, Contact) == 60
