"""Files chosen for a record that is not saved yet."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from oficrm.files import attaching
from oficrm.files.sources import Source
from tests.support.desk import WAIT, Desk
from tests.ui.files.conftest import MakePage
from tests.ui.files.steps import drag_over, drop, listed, mime_of, press
from ui.files.page import FilesPage


def pending(page: FilesPage) -> list[str]:
    return [source.title() for source in page.pending()]


def wait_for(desk: Desk, page: FilesPage, *names: str) -> None:
    desk.qtbot.waitUntil(lambda: pending(page) == list(names), timeout=WAIT)


def test_files_wait_and_go_with_the_record(desk: Desk, make_page: MakePage, tmp_path: Path) -> None:
    page = make_page(None)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    with desk.qtbot.waitSignal(page.pending_changed, timeout=WAIT):
        drop(page.waiting, mime_of(tmp_path / "a.txt", tmp_path / "b.txt"))
    assert pending(page) == ["a.txt", "b.txt"]
    drop(page.waiting, mime_of(tmp_path / "a.txt"))
    QGuiApplication.clipboard().setText("una nota")
    page.waiting.run("paste")
    desk.qtbot.waitUntil(lambda: len(page.pending()) == 3, timeout=WAIT)
    assert pending(page)[:2] == ["a.txt", "b.txt"], "the same file is taken once"
    assert pending(page)[2].startswith("Texto ")
    sources = page.pending()
    desk.jobs.write(lambda session: attaching.attach(session, ["client:3"], sources)).result()
    page.set_place("client:3")
    assert page.pending() == ()
    listed(desk, page, *[source.title() for source in sources])


def test_they_are_renamed_and_taken_off_by_keyboard(desk: Desk, make_page: MakePage) -> None:
    page = make_page(None)
    page.set_pending([Source(data=b"1", name="uno.txt"), Source(data=b"2", name="dos.txt")])
    files = page.waiting.list
    files.setFocus()
    desk.qtbot.waitUntil(files.hasFocus, timeout=WAIT)
    files.setCurrentRow(0)
    QTest.keyClick(files, Qt.Key.Key_F2)
    line = files.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    assert line.selectedText() == "uno"
    QTest.keyClicks(line, "primero")
    QTest.keyClick(line, Qt.Key.Key_Return)
    wait_for(desk, page, "primero.txt", "dos.txt")
    files.setFocus()
    QTest.keyClick(files, Qt.Key.Key_Delete)
    wait_for(desk, page, "dos.txt")
    assert page.pending()[0].data == b"2"


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_name_left_as_it_was_shows_its_size_again(desk: Desk, make_page: MakePage, key: Qt.Key) -> None:
    page = make_page(None)
    page.set_pending([Source(data=b"1", name="uno.txt"), Source(data=b"2", name="dos.txt")])
    files = page.waiting.list
    files.setCurrentRow(1)
    shown = files.item(1).text()
    files.rename_current()
    QTest.keyClick(files.findChildren(QLineEdit)[-1], key)
    desk.qtbot.waitUntil(lambda: files.item(1).text() == shown, timeout=WAIT)
    assert "1 B" in shown.replace("\xa0", " ")
    assert (files.currentRow(), pending(page)) == (1, ["uno.txt", "dos.txt"])


def test_a_folder_is_asked_about(desk: Desk, make_page: MakePage, tmp_path: Path) -> None:
    (tmp_path / "Fotos").mkdir()
    (tmp_path / "Fotos" / "a.txt").write_text("a")
    page = make_page(None)
    drop(page.waiting, mime_of(tmp_path / "Fotos"))
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, "error_folder") is not None, timeout=WAIT)
    assert page.pending() == ()
    press(page, "button_folder_add")
    wait_for(desk, page, "a.txt")


def test_read_only_takes_nothing(make_page: MakePage, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    page = make_page(None)
    page.set_read_only(True)
    assert not drag_over(page.waiting, mime_of(tmp_path / "a.txt"))
    assert not page.waiting.actions_["add"].isEnabled()
    page.add([Source(path=tmp_path / "a.txt")])
    QApplication.processEvents()
    assert page.pending() == ()


def test_an_empty_page_offers_to_choose(desk: Desk, make_page: MakePage, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    page = make_page(None)
    page.waiting.choose_files = lambda _pattern: [tmp_path / "a.txt"]
    assert page.waiting.stack.currentWidget() is page.waiting.empty
    page.waiting.empty.button.click()
    wait_for(desk, page, "a.txt")
    assert page.waiting.stack.currentWidget() is page.waiting.list
