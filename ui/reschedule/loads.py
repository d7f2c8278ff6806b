"""How full each day gets: the salespeople with their counts, and the bars of the one chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oficrm import reschedule_summary as summary
from oficrm.rules import dates
from oficrm.rules.reschedule import Spread
from ui import theme
from ui.reschedule.outcome import Outcome
from ui.widgets.mini_bars import DayLoad, MiniBars
from ui.widgets.padded import PaddedDelegate

_ID = Qt.ItemDataRole.UserRole
_HEIGHT = 112


class _Swatch(QWidget):
    """A small square of a theme colour, for the legend."""

    def __init__(self, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._role = role
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colour of now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._role))
        painter.drawRoundedRect(self.rect(), 2, 2)


class LoadPanel(QFrame):
    """Salespeople at the left, days at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_surface(self, "card")
        self._outcome: Outcome | None = None
        self.people = self._make_people()
        self.bars = MiniBars()
        self.bars.setObjectName("day_loads")
        self.bars.setAccessibleName("Contactos por día, antes y después")
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self.bars)
        self._scroll.viewport().setAutoFillBackground(False)
        self.bars.setAutoFillBackground(False)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFixedHeight(_HEIGHT - 12)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_XS)
        right.addLayout(self._make_head())
        right.addWidget(self._scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_XS)
        row.setSpacing(theme.SPACE_L)
        row.addWidget(self.people)
        row.addLayout(right, 1)

    def _make_people(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("people")
        tree.setAccessibleName("Vendedores")
        theme.set_kind(tree, "plain")
        tree.setColumnCount(3)
        tree.setHeaderLabels(["Vendedor", "Mueve", "Día más lleno"])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setItemDelegate(PaddedDelegate(tree, height=22))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setStretchLastSection(False)
        tree.setFixedSize(350, _HEIGHT + theme.SPACE_M)
        tree.currentItemChanged.connect(lambda _now, _before: self._show_bars())
        return tree

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_XS)
        self.title = QLabel("CONTACTOS POR DÍA", self)
        theme.set_role(self.title, "section")
        head.addWidget(self.title)
        head.addStretch(1)
        self._cap_label = QLabel("", self)
        for role, label in (
            ("border_input", QLabel("antes", self)),
            ("accent", QLabel("después", self)),
            ("overdue", self._cap_label),
        ):
            swatch = _Swatch(role, self)
            theme.set_role(label, "small")
            head.addWidget(swatch)
            head.addWidget(label)
            head.addSpacing(theme.SPACE_S)
            if role == "overdue":
                self._cap_swatch = swatch
        return head

    def set_outcome(self, outcome: Outcome | None) -> None:
        """Show another plan; the salesperson chosen stays chosen."""
        self._outcome = outcome
        chosen = self._chosen()
        self.people.blockSignals(True)
        self.people.clear()
        people = outcome.people if outcome else ()
        for person in people:
            item = _item(person)
            self.people.addTopLevelItem(item)
            if person.id in (chosen, summary.ALL):
                self.people.setCurrentItem(item)
        self.people.blockSignals(False)
        self._show_bars()

    def _chosen(self) -> int | None:
        item = self.people.currentItem()
        return item.data(0, _ID) if item else summary.ALL

    def _show_bars(self) -> None:
        if self._outcome is None:
            self.bars.hide()
            return
        self.bars.show()
        preview, person = self._outcome.preview, self._chosen()
        spec = preview.wish.spec
        alone = person != summary.ALL or len(self._outcome.people) == 1
        cap = spec.cap if isinstance(spec, Spread) and alone else 0
        loads = summary.days(preview, person)
        self.bars.set_days(_days(loads), cap)
        self.bars.resize(self.bars.sizeHint())
        self._cap_label.setText(f"máximo {cap}")
        self._cap_label.setVisible(bool(cap))
        self._cap_swatch.setVisible(bool(cap))
        first = next((place for place, load in enumerate(loads) if load.after > load.before), 0)
        # The first day that fills up comes into sight, with a little of what lies before it.
        step = self.bars.width() // max(1, len(loads))
        self._scroll.horizontalScrollBar().setValue(max(0, (first - 2) * step))

    def sizeHint(self) -> QSize:
        """As wide as it may, never higher than its bars."""
        return QSize(800, _HEIGHT + theme.SPACE_XL)


def _item(person: summary.Person) -> QTreeWidgetItem:
    busiest = f"{person.most} el {dates.short_date(person.busiest)}" if person.busiest else "—"
    item = QTreeWidgetItem([person.name, f"{person.moved} de {person.count}", busiest])
    item.setData(0, _ID, person.id)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(2, "Con los contactos abiertos que ya tiene ese día")
    return item


def _days(loads: Sequence[summary.Load]) -> list[DayLoad]:
    """Short labels under the bars, in full as tips; the month stands where it begins."""
    found: list[DayLoad] = []
    month = 0
    for load in loads:
        day = load.first
        words = dates.short_date(day).split()
        if load.last == day:
            label = f"{words[0]} {day.day}" if day.month == month else f"{words[0]} {day.day}/{day.month}"
            tip = dates.long_date(day) + (f" ({load.free})" if load.free else "")
        elif day.day == 1 and load.last.day >= 28:
            label, tip = f"{words[2]} {day.year % 100:02}", dates.long_date(day).split(" de ", 1)[1]
        else:
            label, tip = f"{day.day} {words[2]}", f"Semana del {dates.short_date(day)} al {dates.short_date(load.last)}"
        month = day.month
        found.append(DayLoad(label, load.before, load.after, bool(load.free), tip))
    return found
