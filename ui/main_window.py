"""The main window: modules on the left, lists as tabs, one line on top that finds and commands."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QTabWidget, QWidget

from db.registry import MENUS, listed_modules, module
from oficrm import undo
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Done
from oficrm.settings import Settings
from ui import icons, theme, undoing
from ui.bridge import Bridge
from ui.context import Context
from ui.forms import kept
from ui.lists.page import ListPage
from ui.main_menu import MainMenu
from ui.memory import Memory
from ui.navigation import Entry, Navigation
from ui.notices import WindowNotices
from ui.notifications.bell import Bell
from ui.palette import Palette
from ui.top_bar import TopBar
from ui.widgets.feedback import BusyBar
from ui.windows import Windows

ACTIVITY = "activity"
FIRST_SIZE = (1280, 740)
ROOMY = 1500
"""Width of a screen from which the window does not begin maximised."""


def places() -> list[Entry]:
    """Return where one can go: the daily work, the modules by group, the tools."""
    entries = [Entry("contact", "Contactos", "contact", "")]
    rank = {group: place for place, group in enumerate(MENUS)}
    facts_of_all = [model.module for model in listed_modules() if model.module.table != "contact"]
    for facts in sorted(facts_of_all, key=lambda facts: (rank.get(facts.menu, len(rank)), facts.menu, facts.position)):
        entries.append(Entry(facts.table, facts.plural, facts.icon, facts.menu))
    entries.append(Entry(ACTIVITY, "Actividad", "activity", "Herramientas"))
    return entries


class MainWindow(QMainWindow):
    """Owns the tabs and the actions of the whole program. ``closed`` when the user leaves."""

    closed = Signal()

    def __init__(self, bridge: Bridge, memory: Memory, windows: Windows, values: Settings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.bridge, self.memory, self.windows = bridge, memory, windows
        self.notices = WindowNotices(self, self.undo_operation)
        self.context = Context(bridge, memory, self.notices, windows)
        windows.context = self.context
        self._pages: dict[str, QWidget] = {}
        company = values["company_name"] or "OfiCRM"
        self.setWindowTitle(f"{company} · OfiCRM" if values["company_name"] else "OfiCRM")
        self._build(company)
        self._restore()

    def _build(self, company: str) -> None:
        self.top_bar = TopBar(company, self.bridge.jobs.actor.user)
        self.top_bar.search_requested.connect(self.open_palette)
        self.bell = Bell(self.context)
        self.top_bar.add(self.bell)
        self.navigation = Navigation(self.memory, places())
        self.navigation.chosen.connect(self.open_place)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setTabsClosable(True)
        self.tabs.setMovable(True)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.tabCloseRequested.connect(self.close_tab)
        self.tabs.currentChanged.connect(self._on_tab)
        self.busy = BusyBar()
        self.busy.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bridge.writing.connect(lambda running: self.busy.start() if running else self.busy.stop())
        centre = QWidget()
        body = QGridLayout(centre)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.setColumnStretch(1, 1)
        body.addWidget(self.navigation, 0, 0)
        body.addWidget(self.tabs, 0, 1)
        body.addWidget(self.busy, 0, 0, 1, 2, Qt.AlignmentFlag.AlignTop)  # over both: it takes no room
        self.busy.raise_()
        self.setCentralWidget(centre)
        self.place_actions = self.navigation.actions_by_key(self)
        self.menu = MainMenu(self)
        self.setMenuBar(self.menu)
        self.menu.setCornerWidget(self.top_bar, Qt.Corner.TopRightCorner)

    def _restore(self) -> None:
        """Come back as the user left: size, place, open lists; Contactos the first time."""
        self.resize(*FIRST_SIZE)
        geometry = self.memory.get("main_window_geometry")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii")))
        elif self.screen().availableGeometry().width() < ROOMY:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        known = {entry.key for entry in places()}
        keys = [key for key in self.memory.get("open_tabs", ["contact"]) if key in known] or ["contact"]
        for key in keys:
            self.open_place(key)
        current = self.memory.get("current_tab", keys[0])
        self.open_place(current if current in keys else keys[0])

    def restore_drafts(self) -> None:
        """Bring back what was being written when the program last ended badly."""
        found = kept.all_kept(self.memory)
        for draft in found:
            self.windows.open_kept(draft)
        if found:
            count = "una ficha que quedó" if len(found) == 1 else f"{len(found)} fichas que quedaron"
            self.notices.show(f"Se recupera {count} sin guardar.", icon="restore")

    def open_place(self, key: str) -> QWidget:
        """Show the list of a module or a tool in its tab."""
        if key not in self._pages:
            page = self._make_page(key)
            self._pages[key] = page
            entry = next(entry for entry in places() if entry.key == key)
            self.tabs.addTab(page, icons.icon(entry.icon), entry.text)
        page = self._pages[key]
        self.tabs.setCurrentWidget(page)
        self.focus_page()
        return page

    def focus_page(self) -> None:
        """Put the keyboard where the work is: its keys (F5, Ins...) belong to the list in front."""
        page = self._pages.get(self.current_key())
        if isinstance(page, ListPage) and page.panel is not None and not page.table.isVisible():
            page.setFocus()
            page.focus_filter()
        elif page is not None:
            (page.table if isinstance(page, ListPage) else page).setFocus()

    def _make_page(self, key: str) -> QWidget:
        if key == ACTIVITY:
            from ui.history.activity import ActivityPage

            return ActivityPage(self.context)
        page = ListPage(self.context, key)
        page.use_opener(self.windows)
        return page

    def page(self, key: str) -> QWidget | None:
        """Return the page of a place, None when its tab is not open."""
        return self._pages.get(key)

    def current_key(self) -> str:
        """Return the key of the tab in front, "" when there is none."""
        front = self.tabs.currentWidget()
        return next((key for key, page in self._pages.items() if page is front), "")

    def close_tab(self, index: int) -> None:
        """Close a tab; its list is gone, what it remembers stays."""
        page = self.tabs.widget(index)
        self._pages = {key: other for key, other in self._pages.items() if other is not page}
        self.tabs.removeTab(index)
        if page is not None:
            page.deleteLater()

    def close_current_tab(self) -> None:
        """Close the tab in front."""
        if self.tabs.count():
            self.close_tab(self.tabs.currentIndex())

    def open_settings(self) -> None:
        """Open Parámetros."""
        self.windows.open_settings(self)

    def _on_tab(self, _: int) -> None:
        self.navigation.set_current(self.current_key())
        self.focus_page()

    def commands(self) -> Sequence[QAction]:
        """Return what the command palette offers: the actions of the list in front, then those of the program."""
        front = self._pages.get(self.current_key())
        own = [action for action in front.actions() if action.text()] if front is not None else []
        return [*own, *self.menu.all_actions()]

    def open_palette(self) -> None:
        """Open the line that finds records and commands."""
        Palette(self.context, self.commands(), self).show()

    def new_record(self, table: str) -> None:
        """Open an empty form of a module."""
        self.windows.open_record(table)

    def undo_last(self) -> None:
        """Undo my last operation."""
        undoing.take_back(self.context, undo.last, self._on_undone, self, self._on_refused)

    def redo_last(self) -> None:
        """Take my last undo back."""
        undoing.take_back(self.context, undo.last_undone, self._on_undone, self, self._on_refused)

    def undo_operation(self, operation_id: int) -> None:
        """Undo one operation, from a notice."""
        undoing.take_back(self.context, lambda _session: operation_id, self._on_undone, self, self._on_refused)

    def _on_undone(self, done: Done[str]) -> None:
        self.notices.dismiss_all()
        self.notices.show(done.value, icon="undo")

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self.notices.show(str(error), icon="error")
        else:
            self.bridge.failed.emit(error, str(error))

    def set_theme(self, mode: theme.Mode) -> None:
        """Switch between light, dark and the system's."""
        self.memory.put("theme", mode)
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        theme.apply(qt, mode)

    def add_label(self, table: str) -> str:
        """Return the text of "new ..." for a module."""
        facts = module(table).module
        return f"{'Nueva' if facts.feminine else 'Nuevo'} {facts.named(1)}"

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave only when every record window lets itself be closed."""
        if not self.windows.close_all():
            event.ignore()
            return
        order = sorted(self._pages, key=lambda key: self.tabs.indexOf(self._pages[key]))
        self.memory.put("open_tabs", order)
        self.memory.put("current_tab", self.current_key())
        self.memory.put("main_window_geometry", bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        self.memory.flush()
        event.accept()
        self.closed.emit()
