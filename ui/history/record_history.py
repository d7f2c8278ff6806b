"""Histórico of a record: every operation that touched it, newest first, and the way back to any of them."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from itertools import groupby

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from db.registry import children
from oficrm import clock, history, restoring
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.history import ACTIONS, Entry, Head
from oficrm.jobs import Changes, Done
from oficrm.restoring import Step
from oficrm.rules.text import plain
from ui import theme
from ui.context import Context
from ui.forms.message_bar import Answer, MessageBars
from ui.history.changes_tree import ICONS, ChangesTree, Group
from ui.history.detail import Detail
from ui.history.parts import ElidedLabel, side_by_side
from ui.history.words import counted, long_moment, moment
from ui.widgets.bars import SearchField
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.feedback import BusyBar, EmptyState

LIMIT = 2000


class RecordHistory(QDialog):
    """Shows and restores what happened to one record."""

    def __init__(self, context: Context, table: str, ident: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_history")
        self.context, self._table, self._ident = context, table, ident
        self._tables = {table, *(child.module.table for child in children(table))}
        self._entries: list[Entry] | None = None
        self.setWindowTitle("Histórico")
        self._build()
        self.resize(1080, 640)
        self._load()
        context.bridge.changed.connect(self._changed)

    # --- parts

    def _build(self) -> None:
        self.busy = BusyBar(self)
        self.bars = MessageBars(self)
        self.title = ElidedLabel(self)
        self.title.setObjectName("title")
        theme.set_role(self.title, "title")
        self.count = QLabel(self)
        theme.set_role(self.count, "dim")
        self.search = SearchField(self, placeholder="Buscar en el histórico")
        self.search.setObjectName("search")
        self.search.setFixedWidth(220)
        self.search.searched.connect(lambda _text: self._show())
        self.field = ChoiceEditor(empty="Todos los campos")
        self.field.setObjectName("filter_field")
        self.field.set_accessible_name("Campo")
        self.field.setFixedWidth(200)
        self.field.changed.connect(self._show)
        self.tree = ChangesTree("Campo", self)
        self.tree.setObjectName("table")
        self.tree.setAccessibleName("Cambios, los últimos primero")
        self.tree.chosen.connect(self._choose)
        self.empty = EmptyState("history", "Ningún cambio contiene lo que busca.", "Quitar filtro")
        self.empty.clicked.connect(self._clear_filter)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.tree)
        self.stack.addWidget(self.empty)
        self.detail = Detail(self)
        self.detail.restore.connect(self._restore)
        self._arrange()
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_S)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.field)
        head.addWidget(self.search)
        splitter = side_by_side(self.stack, self.detail, (700, 360), self)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_L)
        body.setSpacing(theme.SPACE_M)
        body.addLayout(head)
        body.addWidget(splitter, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.busy)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        self.tree.setFocus()

    # --- reading

    def is_ready(self) -> bool:
        """Whether the history is on the screen."""
        return self._entries is not None

    def _load(self) -> None:
        table, ident = self._table, self._ident
        self.busy.start()
        self.context.bridge.read(
            lambda s: (history.head(s, table, ident), history.record_history(s, table, ident, LIMIT)),
            self._loaded, self, purpose="history", failed=self._failed,
        )  # fmt: skip

    def _loaded(self, found: tuple[Head, list[Entry]]) -> None:
        self.busy.stop()
        head, self._entries = found
        name = head.title or f"{head.label} n.º {self._ident}"
        self.title.setText(f"{head.label}: {name}")
        self.setWindowTitle(f"Histórico de {name}")
        fields = sorted({entry.field for entry in self._entries if entry.field}, key=plain)
        self.field.set_choices([Choice(text, text) for text in fields])
        self.bars.hide_message("deleted")
        if head.deleted_at is not None:
            text = f"Está en la papelera: {head.deleted_by} lo borró el {long_moment(head.deleted_at)}."
            answer = Answer("Recuperar", self._restore_record, "button_restore_record", True)
            self.bars.show_message("deleted", text, "today", [answer])
        self._show()

    def _show(self) -> None:
        """Show what the filter lets through, grouped by operation."""
        entries = self._entries or []
        words, field = plain(self.search.text()).split(), self.field.value()
        shown = [entry for entry in entries if field in (None, entry.field) and _holds(entry, words)]
        self.tree.set_groups(_groups(shown))
        self.stack.setCurrentWidget(self.tree if shown or not entries else self.empty)
        whole = counted(len(entries), "cambio", "cambios")
        if len(entries) == LIMIT:
            whole = f"los últimos {whole}"
        self.count.setText(whole if len(shown) == len(entries) else f"{len(shown)} de {whole}")

    def _clear_filter(self) -> None:
        self.search.reset()
        self.field.set_value(None)
        self._show()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        """Something was written: perhaps to this record."""
        if self._ident in changes.tables.get(self._table, ()) or self._tables & set(changes.tables) - {self._table}:
            self._load()

    # --- restoring

    def _choose(self, part: Group | Entry | None) -> None:
        self.detail.show_part(part)
        if not isinstance(part, Group) or any(entry.action == ACTIONS["delete"] and entry.table == self._table
                                              for entry in part.entries):  # fmt: skip
            return  # what a deletion left is no version to go back to: the record itself comes back from the trash
        change_id = part.entries[0].change_id

        def then(steps: list[Step]) -> None:
            self.detail.show_steps(part, steps)

        self.context.bridge.read(lambda s: restoring.version_steps(s, change_id), then, self, purpose="steps",
                                 failed=self._failed)  # fmt: skip

    def _restore(self, part: Group | Entry) -> None:
        entry = part if isinstance(part, Entry) else part.entries[0]
        restore = restoring.restore_value if isinstance(part, Entry) else restoring.restore_version
        self.context.bridge.write(lambda s: restore(s, entry.change_id), self._restored, self, failed=self._failed)

    def _restore_record(self) -> None:
        table, ident = self._table, self._ident
        self.context.bridge.write(lambda s: restoring.restore_deleted(s, table, ident), self._restored, self,
                                  failed=self._failed)  # fmt: skip

    def _restored(self, done: Done[str]) -> None:
        self.context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        self.busy.stop()
        if isinstance(error, Refused | EnvironmentProblem):
            if self.bars.has("deleted"):
                self.bars.show_message("problem", str(error), "overdue")
            else:
                self.detail.show_error(str(error))
        else:
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))


def _holds(entry: Entry, words: Sequence[str]) -> bool:
    text = plain(" ".join((entry.field, entry.before, entry.after, entry.user, entry.operation)))
    return all(word in text for word in words)


def _groups(entries: Sequence[Entry]) -> list[Group]:
    today = clock.today()
    groups = []
    for _operation, found in groupby(entries, key=lambda entry: entry.operation_id):
        mine = tuple(found)
        first = mine[0]
        whole = next((entry.action for entry in mine if not entry.field), "Modificación")
        groups.append(Group(f"{moment(first.at, today)}  ·  {first.user}  ·  {first.operation}", ICONS[whole], mine,
                            long_moment(first.at)))  # fmt: skip
    return groups
