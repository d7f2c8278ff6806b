"""Channels in a list page, be it Canales chat or the tab of a record: bringing them in, and what its actions do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from db.models.chat_channel import ChannelType
from oficrm.chat import talk
from oficrm.chat.importing import Report, Wanted
from ui.chat import accounts
from ui.chat.file_dialog import open_file_import
from ui.chat.linking import link_channels
from ui.chat.rooms_dialog import open_rooms
from ui.chat.run import ChatRun
from ui.chat.server_dialog import ServerDialog
from ui.forms.message_bar import Answer, MessageBars
from ui.history.words import counted
from ui.lists.companions import Companion
from ui.lists.emptiness import Emptiness

if TYPE_CHECKING:
    from ui.lists.page import ListPage

NOTHING = "Todavía no hay canales. Añada uno, tráigalos de Rocket.Chat o importe un archivo exportado."


class ChannelsPart(Companion):
    """Makes a list page of ``chat_channel`` the place of conversations."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self.page = page
        self.above = self.bars = MessageBars(page)
        self.corner = QWidget(page)
        self.corner.hide()
        self.refreshing = ChatRun(page.context, self)
        self.refreshing.stepped.connect(
            lambda done, _total: self._working(f"Trayendo mensajes: {counted(done, 'recibido', 'recibidos')}")
        )
        self.refreshing.noted.connect(lambda text: self._working(text) if text else None)
        self.refreshing.ended.connect(self._refreshed)

    @property
    def places(self) -> tuple[str, ...]:
        """The key of the record whose channels these are, none for all channels."""
        key = self.page.fixed.get("records")
        return (str(key),) if key else ()

    def body(self, rows: QWidget) -> QWidget:
        """The rows alone."""
        return rows

    def hidden_columns(self) -> tuple[str, ...]:
        """In the tab of a record its own name would stand in every row."""
        return ("records",) if self.places else ()

    def emptiness(self, state: Emptiness) -> Emptiness:
        """Three ways to begin; the nearest has the button."""
        return Emptiness(state.icon, NOTHING, state.button, state.way)

    # --- actions

    def run(self, name: str) -> bool:
        """Do an action of channels; those of every list are left to the page."""
        page = self.page
        match name:
            case "fetch":
                open_rooms(page.context, self.places)
            case "import":
                open_file_import(page.context, page, places=self.places)
            case "server":
                ServerDialog(page.context, page).open()
            case "link":
                if ids := page.selected_ids():
                    link_channels(page.context, ids, page)
            case "refresh":
                self._refresh(page.selected_ids())
            case _:
                return False
        return True

    # --- bringing up to date

    def _refresh(self, ids: list[int]) -> None:
        if self.refreshing.is_running() or not ids:
            return
        self.page.context.bridge.read(lambda s: talk.rooms_of(s, ids), self._begin, self, purpose="refresh")

    def _begin(self, rooms: dict[str, list[tuple[str, str, str]]]) -> None:
        server = accounts.server(self.page.context.memory)
        here = rooms.get(server, []) if server else []
        if not here:
            words = "Los canales elegidos no son del servidor al que está conectado."
            answers = [Answer("Servidor de chat…", lambda: ServerDialog(self.page.context, self.page).open(),
                              "button_server"),
                       Answer("Cerrar", lambda: self.bars.hide_message("refresh"), "button_close_said")]  # fmt: skip
            self.bars.show_message("refresh", words, "today", answers)
            return
        self.refreshing.rooms(server, [Wanted(ident, name, ChannelType(kind)) for ident, name, kind in here])
        self._working("Preguntando al servidor…")

    def _working(self, text: str) -> None:
        if self.refreshing.is_running():
            answers = [Answer("Parar", self.refreshing.cancel, "button_stop_chat")]
            self.bars.show_message("refresh", text, "accent", answers)

    def _refreshed(self, report: Report) -> None:
        good = not report.problem and not report.was_cancelled
        answers = [Answer("Cerrar", lambda: self.bars.hide_message("refresh"), "button_close_said")]
        self.bars.show_message("refresh", report.sentence(), "done" if good else "today", answers)
        if report.changes.operation_id is not None:
            self.page.context.notices.show(report.sentence(), report.changes.operation_id)
