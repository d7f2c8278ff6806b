"""One field of many records: what may be changed, the rules kept, one operation, one undo."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import Actor, Change
from db.models.client import Client
from db.models.contact import Contact
from db.models.product import Product
from oficrm import mass_edit, records, saving, start, undo
from oficrm.errors import Refused, ValidationError
from oficrm.jobs import Jobs


@pytest.fixture
def jobs(engine_url: str) -> Iterator[Jobs]:
    made = Jobs(engine_url, Actor("ana"))
    made.write(lambda session: start.begin(session, "ES")).result()
    yield made
    made.close()


def add(session: Session, table: str, **values: object) -> int:
    draft = records.blank(session, table, values).draft
    return saving.save(session, draft).id


def write(jobs: Jobs, job: Callable[[Session], object]) -> object:
    return jobs.write(job).result().value


def cities(session: Session) -> list[str | None]:
    return list(session.scalars(select(Client.city).order_by(Client.id)))


def test_unique_read_only_and_picture_fields_are_not_offered(jobs: Jobs) -> None:
    names = {field.name for field in jobs.read(lambda s: mass_edit.editable(s, "client")).result()}
    assert {"city", "salesperson", "sector"} <= names
    assert not names & {"code", "email", "tax_id", "created_at"}
    assert "date" not in {field.name for field in jobs.read(lambda s: mass_edit.editable(s, "contact")).result()}


def test_all_change_in_one_operation_and_come_back_in_one(jobs: Jobs) -> None:
    ids = [write(jobs, lambda s, n=n, c=c: add(s, "client", name=f"Cliente {n}", city=c)) for n, c in enumerate("aab")]
    seen = jobs.read(lambda s: mass_edit.before(s, "client", ids, "city")).result()
    assert (seen.total, seen.values, seen.kinds) == (3, (("a", 2), ("b", 1)), 2)
    done = jobs.write(lambda s: mass_edit.apply(s, "client", ids, "city", "  Valencia ")).result()
    assert done.value == tuple(ids)
    assert done.changes.label == "Cambiar población de 3 clientes"
    assert jobs.read(cities).result() == ["Valencia"] * 3
    count = select(func.count()).where(Change.operation_id == done.changes.operation_id)
    assert jobs.read(lambda s: s.scalar(count)).result() == 3
    write(jobs, undo.undo_last)
    assert jobs.read(cities).result() == ["a", "a", "b"]


def test_a_field_that_is_searched_is_found_under_its_new_value(jobs: Jobs) -> None:
    ident = write(jobs, lambda s: add(s, "product", name="Sierra", sku="S-1", brand="Vieja"))
    write(jobs, lambda s: mass_edit.apply(s, "product", [ident], "brand", "Ñandú"))
    assert "nandu" in jobs.read(lambda s: s.get_one(Product, ident).search_text).result()


def test_what_already_has_the_value_does_not_change(jobs: Jobs) -> None:
    ids = [write(jobs, lambda s, n=n: add(s, "client", name=f"Cliente {n}", city="Lugo")) for n in range(2)]
    assert write(jobs, lambda s: mass_edit.apply(s, "client", ids, "city", "Lugo")) == ()


def test_a_value_that_cannot_be_read_is_refused_beside_its_field(jobs: Jobs) -> None:
    ident = write(jobs, lambda s: add(s, "client", name="Uno"))
    with pytest.raises(ValidationError) as caught:
        write(jobs, lambda s: mass_edit.apply(s, "client", [ident], "credit_days", "muchos"))
    assert list(caught.value.errors) == ["credit_days"]


def test_a_rule_broken_by_one_record_stops_all_and_names_it(jobs: Jobs) -> None:
    client = write(jobs, lambda s: add(s, "client", name="Uno"))
    early = write(jobs, lambda s: add(s, "contact", client=client, date="1/3/2026", notes="Primero"))
    late = write(jobs, lambda s: add(s, "contact", client=client, date="1/9/2026", notes="Segundo"))
    with pytest.raises(Refused, match="Segundo"):
        write(jobs, lambda s: mass_edit.apply(s, "contact", [early, late], "closed_on", "1/6/2026"))
    assert jobs.read(lambda s: s.get_one(Contact, early).closed_on).result() is None


def test_a_person_of_another_client_is_refused(jobs: Jobs) -> None:
    one, two = (write(jobs, lambda s, n=n: add(s, "client", name=n)) for n in ("Uno", "Dos"))
    person = write(jobs, lambda s: add(s, "person", first_name="Eva", last_name="Mas", client=one))
    contact = write(jobs, lambda s: add(s, "contact", client=two, notes="Llamada"))
    with pytest.raises(Refused, match="otro cliente"):
        write(jobs, lambda s: mass_edit.apply(s, "contact", [contact], "person", person))


def test_fields_outside_the_form_are_refused(jobs: Jobs) -> None:
    with pytest.raises(Refused):
        write(jobs, lambda s: mass_edit.apply(s, "contact", [1], "previous", 1))
