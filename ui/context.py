"""What every page and window is given: the bridge to the database, and the ways to open other windows.

Windows ask the context; they never import or call each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from oficrm.drafts import Loaded, Saved
from ui.bridge import Bridge
from ui.memory import Memory


class Notices(Protocol):
    """Shows small non-modal notices."""

    def show(self, text: str, undo_operation: int | None = None) -> None:
        """Show a sentence for some seconds, with Deshacer when an operation is named."""


class Opener(Protocol):
    """Opens windows; implemented by the application."""

    def open_record(
        self, table: str, ident: int | None = None, *, preset: dict[str, Any] | None = None, read_only: bool = False,
        then: Callable[[Saved], None] | None = None, parent: QWidget | None = None, duplicate: bool = False,
        made: Loaded | None = None,
    ) -> QWidget:  # fmt: skip
        """Open a record's window: an existing one, or a new one with values filled in; ``then`` follows a save.

        ``made`` is a new record that the program has filled in, lines and all.
        """

    def open_history(self, table: str, ident: int, parent: QWidget | None = None) -> QWidget:
        """Open the Histórico of a record."""

    def open_change_date(
        self, ids: Sequence[int], parent: QWidget | None = None, loaded: Sequence[int] = ()
    ) -> QWidget:
        """Open Cambiar fecha for contacts, frozen as these ids; with ``loaded`` all of those are offered too."""

    def open_mass_edit(self, table: str, ids: Sequence[int], parent: QWidget | None = None) -> QWidget:
        """Open the change of one field of many records."""


@dataclass(frozen=True)
class Context:
    """Bridge, remembered state, notices and opener of the running application."""

    bridge: Bridge
    memory: Memory
    notices: Notices
    opener: Opener
