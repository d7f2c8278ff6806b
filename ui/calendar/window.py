"""``form_calendar_item``: an event or a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from db.models.calendar_item import EventStatus, ItemKind
from oficrm import clock
from oficrm.calendar import items
from ui.calendar.part import save_ics
from ui.calendar.tab import CalendarTab
from ui.context import Context
from ui.forms.general_tab import GeneralTab
from ui.forms.record_window import RecordWindow


class CalendarWindow(RecordWindow):
    """A new one begins at the next half hour; one just held asks for its result."""

    def __init__(self, context: Context, ident: int | None = None, **options: Any) -> None:
        is_new = ident is None and options.get("restore") is None and options.get("made") is None
        if is_new:
            options["preset"] = items.first_values(clock.now(), options.get("preset") or {})
        super().__init__(context, items.TABLE, ident, **options)

    def _make_general(self) -> GeneralTab:
        return CalendarTab(self.form, self)

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """Taking it out for other calendars."""
        return (("export_ics", "Exportar a iCalendar (.ics)…", "export", self.export, ""),)

    def export(self) -> None:
        """Save this one as iCalendar, as it is stored."""
        if self.form.ident is not None:
            save_ics(self, self.context, [self.form.ident])

    def _show_record(self) -> None:
        super()._show_record()
        if self.form.ident is None:
            self._name_kind()

    def _name_kind(self) -> None:
        words = "Nueva tarea" if self.form.value("kind") == ItemKind.TASK else "Nuevo evento"
        self.head.title.setText(words)
        self.setWindowTitle(words)

    def _edited(self, name: str) -> None:
        super()._edited(name)
        if name == "kind" and self.form.ident is None:
            self._name_kind()

    def _focus_first(self) -> None:
        held = self.form.value("event_status") == EventStatus.HELD and self.form.ident is not None
        if held and not self.form.read_only and not self.form.value("outcome"):
            self.form.editor("outcome").focus()
        else:
            super()._focus_first()
