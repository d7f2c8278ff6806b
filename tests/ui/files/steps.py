"""What tests of files do on a page, and what they read from it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.desk import WAIT, Desk
from tests.support.list_pages import child, texts
from ui.files.page import FilesPage

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
