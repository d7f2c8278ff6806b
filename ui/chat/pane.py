"""The conversation of one channel: what was said, looking something up in it, writing, and bringing it up to date."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from db.models.chat_channel import ChannelType
from oficrm.chat import connecting, talk
from oficrm.chat.importing import Report, Wanted
from oficrm.chat.talk import Hit, Line
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes
from ui import icons, theme, tips
from ui.chat.compose import Compose
from ui.chat.facts import Channel, status_words
from ui.chat.hits import HitList
from ui.chat.network import Network
from ui.chat.reading import Reader
from ui.chat.run import ChatRun
from ui.chat.talk_view import TalkView
from ui.context import Context
from ui.forms.message_bar import Answer, MessageBars
from ui.history.words import counted
from ui.keys import key_in
from ui.mail import links as link_words
from ui.widgets.bars import SearchField
from ui.widgets.feedback import EmptyState

NOTHING_LOCAL = "Todavía no hay mensajes. Anote el primero abajo, o importe una conversación exportada de Rocket.Chat."
NOTHING_THERE = "Todavía no hay mensajes. Actualice (F5) para traer los del servidor."


class TalkPane(QWidget):
    """``show_channel`` begins. ``server_asked`` and ``import_asked`` for the dialogs, ``shown`` once messages are."""

    server_asked = Signal()
    import_asked = Signal()
    shown = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._channel: Channel | None = None
        self._is_locked = False
        self.bars = MessageBars(self)
        self.search = SearchField(self, placeholder="Buscar en la conversación")
        self.search.setMaximumWidth(300)
        self.status = QLabel(self)
        self.refresh_button = self._button("Actualizar", "load", "button_refresh", "Traer lo nuevo del servidor (F5)")
        self.import_button = self._button("Importar…", "import", "button_import_chat",
                                          "Importar mensajes de un archivo exportado de Rocket.Chat")  # fmt: skip
        self.gauge = QProgressBar(self)
        self.stop_button = self._button("Parar", "stop", "button_stop_chat", "Parar; lo traído se conserva")
        self.view = TalkView(self)
        self.hits = HitList(self)
        self.empty = EmptyState("chat", NOTHING_LOCAL, parent=self)
        self.stack = QStackedWidget(self)
        self.compose = Compose(self)
        self.reader = Reader(context, self.view)
        self.network = Network(context.bridge, self)
        self.run = ChatRun(context, self)
        self._lay_out()
        self._connect()

    def _button(self, text: str, icon: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(icons.icon(icon), text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        self.status.setObjectName("chat_status")
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.set_role(self.status, "small")
        self.gauge.setTextVisible(False)
        self.gauge.setFixedWidth(140)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_S)
        top.addWidget(self.search, 2)
        top.addWidget(self.status, 3)
        for part in (self.gauge, self.stop_button, self.refresh_button, self.import_button):
            top.addWidget(part)
        for page in (self.view, self.hits, self.empty):
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S)
        column.addLayout(top)
        column.addWidget(self.bars)
        column.addWidget(self.stack, 1)
        column.addWidget(self.compose)
        self._show_running()

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self.search.installEventFilter(self)
        self.search.returnPressed.connect(lambda: self.hits.setFocus() if self.search.text() else None)
        self.hits.edit_requested.connect(self.reader.go_to)
        self.hits.view_requested.connect(self.reader.go_to)
        self.reader.shown.connect(self._shown)
        self.reader.went.connect(self._went_to)
        self.reader.failed.connect(self._failed)
        self.view.link_asked.connect(self.ask_link)
        self.view.removal_asked.connect(self.remove)
        self.compose.sent.connect(self.send)
        self.refresh_button.clicked.connect(self.refresh)
        self.import_button.clicked.connect(self.import_asked)
        self.stop_button.clicked.connect(self.run.cancel)
        self.run.stepped.connect(self._step)
        self.run.noted.connect(self._note)
        self.run.ended.connect(self._ended)
        self._context.bridge.changed.connect(self._changed)
        for keys, run in (("F5", self.refresh), ("Ctrl+F", self._focus_search)):
            owner = self.parentWidget() or self
            key_in(keys, owner, run)

    # --- what is shown

    @property
    def channel(self) -> Channel | None:
        """The channel shown."""
        return self._channel

    def show_channel(self, channel: Channel) -> None:
        """Show a channel, or what changed of it."""
        first = self._channel is None or self._channel.id != channel.id
        self._channel = channel
        self.compose.dress(goes_out=channel.is_there, where=channel.name)
        self._show_running()
        self.import_button.setVisible(not channel.is_there and not self._is_locked)
        self._show_status()
        self.reader.follow(channel)
        if first:
            self.reader.read()

    def set_locked(self, locked: bool) -> None:
        """Consultar: nothing is written. Bringing it up to date writes too."""
        self._is_locked = locked
        self.view.can_remove = not locked
        self.compose.setVisible(not locked)
        self.refresh_button.setEnabled(not locked)
        self.import_button.setVisible(not locked and not (self._channel and self._channel.is_there))

    def _shown(self) -> None:
        self._show_page()
        self.shown.emit()

    def _show_page(self) -> None:
        channel = self._channel
        self.empty.set("chat", NOTHING_THERE if channel is not None and channel.is_there else NOTHING_LOCAL)
        page = self.hits if self.search.text().strip() else self.view if self.view.lines() else self.empty
        if page is self.hits and not self.hits.entries():
            self.empty.set("search", "Ningún mensaje contiene eso.")
            page = self.empty
        self.stack.setCurrentWidget(page)

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if "chat_message" in changes.tables and self._channel is not None:
            self.reader.read()
            if self.search.text().strip():
                self._search(self.search.text())

    def _show_status(self) -> None:
        if self._channel is not None:
            words = status_words(self._channel)
            self.status.setText(words)
            self.status.setToolTip(tips.plain(words))

    # --- looking something up

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape is for the search while something is searched, not for the window."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and event.key() == Qt.Key.Key_Escape and self.search.text():  # type: ignore[attr-defined]
            event.accept()
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        if self._channel is None or not text.strip():
            self._show_page()
            return
        ident = self._channel.id
        self._context.bridge.read(
            lambda s: talk.find(s, ident, text), self._show_hits, self, failed=self._failed, purpose="find"
        )

    def _show_hits(self, hits: list[Hit]) -> None:
        self.hits.show_entries(hits)
        self._show_page()

    def _went_to(self) -> None:
        self.search.reset()
        self._show_page()
        self.view.setFocus()

    # --- writing

    def send(self, text: str) -> None:
        """Note a message, or send it to the server and keep what the server made of it."""
        channel = self._channel
        if channel is None or self._is_locked:
            return
        self.bars.hide_message("send")
        self.compose.set_waiting(True)
        if not channel.is_there:
            self._context.bridge.write(
                lambda s: talk.note(s, channel.id, text), self._sent, self, failed=self._not_sent
            )
            return
        try:
            ready = talk.ready(text)
        except Refused as error:
            self._not_sent(error)
            return
        self.network.run(
            lambda work: connecting.post(channel.server, channel.external_id, ready, work),
            lambda raw: self._keep(channel, raw), self._not_posted,
        )  # fmt: skip

    def _keep(self, channel: Channel, raw: object) -> None:
        self._context.bridge.write(
            lambda s: talk.posted(s, channel.id, raw), self._sent, self, failed=self._sent_not_kept
        )

    def _sent(self, _done: object) -> None:
        self.compose.set_waiting(False)
        self.compose.clear()
        self.compose.box.setFocus()
        self.view.go_to_end()

    def _sent_not_kept(self, error: Exception) -> None:
        self._sent(None)
        self._failed(error)

    def _not_sent(self, error: Exception) -> None:
        self.compose.set_waiting(False)
        self._failed(error)

    def _not_posted(self, words: str) -> None:
        """What was written stays; whether it arrived only the server knows."""
        self.compose.set_waiting(False)
        self._say("send", f"{words} El mensaje sigue abajo; si duda de si llegó, actualice antes de repetirlo.")

    def remove(self, message_id: int) -> None:
        """Delete a message noted here."""
        if not self._is_locked:
            self._context.bridge.write(
                lambda s: talk.remove(s, message_id),
                lambda done: self._context.notices.show(done.value, done.changes.operation_id),
                self, failed=self._failed,
            )  # fmt: skip

    # --- the server

    def refresh(self) -> None:
        """Bring what is new from the server; a local log is read again."""
        channel = self._channel
        if channel is None or self.run.is_running():
            return
        if not channel.is_there:
            self.reader.read()
            return
        if self._is_locked:
            return
        self.bars.clear()
        kind = ChannelType(channel.kind)
        self.run.rooms(channel.server, [Wanted(channel.external_id, channel.name, kind)])
        self.gauge.setRange(0, 0)
        self._show_running()

    def _step(self, done: int, total: int) -> None:
        self.gauge.setRange(0, total if total > done else 0)
        self.gauge.setValue(done)
        self.status.setText(f"Trayendo mensajes: {counted(done, 'recibido', 'recibidos')}")

    def _note(self, text: str) -> None:
        self.status.setText(text) if text else self._show_status()

    def _ended(self, report: Report) -> None:
        self._show_running()
        self._show_status()
        good = not report.problem and all(row.outcome.name == "DONE" for row in report.rows)
        if good and not report.was_cancelled:
            if report.changes.operation_id is not None:
                self._context.notices.show(report.sentence(), report.changes.operation_id)
            else:
                self.status.setText("Nada nuevo.")
            return
        self._say("server", report.sentence())

    def _show_running(self) -> None:
        running = self.run.is_running()
        self.gauge.setVisible(running)
        self.stop_button.setVisible(running)
        self.refresh_button.setVisible(not running and bool(self._channel and self._channel.is_there))

    def is_busy(self) -> bool:
        """Whether something is on its way to or from a server."""
        return self.run.is_running() or self.network.is_busy()

    # --- links and what goes wrong

    def ask_link(self, address: str) -> None:
        """A link from outside is opened once its place has been seen."""
        if QUrl(address).scheme() not in ("http", "https"):
            return

        def go() -> None:
            self.bars.hide_message("link")
            QDesktopServices.openUrl(QUrl(address))

        answers = [Answer("Abrir", go, "button_link_open"),
                   Answer("No abrir", lambda: self.bars.hide_message("link"), "button_link_close")]  # fmt: skip
        self.bars.show_message("link", f"¿Abrir {link_words.shown(address)}?", "accent", answers).focus()

    def _say(self, code: str, text: str) -> None:
        answers = [Answer("Cerrar", lambda: self.bars.hide_message(code), "button_close_said")]
        channel = self._channel
        if channel is not None and channel.is_there and code in ("server", "send"):
            answers.insert(0, Answer("Servidor de chat…", self.server_asked.emit, "button_server"))
        self.bars.show_message(code, text, "overdue", answers)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self._say("problem", str(error))
        else:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    def lines(self) -> tuple[Line, ...]:
        """The messages shown."""
        return self.view.lines()
