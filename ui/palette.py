"""The command palette (Ctrl+K): finds commands and records with one line of typing."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from db.registry import module
from db.text import search_fold
from oficrm import finding
from ui import icons, theme
from ui.context import Context

COMMANDS = 7
WAIT_MS = 120
RUN = Qt.ItemDataRole.UserRole


class Palette(QDialog):
    """One line and what matches it: commands first, then records as they are found."""

    def __init__(self, context: Context, commands: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_palette")
        self.setWindowTitle("Buscar o mandar")
        self.setWindowFlags(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._commands = [action for action in commands if action.text() and not action.isSeparator()]
        self.line = QLineEdit()
        self.line.setObjectName("palette_line")
        self.line.setPlaceholderText("Cliente, persona, presupuesto… u orden")
        self.line.setAccessibleName("Buscar o mandar")
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        self.results = QListWidget()
        self.results.setObjectName("palette_results")
        theme.set_kind(self.results, "plain")
        self.results.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.itemClicked.connect(self._run)
        hint = QLabel("↑ ↓ elegir · Enter abrir · Esc cerrar")
        theme.set_role(hint, "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_S)
        layout.setSpacing(theme.SPACE_S)
        for widget in (self.line, self.results, hint):
            layout.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self.resize(620, 420)
        above = parent.mapToGlobal(parent.rect().topLeft())
        self.move(above.x() + (parent.width() - self.width()) // 2, above.y() + 56)
        self._show_commands()
        self.line.setFocus()

    def _on_text(self) -> None:
        self._show_commands()
        self._timer.start()

    def _show_commands(self) -> None:
        self.results.clear()
        words = search_fold(self.line.text()).split()
        shown = 0
        for action in self._commands:
            text = action.text().replace("&", "")
            if not action.isEnabled() or not all(word in search_fold(text) for word in words):
                continue
            shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            self._add(text, shortcut, action.icon(), action.trigger)
            shown += 1
            if words and shown == COMMANDS:
                break
        self.results.setCurrentRow(0)

    def _add(self, text: str, detail: str, icon: object, run: Callable[[], object]) -> None:
        item = QListWidgetItem(f"{text}    {detail}" if detail else text)
        item.setIcon(icon)  # type: ignore[arg-type]
        item.setData(RUN, run)
        self.results.addItem(item)

    def _search(self) -> None:
        text = self.line.text().strip()
        if text:
            self._context.bridge.read(lambda session: finding.find(session, text), self._on_found, self, purpose="find")

    def _on_found(self, hits: list[finding.Hit]) -> None:
        had = self.results.count()
        for hit in hits:
            facts = module(hit.table).module
            detail = " · ".join(part for part in (facts.label, hit.detail) if part)
            run = lambda hit=hit: self._context.opener.open_record(hit.table, hit.id)  # noqa: E731
            self._add(hit.title, detail, icons.icon(facts.icon), run)
        if not had:
            self.results.setCurrentRow(0)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        run = item.data(RUN)
        self.close()
        run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move through the results while the line keeps the focus; Enter runs the chosen one."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = (self.results.currentRow() + step) % max(self.results.count(), 1)
                self.results.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.results.currentItem())
                return True
        return super().eventFilter(watched, event)
