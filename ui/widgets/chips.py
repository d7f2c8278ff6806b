"""Small rounded marks: a state with its icon and word, or something chosen with a cross to take it away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from ui import icons, theme, tips


class IconLabel(QWidget):
    """An icon that follows the theme."""

    def __init__(
        self, name: str, role: str = "icon", size: int = theme.ICON_SIZE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._role = name, role
        self.setFixedSize(size, size)

    def set_icon(self, name: str, role: str = "icon") -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon in its colour of now."""
        painter = QPainter(self)
        icons.icon(self._name, self._role).paint(painter, self.rect())


class Chip(QFrame):
    """A word on a soft ground, with an icon before it; with a cross when ``removable``."""

    removed = Signal()

    def __init__(
        self,
        text: str,
        kind: str = theme.Kind.NEUTRAL,
        icon: str = "",
        parent: QWidget | None = None,
        *,
        removable: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(20)
        self.setProperty("chip", str(kind))  # before the parts: the style sheet looks at it when it dresses them
        self._icon = IconLabel(icon or "info", str(kind), 14, self)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._cross = QToolButton(self)
        self._cross.setIcon(icons.icon("close", str(kind)))
        self._cross.setIconSize(QSize(10, 10))
        self._cross.setFixedSize(16, 16)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.PointingHandCursor)
        self._cross.clicked.connect(self.removed)
        self._cross.setVisible(removable)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_XS if removable else theme.SPACE_S, 0)
        row.setSpacing(theme.SPACE_XS)
        row.addWidget(self._icon)
        row.addWidget(self._label)
        row.addWidget(self._cross)
        self.set(text, kind, icon)

    def text(self) -> str:
        """The word."""
        return self._label.text()

    def set(self, text: str, kind: str = theme.Kind.NEUTRAL, icon: str = "") -> None:
        """Show another word in another meaning."""
        self._label.setText(text)
        self._icon.set_icon(icon or "info", str(kind))
        self._icon.setVisible(bool(icon))
        self._cross.setIcon(icons.icon("close", str(kind)))
        self._cross.setToolTip(tips.plain(f"Quitar {text}"))
        self._cross.setAccessibleName(f"Quitar {text}")
        self.setAccessibleName(text)
        if self.property("chip") != str(kind):
            theme.set_property(self, "chip", str(kind))
            for part in (self._label, self._cross):
                part.style().unpolish(part)
                part.style().polish(part)

    def set_removable(self, removable: bool) -> None:
        """Show or hide the cross."""
        self._cross.setVisible(removable)


STATE_ICONS = {
    theme.Kind.OVERDUE: "overdue",
    theme.Kind.TODAY: "today",
    theme.Kind.DONE: "done",
    theme.Kind.WON: "won",
    theme.Kind.LOST: "lost",
    theme.Kind.NEUTRAL: "",
    theme.Kind.ACCENT: "",
}


class StateChip(Chip):
    """A state: its colour always comes with its icon and its word."""

    def __init__(self, text: str, kind: theme.Kind = theme.Kind.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(text, kind, STATE_ICONS[kind], parent)

    def set_state(self, text: str, kind: theme.Kind) -> None:
        """Show another state."""
        self.set(text, kind, STATE_ICONS[kind])
