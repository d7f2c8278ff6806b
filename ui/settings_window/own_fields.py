"""Campos parametrizables of each module: listed, ordered, switched off and on; and how the form will show them."""

from __future__ import annotations

import traceback
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oficrm import cleaning, custom_fields
from oficrm.custom_fields import Defined
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes, Done
from ui import icons, theme
from ui.context import Context
from ui.forms import editors
from ui.keys import key_in
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.feedback import EmptyState
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid
from ui.widgets.padded import PaddedDelegate

TABLE = "custom_field"
_FIRST_MODULE = "contact"


class OwnFields(QWidget):
    """The third tab of Parámetros. What is done here is written at once, and can be undone."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._fields: list[Defined] = []
        self._ready = False
        self._keep: int | None = None
        self._build()
        self.reload()
        context.bridge.changed.connect(self._changed)

    # --- parts

    def _build(self) -> None:
        modules = [Choice(table, plural, table if icons.has(table) else "") for table, plural in
                   custom_fields.modules_with_fields()]  # fmt: skip
        self.module = ChoiceEditor(modules, empty=None)
        self.module.setObjectName("field_module")
        self.module.set_accessible_name("Módulo")
        self.module.setFixedWidth(220)
        self.module.set_value(_FIRST_MODULE)
        self.module.changed.connect(self.reload)
        self.list = self._make_list()
        self.empty = EmptyState("custom_field" if icons.has("custom_field") else "columns",
                                "Este módulo no tiene campos propios. Uno nuevo aparece en ficha, filtro, columnas, "
                                "histórico y exportación.", "Añadir campo")  # fmt: skip
        self.empty.clicked.connect(self._add)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        self.error = QLabel(self)
        self.error.setObjectName("error_own_fields")
        self.error.setWordWrap(True)
        self.error.hide()
        theme.set_role(self.error, "error")
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_S)
        left.addLayout(self._make_bar())
        left.addWidget(self.stack, 1)
        left.addWidget(self.error)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        row.setSpacing(theme.SPACE_L)
        row.addLayout(left, 3)
        row.addWidget(self._make_preview(), 2)

    def _make_list(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("own_fields")
        tree.setAccessibleName("Campos parametrizables, en su orden")
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setItemDelegate(PaddedDelegate(tree))
        tree.setHeaderLabels(["Campo", "Tipo", "Obligatorio", "Estado"])
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 130), (2, 100), (3, 90)):
            tree.setColumnWidth(column, width)
        tree.currentItemChanged.connect(lambda _now, _before: self._show_buttons())
        tree.itemActivated.connect(lambda _item, _column: self._edit())
        return tree

    def _make_bar(self) -> QHBoxLayout:
        self.add_button = self._button("Añadir", "add", "action_add", self._add)
        self.edit_button = self._button("Modificar", "edit", "action_edit", self._edit)
        self.switch_button = self._button("Desactivar", "stop", "action_switch", self._switch)
        self.up_button = self._button("", "collapse", "action_up", lambda: self._move(-1), "Subir (Alt+↑)")
        self.down_button = self._button("", "expand", "action_down", lambda: self._move(1), "Bajar (Alt+↓)")
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            key_in(keys, self.list, partial(self._move, by), whole=False)
        key_in(Qt.Key.Key_Insert, self, self._add)
        bar = QHBoxLayout()
        bar.setSpacing(theme.SPACE_S)
        bar.addWidget(self.module)
        bar.addStretch(1)
        for button in (self.add_button, self.edit_button, self.switch_button, self.up_button, self.down_button):
            bar.addWidget(button)
        return bar

    def _button(self, text: str, icon: str, name: str, run: object, tip: str = "") -> QPushButton:
        button = QPushButton(icons.icon(icon), text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(text or tip)
        button.setAutoDefault(False)
        theme.set_kind(button, "quiet")
        button.clicked.connect(run)
        return button

    def _make_preview(self) -> Card:
        self.preview = Card("Así se verá en la ficha", self)
        self.grid = FormGrid(columns=2, column_width=160)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.SPACE_XS, 0)
        column.addWidget(self.grid)
        column.addStretch(1)
        scroll = QScrollArea(self.preview)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder)
        scroll.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        self.preview.add(scroll, 1)
        return self.preview

    # --- reading

    def is_ready(self) -> bool:
        """Whether the fields of the module are shown."""
        return self._ready

    def table(self) -> str:
        """The module whose fields are shown."""
        return self.module.value() or _FIRST_MODULE

    def reload(self) -> None:
        """Read the fields of the module again."""
        table = self.table()
        self.context.bridge.read(lambda s: custom_fields.defined(s, table), self._show, self, purpose="fields",
                                 failed=self._failed)  # fmt: skip

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if TABLE in changes.tables:
            self.reload()

    def _show(self, fields: list[Defined]) -> None:
        current = self.current()
        keep = self._keep if self._keep is not None else current.id if current else None
        self._fields, self._ready, self._keep = fields, True, None
        self.list.clear()
        for each in fields:
            required = "Sí" if each.field.required else ""
            item = QTreeWidgetItem([each.field.label, each.kind, required, "Activo" if each.is_active else "Oculto"])
            item.setIcon(3, icons.icon("done", "done") if each.is_active else icons.icon("stop", "dim"))
            if not each.is_active:
                item.setForeground(0, theme.color("dim"))
            self.list.addTopLevelItem(item)
            if each.id == keep or len(fields) == 1:
                self.list.setCurrentItem(item)
        if fields and self.list.currentItem() is None:
            first = self.list.topLevelItem(0)
            assert first is not None
            self.list.setCurrentItem(first)
        self.stack.setCurrentWidget(self.list if fields else self.empty)
        self._show_preview()
        self._show_buttons()

    def _show_preview(self) -> None:
        self.grid.clear()
        kit = editors.Kit(self.context, self)
        shown = [each.field for each in self._fields if each.is_active]
        for field in shown:
            editor = editors.make(field, kit)
            if field.default is not None:
                editor.set_value(cleaning.clean(field, field.default, cleaning.Context()))
            row = FieldRow(f"preview_{field.name}", field.label, editor, required=field.required)
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.grid.add(row, FULL if field.span > 1 else 1)
        self.preview.setVisible(bool(shown))

    def current(self) -> Defined | None:
        """The field under the cursor."""
        item = self.list.currentItem()
        row = self.list.indexOfTopLevelItem(item) if item is not None else -1
        return self._fields[row] if 0 <= row < len(self._fields) else None

    def _show_buttons(self) -> None:
        current = self.current()
        place = self._fields.index(current) if current else -1
        self.edit_button.setEnabled(current is not None)
        self.switch_button.setEnabled(current is not None)
        self.switch_button.setText("Desactivar" if current is None or current.is_active else "Activar")
        self.up_button.setEnabled(place > 0)
        self.down_button.setEnabled(0 <= place < len(self._fields) - 1)

    # --- doing

    def _add(self) -> None:
        last = max((each.field.custom_id for each in self._fields), default=0)
        position = (len(self._fields) + 1) * custom_fields.STEP
        preset = {"module_table": self.table(), "position": position if last else custom_fields.STEP}
        self.context.opener.open_record(TABLE, preset=preset, parent=self)

    def _edit(self) -> None:
        if (current := self.current()) is not None:
            self.context.opener.open_record(TABLE, current.id, parent=self)

    def _switch(self) -> None:
        if (current := self.current()) is not None:
            ident, active = current.id, not current.is_active
            self.error.hide()
            self.context.bridge.write(lambda s: custom_fields.switch(s, ident, active), self._switched, self,
                                      failed=self._failed)  # fmt: skip

    def _switched(self, done: Done[str]) -> None:
        self.context.notices.show(done.value, done.changes.operation_id)

    def _move(self, by: int) -> None:
        current = self.current()
        if current is None:
            return
        ids = [each.id for each in self._fields]
        place = ids.index(current.id)
        if 0 <= place + by < len(ids):
            ids.insert(place + by, ids.pop(place))
            self._keep = current.id
            self.error.hide()
            self.context.bridge.write(lambda s: custom_fields.reorder(s, ids), lambda _done: None, self,
                                      failed=self._failed)  # fmt: skip

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self.error.setText(str(error))
            self.error.show()
        else:
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
