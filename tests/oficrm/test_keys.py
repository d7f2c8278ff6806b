"""Keys of records: what they name, and the titles they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.filed import key_of
from db.models.client import Client
from db.models.document import Document
from db.registry import module, modules
from oficrm import deleting, keys, lists
from oficrm.files import attaching
from oficrm.files.sources import Source
from tests.support.office import fill, open_jobs

TABLES = [model.module.table for model in modules()]


@given(st.sampled_from(TABLES), st.integers(1, 10**12))
def test_a_key_is_taken_apart_as_it_was_put_together(table, ident):
    assert keys.parts(key_of(table, ident)) == (table, ident)


@pytest.mark.parametrize("text", ["", "client", "client:", ":5", "client:x", "client:-1", "client:²", "nobody:5",
                                  "client:5:6", "client: 5", "Client:5"])  # fmt: skip
def test_what_is_no_key(text):
    with pytest.raises(ValueError, match="no key of a record"):
        keys.parts(text)


@given(st.text(max_size=20))
def test_any_text_is_a_key_or_refused(text):
    try:
        table, ident = keys.parts(text)
    except ValueError:
        return
    assert module(table)
    assert ident >= 0


def test_titles(started_url):
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 6)).result()
        jobs.write(lambda s: deleting.delete(s, "client", [2], frozenset({"dependents"}))).result()
        wanted = ["client:1", "client:2", "client:999", "person:1", "interest:1", "client:1"]
        found = jobs.read(lambda s: keys.titles(s, wanted)).result()
    assert found == {"client:1": "Talleres Ruiz", "client:2": "Hotel Azahar", "person:1": "Marta Gil 0"}


def test_lists_and_exports_say_titles_clients_first(started_url):
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 6)).result()
        places = ["contact:1", "person:3", "client:2", "client:1"]
        source = Source(name="a.txt", data=b"a")
        [ident] = jobs.write(lambda s: attaching.attach(s, places, [source])).result().value.ids
        columns = ["file_name", "records", "size"]
        row = jobs.read(lambda s: lists.load_rows(s, "document", [ident], columns)).result()[ident]
        assert (row[0], row[2]) == ("a.txt", 1)
        names = row[1].split(", ")
        assert names[:2] == ["Talleres Ruiz", "Hotel Azahar"]
        assert "Marta Gil 2" in names
        assert "contact:1" not in row[1]
        wanted = lists.ListFilter("document", (lists.Criterion("records", "in", ("client:2",)),))
        assert jobs.read(lambda s: lists.load_ids(s, wanted)).result().ids.tolist() == [ident]
        wanted = lists.ListFilter("document", (lists.Criterion("records", "empty", True),))
        assert jobs.read(lambda s: lists.load_ids(s, wanted)).result().ids.tolist() == []


def test_only_columns_of_keys_are_spelt_out():
    assert keys.named(Document.fields["records"])
    assert keys.named(module("document_link").fields["record"])
    assert not any(keys.named(field) for field in Client.fields.values())
    assert not keys.named(module("quote_line").fields["item"])
