"""Files chosen for a record that does not exist yet: they are kept when the record is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QWidget

from oficrm.files.kinds import kind_of
from oficrm.files.names import renamed
from oficrm.files.sources import Source, said
from oficrm.rules import sizes
from ui import icons, tips


class PendingList(QListWidget):
    """The files that wait, with their size. ``changed`` when there are others."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pending_files")
        self.setAccessibleName("Archivos que se añadirán al guardar")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._sources: tuple[Source, ...] = ()
        self._shown: tuple[Source, ...] = ()
        self.itemChanged.connect(self._renamed)
        self.itemDelegate().closeEditor.connect(self._leave_line)

    def sources(self) -> tuple[Source, ...]:
        """The files that wait, in the order they came."""
        return self._sources

    def put(self, sources: Sequence[Source]) -> None:
        """Show these instead."""
        self._sources = tuple(sources)
        self._fill()
        self.changed.emit()

    def add(self, sources: Sequence[Source]) -> None:
        """More files; the same file of the disk only once."""
        known = {source.path for source in self._sources if source.path is not None}
        self.put((*self._sources, *(source for source in sources if source.path is None or source.path not in known)))

    def remove_selected(self) -> None:
        """Take the selected ones off."""
        chosen = {self.row(item) for item in self.selectedItems()}
        if chosen:
            for row in chosen:
                self._sources[row].forget()
            self.put([source for row, source in enumerate(self._sources) if row not in chosen])

    def rename_current(self) -> None:
        """Let the name of the current one be written over; its stem is selected, an ending left out stays."""
        item = self.currentItem()
        if item is not None:
            name = self._sources[self.row(item)].title()
            self.blockSignals(True)
            item.setText(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.blockSignals(False)
            self.editItem(item)
            self.findChildren(QLineEdit)[-1].setSelection(0, len(Path(name).stem))

    def _leave_line(self) -> None:
        """The size stands behind the name again, be the name another or not."""
        row = self.currentRow()
        self._fill()
        self.setCurrentRow(row)

    def _renamed(self, item: QListWidgetItem) -> None:
        row = self.row(item)
        sources = list(self._sources)
        if item.text().strip():
            sources[row] = replace(sources[row], name=renamed(sources[row].title(), item.text()))
        self.put(sources)
        self.setCurrentRow(row)

    def _fill(self) -> None:
        self.blockSignals(True)
        self.clear()
        for source in self._sources:
            name = source.title()
            item = QListWidgetItem(icons.icon(_icon(source)), f"{name}   {_size(source)}", self)
            item.setToolTip(tips.plain(str(source.path) if source.path and not source.is_ours else name))
        self.blockSignals(False)


def _icon(source: Source) -> str:
    """By its name alone: the content is looked at when it is kept."""
    icon = kind_of(source.title(), b"").icon
    return icons.known(icon)


def _size(source: Source) -> str:
    if source.data is not None:
        return sizes.format_size(len(source.data))
    assert source.path is not None
    try:
        return sizes.format_size(source.path.stat().st_size)
    except OSError as error:
        return said(error)
