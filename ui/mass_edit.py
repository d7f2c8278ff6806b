"""Cambiar campo: one field of the selected records, with every value before and after."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from db.fields import Field
from db.registry import module
from oficrm import mass_edit
from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.jobs import Done
from oficrm.mass_edit import Frozen, Preview
from ui import theme
from ui.context import Context
from ui.forms import editors
from ui.forms.message_bar import Answer, MessageBars
from ui.mass_edit_model import AFTER, BEFORE, RECORD, MassEditModel
from ui.widgets.bars import StickyFoot
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.feedback import BusyBar
from ui.widgets.field_row import FieldRow
from ui.widgets.padded import PaddedDelegate
from ui.widgets.writing_dialog import WritingDialog

MANY = 2_000
WAIT_MS = 200
MEMORY_KEY = "mass_edit"
_SHOWN_VALUES = 3


class MassEditDialog(WritingDialog):
    """Changes one field of the records ``ids``; ``applied`` carries the ids that changed."""

    applied = Signal(object)

    def __init__(self, context: Context, table: str, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_mass_edit")
        self.context, self._table, self._ids = context, table, tuple(ids)
        self._fields: dict[str, Field] = {}
        self._frozen: Frozen | None = None
        self._preview: Preview | None = None
        self._row: FieldRow | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._plan)
        self._build()
        self.resize(820, 600)
        context.bridge.read(lambda s: mass_edit.fields(s, table), self._offer, self, failed=self._failed)

    # --- parts

    def _build(self) -> None:
        self.busy = BusyBar(self)
        self.bars = MessageBars(self)
        self.title = QLabel(self)
        theme.set_role(self.title, "title")
        self._set_title(len(self._ids))
        self.choice = ChoiceEditor(empty=None)
        self.choice.changed.connect(self._freeze)
        self.empty = QCheckBox("Dejar &vacío", self)
        self.empty.setObjectName("check_empty")
        self.empty.toggled.connect(self._emptied)
        self.present = QLabel(self)
        self.present.setWordWrap(True)
        theme.set_role(self.present, "dim")
        self.foot = StickyFoot(self)
        self.cancel = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.cancel.clicked.connect(self.reject)
        self.accept_button = self.foot.add_button("Cambiar", name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self.accept_button.clicked.connect(self._apply)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_M)
        body.addWidget(self.title)
        body.addWidget(self._make_card())
        body.addWidget(self.present)
        body.addWidget(self._make_table(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.busy)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)
        self._show_foot()

    def _make_card(self) -> QFrame:
        card = QFrame(self)
        theme.set_surface(card, "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_M)
        row.setSpacing(theme.SPACE_M)
        chooser = FieldRow("mass_field", "Campo", self.choice)
        row.addWidget(chooser, 2, Qt.AlignmentFlag.AlignTop)
        self._place = QVBoxLayout()
        row.addLayout(self._place, 3)
        column = QVBoxLayout()
        column.setSpacing(2)
        above = QLabel(" ", card)
        theme.set_role(above, "label")
        column.addWidget(above)
        column.addWidget(self.empty)
        column.addStretch(1)
        row.addLayout(column)
        return card

    def _make_table(self) -> QTableView:
        self.model = MassEditModel(self)
        self.table = QTableView(self)
        self.table.setObjectName("table")
        self.table.setAccessibleName("Registros, antes y después")
        self.table.setModel(self.model)
        self.table.setItemDelegate(PaddedDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(AFTER, QHeaderView.ResizeMode.Stretch)
        for column, width in ((RECORD, 280), (BEFORE, 150)):
            self.table.setColumnWidth(column, width)
        return self.table

    def _set_title(self, count: int) -> None:
        facts = module(self._table).module
        what = facts.named(count)
        text = f"Cambiar un campo de {count:,} {what}".replace(",", ".")
        self.title.setText(text)
        self.setWindowTitle(text)

    # --- the field

    def _offer(self, fields: list[Field]) -> None:
        self._fields = {field.name: field for field in fields}
        self.choice.set_choices([Choice(field.name, field.label) for field in fields])
        last = self.context.memory.get(MEMORY_KEY, {}).get(self._table)
        if fields:
            self.choice.set_value(last if last in self._fields else fields[0].name)
            self._freeze()
            self.choice.focus()

    def field(self) -> Field | None:
        """The field chosen."""
        return self._fields.get(self.choice.value() or "")

    def is_ready(self) -> bool:
        """Whether the values of now are shown."""
        return self._frozen is not None and not self._writing

    def _freeze(self) -> None:
        """Read what the field chosen holds now, and offer its editor."""
        field = self.field()
        if field is None:
            return
        self._make_editor(field)
        self._read(field)

    def _read(self, field: Field) -> None:
        table, ids = self._table, self._ids
        self._frozen = self._preview = None
        self._show_foot()
        self.busy.start()
        self.context.bridge.read(lambda s: mass_edit.frozen(s, table, ids, field.name), self._froze, self,
                                 purpose="frozen", slow=len(ids) > MANY, failed=self._failed)  # fmt: skip

    def _make_editor(self, field: Field) -> None:
        if self._row is not None:
            self._row.hide()
            self._row.deleteLater()
        editor = editors.make(field, editors.Kit(self.context, self), self)
        self._row = FieldRow(field.name, f"Nuevo valor de {field.label}", editor, help=field.help)
        editor.changed.connect(self._edited)
        self._place.addWidget(self._row)
        self.empty.blockSignals(True)
        self.empty.setChecked(False)
        self.empty.blockSignals(False)
        self.empty.setVisible(not field.required and field.kind != "yes_no")

    def _froze(self, frozen: Frozen) -> None:
        self.busy.stop()
        self._frozen = frozen
        self._set_title(len(frozen.targets))
        if frozen.gone:
            text = "Un registro ya no existe." if frozen.gone == 1 else f"{frozen.gone} registros ya no existen."
            self.bars.show_message("gone", text, "today")
        found = frozen.present()
        shown = [f"{' '.join(text.split())[:40] or 'vacío'} ({count})" for text, count in found[:_SHOWN_VALUES]]
        more = f" y {len(found) - _SHOWN_VALUES} valores más" if len(found) > _SHOWN_VALUES else ""
        self.present.setText(f"Ahora: {', '.join(shown)}{more}." if shown else "")
        self.model.show_frozen(frozen)
        self._edited()

    # --- the value

    def _emptied(self, empty: bool) -> None:
        if self._row is not None:
            self._row.editor.setEnabled(not empty)
            self._row.set_error(None)
        self._edited()

    def _edited(self) -> None:
        self._preview = None
        self.model.show_preview(None)
        self._show_foot()
        if self._frozen is not None:
            self._timer.start(WAIT_MS if len(self._ids) > MANY else 0)

    def raw(self) -> Any:
        """What is to be set; None without ``Dejar vacío`` means that nothing was typed yet."""
        return None if self._row is None or self.empty.isChecked() else self._row.editor.value()

    def _plan(self) -> None:
        frozen, raw = self._frozen, self.raw()
        if frozen is None or self._row is None or (raw in (None, "") and not self.empty.isChecked()):
            return

        def then(outcome: Preview | ValidationError) -> None:
            self._planned(frozen, raw, outcome)

        self.context.bridge.read(lambda s: mass_edit.try_preview(s, frozen, raw), then, self, purpose="preview",
                                 slow=len(self._ids) > MANY, failed=self._failed)  # fmt: skip

    def _planned(self, frozen: Frozen, raw: Any, outcome: Preview | ValidationError) -> None:
        if frozen is not self._frozen or raw != self.raw() or self._row is None:
            return
        if isinstance(outcome, ValidationError):
            self._row.set_error(" ".join(text for texts in outcome.errors.values() for text in texts))
        else:
            self._row.set_error(None)
            self._preview = outcome
            self.model.show_preview(outcome)
        self._show_foot()

    def preview(self) -> Preview | None:
        """What the screen shows and the button will write."""
        return self._preview

    def _show_foot(self) -> None:
        preview = self._preview
        count = len(preview.changes) if preview else 0
        facts = module(self._table).module
        what = facts.named(count)
        text = "Cambiando…" if self._writing else f"Cambiar {count:,} {what}".replace(",", ".") if count else "Cambiar"
        self.accept_button.setText(f"{text}   Ctrl+↵")
        self.accept_button.setAccessibleName(text)
        self.accept_button.setEnabled(bool(count) and not self._writing)
        self.foot.set_sentence(_sentence(preview) if preview else "")

    # --- writing

    def _apply(self) -> None:
        preview = self._preview
        if preview is None or self._writing:
            return
        self._writing = True
        self.bars.clear()
        self._lock()
        self.busy.start()
        self.context.bridge.write(lambda s: mass_edit.apply(s, preview), self._applied, self, failed=self._failed)

    def _lock(self) -> None:
        for part in (self.choice, self.empty, self.cancel, *([self._row] if self._row else [])):
            part.setEnabled(not self._writing)
        self._show_foot()

    def _applied(self, done: Done[int]) -> None:
        self._writing = False
        self.busy.stop()
        assert self._preview is not None
        chosen = self._preview.frozen.field
        kept = dict(self.context.memory.get(MEMORY_KEY, {}))
        self.context.memory.put(MEMORY_KEY, kept | {self._table: chosen.name})
        self.context.notices.show(f"{mass_edit.operation_label(self._preview.frozen, done.value)}: hecho.",
                                  done.changes.operation_id)  # fmt: skip
        self.applied.emit(tuple(self._preview.changes))
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.busy.stop()
        wrote, self._writing = self._writing, False
        self._lock()
        if isinstance(error, Refused | EnvironmentProblem):
            again = [Answer("Volver a leer", self._again, "button_again", True)] if wrote else []
            self.bars.show_message("problem", str(error), "overdue", again)
        else:
            self.bars.show_message("problem", "No se ha cambiado nada.", "overdue")
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    def _again(self) -> None:
        """Read the records anew; what was typed stays."""
        self.bars.clear()
        if (field := self.field()) is not None:
            self._read(field)


def _sentence(preview: Preview) -> str:
    same = len(preview.frozen.targets) - len(preview.changes) - len(preview.blocked)
    parts = []
    if same:
        parts.append("1 ya lo tiene" if same == 1 else f"{same:,} ya lo tienen".replace(",", "."))
    if preview.blocked:
        count = len(preview.blocked)
        parts.append("1 no puede cambiar" if count == 1 else f"{count:,} no pueden cambiar".replace(",", "."))
    return f"{', '.join(parts).capitalize()}." if parts else "Se puede deshacer con Ctrl+Z."
