"""Shows a message: its HTML on white paper as mail programs do, or its plain text. Nothing is fetched, nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QTextCursor, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QTextBrowser, QToolTip, QWidget

from ui import theme
from ui.mail import links, paper
from ui.mail.content import Shown

LEAST_ZOOM, MOST_ZOOM = -4, 10
_STEP = 1.1
_MARGIN = 12
_DARK = 0.4
"""Below this lightness a page is dark, and its letters white where the mail names no colour."""


class MailDocument(QTextDocument):
    """A document that gets pictures of its own message and nothing else, whatever the HTML names.

    The base class would read files and data addresses by itself where it is given nothing; so there is always
    something: a picture of one clear point.
    """

    def __init__(self, pictures: dict[str, QImage], parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(Qt.GlobalColor.transparent)
        self.asked: list[str] = []
        """What the HTML asked for that is no picture of its message."""
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(_MARGIN)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the message by its content id; for all else a clear point, or no style."""
        url = QUrl(name)
        if url.scheme().lower() == "cid" and (found := self._pictures.get(url.path().lower())) is not None:
            return found
        self.asked.append(url.toString())
        return "" if kind == QTextDocument.ResourceType.StyleSheetResource.value else self._nothing


class MailView(QTextBrowser):
    """Reads one message. ``link_asked(target)`` when a link is to be followed, ``hovered(target)`` when one is under
    the pointer ("" when none is), ``text_asked`` when T is pressed."""  # noqa: D209

    link_asked = Signal(str)
    hovered = Signal(str)
    text_asked = Signal()
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mail_view")
        self.setAccessibleName("Mensaje")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._shown = Shown()
        self._as_text = False
        self._zoom = 0
        self._keep(MailDocument({}, self))
        self.anchorClicked.connect(lambda url: self.link_asked.emit(url.toString()))
        self.highlighted.connect(self._over)
        theme.notifier.changed.connect(self._render)

    # --- what is shown

    def show_message(self, shown: Shown, *, as_text: bool = False) -> None:
        """Show a message, from its beginning."""
        self._shown, self._as_text = shown, as_text
        self._render()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def set_as_text(self, as_text: bool) -> None:
        """Show the plain text, or the HTML where there is one."""
        if as_text != self._as_text:
            self.show_message(self._shown, as_text=as_text)

    def is_text(self) -> bool:
        """Whether plain text is on the screen."""
        return self._as_text or self._shown.page is None

    def has_both(self) -> bool:
        """Whether there is HTML besides the text."""
        return self._shown.page is not None

    def mail_document(self) -> MailDocument:
        """The document on the screen."""
        document = self.document()
        assert isinstance(document, MailDocument)
        return document

    def _keep(self, document: MailDocument, write: Callable[[], None] | None = None) -> None:
        """Show a document, then write into it: written before, it would be laid out for two widths more.

        For the same reason its scroll bar is there while it is written.
        """
        before = self.document()
        self.setDocument(document)
        if isinstance(before, MailDocument):
            before.deleteLater()
        if write is not None:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
            write()
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _render(self) -> None:
        bar = self.verticalScrollBar()
        place = bar.value() / max(1, bar.maximum())
        shown, page = self._shown, self._shown.page
        document = MailDocument(shown.pictures, self)
        factor = _STEP**self._zoom
        font = QFont(theme.font("text"))
        font.setPointSizeF(font.pointSizeF() * factor)
        document.setDefaultFont(font)
        if page is None or self._as_text:
            self._dress(theme.color("base"), theme.color("text"))
            self._keep(document, lambda: self._write_text(document, shown))
        else:
            ground, ink = _colours(page)
            self._dress(ground, ink)
            document.setDefaultStyleSheet(f"a {{ color: {_link_colour(ground)}; }}")
            html = paper.zoomed(page.html, factor)
            self._keep(document, lambda: document.setHtml(html))
        bar.setValue(round(place * bar.maximum()))

    def _write_text(self, document: MailDocument, shown: Shown) -> None:
        if shown.text_html:
            document.setDefaultStyleSheet(
                f"p {{ margin: 0; white-space: pre-wrap; }} a {{ color: {theme.tokens().accent}; }} "
                f"p.quote {{ color: {theme.tokens().dim}; }}"
            )
            document.setHtml(shown.text_html)
        else:
            document.setPlainText(shown.text)

    def _dress(self, ground: QColor, ink: QColor) -> None:
        """The colours of the page; what is selected is read on the light palette where the page is light."""
        of = theme.DARK if ground.lightnessF() < _DARK else theme.LIGHT
        self.setStyleSheet(
            f"QTextBrowser {{ background: {ground.name()}; color: {ink.name()}; "
            f"selection-background-color: {of.selection}; selection-color: {of.selection_text}; }}"
        )

    # --- letters, and where links lead

    def zoom(self) -> int:
        """How many steps larger (or smaller) the letters are."""
        return self._zoom

    def set_zoom(self, zoom: int) -> None:
        """Make the letters larger or smaller by steps of a tenth; 0 is as written."""
        zoom = max(LEAST_ZOOM, min(MOST_ZOOM, zoom))
        if zoom != self._zoom:
            self._zoom = zoom
            self._render()
            self.zoomed.emit(zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """T changes between text and HTML."""
        if event.key() == Qt.Key.Key_T and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.text_asked.emit()
            return
        super().keyPressEvent(event)

    def doSetSource(
        self,
        name: QUrl | str,
        type: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource,
    ) -> None:
        """A message leads nowhere by itself."""

    def lie(self, target: str) -> links.Lie | None:
        """Where a link leads when its words say another place."""
        return None if self.is_text() else self._shown.lies.get(QUrl(target).toString())

    def _over(self, url: QUrl) -> None:
        self.hovered.emit(links.shown(url.toString()) if not url.isEmpty() else "")

    def event(self, event: QEvent) -> bool:
        """The tooltip of a link is its true target, never a title that the mail gives it."""
        if event.type() == QEvent.Type.ToolTip:
            at = self.viewport().mapFromGlobal(self.mapToGlobal(QPoint(event.pos())))  # type: ignore[attr-defined]
            target = self.anchorAt(at)
            QToolTip.showText(self.mapToGlobal(event.pos()), links.shown(target) if target else "", self)  # type: ignore[attr-defined]
            return True
        return super().event(event)


def _colours(page: paper.Paper) -> tuple[QColor, QColor]:
    """Ground and ink of a page: white and dark unless the mail names others."""
    ground = QColor.fromString(page.ground) if page.ground else QColor(theme.LIGHT.base)
    if not ground.isValid() or ground.alpha() < 255:
        ground = QColor(theme.LIGHT.base)
    is_dark = ground.lightnessF() < _DARK
    ink = QColor.fromString(page.ink) if page.ink else QColor()
    if not ink.isValid() or abs(ink.lightnessF() - ground.lightnessF()) < _DARK:
        ink = QColor(theme.DARK.text if is_dark else theme.LIGHT.text)
    return ground, ink


def _link_colour(ground: QColor) -> str:
    return (theme.DARK if ground.lightnessF() < _DARK else theme.LIGHT).accent
