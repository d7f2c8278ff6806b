"""Which actions the list of a module offers, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """One action. ``rows``: 0 always possible, 1 needs a row, 2 needs several loaded or selected rows.

    ``in_table`` keys count in the table alone. ``is_write`` actions are gone where nothing may be changed;
    ``is_checkable`` ones are on or off.
    """

    name: str
    text: str
    icon: str
    key: str = ""
    rows: int = 1
    in_table: bool = False
    tip: str = ""
    is_write: bool = False
    is_checkable: bool = False


@dataclass(frozen=True, slots=True)
class Toolset:
    """The actions of a module's lists by name; "" is a rule between groups.

    ``more`` are behind the last button of the bar; ``ground_menu`` is for the empty place below the rows, the menu of
    the rows where it is not given; ``opening`` is what a double click does.
    """

    specs: tuple[Spec, ...]
    toolbar: tuple[str, ...]
    row_menu: tuple[str, ...]
    more: tuple[str, ...] = ()
    ground_menu: tuple[str, ...] = ()
    opening: str = "edit"


ADD = Spec("add", "Añadir", "add", "Ins", 0)
VIEW = Spec("view", "Consultar", "view", "Ctrl+Return", tip="Consultar, sin poder cambiar nada (Ctrl+Enter)")
HISTORY = Spec("history", "Histórico", "history", "Ctrl+H", tip="Cambios de esta ficha (Ctrl+H)")
MASS_EDIT = Spec("mass_edit", "Cambiar campo…", "edit", tip="Cambiar un campo de todo lo seleccionado", is_write=True)
OUTPUT = (
    Spec("print", "Imprimir…", "print", "Ctrl+P", 2),
    Spec("pdf", "Guardar como PDF…", "pdf", "", 2),
    Spec("export_xlsx", "Exportar a Excel (XLSX)…", "export", "", 2),
    Spec("export_csv", "Exportar a CSV…", "table", "", 2),
    Spec("select_all", "Seleccionar todo", "", "Ctrl+A", 2, in_table=True),
)
"""What every list can do with its rows."""

PLAIN = Toolset(
    specs=(
        ADD,
        Spec("edit", "Modificar", "edit", "Return", in_table=True, tip="Modificar (Enter o doble clic)"),
        VIEW,
        Spec("delete", "Borrar", "delete", "Del", in_table=True, tip="Borrar lo seleccionado (Supr)"),
        HISTORY,
        Spec("duplicate", "Duplicar", "copy"),
        MASS_EDIT,
        *OUTPUT,
    ),
    toolbar=("add", "edit", "view", "delete", "", "history"),
    row_menu=("add", "edit", "view", "mass_edit", "duplicate", "history", "", "delete"),
)
CONTACTS = Toolset(
    specs=(
        *PLAIN.specs,
        Spec(
            "change_date", "Cambiar fecha", "change_date", "Ctrl+D", tip="Cambiar la fecha de lo seleccionado (Ctrl+D)"
        ),
        Spec("create_next", "Crear el próximo contacto", "new_linked"),
    ),
    toolbar=("add", "edit", "view", "delete", "", "change_date", "history"),
    row_menu=("add", "edit", "view", "create_next", "change_date", "mass_edit", "duplicate", "history", "", "delete"),
)


def toolset_of(table: str) -> Toolset:
    """The actions of a module's lists."""
    if table == "contact":
        return CONTACTS
    if table == "document":
        from ui.files.actions import FILES

        return FILES
    if table == "email_message":
        from ui.mail.actions import EMAILS

        return EMAILS
    if table == "chat_channel":
        from ui.chat.actions import CHANNELS

        return CHANNELS
    if table == "calendar_item":
        from ui.calendar.actions import CALENDAR

        return CALENDAR
    return PLAIN
