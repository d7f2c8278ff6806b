"""Seleccionar…: the list of a module in a dialog, from which existing records are linked to another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db.registry import module
from oficrm import linking, records
from oficrm.commands import Outcome
from oficrm.drafts import Values
from oficrm.linking import Selection
from oficrm.lists import ListFilter
from ui import icons, theme
from ui.commands.asking import BarAsker
from ui.commands.runner import Runner
from ui.context import Context
from ui.keys import key_in
from ui.lists.foot import counted
from ui.lists.page import ListPage
from ui.lists.page_state import PageState
from ui.widgets.bars import SearchField, StickyFoot
from ui.widgets.writing_dialog import WritingDialog

OFFERED = frozenset({"select_all"})
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChoosePage(ListPage):
    """A list whose rows can only be chosen: nothing is opened, changed or deleted from here."""

    _words = ""

    def __init__(self, context: Context, table: str, fixed: Values, parent: QWidget) -> None:
        super().__init__(context, table, fixed=fixed, parent=parent)
        self.state = PageState(context.memory, table, {"select": 0})  # the module's own list keeps its filter
        self.ready.connect(lambda: self.panel.set_open(False) if self.panel is not None else None)
        self.saved.hide()
        tools = self.findChild(QWidget, "toolbar")
        assert tools is not None
        tools.hide()
        for each in self.foot.findChildren(QWidget):
            if each.objectName().startswith("menu_"):
                each.hide()
        self.actions_.offer_only(OFFERED)
        self.table.menu_asked.disconnect()
        self.table.doubleClicked.disconnect()
        self.table.cell_asked.disconnect()

    def list_filter(self) -> ListFilter:
        """What the filter asks for, and the words searched."""
        wanted = super().list_filter()
        return replace(wanted, text=f"{wanted.text} {self._words}".strip()) if self._words else wanted

    def search(self, text: str) -> None:
        """Show those with these words."""
        self._words = text
        self.load()

    def loads_at_open(self) -> bool:
        """What can be chosen is shown at once."""
        return True


class SelectDialog(WritingDialog):
    """``dialog_select``: records of ``wanted.target`` are linked to one record, or to many, as ``wanted`` says."""

    def __init__(self, context: Context, wanted: Selection, ident: int, title: str, fixed: Values,
                 parent: QWidget | None = None, others: Sequence[int] = ()) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("dialog_select")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.wanted, self.ident, self.others = wanted, ident, tuple(others)
        facts = module(wanted.target).module
        self.setWindowTitle(f"Seleccionar {facts.several} · {title}")
        self.setWindowIcon(icons.icon(icons.known(facts.icon)))
        self.page = ChoosePage(context, wanted.target, fixed, self)
        self.runner = Runner(context, BarAsker(self.page.bar, self.page.busy), self)
        self.runner.done.connect(self._linked)
        self.search = SearchField(self, placeholder=f"Buscar {facts.several}")
        self.search.setObjectName("select_search")
        self.search.searched.connect(self.page.search)
        self.search.installEventFilter(self)
        self._lay_out(f"Seleccionar {facts.several}", f"Se vinculan a {title}")
        self.page.table.chosen.connect(self._count)
        self.page.table.doubleClicked.connect(lambda _index: self.accept())
        for key in _ENTER:
            key_in(key, self.page.table, self.accept, whole=False)  # in the search it means search
        self.page.loaded.connect(self._count)
        self.resize(980, 600)
        self._count()
        self.search.setFocus()

    def _lay_out(self, words: str, where: str) -> None:
        title, place = QLabel(words, self), QLabel(where, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        place.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(title, "title")
        theme.set_role(place, "dim")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(title)
        names.addWidget(place)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_M, theme.SPACE_M, theme.SPACE_XS)
        head.addLayout(names, 1)
        self.search.setMinimumWidth(320)
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignBottom)
        self.foot = StickyFoot(self)
        cancel = self.foot.add_button("Cancelar   Esc", name="button_cancel")
        cancel.clicked.connect(self.reject)
        self.accept_button = self.foot.add_button("Seleccionar", name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self.accept_button.clicked.connect(lambda _on=False: self.accept())
        for button in (cancel, self.accept_button):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.page, 1)
        column.addWidget(self.foot)

    def _count(self, *_: Any) -> None:
        count = len(self.page.selected_ids())
        self.foot.rename(self.accept_button, f"Seleccionar {counted(count)}" if count else "Seleccionar")
        self.accept_button.setEnabled(bool(count))
        self.foot.set_sentence("" if count else "Marque una fila, o varias con Ctrl o Mayús.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search into the rows."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.page.focus_table()
                return True
            if event.key() in _ENTER:
                self.search.keyPressEvent(event)
                return True  # Enter here searches; it must not accept the dialog
        return False

    def accept(self) -> None:
        """Link what is selected; the dialog stays until that went well."""
        chosen, wanted, idents = tuple(self.page.selected_ids()), self.wanted, (self.ident, *self.others)
        if not chosen:
            return

        def job(session: Any, accepted: frozenset[str]) -> Outcome:
            return Outcome(linking.link_all(session, wanted, idents, chosen, accepted))

        self.runner.write("Vincular", job, len(chosen) * len(idents))

    def _linked(self, _outcome: Outcome) -> None:
        super().accept()


def choose(context: Context, wanted: Selection, ident: int, window: QWidget, others: Sequence[int] = ()) -> None:
    """Open the dialog for a record, or for it and others, or raise the one that is open for them already."""
    asked = (wanted, ident, tuple(others))
    for each in QApplication.topLevelWidgets():
        if isinstance(each, SelectDialog) and (each.wanted, each.ident, each.others) == asked and each.isVisible():
            each.raise_()
            each.activateWindow()
            return

    def find(session: Any) -> tuple[str, Values]:
        title = records.get(session, module(wanted.table), ident).title
        if others:
            title = f"{len(others) + 1:n} {module(wanted.table).module.several}"
        return title, linking.narrowed(session, wanted, ident)

    def show(found: tuple[str, Values]) -> None:
        dialog = SelectDialog(context, wanted, ident, *found, window, others)
        dialog.show()
        dialog.activateWindow()

    context.bridge.read(find, show, window)
