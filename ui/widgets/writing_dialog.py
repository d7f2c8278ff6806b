"""A dialog that writes to the database: it cannot be left while its write is on the way."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog


class WritingDialog(QDialog):
    """Set ``_writing`` from the moment of asking until the answer; Esc, Cancelar and the cross wait for it."""

    _writing = False

    def reject(self) -> None:
        """Leave without writing; not while it is being written."""
        if not self._writing:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross is Cancelar."""
        if self._writing:
            event.ignore()
        else:
            super().closeEvent(event)
