"""Two people changed the same fields: mine and theirs side by side, one choice a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from oficrm import display
from oficrm.errors import Conflict, Difference
from ui import theme, tips
from ui.widgets.bars import StickyFoot

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm

NOTHING = "(vacío)"
_LONGEST = 400


class ConflictDialog(QDialog):
    """``dialog_conflict``: accepted, ``keep_mine`` names the fields in which mine wins."""

    def __init__(
        self,
        form: DraftForm,
        conflict: Conflict,
        original: dict[str, str],
        mine: dict[str, str],
        theirs: dict[str, str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_conflict")
        self.setWindowTitle("Dos cambios a la vez")
        self._form, self._who = form, conflict.who or "Otra persona"
        self._titles = (original, mine, theirs)
        self._mine: dict[str, QRadioButton] = {}
        self._groups: list[QButtonGroup] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._intro(conflict))
        column.addWidget(self._table(conflict), 1)
        column.addWidget(self._foot())
        self.resize(760, min(560, 190 + 40 * len(conflict.differences)))

    def keep_mine(self) -> set[str]:
        """The fields in which what I wrote is kept."""
        return {name for name, button in self._mine.items() if button.isChecked()}

    def _intro(self, conflict: Conflict) -> QLabel:
        count = len(conflict.differences)
        what = "un dato que usted también cambió" if count == 1 else f"{count} datos que usted también cambió"
        intro = QLabel(f"Mientras escribía, {self._who} guardó {what}. Elija qué queda en cada uno; lo demás se une "
                       "solo.", self)  # fmt: skip
        intro.setWordWrap(True)
        intro.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_S)
        return intro

    def _table(self, conflict: Conflict) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        body = QFrame(area)
        theme.set_surface(body, "panel")
        grid = QGridLayout(body)
        grid.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_L, theme.SPACE_L)
        grid.setHorizontalSpacing(theme.SPACE_L)
        grid.setVerticalSpacing(theme.SPACE_S)
        for at, text in enumerate(("", "Antes", "Lo mío", f"Lo de {self._who}")):
            head = QLabel(text, body)
            theme.set_role(head, "label")
            grid.addWidget(head, 0, at)
        for row, difference in enumerate(conflict.differences, 1):
            self._add(grid, row, difference, body)
        for at in (1, 2, 3):
            grid.setColumnStretch(at, 1)
        grid.setRowStretch(len(conflict.differences) + 1, 1)
        area.setWidget(body)
        return area

    def _add(self, grid: QGridLayout, row: int, difference: Difference, body: QWidget) -> None:
        name = difference.field
        label = QLabel(difference.label, body)
        theme.set_role(label, "section")
        before = self._words(difference, difference.original, 0, body)
        theme.set_role(before, "dim")
        group = QButtonGroup(self)
        mine, theirs = QRadioButton(body), QRadioButton(body)
        mine.setObjectName(f"mine_{name}")
        theirs.setObjectName(f"theirs_{name}")
        mine.setChecked(True)
        for at, (button, value) in enumerate(((mine, difference.mine), (theirs, difference.theirs)), 1):
            group.addButton(button)
            words = self._words(difference, value, at, body)
            button.setAccessibleName(f"{difference.label}: {words.text()}")
            words.setBuddy(button)
            cell = QGridLayout()
            cell.setSpacing(theme.SPACE_XS)
            cell.addWidget(button, 0, 0)
            cell.addWidget(words, 0, 1)
            cell.setColumnStretch(1, 1)
            grid.addLayout(cell, row, at + 1)
        grid.addWidget(label, row, 0)
        grid.addWidget(before, row, 1)
        self._mine[name] = mine
        self._groups.append(group)

    def _words(self, difference: Difference, value: Any, side: int, parent: QWidget) -> QLabel:
        text = self._text(difference, value, side)
        label = QLabel(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", parent)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setToolTip(tips.plain(text) if len(text) > _LONGEST else "")
        return label

    def _text(self, difference: Difference, value: Any, side: int) -> str:
        if value is None or value == "":
            return NOTHING
        if isinstance(value, list):
            return f"{len(value)} líneas" if len(value) != 1 else "1 línea"
        field = self._form.fields[difference.field]
        if field.kind in ("link", "either"):
            return self._titles[side].get(field.name, str(value))
        if isinstance(value, str) and field.kind not in ("choice", "country", "phone"):
            return value
        return display.show(field, value, self._form.kit.country, self._form.kit.currency) or NOTHING

    def _foot(self) -> StickyFoot:
        foot = StickyFoot(self)
        foot.set_sentence("")
        cancel: QPushButton = foot.add_button("Seguir escribiendo", name="button_cancel")
        accept: QPushButton = foot.add_button(
            "Guardar lo elegido", name="button_accept", kind="primary", shortcut="Ctrl+Return"
        )
        cancel.clicked.connect(self.reject)
        accept.clicked.connect(self.accept)
        return foot
