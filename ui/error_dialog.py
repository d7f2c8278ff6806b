"""An error of ours: say so, offer the report to copy, and let the work go on."""

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from oficrm import __version__
from ui import theme


class ErrorDialog(QDialog):
    """Shows the report of one or more errors. Not modal: the program stays alive behind it."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_error")
        self.setWindowTitle("Algo ha fallado en OfiCRM")
        self.resize(640, 380)
        title = QLabel("Algo ha fallado, y es cosa nuestra.")
        theme.set_role(title, "title")
        text = QLabel("Nada de lo guardado se ha perdido y puede seguir trabajando. Copie el informe y envíelo a quien "
                      "le da soporte.")  # fmt: skip
        text.setWordWrap(True)
        self.report = QPlainTextEdit(f"OfiCRM {__version__} · Qt {qVersion()} · {platform.platform()}\n\n{details}")
        self.report.setObjectName("report")
        self.report.setReadOnly(True)
        self.report.setAccessibleName("Informe del fallo")
        copy = QPushButton("Copiar informe")
        copy.setObjectName("button_copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        close = QPushButton("Seguir trabajando")
        close.setObjectName("button_close")
        theme.set_kind(close, "primary")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(copy)
        foot.addStretch()
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        layout.setSpacing(theme.SPACE_M)
        for widget in (title, text, self.report):
            layout.addWidget(widget)
        layout.addLayout(foot)
        close.setFocus()

    def add(self, details: str) -> None:
        """Append a further error to the report on screen."""
        self.report.appendPlainText(f"\n{details}")
