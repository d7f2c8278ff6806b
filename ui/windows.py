"""Opens the windows of the program; the only place that knows them all."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from db.registry import module
from oficrm.drafts import Loaded, Saved
from ui.bridge import Bridge
from ui.memory import Memory

if TYPE_CHECKING:
    from ui.context import Context
    from ui.forms.kept import Kept

CASCADE = 24
"""Pixels by which a further window of the same kind stands off the one before."""


def _contact() -> type[QWidget]:
    from ui.contact.form import ContactWindow

    return ContactWindow


def _document() -> type[QWidget]:
    from ui.files.window import DocumentWindow

    return DocumentWindow


def _email() -> type[QWidget]:
    from ui.mail.window import EmailWindow

    return EmailWindow


def _chat_channel() -> type[QWidget]:
    from ui.chat.window import ChannelWindow

    return ChannelWindow


def _template() -> type[QWidget]:
    from ui.papers.window import TemplateWindow

    return TemplateWindow


def _calendar_item() -> type[QWidget]:
    from ui.calendar.window import CalendarWindow

    return CalendarWindow


def _log_entry() -> type[QWidget]:
    from ui.comments.log_window import LogWindow

    return LogWindow


_OWN_FORMS: dict[str, Callable[[], Callable[..., QWidget]]] = {
    "contact": _contact, "document": _document, "email_message": _email,
    "document_template": _template, "chat_channel": _chat_channel,
    "calendar_item": _calendar_item, "log_entry": _log_entry,
}  # fmt: skip
"""Modules whose window is more than the generic one; loaded with the first of them."""


class Windows(QObject):
    """Implements ``ui.context.Opener``. One window per existing record: asking again raises it."""

    def __init__(self, bridge: Bridge, memory: Memory) -> None:
        super().__init__(bridge)
        self.bridge = bridge
        self.memory = memory
        self.context: Context | None = None
        self._open: list[QWidget] = []

    def _given(self) -> "Context":
        assert self.context is not None
        return self.context

    def open_windows(self) -> list[QWidget]:
        """Return the windows open now, oldest first."""
        return list(self._open)

    def open_record(
        self,
        table: str,
        ident: int | None = None,
        *,
        preset: dict[str, Any] | None = None,
        read_only: bool = False,
        then: Callable[[Saved], None] | None = None,
        parent: QWidget | None = None,
        duplicate: bool = False,
        made: Loaded | None = None,
    ) -> QWidget:
        """Open a record's window, or raise the one that shows it already."""
        key = f"{table}:{ident}" if ident is not None and not duplicate else ""
        shown = self._find(key) if key else None
        if shown is not None:
            self._raise(shown)
            return shown
        options: dict[str, Any] = {"preset": preset, "read_only": read_only, "then": then, "duplicate": duplicate}
        if made is not None and table == "contact":  # its own form begins from values alone
            options["preset"] = made.draft.values | made.draft.preset
        elif made is not None:
            options["made"] = made
        return self._show(self._make(table, ident, **options), key)

    def open_kept(self, kept: "Kept") -> QWidget:
        """Open a form with what was being written when the program last ended badly."""
        return self._show(self._make(kept.table, kept.id, restore=kept), f"{kept.table}:{kept.id}" if kept.id else "")

    def _make(self, table: str, ident: int | None, **options: Any) -> QWidget:
        own = _OWN_FORMS.get(table)
        if own is not None and (ident is not None or module(table).screens.made_by_hand):
            return own()(self._given(), ident, **options)
        from ui.forms.record_window import RecordWindow

        return RecordWindow(self._given(), table, ident, **options)

    def open_history(self, table: str, ident: int, parent: QWidget | None = None) -> QWidget:
        """Open the Histórico of a record."""
        from ui.history.record_history import RecordHistory

        return self._show(RecordHistory(self._given(), table, ident, parent), f"history:{table}:{ident}")

    def open_change_date(
        self, ids: Sequence[int], parent: QWidget | None = None, loaded: Sequence[int] = ()
    ) -> QWidget:
        """Open Cambiar fecha; the ids are frozen from here on. ``loaded`` offers all of a list too."""
        from ui.reschedule.dialog import ChangeDateDialog

        return self._show(ChangeDateDialog(self._given(), tuple(ids), tuple(loaded), parent))

    def open_mass_edit(self, table: str, ids: Sequence[int], parent: QWidget | None = None) -> QWidget:
        """Open the change of one field of many records."""
        from ui.mass_edit import MassEditDialog

        return self._show(MassEditDialog(self._given(), table, tuple(ids), parent))

    def open_settings(self, parent: QWidget | None = None) -> QWidget:
        """Open Parámetros."""
        from ui.settings_window.window import SettingsWindow

        return self._find("settings") or self._show(SettingsWindow(self._given(), parent), "settings")

    def close_all(self) -> bool:
        """Ask every window to close; False when one of them stays (unsaved edits)."""
        for window in reversed(self.open_windows()):
            if not window.close():
                self._raise(window)
                return False
        return True

    def _find(self, key: str) -> QWidget | None:
        """One that is closed but not destroyed yet is gone already."""
        return next((each for each in self._open if each.property("window_key") == key and not each.isHidden()), None)

    def _show(self, window: QWidget, key: str = "") -> QWidget:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.setProperty("window_key", key)
        self._stand_off(window)
        self._open.append(window)
        window.destroyed.connect(lambda: self._forget(window))
        window.show()
        self._raise(window)
        return window

    def _stand_off(self, window: QWidget) -> None:
        """A second window of a kind does not hide the first, and stays on the screen."""
        same = [other for other in self._open if other.objectName() == window.objectName() and other.isVisible()]
        if not same or not window.isWindow():
            return
        screen = QGuiApplication.primaryScreen().availableGeometry()
        place = same[-1].pos()
        window.move(min(place.x() + CASCADE, screen.right() - window.width() // 2),
                    min(place.y() + CASCADE, screen.bottom() - window.height() // 2))  # fmt: skip

    def _forget(self, window: QWidget) -> None:
        if window in self._open:
            self._open.remove(window)

    def _raise(self, window: QWidget) -> None:
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
