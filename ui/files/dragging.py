"""Files dragged out of the program: what is dropped elsewhere is a copy, which has to be made first."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.files.keeping import FileFacts
from oficrm.rules import sizes
from ui import icons
from ui.files import copies
from ui.files.copies import Copy
from ui.files.desk import desk_of
from ui.lists.columns import ACTIONS
from ui.lists.table import ListTable

if TYPE_CHECKING:
    from ui.files.part import FilesPart

_PLAIN = Qt.KeyboardModifier.NoModifier
MOST = 100_000_000
"""Bytes that are copied while somebody holds the button of the mouse."""
_ICON = 32


class RowDrag(QObject):
    """Tells a drag of rows from a click and from a selection. ``asked`` when the selected rows are dragged.

    As in a file manager a row that is pressed is dragged, with all that are selected when it is one of them; a click
    on one of several selected chooses it alone once the button is let go.
    """

    asked = Signal()

    def __init__(self, table: ListTable) -> None:
        super().__init__(table)
        self._table = table
        self._pressed: QPoint | None = None
        self._is_held_back = False
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Between press and release of the left button the mouse is ours."""
        if not isinstance(event, QMouseEvent):
            return False
        match event.type():
            case QEvent.Type.MouseButtonPress:
                return self._press(event)
            case QEvent.Type.MouseMove if self._pressed is not None:
                return self._move(event)
            case QEvent.Type.MouseButtonRelease:
                return self._release()
        return False

    def _press(self, event: QMouseEvent) -> bool:
        self._pressed, self._is_held_back = None, False
        index = self._table.indexAt(event.position().toPoint())
        is_plain = event.button() == Qt.MouseButton.LeftButton and event.modifiers() == _PLAIN
        if not index.isValid() or not is_plain or index.column() == self._table.list_model.column_named(ACTIONS):
            return False
        self._pressed = event.position().toPoint()
        is_one_of_many = len(self._table.selected_ids()) > 1 and self._table.selectionModel().isSelected(index)
        self._is_held_back = is_one_of_many  # the table would select it alone
        return is_one_of_many

    def _move(self, event: QMouseEvent) -> bool:
        assert self._pressed is not None
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._pressed = None
            return False
        way = (event.position().toPoint() - self._pressed).manhattanLength()
        if way >= QGuiApplication.styleHints().startDragDistance():
            self._pressed, self._is_held_back = None, False
            self.asked.emit()
        return True

    def _release(self) -> bool:
        pressed, self._pressed = self._pressed, None
        if self._is_held_back and pressed is not None:
            self._is_held_back = False
            self._table.setFocus()
            self._table.selectRow(self._table.indexAt(pressed).row())
        return False


def drag_out(part: FilesPart, ids: Sequence[int]) -> None:
    """Make copies of files; when they are there and the button is still held, they hang on the pointer."""
    wanted = tuple(ids)
    folder = desk_of(part.page.context).folder

    def job(session: Any) -> list[Copy]:
        found = [keeping.facts(session, ident) for ident in wanted]
        _check(found)
        return [copies.make(session, facts, folder)[0] for facts in found]

    def failed(error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            part.bar.say(str(error), good=False)
        else:
            part.page.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    if wanted:
        part.page.context.bridge.read(job, lambda made: _drag(part, made), part, failed=failed, slow=True)


def _check(found: Sequence[FileFacts]) -> None:
    size = sum(facts.size for facts in found)
    if size > MOST:
        raise Refused(f"Son {sizes.format_size(size)}: use «Guardar como…» para sacar tanto.")


def urls_of(made: Sequence[Copy]) -> QMimeData:
    """Copies as other programs take files."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(copy.path)) for copy in made])
    return data


def _drag(part: FilesPart, made: list[Copy]) -> None:
    """The copies go at the end of the program: whoever took them may still be reading."""
    if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
        for copy in made:
            desk_of(part.page.context).drop(copy)
        return
    drag = QDrag(part.page.table)
    drag.setMimeData(urls_of(made))
    name = "files" if len(made) > 1 else "document"
    drag.setPixmap(icons.icon(name, "accent").pixmap(QSize(_ICON, _ICON)))
    drag.exec(Qt.DropAction.CopyAction)
