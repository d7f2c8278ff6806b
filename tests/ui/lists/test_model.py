from array import array

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from db.query import Found
from db.registry import module
from oficrm.lists import ListFacts
from oficrm.loading import Listing, Refresh
from ui.lists import columns
from ui.lists.model import KEPT_ROWS, PAGE, ListModel

NAMES = ("name", "city", "salesperson", "annual_revenue")


@pytest.fixture
def facts():
    return ListFacts("client", dict(module("client").fields))


@pytest.fixture
def model(qapp, facts):
    made = ListModel(facts)
    made.set_columns(columns.chosen(facts, NAMES))
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    tester.deleteLater()


@pytest.fixture
def asked(model):
    """What the model asked for, list by list."""
    lists: list = []
    model.needed.connect(lists.append)
    return lists


def _found(*ids, flags=()):
    return Found(array("q", ids), bytearray(flags), [0] * len(ids) if flags else [])


def _rows(model, *ids, name="Nombre {}"):
    values = {"name": name, "city": "Elda"}
    return {ident: tuple(str(values.get(each, "")).format(ident) or None for each in model.fetched_names())
            for ident in ids}  # fmt: skip


def _text(model, row, column=0):
    return model.index(row, column).data()


def test_rows_that_came_with_their_ids_are_there_at_once(model, asked, qtbot):
    model.show_first(Listing(_found(7, 5), _rows(model, 7, 5)), "all")
    assert [_text(model, 0), _text(model, 1)] == ["Nombre 7", "Nombre 5"]
    QApplication.processEvents()
    assert asked == []


def test_a_row_that_is_not_here_shows_a_sign_and_is_asked_for_once(model, asked, qtbot):
    model.show_first(Listing(_found(*range(1, 1001)), {}), "all")
    assert _text(model, 3) == "…"
    for row in range(10):
        _text(model, row)
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert 1 in asked[0]
    assert len(asked[0]) <= PAGE + 10
    model.deliver(model.version(), _rows(model, *asked[0]))
    assert _text(model, 3) == "Nombre 4"
    QApplication.processEvents()
    assert len(asked) == 1


def test_only_what_is_seen_is_fetched_when_one_scrolls_fast(model, asked, qtbot):
    model.visible_rows = lambda: (5000, 5030)
    model.show_first(Listing(_found(*range(1, 10_001)), {}), "all")
    for row in (0, 1200, 3000, 5010):
        _text(model, row)
    qtbot.waitUntil(lambda: asked != [])
    assert len(asked) == 1
    assert min(asked[0]) > 4800
    assert max(asked[0]) < 5200
    assert set(range(5001, 5032)) <= set(asked[0])


def test_late_answers_are_dropped(model, qtbot):
    model.show_first(Listing(_found(1, 2), {}), "all")
    before = model.version()
    model.show_first(Listing(_found(3), {}), "all")
    model.deliver(before, _rows(model, 1, 2, 3))
    assert _text(model, 0) == "…"


def test_a_changed_row_keeps_its_text_until_the_new_one_comes(model, asked, qtbot):
    model.show_first(Listing(_found(1), _rows(model, 1)), "all")
    model.mark_stale()
    assert _text(model, 0) == "Nombre 1"
    qtbot.waitUntil(lambda: asked == [[1]])
    model.deliver(model.version(), _rows(model, 1, name="Otro {}"))
    assert _text(model, 0) == "Otro 1"


def test_all_ids_join_without_moving_what_is_on_the_screen(model, qtbot):
    model.show_first(Listing(_found(1, 2), _rows(model, 1, 2), is_whole=False), "all")
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.show_all(_found(1, 2, 3, 4))
    assert model.rowCount() == 4
    with qtbot.waitSignal(model.modelReset):
        model.show_all(_found(9, 1))
    assert model.shown_ids().tolist() == [9, 1]


def test_rows_are_taken_out_and_put_in(model, qtbot):
    model.show_first(Listing(_found(1, 2, 3, flags=(0, 1, 0)), _rows(model, 1, 2, 3)), "all")
    with qtbot.waitSignal(model.rowsRemoved):
        model.take(Refresh(frozenset({2}), {1: True}, {}, Found()))
    with qtbot.waitSignal(model.rowsInserted):
        model.take(Refresh(frozenset(), {}, {}, _found(8, flags=(1,))))
    assert model.shown_ids().tolist() == [8, 1, 3]
    assert model.order.count("done") == 2
    model.narrow("open")
    assert model.shown_ids().tolist() == [3]
    model.take(Refresh(frozenset({1, 3, 8}), {}, {}, Found()))
    assert model.rowCount() == 0


def test_memory_stays_bounded(model, qtbot):
    count = KEPT_ROWS + 500
    model.show_first(Listing(_found(*range(1, count + 1)), {}), "all")
    model.deliver(model.version(), _rows(model, *range(1, count + 1)))
    here = [row for row in range(count) if _text(model, row) != "…"]
    assert len(here) == KEPT_ROWS


def test_numbers_stand_right_and_heads_say_what_they_are(model):
    right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    assert model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == right
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Nombre"
    assert model.columnCount() == len(NAMES) + 1


def test_a_tooltip_is_never_read_as_html(model):
    model.show_first(Listing(_found(1), _rows(model, 1, name="<b>x</b> & {}")), "all")
    assert "&lt;b&gt;x&lt;/b&gt; &amp; 1" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_other_columns_forget_the_rows(model, facts):
    model.show_first(Listing(_found(1), _rows(model, 1)), "all")
    model.set_columns(columns.chosen(facts, ("city",)))
    assert (model.columnCount(), _text(model, 0)) == (2, "…")
