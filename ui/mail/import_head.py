"""The head of Importar correos: what is imported, and what happens to messages of nobody known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import icons, theme, tips
from ui.forms.record_head import ElidedLabel
from ui.mail.import_sources import Way, describe

WAYS: tuple[tuple[Way, str, str], ...] = (
    ("files", "Archivos…", "email"), ("folder", "Carpeta…", "folder"), ("mbox", "Buzón mbox…", "mailbox"),
)  # fmt: skip
UNKNOWN = "Archivar también los correos sin cliente conocido"
UNKNOWN_HELP = (
    "Sin marcar, un correo cuyas direcciones no son de ninguna persona ni cliente no se archiva: "
    "el informe lo nombra y desde él se puede archivar donde convenga."
)


class ImportHead(QFrame):
    """``asked(way)`` when something is to be chosen."""

    asked = Signal(str)

    def __init__(self, parent: QWidget, *, has_place: bool) -> None:
        super().__init__(parent)
        theme.set_surface(self, "card")
        self.source = ElidedLabel("", self)
        self.source.setObjectName("label_source")
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self.source, 1)
        for way, words, icon in WAYS:
            button = QPushButton(icons.icon(icon), words, self)
            button.setObjectName(f"button_{way}")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, way=way: self.asked.emit(way))
            self.buttons[way] = button
            row.addWidget(button)
        self.unknown = QCheckBox(UNKNOWN, self)
        self.unknown.setObjectName("check_unknown")
        self._help = QLabel(UNKNOWN_HELP, self)
        self._help.setWordWrap(True)
        theme.set_role(self._help, "small")
        self.place = QLabel(self)
        self.place.setObjectName("label_place")
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setVisible(has_place)
        for part in (self.unknown, self._help):
            part.setVisible(not has_place)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(row)
        for part in (self.place, self.unknown, self._help):
            column.addWidget(part)
        self.show_paths(())

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Say what was chosen."""
        self.source.setText(describe(paths))
        self.source.setToolTip(tips.plain("\n".join(str(path) for path in paths[:20])))
        theme.set_role(self.source, "dim" if not paths else "section")

    def show_places(self, titles: Sequence[str]) -> None:
        """Say under which records all messages are filed."""
        self.place.setText(f"Todos se archivan en {', '.join(titles)}.")

    def files_unknown(self) -> bool:
        """Whether messages of nobody known are filed too."""
        return self.unknown.isChecked()

    def set_running(self, running: bool) -> None:
        """Nothing is chosen while it goes on."""
        for part in (*self.buttons.values(), self.unknown):
            part.setEnabled(not running)
