"""The list under the bell: what was told, newest first, with the way to each record."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from db.registry import module
from oficrm import clock
from oficrm.notifications import Inbox, Notice
from oficrm.rules import dates
from ui import icons, theme, tips
from ui.widgets.feedback import EmptyState

WIDTH, HEIGHT = 500, 440
LINE = 46
NOTICE = Qt.ItemDataRole.UserRole
NOTHING = "No tiene avisos."
NOBODY = "Para recibir avisos, añada en Usuarios uno con el nombre con que ha entrado."


def when(notice: Notice) -> str:
    """Day and hour of a notice; of today's only the hour."""
    local, today = notice.at.astimezone(), clock.today()
    return f"{local:%H:%M}" if local.date() == today else f"{dates.short_date(local.date(), today)} {local:%H:%M}"


class _Rows(QStyledItemDelegate):
    """The module's icon, the text (bold until it is read), and when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines."""
        return QSize(0, LINE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one notice."""
        notice: Notice = index.data(NOTICE)
        rect = QRect(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("selection" if chosen else "hover"))
        ink = theme.color("selection_text" if chosen else "text")
        icon = QRect(rect.left() + theme.SPACE_M, rect.center().y() - 8, theme.ICON_SIZE, theme.ICON_SIZE)
        role = "selection_text" if chosen else "dim" if notice.is_read else "accent"
        icons.icon(icons.known(notice.icon), role).paint(painter, icon)
        left = icon.right() + theme.SPACE_M
        room = rect.right() - theme.SPACE_M - left
        painter.setPen(ink if chosen or not notice.is_read else theme.color("dim"))
        painter.setFont(theme.font("text", bold=not notice.is_read))
        text = painter.fontMetrics().elidedText(notice.text, Qt.TextElideMode.ElideRight, room)
        upper = QRect(left, rect.top() + 4, room, 20)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(theme.font("small"))
        painter.setPen(ink if chosen else theme.color("dim"))
        below = f"{module(notice.table).module.label} · {when(notice)}"
        painter.drawText(upper.translated(0, 19), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, below)
        painter.restore()


class Popup(QFrame):
    """``opened(notice)`` when one is chosen with Enter or a click, ``all_read`` when all are marked."""

    opened = Signal(object)
    all_read = Signal()
    add_user = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup_notifications")
        self.setAccessibleName("Avisos")
        theme.set_surface(self, "popup")
        self.setFixedSize(WIDTH, HEIGHT)
        title = QLabel("Avisos", self)
        theme.set_role(title, "section")
        self.mark = QPushButton("Marcar todo como leído", self)
        self.mark.setObjectName("button_mark_all_read")
        theme.set_kind(self.mark, "link")
        self.mark.clicked.connect(self.all_read)
        self.list = QListWidget(self)
        self.list.setObjectName("list_notifications")
        self.list.setAccessibleName("Avisos")
        theme.set_kind(self.list, "plain")
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._open)
        self.empty = EmptyState(parent=self)
        self.empty.setObjectName("empty_notifications")
        self.empty.clicked.connect(self.add_user)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_S, 0)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.SPACE_XS, 1, theme.SPACE_XS)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def show_inbox(self, inbox: Inbox) -> None:
        """Show these notices; the one that was chosen stays so."""
        chosen = self.list.currentItem().data(NOTICE).id if self.list.currentRow() >= 0 else None
        self.list.clear()
        for notice in inbox.notices:
            item = QListWidgetItem(notice.text)
            item.setData(NOTICE, notice)
            state = "" if notice.is_read else "Sin leer. "
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{state}{notice.text}. {when(notice)}")
            item.setToolTip(tips.plain(notice.text))
            self.list.addItem(item)
            if notice.id == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        if inbox.user_id is None:
            self.empty.set("user", NOBODY, "Añadir usuario")
        else:
            self.empty.set("bell", NOTHING, "")
        self._stack.setCurrentWidget(self.list if inbox.notices else self.empty)
        self.mark.setEnabled(inbox.unread > 0)

    def _open(self, item: QListWidgetItem) -> None:
        self.close()
        self.opened.emit(item.data(NOTICE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen; Esc closes, as in any popup."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.mark.hasFocus():
            if self.list.count():
                self._open(self.list.currentItem())
            return
        super().keyPressEvent(event)
