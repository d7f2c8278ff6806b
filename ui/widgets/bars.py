"""Parts of bars: a search field, buttons of which one is down, and the foot of a form."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ui import icons, theme
from ui.widgets.chips import IconLabel
from ui.widgets.editor import Line

SEARCH_MS = 150


class SearchField(Line):
    """A line that searches as one types. Enter searches at once, Escape empties it."""

    searched = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "Buscar", delay: int = SEARCH_MS) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setMinimumWidth(160)
        self.addAction(icons.icon("search", "dim"), Line.ActionPosition.LeadingPosition)
        self._clear = self.add_button("clear", "Quitar (Esc)", self._empty)
        self.show_button(self._clear, False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay)
        self._timer.timeout.connect(self._emit)
        self._last = ""
        self.textEdited.connect(lambda _text: self._timer.start())
        self.textChanged.connect(lambda text: self.show_button(self._clear, bool(text)))
        self.returnPressed.connect(self._emit)

    def _emit(self) -> None:
        self._timer.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)

    def _empty(self) -> None:
        self.clear()
        self._emit()

    def reset(self) -> None:
        """Empty it without searching."""
        self._timer.stop()
        self._last = ""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties; in an empty field it is left to others."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._empty()
            return
        super().keyPressEvent(event)


class SegmentedButtons(QWidget):
    """Buttons in one row of which one is down, each with a count: "Todos 412"."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        self._words: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def add(self, key: str, text: str, *, name: str = "", icon: str = "", tip: str = "") -> QToolButton:
        """Append a button; the first one is down. ``name`` is its objectName."""
        button = QToolButton(self)
        theme.set_kind(button, "segment")
        button.setCheckable(True)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if icon else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        if icon:
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.clicked.connect(lambda: self.changed.emit(key))
        self.buttons[key] = button
        self._words[key] = text
        self._group.addButton(button)
        self._row.addWidget(button)
        button.setChecked(len(self.buttons) == 1)
        self.set_count(key, None)
        self._dress_edges()
        return button

    def _dress_edges(self) -> None:
        shown = list(self.buttons.values())
        for button in shown:
            theme.set_property(
                button, "edge", "first" if button is shown[0] else "last" if button is shown[-1] else "inner"
            )

    def set_count(self, key: str, count: int | None) -> None:
        """Show how many there are behind a button; None shows no figure."""
        words = self._words[key]
        button = self.buttons[key]
        button.setText(words if count is None else f"{words}  {count:,}".replace(",", "."))
        button.setAccessibleName(words if count is None else f"{words}: {count}")

    def current(self) -> str:
        """The key of the one that is down, "" without buttons."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Press one without telling."""
        self.buttons[key].setChecked(True)


def _shortcut_text(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.PortableText).replace("Return", "↵")


class StickyFoot(QFrame):
    """The foot of a form: what saving will do, and the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "foot")
        self._icon = IconLabel("info", "dim", parent=self)
        self._icon.hide()
        self.sentence = QLabel(self)
        self.sentence.setObjectName("foot_sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.sentence, "dim")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_L, theme.SPACE_S)
        self._row.setSpacing(theme.SPACE_S)
        self._row.addWidget(self._icon)
        self._row.addWidget(self.sentence, 1)

    def set_sentence(self, text: str, icon: str = "info") -> None:
        """Say what accepting will do; "" says nothing."""
        self.sentence.setText(text)
        self._icon.set_icon(icon, "dim")
        self._icon.setVisible(bool(text))

    def rename(self, button: QPushButton, text: str) -> None:
        """Give a button of the foot another text; its shortcut stays behind it."""
        shown = button.property("shortcut_text")
        button.setText(f"{text}   {shown}" if shown else text)
        button.setAccessibleName(text)

    def add_button(
        self, text: str, *, name: str, kind: theme.ButtonKind = "secondary", shortcut: str = ""
    ) -> QPushButton:
        """Append a button; the shortcut works in the whole window and stands on the button."""
        button = QPushButton(self)
        button.setProperty("shortcut_text", _shortcut_text(shortcut))
        self.rename(button, text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        theme.set_kind(button, kind)
        for key in shortcut_keys(shortcut):
            QShortcut(key, button, button.click)
        self._row.addWidget(button)
        return button


def shortcut_keys(shortcut: str) -> list[QKeySequence]:
    """A shortcut, and with Return also the Enter of the number pad."""
    if not shortcut:
        return []
    keys = [QKeySequence(shortcut)]
    if shortcut.endswith("Return"):
        keys.append(QKeySequence(shortcut.removesuffix("Return") + "Enter"))
    return keys
