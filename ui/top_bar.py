"""The right end of the menu bar: the line that finds and commands, and who is at the screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui import icons, theme

SEARCH_WIDTH = 300


class TopBar(QWidget):
    """Emits ``search_requested`` when the search line is clicked."""

    search_requested = Signal()

    def __init__(self, company: str, user: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top_bar")
        self.search = QPushButton("Buscar o mandar…        Ctrl+K")
        self.search.setObjectName("button_palette")
        self.search.setIcon(icons.icon("search"))
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.search.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.search.clicked.connect(self.search_requested)
        who = QLabel(user)
        who.setObjectName("label_user")
        theme.set_role(who, "dim")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, theme.SPACE_M, 2)
        row.setSpacing(theme.SPACE_M)
        row.addWidget(self.search)
        row.addWidget(who)

    def add(self, widget: QWidget) -> None:
        """Put a widget between the search line and the name."""
        self._row.insertWidget(self._row.count() - 1, widget)
