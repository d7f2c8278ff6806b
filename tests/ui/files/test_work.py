"""What is done with the files of a record: by keyboard alone, saved and dragged out, or only looked at."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from oficrm import undo
from oficrm.files import keeping
from tests.support.desk import WAIT, Desk
from tests.support.list_pages import child, texts
from tests.ui.files.conftest import Attach, MakePage, System
from tests.ui.files.steps import LEFT, NO_KEY, choose, drag_over, drop, listed, mime_of, names, run, status
from ui.files.asking import MAILS
from ui.files.page import FilesPage
from ui.lists.page import ListPage

# --- what is done with them, by keyboard


def test_rejecting_wants_a_reason(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    (ident,) = attach(oferta__txt=b"1")
    page = make_page()
    choose(page, ident)
    assert page.list is not None
    QTest.keyClick(page.list.table, Qt.Key.Key_F8)
    line = child(page, "line_text")
    assert isinstance(line, QLineEdit)
    assert line.hasFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    error = child(page, "error_line")
    desk.qtbot.waitUntil(error.isVisible, timeout=WAIT)
    assert status(desk, ident) == "pending"
    QTest.keyClicks(line, "Falta la firma")
    assert not error.isVisible()
    QTest.keyClick(line, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: texts(page.list, "status") == ["Rechazado"], timeout=WAIT)
    assert not child(page, "line_bar").isVisible()
    assert page.list.table.hasFocus()
    place = page.list.model.column_named("status")
    assert "Falta la firma" in page.list.model.index(0, place).data(Qt.ItemDataRole.ToolTipRole)


def test_validate_reopen_rename_and_take_off_by_keyboard(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    first, second = attach(uno__txt=b"1", dos__txt=b"2")
    page = make_page()
    choose(page, first, second)
    assert page.list is not None
    table = page.list.table
    QTest.keyClick(table, Qt.Key.Key_F7)
    desk.qtbot.waitUntil(lambda: texts(page.list, "status") == ["Válido", "Válido"], timeout=WAIT)
    QTest.keyClick(table, Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: texts(page.list, "status") == ["Pendiente", "Pendiente"], timeout=WAIT)
    choose(page, first)
    QTest.keyClick(table, Qt.Key.Key_F2)
    line = child(page, "line_text")
    assert isinstance(line, QLineEdit)
    desk.qtbot.waitUntil(line.hasFocus, timeout=WAIT)
    assert (line.text(), line.selectedText()) == ("uno.txt", "uno")
    QTest.keyClicks(line, "primero")
    QTest.keyClick(line, Qt.Key.Key_Return)
    listed(desk, page, "dos.txt", "primero.txt")
    choose(page, first, second)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    listed(desk, page)
    text, operation = desk.noted.notices[-1]
    assert text == "Quitado: 2 archivos."
    assert operation is not None
    desk.context.bridge.write(lambda session: undo.undo(session, operation), lambda _done: None, page)
    listed(desk, page, "dos.txt", "primero.txt")


def test_its_keys_come_before_those_of_the_window(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    (ident,) = attach(uno__txt=b"1")
    desk.jobs.write(lambda s: keeping.validate(s, [ident])).result()
    page = make_page()
    taken: list[str] = []
    QShortcut(QKeySequence("F9"), page.window(), lambda: taken.append("window"))
    choose(page, ident)
    assert page.list is not None
    QTest.keyClick(page.list.table, Qt.Key.Key_F9)
    desk.qtbot.waitUntil(lambda: texts(page.list, "status") == ["Pendiente"], timeout=WAIT)
    assert taken == []


def test_a_new_version_by_its_action(desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path) -> None:
    (ident,) = attach(uno__txt=b"1")
    page = make_page()
    (tmp_path / "otra.txt").write_bytes(b"otra")
    assert page.part is not None
    page.part.choose_file = lambda: tmp_path / "otra.txt"
    choose(page, ident)
    run(page, "new_version")
    listed(desk, page, "otra.txt")
    assert desk.read(lambda s: keeping.facts(s, ident).revision) == 2


def test_properties_open_the_record(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    (ident,) = attach(uno__txt=b"1")
    page = make_page()
    choose(page, ident)
    assert page.list is not None
    QTest.keyClick(page.list.table, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert desk.noted.opened[-1][:3] == ("record", "document", ident)


def test_menus_of_a_row_and_of_the_ground(attach: Attach, make_page: MakePage) -> None:
    attach(uno__txt=b"1")
    page = make_page()
    assert page.list is not None
    actions = page.list.actions_
    row = {action.objectName() for action in actions.row_menu(page).actions()}
    offered = ("add", "add_mail", "paste", "open", "save_as", "rename", "delete", "new_version", "versions", "validate",
               "reject", "reopen", "edit")  # fmt: skip
    assert {f"action_{name}" for name in offered} <= row
    ground = [action.objectName() for action in actions.ground_menu(page).actions()]
    assert ground == ["action_add", "action_add_mail", "action_paste", "action_preview"]
    keys = [action.shortcut().toString() for action in actions.all.values() if action.shortcut().toString()]
    assert len(keys) == len(set(keys)), "one key, one action"


def test_files_are_saved_out_and_nothing_is_written_over(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path
) -> None:
    ids = attach(uno__txt=b"uno", dos__txt=b"dos")
    page = make_page()
    part = page.part
    assert part is not None
    folder = tmp_path / "Descargas"
    folder.mkdir()
    (folder / "uno.txt").write_bytes(b"de otro")
    part.saving.choose_folder = lambda: folder
    choose(page, *ids)
    with desk.qtbot.waitSignal(part.saving.finished, timeout=WAIT):
        run(page, "save_as")
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"uno.txt": b"de otro", "uno (2).txt": b"uno", "dos.txt": b"dos"}
    choose(page, ids[1])
    part.saving.choose_file = lambda name: folder / f"copia {name}"
    with desk.qtbot.waitSignal(part.saving.finished, timeout=WAIT):
        run(page, "save_as")
    assert (folder / "copia dos.txt").read_bytes() == b"dos"
    assert not list(folder.glob("*.parte"))


def test_a_folder_that_cannot_be_written_is_said(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path
) -> None:
    (ident,) = attach(uno__txt=b"uno")
    page = make_page()
    assert page.part is not None
    assert page.list is not None
    page.part.saving.choose_file = lambda name: tmp_path / "no hay" / name
    choose(page, ident)
    bar = page.list.bar
    run(page, "save_as")
    desk.qtbot.waitUntil(lambda: "No se pudo escribir" in bar.label.text(), timeout=WAIT)
    assert not page.part.saving.is_busy()


# --- where nothing may be changed, and all files


def test_read_only_neither_takes_nor_changes(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path, system: System
) -> None:
    (ident,) = attach(uno__txt=b"1")
    page = make_page()
    page.set_read_only(True)
    assert page.list is not None
    (tmp_path / "a.txt").write_text("a")
    assert not drag_over(page.list, mime_of(tmp_path / "a.txt"))
    choose(page, ident)
    actions = page.list.actions_.all
    allowed = {name for name, action in actions.items() if action.isEnabled() and action.isVisible()}
    assert {"open", "save_as", "versions", "edit"} <= allowed
    assert not allowed & {"add", "add_mail", "paste", "rename", "delete", "new_version", "validate", "reject", "reopen"}
    run(page, "open")
    desk.qtbot.waitUntil(lambda: len(system.opened) == 1, timeout=WAIT)
    assert system.opened[0].stat().st_mode & 0o222 == 0, "what cannot be taken back cannot be written either"
    page.set_read_only(False)
    assert actions["validate"].isEnabled()


def test_the_list_of_all_files_takes_drops_too(desk: Desk, tmp_path: Path) -> None:
    page = ListPage(desk.context, "document")
    desk.qtbot.addWidget(page)
    page.resize(1160, 690)
    page.show()
    desk.qtbot.waitUntil(page.is_loaded, timeout=WAIT)
    (tmp_path / "suelto.txt").write_text("suelto")
    drop(page, mime_of(tmp_path / "suelto.txt"))
    desk.qtbot.waitUntil(lambda: texts(page, "file_name") == ["suelto.txt"], timeout=WAIT)
    assert not child(page, "files_counts").isVisible()
    page.table.select_ids(frozenset(page.loaded_ids()), page.loaded_ids()[0])
    page.actions_.all["delete"].trigger()
    desk.qtbot.waitUntil(lambda: texts(page, "file_name") == [], timeout=WAIT)
    assert desk.noted.notices[-1] == ("Quitado: «suelto.txt».", desk.noted.notices[-1][1])


def test_dragging_out_gives_a_copy(desk: Desk, attach: Attach, make_page: MakePage, monkeypatch: Any) -> None:
    from PySide6.QtGui import QDrag

    ids = attach(uno__txt=b"uno", dos__txt=b"dos")
    page = make_page()
    choose(page, *ids)
    given: list[bytes] = []

    def drag(self: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        given.extend(Path(url.toLocalFile()).read_bytes() for url in self.mimeData().urls())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", drag)
    monkeypatch.setattr(QGuiApplication, "mouseButtons", staticmethod(lambda: LEFT))
    assert page.list is not None
    table = page.list.table
    at = table.visualRect(page.list.model.index(0, 0)).center()
    QTest.mousePress(table.viewport(), LEFT, pos=at)
    for step in (1, 40):
        place = QPointF(at + QPoint(step, 0))
        move = QMouseEvent(QEvent.Type.MouseMove, place, table.viewport().mapToGlobal(place), LEFT, LEFT, NO_KEY)
        QApplication.sendEvent(table.viewport(), move)
    desk.qtbot.waitUntil(lambda: sorted(given) == [b"dos", b"uno"], timeout=WAIT)
    QTest.mouseRelease(table.viewport(), LEFT, pos=at)
    assert sorted(page.list.selected_ids()) == sorted(ids)


def test_a_click_on_one_of_several_chooses_it_alone(attach: Attach, make_page: MakePage) -> None:
    ids = attach(uno__txt=b"uno", dos__txt=b"dos")
    page = make_page()
    choose(page, *ids)
    assert page.list is not None
    table = page.list.table
    at = table.visualRect(page.list.model.index(0, 0)).center()
    QTest.mousePress(table.viewport(), LEFT, pos=at)
    assert len(page.list.selected_ids()) == 2
    QTest.mouseRelease(table.viewport(), LEFT, pos=at)
    assert page.list.selected_ids() == [page.list.loaded_ids()[0]]


def test_an_empty_page_says_how_to_begin(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert page.list is not None
    assert page.part is not None
    empty = page.list.stack.empty
    assert page.list.stack.currentWidget() is empty
    assert "suéltelos aquí" in empty.sentence.text()
    page.part.choose_files = lambda _pattern: [tmp_path / "a.txt"]
    button = empty.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.click()
    listed(desk, page, "a.txt")


def test_another_record_shows_its_own_files(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    attach(uno__txt=b"1")
    attach("client:2", dos__txt=b"2")
    page = make_page()
    assert names(page) == ["uno.txt"]
    page.set_place("client:2")
    listed(desk, page, "dos.txt")
    desk.qtbot.waitUntil(lambda: "Hotel Azahar" in page.part.drop_sentence(), timeout=WAIT)  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "caption", "pattern"),
                         [("add", "Añadir archivos", ""), ("add_mail", "Añadir correo", MAILS)])  # fmt: skip
def test_files_and_mails_are_asked_for(page, monkeypatch, name: str, caption: str, pattern: str) -> None:
    asked: list[tuple[str, str]] = []

    def ask(_parent: object, title: str, _folder: str, kinds: str) -> tuple[list[str], str]:
        asked.append((title, kinds))
        return [], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", ask)
    run(page, name)
    assert asked == [(caption, pattern)]
