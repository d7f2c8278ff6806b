"""How many files a record has, by state: chips that stay true while anybody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.filed import COUNTERS
from db.query import fetch_rows
from oficrm import keys
from oficrm.jobs import Changes
from ui import theme
from ui.widgets.chips import Chip

if TYPE_CHECKING:
    from ui.files.part import FilesPart

_CHIPS = (
    ("files_total", "archivo", "archivos", theme.Kind.NEUTRAL, "files"),
    ("files_pending", "pendiente", "pendientes", theme.Kind.TODAY, "reopen"),
    ("files_valid", "válido", "válidos", theme.Kind.WON, "validate"),
    ("files_rejected", "rechazado", "rechazados", theme.Kind.LOST, "reject"),
)
"""Counter, its words, and how it looks while it is not zero."""


class Counts(QWidget):
    """Four chips; none where files belong to no one record."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("files_counts")
        self._part: FilesPart | None = None
        self.chips: dict[str, Chip] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        for name, *_ in _CHIPS:
            self.chips[name] = Chip("", parent=self)
            self.chips[name].setObjectName(f"chip_{name}")
            row.addWidget(self.chips[name])
        self.hide()

    def follow(self, part: FilesPart) -> None:
        """Count for this place from now on."""
        self._part = part
        part.page.context.bridge.changed.connect(self._changed)

    def _changed(self, changes: Changes, _initiator: object) -> None:
        place = self._part.place if self._part is not None else None
        if place is not None:
            table, ident = keys.parts(place)
            if ident in changes.counted.get(table, frozenset()) or "document" in changes.tables:
                self.refresh()

    def refresh(self) -> None:
        """Ask for the numbers."""
        part = self._part
        if part is None or part.place is None:
            self.hide()
            return
        table, ident = keys.parts(part.place)

        def counted(session: Any) -> dict[str, Any]:
            row = fetch_rows(session, table, [ident], COUNTERS).get(ident)
            return dict(zip(COUNTERS, row, strict=True)) if row is not None else {}

        part.page.context.bridge.read(counted, self.show_counts, self, purpose="counts")

    def show_counts(self, values: dict[str, Any]) -> None:
        """Show the numbers; a chip of none is quiet."""
        for name, one, many, kind, icon in _CHIPS:
            count = values.get(name) or 0
            words = f"{count:,} {one if count == 1 else many}".replace(",", ".")
            self.chips[name].set(words, kind if count else theme.Kind.NEUTRAL, icon)
        self.setVisible(bool(values.get("files_total")))
