"""Cambiar campo: one field of many records, with what they hold now before anything is written."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from db.fields import Field
from db.registry import module
from oficrm import mass_edit, settings
from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.jobs import Done
from oficrm.settings import Settings
from ui import theme
from ui.context import Context
from ui.forms import editors
from ui.widgets.bars import StickyFoot
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.editor import Editor
from ui.widgets.field_row import FieldRow


class MassEditDialog(QDialog):
    """Choose a field, give its value, see how many records change, accept."""

    def __init__(self, context: Context, table: str, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_mass_edit")
        self._context = context
        self._table, self._ids = table, tuple(ids)
        self._fields: dict[str, Field] = {}
        self._settings: Settings | None = None
        self._row: FieldRow | None = None
        facts = module(table).module
        self._name = (facts.label if len(self._ids) == 1 else facts.plural).lower()
        self.setWindowTitle(f"Cambiar un campo de {len(self._ids)} {self._name}")
        self.setMinimumWidth(480)
        self._build()
        context.bridge.read(
            lambda session: (mass_edit.editable(session, table), settings.read(session)), self._on_fields, self
        )

    def _build(self) -> None:
        title = QLabel(self.windowTitle())
        theme.set_role(title, "title")
        self.chooser = ChoiceEditor((), empty="Elija un campo")
        self.chooser.changed.connect(self._on_chosen)
        self.now = QLabel()
        self.now.setObjectName("label_before")
        self.now.setWordWrap(True)
        self.now.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.now, "dim")
        self.problem = QLabel()
        self.problem.setObjectName("label_problem")
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "error")
        self.problem.hide()
        self._place = QVBoxLayout()
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_M)
        body.addWidget(title)
        body.addWidget(FieldRow("which", "Campo", self.chooser, required=True))
        body.addLayout(self._place)
        body.addWidget(self.now)
        body.addWidget(self.problem)
        body.addStretch()
        self.foot = StickyFoot()
        self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc").clicked.connect(self.reject)
        self.accept_button = self.foot.add_button(
            "Cambiar", name="button_accept", kind="primary", shortcut="Ctrl+Return"
        )
        self.accept_button.clicked.connect(self._apply)
        self.accept_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(body, 1)
        layout.addWidget(self.foot)
        self.chooser.focus()

    def is_ready(self) -> bool:
        """True once the fields to choose from are here."""
        return bool(self._fields)

    def _on_fields(self, found: tuple[tuple[Field, ...], Settings]) -> None:
        fields, self._settings = found
        self._fields = {field.name: field for field in fields}
        self.chooser.set_choices([Choice(field.name, field.label) for field in fields])

    def choose(self, name: str) -> None:
        """Choose a field as the user would."""
        self.chooser.set_value(name)
        self._on_chosen()

    def editor(self) -> Editor | None:
        """Return the editor of the chosen field."""
        return self._row.editor if self._row else None

    def _on_chosen(self) -> None:
        field = self._fields.get(str(self.chooser.value()))
        if self._row is not None:
            self._row.deleteLater()
            self._row = None
        self.now.clear()
        self._show_problem("")
        self.accept_button.setEnabled(field is not None)
        if field is None or self._settings is None:
            return
        kit = editors.Kit(self._context, self, self._settings.country, self._settings.currency)
        self._row = FieldRow(field.name, "Valor nuevo", editors.make(field, kit), help=field.help)
        self._place.addWidget(self._row)
        self.foot.rename(self.accept_button, f"Cambiar {len(self._ids)} {self._name}")
        name = field.name
        self._context.bridge.read(
            lambda session: mass_edit.before(session, self._table, self._ids, name), self._on_before, self,
            purpose="before",
        )  # fmt: skip

    def _on_before(self, found: mass_edit.Before) -> None:
        parts = [f"{text} ({count})" for text, count in found.values]
        more = f" y {found.kinds - len(found.values)} valores más" if found.kinds > len(found.values) else ""
        self.now.setText(f"Ahora: {', '.join(parts)}{more}.")

    def _apply(self) -> None:
        if self._row is None:
            return
        self._row.editor.commit()
        name, raw = str(self.chooser.value()), self._row.editor.value()
        self.accept_button.setEnabled(False)
        self._show_problem("")
        self._context.bridge.write(
            lambda session: mass_edit.apply(session, self._table, self._ids, name, raw), self._on_applied, self,
            failed=self._on_failed,
        )  # fmt: skip

    def _on_applied(self, done: Done[tuple[int, ...]]) -> None:
        count = len(done.value)
        changes = "1 cambio" if count == 1 else f"{count} cambios"
        text = f"{done.changes.label}: {changes}." if count else "Ya tenían ese valor: no cambia nada."
        self._context.notices.show(text, done.changes.operation_id if count else None)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self.accept_button.setEnabled(True)
        if isinstance(error, ValidationError) and self._row is not None:
            self._row.set_error(next(iter(error.errors.values()))[0])
            self._row.editor.focus()
        elif isinstance(error, Refused | EnvironmentProblem):
            self._show_problem(str(error))
        else:
            self._context.bridge.failed.emit(error, str(error))

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter stays with the editors; Ctrl+Enter accepts."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            return
        super().keyPressEvent(event)
