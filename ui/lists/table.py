"""The table of a list: selection kept by record, columns that move and remember, rows in two heights."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from ui import theme
from ui.lists.columns import ACTIONS, ACTIONS_WIDTH, LEAST_WIDTH, fitted, stretching
from ui.lists.delegate import LINE_INDENT, PAD, WIDE_HEIGHT, Painter
from ui.lists.model import ListModel
from ui.lists.order import merged

MOST_RANGES = 20_000
"""Runs of rows beyond which a scattered selection is not put back: Qt looks through all of them at every cell."""
LONGEST_HEAD = 140
"""Widest head in pixels that decides how wide its column begins."""
_Flag = QItemSelectionModel.SelectionFlag


class ListTable(QTableView):
    """Shows a ``ListModel``. ``chosen`` follows every change of selection or current row."""

    chosen = Signal()
    sort_asked = Signal(str, bool)
    """A column whose head was clicked, and whether it joins the order there is (Shift)."""
    menu_asked = Signal(QPoint)
    cell_asked = Signal(int, str)
    """A cell with something to do was clicked: record and what."""
    columns_changed = Signal()
    """The user moved or sized columns."""

    def __init__(self, model: ListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("table")
        self.setAccessibleName("Lista")
        self.list_model = model
        self.hovered_row = -1
        self._wide = False
        self._kept: frozenset[int] = frozenset()
        self._kept_current: int | None = None
        self._restoring = False
        self._sized: dict[str, int] = {}
        self._fitting = False
        self._fit_timer = QTimer(self)
        self._fit_timer.setSingleShot(True)
        self._fit_timer.setInterval(0)
        self._fit_timer.timeout.connect(self._apply_widths)
        self.painter = Painter(self)
        self.setItemDelegate(self.painter)
        self.setModel(model)
        model.visible_rows = self.visible_rows
        self._set_up()
        self._set_up_header()
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._restore_more)
        model.rowsRemoved.connect(lambda *_: self.chosen.emit())
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.selectionModel().currentRowChanged.connect(self._current_changed)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._context_menu)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.ROW_HEIGHT)
        rows.setDefaultSectionSize(theme.ROW_HEIGHT)

    def _set_up_header(self) -> None:
        head = self.horizontalHeader()
        # A head looks whether its column is selected by going through all its rows; ours never is.
        head.setSelectionModel(QItemSelectionModel(self.list_model, self))
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(LEAST_WIDTH)
        head.setSortIndicatorShown(False)
        head.setStretchLastSection(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setFixedHeight(theme.ROW_HEIGHT + 2)
        head.sectionClicked.connect(self._head_clicked)
        head.sectionMoved.connect(self._moved)
        head.sectionResized.connect(self._resized)

    # --- rows on the screen

    def visible_rows(self) -> tuple[int, int]:
        """First and last row to be seen."""
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else first + self.viewport().height() // theme.ROW_HEIGHT

    def is_wide(self) -> bool:
        """Whether each row has a line of notes under it."""
        return self._wide

    def set_wide(self, wide: bool) -> None:
        """Show or hide the line under each row; the row at the top stays there."""
        if wide != self._wide:
            top = self.indexAt(QPoint(4, 4))
            self._wide = wide
            self.verticalHeader().setDefaultSectionSize(WIDE_HEIGHT if wide else theme.ROW_HEIGHT)
            self._apply_widths()
            if top.isValid():
                self.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtTop)
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells, and in the wide view the line under each row."""
        super().paintEvent(event)
        if not self._wide or not self.list_model.rowCount():
            return
        first, last = self.visible_rows()
        left = PAD - self.horizontalHeader().offset()
        width = self.viewport().width() - 2 * PAD
        with QPainter(self.viewport()) as painter:
            for row in range(first, min(last, self.list_model.rowCount() - 1) + 1):
                top = self.rowViewportPosition(row)
                if text := self.list_model.line(row):
                    selected = self.selectionModel().isRowSelected(row, QModelIndex())
                    room = QRect(max(left, PAD) + LINE_INDENT, top + 24, width - LINE_INDENT, 18)
                    self.painter.paint_line(painter, room, text, selected)

    # --- selection, by record

    def selected_ranges(self) -> list[tuple[int, int]]:
        """First and last row of each run selected."""
        selection = self.selectionModel().selection()
        parts = (selection.at(place) for place in range(selection.count()))
        return merged((part.top(), part.bottom()) for part in parts)

    def selected_ids(self) -> array[int]:
        """The records selected, in the order shown."""
        return self.list_model.order.ids_in(self.selected_ranges())

    def current_id(self) -> int | None:
        """The record of the current row."""
        row = self.currentIndex().row()
        return self.list_model.order.ids[row] if 0 <= row < self.list_model.rowCount() else None

    def select_ids(self, ids: frozenset[int], current: int | None = None) -> None:
        """Select records and make one of them the current row; those not shown are selected once they are."""
        self._kept, self._kept_current = ids, current
        self._restore()

    def _selection_changed(self) -> None:
        if not self._restoring:
            self._kept = frozenset()
            self.chosen.emit()

    def _current_changed(self, new: QModelIndex, old: QModelIndex) -> None:
        for row in (old.row(), new.row()):
            if 0 <= row < self.list_model.rowCount():
                top = self.rowViewportPosition(row)
                self.viewport().update(0, top, self.viewport().width(), self.rowHeight(row))
        if not self._restoring:
            self._kept_current = None
            self.chosen.emit()

    def _remember(self) -> None:
        """Rows are about to be replaced: note the records selected, and those noted before that were hidden since."""
        if not self._kept:
            self._kept = frozenset(self.selected_ids())
        if self._kept_current is None:
            self._kept_current = self.current_id()
        self._restoring = True

    def _restore_more(self) -> None:
        """Further rows came: among them may be some that were selected before the list was loaded again."""
        if self._kept:
            self._restore()

    def _restore(self) -> None:
        self._restoring = True
        model = self.list_model
        last = model.columnCount() - 1
        ranges = model.order.ranges_of(self._kept) if last >= 0 else []
        if 0 < len(ranges) <= MOST_RANGES:
            selection = QItemSelection()
            for top, bottom in ranges:
                selection.select(model.index(top, 0), model.index(bottom, last))
            self.selectionModel().clearSelection()  # apart: Qt compares every old run with every new one
            self.selectionModel().select(selection, _Flag.Select)
        elif self.selectionModel().hasSelection():
            self.selectionModel().clearSelection()
        row = model.order.row_of(self._kept_current) if self._kept_current is not None and last >= 0 else None
        if row is not None:
            self.selectionModel().setCurrentIndex(model.index(row, 0), _Flag.NoUpdate)
            self.scrollTo(model.index(row, 0))
        self._restoring = False
        self._apply_widths()
        self.chosen.emit()

    def go_to_first(self) -> None:
        """Select the current row, or the first one, unless something is selected already."""
        if self.list_model.rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(max(self.currentIndex().row(), 0))

    # --- columns

    def shown_names(self) -> list[str]:
        """The columns as the user has put them."""
        head = self.horizontalHeader()
        order = sorted(range(len(self.list_model.columns)), key=head.visualIndex)
        return [self.list_model.columns[section].name for section in order]

    def widths(self) -> dict[str, int]:
        """The widths the user has given."""
        return dict(self._sized)

    def set_widths(self, widths: dict[str, int]) -> None:
        """Take remembered widths."""
        self._sized = {name: max(LEAST_WIDTH, int(width)) for name, width in widths.items()}
        self._apply_widths()

    def _apply_widths(self) -> None:
        """Give each column its width and the stretching one what is left."""
        columns = self.list_model.columns
        if self._fitting or not columns:
            return
        self._fitting = True
        head = self.horizontalHeader()
        best = self.list_model.style.widths
        below = self.list_model.style.below if self._wide else ""
        for section, column in enumerate(columns):
            self.setColumnHidden(section, column.name == below)  # it stands under each row already
        first = {
            column.name: best.get(column.name) or max(column.width, self._head_width(section))
            for section, column in enumerate(columns) if column.name != below
        }  # fmt: skip
        stretch = stretching(column for column in columns if column.name != below)
        widths = fitted(first, self._sized, stretch, self.viewport().width() - ACTIONS_WIDTH)
        for name, width in widths.items():
            head.resizeSection(self.list_model.column_named(name), width)
        head.setSectionResizeMode(len(columns), QHeaderView.ResizeMode.Fixed)
        head.resizeSection(len(columns), ACTIONS_WIDTH)
        self._fitting = False

    def _head_width(self, section: int) -> int:
        """Room for the words of a head, unless they are long."""
        font = theme.font(bold=True)
        words = str(self.list_model.headerData(section, Qt.Orientation.Horizontal) or "")
        wanted = QFontMetrics(font).horizontalAdvance(words) + 2 * PAD + 4
        return wanted if wanted <= LONGEST_HEAD else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the stretching column filling the rest."""
        super().resizeEvent(event)
        self._apply_widths()

    def _resized(self, section: int, _old: int, new: int) -> None:
        if not self._fitting and section < len(self.list_model.columns):
            self._sized[self.list_model.columns[section].name] = new
            self.columns_changed.emit()
            self._fit_timer.start()

    def _moved(self, _section: int, _old: int, _new: int) -> None:
        head = self.horizontalHeader()
        actions = self.list_model.column_named(ACTIONS)
        if not self._fitting and head.visualIndex(actions) != actions:
            self._fitting = True
            head.moveSection(head.visualIndex(actions), actions)
            self._fitting = False
        self.columns_changed.emit()

    def reset_order(self) -> None:
        """Columns in the model's order again."""
        head = self.horizontalHeader()
        self._fitting = True
        for section in range(head.count()):
            head.moveSection(head.visualIndex(section), section)
        self._fitting = False

    def show_sort(self, sort: tuple[str, ...]) -> None:
        """Mark the column the list is ordered by."""
        head = self.horizontalHeader()
        first = sort[0] if sort else ""
        section = self.list_model.column_named(first.removeprefix("-")) if first else -1
        head.setSortIndicatorShown(section >= 0)
        if section >= 0:
            down = first.startswith("-")
            head.setSortIndicator(section, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)

    def _head_clicked(self, section: int) -> None:
        if section < len(self.list_model.columns):
            held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
            self.sort_asked.emit(self.list_model.columns[section].name, bool(held))

    # --- mouse and keyboard

    def _context_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid() and not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.selectRow(index.row())
        self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on ⋮ opens the row's actions."""
        index = self.indexAt(event.position().toPoint())
        if (
            index.isValid()
            and index.column() == self.list_model.column_named(ACTIONS)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self._context_menu(event.position().toPoint())
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a cell that offers something does it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.button() == Qt.MouseButton.LeftButton
        if plain and index.isValid() and (what := self.list_model.cell(index.row(), index.column()).click):
            self.cell_asked.emit(self.list_model.order.ids[index.row()], what)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer is marked."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row() if index.isValid() else -1)
        hand = index.isValid() and bool(
            index.column() == self.list_model.column_named(ACTIONS)
            or self.list_model.cell(index.row(), index.column()).click
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """No row is marked."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            old, self.hovered_row = self.hovered_row, row
            for each in (old, row):
                if 0 <= each < self.list_model.rowCount():
                    top = self.rowViewportPosition(each)
                    self.viewport().update(0, top, self.viewport().width(), self.rowHeight(each))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and last row; the menu key and Shift+F10 open the row's actions."""
        key = event.key()
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            moved = QKeyEvent(event.type(), key, event.modifiers() | Qt.KeyboardModifier.ControlModifier)
            super().keyPressEvent(moved)
            return
        held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if (key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and held)) and self.currentIndex().isValid():
            place = self.visualRect(self.currentIndex())
            self.menu_asked.emit(self.viewport().mapToGlobal(place.bottomLeft() + QPoint(theme.SPACE_XL, 0)))
            return
        super().keyPressEvent(event)
