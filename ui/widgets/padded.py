"""Room at both sides of the cells of a table or tree, as its header has it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import theme

PAD = theme.SPACE_XS
_Index = QModelIndex | QPersistentModelIndex


class PaddedDelegate(QStyledItemDelegate):
    """Paints a cell as usual, a little inside of its ground. Rows are ``height`` pixels high at least."""

    def __init__(self, parent: QObject | None = None, *, height: int = theme.ROW_HEIGHT) -> None:
        super().__init__(parent)
        self._height = height

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The whole ground, then the content within."""
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, whole, painter, option.widget)
        inside = QStyleOptionViewItem(option)
        inside.rect = option.rect.adjusted(PAD, 0, -PAD, 0)
        super().paint(painter, inside, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """With the room at the sides."""
        plain = super().sizeHint(option, index)
        return QSize(plain.width() + 2 * PAD, max(plain.height(), self._height))
