"""Paints the cells of a list: text, icon, chip; one Python call a cell and no style sheet in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import icons, theme
from ui.lists.cells import SKELETON, Cell
from ui.lists.model import ListModel

if TYPE_CHECKING:
    from ui.lists.table import ListTable

PAD = theme.SPACE_S
WIDE_HEIGHT = 44
LINE_INDENT = theme.ICON_SIZE + 6
"""The line under a row begins where the text beside an icon does."""
_TEXT_HEIGHT = 26
_Index = QModelIndex | QPersistentModelIndex


class Painter(QStyledItemDelegate):
    """Paints cells and the line under a row in the wide view."""

    def __init__(self, table: ListTable) -> None:
        super().__init__(table)
        self._table = table
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}
        self._colors: dict[str, QColor] = {}
        self._fonts: tuple[QFont, QFont, QFont] | None = None
        theme.notifier.changed.connect(self.forget)

    def forget(self) -> None:
        """Other colours or fonts are in force."""
        self._pixmaps.clear()
        self._colors.clear()
        self._fonts = None

    def color(self, name: str) -> QColor:
        """A theme colour, looked up once."""
        if name not in self._colors:
            self._colors[name] = theme.color(name)
        return self._colors[name]

    def fonts(self) -> tuple[QFont, QFont, QFont]:
        """Plain, bold and small."""
        if self._fonts is None:
            plain = theme.tabular(theme.font())
            self._fonts = plain, theme.tabular(theme.font(bold=True)), theme.font("small")
        return self._fonts

    def icon(self, painter: QPainter, rect: QRect, name: str, color: str) -> None:
        """Paint an icon centred in a rectangle, from a picture made once."""
        ratio = painter.device().devicePixelRatio()
        key = (name, color, ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            side = round(theme.ICON_SIZE * ratio)
            pixmap = QPixmap(side, side)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as drawing:
                icons.paint(drawing, QRectF(0, 0, theme.ICON_SIZE, theme.ICON_SIZE), name, color)
            self._pixmaps[key] = pixmap
        at = QRect(0, 0, theme.ICON_SIZE, theme.ICON_SIZE)
        at.moveCenter(rect.center())
        painter.drawPixmap(at, pixmap)

    # --- cells

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground, rule, and what the cell holds."""
        model = index.model()
        assert isinstance(model, ListModel)
        rect: QRect = option.rect
        row, column = index.row(), index.column()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = row == self._table.hovered_row
        if selected:
            painter.fillRect(rect, self.color("selection"))
        elif hovered:
            painter.fillRect(rect, self.color("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self.color("border"))
        first = self._table.columnAt(0) == column
        if first and row == self._table.currentIndex().row() and self._table.hasFocus():
            painter.fillRect(rect.left(), rect.top(), 3, rect.height() - 1, self.color("accent"))
        place = QRect(rect.left(), rect.top(), rect.width(), _TEXT_HEIGHT if self._table.is_wide() else rect.height())
        if column >= len(model.columns):
            if selected or hovered:
                self.icon(painter, rect, "more", "icon")
            return
        cell = model.cell(row, column)
        if cell is SKELETON:
            self._skeleton(painter, place)
        elif cell.text or cell.icon:
            self._cell(painter, place, cell, model.columns[column].is_right, selected)

    def _skeleton(self, painter: QPainter, rect: QRect) -> None:
        bar = QRect(rect.left() + PAD, rect.center().y() - 4, max(rect.width() * 3 // 5 - PAD, 8), 8)
        painter.fillRect(bar, self.color("hover"))

    def _cell(self, painter: QPainter, rect: QRect, cell: Cell, is_right: bool, selected: bool) -> None:
        plain, bold, _ = self.fonts()
        room = rect.adjusted(PAD, 0, -PAD, 0)
        if cell.icon:
            side = theme.ICON_SIZE
            color = cell.icon_color or ("icon" if cell.color == "text" else cell.color)
            self.icon(painter, QRect(room.left(), room.top(), side, room.height()), cell.icon, color)
            room.setLeft(room.left() + side + 6)
        painter.setFont(bold if cell.is_bold else plain)
        metrics = painter.fontMetrics()
        if cell.chip and room.width() > 24:
            self._chip(painter, room, cell, metrics)
            return
        name = "selection_text" if selected and cell.color in ("text", "dim") else cell.color
        painter.setPen(self.color(name))
        text = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, room.width())
        side_flag = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side_flag | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)

    def _chip(self, painter: QPainter, room: QRect, cell: Cell, metrics: QFontMetrics) -> None:
        text = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, room.width() - PAD)
        width = min(metrics.horizontalAdvance(text) + 2 * PAD, room.width() + PAD)
        ground = QRectF(room.left() - 2, room.center().y() - 9.5, width, 20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color(f"{cell.chip}_soft"))
        painter.drawRoundedRect(ground, 10, 10)
        painter.restore()
        painter.setPen(self.color(cell.chip))
        painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), text)

    def paint_line(self, painter: QPainter, rect: QRect, text: str, selected: bool) -> None:
        """The dim line under a row."""
        painter.setFont(self.fonts()[2])
        painter.setPen(self.color("selection_text" if selected else "dim"))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Room the content of a cell wants; double click on the edge of a column asks for it."""
        model = index.model()
        assert isinstance(model, ListModel)
        cell = model.cell(index.row(), index.column())
        width = QFontMetrics(self.fonts()[1 if cell.is_bold else 0]).horizontalAdvance(cell.text) + 2 * PAD + 4
        if cell.icon:
            width += theme.ICON_SIZE + 6
        if cell.chip:
            width += PAD
        return QSize(min(width, 600), theme.ROW_HEIGHT)
