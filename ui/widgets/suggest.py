"""The list of suggestions under a line one types into; shared by the picker of records and the editor of tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QHideEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget
from shiboken6 import isValid

from oficrm.rules.text import plain
from ui import icons, theme
from ui.widgets.popup import place_under

DEBOUNCE_MS = 150
_TITLE_H, _DETAIL_H = 28, 44
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Option:
    """A record that can be picked: its id, its name, and one dim line to tell it from its namesakes."""

    id: int
    title: str
    detail: str = ""
    icon: str = ""


Deliver = Callable[[list[Option]], None]
Search = Callable[[str, Deliver], None]
"""Looks a text up ("" asks for the recent ones) and hands the result over, now or later, on the GUI thread."""

NEW = "new"
"""Stands in the list for "create what was typed"."""

FREE = "free"
"""Stands in the list for "take what was typed as it is"."""

Entry = Option | str


def among(options: Sequence[Option]) -> Search:
    """A search in a short list held in memory, without accents; titles that begin with the text come first."""

    def search(text: str, deliver: Deliver) -> None:
        wanted = plain(text)
        found = [option for option in options if wanted in plain(f"{option.title} {option.detail}")]
        found.sort(key=lambda option: not plain(option.title).startswith(wanted))
        deliver(found)

    return search


class _Entries(QAbstractListModel):
    """Options, the "Nuevo…" entry, or a sentence when there is nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.typed = ""
        self.sentence = ""

    def show(self, entries: Sequence[Entry], typed: str, sentence: str) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.entries, self.typed = list(entries), typed
        self.sentence = sentence
        if sentence and not any(isinstance(entry, Option) for entry in entries):
            self.entries.insert(0, "")
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Rows of the list."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row."""
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(entry, Option):
                return f"{entry.title}, {entry.detail}" if entry.detail and role != 0 else entry.title
            return self._offer(entry)
        return None

    def _offer(self, entry: str) -> str:
        """The words of what is no option; where a text can be taken in both ways, what tells them apart."""
        if entry == NEW:
            if FREE in self.entries:
                return f"Añadir «{self.typed}» al catálogo"
            return f"Nuevo: «{self.typed}»" if self.typed else "Nuevo…"
        if entry == FREE:
            return f"Añadir «{self.typed}» solo aquí" if NEW in self.entries else f"Añadir «{self.typed}»"
        return self.sentence

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """The sentence cannot be taken."""
        return (
            Qt.ItemFlag.NoItemFlags
            if self.entries[index.row()] == ""
            else (Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        )


class _Painter(QStyledItemDelegate):
    """Title, and its detail in a dim small line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Two lines where there is a detail."""
        entry = self._entry(index)
        return QSize(160, _DETAIL_H if isinstance(entry, Option) and entry.detail else _TITLE_H)

    def _entry(self, index: _Index) -> Entry:
        model = index.model()
        assert isinstance(model, _Entries)
        return model.entries[index.row()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """One row."""
        entry = self._entry(index)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected and entry != "":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection"))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 4, 4)
        left = rect.left() + theme.SPACE_S
        icon = entry.icon if isinstance(entry, Option) else ("add" if entry else "")
        if icon:
            icons.icon(icon).paint(painter, left, rect.center().y() - 8, theme.ICON_SIZE, theme.ICON_SIZE)
            left += theme.ICON_SIZE + theme.SPACE_S
        room = QRect(left, rect.top(), rect.right() - theme.SPACE_S - left, rect.height())
        self._write(painter, room, entry, str(index.data()))
        painter.restore()

    def _write(self, painter: QPainter, room: QRect, entry: Entry, title: str) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font("text"))
        painter.setPen(theme.color("text" if isinstance(entry, Option) else "accent" if entry else "dim"))
        first = QRect(room)
        if isinstance(entry, Option) and entry.detail:
            first.setHeight(room.height() // 2 + 3)
            second = room.adjusted(0, room.height() // 2 - 1, 0, -2)
            painter.drawText(
                first, middle, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width())
            )
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("dim"))
            painter.drawText(
                second,
                middle,
                painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideRight, room.width()),
            )
            return
        painter.drawText(
            first, middle, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        )


class SuggestPopup(QFrame):
    """Shows suggestions under a field without taking the focus from it."""

    taken = Signal(object)
    """An Option, ``FREE`` or ``NEW``."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(
            field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        theme.set_surface(self, "popup")
        self.setObjectName("suggestions")
        self._field = field
        self._model = _Entries(self)
        self.view = QListView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMinimumHeight(1)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(lambda _index: self.take())
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.addWidget(self.view)

    def show_entries(
        self,
        options: Sequence[Option],
        typed: str,
        *,
        creatable: bool,
        free: bool = False,
        sentence: str = "Nada coincide",
    ) -> None:
        """List the options, the first one current; behind them the text as it is (``free``) and "Nuevo…"."""
        entries: list[Entry] = [*options, *([FREE] if free and typed else []), *([NEW] if creatable else [])]
        self._model.show(entries, typed, "" if free and typed else sentence)
        first = next((row for row, entry in enumerate(self._model.entries) if entry != ""), -1)
        self.view.setCurrentIndex(self._model.index(first, 0))
        height = (
            sum(
                _DETAIL_H if isinstance(entry, Option) and entry.detail else _TITLE_H
                for entry in self._model.entries[:9]
            )
            + 8
        )
        self.ensurePolished()
        self._field.window().installEventFilter(self)
        place_under(self, self._field, QSize(max(self._field.width(), 260), height))
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that moves away leaves its list behind: close it."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide) and watched is not self:
            self.hide()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody needs to watch the window now."""
        self._field.window().removeEventFilter(self)
        super().hideEvent(event)

    def entries(self) -> list[Entry]:
        """What is listed."""
        return list(self._model.entries)

    def options(self) -> list[Option]:
        """The records among them."""
        return [entry for entry in self._model.entries if isinstance(entry, Option)]

    def current(self) -> Entry | None:
        """The entry the arrow keys are on."""
        row = self.view.currentIndex().row()
        return self._model.entries[row] if 0 <= row < len(self._model.entries) else None

    def step(self, by: int) -> None:
        """Move up or down, around the ends, over what cannot be taken."""
        rows = len(self._model.entries)
        row = self.view.currentIndex().row()
        for _try in range(rows):
            row = (row + by) % rows
            if self._model.entries[row] != "":
                self.view.setCurrentIndex(self._model.index(row, 0))
                return

    def take(self) -> bool:
        """Take the current entry; False when there is none."""
        entry = self.current()
        if entry is None or entry == "":
            return False
        self.hide()
        self.taken.emit(entry)
        return True


class SearchPump(QObject):
    """Waits until the typing pauses, asks, and lets only the answer to the latest question through."""

    arrived = Signal(str, object)
    """The text asked and its list of options."""

    def __init__(self, search: Search, parent: QObject) -> None:
        super().__init__(parent)
        self.search = search
        self._text = ""
        self._asked = 0
        self._answered = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)

    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._timer.isActive() or self._answered != self._asked

    def soon(self, text: str) -> None:
        """Ask when the typing pauses."""
        self._text = text
        self._timer.start()

    def now(self, text: str) -> None:
        """Ask at once."""
        self._text = text
        self._ask()

    def hurry(self) -> None:
        """Ask at once what would be asked soon."""
        if self._timer.isActive():
            self._ask()

    def drop(self) -> None:
        """Forget what was asked."""
        self._timer.stop()
        self._asked += 1
        self._answered = self._asked

    def _ask(self) -> None:
        self._timer.stop()
        self._asked += 1
        number, text = self._asked, self._text

        def deliver(options: list[Option]) -> None:
            if isValid(self) and number == self._asked:
                self._answered = number
                self.arrived.emit(text, options)

        self.search(text, deliver)
