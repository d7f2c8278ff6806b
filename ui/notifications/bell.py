"""The bell of the main window: how many notices are unread, and the way to them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from db.registry import module
from oficrm import notifications
from oficrm.errors import EnvironmentProblem
from oficrm.notifications import Inbox, Notice
from ui import icons, theme
from ui.context import Context
from ui.notifications.popup import Popup

SOON_MS = 250
"""After a write: several follow each other."""
POLL_MS = 45_000
"""How often a team's server is asked: what others write, nobody announces here."""
MOST = 99


class Bell(QToolButton):
    """``button_notifications``. Asks on the slow lanes, after what is written here and now and then."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("button_notifications")
        self.setAutoRaise(True)
        self.setIcon(icons.icon("bell"))
        self.setIconSize(QSize(theme.ICON_SIZE + 2, theme.ICON_SIZE + 2))
        self.setFixedSize(36, theme.CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._context = context
        self.inbox = Inbox(None, 0, ())
        self.popup = Popup(self)
        self.popup.opened.connect(self.open_notice)
        self.popup.all_read.connect(self.mark_all_read)
        self.popup.add_user.connect(self._add_user)
        self.clicked.connect(self.show_popup)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.refresh)
        if context.bridge.jobs.engine.dialect.name != "sqlite":
            self._poll.start()
        context.bridge.changed.connect(lambda *_: self._soon.start())
        self._show(self.inbox)
        self._soon.start()

    def refresh(self) -> None:
        """Ask again what there is."""
        self._context.bridge.read(
            notifications.inbox, self._show, self, failed=self._on_failed, purpose="inbox", slow=True
        )

    def _show(self, inbox: Inbox) -> None:
        self.inbox = inbox
        count = inbox.unread
        words = "sin avisos nuevos" if not count else "1 sin leer" if count == 1 else f"{count} sin leer"
        self.setAccessibleName(f"Avisos: {words}")
        self.setToolTip(f"Avisos: {words} (Ctrl+J)")
        self.popup.show_inbox(inbox)
        self.update()

    def _on_failed(self, error: Exception) -> None:
        """A server that does not answer is told where the bell is; whatever else the user does says it aloud."""
        if isinstance(error, EnvironmentProblem):
            self.setToolTip(f"No se han podido leer los avisos. {error}")
            return
        self._context.bridge.failed.emit(error, repr(error))

    def show_popup(self) -> None:
        """Open the list below the bell."""
        corner = self.mapToGlobal(QPoint(self.width() - self.popup.width(), self.height() + 2))
        room = self.screen().availableGeometry()
        self.popup.move(max(corner.x(), room.left() + theme.SPACE_S), corner.y())
        self.popup.show()
        (self.popup.list if self.inbox.notices else self.popup).setFocus()
        self.refresh()

    def open_notice(self, notice: Notice) -> None:
        """Open the record of a notice, which is read then."""
        self._mark([notice.id])
        self._context.opener.open_record(notice.table, notice.record_id)

    def mark_all_read(self) -> None:
        """Mark all as read; they stay in the list."""
        self._mark(None)

    def _mark(self, ids: list[int] | None) -> None:
        self._context.bridge.write(
            lambda session: notifications.mark_read(session, ids), lambda _done: self.refresh(), self
        )

    def _add_user(self) -> None:
        self.popup.close()
        login = self._context.bridge.jobs.actor.user
        self._context.opener.open_record(module("user").module.table, preset={"name": login, "login": login})

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bell, and the number on it."""
        super().paintEvent(event)
        if not self.inbox.unread:
            return
        text = str(self.inbox.unread) if self.inbox.unread <= MOST else f"{MOST}+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font("small", bold=True)
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        wide = max(14, painter.fontMetrics().horizontalAdvance(text) + 7)
        mark = QRect(min(self.width() // 2 + 1, self.width() - wide), 2, wide, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("overdue"))
        painter.drawRoundedRect(mark, 7, 7)
        painter.setPen(theme.color("card"))
        painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, text)
