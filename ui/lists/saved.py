"""Saved filters of a list: a menu with their names, and a line to name the present one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QToolButton, QWidget

from oficrm.views import MAX_NAME, View
from ui import icons, theme

NO_NAME = "Filtros guardados"


class SavedFilters(QWidget):
    """Stands at the head of the filter panel."""

    picked = Signal(object)
    save_asked = Signal(str)
    delete_asked = Signal(object)
    at_open_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[View, ...] = ()
        self._current: int | None = None
        self.at_open = QAction("Cargar al abrir", self)
        self.at_open.setObjectName("action_load_at_open")
        self.at_open.setCheckable(True)
        self.at_open.toggled.connect(self.at_open_changed)
        self.button = QToolButton(self)
        self.button.setObjectName("saved_filters")
        self.button.setIcon(icons.icon("star"))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.save_button = QPushButton("Guardar", self)
        self.save_button.setObjectName("button_save_filter")
        self.save_button.setToolTip("Guardar estos criterios, el orden y las columnas con un nombre")
        theme.set_kind(self.save_button, "quiet")
        self.save_button.clicked.connect(self.open_name)
        self.line = _NameLine(self)
        self.line.setObjectName("field_filter_name")
        self.line.setPlaceholderText("Nombre del filtro")
        self.line.setAccessibleName("Nombre del filtro")
        self.line.setMaxLength(MAX_NAME)
        self.line.setFixedWidth(180)
        self.line.returnPressed.connect(self._save)
        self.line.left.connect(self.close_name)
        self.error_label = QLabel(self)
        self.error_label.setObjectName("error_filter_name")
        theme.set_role(self.error_label, "error")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        for part in (self.error_label, self.line, self.button, self.save_button):
            row.addWidget(part)
        self.line.hide()
        self.error_label.hide()
        self._dress()

    def set_views(self, views: Sequence[View]) -> None:
        """Offer these."""
        self._views = tuple(views)
        if self._current not in {view.id for view in views}:
            self._current = None
        self._dress()

    def set_current(self, ident: int | None) -> None:
        """Name the one in force; None when the criteria were changed since."""
        self._current = ident
        self._dress()

    def current(self) -> View | None:
        """The one in force."""
        return next((view for view in self._views if view.id == self._current), None)

    def _dress(self) -> None:
        view = self.current()
        self.button.setText(view.name if view else NO_NAME)
        self.button.setIcon(icons.icon("star_on", "accent") if view else icons.icon("star"))
        self.button.setAccessibleName(f"Filtro guardado: {view.name}" if view else NO_NAME)

    def _fill(self) -> None:
        menu = self.menu
        menu.clear()
        for place, view in enumerate(self._views, 1):
            key = f"&{place} " if place < 10 else ""
            action = menu.addAction(f"{key}{view.name.replace('&', '&&')}")
            action.setCheckable(True)
            action.setChecked(view.id == self._current)
            action.triggered.connect(lambda _on=False, view=view: self.picked.emit(view))
        if not self._views:
            menu.addAction("Todavía no hay ninguno").setEnabled(False)
        menu.addSeparator()
        menu.addAction(icons.icon("save"), "Guardar con un nombre…").triggered.connect(self.open_name)
        if (current := self.current()) is not None:
            name = current.name.replace("&", "&&")
            save = menu.addAction(f"Guardar los cambios en «{name}»")
            save.triggered.connect(lambda: self.save_asked.emit(current.name))
            delete = menu.addAction(icons.icon("delete"), f"Borrar «{name}»")
            delete.triggered.connect(lambda: self.delete_asked.emit(current))
        menu.addSeparator()
        menu.addAction(self.at_open)

    def open_name(self) -> None:
        """Let a name be typed."""
        view = self.current()
        self.line.setText(view.name if view else "")
        self.show_error("")
        self.line.show()
        self.line.selectAll()
        self.line.setFocus()

    def close_name(self) -> None:
        """No name is wanted any more."""
        self.line.hide()
        self.show_error("")

    def show_error(self, text: str) -> None:
        """Say beside the line why the name will not do."""
        self.error_label.setText(text)
        self.error_label.setVisible(bool(text))
        theme.set_property(self.line, "error", "true" if text else "false")

    def _save(self) -> None:
        self.save_asked.emit(self.line.text())


class _NameLine(QLineEdit):
    """Enter saves and does not load; Escape leaves."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape stay here."""
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
