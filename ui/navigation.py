"""The side bar: modules in groups, the daily work first, folding to icons."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ui import icons, theme
from ui.memory import Memory

WIDE, NARROW = 204, 48
ITEM_HEIGHT, GROUP_HEIGHT = 26, 30
KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go: its key (a module's table or a page), text, icon and group."""

    key: str
    text: str
    icon: str
    group: str


class Navigation(QFrame):
    """Emits ``chosen(key)``. Groups open and close and the bar folds; both are remembered."""

    chosen = Signal(str)

    def __init__(self, memory: Memory, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        theme.set_surface(self, "sidebar")
        self._memory = memory
        self._entries = list(entries)
        self.tree = QTreeWidget()
        self.tree.setObjectName("navigation_tree")
        self.tree.setAccessibleName("Módulos")
        theme.set_kind(self.tree, "nav")
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.itemActivated.connect(self._on_clicked)
        self.fold_button = QToolButton()
        self.fold_button.setObjectName("button_fold")
        self.fold_button.setAutoRaise(True)
        self.fold_button.clicked.connect(self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_XS, theme.SPACE_S, theme.SPACE_XS, theme.SPACE_S)
        layout.setSpacing(theme.SPACE_XS)
        layout.addWidget(self.tree, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.fold_button)
        foot.addStretch()
        layout.addLayout(foot)
        self._folded = bool(memory.get("navigation_folded", False))
        self._fill()

    def set_folded(self, folded: bool) -> None:
        """Show only icons, or texts too."""
        self._folded = folded
        self._memory.put("navigation_folded", folded)
        self._fill()

    def toggle(self) -> None:
        """Fold what is open, unfold what is folded."""
        self.set_folded(not self._folded)

    def set_current(self, key: str) -> None:
        """Mark the place shown now; an unknown key marks none."""
        self.tree.clearSelection()
        for item in self._places():
            if item.data(0, KEY) == key:
                self.tree.setCurrentItem(item)

    def _places(self) -> list[QTreeWidgetItem]:
        tops = [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]
        below = [top.child(row) for top in tops if top for row in range(top.childCount())]
        return [item for item in (*tops, *below) if item and item.data(0, KEY)]

    def _fill(self) -> None:
        closed = set(self._memory.get("navigation_closed", []))
        self.setFixedWidth(NARROW if self._folded else WIDE)
        self.fold_button.setIcon(icons.icon("right" if self._folded else "left"))
        self.fold_button.setToolTip("Desplegar la barra" if self._folded else "Plegar la barra")
        self.tree.blockSignals(True)
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in self._entries:
            item = QTreeWidgetItem(["" if self._folded else entry.text])
            item.setData(0, KEY, entry.key)
            item.setSizeHint(0, QSize(0, ITEM_HEIGHT))
            item.setIcon(0, icons.icon(entry.icon))
            item.setToolTip(0, entry.text if self._folded else "")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, entry.text)
            if not entry.group or self._folded:
                self.tree.addTopLevelItem(item)
                continue
            if entry.group not in groups:
                groups[entry.group] = self._group(entry.group)
            groups[entry.group].addChild(item)
        for name, group in groups.items():
            group.setExpanded(name not in closed)
        self.tree.blockSignals(False)

    def _group(self, name: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem([name.upper()])
        group.setSizeHint(0, QSize(0, GROUP_HEIGHT))
        group.setTextAlignment(0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFont(0, theme.font("small", bold=True))
        group.setForeground(0, theme.color("dim"))
        group.setToolTip(0, "Plegar o desplegar")
        self.tree.addTopLevelItem(group)
        return group

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, KEY)
        if key:
            self.chosen.emit(key)
            return
        item.setExpanded(not item.isExpanded())
        tops = [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]
        closed = [top.text(0) for top in tops if top and top.childCount() and not top.isExpanded()]
        names = {entry.group for entry in self._entries}
        self._memory.put("navigation_closed", sorted(name for name in names if name.upper() in closed))

    def actions_by_key(self, owner: QWidget) -> dict[str, QAction]:
        """Return one action per place, named ``open_<key>``, for menus and the command palette."""
        made = {}
        for entry in self._entries:
            action = QAction(icons.icon(entry.icon), entry.text, owner)
            action.setObjectName(f"open_{entry.key}")
            action.triggered.connect(lambda _=False, key=entry.key: self.chosen.emit(key))
            made[entry.key] = action
        return made
