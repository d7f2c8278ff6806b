"""What can be done with the rows of a list, as actions: the same ones in toolbar, context menu and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QWidget

from db.registry import module
from oficrm import related
from ui import icons, theme
from ui.lists.table import ListTable
from ui.lists.toolset import Spec, toolset_of


class ListActions(QObject):
    """The actions of one page. ``triggered(name)`` when one is asked for, ``related_asked(relation)`` for the
    "Agregar…" of a related module."""  # noqa: D209

    triggered = Signal(str)
    related_asked = Signal(object)

    def __init__(self, page: QWidget, table: str, view: ListTable) -> None:
        super().__init__(page)
        self._table, self._page, self._view = table, page, view
        self.all: dict[str, QAction] = {}
        self.tools = toolset_of(table)
        self._read_only = False
        for spec in self.tools.specs:
            self._make(spec)
        self.related = self._make_related()
        self.set_state(0, 0, can_create_next=False)

    def _make(self, spec: Spec) -> None:
        action = QAction(spec.text, self)
        action.setObjectName(f"action_{spec.name}")
        if spec.icon:
            action.setIcon(icons.icon(spec.icon))
        if spec.key:
            keys = [QKeySequence(spec.key)]
            if spec.key.endswith("Return"):
                keys.append(QKeySequence(spec.key.replace("Return", "Enter")))
            action.setShortcuts(keys)
        # Enter, Supr and Ctrl+A mean something else in a field, so they count in the table alone.
        scope = Qt.ShortcutContext.WidgetShortcut if spec.in_table else Qt.ShortcutContext.WidgetWithChildrenShortcut
        action.setShortcutContext(scope)
        self._page.addAction(action)
        if spec.in_table:
            self._view.addAction(action)
        shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if spec.key else ""
        action.setToolTip(spec.tip or (f"{spec.text} ({shown})" if shown else spec.text))
        action.setCheckable(spec.is_checkable)
        action.setIconText(spec.text)  # Qt would cut the dots off it on buttons
        action.triggered.connect(lambda: self.triggered.emit(spec.name))
        self.all[spec.name] = action

    def _make_related(self) -> list[QAction]:
        made: list[QAction] = []
        for relation in related.related(self._table):
            other = module(relation.table).module
            action = QAction(f"Agregar {relation.singular}", self)
            action.setObjectName(f"action_add_{relation.table}")
            action.setIcon(icons.icon(other.icon if icons.has(other.icon) else "add"))
            action.triggered.connect(lambda _on=False, relation=relation: self.related_asked.emit(relation))
            made.append(action)
        return made

    def set_state(self, selected: int, loaded: int, *, can_create_next: bool) -> None:
        """Allow what there are rows for."""
        for spec in self.tools.specs:
            possible = spec.rows == 0 or (selected > 0 if spec.rows == 1 else loaded > 0)
            self.all[spec.name].setEnabled(possible and not (spec.is_write and self._read_only))
        if "create_next" in self.all:
            self.all["create_next"].setEnabled(can_create_next)
            self.all["create_next"].setVisible(can_create_next)
        for action in self.related:
            action.setEnabled(selected == 1)

    def set_read_only(self, read_only: bool) -> None:
        """Consultar: nothing that changes a record is offered. Holds from the next ``set_state``."""
        self._read_only = read_only
        for spec in self.tools.specs:
            if spec.is_write:
                self.all[spec.name].setVisible(not read_only)

    # --- where they are shown

    def buttons(self, parent: QWidget, *, compact: bool) -> list[QWidget]:
        """The buttons of the bar above the table, with text, in their order; rules part the groups."""
        made: list[QWidget] = []
        for name in self.tools.toolbar:
            if not name:
                made.append(self._rule(parent))
            elif name in self.all and not (compact and name == "history"):
                button = self._button(parent)
                button.setDefaultAction(self.all[name])
                made.append(button)
        if self.tools.more:
            made.append(self._menu_button(parent, "Más", "actions", self.tools.more))
        return made

    def output_buttons(self, parent: QWidget) -> list[QWidget]:
        """The buttons that take what is loaded out of the program; they stand beside its count."""
        return [
            self._menu_button(parent, "Imprimir", "print", ("print", "pdf")),
            self._menu_button(parent, "Exportar", "export", ("export_xlsx", "export_csv")),
        ]

    def _button(self, parent: QWidget) -> QToolButton:
        """By Tab they take the focus, so that everything can be reached without a mouse."""
        button = QToolButton(parent)
        button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _rule(self, parent: QWidget) -> QWidget:
        rule = QFrame(parent)
        theme.set_surface(rule, "vrule")
        rule.setFixedSize(1, theme.CONTROL_HEIGHT - theme.SPACE_S)
        return rule

    def _menu_button(self, parent: QWidget, text: str, icon: str, names: tuple[str, ...]) -> QToolButton:
        button = self._button(parent)
        button.setObjectName(f"menu_{icon}")
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in names:
            menu.addAction(self.all[name]) if name else menu.addSeparator()
        button.setMenu(menu)
        return button

    def row_menu(self, parent: QWidget) -> QMenu:
        """The actions of the selected rows, and "Agregar…" for what hangs on one of them."""
        menu = QMenu(parent)
        menu.setObjectName("row_menu")
        for name in self.tools.row_menu:
            if not name:
                if self.related:
                    menu.addSeparator()
                    menu.addActions(self.related)
                menu.addSeparator()
            elif name in self.all:
                menu.addAction(self.all[name])
        menu.addSeparator()
        below = menu.addMenu(icons.icon("print"), "Imprimir o exportar")
        below.addActions([self.all[name] for name in ("print", "pdf", "export_xlsx", "export_csv")])
        return menu

    def ground_menu(self, parent: QWidget) -> QMenu:
        """What can be done where there is no row."""
        menu = QMenu(parent)
        menu.setObjectName("ground_menu")
        menu.addActions([self.all[name] for name in self.tools.ground_menu])
        return menu

    def show_row_menu(self, at: QPoint) -> None:
        """Open the actions of the row at a place on the screen, or of the empty ground."""
        on_row = self._view.indexAt(self._view.viewport().mapFromGlobal(at)).isValid()
        is_ground = bool(self.tools.ground_menu) and not (on_row and self._view.isVisible())
        if is_ground:
            self._view.clearSelection()  # what is done on the empty ground is not about the rows selected above
        menu = self.ground_menu(self._page) if is_ground else self.row_menu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
