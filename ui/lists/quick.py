"""The quick buttons of a loaded list: all, not done, done, each with its count."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from db.registry import module
from ui.lists.order import Order, Which
from ui.widgets.bars import SegmentedButtons

KEYS: tuple[Which, ...] = ("all", "open", "done")


class QuickButtons(SegmentedButtons):
    """Only modules that declare ``narrow`` have them."""

    def __init__(self, table: str, parent: QWidget) -> None:
        super().__init__(parent)
        model = module(table)
        name = model.screens.narrow
        self._narrows = bool(name)
        plural = f"{model.fields[name].label}s" if name else ""
        for key, text in zip(KEYS, ("Todos", f"No {plural.lower()}", plural), strict=True):
            button = self.add(key, text, name=f"quick_{key}", tip="Muestra solo esta parte de lo cargado")
            button.setEnabled(False)
        self.setVisible(self._narrows)

    def current(self) -> Which:
        """The part shown."""
        return cast(Which, super().current()) if self._narrows else "all"

    def show_counts(self, order: Order, *, loaded: bool) -> None:
        """Write the counts; before anything is loaded there is nothing to narrow."""
        if not self._narrows:
            return
        for key in KEYS:
            self.buttons[key].setEnabled(loaded)
            self.set_count(key, order.count(key) if loaded else None)
