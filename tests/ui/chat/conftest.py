"""A channel in the small office, a chat server on this computer, and a keyring in memory."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from db.history import operation
from db.models.chat_channel import ChannelType
from oficrm.chat import storing, tokens
from oficrm.chat.messages import Incoming
from oficrm.chat.servers import Account, Login
from tests.support.desk import WAIT, Desk, desk
from tests.support.keyring import MemoryKeyring, using
from tests.support.rocket import TOKEN, USER, USER_ID, Rocket, serving
from ui.chat import accounts
from ui.chat.window import ChannelWindow

__all__ = ["desk"]

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@dataclass
class Chat:
    """Makes channels and opens their windows."""

    desk: Desk
    qtbot: QtBot
    rocket: Rocket
    opened: list[str]
    windows: list[ChannelWindow] = field(default_factory=list)

    def channel(
        self, count: int = 0, *, there: bool = False, text: str = "mensaje {}", places: tuple[str, ...] = ()
    ) -> int:
        """A channel with messages of Marta and Ana by turns, two a day."""

        def job(session) -> int:
            with operation(session, "Canal de prueba"):
                server, room = (self.rocket.address, "General") if there else ("", "")
                channel = storing.new_channel(session, "Obra", ChannelType.PUBLIC, server=server, external_id=room)
                if there:
                    channel.synced_at = self.rocket.clock
                storing.take_in(session, channel.id, [
                    Incoming(f"m{at}", ("Marta", "Ana")[at % 2], ("marta", USER)[at % 2],
                             START + dt.timedelta(days=at // 2, minutes=at), text.format(at))
                    for at in range(count)
                ])  # fmt: skip
                storing.link(session, [channel.id], places)
                return channel.id

        return self.desk.jobs.write(job).result().value

    def open(self, ident: int | None = None, **options) -> ChannelWindow:
        """Open a channel and wait until its messages are shown."""
        window = ChannelWindow(self.desk.context, ident, **options)
        self.windows.append(window)
        window.resize(1100, 640)
        self.desk.show(window)
        self.settle()
        return window

    def settle(self) -> None:
        """Wait until every answer has arrived, of the database and of the server."""
        bridge = self.desk.context.bridge
        self.qtbot.waitUntil(
            lambda: bridge._running == 0 and not any(each.tab.pane.is_busy() for each in self.windows), timeout=WAIT
        )

    def sign_in(self) -> None:
        """As after Servidor de chat."""
        accounts.remember(self.desk.context.memory, self.rocket.address, Account(USER_ID, USER, "Ana Pérez"))
        tokens.keep(self.rocket.address, Login(USER_ID, TOKEN))

    def show(self, dialog: QDialog) -> None:
        """Show a dialog."""
        self.qtbot.addWidget(dialog)
        dialog.show()


@pytest.fixture
def chat(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    opened: list[str] = []

    def note(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(note))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tokens, "_for_now", {})
    with serving() as rocket, using(MemoryKeyring()):
        made = Chat(desk, qtbot, rocket, opened)
        yield made
        for window in made.windows:
            window.form.discard()
