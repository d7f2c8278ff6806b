"""Tabs of a record: which there are, what they count, and what a new one of them starts with."""

import pytest

from db.registry import listed_modules, module
from oficrm import deleting, related
from oficrm.files import attaching, keeping
from oficrm.files.sources import Source
from tests.support.office import fill, open_jobs


def test_every_listed_module_has_its_files_once():
    for model in listed_modules():
        table = model.module.table
        tabs = [each.table for each in related.related(table)]
        assert tabs.count("document") == (table != "document"), table
        assert tabs[: len(model.screens.tabs)] == list(model.screens.tabs)


def test_lines_have_no_files():
    assert related.related("quote_line") == ()


def test_the_field_that_leads_back():
    files = next(each for each in related.related("client") if each.table == "document")
    assert (files.link, files.is_keyed, files.value("client", 5)) == ("records", True, "client:5")
    contacts = next(each for each in related.related("client") if each.table == "contact")
    assert (contacts.link, contacts.is_keyed, contacts.value("client", 5)) == ("client", False, 5)
    assert related.preset(files, "client", 5, {"client": 9}) == {"records": "client:5"}


def test_a_tab_without_a_link_is_our_mistake():
    with pytest.raises(KeyError, match="no link"):
        related._relation(module("client"), "document_folder")


def test_counts_of_files(started_url):
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 6)).result()

        def count(table="client", ident=1):
            return jobs.read(lambda s: related.counts(s, table, ident)).result()["document"]

        assert count() == 0
        sources = [Source(name="a.txt", data=b"a"), Source(name="b.txt", data=b"b")]
        first, _ = jobs.write(lambda s: attaching.attach(s, ["client:1", "contact:1"], sources)).result().value.ids
        assert (count(), count("contact"), count(ident=2)) == (2, 2, 0)
        jobs.write(lambda s: keeping.take_off(s, [first], "client:1")).result()
        assert (count(), count("contact")) == (1, 2)
        jobs.write(lambda s: deleting.delete(s, "document", [first])).result()
        assert (count(), count("contact")) == (1, 1)


def test_files_come_before_what_scrolls_out_of_sight() -> None:
    for table in ("client", "person"):
        tabs = [each.table for each in related.related(table)]
        assert tabs.index("document") == tabs.index("email_message") + 1
