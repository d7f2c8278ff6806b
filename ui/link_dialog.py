"""Choosing a record of any module that mails and chat channels can be filed under, and filing them there."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from db.filed import key_of
from db.models.masters import Master
from db.registry import module, modules
from oficrm import lists
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Done
from ui import icons, theme
from ui.context import Context
from ui.forms.message_bar import MessageBars
from ui.widgets.bars import StickyFoot
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.field_row import FieldRow
from ui.widgets.link_editor import LinkEditor
from ui.widgets.suggest import Deliver, Option
from ui.widgets.writing_dialog import WritingDialog

NOT_PLACES = frozenset({"email_message", "document"})
MEMORY = "mail_link_module"
Link = Callable[[Any, Sequence[int], Sequence[str]], str]
FIRST = ("client", "person", "contact", "opportunity", "quote")


def targets() -> list[str]:
    """The modules a message can be filed under, the usual ones first."""
    listed = [model.module.table for model in modules()
              if model.module.menu and not issubclass(model, Master) and model.screens.picker
              and model.module.menu != "Configuración" and model.module.table not in NOT_PLACES]  # fmt: skip
    return [*FIRST, *(table for table in listed if table not in FIRST)]


class ChooseRecord(WritingDialog):
    """A module and a record of it; ``chosen(key, title)`` when accepted."""

    chosen = Signal(str, str)

    def __init__(self, context: Context, title: str, sentence: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_link_record")
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.bars = MessageBars(self)
        tables = targets()
        kept = context.memory.get(MEMORY)
        self.kind = ChoiceEditor([Choice(each, module(each).module.plural, _icon(each)) for each in tables], empty=None)
        self.kind.set_value(kept if kept in tables else tables[0])
        self.kind.changed.connect(self._kind_changed)
        self.picker = LinkEditor(self._search, openable=False)
        self.picker.changed.connect(self._show_foot)
        self.picker.committed.connect(self._show_foot)
        self.foot = StickyFoot(self)
        self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc").clicked.connect(self.reject)
        self.accept_button = self.foot.add_button(accept, name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self.accept_button.clicked.connect(self._apply)
        self._lay_out(sentence)
        self.resize(520, 280)
        self._show_foot()
        self.picker.focus()

    def _lay_out(self, sentence: str) -> None:
        what = QLabel(sentence, self)
        what.setWordWrap(True)
        theme.set_role(what, "dim")
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_M)
        body.addWidget(what)
        body.addWidget(FieldRow("module", "Módulo", self.kind))
        body.addWidget(FieldRow("record", "Registro", self.picker))
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)

    def _search(self, text: str, deliver: Deliver) -> None:
        table = str(self.kind.value())

        def show(found: list[lists.Choice]) -> None:
            if isValid(self) and table == self.kind.value():
                deliver([Option(each.id, each.title, each.detail) for each in found])

        self._context.bridge.read(lambda s: lists.options(s, [table], text), show, self)

    def _kind_changed(self) -> None:
        self._context.memory.put(MEMORY, self.kind.value())
        self.picker.set_value(None)
        self._show_foot()

    def _show_foot(self) -> None:
        self.accept_button.setEnabled(self.picker.option() is not None and not self._writing)

    def _apply(self) -> None:
        option = self.picker.option()
        if option is not None and not self._writing:
            self._take(key_of(str(self.kind.value()), option.id), option.title)

    def _take(self, key: str, title: str) -> None:
        """What follows; leaves the dialog."""
        self.chosen.emit(key, title)
        self.accept()


class LinkDialog(ChooseRecord):
    """Vincular a otro registro: files records of a module under one more record.

    ``link(session, ids, keys)`` does it and returns the sentence for the notice; ``sentence`` says what for.
    """

    def __init__(
        self, context: Context, link: Link, ids: Sequence[int], sentence: str, parent: QWidget | None = None
    ) -> None:
        self._link, self._ids = link, tuple(ids)
        super().__init__(context, "Vincular a otro registro", sentence, "Vincular", parent)

    def _take(self, key: str, title: str) -> None:
        self._writing = True
        self._show_foot()
        link, ids = self._link, self._ids
        self._context.bridge.write(lambda s: link(s, ids, [key]), self._done, self, failed=self._failed)

    def _done(self, done: Done[str]) -> None:
        self._writing = False
        self._context.notices.show(done.value, done.changes.operation_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._writing = False
        self._show_foot()
        known = isinstance(error, Refused | EnvironmentProblem)
        self.bars.show_message("problem", str(error) if known else "No se ha vinculado.", "overdue")
        if not known:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))


def _icon(table: str) -> str:
    icon = module(table).module.icon
    return icons.known(icon)
