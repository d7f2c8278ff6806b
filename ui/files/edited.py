"""Offers to keep what was edited in another program, in the window in front, until somebody answers."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files.sources import SourceProblem
from oficrm.jobs import Done
from ui import theme
from ui.context import Context
from ui.files.copies import Copy
from ui.files.desk import CopyDesk, desk_of
from ui.widgets.chips import IconLabel

WIDTH = 560
MOST = 4


class Offer(QFrame):
    """One edited copy: keep it as a new version, give it up, or look at where it lies."""

    def __init__(self, offers: Offers, copy: Copy, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("offer_edited")
        self.copy = copy
        self._offers = offers
        self.label = QLabel(f"Ha modificado «{copy.name}».", self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.keep_button = QPushButton("Guardar como versión nueva", self)
        self.keep_button.setObjectName("button_keep_edited")
        self.keep_button.clicked.connect(self._keep)
        self.drop_button = QPushButton("Descartar", self)
        self.drop_button.setObjectName("button_drop_edited")
        self.drop_button.clicked.connect(self._drop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(IconLabel("rename", "tooltip_text", parent=self))
        row.addWidget(self.label, 1)
        row.addWidget(self.keep_button)
        row.addWidget(self.drop_button)
        self._is_sure = False

    def _keep(self) -> None:
        self.keep_button.setEnabled(False)
        self._offers.keep(self)

    def _drop(self) -> None:
        """What was written cannot be brought back: the button asks once more."""
        if self._is_sure:
            self._offers.drop(self)
            return
        self._is_sure = True
        self.label.setText(f"¿Perder los cambios de «{self.copy.name}»?")
        self.drop_button.setText("Sí, descartar")
        self._offers.place()

    def show_problem(self, text: str) -> None:
        """Say why it could not be kept; it can be tried again."""
        self.label.setText(text)
        self.keep_button.setEnabled(True)
        self._offers.place()


class Panel(QFrame):
    """The offers over the lower edge of a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        theme.set_surface(self, "notice")
        self.setObjectName("offers_edited")
        self.setAccessibleName("Archivos modificados")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        self.column.setSpacing(theme.SPACE_S)
        window.installEventFilter(self)

    def place(self) -> None:
        """Stand above the foot, at the left: notices come at the right."""
        window = self.parentWidget()
        assert window is not None
        width = min(WIDTH, window.width() - 2 * theme.SPACE_L)
        self.adjustSize()
        height = max(self.column.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry(theme.SPACE_L, window.height() - height - 60, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False


class Offers(QObject):
    """Shows an offer for each edited copy; when the window that shows them goes, the next one in front does."""

    def __init__(self, context: Context, desk: CopyDesk) -> None:
        super().__init__(desk)
        self._context, self._desk = context, desk
        self._panel: Panel | None = None
        desk.edited.connect(self.refresh)
        desk.settled.connect(self.refresh)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def offers(self) -> list[Offer]:
        """Those on the screen."""
        panel = self._panel
        return panel.findChildren(Offer) if panel is not None and isValid(panel) else []

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Follow the user to the window in front."""
        if new is not None and self._desk.edited_copies() and not self._is_in(new.window()):
            self.refresh()

    def _is_in(self, window: QWidget) -> bool:
        panel = self._panel
        return panel is not None and isValid(panel) and panel.window() is window

    def refresh(self, _copy: object = None) -> None:
        """Show what there is to offer in the window in front."""
        edited = self._desk.edited_copies()
        window = QApplication.activeWindow() or _any_window()
        if not edited or window is None:
            self._clear()
            return
        shown = self.offers()
        if self._is_in(window) and [offer.copy for offer in shown] == edited[:MOST]:
            return
        self._clear()
        self._panel = Panel(window)
        for copy in edited[:MOST]:
            self._panel.column.addWidget(Offer(self, copy, self._panel))
        self._panel.show()
        self.place()

    def place(self) -> None:
        """The words are others: they may need another line."""
        if self._panel is not None and isValid(self._panel):
            self._panel.place()

    def _clear(self) -> None:
        if self._panel is not None and isValid(self._panel):
            self._panel.hide()
            self._panel.setParent(None)
            self._panel.deleteLater()
        self._panel = None

    def keep(self, offer: Offer) -> None:
        """As a new version; undone like any write."""

        def done(result: Done[str]) -> None:
            self._context.notices.show(result.value, result.changes.operation_id)

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused | EnvironmentProblem | SourceProblem):
                self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
            elif isValid(offer):
                offer.show_problem(str(error))

        self._desk.take_back(offer.copy, done, failed)

    def drop(self, offer: Offer) -> None:
        """Give it up."""
        self._desk.give_up(offer.copy)


def _any_window() -> QWidget | None:
    """The main window, when no window of ours is in front."""
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible() and window.isWindow()]
    named = [window for window in shown if window.objectName() == "main_window"]
    return next(iter([*named, *shown]), None)


def watch_edits(context: Context) -> Offers:
    """Offer edited copies from now on; once for the whole program."""
    desk = desk_of(context)
    found = desk.findChild(Offers)
    return found if isinstance(found, Offers) else Offers(context, desk)
