"""The foot of a list: what is selected, what is loaded, what it adds up to; and how rows are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from db.registry import module
from oficrm import printing
from oficrm.lists import ListFacts
from ui import icons, theme
from ui.lists.order import Order


def counted(number: int) -> str:
    """A count as Spaniards write it: 100.000."""
    return f"{number:,}".replace(",", ".")


class ListFoot(QFrame):
    """``label_count`` and two buttons for the view."""

    def __init__(self, table: str, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_surface(self, "foot")
        model = module(table)
        self._a = "a" if model.module.feminine else "o"
        self._total = model.fields[model.screens.total] if model.screens.total else None
        self.label = QLabel(self)
        self.label.setObjectName("label_count")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setFont(theme.tabular(self.label.font()))
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.wide_button = self._button("menu", "Vista amplia", "button_wide", "Muestra las notas debajo de cada fila")
        self.wide_button.setCheckable(True)
        self.wide_button.setVisible("notes" in model.fields)
        self.columns_button = self._button("columns", "Columnas", "button_columns", "Elegir y ordenar las columnas")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.SPACE_L, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_XS)
        self._row.setSpacing(theme.SPACE_XS)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.wide_button)
        self._row.addWidget(self.columns_button)

    def add_before_view(self, buttons: Sequence[QWidget]) -> None:
        """Put buttons between the count and those of the view."""
        for place, button in enumerate(buttons, 1):
            self._row.insertWidget(place, button)

    def _button(self, icon: str, text: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def show_counts(
        self, order: Order, ranges: list[tuple[int, int]], facts: ListFacts, *, loaded: bool, loading: bool
    ) -> None:
        """Say how many rows are selected and loaded, and the sum of the selected ones, or of all."""
        if not loaded:
            self.label.setText("")
            return
        selected = sum(last - first + 1 for first, last in ranges)
        parts = []
        if selected > 1:
            parts.append(f"{counted(selected)} seleccionad{self._a}s")
        shown, whole = len(order.ids), len(order.found.ids)
        if loading:
            parts.append(f"{counted(whole)} de momento…")
        else:
            plural = "" if shown == 1 else "s"
            text = f"{counted(shown)} cargad{self._a}{plural}"
            parts.append(text if shown == whole else f"{counted(shown)} de {counted(whole)} cargad{self._a}s")
        if total := self._sum(order.total_in(ranges) if selected > 1 else order.total(), facts):
            parts.append(total)
        self.label.setText(" · ".join(parts))

    def _sum(self, total: Any, facts: ListFacts) -> str:
        if self._total is None or not total:
            return ""
        return printing.total_text(self._total, total, facts.currency, facts.country)
