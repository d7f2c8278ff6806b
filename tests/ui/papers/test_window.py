"""Writing a template: fields put in, mistakes named with their line, and what is printed with it afterwards."""

import re
from pathlib import Path
from typing import Any

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QTreeWidgetItem

from oficrm import records
from oficrm.papers import templates
from tests.support import paper_records
from tests.support.desk import WAIT, Desk
from ui.forms.record_window import RecordWindow
from ui.papers.places_list import INSERT
from ui.papers.window import TemplateWindow


def a_record(desk: Desk, table: str) -> int:
    return int(desk.jobs.write(lambda s: paper_records.make(s, table)).result().value)


def opened(desk: Desk, ident: int | None = None, **more: Any) -> TemplateWindow:
    window = TemplateWindow(desk.context, ident, **more)
    desk.show(window)
    return window


def previewed(desk: Desk, window: TemplateWindow, act: Any) -> None:
    with desk.qtbot.waitSignal(window.previewed, timeout=WAIT):
        act()


def write(window: TemplateWindow, text: str) -> None:
    window.tab.code.replace_all(text)


def said(window: TemplateWindow) -> str:
    label = window.findChild(QLabel, "error_body")
    assert label is not None
    return label.text()


def item(window: TemplateWindow, *path: str) -> QTreeWidgetItem:
    tree = window.tab.places.tree
    found = next(each for at in range(tree.topLevelItemCount()) if (each := tree.topLevelItem(at)) is not None
                 and each.text(0) == path[0])  # fmt: skip
    for name in path[1:]:
        found = next(each for at in range(found.childCount()) if (each := found.child(at)) is not None
                     and each.text(0) == name)  # fmt: skip
    return found


def paper_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def saved_pdf(desk: Desk, window: RecordWindow, path: Path, action: str = "action_pdf") -> str:
    found = window.findChild(QAction, action)
    assert found is not None
    found.trigger()
    dialogs: list[QFileDialog] = []

    def asked() -> bool:
        dialogs[:] = [each for each in window.findChildren(QFileDialog, "dialog_save_pdf") if each.isVisible()]
        return bool(dialogs)

    desk.qtbot.waitUntil(asked, timeout=WAIT)
    dialogs[0].fileSelected.emit(str(path))
    dialogs[0].close()
    return paper_text(path)


def test_a_new_template_begins_with_the_original_and_is_clean(desk: Desk) -> None:
    window = opened(desk)
    assert window.form.value("body") == templates.original("quote")
    assert not window.form.is_dirty()
    assert window.tab.preview.sheets.pages == 1
    assert "datos inventados" in window.tab.caption.text()
    assert window.close()


def test_written_broken_mended_saved_and_printed(desk: Desk, tmp_path: Path) -> None:
    quote = a_record(desk, "quote")
    window = opened(desk)
    assert "Equipo para el taller" in window.tab.caption.text()
    window.form.put("name", "Carta")
    previewed(desk, window, lambda: write(window, "<p>Para </p>"))
    window.tab.code.area.moveCursor(window.tab.code.area.textCursor().MoveOperation.End)
    window.tab.places.tree.setCurrentItem(item(window, "cliente", "nombre"))
    previewed(desk, window, lambda: QTest.keyClick(window.tab.places.tree, Qt.Key.Key_Return))
    assert window.form.value("body") == "<p>Para </p>{{ cliente.nombre }}"
    assert said(window) == ""

    previewed(desk, window, lambda: write(window, "<p>\n{{ cliente.nombrre }}</p>"))
    assert said(window) == "Línea 2: no existe «nombrre»; ¿quiso decir «nombre»?"
    assert window.tab.code.area.wrong_line == 2
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: "Corríjalo, o desmarque" in said(window), timeout=WAIT)
    assert window.isVisible()

    previewed(desk, window, lambda: write(window, "<p>Carta para {{ cliente.nombre }}</p>"))
    assert (said(window), window.tab.code.area.wrong_line) == ("", 0)
    with desk.qtbot.waitSignal(window.form.finished, timeout=WAIT):
        QTest.keyClick(window.tab.code.area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    shown = RecordWindow(desk.context, "quote", quote)
    desk.show(shown)
    assert "Carta para Talleres Ruiz & Hijos" in saved_pdf(desk, shown, tmp_path / "propia.pdf")
    desk.qtbot.waitUntil(lambda: shown.findChild(QAction, "action_pdf_0") is not None, timeout=WAIT)
    with_menu = shown.findChild(QAction, "action_print_with")
    assert with_menu is not None
    assert with_menu.isVisible()
    original = saved_pdf(desk, shown, tmp_path / "original.pdf", "action_pdf_0")
    assert "Carta para" not in original
    assert "PRESUPUESTO" in original
    shown.close()


def test_there_is_nothing_to_choose_while_there_is_only_the_original(desk: Desk) -> None:
    quote = a_record(desk, "quote")
    shown = RecordWindow(desk.context, "quote", quote)
    desk.show(shown)
    desk.qtbot.waitUntil(lambda: shown.findChild(QAction, "action_print_0") is not None, timeout=WAIT)
    with_menu = shown.findChild(QAction, "action_print_with")
    assert with_menu is not None
    assert not with_menu.isVisible()
    desk.save("document_template", name="Otra", printed="quote", body="x")
    desk.context.bridge.announce(desk.jobs.write(lambda s: None).result().changes)
    shown.close()
    again = RecordWindow(desk.context, "quote", quote)
    desk.show(again)
    action = again.findChild(QAction, "action_pdf_with")
    assert action is not None
    desk.qtbot.waitUntil(action.isVisible, timeout=WAIT)
    again.close()


def test_a_template_that_fails_with_a_record_offers_the_original(desk: Desk, tmp_path: Path) -> None:
    client = desk.save("client", name="Sin líneas")
    quote = desk.save("quote", subject="Vacío", client=client)
    desk.save("document_template", name="Frágil", printed="quote", body="{{ lineas[0].importe }}")
    shown = RecordWindow(desk.context, "quote", quote)
    desk.show(shown)
    shown.save_pdf()
    desk.qtbot.waitUntil(lambda: shown.form.bars.has("paper"), timeout=WAIT)
    bar = shown.form.bars.bar("paper")
    assert "La plantilla no se puede usar. Línea 1" in bar.label.text()
    bar.buttons[0].click()
    desk.qtbot.waitUntil(lambda: bool(shown.findChildren(QFileDialog, "dialog_save_pdf")), timeout=WAIT)
    assert not shown.form.bars.has("paper")
    shown.findChildren(QFileDialog, "dialog_save_pdf")[0].close()
    shown.close()


def test_another_module_brings_its_own_original_and_fields(desk: Desk) -> None:
    a_record(desk, "project")
    window = opened(desk)
    previewed(desk, window, lambda: window.form.put("printed", "project"))
    assert window.form.value("body") == templates.original("project")
    assert item(window, "tareas", "tarea").data(0, INSERT) == "{{ tarea.tarea }}"
    previewed(desk, window, lambda: write(window, "<p>Mío</p>"))
    window.form.put("printed", "support_case")
    desk.qtbot.waitUntil(lambda: item(window, "empresa") is not None and window.sample is not None
                         and "caso" in window.sample.facts, timeout=WAIT)  # fmt: skip
    assert window.form.value("body") == "<p>Mío</p>"
    previewed(desk, window, window.restore_original)
    assert window.form.value("body") == templates.original("support_case")
    window.tab.code.area.undo()
    assert window.form.value("body") == "<p>Mío</p>"
    window.form.discard()


def test_a_double_click_on_a_list_puts_in_a_loop(desk: Desk) -> None:
    a_record(desk, "quote")
    window = opened(desk)
    previewed(desk, window, lambda: write(window, "<p>a</p>"))
    window.tab.code.area.moveCursor(window.tab.code.area.textCursor().MoveOperation.End)
    previewed(desk, window, lambda: window.tab.places.tree.itemDoubleClicked.emit(item(window, "lineas"), 0))
    made = str(window.form.value("body"))
    assert re.match(r"<p>a</p>\n\{% for linea in lineas %\}\n\{\{ linea\.\w+ \}\}\n\{% endfor %\}", made)
    assert said(window) == ""
    window.form.discard()


def test_fields_are_found_by_name(desk: Desk) -> None:
    window = opened(desk)
    window.tab.places.search.setText("cliente razon")
    assert not item(window, "cliente").isHidden()
    assert item(window, "cliente").isExpanded()
    assert not item(window, "cliente", "razon_social").isHidden()
    assert item(window, "cliente", "telefono").isHidden()
    assert item(window, "empresa").isHidden()
    window.tab.places.search.setText("")
    assert not item(window, "empresa").isHidden()
    window.form.discard()


def test_keys_of_the_text(desk: Desk) -> None:
    window = opened(desk)
    area = window.tab.code.area
    write(window, "")
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Tab)
    QTest.keyClicks(area, "<p>")
    QTest.keyClick(area, Qt.Key.Key_Return)
    QTest.keyClicks(area, "x")
    assert area.toPlainText() == "  <p>\n  x"
    QTest.keyClick(area, Qt.Key.Key_F6)
    assert window.tab.places.tree.hasFocus()
    window.form.discard()


def test_looking_only(desk: Desk) -> None:
    ident = desk.save("document_template", name="Vista", printed="quote", body="<p>{{ cliente.nombre }}</p>")
    window = opened(desk, ident, read_only=True)
    assert window.tab.code.is_read_only()
    assert not window.tab.restore.isVisible()
    window.tab.places.tree.itemDoubleClicked.emit(item(window, "cliente", "nombre"), 0)
    assert window.form.value("body") == "<p>{{ cliente.nombre }}</p>"
    window.close()
    stored = desk.read(lambda s: records.load(s, "document_template", ident)).draft.values
    assert stored["body"] == "<p>{{ cliente.nombre }}</p>"


def test_the_pages_are_drawn_on_white_in_the_dark(desk: Desk) -> None:
    window = opened(desk)
    sheets = window.tab.preview.sheets
    image = sheets.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert image.pixelColor(sheets.width() // 2, 20).lightness() > 250
    dark = sum(image.pixelColor(x, y).lightness() < 120 for x in range(0, image.width(), 3)
               for y in range(0, min(400, image.height()), 3))  # fmt: skip
    assert dark > 20
    window.form.discard()
