"""A short list of records beside a form: select one, open it to edit or to view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import theme, tips

ROW = 26
"""Height of a row in pixels, a little less than in the big lists."""
Index = QModelIndex | QPersistentModelIndex


class Entry(Protocol):
    """A record of the list."""

    @property
    def id(self) -> int:
        """Its id."""


class _Model(QAbstractListModel):
    """Entries; None among them stands for a row that cannot be selected."""

    def __init__(self, parent: RowsList) -> None:
        super().__init__(parent)
        self._list = parent
        self.entries: list[Any] = []

    def show(self, entries: Sequence[Any]) -> None:
        """Replace what is listed."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows of the list."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row; the long form for tooltip and screen reader."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = self._list.words(self.entries[index.row()], long=role != Qt.ItemDataRole.DisplayRole)
            return tips.plain(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Marks cannot be selected."""
        if self.entries[index.row()] is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Painter(QStyledItemDelegate):
    """The ground of a row; what stands on it is drawn by the list."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows alike, as narrow as need be."""
        shown = self.parent()
        assert isinstance(shown, RowsList)
        return QSize(120, shown.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        model = index.model()
        shown = self.parent()
        assert isinstance(model, _Model)
        assert isinstance(shown, RowsList)
        entry = model.entries[index.row()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if entry is not None and (selected or state & QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if selected else "hover"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(rect), 4, 4)
        shown.draw(painter, rect.adjusted(theme.SPACE_XS, 0, -theme.SPACE_XS, 0), entry, selected)
        painter.restore()


class RowsList(QListView):
    """Lists entries. Enter and double click ask to edit the selected one, Shift+Enter to view it."""

    row_height = ROW
    selected = Signal(object)
    """The entry selected, or None."""
    edit_requested = Signal(int)
    view_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "plain")
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(lambda *_: self.selected.emit(self.current()))
        self.doubleClicked.connect(lambda _index: self.ask(self.edit_requested))

    # --- what each list gives

    def words(self, entry: Any, *, long: bool) -> str:
        """A row in words."""
        raise NotImplementedError

    def draw(self, painter: QPainter, rect: QRect, entry: Any, selected: bool) -> None:
        """Draw what stands in a row."""
        raise NotImplementedError

    # --- what they share

    def show_entries(self, entries: Sequence[Any]) -> None:
        """List these, keeping the selection where that record is still there."""
        before = self.current()
        self._model.show(entries)
        if before is None or not self.select(before.id):
            self.selected.emit(None)

    def entries(self) -> list[Any]:
        """What is listed."""
        return list(self._model.entries)

    def current(self) -> Any:
        """The entry selected, None when there is none."""
        index = self.currentIndex()
        return self._model.entries[index.row()] if index.isValid() else None

    def select(self, ident: int) -> bool:
        """Select a record by its id; False when it is not listed."""
        row = next((row for row, each in enumerate(self._model.entries) if each and each.id == ident), None)
        if row is not None:
            self.setCurrentIndex(self._model.index(row, 0))
        return row is not None

    def ask(self, signal: Any) -> None:
        """Emit one of the requests for the entry selected."""
        entry = self.current()
        if entry is not None:
            signal.emit(entry.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Ctrl+Enter is left to the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
            else:
                shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self.ask(self.view_requested if shift else self.edit_requested)
            return
        super().keyPressEvent(event)
