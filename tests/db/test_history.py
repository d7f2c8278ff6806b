"""Every write leaves a trace: captured at flush, refused outside an operation."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy.orm.exc import StaleDataError

from db.history import NoOperation, Operation, from_json, kind_of, operation, snapshot, to_json
from db.models.client import Client, ClientStatus
from db.models.contact import Contact, ContactAction
from db.models.product import Product
from db.models.quote import QuoteLine
from tests.support.office import open_jobs


def _client(**values):
    return Client(**({"name": "Talleres Ruiz", "code": "C-1", "status": ClientStatus.POTENTIAL, "extra": {}} | values))


@pytest.fixture
def client(session, changes):
    with operation(session, "Añadir cliente"):
        session.add(made := _client())
    changes()
    return made


def test_a_new_record_is_kept_whole_and_signed(session, changes):
    with operation(session, "Añadir cliente") as done:
        session.add(client := _client(city="Elche", extra={"campo_1": "x"}))
    [(label, table, ident, action, field, old, new)] = changes()
    assert (label, table, ident, action, field, old) == ("Añadir cliente", "client", client.id, "insert", "", None)
    assert new["name"] == "Talleres Ruiz"
    assert (new["city"], new["extra"], new["status"]) == ("Elche", {"campo_1": "x"}, "potential")
    assert not {"id", "version", "title", "sort_key", "search_text", "created_at", "modified_by"} & set(new)
    assert (client.created_by, client.modified_by, client.capture_source) == ("ana", "ana", "Prueba")
    assert client.created_at.tzinfo is dt.UTC
    assert (done.user, done.kind, done.undoes_id) == ("ana", "write", None)
    assert session.info["last_operation"] == (done.id, "Añadir cliente")
    assert session.info["touched"] == {"client": {client.id}}


def test_titles_sort_keys_and_search_texts_follow_the_fields(session, client):
    assert (client.title, client.sort_key) == ("Talleres Ruiz", "talleres ruiz")
    with operation(session, "Modificar cliente"):
        client.name, client.phone = "Ñandú,  S. L.", "+34 961 23 45 01"
    assert (client.title, client.sort_key) == ("Ñandú, S. L.", "n~andu, s. l.")
    lines = client.search_text.split("\n")
    assert lines[0] == "nandu, s. l."
    assert "34961234501" in lines


def test_each_changed_field_is_one_change_and_unchanged_ones_none(session, client, changes):
    with operation(session, "Modificar cliente"):
        client.name, client.city, client.code = "Talleres Ruíz", "Elche", "C-1"
    found = sorted(row[3:] for row in changes())
    assert found == [("update", "city", None, "Elche"), ("update", "name", "Talleres Ruiz", "Talleres Ruíz")]
    assert client.version == 2


def test_own_fields_are_recorded_one_by_one(session, client, changes):
    with operation(session, "Modificar cliente"):
        client.extra = {"campo_1": "a", "campo_2": 3}
    assert sorted(row[3:] for row in changes()) == [("update", "campo_1", None, "a"), ("update", "campo_2", None, 3)]
    with operation(session, "Modificar cliente"):
        client.extra = {"campo_2": 4}
    assert sorted(row[3:] for row in changes()) == [("update", "campo_1", "a", None), ("update", "campo_2", 3, 4)]


def test_the_trash_keeps_a_full_copy_and_coming_back_too(session, client, changes):
    with operation(session, "Borrar cliente"):
        client.deleted_at = dt.datetime.now(dt.UTC)
    [(_, _, ident, action, field, old, new)] = changes()
    assert (ident, action, field, new) == (client.id, "delete", "", None)
    assert old["name"] == "Talleres Ruiz"
    with operation(session, "Deshacer"):
        client.deleted_at = None
    [(_, _, ident, action, field, old, new)] = changes()
    assert (ident, action, field, old, new["code"]) == (client.id, "restore", "", None, "C-1")


def test_lines_are_records_of_their_own(office, changes):
    changes()
    contact = office.query(Contact).first()
    with operation(office, "Modificar contacto"):
        office.add(line := ContactAction(contact_id=contact.id, text="Enviar catálogo", extra={}))
    [(_, table, ident, action, _, _, new)] = changes()
    assert (table, ident, action) == ("contact_action", line.id, "insert")
    assert new == {"contact_id": contact.id, "text": "Enviar catálogo"}


def test_nested_operations_are_one(session, changes):
    with operation(session, "Fuera") as outer:
        session.add(_client(code="A"))
        with operation(session, "Dentro") as inner:
            session.add(_client(code="B"))
        assert inner is outer
    assert [row[0] for row in changes()] == ["Fuera", "Fuera"]
    assert "operation" not in session.info


def test_an_operation_keeps_its_kind_and_what_it_undoes(session, client):
    first = session.query(Operation).one().id
    with operation(session, "Deshacer: Añadir cliente" + "x" * 400, kind="undo", undoes=first) as done:
        pass
    assert (done.kind, done.undoes_id, len(done.label)) == ("undo", first, 300)


def test_a_write_outside_an_operation_is_refused(session, client):
    session.commit()
    client.city = "Elche"
    with pytest.raises(NoOperation, match="client"):
        session.flush()
    session.rollback()
    session.add(_client(code="B"))
    with pytest.raises(NoOperation, match="client"):
        session.flush()


def test_a_record_is_never_deleted_from_its_table(session, client):
    session.delete(client)
    with pytest.raises(NoOperation, match="trash"), operation(session, "Borrar"):
        session.flush()


def test_a_failed_operation_leaves_nothing_behind(session, changes):
    def half():
        with operation(session, "A medias"):
            session.add(_client())
            session.flush()
            raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        half()
    session.rollback()
    assert changes() == []
    assert session.query(Client).count() == 0
    assert "operation" not in session.info


def test_a_record_changed_by_another_session_is_not_overwritten(session, client, engine_url):
    def elsewhere(other):
        with operation(other, "Modificar cliente"):
            other.get(Client, client.id).city = "Elda"

    session.commit()
    with open_jobs(engine_url, "luis") as jobs:
        jobs.write(elsewhere).result()
    client.city = "Elche"
    with pytest.raises(StaleDataError), operation(session, "Modificar cliente"):
        session.flush()


PICTURE = b"\x89PNG\x00\xff"
VALUES = [
    ("day", dt.date(2026, 11, 21), "2026-11-21"),
    ("clock", dt.time(10, 30), "10:30:00"),
    ("instant", dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC), "2026-11-21T09:00:00+00:00"),
    ("money", Decimal("10.0500"), "10.0500"),
    ("percent", Decimal("21"), "21"),
    ("quantity", Decimal("-3.5"), "-3.5"),
    ("image", PICTURE, "iVBORwD/"),
    ("integer", 7, 7),
    ("yes_no", False, False),
    ("text", "ñ", "ñ"),
    ("link", 5, 5),
    ("day", None, None),
]


@pytest.mark.parametrize(("kind", "value", "kept"), VALUES)
def test_values_go_into_the_history_and_come_back(kind, value, kept):
    assert to_json(value) == kept
    assert from_json(kind, kept) == value


def test_a_choice_is_kept_as_its_key():
    kept = to_json(ClientStatus.POTENTIAL)
    assert (kept, type(kept)) == ("potential", str)


def test_the_kind_of_an_attribute():
    assert kind_of(Contact, "date") == "day"
    assert kind_of(Contact, "client_id") == "link"
    assert kind_of(Contact, "deleted_at") == "instant"
    assert kind_of(Contact, "nothing_of_the_sort") == "text"


def test_a_copy_holds_every_filled_field_of_every_kind():
    line = QuoteLine(quote_id=1, quantity=Decimal("2"), unit_price=Decimal("10.05"), description="Mesa", position=0)
    copy = snapshot(line)
    assert (copy["quantity"], copy["unit_price"], copy["position"]) == ("2", "10.05", 0)
    assert "product_id" not in copy


def test_a_picture_is_kept_in_the_history_only_when_it_changes(session, changes):
    with operation(session, "Añadir inventariable"):
        session.add(product := Product(name="Mesa", sku="M-1", photo=PICTURE, tax_rate=Decimal(21), extra={}))
    assert changes()[0][6]["photo"] == to_json(PICTURE)
    session.commit()
    session.expunge_all()
    product = session.get(Product, product.id)
    with operation(session, "Modificar inventariable"):
        product.name = "Mesa alta"
    assert [row[4] for row in changes()] == ["name"]
    assert "photo" not in snapshot(product)


def test_a_picture_replaced_unseen_leaves_the_old_one_in_the_history(session, changes):
    with operation(session, "Añadir inventariable"):
        session.add(product := Product(name="Mesa", sku="M-1", photo=PICTURE, tax_rate=Decimal(21), extra={}))
    changes()
    session.commit()
    session.expunge_all()
    product = session.get(Product, product.id)
    with operation(session, "Modificar inventariable"):
        product.photo = b"\x89PNG2"
    assert [row[4:] for row in changes()] == [("photo", to_json(PICTURE), to_json(b"\x89PNG2"))]
