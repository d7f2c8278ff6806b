"""The names of keys as they stand on Spanish and Mexican keyboards and in our own texts: Ctrl, Mayús, Supr, ↵."""

from PySide6.QtCore import QCoreApplication, QTranslator

# Qt's own Spanish says "Control+Retorno" and "Suprimir". Return and Enter must differ: Qt also reads these names.
NAMES = {
    "Ctrl": "Ctrl",
    "Shift": "Mayús",
    "Return": "↵",
    "Del": "Supr",
    "Ins": "Ins",
    "Esc": "Esc",
    "PgUp": "RePág",
    "PgDown": "AvPág",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}


class KeyNames(QTranslator):
    """Answers for key names only; all else is left to the other translators."""

    def isEmpty(self) -> bool:
        """Qt asks only translators that hold something."""
        return False

    def translate(self, context: str, text: str, /, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the name of a key, None for any other text."""
        return NAMES.get(text) if context == "QShortcut" else None


def install(app: QCoreApplication) -> None:
    """Use these names wherever Qt shows a shortcut: menus, tooltips, the list of shortcuts."""
    app.installTranslator(KeyNames(app))
