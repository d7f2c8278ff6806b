"""A table one types in as in a spreadsheet: every cell one comes to can be written in at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from ui import theme
from ui.forms import editors
from ui.forms.lines_model import LinesModel
from ui.forms.links import EitherPicker
from ui.widgets.editor import Editor
from ui.widgets.link_editor import LinkEditor
from ui.widgets.suggest import Option

_Index = QModelIndex | QPersistentModelIndex
_NO_HINT = QAbstractItemDelegate.EndEditHint.NoHint
KitOf = Callable[[int], editors.Kit]
"""The kit of a line: its editors see the other values of the same line."""
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


def _has_focus(part: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and part.isAncestorOf(focused)


class LineDelegate(QStyledItemDelegate):
    """Gives each cell the editor of its kind. What is typed goes into the model at every key."""

    def __init__(self, model: LinesModel, kit_of: KitOf, view: LinesView) -> None:
        super().__init__(view)
        self._model, self._kit_of, self._view = model, kit_of, view
        self._before: Any = None
        self._before_title = ""
        self._editing: Editor | None = None
        self._moving_on = False

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """An editor of the kind of the column."""
        row, of = index.row(), self._model.columns[index.column()]
        editor = editors.make(of, self._kit_of(row), parent)
        editor.set_accessible_name(f"{of.label}, línea {row + 1}")
        editor.setObjectName(f"cell_{of.name}")
        editor.setAutoFillBackground(True)
        self._before, self._before_title = self._model.value(row, of.name), self._model.title(row, of.name)
        self._editing, self._moving_on = editor, False
        place = QPersistentModelIndex(index)
        editor.changed.connect(lambda: self._typed(editor, place))
        editor.committed.connect(lambda: self._left(editor))
        target = editor.focusProxy() or editor
        target.installEventFilter(self)
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show the value, with all of it selected."""
        assert isinstance(editor, Editor)
        of = self._model.columns[index.column()]
        editors.show_value(editor, of, self._model.value(index.row(), of.name), self._model.title(index.row(), of.name))
        self._before_shown = editor.value()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """The last word: what could be read is put in its final form."""
        assert isinstance(editor, Editor)
        of = self._model.columns[index.column()]
        if editor.value() != self._before_shown:
            self._put(editor, index)
            value = self._model.value(index.row(), of.name)
            if of.kind in ("link", "either") and isinstance(value, str) and value.partition(":")[0] not in of.targets:
                self._view.unresolved.emit(index.row(), of.name, value)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The text stands where the header's does; the ground of an error fills the cell."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        option.rect = option.rect.adjusted(theme.SPACE_XS, 0, -theme.SPACE_XS, 0)
        super().paint(painter, option, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """The whole cell."""
        editor.setGeometry(option.rect)

    def _typed(self, editor: Editor, place: QPersistentModelIndex) -> None:
        if place.isValid():
            self._put(editor, place)

    def _put(self, editor: Editor, index: _Index) -> None:
        of = self._model.columns[index.column()]
        value = editor.value()
        line = getattr(editor, "line", None)
        title = line.text() if of.kind in ("link", "either") and line is not None else ""
        if value != self._model.value(index.row(), of.name):
            self._model.put(index.row(), of.name, value, title)
            self._view.cell_edited.emit(index.row(), of.name)

    def _left(self, editor: Editor) -> None:
        """The focus went away, or a picker has settled what was typed."""
        if editor is not self._editing or not isValid(editor):
            return
        if self._moving_on:
            self._moving_on = False
            self._view.go(1)
        elif not _has_focus(editor):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, _NO_HINT)

    def is_editing(self) -> bool:
        """Whether a cell is being written in."""
        return self._editing is not None and isValid(self._editing)

    def let_go(self) -> None:
        """The view closes the editor: losing the focus says nothing any more."""
        self._editing = None

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the spreadsheet come before those of the editor."""
        if isinstance(event, QKeyEvent) and self._editing is not None and isValid(self._editing):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape and self._is_changed():
                event.accept()  # Escape takes back this cell, not the form
                return True
            if event.type() == QEvent.Type.KeyPress and watched is not self._editing:
                return self._key(event, self._editing)
            if watched is self._editing:
                return False
        return super().eventFilter(watched, event) if watched is self._editing else False

    def _is_changed(self) -> bool:
        return self._editing is not None and self._editing.value() != self._before_shown

    def _key(self, event: QKeyEvent, editor: Editor) -> bool:
        key, held = event.key(), event.modifiers() & _HELD
        picker = editor.picker if isinstance(editor, EitherPicker) else editor
        listing = isinstance(picker, LinkEditor) and picker.is_listing()
        if self._view.line_key(event):
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held & Qt.KeyboardModifier.ControlModifier
        ):
            back = key == Qt.Key.Key_Backtab or bool(held & Qt.KeyboardModifier.ShiftModifier)
            if isinstance(picker, LinkEditor) and not back:
                return self._leave_picker(event, picker, key)
            return self._view.go(-1 if back else 1)
        if listing or held:
            return False
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._view.go_rows(-1 if key == Qt.Key.Key_Up else 1)
        if key == Qt.Key.Key_Escape and self._is_changed():
            self._take_back(editor)
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            line = editor.focusProxy()
            whole = isinstance(line, QLineEdit) and line.selectedText() == line.text()
            return self._view.go(-1 if key == Qt.Key.Key_Left else 1) if whole else False
        return False

    def _leave_picker(self, event: QKeyEvent, picker: LinkEditor, key: int) -> bool:
        """Take what is marked in the list, or wait for the answer, and go on."""
        if picker.pump.pending():
            self._moving_on = True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return False  # the picker takes the first one when it comes, and says so
            enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(picker.line, enter)
            return True
        if picker.is_listing() and isinstance(picker.value(), str):
            entry = picker.popup.current()
            if isinstance(entry, Option) or key != Qt.Key.Key_Tab:
                picker.popup.take()
                if not isinstance(entry, Option):
                    return True
        return self._view.go(1)

    def _take_back(self, editor: Editor) -> None:
        index = self._view.currentIndex()
        name = self._model.columns[index.column()].name
        of = self._model.columns[index.column()]
        if index.row() < len(self._model.rows):
            self._model.put(index.row(), name, self._before, self._before_title)
        editors.show_value(editor, of, self._before, self._before_title)
        editor.focus()


class LinesView(QTableView):
    """The grid: Enter and Tab go on, arrows go around, Ctrl+Supr removes the line, Alt with an arrow moves it."""

    cell_edited = Signal(int, str)
    """A cell was changed by the user: row and field."""
    unresolved = Signal(int, str, str)
    """A picker was left with a text that names no record."""

    def __init__(self, model: LinesModel, kit_of: KitOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        self._delegate = LineDelegate(model, kit_of, self)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT + 2)
        self.verticalHeader().setMinimumSectionSize(theme.ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.setTabKeyNavigation(False)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tell the delegate first: closing takes the focus away."""
        self._delegate.let_go()
        super().closeEditor(editor, hint)

    def line_key(self, event: QKeyEvent) -> bool:
        """Remove or move the current line."""
        held, key = event.modifiers() & _HELD, event.key()
        if held == Qt.KeyboardModifier.ControlModifier and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_line()
            return True
        if held == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_line(-1 if key == Qt.Key.Key_Up else 1)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While no cell is being written in."""
        if self.lines.read_only or not self.line_key(event):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
                self._begin(self.currentIndex())
                return
            if event.key() == Qt.Key.Key_Escape:
                event.ignore()
                return
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here with Tab means writing."""
        super().focusInEvent(event)
        reason = event.reason()
        if reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and not self.lines.read_only:
            index = self.currentIndex() if self.currentIndex().isValid() else self.model().index(0, 0)
            self.setCurrentIndex(index)
            self._begin(index)

    def _begin(self, index: QModelIndex) -> None:
        """Write in a cell, unless that is being done or cannot be."""
        if not self._delegate.is_editing() and self.lines.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def edit_cell(self, row: int, column: int) -> None:
        """Go to a cell and write there."""
        index = self.model().index(row, column)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self._begin(index)
        self.scrollTo(index)

    def go(self, by: int) -> bool:
        """The next or last cell that can be written in; out of the grid behind the empty row and before the first."""
        index = self.currentIndex()
        row, column = index.row(), index.column()
        last = self.lines.columnCount() - 1
        if by > 0 and row == len(self.lines.rows):
            self._leave(True)
            return True
        while True:
            column += by
            if column > last:
                row, column = row + 1, 0
            elif column < 0:
                row, column = row - 1, last
            if row < 0 or row >= self.lines.rowCount():
                self._leave(by > 0)
                return True
            if self.lines.is_editable(column):
                self.edit_cell(row, column)
                return True

    def go_rows(self, by: int) -> bool:
        """The same column in the line above or below."""
        row = self.currentIndex().row() + by
        if 0 <= row < self.lines.rowCount():
            self.edit_cell(row, self.currentIndex().column())
        return True

    def _leave(self, forward: bool) -> None:
        """Close the cell and go to the field behind or before the grid."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.focusNextPrevChild(forward)

    def remove_line(self) -> None:
        """Take the current line away and stay where it was."""
        row, column = self.currentIndex().row(), max(0, self.currentIndex().column())
        if 0 <= row < len(self.lines.rows):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.lines.remove(row)
            self.edit_cell(min(row, self.lines.rowCount() - 1), column)

    def move_line(self, by: int) -> None:
        """Move the current line; the cursor goes with it."""
        row, column = self.currentIndex().row(), max(0, self.currentIndex().column())
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.lines.move(row, by):
            self.edit_cell(row + by, column)
        else:
            self.edit_cell(row, column)
