"""``tab_comment``: the conversation about a record, the newest at the end, with a box to write at once."""

from __future__ import annotations

import datetime as dt
import html
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from db.filed import key_of
from oficrm import comment_text, comments
from oficrm.comments import TABLE, Handle, Remark, Stream
from oficrm.errors import EnvironmentProblem, NeedsConfirmation, Refused, ValidationError
from oficrm.jobs import Changes, Done
from oficrm.related import Related
from oficrm.rules import dates
from ui import theme
from ui.comments.compose import CommentCompose
from ui.forms.message_bar import Answer, MessageBars
from ui.widgets.feedback import EmptyState

if TYPE_CHECKING:
    from ui.contact.form import ContactWindow
    from ui.forms.record_window import RecordWindow

NOTHING = "Todavía no hay comentarios. Escriba el primero abajo."
OLDER = "older:0"


class Reading(QTextBrowser):
    """Comments as text to read and select; its links ask for things (``reply:5``) or lead out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("comments")
        self.setAccessibleName("Comentarios")
        self.setOpenLinks(False)
        theme.set_surface(self, "card")
        self.setTabChangesFocus(True)

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Nothing is ever fetched: a text holds no pictures."""
        return None


class CommentsTab(QWidget):
    """Reads, publishes, answers, changes and deletes the comments of the window's record."""

    def __init__(self, window: RecordWindow | ContactWindow, relation: Related) -> None:
        super().__init__(window)
        assert window.form.ident is not None
        self._window, self._context = window, window.context
        self.key = key_of(window.form.table, window.form.ident)
        self.stream = Stream((), 0, 0)
        self._handles: tuple[Handle, ...] = ()
        self._shown = comments.STRETCH
        self._answers: int | None = None
        self._edits: int | None = None
        self._is_stale = True
        self.bars = MessageBars(self)
        self.view = Reading(self)
        self.empty = EmptyState("comment", NOTHING, parent=self)
        self.compose = CommentCompose(window.context.memory, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self.bars)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.compose)
        self.setFocusProxy(self.compose.box)
        self.view.anchorClicked.connect(self._follow)
        self.compose.published.connect(self.publish)
        self.compose.given_up.connect(self._forget)
        self._context.bridge.changed.connect(self._changed)
        theme.notifier.changed.connect(self._write)

    # --- reading

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is looked at."""
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def reload(self) -> None:
        """Read the conversation again, if it is looked at."""
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        key, count = self.key, self._shown
        self._context.bridge.read(
            lambda s: (comments.stream(s, key, count), comments.handles(s)), self._arrived, self, failed=self._failed,
            purpose="stream",
        )  # fmt: skip

    def _arrived(self, found: tuple[Stream, tuple[Handle, ...]]) -> None:
        self.stream, self._handles = found
        self.compose.box.handles = self._handles
        self._write()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if changes.shown(TABLE) or "user" in changes.tables:
            self.reload()

    def _write(self) -> None:
        """Show what was read; who was at the end stays at the end, who was reading stays there."""
        bar = self.view.verticalScrollBar()
        at_end, at = bar.value() >= bar.maximum() - 4, bar.value()
        names = [name for handle in self._handles for name in (handle.name, handle.name.partition(" ")[0])]
        self.view.setHtml(page(self.stream, names))
        has_any = bool(self.stream.remarks)
        self.view.setVisible(has_any)
        self.empty.setVisible(not has_any)
        bar.setValue(bar.maximum() if at_end else at)
        if at_end:
            QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum()))

    # --- what its links ask for

    def _follow(self, address: QUrl) -> None:
        if address.scheme() in ("http", "https"):
            self._ask_link(address)
            return
        what, _, ident = address.toString().partition(":")
        match what:
            case "older":
                self._shown *= 4
                self.reload()
            case "reply":
                self.reply(int(ident))
            case "edit":
                self.edit(int(ident))
            case "delete":
                self.remove(int(ident))
            case "files":
                self._context.opener.open_record(TABLE, int(ident), parent=self.window())

    def _ask_link(self, address: QUrl) -> None:
        """A link from outside is opened once its place has been seen."""

        def go() -> None:
            self.bars.hide_message("link")
            QDesktopServices.openUrl(address)

        answers = [Answer("Abrir", go, "button_link_open", True),
                   Answer("No abrir", lambda: self.bars.hide_message("link"), "button_link_close")]  # fmt: skip
        self.bars.show_message("link", f"Abrir {address.toString()}", "accent", answers).focus()

    def _remark(self, ident: int) -> Remark | None:
        everyone = (each for head in self.stream.remarks for each in (head, *head.replies))
        return next((each for each in everyone if each.id == ident), None)

    def reply(self, ident: int) -> None:
        """What is written next answers a comment."""
        remark = self._remark(ident)
        if remark is not None:
            self._answers, self._edits = ident, None
            self.compose.begin_reply(remark.author)

    def edit(self, ident: int) -> None:
        """Change a comment of one's own."""
        remark = self._remark(ident)
        if remark is not None and remark.is_mine:
            self._edits, self._answers = ident, None
            self.compose.begin_edit(remark.body)

    def _forget(self) -> None:
        self._answers = self._edits = None

    # --- writing

    def publish(self, body: str) -> None:
        """Publish what is written: a comment, an answer, or what was changed."""
        self.bars.hide_message("send")
        self.compose.set_waiting(True)
        if (edited := self._edits) is not None:
            job: Any = partial(comments.rewrite, ident=edited, body=body)
        else:
            job = partial(comments.publish, key=self.key, body=body, is_internal=self.compose.internal.isChecked(),
                          parent=self._answers, files=tuple(self.compose.sources))  # fmt: skip
        self._context.bridge.write(job, self._published, self, failed=self._not_published,
                                   slow=bool(self.compose.sources))  # fmt: skip

    def _published(self, done: Done[Any]) -> None:
        words = ("Comentario cambiado." if self._edits is not None
                 else "Respuesta publicada." if self._answers is not None else "Comentario publicado.")  # fmt: skip
        self._forget()
        self.compose.set_waiting(False)
        self.compose.clear()
        self.compose.box.setFocus()
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())
        self._context.notices.show(words, done.changes.operation_id)

    def _not_published(self, error: Exception) -> None:
        self.compose.set_waiting(False)
        self._failed(error)

    def remove(self, ident: int) -> None:
        """Delete a comment of one's own; its answers go too."""
        self._context.bridge.write(
            partial(comments.remove, ident=ident),
            lambda done: self._context.notices.show(done.value, done.changes.operation_id), self, failed=self._failed,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        match error:
            case ValidationError():
                words = " ".join(text for texts in error.errors.values() for text in texts)
            case Refused() | EnvironmentProblem() | NeedsConfirmation():
                words = str(error)
            case _:
                self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
                return
        answers = [Answer("Cerrar", lambda: self.bars.hide_message("send"), "button_close_said")]
        self.bars.show_message("send", words, "overdue", answers)


# --- how they are written down


def page(stream: Stream, names: list[str]) -> str:
    """Return the whole conversation as HTML; texts are escaped by ``oficrm.comment_text``."""
    colors = {name: theme.color(name).name() for name in ("text", "dim", "accent", "border", "today")}
    size = theme.font_points("text")
    small = theme.font_points("small")
    style = (
        f"body {{ color: {colors['text']}; font-size: {size}pt; }} a {{ color: {colors['accent']}; "
        f"text-decoration: none; }} .small {{ color: {colors['dim']}; font-size: {small}pt; }} "
        "ul { margin: 0px 0px 0px 14px; -qt-list-indent: 0; }"
    )
    older = ""
    if stream.older:
        what = "1 anterior" if stream.older == 1 else f"{stream.older:n} anteriores"
        older = f'<p align="center"><a href="{OLDER}">Ver {what}</a></p>'
    rows = "".join(_remark_html(remark, names, colors) for remark in stream.remarks)
    return f"<html><head><style>{style}</style></head><body>{older}{rows}</body></html>"


def _remark_html(remark: Remark, names: list[str], colors: dict[str, str], *, is_reply: bool = False) -> str:
    marks = [when(remark.at)]
    if remark.is_edited:
        marks.append("editado")
    marks.append("interno" if remark.is_internal else f'<span style="color: {colors["today"]}">lo ve el cliente</span>')
    actions = [f'<a href="reply:{remark.id}">Responder</a>']
    if remark.is_mine:
        actions += [f'<a href="edit:{remark.id}">Editar</a>', f'<a href="delete:{remark.id}">Borrar</a>']
    files = "1 archivo" if remark.files == 1 else f"{remark.files} archivos" if remark.files else "Archivos"
    actions.append(f'<a href="files:{remark.id}">{files}</a>')
    head = f'<b>{html.escape(remark.author)}</b> <span class="small">· {" · ".join(marks)}</span>'
    foot = f'<span class="small">{" · ".join(actions)}</span>'
    indent = 36 if is_reply else 0
    replies = "".join(_remark_html(reply, names, colors, is_reply=True) for reply in remark.replies)
    body = comment_text.to_html(remark.body, names)
    return (
        f'<table width="100%" cellspacing="0" cellpadding="5" style="margin-left: {indent}px; margin-bottom: 6px">'
        f'<tr><td width="3" style="padding: 0px" bgcolor="{colors["border" if is_reply else "accent"]}"></td>'
        f"<td>{head}<div>{body}</div>{foot}</td></tr></table>{replies}"
    )


def when(at: dt.datetime) -> str:
    """The local day and hour of a comment."""
    here = at.astimezone()
    return f"{dates.short_date(here.date())} {here:%H:%M}"
