"""What can be done with files in a list: the actions of Archivos, in its own list and in the tabs of records.

As in a file manager Enter and a double click open the file; Alt+Enter shows what is known of it.
"""

from __future__ import annotations

from ui.lists.toolset import HISTORY, MASS_EDIT, OUTPUT, VIEW, Spec, Toolset

FILES = Toolset(
    specs=(
        Spec("add", "Añadir archivos…", "add_file", "Ins", 0, is_write=True),
        Spec("add_mail", "Añadir correo…", "add_mail", "Ctrl+Shift+M", 0, is_write=True,
             tip="Añadir un correo guardado como .eml o .msg (Ctrl+Mayús+M)"),
        Spec("paste", "Pegar", "paste", "Ctrl+V", 0, in_table=True, is_write=True,
             tip="Pegar archivos, una captura de pantalla o un texto (Ctrl+V)"),
        Spec("open", "Abrir", "open", "Return", in_table=True, tip="Abrir con su programa (Enter o doble clic)"),
        Spec("save_as", "Guardar como…", "save_as", "Ctrl+Shift+S"),
        Spec("rename", "Renombrar", "rename", "F2", is_write=True),
        Spec("delete", "Quitar", "take_off", "Del", in_table=True, is_write=True, tip="Quitar de aquí (Supr)"),
        Spec("new_version", "Nueva versión…", "new_version", "Ctrl+U", is_write=True),
        Spec("versions", "Versiones…", "versions", "Ctrl+Shift+H"),
        Spec("validate", "Validar", "validate", "F7", is_write=True),
        Spec("reject", "Rechazar…", "reject", "F8", is_write=True),
        Spec("reopen", "Dejar pendiente", "reopen", "F9", is_write=True),
        Spec("edit", "Propiedades", "properties", "Alt+Return", tip="Lo que se sabe del archivo (Alt+Enter)"),
        Spec("preview", "Vista previa", "preview", "Alt+P", 0, is_checkable=True),
        VIEW,
        HISTORY,
        MASS_EDIT,
        *OUTPUT,
    ),
    toolbar=("add", "paste", "", "open", "save_as", ""),
    more=("validate", "reject", "reopen", "", "rename", "new_version", "versions", "delete", "", "add_mail", "edit",
          "mass_edit", "history", "", "preview"),
    row_menu=("open", "save_as", "", "add", "add_mail", "paste", "", "rename", "new_version", "versions", "",
              "validate", "reject", "reopen", "", "edit", "mass_edit", "history", "", "delete"),
    ground_menu=("add", "add_mail", "paste", "preview"),
    opening="open",
)  # fmt: skip
