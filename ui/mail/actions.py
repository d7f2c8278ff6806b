"""What can be done with messages in a list, be it Emails or the tab of a record."""

from __future__ import annotations

from ui.lists.toolset import HISTORY, MASS_EDIT, OUTPUT, VIEW, Spec, Toolset

EMAILS = Toolset(
    specs=(
        Spec("add", "Importar correos…", "import", "Ins", 0, is_write=True,
             tip="Importar archivos .eml y .msg, una carpeta o un buzón (Ins); también se pueden soltar aquí"),
        Spec("edit", "Abrir", "open", "Return", in_table=True, tip="Abrir el correo (Enter o doble clic)"),
        VIEW,
        Spec("link", "Vincular a registro…", "link", "Ctrl+L", is_write=True),
        Spec("original", "Abrir original", "email", "Ctrl+Shift+O",
             tip="Abrir el mensaje como llegó con su programa de correo (Ctrl+Mayús+O)"),
        Spec("save_original", "Guardar original como…", "save", "Ctrl+Shift+S"),
        Spec("delete", "Borrar", "delete", "Del", in_table=True, is_write=True, tip="Borrar lo seleccionado (Supr)"),
        HISTORY,
        MASS_EDIT,
        *OUTPUT,
    ),
    toolbar=("add", "edit", "", "link", "original", "", "delete", "history"),
    row_menu=("edit", "view", "", "link", "original", "save_original", "", "add", "mass_edit", "history", "", "delete"),
    ground_menu=("add",),
)  # fmt: skip
