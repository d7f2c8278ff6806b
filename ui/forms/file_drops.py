"""Files dropped anywhere on a window: text fields would take their paths as text, so they are asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from oficrm.files.sources import Source

if TYPE_CHECKING:
    from ui.files.drop import DropPlace

Take = Callable[[list[Source]], object]
_KINDS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class FileDrops(QObject):
    """Gives ``take`` the files dropped on ``window`` and on the text fields given to ``watch``.

    ``may`` says whether the window takes any now, ``sentence`` where they go, "" to show nothing over the window;
    text dropped on a text field stays text.
    """

    def __init__(
        self, window: QWidget, take: Take, may: Callable[[], bool],
        sentence: Callable[[], str] = lambda: "Suelte aquí para añadirlo a Archivos",
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._may, self._sentence = window, may, sentence
        self._takers: dict[QObject, Take] = {window: take}
        self._take = take
        self._place: DropPlace | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def watch(self, within: QWidget) -> None:
        """Ask the text fields inside a widget too."""
        for line in within.findChildren(QLineEdit):
            line.installEventFilter(self)
        for block in within.findChildren(QPlainTextEdit):
            block.viewport().installEventFilter(self)

    def give(self, block: QPlainTextEdit, take: Take) -> None:
        """Let what is dropped on a text go elsewhere."""
        self._takers[block.viewport()] = take

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files are ours; all else goes on its way."""
        if event.type() == QEvent.Type.DragLeave:
            self._show_place(False)
            return False
        if event.type() not in _KINDS or not isinstance(event, QDropEvent) or not holds_files(event.mimeData()):
            return False
        source = event.source()
        if not self._may() or (isinstance(source, QWidget) and self._window.isAncestorOf(source)):
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)  # who drags means to move; the original stays where it is
        event.accept()
        self._show_place(event.type() != QEvent.Type.Drop)
        if event.type() == QEvent.Type.Drop:
            from ui.files.intake import sources_of  # loaded with the first file

            self._takers.get(watched, self._take)(sources_of(event.mimeData()))
        return True

    def _show_place(self, shown: bool) -> None:
        sentence = self._sentence() if shown else ""
        if sentence and self._place is None:
            from ui.files.drop import DropPlace

            self._place = DropPlace(self._window)
        if self._place is None or not sentence:
            if self._place is not None:
                self._place.hide()
        elif not self._place.isVisible():
            self._place.open(sentence)


def holds_files(data: QMimeData) -> bool:
    """Whether something dragged or copied holds files, told without reading them."""
    from ui.files.intake import holds_files as told

    return told(data)
