"""The first start: the company's country, and an empty program or one with example data."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from oficrm import start
from oficrm.jobs import Done, Progress
from ui import icons, theme
from ui.bridge import Bridge

DEMO_CONTACTS = 2000
COUNTRIES = (("ES", "España", "IVA 21 %, euros, NIF"), ("MX", "México", "IVA 16 %, pesos, RFC"))


class FirstStart(QDialog):
    """Asks once; ``finished_setup`` when the database is ready. With ``demo`` the example data is what was asked."""

    finished_setup = Signal()
    _reported = Signal(int, int)

    def __init__(self, bridge: Bridge, demo: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_first_start")
        self.setWindowTitle("Bienvenido a OfiCRM")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self.setMinimumWidth(520)
        self._bridge = bridge
        self.example_rows = demo or DEMO_CONTACTS
        self._progress: Progress | None = None
        self._reported.connect(self._on_progress)
        self._build(demo is not None)

    def _build(self, only_demo: bool) -> None:
        title = QLabel("Bienvenido a OfiCRM")
        theme.set_role(title, "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL, theme.SPACE_XL)
        layout.setSpacing(theme.SPACE_M)
        layout.addWidget(title)
        layout.addWidget(self._label("¿En qué país trabaja su empresa?", "section"))
        self.countries = QButtonGroup(self)
        for code, name, what in COUNTRIES:
            radio = QRadioButton(f"{name}  ·  {what}")
            radio.setObjectName(f"country_{code}")
            radio.setProperty("country", code)
            radio.setChecked(code == "ES")
            self.countries.addButton(radio)
            layout.addWidget(radio)
        layout.addWidget(self._label("Nombre de la empresa (se puede poner después)", "label"))
        self.company = QLineEdit()
        self.company.setObjectName("field_company_name")
        self.company.setAccessibleName("Nombre de la empresa")
        self.company.setMaxLength(120)
        layout.addWidget(self.company)
        layout.addSpacing(theme.SPACE_S)
        layout.addWidget(self._label("Con datos de ejemplo puede probarlo todo: clientes, un año de contactos, "
                                     "presupuestos, archivos y correos. Son inventados.", "dim"))  # fmt: skip
        self.bar = QProgressBar()
        self.bar.setObjectName("progress")
        room = self.bar.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # else the sentences above are squeezed when it appears
        self.bar.setSizePolicy(room)
        self.bar.hide()
        layout.addWidget(self.bar)
        foot = QHBoxLayout()
        self.cancel = QPushButton("Cancelar")
        self.cancel.setObjectName("button_cancel")
        self.cancel.clicked.connect(self._cancel)
        self.empty = QPushButton("Empezar vacío")
        self.empty.setObjectName("button_empty")
        self.empty.setVisible(not only_demo)
        self.empty.clicked.connect(lambda: self._begin(False))
        self.demo = QPushButton("Datos de ejemplo")
        self.demo.setObjectName("button_demo")
        self.demo.setIcon(icons.icon("catalog"))
        self.demo.clicked.connect(lambda: self._begin(True))
        theme.set_kind(self.demo if only_demo else self.empty, "primary")
        foot.addWidget(self.cancel)
        foot.addStretch()
        foot.addWidget(self.demo)
        foot.addWidget(self.empty)
        layout.addLayout(foot)
        (self.demo if only_demo else self.empty).setDefault(True)

    def _label(self, text: str, role: theme.Role) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        theme.set_role(label, role)
        return label

    def country(self) -> str:
        """Return the chosen country code."""
        chosen = self.countries.checkedButton()
        return str(chosen.property("country")) if chosen else COUNTRIES[0][0]

    def _begin(self, with_demo: bool) -> None:
        country, company, rows = self.country(), self.company.text().strip(), self.example_rows
        progress = self._progress = Progress(self._reported.emit)

        example = rows if with_demo else 0
        self._set_busy(with_demo)
        self._bridge.write(
            lambda session: start.begin(session, country, company, example, progress),
            self._on_done,
            self,
            failed=self._on_failed,
        )

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.empty, self.demo, self.company, *self.countries.buttons()):
            widget.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0)

    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_done(self, _: Done[None]) -> None:
        self._progress = None
        self.finished_setup.emit()
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._progress = None
        self._set_busy(False)
        self._bridge.failed.emit(error, str(error))

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
            self._set_busy(False)
        else:
            self.reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window means cancelling."""
        self._cancel()
        super().closeEvent(event)
