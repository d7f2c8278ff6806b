"""Saldo acumulado: what a list comes to row by row, of whatever filter, while it is in the order of its dates."""

from array import array
from decimal import Decimal

import pytest

from db.query import Found
from db.registry import module
from oficrm.lists import ListFacts
from oficrm.loading import Listing, Refresh
from ui.lists import columns
from ui.lists.model import ListModel

IDS, EFFECTS = (9, 8, 7), [Decimal(30), Decimal(-100), Decimal(20)]


@pytest.fixture
def model(qapp):
    facts = ListFacts("cash_flow_entry", dict(module("cash_flow_entry").fields), currency="EUR")
    made = ListModel(facts)
    made.set_columns(columns.chosen(facts, ("date", "running_balance")))
    return made


def show(model, *sort, is_whole=True):
    model.sorted_by = sort
    rows = {ident: tuple(None for _ in model.fetched_names()) for ident in IDS}
    model.show_first(Listing(Found(array("q", IDS), bytearray(), list(EFFECTS)), rows, is_whole), "all")


def shown(model):
    return [model.cell(row, 1).text for row in range(model.rowCount())]


def test_the_database_is_not_asked_for_it(model):
    assert "running_balance" not in model.fetched_names()


def test_it_adds_up_by_date_in_either_direction(model):
    show(model)
    assert shown(model) == ["-50,00 €", "-80,00 €", "20,00 €"]
    assert model.cell(0, 1).color == "overdue"
    show(model, "date")
    assert shown(model) == ["30,00 €", "-70,00 €", "-50,00 €"]


def test_in_another_order_or_half_loaded_it_says_nothing(model):
    show(model, "concept")
    assert shown(model) == ["", "", ""]
    show(model, is_whole=False)
    assert shown(model) == ["", "", ""]
    model.show_all(Found(array("q", IDS), bytearray(), list(EFFECTS)))
    assert shown(model) == ["-50,00 €", "-80,00 €", "20,00 €"]


def test_what_others_write_changes_it(model, qtbot):
    show(model)
    with qtbot.waitSignal(model.dataChanged):
        model.take(Refresh(frozenset(), {}, {8: Decimal(0)}, Found()))
    assert shown(model) == ["50,00 €", "20,00 €", "20,00 €"]
    model.take(Refresh(frozenset({7}), {}, {}, Found()))
    assert shown(model) == ["30,00 €", "0,00 €"]


def test_a_click_on_its_head_orders_by_date(model):
    assert columns.next_sort(("concept",), "running_balance", False, model.style.sorts) == ("date",)
