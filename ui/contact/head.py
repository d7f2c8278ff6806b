"""The head of the contact form: with whom, in which state, and what else can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.forms.record_head import ElidedLabel
from ui.widgets.chips import IconLabel, StateChip


class Head(QFrame):
    """Title, a dim line below it, the state as a chip, the button that folds the side panel, the actions menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "panel")
        self.icon = IconLabel("contact", "accent", 28, self)
        self.title = ElidedLabel("", self)
        self.title.setObjectName("label_title")
        theme.set_role(self.title, "title")
        self.detail = ElidedLabel("", self)
        self.detail.setObjectName("label_detail")
        theme.set_role(self.detail, "dim")
        self.chip = StateChip("", theme.Kind.NEUTRAL, self)
        self.chip.setObjectName("label_state")
        self.chip.hide()
        self.fold_button = self._button(
            "button_fold_panel",
            "Panel",
            "columns",
            "F9",
            "Mostrar u ocultar los contactos y presupuestos del cliente (F9)",
        )
        self.fold_button.setCheckable(True)
        self.menu_button = self._button("menu_actions", "Acciones", "actions", "Alt+A", "Acciones (Alt+A)")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self._lay_out()

    def _button(self, name: str, text: str, icon: str, key: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setIcon(icons.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setShortcut(key)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE_S)
        first.addWidget(self.title)
        first.addWidget(self.chip)
        first.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(first)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        row.setSpacing(theme.SPACE_M)
        row.addWidget(self.icon)
        row.addLayout(words, 1)
        row.addWidget(self.fold_button)
        row.addWidget(self.menu_button)

    def add_tabs(self, tabs: QWidget) -> None:
        """Put the tabs before the buttons, down at the edge of what they show."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.indexOf(self.fold_button), tabs, 0, Qt.AlignmentFlag.AlignBottom)

    def show_title(self, title: str, detail: str = "", icon: str = "contact") -> None:
        """Say what this is, and of which type by its picture; an empty detail leaves no gap."""
        self.title.setText(title)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.icon.set_icon(icon if icons.has(icon) else "contact", "accent")

    def show_state(self, text: str, kind: theme.Kind = theme.Kind.NEUTRAL) -> None:
        """Show the state; "" hides the chip."""
        self.chip.set_state(text, kind)
        self.chip.setVisible(bool(text))

    def add_action(self, name: str, text: str, icon: str, shortcut: str = "") -> QAction:
        """Append to the actions menu; the shortcut works in the whole window."""
        action = self.menu.addAction(icons.icon(icon), text)
        action.setObjectName(name)
        if shortcut:
            action.setShortcut(shortcut)
        self.window().addAction(action)
        return action
