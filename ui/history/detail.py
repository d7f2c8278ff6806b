"""Beside the history: a value in full, or what a version would bring back, and the button that does it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oficrm.history import Entry
from oficrm.restoring import Step
from ui import icons, theme
from ui.history.changes_tree import Group
from ui.history.words import long_moment
from ui.widgets.padded import PaddedDelegate


class Detail(QFrame):
    """Shows what is current in the history. ``restore`` carries the Entry or the Group to go back to."""

    restore = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "card")
        self._shown: Group | Entry | None = None
        self.title = QLabel(self)
        self.title.setFont(theme.font(bold=True))
        self.title.setWordWrap(True)
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        theme.set_role(self.about, "dim")
        self.before, self.after = self._block("Antes"), self._block("Después")
        self._labels = [self._label("Antes"), self._label("Después")]
        self.steps = self._make_steps()
        self.error = QLabel(self)
        self.error.setObjectName("error_restore")
        self.error.setWordWrap(True)
        theme.set_role(self.error, "error")
        self.button = QPushButton(self)
        self.button.setObjectName("button_restore")
        self.button.setIcon(icons.icon("restore"))
        self.button.clicked.connect(lambda: self.restore.emit(self._shown))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_M)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self.title)
        column.addWidget(self.about)
        for label, block in zip(self._labels, (self.before, self.after), strict=True):
            column.addWidget(label)
            column.addWidget(block, 1)
        column.addWidget(self.steps, 2)
        column.addStretch(0)
        column.addWidget(self.error)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_part(None)

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        theme.set_role(label, "label")
        return label

    def _block(self, name: str) -> QPlainTextEdit:
        block = QPlainTextEdit(self)
        block.setReadOnly(True)
        block.setTabChangesFocus(True)
        block.setAccessibleName(name)
        return block

    def _make_steps(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("restore_preview")
        tree.setAccessibleName("Qué cambiaría al restaurar")
        tree.setHeaderLabels(["Campo", "Ahora", "Quedaría"])
        tree.setRootIsDecorated(False)
        tree.setItemDelegate(PaddedDelegate(tree))
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return tree

    def show_part(self, part: Group | Entry | None) -> None:
        """Show a value, or a version whose steps come with ``show_steps``."""
        self._shown = part
        self.show_error("")
        is_value = isinstance(part, Entry)
        for each in (*self._labels, self.before, self.after):
            each.setVisible(is_value)
        self.steps.hide()
        self.button.hide()
        if isinstance(part, Entry):
            self._show_value(part)
        elif part is not None:
            first = part.entries[0]
            self.title.setText(first.operation)
            self.about.setText(f"{first.user}, {long_moment(first.at)}")
        else:
            self.title.setText("")
            self.about.setText("")

    def _show_value(self, entry: Entry) -> None:
        self.title.setText(entry.field or entry.action)
        self.about.setText(f"{entry.operation}\n{entry.user}, {long_moment(entry.at)}")
        blocks, texts = (self.before, self.after), (entry.before, entry.after)
        for block, label, text in zip(blocks, self._labels, texts, strict=True):
            block.setPlainText(text.replace(" · ", "\n") if entry.action != "Modificación" else text)
            shown = entry.action == "Modificación" or bool(text)
            block.setVisible(shown)
            label.setVisible(shown)
        if entry.action == "Modificación":
            self.button.setText("Restaurar el &valor de antes")
            self.button.show()

    def show_steps(self, part: Group, steps: Sequence[Step]) -> None:
        """Show what restoring a version would change; dropped when something else is shown meanwhile."""
        if part is not self._shown:
            return
        if not steps:
            self.about.setText(f"{self.about.text()}\n\nEl registro está así ahora.")
            return
        self.about.setText(f"{self.about.text()}\n\nAl restaurar esta versión cambiaría:")
        self.steps.clear()
        for step in steps:
            texts = (" ".join(text.split()) or "(vacío)" for text in (step.now, step.then))
            self.steps.addTopLevelItem(QTreeWidgetItem([step.field, *texts]))
        self.steps.show()
        self.button.setText("Restaurar esta &versión")
        self.button.show()

    def show_error(self, text: str) -> None:
        """Say why it was refused; "" takes it away."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def shown(self) -> Group | Entry | None:
        """What is shown."""
        return self._shown
