"""Counters of files in the declarations, and the links by which records of any module are named."""

import datetime as dt

import pytest

from db.contents import store
from db.fields import Computed
from db.filed import COUNTERS, counters, key_of
from db.history import operation
from db.models.document import Document, DocumentLink
from db.query import Condition, ListQuery, fetch_rows, find_ids
from db.registry import filed_by, listed_modules, module, modules


def test_keys():
    assert key_of("client", 5) == "client:5"


def test_the_counters_are_computed_and_named():
    made = counters("client")
    assert tuple(made) == COUNTERS
    assert {type(each) for each in made.values()} == {Computed}
    assert made["files_pending"].field.label == "# archivos pendientes"


def test_only_listed_modules_other_than_files_have_them():
    listed = {model.module.table for model in listed_modules()} - {"document"}
    assert {model.module.table for model in modules() if "files_total" in model.fields} == listed


def test_what_is_filed():
    assert {model.module.table for model in modules() if filed_by(model.module.table) is not None} == {
        "document",
        "email_message",
        "calendar_item",
        "chat_channel",
    }


def test_a_reference_to_any_record_names_every_listed_module_but_its_own():
    targets = module("document_link").fields["record"].targets
    assert targets[0] == "client"
    assert {"contact", "email_message", "sector"} <= set(targets)
    assert not {"document", "document_link", "setting", "document_version"} & set(targets)


@pytest.fixture
def files(session):
    """Three files of client 1, in all states, one of them in the trash; one that hangs twice; one of client 11."""
    import io

    sha256, size = store(session, io.BytesIO(b"x"))
    with operation(session, "Archivos"):
        places = [("pending", ["client:1"], False), ("valid", ["client:1", "client:1"], False),
                  ("rejected", ["client:1"], True), ("valid", ["client:11"], False)]  # fmt: skip
        for number, (status, keys, gone) in enumerate(places):
            document = Document(
                number=f"A-{number}", name="x", status=status, rejection_reason="no", file_name="x", file_type="Otro",
                mime_type="x/y", size=size, revision=1, sha256=sha256, extra={},
                deleted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) if gone else None,
            )  # fmt: skip
            session.add(document)
            session.flush()
            session.add_all(DocumentLink(document_id=document.id, record=key, extra={}) for key in keys)
    return session


def test_counts(office, files):
    rows = fetch_rows(files, "client", [1, 2], COUNTERS)
    assert rows == {1: (2, 1, 1, 0), 2: (0, 0, 0, 0)}
    found = find_ids(files, ListQuery("client", (Condition("files_valid", "from", 1),)))
    assert found.ids.tolist() == [1]


def test_a_place_taken_away_counts_no_more(office, files):
    with operation(files, "Quitar"):
        for link in files.query(DocumentLink).filter_by(document_id=1):
            link.deleted_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert fetch_rows(files, "client", [1], COUNTERS)[1] == (1, 0, 1, 0)


def test_seen_through_a_link(office, files):
    ident = files.connection().exec_driver_sql("SELECT id FROM contact WHERE client_id = 1 LIMIT 1").scalar_one()
    found = find_ids(files, ListQuery("contact", (Condition("client.files_total", "from", 2),)))
    assert ident in found.ids
    assert fetch_rows(files, "contact", [ident], ["client.files_total"])[ident] == (2,)
