"""Lists follow what others write; what is on the screen does not jump."""

import datetime as dt

from db.history import operation
from db.models.contact import Contact
from oficrm import deleting
from oficrm.lists import Criterion, ListFilter
from tests.support.list_pages import child, texts
from tests.support.office import TODAY


def _set(ident, **values):
    def job(session):
        contact = session.get_one(Contact, ident)
        with operation(session, "Cambio"):
            for name, value in values.items():
                setattr(contact, name, value)

    return job


def test_a_change_elsewhere_is_seen_at_once_and_a_row_that_fits_no_more_stays(page, load, write, qtbot):
    page.set_filter(ListFilter("contact", (Criterion("date", "from", "hoy"), Criterion("date", "to", "hoy"))))
    load(page)
    ids = page.loaded_ids().tolist()
    assert len(ids) == 2
    write(_set(ids[0], date=TODAY + dt.timedelta(days=3)))
    qtbot.waitUntil(lambda: any(text.startswith("mar 24 nov") for text in texts(page, "date")))
    assert page.loaded_ids().tolist() == ids
    with qtbot.waitSignal(page.loaded):
        page.sort_by("client")
    assert sorted(page.loaded_ids()) == sorted(ids)
    load(page)
    assert page.loaded_ids().tolist() == ids[1:]


def test_closing_a_contact_moves_the_counts_but_not_the_row(loaded, write, qtbot):
    loaded.quick("open")
    ident = loaded.loaded_ids()[0]
    result = loaded.facts.catalogues["result"][0].id
    write(_set(ident, closed_on=TODAY + dt.timedelta(days=30), result_id=result))
    qtbot.waitUntil(lambda: child(loaded, "quick_done").text() == "Realizados  33")
    assert ident in loaded.loaded_ids()
    loaded.quick("open")
    assert ident not in loaded.loaded_ids()


def test_a_record_made_elsewhere_joins_when_it_fits(page, load, write, qtbot):
    page.set_filter(ListFilter("contact", (Criterion("notes", "contains", "albaricoque"),)))
    load(page)
    assert page.model.rowCount() == 0

    def add(session):
        other = session.query(Contact).first()
        with operation(session, "Nuevo"):
            for notes in ("Pide albaricoques", "Otra cosa"):
                session.add(Contact(client_id=other.client_id, date=TODAY, type_id=other.type_id, made_by="us",
                                    notes=notes, extra={}))  # fmt: skip

    write(add)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    qtbot.waitUntil(lambda: texts(page, "notes") == ["Pide albaricoques"])


def test_a_record_just_added_is_shown(loaded, write, qtbot):
    def add(session):
        other = session.query(Contact).first()
        with operation(session, "Nuevo"):
            made = Contact(client_id=other.client_id, date=TODAY, type_id=other.type_id, made_by="us", extra={})
            session.add(made)
            session.flush()
        return made.id

    ident = write(add)
    loaded.reveal(ident)
    qtbot.waitUntil(lambda: loaded.selected_ids() == [ident])
    assert loaded.model.rowCount() == 61


def test_a_hidden_list_catches_up_when_it_is_shown(loaded, write, qtbot):
    gone = loaded.loaded_ids()[5]
    loaded.hide()
    write(lambda session: deleting.delete(session, "contact", [gone]))
    assert gone in loaded.loaded_ids()
    loaded.show()
    qtbot.waitUntil(lambda: gone not in loaded.loaded_ids())


def test_a_name_changed_in_another_module_is_seen(loaded, write, qtbot):
    from db.models.client import Client

    def rename(session):
        with operation(session, "Renombrar"):
            session.query(Client).filter_by(name="Hotel Azahar").one().name = "Hotel Jazmín"

    write(rename)
    qtbot.waitUntil(lambda: "Hotel Jazmín" in texts(loaded, "client"))
    assert "Hotel Azahar" not in texts(loaded, "client")
