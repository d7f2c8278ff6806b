"""The conversation as one scrolls through it: the newest at the end, older ones fetched as one comes to the top."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from oficrm.chat.talk import Line, Stretch
from ui import icons, theme
from ui.chat.bubbles import Bubbles, links
from ui.chat.talk_model import MessageRow, TalkModel, words

NEAR_TOP = 80
"""Pixels from the top at which older messages are asked for."""


class TalkView(QListView):
    """Shows messages.

    ``older_wanted`` and ``newer_wanted`` near the ends of what is shown, ``end_wanted`` where the newest are not;
    ``link_asked(address)``, ``removal_asked(id)``.
    """

    older_wanted = Signal()
    newer_wanted = Signal()
    end_wanted = Signal()
    link_asked = Signal(str)
    removal_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("talk")
        self.setAccessibleName("Conversación")
        theme.set_kind(self, "plain")
        self.talk = TalkModel(self)
        self.setModel(self.talk)
        self.bubbles = Bubbles(self)
        self.setItemDelegate(self.bubbles)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.has_older = self.has_newer = self.can_remove = False
        self._is_asking = False
        self._at_end = True
        self.verticalScrollBar().setSingleStep(theme.ROW_HEIGHT)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.copy_action = QAction(icons.icon("copy"), "Copiar", self)
        self.copy_action.setShortcut(QKeySequence.StandardKey.Copy)
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_action.triggered.connect(self.copy)
        self.addAction(self.copy_action)

    # --- what is shown

    def lines(self) -> tuple[Line, ...]:
        """The messages shown, the newest last."""
        return self.talk.lines

    def show_stretch(self, stretch: Stretch) -> None:
        """Show messages; who was at the end stays there, who was reading stays where he was."""
        bar = self.verticalScrollBar()
        at_end, from_end = self._at_end or not self.talk.rows, bar.maximum() - bar.value()
        grown_at_end = bool(self.lines()) and stretch.lines[:1] == self.lines()[:1]
        value = bar.value()
        self.has_older, self.has_newer, self._is_asking = stretch.has_older, stretch.has_newer, True
        self.talk.show(stretch.lines)
        self.executeDelayedItemsLayout()
        if at_end:
            self.scrollToBottom()
        else:
            bar.setValue(value if grown_at_end else max(0, bar.maximum() - from_end))
        self._is_asking = False
        QTimer.singleShot(0, self, self._fill)

    def show_older(self, stretch: Stretch) -> None:
        """Put older messages before those shown."""
        before = Stretch((*stretch.lines, *self.lines()), stretch.has_older, self.has_newer)
        self._at_end = False
        self.show_stretch(before)

    def show_newer(self, stretch: Stretch) -> None:
        """Put newer messages after those shown."""
        self._at_end = False
        self.show_stretch(Stretch((*self.lines(), *stretch.lines), self.has_older, stretch.has_newer))

    def show_anew(self, stretch: Stretch) -> None:
        """Show other messages than before, at their end."""
        self._at_end = True
        self.show_stretch(stretch)

    def show_message(self, message_id: int) -> bool:
        """Bring a message into the middle and mark it; False where it is not shown."""
        place = self.talk.place_of(message_id)
        if place < 0:
            return False
        self.bubbles.marked = message_id
        index = self.talk.index(place, 0)
        self._is_asking, self._at_end = True, False
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._is_asking = False
        return True

    def go_to_end(self) -> None:
        """To the newest message."""
        self.bubbles.marked = 0
        if self.has_newer:
            self.end_wanted.emit()
            return
        self._at_end = True
        self.scrollToBottom()

    def _fill(self) -> None:
        """A stretch that does not fill the view is not all there is to see."""
        if self.has_older and self.verticalScrollBar().maximum() == 0 and self.isVisible():
            self._ask_older()

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if not self._is_asking:
            self._at_end = value >= bar.maximum() - 4 and not self.has_newer
            if value <= NEAR_TOP:
                self._ask_older()
            elif value >= bar.maximum() - NEAR_TOP and self.has_newer:
                self._is_asking = True
                self.newer_wanted.emit()

    def _ask_older(self) -> None:
        if self.has_older and not self._is_asking:
            self._is_asking = True
            self.older_wanted.emit()

    def give_up(self) -> None:
        """More messages could not be read; they may be asked for again."""
        self._is_asking = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Text breaks anew; the end stays in sight."""
        at_end = self._at_end
        super().resizeEvent(event)
        if at_end:
            self.executeDelayedItemsLayout()
            self.scrollToBottom()

    def viewportSizeHint(self) -> QSize:
        """Some room at first; the layout gives the rest."""
        return QSize(400, 300)

    # --- what can be done with them

    def selected(self) -> list[Line]:
        """The messages selected, in their order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        found = [self.talk.rows[at] for at in rows]
        return [row.line for row in found if isinstance(row, MessageRow)]

    def copy(self) -> None:
        """Copy the messages selected as text."""
        text = "\n".join(words(MessageRow(line, False)) for line in self.selected())
        if text:
            QGuiApplication.clipboard().setText(text)

    def _link_under(self, at: QPoint) -> str:
        index = self.indexAt(at)
        if not index.isValid():
            return ""
        return self.bubbles.link_at(index, QPointF(at - self.visualRect(index).topLeft()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over links."""
        over = bool(self._link_under(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a link asks to open it."""
        super().mouseReleaseEvent(event)
        link = self._link_under(event.position().toPoint())
        if link and event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self.link_asked.emit(link)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy; the links of the message; delete what was noted here."""
        menu = self.make_menu()
        if menu is not None:
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def make_menu(self) -> QMenu | None:
        """The menu of the messages selected."""
        chosen = self.selected()
        if not chosen:
            return None
        menu = QMenu(self)
        menu.addAction(self.copy_action)
        if len(chosen) == 1:
            self._add_links(menu, chosen[0])
            if chosen[0].is_local and self.can_remove:
                menu.addSeparator()
                action = menu.addAction(icons.icon("delete"), "Borrar mensaje")
                action.setObjectName("action_remove_message")
                action.triggered.connect(lambda _on=False: self.removal_asked.emit(chosen[0].id))
        return menu

    def _add_links(self, menu: QMenu, line: Line) -> None:
        for begin, end in links(line.body)[:5]:
            address = line.body[begin:end]
            shown = address if len(address) <= 60 else f"{address[:59]}…"
            action = menu.addAction(icons.icon("web"), f"Abrir {shown}".replace("&", "&&"))
            action.setObjectName("action_open_link")
            action.triggered.connect(lambda _on=False, address=address: self.link_asked.emit(address))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Supr deletes what was noted here; Ctrl+End goes to the newest."""
        if event.key() == Qt.Key.Key_Delete and self.can_remove:
            chosen = self.selected()
            if len(chosen) == 1 and chosen[0].is_local:
                self.removal_asked.emit(chosen[0].id)
            return
        if event.key() == Qt.Key.Key_End:
            self.go_to_end()
            return
        super().keyPressEvent(event)
