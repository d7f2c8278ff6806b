"""Set-based writes: all or nothing, with the same history as record by record."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from db.bulk import Stale, Write, chunks, texts_depend_on, write_field
from db.history import Actor, NoOperation, operation
from db.models.client import Client
from db.models.contact import Contact
from db.models.product import Product

NEW = dt.date(2027, 1, 11)


@pytest.fixture
def dates(office):
    """Ids and dates of the contacts, in order."""
    return dict(office.query(Contact.id, Contact.date).order_by(Contact.id).all())


def _writes(dates, new=NEW):
    return [Write(ident, day, new) for ident, day in dates.items()]


def _stored(session):
    return dict(session.query(Contact.id, Contact.date).order_by(Contact.id).all())


def test_every_record_gets_value_version_signature_and_change(office, dates, changes):
    changes()
    office.info["actor"] = Actor("luis")
    with operation(office, "Cambiar fecha"):
        assert write_field(office, Contact, "date", _writes(dates)) == list(dates)
    assert _stored(office) == dict.fromkeys(dates, NEW)
    rows = office.query(Contact.version, Contact.modified_by, Contact.created_by).distinct().all()
    assert [tuple(row) for row in rows] == [(2, "luis", "ana")]
    assert [row[1:] for row in changes()] == [
        ("contact", ident, "update", "date", day.isoformat(), NEW.isoformat()) for ident, day in dates.items()
    ]
    assert office.info["touched"] == {"contact": set(dates)}


def test_what_stays_as_it_was_is_not_written(office, dates, changes):
    changes()
    (first, day), (second, other) = list(dates.items())[:2]
    with operation(office, "Cambiar fecha"):
        assert write_field(office, Contact, "date", [Write(first, day, day), Write(second, other, NEW)]) == [second]
        assert write_field(office, Contact, "date", [Write(first, day, day)]) == []
        assert write_field(office, Contact, "date", []) == []
    assert [row[2] for row in changes()] == [second]


def test_a_value_changed_meanwhile_stops_all_of_it(office, dates):
    (first, _), (second, _) = list(dates.items())[:2]
    writes = _writes(dates | {second: dt.date(2020, 1, 1)})
    with pytest.raises(Stale) as stopped, operation(office, "Cambiar fecha"):
        write_field(office, Contact, "date", writes)
    assert stopped.value.found == {second: dates[second]}
    assert _stored(office)[first] == dates[first]


def test_another_field_changed_meanwhile_stops_it_when_a_version_is_given(office, dates):
    first = next(iter(dates))
    with operation(office, "Modificar contacto"):
        office.get(Contact, first).notes = "Otra cosa"
    office.expunge_all()
    with operation(office, "Cambiar fecha"):
        with pytest.raises(Stale) as stopped:
            write_field(office, Contact, "date", [Write(first, dates[first], NEW, version=1)])
        assert stopped.value.found == {first: dates[first]}
        assert write_field(office, Contact, "date", [Write(first, dates[first], NEW, version=2)]) == [first]


def test_records_in_the_trash_or_gone_stop_it(office, dates):
    first = next(iter(dates))
    with operation(office, "Borrar contacto"):
        office.get(Contact, first).deleted_at = dt.datetime.now(dt.UTC)
    office.expunge_all()
    with pytest.raises(Stale) as stopped, operation(office, "Cambiar fecha"):
        write_field(office, Contact, "date", [Write(first, dates[first], NEW), Write(999_999, dates[first], NEW)])
    assert stopped.value.found == {first: None, 999_999: None}


def test_outside_an_operation_it_is_refused(office, dates):
    with pytest.raises(NoOperation, match="contact"):
        write_field(office, Contact, "date", _writes(dates))


def test_values_pass_through_the_type_of_the_column(office, changes):
    with operation(office, "Añadir inventariable"):
        product = Product(name="Mesa", sku="M-1", sale_price=Decimal("10.05"), tax_rate=Decimal(21), extra={})
        office.add(product)
    changes()
    ident = product.id
    office.expunge_all()
    with operation(office, "Cambiar precios"):
        write_field(office, Product, "sale_price", [Write(ident, Decimal("10.05"), Decimal("10.0555"))])
    [(_, _, _, _, field, old, new)] = changes()
    assert (field, Decimal(old), Decimal(new)) == ("sale_price", Decimal("10.05"), Decimal("10.0555"))
    assert office.scalar(select(Product.sale_price).where(Product.id == ident)) == Decimal("10.0555")


def test_more_records_than_one_statement_takes(office, changes):
    with operation(office, "Añadir clientes"):
        office.add_all(Client(name=f"C {place}", code=f"X-{place}", extra={}, city="Elda") for place in range(1200))
    ids = [ident for (ident,) in office.query(Client.id).filter(Client.city == "Elda")]
    office.expunge_all()
    changes()
    with operation(office, "Cambiar ciudad"):
        written = write_field(office, Client, "province", [Write(ident, None, "Alicante") for ident in ids])
    assert sorted(written) == sorted(ids)
    assert len(changes()) == len(ids) == 1200


def test_chunks():
    assert [list(part) for part in chunks(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunks([])) == []


def test_fields_that_feed_title_or_search_go_record_by_record():
    assert texts_depend_on(Contact, "notes")
    assert texts_depend_on(Client, "name")
    assert texts_depend_on(Client, "code")
    assert not texts_depend_on(Contact, "date")
    assert not texts_depend_on(Contact, "salesperson_id")
