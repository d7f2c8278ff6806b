"""What a form is made of: bound editors, and the parts that edit lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from db.fields import Field
from oficrm.drafts import LineDraft
from ui.widgets.editor import Editor
from ui.widgets.field_row import FieldRow


@dataclass(slots=True)
class Bound:
    """An editor bound to a field: ``baseline`` is what it delivered when filled, ``seen`` its last settled link."""

    field: Field
    editor: Editor
    row: FieldRow | None = None
    baseline: Any = None
    seen: Any = None
    locked: bool = False

    def set_error(self, text: str | None) -> None:
        """Show or take away a message."""
        if self.row is not None:
            self.row.set_error(text)
        else:
            self.editor.set_error(text)


class LinesPart(Protocol):
    """Edits the lines of a child table: a grid, tags..."""

    changed: SignalInstance

    def set_lines(self, lines: list[LineDraft], titles: list[dict[str, str]]) -> None:
        """Show lines; ``titles`` holds the texts of their links. Emits nothing."""

    def lines(self) -> list[LineDraft]:
        """Return the lines as they stand, in order, empty ones left out; copies."""

    def titles(self) -> list[dict[str, str]]:
        """Return the texts of the links of ``lines()``."""

    def set_errors(self, errors: dict[str, list[str]]) -> None:
        """Show ``{"0.quantity": [text]}``; {} takes all away."""

    def set_read_only(self, read_only: bool) -> None:
        """Let the lines be looked at only."""

    def focus_error(self) -> None:
        """Go to the first error."""
