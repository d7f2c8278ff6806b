"""An editor that takes several of a few fixed entries."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.widgets.choice_editors import Choice
from ui.widgets.editor import Editor
from ui.widgets.popup import opens_list, place_under


class _CheckList(QFrame):
    """The list that drops down: Space ticks, Enter and Escape close."""

    ticked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        theme.set_surface(self, "popup")
        self.list = QListWidget(self)
        self.list.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._ticked_by_click = False
        self.list.itemPressed.connect(lambda _item: self._note(False))
        self.list.itemChanged.connect(lambda _item: self._note(True))
        self.list.itemClicked.connect(self._flip)
        self.clear_button = QPushButton("Quitar todos", self)
        theme.set_kind(self.clear_button, "quiet")
        hint = QLabel("Espacio marca", self)
        theme.set_role(hint, "small")
        foot = QHBoxLayout()
        foot.addWidget(self.clear_button)
        foot.addStretch(1)
        foot.addWidget(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_XS, theme.SPACE_XS, theme.SPACE_S, theme.SPACE_XS)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.list)
        column.addLayout(foot)
        self.setFocusProxy(self.list)

    def _note(self, ticked: bool) -> None:
        self._ticked_by_click = ticked
        if ticked:
            self.ticked.emit()

    def _flip(self, item: QListWidgetItem) -> None:
        """A click on the words ticks as well; one on the box itself has done so already."""
        if not self._ticked_by_click:
            done = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if done else Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape are done."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self.close()
            return
        super().keyPressEvent(event)


class _FieldButton(QPushButton):
    """Looks like a field that drops down."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_kind(self, "field")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.full = ""

    def sizeHint(self) -> QSize:
        """As wide as a combo; the words are elided."""
        return QSize(120, theme.CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """May get narrow."""
        return QSize(72, theme.CONTROL_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down drops the list down, while a plain button would move the focus."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of the style, then our elided words and the arrow."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        room = self.rect().adjusted(theme.SPACE_S, 0, -theme.SPACE_XL, 0)
        painter.setPen(theme.color("text" if self.isEnabled() else "disabled"))
        text = self.fontMetrics().elidedText(self.full, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self.property("locked") != "true":
            at = QPoint(self.width() - 21, (self.height() - 14) // 2)
            icons.icon("expand").paint(painter, at.x(), at.y(), 14, 14)


class MultiChoiceEditor(Editor):
    """Several of a few entries, from a list that drops down. Delivers the keys in the order offered; [] when none.

    Space, Enter, Down, F4 and Alt+Down open it; Delete empties it.
    """

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None, *, empty: str = "") -> None:
        super().__init__(parent)
        self._empty = empty
        self._choices: list[Choice] = []
        self._chosen: set[str] = set()
        self.button = _FieldButton(self)
        self._popup: _CheckList | None = None
        self._row(self.button)
        self._adopt(self.button)
        self.button.clicked.connect(self.open_list)
        self.set_choices(choices)

    @property
    def popup(self) -> _CheckList:
        """The list, made when first needed."""
        if self._popup is None:
            self._popup = _CheckList(self)
            self._popup.ticked.connect(self._ticked)
            self._popup.clear_button.clicked.connect(self._clear)
            self._fill()
        return self._popup

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries; what is chosen and no longer offered stays chosen."""
        self._choices = list(choices)
        self._fill()
        self._describe()

    def value(self) -> list[str]:
        offered = [choice.key for choice in self._choices if choice.key in self._chosen]
        return offered + sorted(self._chosen.difference(offered))

    def set_value(self, value: Sequence[str] | None) -> None:
        self._chosen = set(value or ())
        self._fill()
        self._describe()

    def open_list(self) -> None:
        """Drop the list down."""
        if self.is_read_only():
            return
        rows = min(max(len(self._choices), 2), 12)
        width = max(self.button.width(), self.popup.list.sizeHintForColumn(0) + 2 * theme.SPACE_XL)
        self.popup.ensurePolished()
        place_under(self.popup, self.button, QSize(width, rows * theme.ROW_HEIGHT + 48))
        if self.popup.list.currentRow() < 0:
            self.popup.list.setCurrentRow(0)
        self.popup.show()
        self.popup.list.setFocus()

    def _fill(self) -> None:
        if self._popup is None:
            return
        rows = self._popup.list
        rows.blockSignals(True)
        rows.clear()
        for choice in self._choices:
            item = QListWidgetItem(choice.label)
            if choice.icon:
                item.setIcon(icons.icon(choice.icon, choice.color))
            item.setSizeHint(QSize(0, theme.ROW_HEIGHT))
            item.setData(Qt.ItemDataRole.UserRole, choice.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = choice.key in self._chosen
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            rows.addItem(item)
        rows.blockSignals(False)

    def _ticked(self) -> None:
        offered = {choice.key for choice in self._choices}
        rows = [self.popup.list.item(index) for index in range(self.popup.list.count())]
        self._chosen = self._chosen.difference(offered) | {
            item.data(Qt.ItemDataRole.UserRole) for item in rows if item.checkState() == Qt.CheckState.Checked
        }
        self._describe()
        self.changed.emit()

    def _clear(self) -> None:
        if self._chosen and not self.is_read_only():
            self.set_value(())
            self.changed.emit()

    def _describe(self) -> None:
        labels = [choice.label for choice in self._choices if choice.key in self._chosen]
        count = len(self.value())
        text = ", ".join(labels) if count <= 2 and labels else f"{count} elegidos" if count else self._empty
        self.button.full = text
        self.button.setToolTip(", ".join(labels))
        self.button.setAccessibleDescription(", ".join(labels))
        self.button.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a list that drops down."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
        elif opens_list(event) or (
            event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            self.open_list()
        else:
            super().keyPressEvent(event)

    def _lock(self, locked: bool) -> None:
        if self._popup is not None:
            self._popup.close()
