"""Actividad: what was done by whom, newest first, with Deshacer; and the Papelera."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from oficrm import clock, history, restoring, trash
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.history import Activity, Entry
from oficrm.jobs import Changes, Done
from ui import icons, theme, undoing
from ui.context import Context
from ui.history.activity_list import ActivityList, Part, key_of
from ui.history.changes_tree import ICONS, ChangesTree, Group
from ui.history.parts import side_by_side
from ui.history.words import counted, long_moment
from ui.keys import key_in
from ui.widgets.bars import SearchField, SegmentedButtons
from ui.widgets.chips import StateChip
from ui.widgets.feedback import BusyBar, EmptyState

PAGE = 200
SHOWN_CHANGES = 500
MINE, EVERYBODY, TRASH = "mine", "all", "trash"
_UNDOABLE = ("write", "daily", "undo", "redo")


class ActivityPage(QWidget):
    """Operations at the left, the changes of the chosen one at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_activity")
        self.context = context
        self._ready = self._stale = self._all_here = self._loading = False
        self._keep: object = None
        self._build()
        self.reload()
        context.bridge.changed.connect(self._changed)

    # --- parts

    def _build(self) -> None:
        self.busy = BusyBar(self)
        self.scope = SegmentedButtons(self)
        scopes = ((MINE, "Mías", "person"), (EVERYBODY, "Todas", "people"), (TRASH, "Papelera", "delete"))
        for key, text, icon in scopes:
            self.scope.add(key, text, name=f"scope_{key}", icon=icon)
        self.scope.changed.connect(lambda _key: self.reload())
        self.search = SearchField(self, placeholder="Buscar en la actividad")
        self.search.setObjectName("search")
        self.search.setFixedWidth(260)
        self.search.searched.connect(lambda _text: self.reload())
        self.list = ActivityList(self)
        self.list.chosen.connect(self._choose)
        self.list.end_reached.connect(self._next_page)
        self.empty = EmptyState("activity", "")
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        bar = QHBoxLayout()
        bar.addWidget(self.scope)
        bar.addStretch(1)
        bar.addWidget(self.search)
        splitter = side_by_side(self.stack, self._make_detail(), (640, 500), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_L, theme.SPACE_L)
        column.setSpacing(theme.SPACE_S)
        column.addLayout(bar)
        column.addWidget(self.busy)
        column.addWidget(splitter, 1)
        key_in(QKeySequence.StandardKey.Find, self, self.search.setFocus)

    def _make_detail(self) -> QFrame:
        card = QFrame(self)
        theme.set_surface(card, "card")
        self.title = QLabel(card)
        self.title.setFont(theme.font(bold=True))
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.about = QLabel(card)
        theme.set_role(self.about, "dim")
        self.state = StateChip("Deshecha", theme.Kind.NEUTRAL, card)
        self.button = QPushButton(card)
        self.button.setObjectName("button_undo")
        self.button.clicked.connect(self._act)
        self.error = QLabel(card)
        self.error.setObjectName("error_undo")
        self.error.setWordWrap(True)
        self.error.hide()
        theme.set_role(self.error, "error")
        self.changes = ChangesTree("Campo", card)
        self.changes.setObjectName("table")
        self.changes.setAccessibleName("Cambios de la operación")
        self.changes.itemActivated.connect(lambda _item, _column: self._open())
        self.more = QLabel(card)
        theme.set_role(self.more, "small")
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_S)
        head.addWidget(self.title, 1)
        head.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(card)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        column.setSpacing(theme.SPACE_S)
        column.addLayout(head)
        for part in (self.about, self.error):
            column.addWidget(part)
        column.addWidget(self.changes, 1)
        column.addWidget(self.more)
        return card

    # --- reading

    def is_ready(self) -> bool:
        """Whether the first page is on the screen."""
        return self._ready

    def reload(self) -> None:
        """Read the first page anew; what was chosen stays chosen where it still is."""
        current = self.list.current()
        self._keep = key_of(current) if current is not None else None
        self._stale = self._all_here = False
        self._read(None)

    def _next_page(self) -> None:
        parts = self.list.parts()
        if parts and not self._all_here and not self._loading:
            last = parts[-1]
            self._read(last.id if isinstance(last, Activity) else last.change_id)

    def _read(self, before: int | None) -> None:
        scope, text = self.scope.current(), self.search.text().strip()
        user = self.context.bridge.jobs.actor.user if scope == MINE else None
        self._loading = True
        self.busy.start()

        def then(parts: Sequence[Part]) -> None:
            self.busy.stop()
            self._loading = False
            self._show(scope, text, before, parts)

        if scope == TRASH:
            self.context.bridge.read(lambda s: trash.deleted(s, text=text, before=before, limit=PAGE), then, self,
                                     purpose="list", failed=self._failed)  # fmt: skip
        else:
            self.context.bridge.read(
                lambda s: history.activity(s, user=user, text=text, before=before, limit=PAGE), then, self,
                purpose="list", failed=self._failed,
            )  # fmt: skip

    def _show(self, scope: str, text: str, before: int | None, parts: Sequence[Part]) -> None:
        self._ready = True
        self._all_here = len(parts) < PAGE
        if before is None:
            self.list.blockSignals(True)
            self.list.begin(trash=scope == TRASH)
            self.list.append(parts, clock.today())
            if parts and not (self._keep is not None and self.list.choose(self._keep)):
                self.list.choose(key_of(parts[0]))
            self.list.blockSignals(False)
            self._choose(self.list.current())
        else:
            self.list.append(parts, clock.today())
        self.stack.setCurrentWidget(self.list if self.list.topLevelItemCount() else self.empty)
        if text:
            self.empty.set("search", f"Nada contiene «{text}».")
        elif scope == TRASH:
            self.empty.set("delete", "La papelera está vacía.")
        else:
            self.empty.set("activity", "Aquí aparecerá lo que se haga en el programa, y desde aquí se podrá deshacer.")

    def _changed(self, _changes: Changes, _initiator: object) -> None:
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        """What was written while nobody looked is read now."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    # --- the chosen one

    def _choose(self, part: Part | None) -> None:
        self.error.hide()
        self.changes.set_groups([])
        self.more.hide()
        self.title.setText(part.label if isinstance(part, Activity) else f"{part.label}: {part.title}" if part else "")
        self.about.setText(f"{part.user}, {long_moment(part.at)}" if part else "")
        is_undone = isinstance(part, Activity) and part.is_undone
        self.state.setVisible(is_undone)
        self.button.setVisible(part is not None and not is_undone
                               and (not isinstance(part, Activity) or part.kind in _UNDOABLE))  # fmt: skip
        if isinstance(part, Activity):
            self.button.setText("&Rehacer" if part.kind == "undo" else "Des&hacer")
            self.button.setIcon(icons.icon("redo" if part.kind == "undo" else "undo"))
            ident = part.id
            self.context.bridge.read(lambda s: history.operation_changes(s, ident, SHOWN_CHANGES),
                                     lambda entries: self._show_changes(part, entries), self, purpose="changes",
                                     failed=self._failed)  # fmt: skip
        elif part is not None:
            self.button.setText("&Recuperar")
            self.button.setIcon(icons.icon("restore"))
            table, record = part.table, part.record_id
            self.context.bridge.read(lambda s: history.record_history(s, table, record, SHOWN_CHANGES),
                                     lambda entries: self._show_changes(part, entries), self, purpose="changes",
                                     failed=self._failed)  # fmt: skip

    def _show_changes(self, part: Part, entries: list[Entry]) -> None:
        if part is not self.list.current():
            return
        groups = []
        for _key, found in groupby(entries, key=lambda entry: _heading(entry, part)):
            mine = tuple(found)
            action = next((entry.action for entry in mine if not entry.field), "Modificación")
            groups.append(Group(_heading(mine[0], part), ICONS[action], mine))
        self.changes.set_groups(groups, flat="Registro" if isinstance(part, Activity) else "")
        if isinstance(part, Activity) and part.changes > len(entries):
            rest = counted(part.changes - len(entries), "cambio más", "cambios más")
            self.more.setText(f"… y {rest}, que no se muestran.")
            self.more.show()

    def _open(self) -> None:
        """Open the record of the change under the cursor."""
        part = self.changes.current()
        entry = part.entries[0] if isinstance(part, Group) else part
        if entry is not None:
            self.context.opener.open_record(entry.table, entry.record_id, read_only=True, parent=self)

    # --- undoing

    def _act(self) -> None:
        part = self.list.current()
        if part is None or not self.button.isEnabled():
            return
        self.button.setEnabled(False)
        self.error.hide()
        if isinstance(part, Activity):
            ident = part.id
            undoing.take_back(self.context, lambda _session: ident, self._done, self, self._failed)
        else:
            table, record = part.table, part.record_id
            self.context.bridge.write(lambda s: restoring.restore_deleted(s, table, record), self._done, self,
                                      failed=self._failed)  # fmt: skip

    def _done(self, done: Done[str]) -> None:
        self.button.setEnabled(True)
        self.context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        self.busy.stop()
        self._loading = False
        self.button.setEnabled(True)
        if isinstance(error, Refused | EnvironmentProblem):
            self.error.setText(str(error))
            self.error.show()
        else:
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))


def _heading(entry: Entry, part: Part) -> str:
    """The record of a change; in the trash, where all are of one record, the operation."""
    return entry.record if isinstance(part, Activity) else entry.operation
