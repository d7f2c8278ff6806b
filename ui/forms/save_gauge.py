"""How far a long save is, in the foot of its window: a gauge, the words, and everything else standing still."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QWidget

from ui.forms.draft_form import DraftForm
from ui.widgets.bars import StickyFoot

_WIDTH = 160


class SaveGauge(QProgressBar):
    """``save_gauge``. While it is shown ``still`` cannot be used; the window's own Cancelar stops the save."""

    def __init__(self, form: DraftForm, foot: StickyFoot, still: Sequence[QWidget]) -> None:
        super().__init__(foot)
        self.setObjectName("save_gauge")
        self.setAccessibleName("Progreso del guardado")
        self.setFixedWidth(_WIDTH)
        self.setTextVisible(False)
        self._form, self._foot, self._still = form, foot, still
        self._said = ""
        self._focus: QWidget | None = None
        row = foot.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(2, self)
        self.hide()
        form.saving.long.connect(self._switch)
        form.saving.stepped.connect(self._step, Qt.ConnectionType.QueuedConnection)

    def _switch(self, running: bool) -> None:
        if running:
            self._focus = QApplication.focusWidget()
            self._said = self._foot.sentence.text()
            count = len(self._form.held.sources())
            self._foot.set_sentence(f"Guardando {count} archivos…" if count > 1 else "Guardando el archivo…", "busy")
            self.setRange(0, 0)
        else:
            self._foot.set_sentence(self._said)
        for part in self._still:
            part.setEnabled(not running)
        self.setVisible(running)
        if not running and self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()

    def _step(self, done: int, total: int) -> None:
        """Bytes by the million fit no counter of Qt; thousandths do."""
        if not self.isHidden():
            self.setRange(0, 1000)
            self.setValue(done * 1000 // max(total, 1))
