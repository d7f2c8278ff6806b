"""Files chosen for a record that does not exist yet, with what can be done with them until it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from oficrm.files import arriving
from oficrm.files.arriving import Arrival
from oficrm.files.sources import Source
from ui import icons, theme
from ui.files import intake
from ui.files.actions import FILES
from ui.files.asking import MAILS, ask_files
from ui.files.drop import DropTarget
from ui.files.keys import OwnKeys
from ui.files.pending import PendingList
from ui.forms.message_bar import Answer, MessageBars
from ui.widgets.feedback import EmptyState

if TYPE_CHECKING:
    from ui.context import Context

_NAMES = ("add", "add_mail", "paste", "rename", "delete")


class Waiting(QWidget):
    """The files that will be kept with the record. ``changed`` when there are others."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("files_waiting")
        self._context = context
        self._read_only = False
        self.choose_files: Callable[[str], list[Path]] = self._ask_files
        self.bars = MessageBars(self)
        self.list = PendingList(self)
        self.list.changed.connect(self._changed)
        self.empty = EmptyState("files", "Todavía no hay archivos. Añádalos, péguelos (Ctrl+V) o suéltelos aquí.",
                                "Añadir archivos…", self)  # fmt: skip
        self.empty.setObjectName("empty_state")
        self.empty.clicked.connect(lambda: self.run("add"))
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        self.actions_: dict[str, QAction] = {}
        self.words = QLabel("Se guardan con la ficha.", self)
        theme.set_role(self.words, "dim")
        self._build()
        self.drops = DropTarget(self, self.add, may=lambda: not self._read_only,
                                sentence=lambda: "Suelte aquí: se guardarán con la ficha")  # fmt: skip
        self._changed()

    def _build(self) -> None:
        bar = QWidget(self)
        bar.setObjectName("toolbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.SPACE_S, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_XS)
        row.setSpacing(2)
        for spec in FILES.specs:
            if spec.name in _NAMES:
                self._make(spec.name, spec.text, spec.icon, spec.key)
        for name in ("add", "paste", "delete"):
            button = QToolButton(bar)
            button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setDefaultAction(self.actions_[name])
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.words)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, theme.SPACE_S)
        body.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        self.list.customContextMenuRequested.connect(lambda at: self._menu(self.list.viewport().mapToGlobal(at)))
        self.empty.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.empty.customContextMenuRequested.connect(lambda at: self._menu(self.empty.mapToGlobal(at)))
        self.list.itemSelectionChanged.connect(self._allow)
        self.setFocusProxy(self.list)
        OwnKeys(self.list, list(self.actions_.values()))

    def _make(self, name: str, text: str, icon: str, key: str) -> None:
        action = QAction(icons.icon(icon), text, self)
        action.setObjectName(f"action_{name}")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({shown})")
        action.triggered.connect(lambda _on=False: self.run(name))
        self.addAction(action)
        self.actions_[name] = action

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("row_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.actions_[name] for name in _NAMES])
        menu.popup(at)

    def run(self, name: str) -> None:
        """Do an action."""
        match name:
            case "add":
                self.add([Source(path=path) for path in self.choose_files("")])
            case "add_mail":
                self.add([Source(path=path) for path in self.choose_files(MAILS)])
            case "paste":
                self._paste()
            case "rename":
                self.list.rename_current()
            case "delete":
                self.list.remove_selected()

    def _paste(self) -> None:
        sources = intake.on_clipboard()
        if sources:
            self.add(sources)
        else:
            self._say("No hay nada que pegar: copie archivos, una imagen o un texto.")

    def _say(self, text: str) -> None:
        close = Answer("Cerrar", lambda: self.bars.hide_message("said"), "button_said")
        self.bars.show_message("said", text, "today", [close])

    # --- what waits

    def sources(self) -> tuple[Source, ...]:
        """The files, in the order they came."""
        return self.list.sources()

    def put(self, sources: Sequence[Source]) -> None:
        """These instead."""
        if tuple(sources) != self.list.sources():
            self.list.put(sources)

    def add(self, sources: Sequence[Source]) -> None:
        """More of them; a folder gives its files, once the user has said so."""
        if sources and not self._read_only:
            wanted = tuple(sources)
            self._context.bridge.read(
                lambda session: arriving.look_at(session, None, wanted), self._looked, self, slow=True
            )

    def _looked(self, arrival: Arrival) -> None:
        self.list.add(arrival.sources)
        files = [path for folder in arrival.folders for path in folder.files]
        if not arrival.folders:
            return
        name = arrival.folders[0].path.name
        what = f"«{name}» es una carpeta" if len(arrival.folders) == 1 else f"Hay {len(arrival.folders)} carpetas"
        if not files:
            self._say(f"{what} sin archivos: no hay nada que añadir.")
            return
        count = "1 archivo" if len(files) == 1 else f"{len(files)} archivos"

        def answer(*, adds: bool) -> None:
            self.bars.hide_message("folder")
            if adds:
                self.list.add([Source(path=path) for path in files])

        answers = [Answer(f"Añadir {count}", lambda: answer(adds=True), "button_folder_add", True),
                   Answer("No añadir", lambda: answer(adds=False), "button_folder_skip")]  # fmt: skip
        self.bars.show_message("folder", f"{what} con {count}.", "accent", answers).focus()

    def set_read_only(self, read_only: bool) -> None:
        """Consultar: nothing comes or goes."""
        self._read_only = read_only
        self._allow()

    def _changed(self) -> None:
        self.stack.setCurrentIndex(0 if self.list.sources() else 1)
        self._allow()
        self.changed.emit()

    def _allow(self) -> None:
        chosen = bool(self.list.selectedItems())
        for name, action in self.actions_.items():
            action.setEnabled(not self._read_only and (chosen or name not in ("rename", "delete")))

    def _ask_files(self, pattern: str) -> list[Path]:
        return ask_files(self, self._context.memory, pattern)
