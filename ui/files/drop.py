"""Where files can be dropped: the place shows itself while something is dragged over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from oficrm.files.sources import Source
from ui import icons, theme
from ui.files import intake

Take = Callable[[list[Source]], object]
_KINDS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
_ICON = 32


class DropPlace(QWidget):
    """Lies over a widget while files are held over it: an edge, an icon, and where they will go."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("drop_place")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.sentence = ""
        self.hide()

    def open(self, sentence: str) -> None:
        """Appear."""
        parent = self.parentWidget()
        assert parent is not None
        self.sentence = sentence
        self.setAccessibleName(sentence)
        self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What lies below stays to be guessed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.92)
        painter.fillRect(self.rect(), theme.color("accent_soft"))
        painter.setOpacity(1)
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        edge = theme.SPACE_S
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), theme.RADIUS, theme.RADIUS)
        middle = self.rect().center()
        icons.paint(
            painter, QRectF(middle.x() - _ICON / 2, middle.y() - _ICON - theme.SPACE_XS, _ICON, _ICON), "drop", "accent"
        )
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.color("accent"))
        room = self.rect().adjusted(theme.SPACE_L, middle.y() + theme.SPACE_S, -theme.SPACE_L, 0)
        wrap = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(wrap), self.sentence)


class DropTarget(QObject):
    """Lets a widget take what is dropped on it. ``may`` says whether it does now, ``sentence`` where it goes."""

    def __init__(
        self, widget: QWidget, take: Take, *, may: Callable[[], bool] = lambda: True,
        sentence: Callable[[], str] = lambda: "Suelte aquí los archivos",
    ) -> None:  # fmt: skip
        super().__init__(widget)
        self._widget, self._take, self._may, self._sentence = widget, take, may, sentence
        self.place = DropPlace(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Copy what can be taken; what is dragged from here does not come back."""
        if event.type() == QEvent.Type.DragLeave:
            self.place.hide()
            return True
        if event.type() not in _KINDS or not isinstance(event, QDropEvent):
            return False
        source = event.source()
        from_here = isinstance(source, QWidget) and self._widget.isAncestorOf(source)
        if from_here or not self._may() or not intake.can_take(event.mimeData()):
            event.ignore()
            return True
        # Who drags may mean to move: the original stays where it is all the same
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.place.hide()
            self._take(intake.sources_of(event.mimeData()))
        elif not self.place.isVisible():
            self.place.open(self._sentence())
        return True
