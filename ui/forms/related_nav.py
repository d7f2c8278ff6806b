"""Two looks of the way around the related modules: a bar of tabs for few of them, a list at the left for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QIcon, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from oficrm.rules.text import plain
from ui import icons, theme
from ui.lists.foot import counted

NAME = "Módulos relacionados"
WIDE, FOLDED, WIDEST = 212, 76, 340
"""Pixels the list takes: at first, with icons and figures only, at most."""
LABELS_FROM = 116
"""Below this width there is no room for words."""
ROW, GAP = 24, 9
PAUSE_MS = 160
"""Milliseconds. Moving along the list with the keys opens no module on the way: it opens where the keys rest."""
_PAD = 6
_MANY = 1000
"""From here on a folded list counts by the thousand."""
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go to: General or a module. ``figure`` is None while it is not known; ``wrong`` data are in error."""

    name: str
    label: str
    icon: str
    figure: int | None = None
    wrong: int = 0

    @property
    def text(self) -> str:
        """Label and figure in one line."""
        return self.label if self.figure is None else f"{self.label} {counted(self.figure)}"

    @property
    def tip(self) -> str:
        """What is wrong there, "" for nothing."""
        return f"Datos por corregir: {self.wrong}" if self.wrong else ""

    @property
    def picture(self) -> QIcon:
        """The icon of the module, or that of an error."""
        return icons.icon("error", "overdue") if self.wrong else icons.icon(self.icon)

    @property
    def is_empty(self) -> bool:
        """Whether it is known that nothing is there."""
        return self.figure == 0 and not self.wrong


class TabNav(QTabBar):
    """``tabs`` as a bar. ``chosen`` tells the name of the tab somebody went to, not one that was set."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(NAME)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.currentChanged.connect(lambda index: self.chosen.emit(str(self.tabData(index))))

    def set_entries(self, entries: Sequence[Entry], current: str) -> None:
        """Show these, ``current`` marked; tabs that stay keep their place."""
        self.blockSignals(True)
        if [self.tabData(index) for index in range(self.count())] != [entry.name for entry in entries]:
            while self.count():
                self.removeTab(0)
            for entry in entries:
                self.setTabData(self.addTab(""), entry.name)
        for index, entry in enumerate(entries):
            self.setTabText(index, entry.text)
            self.setTabToolTip(index, entry.tip)
            self.setTabIcon(index, entry.picture)
        self.select(current)
        self.blockSignals(False)

    def select(self, name: str) -> None:
        """Mark a tab without telling anybody."""
        was = self.blockSignals(True)
        for index in range(self.count()):
            if self.tabData(index) == name:
                self.setCurrentIndex(index)
        self.blockSignals(was)


class ListNav(QListWidget):
    """``tabs`` as a list: icon, label, figure at the right. Arrows move, letters jump, Enter and Right go in."""

    chosen = Signal(str)
    entered = Signal()
    """Whoever came by keyboard wants to be in what is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(NAME)
        theme.set_kind(self, "nav")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # as a bar of tabs: a click leaves the keyboard in the page
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self._entries: list[Entry] = []
        self._told = self._typed = ""
        self._since = QElapsedTimer()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.currentRowChanged.connect(lambda _row: self._pause.start())
        self.itemPressed.connect(lambda _item: self._tell())

    def set_entries(self, entries: Sequence[Entry], current: str) -> None:
        """Show these, ``current`` marked; the place scrolled to stays."""
        marked = self._entries[self.currentRow()].name if self._pause.isActive() and self._entries else current
        known, self._entries = [entry.name for entry in self._entries], list(entries)
        names = [entry.name for entry in entries]
        if known != names or current != self._told:
            was = self.blockSignals(True)
            place = self.verticalScrollBar().value()
            self.clear()
            for _ in entries:
                self.addItem(QListWidgetItem())
            self.doItemsLayout()
            self.verticalScrollBar().setValue(place)
            self.blockSignals(was)
            self.select(current)
            self.setCurrentRow(names.index(marked if marked in names else current))
        for row, entry in enumerate(entries):
            item = self.item(row)
            item.setText(entry.label)
            words = f"{entry.label}, {counted(entry.figure)}" if entry.figure is not None else entry.label
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.tip)
        self.viewport().update()

    def select(self, name: str) -> None:
        """Mark a row without telling anybody."""
        self._pause.stop()
        self._told = name
        was = self.blockSignals(True)
        for row, entry in enumerate(self._entries):
            if entry.name == name:
                self.setCurrentRow(row)
                self.scrollTo(self.currentIndex())
        self.blockSignals(was)
        self.viewport().update()

    def entry(self, row: int) -> Entry:
        """The place a row stands for."""
        return self._entries[row]

    def is_folded(self) -> bool:
        """Whether there is room for icons and figures only."""
        return self.width() < LABELS_FROM

    def tabText(self, index: int) -> str:
        """Label and figure of a row, as a bar of tabs says them."""
        return self._entries[index].text

    def tabToolTip(self, index: int) -> str:
        """What is wrong behind a row."""
        return self._entries[index].tip

    def _tell(self) -> None:
        """Go where the mark is, unless one is there already."""
        self._pause.stop()
        row = self.currentRow()
        if 0 <= row < len(self._entries) and self._entries[row].name != self._told:
            self._told = self._entries[row].name
            self.chosen.emit(self._told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Right go into what is marked."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._tell()
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is marked stays in sight."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nobody waits for the pause who leaves the list."""
        super().focusOutEvent(event)
        if self._pause.isActive():
            self._tell()

    def keyboardSearch(self, search: str) -> None:
        """Jump to the label, or else to a word of it, that begins with what is typed; accents do not matter."""
        is_late = not self._since.isValid() or self._since.elapsed() > QApplication.keyboardInputInterval()
        self._typed = ("" if is_late else self._typed) + search.lower()
        self._since.start()
        letters = plain(self._typed)
        again = len(letters) > 1 and len(set(letters)) == 1
        wanted = letters[:1] if again else letters
        if not wanted:
            return
        start = max(self.currentRow(), 0) + (1 if again or len(letters) == 1 else 0)
        rows = [(start + step) % self.count() for step in range(self.count())]
        labels = {row: plain(self._entries[row].label) for row in rows}
        at_start = [row for row in rows if labels[row].startswith(wanted)]
        within = [row for row in rows if f" {wanted}" in labels[row]]
        if found := at_start or within:
            self.setCurrentRow(found[0])


Nav = TabNav | ListNav


class _Rows(QStyledItemDelegate):
    """Paints a row; General stands apart from the modules by a thin line."""

    def __init__(self, nav: ListNav) -> None:
        super().__init__(nav)
        self._nav = nav

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """A calm 24 pixels, more where letters are large."""
        return QSize(0, max(ROW, self._nav.fontMetrics().height() + 6) + (GAP if self._has_gap(index) else 0))

    def _has_gap(self, index: _Index) -> bool:
        return index.row() == 0 and self._nav.count() > 1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground, icon, label, figure."""
        entry, rect = self._nav.entry(index.row()), QRect(option.rect)
        if self._has_gap(index):
            rect.setHeight(rect.height() - GAP)
            painter.fillRect(rect.left() + _PAD, rect.bottom() + 5, rect.width() - 2 * _PAD, 1, theme.color("border"))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(rect), option, selected)
        on = self._nav.isEnabled()
        ink = "disabled" if not on else "accent" if selected else "dim" if entry.is_empty else "text"
        sign = "disabled" if not on or (entry.is_empty and not selected) else "accent" if selected else "icon"
        room = rect.adjusted(_PAD, 0, -_PAD, 0)
        place = QRectF(room.left(), room.top(), theme.ICON_SIZE, room.height())
        icons.paint(painter, place, "error" if entry.wrong else entry.icon, "overdue" if entry.wrong and on else sign)
        room.setLeft(room.left() + theme.ICON_SIZE + _PAD)
        self._words(painter, room, entry, ink, sign)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, selected: bool) -> None:
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_focus = selected and self._nav.hasFocus()
        painter.setPen(QPen(theme.color("accent"), 1) if has_focus else Qt.PenStyle.NoPen)
        if selected or hovered:
            painter.setBrush(theme.color("accent_soft" if selected else "pressed"))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _words(self, painter: QPainter, room: QRect, entry: Entry, ink: str, sign: str) -> None:
        """The figure keeps its room, the label has what is left."""
        line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        is_folded = self._nav.is_folded()
        if entry.figure is not None:
            painter.setFont(theme.tabular(theme.font()))
            figure = counted(entry.figure) if entry.figure < _MANY or not is_folded else f"{entry.figure // _MANY}k"
            painter.setPen(theme.color("overdue" if entry.wrong else sign if entry.is_empty else ink))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | line), figure)
            room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(figure) - _PAD)
        if not is_folded:
            painter.setFont(theme.font())
            painter.setPen(theme.color(ink))
            text = painter.fontMetrics().elidedText(entry.label, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | line), text)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Say what is wrong; name the module where its label has no room."""
        if not index.isValid():
            return False
        entry = self._nav.entry(index.row())
        wanted = self._nav.fontMetrics().horizontalAdvance(f"{entry.text}  ") + 4 * _PAD + theme.ICON_SIZE
        QToolTip.showText(event.globalPos(), entry.tip or (entry.text if wanted > option.rect.width() else ""), view)
        return True


class NavSide(QFrame):
    """The list with its two tools below it: only modules with records, and the order of the modules."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("related_side")
        theme.set_surface(self, "sidebar")
        theme.set_property(self, "edge", "none")
        self.nav = ListNav(self)
        self.full_button = QToolButton(self)
        self.full_button.setObjectName("button_only_full")
        self.full_button.setText("Con registros")
        self.full_button.setAccessibleName("Mostrar solo los que tienen registros")
        self.full_button.setIcon(icons.icon("filter"))
        self.full_button.setCheckable(True)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(theme.SPACE_XS, 0, theme.SPACE_XS, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.full_button)
        self.foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_XS, 0, theme.SPACE_XS)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.nav, 1)
        column.addLayout(self.foot)
        self.setMinimumWidth(FOLDED)
        self.setMaximumWidth(WIDEST)

    def show_full(self, on: bool, hidden: int) -> None:
        """Say whether modules without records are left out, and how many they are."""
        self.full_button.setChecked(on)
        more = f" ({hidden} sin registros no se ven)" if on and hidden else ""
        self.full_button.setToolTip(f"Mostrar solo los que tienen registros{more}")

    def follow_width(self) -> None:
        """Words have room or not."""
        style = Qt.ToolButtonStyle
        wide = self.width() >= LABELS_FROM
        self.full_button.setToolButtonStyle(style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly)
