"""Help: the shortcuts in one place, and what this program is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from oficrm import __version__
from ui import theme

LIST_KEYS = (
    ("Cargar", "F5"), ("Ir al filtro", "Ctrl+F"), ("Del filtro a las filas y vuelta", "F6"),
    ("Periodos de una fecha del filtro", "Alt+↓"), ("Añadir", "Ins"), ("Modificar", "Enter"),
    ("Consultar", "Ctrl+Enter"), ("Borrar", "Supr"), ("Cambiar fecha", "Ctrl+D"), ("Histórico", "Ctrl+H"),
    ("Imprimir", "Ctrl+P"), ("Seleccionar todo", "Ctrl+A"), ("Menú de la fila", "Mayús+F10"),
)  # fmt: skip
FORM_KEYS = (
    ("Aceptar", "Ctrl+Enter"), ("Cancelar", "Esc"), ("Acciones", "Alt+A"), ("Histórico", "Ctrl+H"),
    ("Pestaña siguiente o anterior", "Ctrl+AvPág, Ctrl+RePág"), ("Abrir el calendario o la lista", "F4"),
    ("Un día más o menos en una fecha", "↑ ↓"), ("Abrir el registro elegido", "Ctrl+O"),
    ("Contar la llamada, en Duración", "Ctrl+T"), ("Contactos y presupuestos del cliente", "F9"),
    ("Asumir un correo, en un contacto de tipo Email", "Ctrl+M"),
)  # fmt: skip
FILE_KEYS = (
    ("Añadir archivos", "Ins"), ("Añadir un correo", "Ctrl+Mayús+M"), ("Pegar", "Ctrl+V"),
    ("Abrir", "Enter"), ("Guardar como", "Ctrl+Mayús+S"),
    ("Renombrar", "F2"), ("Quitar", "Supr"), ("Nueva versión", "Ctrl+U"), ("Versiones", "Ctrl+Mayús+H"),
    ("Validar, rechazar, dejar pendiente", "F7, F8, F9"), ("Propiedades", "Alt+Enter"), ("Vista previa", "Alt+P"),
)  # fmt: skip
MAIL_KEYS = (
    ("Importar", "Ins"), ("Vincular a un registro", "Ctrl+L"), ("Abrir el original", "Ctrl+Mayús+O"),
    ("Como se escribió, o solo texto", "Ctrl+U"), ("Buscar en el correo", "Ctrl+F"),
    ("Letra mayor o menor", "Ctrl++, Ctrl+-"),
)  # fmt: skip
DATE_WORDS = (
    ("hoy, mañana, pasado, ayer", "esos días"), ("lun … dom", "el próximo lunes …"), ("+3d, +2s, +1m", "dentro de"),
    ("+5l", "cinco días laborables"), ("15/3, 15 mar", "esa fecha"), ("mañana 10", "día y hora"),
    ("90, 1:30, 1h30", "una duración"),
)  # fmt: skip


ABOUT = """CRM de escritorio para equipos comerciales.
Licencia MIT. Las bibliotecas que usa y sus licencias están en THIRD_PARTY.md."""


class ShortcutsDialog(QDialog):
    """All shortcuts and the quick words of dates, to read while working: it is not modal."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Atajos de teclado")
        self.resize(460, 560)
        tree = QTreeWidget()
        tree.setColumnCount(2)
        tree.setHeaderLabels(["Qué", "Cómo"])
        tree.setColumnWidth(0, 260)
        tree.setRootIsDecorated(False)
        native = QKeySequence.SequenceFormat.NativeText
        general = [(action.text().replace("&", ""), action.shortcut().toString(native)) for action in actions]
        groups = (
            ("En todo el programa", [pair for pair in general if pair[1]]),
            ("En una lista", LIST_KEYS),
            ("En una ficha", FORM_KEYS),
            ("En los archivos", FILE_KEYS),
            ("En los correos", MAIL_KEYS),
            ("Palabras que valen en fechas y duraciones", DATE_WORDS),
        )
        for name, pairs in groups:
            top = QTreeWidgetItem([name])
            top.setFont(0, theme.font("text", bold=True))
            tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            top.addChildren([QTreeWidgetItem(list(pair)) for pair in pairs])
            top.setExpanded(True)
        layout = QVBoxLayout(self)
        layout.addWidget(tree)


class AboutDialog(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Acerca de OfiCRM")
        title = QLabel(f"OfiCRM {__version__}")
        theme.set_role(title, "title")
        text = QLabel(ABOUT)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_XL, theme.SPACE_L, theme.SPACE_XL, theme.SPACE_L)
        layout.setSpacing(theme.SPACE_M)
        for widget in (title, text, buttons):
            layout.addWidget(widget)
