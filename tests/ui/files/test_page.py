"""The files of a record through its page: they come by drop, paste and keyboard, change state, and go."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from oficrm import undo
from oficrm.files import attaching, keeping
from oficrm.lists import Criterion, ListFilter
from tests.support.desk import WAIT, Desk
from tests.support.list_pages import child, texts
from tests.ui.files.conftest import Attach, MakePage, System
from ui.files.page import FilesPage
from ui.lists.page import ListPage

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def names(page: FilesPage) -> list[str]:
    assert page.list is not None
    return sorted(texts(page.list, "file_name"))


def listed(desk: Desk, page: FilesPage, *expected: str) -> None:
    desk.qtbot.waitUntil(lambda: names(page) == sorted(expected), timeout=WAIT)


def choose(page: FilesPage, *ids: int) -> None:
    assert page.list is not None
    page.list.table.select_ids(frozenset(ids), ids[0])
    page.list.table.setFocus()


def run(page: FilesPage, name: str) -> None:
    assert page.list is not None
    page.list.actions_.all[name].trigger()


def press(page: FilesPage, name: str) -> None:
    button = child(page, name)
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)


def status(desk: Desk, ident: int) -> str:
    from db.models.document import Document

    return desk.read(lambda session: str(session.get_one(Document, ident).status))


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag_over(widget: QWidget, mime: QMimeData) -> bool:
    wanted = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    event = QDragEnterEvent(QPoint(30, 30), wanted, mime, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted() and event.dropAction() == Qt.DropAction.CopyAction


def drop(widget: QWidget, mime: QMimeData) -> None:
    assert drag_over(widget, mime)
    event = QDropEvent(QPointF(30, 30), Qt.DropAction.CopyAction, mime, LEFT, NO_KEY)
    QApplication.sendEvent(widget, event)


# --- files come


def test_dropped_files_are_filed_and_the_drop_can_be_undone(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    for name in ("oferta.pdf", "plano.png"):
        (tmp_path / name).write_bytes(name.encode())
    assert page.list is not None
    mime = mime_of(tmp_path / "oferta.pdf", tmp_path / "plano.png")
    assert drag_over(page.list, mime)
    place = child(page.list, "drop_place")
    desk.qtbot.waitUntil(lambda: "Talleres Ruiz" in page.part.drop_sentence())  # type: ignore[union-attr]
    assert place.isVisible()
    drop(page.list, mime)
    assert not place.isVisible()
    listed(desk, page, "oferta.pdf", "plano.png")
    desk.qtbot.waitUntil(lambda: desk.noted.notices != [], timeout=WAIT)
    text, operation = desk.noted.notices[-1]
    assert text == "2 archivos añadidos."
    assert operation is not None
    desk.context.bridge.write(lambda session: undo.undo(session, operation), lambda _done: None, page)
    listed(desk, page)
    assert (tmp_path / "oferta.pdf").exists(), "the original stays where it was"


def test_the_chips_count_and_follow(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    ids = attach(uno__txt=b"1", dos__txt=b"2", tres__txt=b"3")
    desk.jobs.write(lambda s: keeping.validate(s, ids[:1])).result()
    page = make_page()

    def shown() -> list[str]:
        chips = [child(page, f"chip_files_{name}") for name in ("total", "pending", "valid", "rejected")]
        return [chip.text() for chip in chips if chip.isVisible()]

    desk.qtbot.waitUntil(lambda: shown() == ["3 archivos", "2 pendientes", "1 válido", "0 rechazados"], timeout=WAIT)
    choose(page, ids[1])
    QTest.keyClick(page.list.table, Qt.Key.Key_F7)  # type: ignore[union-attr]
    desk.qtbot.waitUntil(lambda: shown() == ["3 archivos", "1 pendiente", "2 válidos", "0 rechazados"], timeout=WAIT)


def test_a_folder_is_asked_about(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    folder = tmp_path / "Fotos"
    (folder / "dentro").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "dentro" / "b.txt").write_text("b")
    (folder / ".oculto").write_text("c")
    (folder / "lazo").symlink_to(folder)
    assert page.list is not None
    drop(page.list, mime_of(folder))
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, "error_folder") is not None, timeout=WAIT)
    assert child(page, "error_folder").text() == "«Fotos» es una carpeta con 2 archivos."
    press(page, "button_folder_add")
    listed(desk, page, "a.txt", "b.txt")


def test_an_empty_folder_is_said(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    (tmp_path / "Nada").mkdir()
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "Nada"))
    desk.qtbot.waitUntil(lambda: "sin archivos" in page.list.bar.label.text(), timeout=WAIT)  # type: ignore[union-attr]
    assert not page.part.adding.is_busy()  # type: ignore[union-attr]


def test_a_screenshot_is_pasted_and_a_second_one_beside_it(desk: Desk, page: FilesPage) -> None:
    assert page.list is not None
    page.list.stack.empty.button.setFocus()
    for color in ("red", "blue"):
        image = QImage(6, 6, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        QGuiApplication.clipboard().setImage(image)
        before = len(names(page))
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        desk.qtbot.waitUntil(lambda more=before + 1: _are_here(page, more), timeout=WAIT)  # type: ignore[misc]
        page.list.table.setFocus()
    assert all(name.startswith("Captura 2") and name.endswith(".png") for name in names(page))
    assert len(set(names(page))) == 2


def _are_here(page: FilesPage, count: int) -> bool:
    return len(names(page)) == count and "…" not in names(page)


def test_nothing_to_paste_is_said(page: FilesPage) -> None:
    QGuiApplication.clipboard().clear()
    run(page, "paste")
    assert page.list is not None
    assert "No hay nada que pegar" in page.list.bar.label.text()


def test_those_left_out_are_named_with_their_reasons(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    (tmp_path / "bien.txt").write_text("bien")
    part = page.part
    assert part is not None
    part.choose_files = lambda _pattern: [tmp_path / "bien.txt", tmp_path / "no.txt", Path("/dev/null")]
    run(page, "add")
    listed(desk, page, "bien.txt")
    desk.qtbot.waitUntil(part.report.isVisible, timeout=WAIT)
    assert part.report.title.text() == "Se añadió 1 archivo. 2 no se añadieron:"
    report = child(page, "report_text")
    assert isinstance(report, QPlainTextEdit)
    lines = report.toPlainText().splitlines()
    assert lines == ["no.txt: Ya no está en su sitio.", "null: No es un archivo corriente."]
    press(page, "report_close")
    assert not part.report.isVisible()


def test_a_file_above_the_limit_is_refused_in_the_page(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    with (tmp_path / "grande.bin").open("wb") as stream:
        stream.truncate(51_000_000)
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "grande.bin"))
    desk.qtbot.waitUntil(page.part.report.isVisible, timeout=WAIT)  # type: ignore[union-attr]
    assert "51 MB y el límite por archivo es de 50 MB" in page.part.report.title.text()  # type: ignore[union-attr]


def test_several_are_cancelled_and_none_is_kept(
    desk: Desk, page: FilesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(str(number))
    go = threading.Event()
    real = attaching.take

    def slow(*args: Any) -> Any:
        go.wait(WAIT / 1000)
        return real(*args)

    monkeypatch.setattr(attaching, "take", slow)
    assert page.list is not None
    drop(page.list, mime_of(*(tmp_path / f"{number}.txt" for number in range(5))))
    bar = page.list.bar
    desk.qtbot.waitUntil(lambda: bar.isVisible() and "5 archivos" in bar.label.text(), timeout=WAIT)
    press(page, "ask_cancel")
    go.set()
    assert bar.label.text() == "Cancelado: no se ha añadido nada."
    desk.jobs.read_slowly(lambda _session: None).result()
    QApplication.processEvents()
    assert not page.part.adding.is_busy()  # type: ignore[union-attr]
    assert names(page) == []
    assert desk.read(lambda s: s.execute(_count()).scalar()) == 0


def _count() -> Any:
    from sqlalchemy import text

    return text("select count(*) from content_piece")


@pytest.mark.parametrize(
    ("button", "files", "revision"),
    [("button_name_version", 1, 2), ("button_name_apart", 2, 1), ("button_name_skip", 1, 1)],
)
def test_a_taken_name_is_asked_about(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path, button: str, files: int, revision: int
) -> None:
    (ident,) = attach(oferta__txt=b"primera")
    page = make_page()
    (tmp_path / "oferta.txt").write_bytes(b"segunda")
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "oferta.txt"))
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, "error_namesake") is not None, timeout=WAIT)
    text = child(page, "error_namesake").text()
    assert text == "Ya hay un «oferta.txt» aquí, con otro contenido."
    press(page, button)
    desk.qtbot.waitUntil(lambda: not page.part.adding.is_busy(), timeout=WAIT)  # type: ignore[union-attr]
    listed(desk, page, *["oferta.txt"] * files)
    assert desk.read(lambda s: keeping.facts(s, ident).revision) == revision


def test_the_same_file_again_is_left_out_without_a_question(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path
) -> None:
    attach(oferta__txt=b"igual")
    page = make_page()
    (tmp_path / "oferta.txt").write_bytes(b"igual")
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "oferta.txt"))
    desk.qtbot.waitUntil(page.part.report.isVisible, timeout=WAIT)  # type: ignore[union-attr]
    assert "Ya estaba aquí" in page.part.report.title.text()  # type: ignore[union-attr]
    assert names(page) == ["oferta.txt"]


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
    assert {"action_open", "action_reject", "action_versions", "action_delete", "action_edit"} <= row
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
    (tmp_path / "suelto.txt").write_text("palabra rara: xilófono")
    drop(page, mime_of(tmp_path / "suelto.txt"))
    desk.qtbot.waitUntil(lambda: texts(page, "file_name") == ["suelto.txt"], timeout=WAIT)
    assert not child(page, "files_counts").isVisible()
    page.table.select_ids(frozenset(page.loaded_ids()), page.loaded_ids()[0])
    page.actions_.all["delete"].trigger()
    desk.qtbot.waitUntil(lambda: texts(page, "file_name") == [], timeout=WAIT)
    page.set_filter(ListFilter("document", (Criterion("status", "in", ("valid",)),)))


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
    page.list.table.startDrag(Qt.DropAction.CopyAction)
    desk.qtbot.waitUntil(lambda: sorted(given) == [b"dos", b"uno"], timeout=WAIT)


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
