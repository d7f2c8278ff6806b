"""The grid of lines, typed in as in a spreadsheet."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from sqlalchemy import select

from db.models.client import Client
from db.models.quote import Quote
from oficrm import records
from tests.support.desk import WAIT, Desk
from ui.forms.priced_lines import PricedLines
from ui.forms.record_window import RecordWindow

K = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Sheet:
    """A new quote with its grid, driven by keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.drill = desk.save("product", name="Taladro percutor", sku="T-1", sale_price="199,50", tax_rate="21")
        ident = desk.read(lambda s: s.scalars(select(Client.id)).first())
        self.window = RecordWindow(desk.context, "quote", preset={"client": ident, "subject": "Oferta"})
        desk.show(self.window)
        part: Any = self.window.form.parts()["quote_line"]
        assert isinstance(part, PricedLines)
        self.grid = part
        self.idle()

    def idle(self) -> None:
        self.desk.qtbot.waitUntil(lambda: self.desk.context.bridge._running == 0, timeout=WAIT)

    def go(self, row: int, name: str) -> None:
        names = [field.name for field in self.grid.model.columns]
        self.grid.view.edit_cell(row, names.index(name))

    def cell(self) -> str:
        """The cell that is being written in."""
        part: Any = QApplication.focusWidget()
        while part is not None and not part.objectName().startswith("cell_"):
            part = part.parentWidget()
        return f"{self.grid.view.currentIndex().row()} {part.objectName().removeprefix('cell_')}" if part else ""

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        self.desk.qtbot.keyClicks(focused, text)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        self.desk.qtbot.keyClick(focused, key, held)

    def values(self, name: str) -> list[Any]:
        return [line.values[name] for line in self.grid.lines()]

    def total(self) -> str:
        label = self.grid.findChild(QLabel, "total")
        assert label is not None
        return label.text().replace("\xa0", " ")


@pytest.fixture
def sheet(desk: Desk) -> Sheet:
    return Sheet(desk)


def test_a_product_brings_description_price_and_tax(sheet: Sheet) -> None:
    sheet.go(0, "item")
    sheet.type("tala")
    sheet.key(K.Key_Return)  # takes the first that matches, as soon as it is found
    sheet.desk.qtbot.waitUntil(lambda: sheet.values("description") == ["Taladro percutor"], timeout=WAIT)
    sheet.desk.qtbot.waitUntil(lambda: sheet.cell() == "0 description", timeout=WAIT)
    assert sheet.values("item") == [f"product:{sheet.drill}"]
    assert sheet.values("unit_price") == [Decimal("199.5")]
    sheet.key(K.Key_Tab)
    assert sheet.cell() == "0 quantity"
    sheet.type("3")
    assert sheet.total() == "724,19 €"  # at the key, before the cell is left: 3 x 199,50 + 21 %
    sheet.window.form.discard()


def test_typing_in_the_last_row_begins_a_line_and_enter_goes_on(sheet: Sheet) -> None:
    sheet.go(0, "description")
    for text in ("Montaje", "2", "50,5", "10", "21"):
        sheet.type(text)
        sheet.key(K.Key_Return)
    assert sheet.cell() == "1 item"
    assert sheet.grid.lines()[0].values == {
        "item": None, "description": "Montaje", "quantity": Decimal(2), "unit_price": Decimal("50.5"),
        "discount_percent": Decimal(10), "tax_rate": Decimal(21), "comment": None,
    }  # fmt: skip
    assert sheet.total() == "109,99 €"
    sheet.key(K.Key_Tab)  # the empty row is the end of the grid
    assert sheet.cell() == ""
    focused = QApplication.focusWidget()
    assert focused is not None
    assert not sheet.grid.view.isAncestorOf(focused)
    sheet.window.form.discard()


def test_a_text_that_is_no_product_becomes_the_description(sheet: Sheet) -> None:
    sheet.go(0, "item")
    sheet.type("desplazamiento")
    sheet.idle()
    sheet.go(0, "quantity")
    assert (sheet.values("item"), sheet.values("description")) == ([None], ["desplazamiento"])
    sheet.window.form.discard()


def test_lines_are_removed_and_moved_by_keys(sheet: Sheet) -> None:
    for row, text in enumerate(("uno", "dos", "tres")):
        sheet.go(row, "description")
        sheet.type(text)
    sheet.go(2, "description")
    sheet.key(K.Key_Up, ALT)
    assert sheet.values("description") == ["uno", "tres", "dos"]
    assert sheet.cell() == "1 description"
    sheet.key(K.Key_Delete, CTRL)
    assert sheet.values("description") == ["uno", "dos"]
    assert sheet.cell() == "1 description"
    sheet.key(K.Key_Up)
    assert sheet.cell() == "0 description"
    sheet.window.form.discard()


def test_escape_takes_back_the_cell_and_not_the_form(sheet: Sheet) -> None:
    sheet.go(0, "description")
    sheet.type("Montaje")
    sheet.go(0, "description")
    sheet.key(K.Key_Tab)
    sheet.type("7")
    assert sheet.values("quantity") == [Decimal(7)]
    sheet.key(K.Key_Escape)
    assert sheet.values("quantity") == [Decimal(1)]
    assert sheet.window.isVisible()
    assert not sheet.window.form.bars.has("close")
    sheet.window.form.discard()


def test_an_error_is_shown_in_its_cell_and_in_words(sheet: Sheet) -> None:
    sheet.go(0, "description")
    sheet.type("Montaje")
    sheet.go(0, "quantity")
    sheet.type("dos")
    sheet.window.accept_button.click()
    sheet.desk.qtbot.waitUntil(sheet.grid.error_label.isVisible, timeout=WAIT)
    assert sheet.grid.error_label.text().startswith("Línea 1, Cantidad: ")
    assert sheet.cell() == "0 quantity"
    sheet.type("2")
    assert not sheet.grid.error_label.isVisible()
    sheet.window.accept_button.click()
    sheet.desk.qtbot.waitUntil(lambda: not sheet.window.isVisible(), timeout=WAIT)
    ident = sheet.desk.read(lambda s: s.scalars(select(Quote.id)).one())
    lines = sheet.desk.read(lambda s: records.load(s, "quote", ident)).draft.lines["quote_line"]
    assert [(line.values["description"], line.values["quantity"]) for line in lines] == [("Montaje", Decimal(2))]


def test_an_impossible_discount_does_not_disturb_the_totals(sheet: Sheet) -> None:
    sheet.go(0, "description")
    sheet.type("Montaje")
    sheet.go(0, "discount_percent")
    sheet.type("150")
    assert sheet.total() == "0,00 €"
    sheet.window.form.discard()


def test_a_line_begun_and_emptied_does_not_count(sheet: Sheet) -> None:
    sheet.go(0, "description")
    sheet.type("x")
    sheet.key(K.Key_Backspace)
    assert sheet.grid.lines() == []
    assert not sheet.window.form.is_dirty()
    sheet.window.form.discard()


def test_days_off_of_a_salesperson(desk: Desk) -> None:
    seller = desk.save("salesperson", name="Lucía Ortega")
    window = RecordWindow(desk.context, "salesperson", seller)
    desk.show(window)
    grid: Any = window.form.parts()["salesperson_absence"]
    grid.view.edit_cell(0, 0)
    focused = QApplication.focusWidget()
    assert focused is not None
    desk.qtbot.keyClicks(focused, "24/12/2026")
    desk.qtbot.keyClick(focused, K.Key_Tab)
    focused = QApplication.focusWidget()
    assert focused is not None
    desk.qtbot.keyClicks(focused, "20/12/2026")
    window.accept_button.click()
    desk.qtbot.waitUntil(grid.error_label.isVisible, timeout=WAIT)
    assert "anterior al primero" in grid.error_label.text()
    grid.model.put(0, "last_day", grid.lines()[0].values["first_day"])
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)


def test_a_quote_only_looked_at_has_no_empty_row(sheet: Sheet) -> None:
    sheet.go(0, "description")
    sheet.type("Montaje")
    sheet.window.accept_button.click()
    sheet.desk.qtbot.waitUntil(lambda: not sheet.window.isVisible(), timeout=WAIT)
    ident = sheet.desk.read(lambda s: s.scalars(select(Quote.id)).one())
    window = RecordWindow(sheet.desk.context, "quote", ident, read_only=True)
    sheet.desk.show(window)
    grid: Any = window.form.parts()["quote_line"]
    assert grid.model.rowCount() == 1
    grid.view.edit_cell(0, 1)
    assert not any(each.objectName().startswith("cell_") for each in grid.view.findChildren(QWidget))
    window.close()


def test_another_currency_changes_the_prices_that_nobody_typed(sheet: Sheet) -> None:
    sheet.grid.model.put(0, "item", f"product:{sheet.drill}", "Taladro percutor")
    sheet.grid.view.cell_edited.emit(0, "item")
    sheet.idle()
    sheet.grid.model.put(1, "item", f"product:{sheet.drill}", "Taladro percutor")
    sheet.grid.model.fill(1, {"description": "Rebajado", "unit_price": Decimal(150)})
    assert sheet.values("unit_price") == [Decimal("199.5"), Decimal(150)]
    sheet.window.form.put("currency", "USD")
    sheet.window.form.put("exchange_rate", Decimal("0.5"))
    sheet.idle()
    assert sheet.values("unit_price") == [Decimal(399), Decimal(150)]
    sheet.window.form.put("currency", "EUR")
    sheet.idle()
    assert sheet.window.form.value("exchange_rate") == Decimal("0.5")  # it was typed: saving puts it right
    assert sheet.values("unit_price") == [Decimal("199.5"), Decimal(150)]


def test_an_accepted_quote_is_looked_at_but_for_what_stays_free(desk: Desk) -> None:
    from oficrm import commands
    from oficrm.drafts import LineDraft

    client = desk.read(lambda s: s.scalars(select(Client.id)).first())

    def accepted(session: Any) -> int:
        draft = records.blank(session, "quote", {"client": client, "subject": "Oferta"}).draft
        draft.lines["quote_line"] = [LineDraft(None, {"description": "Sierra", "quantity": 1, "unit_price": 10})]
        ident = commands.save(session, draft).id
        for state in ("sent", "accepted"):
            commands.advance(session, "quote", [ident], state)
        return ident

    window = RecordWindow(desk.context, "quote", desk.jobs.write(accepted).result().value)
    desk.show(window)
    desk.qtbot.waitUntil(lambda: window.form.content is not None and bool(window.form.parts()), timeout=WAIT)
    grid: Any = window.form.parts()["quote_line"]
    desk.qtbot.waitUntil(lambda: grid.model.read_only, timeout=WAIT)
    locked = {name for name, bound in window.form.bound().items() if bound.editor.is_read_only()}
    assert {"subject", "client", "discount_percent", "valid_until"} <= locked
    assert not {"notes", "status", "salesperson"} & locked
