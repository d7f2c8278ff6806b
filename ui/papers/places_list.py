"""The fields that can be put into a template, to be found by name and put in with Enter or a double click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from db.text import search_fold
from oficrm.papers.places import Place
from ui import theme
from ui.widgets.bars import SearchField

INSERT = Qt.ItemDataRole.UserRole
_NAME_WIDTH = 190
_OPEN_FIRST = "cliente"


class _Tree(QTreeWidget):
    """Enter chooses; a double click on a field too."""

    chosen = Signal(QTreeWidgetItem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter puts the field in; Ctrl+Enter accepts the form."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            if (item := self.currentItem()) is not None:
                self.chosen.emit(item)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


class PlacesList(QWidget):
    """``inserted(text)`` with what is to be put into the template."""

    inserted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("template_places")
        self.search = SearchField(self, placeholder="Buscar campo")
        self.search.setObjectName("search_places")
        self.tree = _Tree(self)
        self.tree.setObjectName("places_tree")
        self.tree.setAccessibleName("Campos que se pueden insertar")
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels(["Campo", "Ejemplo"])
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.tree.header().setStretchLastSection(True)
        self.tree.setColumnWidth(0, _NAME_WIDTH)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setToolTip("Doble clic o Intro: insertar donde está el cursor")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_XS)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self.tree.setFocus)
        self.tree.chosen.connect(self._choose)
        self.tree.itemDoubleClicked.connect(lambda item, _column: self._choose(item))

    def show_places(self, places: Sequence[Place]) -> None:
        """Show what can be put in; groups that were open stay open."""
        tops = [self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())]
        first = not tops
        opened = {item.text(0) for item in tops if item is not None and item.isExpanded()}
        self.tree.clear()
        for place in places:
            item = _item(place)
            self.tree.addTopLevelItem(item)
            item.setExpanded(place.name in opened or (first and place.name == _OPEN_FIRST))
        self._narrow(self.search.text())

    def _choose(self, item: QTreeWidgetItem) -> None:
        insert = item.data(0, INSERT)
        if insert:
            self.inserted.emit(insert)
        else:
            item.setExpanded(not item.isExpanded())

    def _narrow(self, text: str) -> None:
        """Only the fields that hold the words, by name, place or example."""
        words = search_fold(text).split()
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None:
                _narrow(item, words, "")


def _item(place: Place) -> QTreeWidgetItem:
    item = QTreeWidgetItem([place.name, place.example])
    item.setData(0, INSERT, place.insert)
    item.setToolTip(0, place.insert)
    for inner in place.inside:
        item.addChild(_item(inner))
    return item


def _narrow(item: QTreeWidgetItem, words: list[str], above: str) -> bool:
    own = f"{above} {search_fold(item.text(0))}"
    found = all(word in f"{own} {search_fold(item.text(1))}" for word in words)
    inside = [_narrow(child, words, own) for at in range(item.childCount()) if (child := item.child(at)) is not None]
    shown = found or any(inside)
    item.setHidden(not shown)
    if words and any(inside):
        item.setExpanded(True)
    return shown
