"""What can be done with the rows of a list, as actions: the same ones in toolbar, context menu and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QWidget

from oficrm.commands import Command, commands
from ui import icons, theme
from ui.commands.around import Around
from ui.commands.fitting import fits, state_field
from ui.commands.menus import Menu, add_groups
from ui.lists.table import ListTable
from ui.lists.toolset import Spec, toolset_of
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from ui.lists.page import ListPage

LOOKED_AT = 200
"""Selected rows whose states decide what is offered; the write looks at all of them."""


class ListActions(QObject):
    """The actions of one page.

    ``triggered(name)`` when one is asked for, ``command_asked(command)`` for what the module itself can do;
    ``related_asked``, ``select_asked`` and ``take_asked`` as those of ``Around``.
    """

    triggered = Signal(str)
    command_asked = Signal(object)
    related_asked = Signal(object)
    select_asked = Signal(object)
    take_asked = Signal(str)

    def __init__(self, page: ListPage, table: str, view: ListTable) -> None:
        super().__init__(page)
        self._table, self._page, self._view = table, page, view
        self.all: dict[str, QAction] = {}
        self.tools = toolset_of(table)
        self._read_only = False
        self._offers: frozenset[str] | None = None
        self._selected = 0
        self._around: Around | None = None
        self._own: list[tuple[QAction, bool]] = []
        for spec in self.tools.specs:
            self._make(spec)
        self.commands = [(command, self._make_command(command)) for command in commands(table)]
        self._state_field = state_field(table)
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

    def _make_command(self, command: Command) -> QAction:
        action = QAction(icons.icon(icons.known(command.icon)), command.text, self)
        action.setObjectName(f"action_{command.name}")
        if command.key:
            action.setShortcut(QKeySequence(command.key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _on=False: self.command_asked.emit(command))
        self._page.addAction(action)  # for its key, and for the palette
        return action

    @property
    def around(self) -> Around:
        """What can be hung on a row; made when it is first asked for."""
        if self._around is None:
            made = self._around = Around(self._table, self)
            made.add_asked.connect(self.related_asked)
            made.select_asked.connect(self.select_asked)
            made.take_asked.connect(self.take_asked)
        return self._around

    @property
    def related(self) -> list[QAction]:
        """The actions of ``around``, module by module."""
        return self.around.actions()

    def add_own(
        self, name: str, text: str, icon: str, run: Callable[[], object], *, needs_rows: bool = False
    ) -> QAction:  # fmt: skip
        """Take in an action of the place where this list stands: with rows into their menu, else beside Añadir."""
        action = QAction(icons.icon(icons.known(icon)), text, self)
        action.setObjectName(f"action_{name}")
        action.setIconText(text)  # Qt would cut the dots off it on buttons
        action.triggered.connect(lambda _on=False: run())
        action.setEnabled(not needs_rows)
        self._page.addAction(action)
        self._own.append((action, needs_rows))
        box = self._page.findChild(QWidget, "toolbar")
        if not needs_rows and box is not None:
            button = self._button(box)
            button.setDefaultAction(action)
            flow = box.layout()
            assert isinstance(flow, FlowLayout)
            flow.insert(sum(not rows for _action, rows in self._own), button)
        return action

    def offer_only(self, names: frozenset[str]) -> None:
        """Leave nothing to do with the rows but this, where they are there to be chosen from."""
        self._offers = names
        self.set_state(0, 0, can_create_next=False)

    def set_state(self, selected: int, loaded: int, *, can_create_next: bool) -> None:
        """Allow what there are rows for."""
        self._selected = selected
        for spec in self.tools.specs:
            possible = spec.rows == 0 or (selected > 0 if spec.rows == 1 else loaded > 0)
            hindered = (spec.is_write and self._read_only) or (
                self._offers is not None and spec.name not in self._offers
            )
            self.all[spec.name].setEnabled(possible and not hindered)
        self.fit_commands()
        for action, needs_rows in self._own:
            action.setEnabled(not self._read_only and (selected > 0 or not needs_rows))
        if "create_next" in self.all:
            self.all["create_next"].setEnabled(can_create_next)
            self.all["create_next"].setVisible(can_create_next)
        if self._around is not None:
            self._allow_around()

    def _allow_around(self) -> None:
        self.around.allow(self._selected == 1, may_write=not self._read_only)

    def fit_commands(self) -> None:
        """Allow the commands that fit the states of the selected rows, as far as these are loaded."""
        if not self.commands:
            return
        states = self._states() if self._selected else []
        for command, action in self.commands:
            fit = not self._read_only and self._offers is None and fits(command, states, self._selected)
            action.setEnabled(fit)
            action.setVisible(fit or not self._selected)

    def _states(self) -> list[Any]:
        if not self._state_field:
            return []
        model = self._view.list_model
        ranges = self._view.selected_ranges()
        rows = (row for first, last in ranges for row in range(first, last + 1))
        values = (model.row(model.order.ids[row]) for row in islice(rows, LOOKED_AT))
        return [found.get(self._state_field) if found is not None else None for found in values]

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
        """The actions of the selected rows: those of all lists, the module's commands, and what hangs on a row."""
        menu = Menu(parent=parent)
        menu.setObjectName("row_menu")
        names = self.tools.row_menu
        last = len(names) - 1 - names[::-1].index("") if "" in names else len(names)
        self._add_named(menu, names[:last])
        self.fit_commands()
        menu.addSeparator()
        menu.addActions([action for _command, action in self.commands if action.isEnabled()])
        menu.addSeparator()
        self._allow_around()
        add_groups(menu, self.around.groups(self._page.context.memory))
        menu.addSeparator()
        menu.addActions([action for action, needs_rows in self._own if needs_rows])
        self._add_named(menu, names[last + 1 :])
        menu.addSeparator()
        below = menu.addMenu(icons.icon("print"), "Imprimir o exportar")
        below.addActions([self.all[name] for name in ("print", "pdf", "export_xlsx", "export_csv")])
        return menu

    def _add_named(self, menu: QMenu, names: tuple[str, ...]) -> None:
        for name in names:
            if not name:
                menu.addSeparator()
            elif name in self.all:
                menu.addAction(self.all[name])

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
