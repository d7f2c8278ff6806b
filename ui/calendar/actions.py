"""The actions of a list of events and tasks."""

from ui.lists.toolset import PLAIN, Spec, Toolset

CALENDAR = Toolset(
    specs=(
        *PLAIN.specs,
        Spec("add_task", "Añadir tarea", "task", "Shift+Ins", 0),
        Spec("export_ics", "Exportar a iCalendar (.ics)…", "export", "", 2),
    ),
    toolbar=("add", "add_task", "edit", "view", "delete", "", "history"),
    row_menu=("add", "add_task", "edit", "view", "mass_edit", "duplicate", "export_ics", "history", "", "delete"),
)
"""Añadir makes an event; a task has an action of its own."""
