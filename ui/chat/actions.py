"""What can be done with channels in a list, be it Canales chat or the tab of a record."""

from __future__ import annotations

from ui.lists.toolset import ADD, HISTORY, MASS_EDIT, OUTPUT, VIEW, Spec, Toolset

CHANNELS = Toolset(
    specs=(
        ADD,
        Spec("edit", "Abrir", "open", "Return", in_table=True, tip="Abrir la conversación (Enter o doble clic)"),
        VIEW,
        Spec("fetch", "Traer de Rocket.Chat…", "load", "Ctrl+I", 0, is_write=True,
             tip="Elegir canales del servidor y traer sus mensajes (Ctrl+I)"),
        Spec("import", "Importar archivo…", "import", "Ctrl+Shift+I", 0, is_write=True,
             tip="Importar mensajes exportados de Rocket.Chat (Ctrl+Mayús+I)"),
        Spec("refresh", "Actualizar canales", "load", "Ctrl+F5", is_write=True,
             tip="Traer lo nuevo de los canales seleccionados (Ctrl+F5)"),
        Spec("link", "Vincular a registro…", "link", "Ctrl+L", is_write=True),
        Spec("server", "Servidor de chat…", "settings", "", 0),
        Spec("delete", "Borrar", "delete", "Del", in_table=True, is_write=True, tip="Borrar lo seleccionado (Supr)"),
        HISTORY,
        MASS_EDIT,
        *OUTPUT,
    ),
    toolbar=("add", "edit", "", "fetch", "import", "", "delete", "history"),
    row_menu=("edit", "view", "", "refresh", "link", "", "add", "fetch", "import", "", "mass_edit", "history", "",
              "delete"),
    more=("refresh", "link", "", "server"),
    ground_menu=("add", "fetch", "import", "server"),
)  # fmt: skip
