"""A window with every part, to look at: ``python -m ui.widgets.gallery [light|dark]``."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from typing import Any, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QTableView,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from oficrm.rules.workdays import WorkCalendar
from ui import icons, theme
from ui.widgets.bars import SearchField, SegmentedButtons, StickyFoot
from ui.widgets.chips import Chip, StateChip
from ui.widgets.choice_editors import Choice, ChoiceEditor, TwoWayEditor, YesNoEditor
from ui.widgets.date_editors import DateEditor, DurationEditor, TimeEditor
from ui.widgets.editor import Editor
from ui.widgets.feedback import BusyBar, EmptyState, NoticeStack
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid
from ui.widgets.flow import FlowLayout
from ui.widgets.image_editor import ImageEditor
from ui.widgets.link_editor import LinkEditor
from ui.widgets.mini_bars import DayLoad, MiniBars
from ui.widgets.multi_choice import MultiChoiceEditor
from ui.widgets.suggest import Option, among
from ui.widgets.tags_editor import Tag, TagsEditor
from ui.widgets.text_editors import BlockEditor, LineEditor, MoneyEditor, NumberEditor

TODAY = dt.date(2026, 11, 21)
TYPES = [
    Choice("email", "Email", "email"),
    Choice("visit", "Visita", "visit"),
    Choice("phone", "Teléfono", "phone"),
    Choice("fair", "Feria", "fair"),
    Choice("demo", "Demostración", "demo"),
]
CLIENTS = [
    Option(1, "Talleres Ruiz", "C-00012 · Alicante · 965 12 34 56", "client"),
    Option(2, "Hotel Azahar", "C-00031 · Valencia · 963 98 76 54", "client"),
    Option(3, "Ruiz e Hijos, S. A.", "P-00007 · Murcia", "client"),
]
ACTIONS = [Option(1, "Enviar catálogo"), Option(2, "Enviar oferta"), Option(3, "Llamar por teléfono")]


class Gallery(QWidget):
    """All parts in their states."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Galería")
        self.resize(1366, 768)
        self.rows: dict[str, FieldRow] = {}
        self.notices = NoticeStack(self, bottom=56)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tool_bar())
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._side_bar())
        middle.addWidget(self._page(), 1)
        column.addLayout(middle, 1)
        column.addWidget(self._foot())

    def _tool_bar(self) -> QWidget:
        frame = QFrame(self)
        theme.set_surface(frame, "toolbar")
        bar = QToolBar(frame)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for icon, text in (
            ("add", "Añadir"),
            ("edit", "Modificar"),
            ("view", "Consultar"),
            ("delete", "Borrar"),
            ("", ""),
            ("change_date", "Cambiar fecha"),
            ("history", "Histórico"),
            ("", ""),
            ("print", "Imprimir"),
        ):
            if icon:
                bar.addAction(icons.icon(icon), text)
            else:
                bar.addSeparator()
        bar.actions()[3].setEnabled(False)
        row = QHBoxLayout(frame)
        row.setContentsMargins(theme.SPACE_S, 0, theme.SPACE_L, 0)
        row.addWidget(bar)
        row.addStretch(1)
        row.addWidget(SearchField(frame, placeholder="Buscar o mandar…  Ctrl+K"))
        return frame

    def _side_bar(self) -> QWidget:
        side = QListWidget(self)
        theme.set_kind(side, "nav")
        side.setFixedWidth(170)
        for name, text in (
            ("contact", "Contactos"),
            ("today_view", "Hoy"),
            ("client", "Clientes"),
            ("person", "Personas"),
            ("opportunity", "Oportunidades"),
            ("quote", "Presupuestos"),
            ("product", "Inventariables"),
        ):
            QListWidgetItem(icons.icon(name), text, side)
        side.setCurrentRow(0)
        return side

    def _page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        row.setSpacing(theme.SPACE_M)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.SPACE_M)
        left.addWidget(self._form())
        left.addStretch(1)
        for part in (self._states(), self._tabs(), self._load()):
            right.addWidget(part)
        right.addStretch(1)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        return scroll

    def _field(
        self, grid: FormGrid, name: str, label: str, editor: Editor, value: Any = None, span: int = 1, **more: Any
    ) -> FieldRow:
        row = FieldRow(name, label, editor, **more)
        editor.set_value(value)
        self.rows[name] = row
        grid.add(row, span)
        return row

    def _form(self) -> Card:
        card = Card("Datos del contacto")
        grid = FormGrid(columns=3, column_width=180)
        card.add(grid)
        days = WorkCalendar("ES")
        self._field(grid, "client", "Cliente", LinkEditor(among(CLIENTS), creatable=True), CLIENTS[0], required=True)
        self._field(grid, "date", "Fecha", DateEditor(today=lambda: TODAY, calendar=days), dt.date(2026, 12, 8))
        self._field(grid, "duration", "Duración", DurationEditor(timer=True), 90)
        self._field(
            grid,
            "next",
            "Próximo contacto",
            DateEditor(today=lambda: TODAY, quick=True, with_time=True, calendar=days),
            None,
            2,
        )
        self._field(grid, "time", "Hora", TimeEditor(), dt.time(10, 30))
        self._field(grid, "type", "Tipo", ChoiceEditor(TYPES), "email", required=True)
        self._field(grid, "types", "Tipos", MultiChoiceEditor(TYPES, empty="Todos"), ["email", "visit"])
        self._field(grid, "who", "Quién", TwoWayEditor(Choice("us", "Nosotros"), Choice("them", "Ellos")), "us")
        self._field(grid, "email", "Correo", LineEditor(), "marta@", help="Uno solo").set_error(
            "No es una dirección de correo."
        )
        self._field(grid, "amount", "Importe", MoneyEditor(), Decimal("1240.5"), help="Sin IVA")
        self._field(grid, "discount", "Descuento", NumberEditor(suffix="%"), Decimal("12.5"))
        self._field(grid, "code", "Código", LineEditor(), "C-00012").editor.set_read_only(True)
        closed = self._field(grid, "closed", "Fecha de cierre", DateEditor(today=lambda: TODAY), TODAY)
        closed.editor.set_read_only(True)
        self._field(grid, "off", "No disponible", LineEditor(), "Sin permiso").editor.setEnabled(False)
        tags = [Tag(1, "Enviar catálogo"), Tag(None, "Preguntar por Marta")]
        self._field(grid, "actions", "Acciones a tomar", TagsEditor(among(ACTIONS)), tags, FULL)
        self._field(grid, "notes", "Notas", BlockEditor(), "Llamó Marta por la oferta.\nQuiere precio para 20.", 2)
        self._field(grid, "photo", "Foto", ImageEditor())
        self._field(grid, "active", "Activo", YesNoEditor(), True)
        return card

    def _states(self) -> Card:
        card = Card("Estados y botones")
        count = QPushButton("Ver todo")
        theme.set_kind(count, "link")
        card.add_to_head(count)
        shelf = QWidget()
        chips, buttons = FlowLayout(shelf), QHBoxLayout()
        for text, kind in (
            ("Vencido", theme.Kind.OVERDUE),
            ("Hoy", theme.Kind.TODAY),
            ("Realizado", theme.Kind.DONE),
            ("Ganada", theme.Kind.WON),
            ("Perdida", theme.Kind.LOST),
            ("Probable", theme.Kind.NEUTRAL),
        ):
            chips.addWidget(StateChip(text, kind))
        chips.addWidget(Chip("Sierra 200", theme.Kind.ACCENT, removable=True))
        card.add(shelf)
        for kind_name, text in (
            ("primary", "Cargar  F5"),
            ("secondary", "Guardar"),
            ("quiet", "Limpiar"),
            ("danger", "Borrar"),
        ):
            button = QPushButton(text)
            theme.set_kind(button, cast(theme.ButtonKind, kind_name))
            buttons.addWidget(button)
        off = QPushButton("No")
        off.setEnabled(False)
        buttons.addWidget(off)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        segments = SegmentedButtons()
        for key, text, number in (("all", "Todos", 412), ("open", "No realizados", 37), ("done", "Realizados", 375)):
            segments.add(key, text, name=f"quick_{key}")
            segments.set_count(key, number)
        card.add(segments)
        self.busy = BusyBar(delay=0)
        card.add(self.busy)
        return card

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        table = QTableView()
        table.setModel(_rows(table))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        table.setShowGrid(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setStretchLastSection(True)
        table.selectRow(1)
        table.setFixedHeight(150)
        tabs.addTab(table, "Contactos 42")
        tabs.addTab(EmptyState("quote", "Este cliente no tiene presupuestos.", "Añadir presupuesto"), "Presupuestos")
        tabs.addTab(QWidget(), "Casos 3")
        self.tabs = tabs
        return tabs

    def _load(self) -> Card:
        card = Card("Carga por día")
        self.bars = MiniBars()
        self.bars.set_days(
            [
                DayLoad("lun 23", 7, 2),
                DayLoad("mar 24", 3, 8),
                DayLoad("mié 25", 0, 8),
                DayLoad("jue 26", 12, 10),
                DayLoad("vie 27", 4, 4),
                DayLoad("sáb 28", 1, 0, free=True),
            ],
            cap=8,
        )
        card.add(self.bars)
        return card

    def _foot(self) -> StickyFoot:
        foot = StickyFoot(self)
        foot.set_sentence("Al aceptar se cierra este contacto y se abre el del vie 28 nov.")
        foot.add_button("Cancelar", name="button_cancel", kind="secondary", shortcut="Esc")
        foot.add_button("Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return")
        return foot


def _rows(parent: QObject) -> QStandardItemModel:
    model = QStandardItemModel(0, 4, parent)
    model.setHorizontalHeaderLabels(["", "Fecha", "Cliente", "Resultado"])
    for kind, name, date, client, result in (
        ("done", "email", "vie 20 nov 10:30", "Talleres Ruiz", "Seguimiento"),
        ("overdue", "visit", "lun 16 nov", "Hotel Azahar", "(abierto)"),
        ("today", "phone", "sáb 21 nov 9:00", "Ruiz e Hijos, S. A.", ""),
    ):
        cells = [
            QStandardItem(icons.icon(name), ""),
            QStandardItem(icons.icon(kind, kind), date),
            QStandardItem(client),
            QStandardItem(result),
        ]
        cells[1].setForeground(QColor(theme.color(kind)))
        model.appendRow(cells)
    return model


def main() -> int:
    """Show the gallery."""
    app = QApplication(sys.argv)
    theme.install_spanish(app)
    theme.apply(app, cast(theme.Mode, sys.argv[1] if len(sys.argv) > 1 else "system"))
    gallery = Gallery()
    gallery.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
