"""The form of a template: its facts above, the text with the fields to put in at the left, the pages at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from ui import theme
from ui.forms.draft_form import DraftForm
from ui.forms.general_tab import GeneralTab
from ui.forms.record_head import ElidedLabel
from ui.papers.code import CodeEditor
from ui.papers.places_list import PlacesList
from ui.papers.preview import Preview
from ui.widgets.chips import IconLabel
from ui.widgets.field_row import FormGrid

FACTS = ("name", "printed", "foot", "is_default", "is_active")
_SHARES = (560, 480), (380, 190)
"""Text and pages; text and fields: their first sizes in pixels."""


class TemplateTab(GeneralTab):
    """Where a template is written. ``build`` once the form knows its fields."""

    def __init__(self, form: DraftForm, parent: QWidget | None = None) -> None:
        super().__init__(form, parent)
        self._template_form = form
        self.code = CodeEditor()
        self.code.setObjectName("field_body")
        self.code.set_accessible_name("Página, en HTML (obligatorio)")
        self.places = PlacesList(self)
        self.preview = Preview(self)
        self.problem = _ProblemLine(self)
        self.caption = ElidedLabel("", self)
        self.caption.setObjectName("preview_caption")
        theme.set_role(self.caption, "small")
        self.restore = QPushButton("Restaurar la original", self)
        self.restore.setObjectName("button_restore_original")
        theme.set_kind(self.restore, "quiet")
        self.grid = FormGrid(columns=5, column_width=150)
        self._body = QWidget()
        self.code.said.connect(self.problem.say)
        self.code.area.left.connect(self.places.tree.setFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(
            _column(_row(_title("Página (HTML) *"), None, self.restore), self.code, self.problem, below=True)
        )
        left.addWidget(_column(_row(_title("Campos que se pueden insertar")), self.places, above=True))
        left.setSizes(list(_SHARES[1]))
        left.setStretchFactor(0, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("template_split")
        split.addWidget(left)
        split.addWidget(_column(_row(_title("Vista previa"), self.caption), self.preview))
        split.setSizes(list(_SHARES[0]))
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        for each in (left, split):
            each.setChildrenCollapsible(False)
            each.setHandleWidth(1)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self.grid)
        column.addWidget(split, 1)

    def build(self) -> None:
        """Make the editors, in tab order."""
        form = self._template_form
        for name in FACTS:
            self.grid.add(form.row(name, tooltip=form.fields[name].help))
        form.bind("body", self.code)

    def attach(self) -> None:
        """Show what was built; it scrolls inside, not as a whole."""
        if self.widget() is None:
            self.setWidget(self._body)


class _ProblemLine(QFrame):
    """What is wrong with the text, with its line; its room stays, so that nothing jumps while one writes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon = IconLabel("error", "overdue", parent=self)
        self.label = QLabel(self)
        self.label.setObjectName("error_body")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setWordWrap(True)
        theme.set_role(self.label, "error")
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() + theme.SPACE_XS)
        self.icon.hide()

    def say(self, text: str) -> None:
        """Show what is wrong, or nothing."""
        self.label.setText(text)
        self.icon.setVisible(bool(text))


def _title(text: str) -> QLabel:
    label = QLabel(text)
    theme.set_role(label, "label")
    return label


def _row(*parts: QWidget | None) -> QWidget:
    """Parts side by side, as high as a button, so that neighbours begin at one height; None takes the room."""
    box = QWidget()
    box.setFixedHeight(theme.CONTROL_HEIGHT)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_S)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, 1 if isinstance(part, ElidedLabel) else 0)
    if len(parts) == 1:
        row.addStretch(1)
    return box


def _column(top: QWidget, main: QWidget, *more: QWidget, above: bool = False, below: bool = False) -> QWidget:
    """One side of a splitter, with room beside its handle."""
    box = QWidget()
    column = QVBoxLayout(box)
    left, right = (0, theme.SPACE_S) if above or below else (theme.SPACE_S, 0)
    column.setContentsMargins(left, theme.SPACE_XS if above else 0, right, theme.SPACE_XS if below else 0)
    column.setSpacing(theme.SPACE_XS)
    column.addWidget(top)
    column.addWidget(main, 1)
    for part in more:
        column.addWidget(part)
    return box
