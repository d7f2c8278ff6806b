"""The versions of a file: which there are, from whom, and the way back to each."""

from __future__ import annotations

import traceback
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from oficrm import clock
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.files.keeping import Revision
from oficrm.jobs import Changes, Done
from oficrm.rules import sizes
from ui import icons
from ui.context import Context
from ui.files.opening import Opening
from ui.files.saving import SavingOut
from ui.forms.message_bar import MessageBars
from ui.history.words import moment
from ui.keys import key_in
from ui.lists.ask_bar import AskBar
from ui.widgets.bars import StickyFoot
from ui.widgets.writing_dialog import WritingDialog

_HEADS = ("Versión", "Fecha", "Usuario", "Tamaño", "Nombre")


class VersionsDialog(WritingDialog):
    """``dialog_versions``: open, save or restore any version of a file."""

    def __init__(self, context: Context, ident: int, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_versions")
        self.setWindowTitle("Versiones")
        self._context, self._ident, self._read_only = context, ident, read_only
        self._revisions: list[Revision] = []
        self._is_ready = False
        self.bars, self.bar = MessageBars(self), AskBar(self)
        self.opening = Opening(context, self.bars, self)
        self.opening.failed.connect(lambda text: self.bar.say(text, good=False))
        self.saving = SavingOut(context, self.bar, self)
        self.table = QTreeWidget(self)
        self._build()
        self.resize(720, 380)
        self._load()
        context.bridge.changed.connect(self._changed)

    def _build(self) -> None:
        table = self.table
        table.setObjectName("table")
        table.setAccessibleName("Versiones, la última primero")
        table.setHeaderLabels(_HEADS)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.header().setStretchLastSection(True)
        table.itemActivated.connect(lambda _item, _column: self.open_current())
        table.currentItemChanged.connect(lambda _new, _old: self._refresh())
        foot = StickyFoot(self)
        self.close_button = foot.add_button("Cerrar", name="button_cancel", shortcut="Esc")
        self.close_button.clicked.connect(self.reject)
        self.save_button = foot.add_button("Guardar como…", name="button_save_as", shortcut="Ctrl+Shift+S")
        self.save_button.clicked.connect(self.save_current)
        self.restore_button = foot.add_button("Volver a esta versión", name="button_restore")
        self.restore_button.clicked.connect(self.restore_current)
        self.restore_button.setVisible(not self._read_only)
        self.open_button = foot.add_button("Abrir", name="button_open", kind="primary")
        self.open_button.clicked.connect(self.open_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bars, self.bar, table, foot):
            column.addWidget(part, 1 if part is table else 0)
        for key in ("Return", "Enter"):
            key_in(key, table, self.open_current, whole=False)
        self._refresh()

    def is_ready(self) -> bool:
        """Whether the versions are shown."""
        return self._is_ready

    # --- what there is

    def _load(self) -> None:
        ident = self._ident
        self._context.bridge.read(lambda session: keeping.revisions(session, ident), self._show, self,
                                  failed=self._failed, purpose="versions")  # fmt: skip

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._ident in changes.tables.get("document", frozenset()):
            self._load()

    def _show(self, revisions: list[Revision]) -> None:
        self._revisions, self._is_ready = revisions, True
        self.setWindowTitle(f"Versiones de «{revisions[0].file_name}»")
        self.table.clear()
        for each in revisions:
            words = f"{each.revision} (la actual)" if each.version_id is None else str(each.revision)
            row = [words, moment(each.at, clock.today()), each.by, sizes.format_size(each.size), each.file_name]
            item = QTreeWidgetItem(self.table, row)
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setIcon(0, icons.icon("versions" if each.version_id is not None else "validate"))
        self.table.setCurrentIndex(self.table.model().index(0, 0))
        self.table.setFocus()

    def current(self) -> Revision | None:
        """The version chosen."""
        row = self.table.currentIndex().row()
        return self._revisions[row] if 0 <= row < len(self._revisions) else None

    def _refresh(self) -> None:
        chosen = self.current()
        self.open_button.setEnabled(chosen is not None)
        self.save_button.setEnabled(chosen is not None)
        self.restore_button.setEnabled(chosen is not None and chosen.version_id is not None and not self._writing)

    # --- what is done

    def open_current(self) -> None:
        """Open the version chosen; an earlier one cannot be edited."""
        chosen = self.current()
        if chosen is not None:
            self.opening.open(self._ident, chosen.version_id, read_only=self._read_only)

    def save_current(self) -> None:
        """Save a copy of the version chosen."""
        chosen = self.current()
        if chosen is not None:
            self.saving.save([self._ident], chosen.version_id)

    def restore_current(self) -> None:
        """Make the version chosen the present one again."""
        chosen = self.current()
        if chosen is None or chosen.version_id is None:
            return
        self._writing = True
        self._refresh()
        self._context.bridge.write(
            partial(keeping.restore_version, ident=self._ident, version_id=chosen.version_id), self._restored, self,
            failed=self._failed,
        )  # fmt: skip

    def _restored(self, done: Done[str]) -> None:
        self._writing = False
        self._refresh()
        self._context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        self._writing = False
        self._refresh()
        if isinstance(error, Refused | EnvironmentProblem):
            self.bar.say(str(error), good=False)
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
