"""``form_chat_channel``: a channel with its conversation."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize

from oficrm import keys
from oficrm.chat import talk
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes, Done
from oficrm.mail.envelopes import Place
from ui.chat.facts import channel_of
from ui.chat.file_dialog import open_file_import
from ui.chat.linking import link_channels
from ui.chat.server_dialog import ServerDialog
from ui.chat.tab import ChannelTab
from ui.context import Context
from ui.forms import numbering
from ui.forms.general_tab import GeneralTab
from ui.forms.record_window import RecordWindow

SIZE = QSize(1120, 690)


class ChannelWindow(RecordWindow):
    """The record window of a channel: its General tab is the conversation."""

    tab: ChannelTab

    def __init__(self, context: Context, ident: int | None = None, **options: Any) -> None:
        super().__init__(context, "chat_channel", ident, **options)
        pane, places = self.tab.pane, self.tab.places
        pane.server_asked.connect(self.open_server)
        pane.import_asked.connect(self.import_files)
        places.open_asked.connect(self._open_place)
        places.unlink_asked.connect(self._unlink)
        places.link_asked.connect(self.link)

    def _make_general(self) -> GeneralTab:
        self.tab = ChannelTab(self.form, self)
        return self.tab

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """Vincular, importing, the server."""
        return (
            ("link", "Vincular a otro registro…", "link", self.link, "Ctrl+L"),
            ("import", "Importar mensajes…", "import", self.import_files, "Ctrl+Shift+I"),
            ("server", "Servidor de chat…", "settings", self.open_server, ""),
        )

    def _first_size(self) -> QSize:
        return SIZE if self._has_talk() else super()._first_size()

    def _has_talk(self) -> bool:
        return self.form.content is None or self.form.content.draft.id is not None

    def _fit(self) -> None:
        if not self._has_talk():
            super()._fit()

    # --- what is shown

    def _show_record(self) -> None:
        super()._show_record()
        content = self.form.content
        assert content is not None
        if content.draft.id is not None:
            self.tab.pane.show_channel(channel_of(content.draft.id, content.draft.values))
            self._read_places()

    def _set_mode(self, read_only: bool) -> None:
        super()._set_mode(read_only)
        self.tab.places.set_locked(read_only)
        self.tab.pane.set_locked(read_only)

    def _focus_first(self) -> None:
        """What is written most is a message."""
        if self.form.ident is None or self.form.read_only:
            super()._focus_first()
        else:
            self.tab.pane.compose.box.setFocus()

    def _read_places(self) -> None:
        ident = self.form.ident
        if ident is not None:
            self.context.bridge.read(
                lambda s: talk.places(s, ident), self._show_places, self, failed=self._failed, purpose="places"
            )

    def _show_places(self, places: tuple[Place, ...]) -> None:
        self.tab.places.show_places(places)

    def _changed_elsewhere(self, changes: Changes, initiator: object) -> None:
        super()._changed_elsewhere(changes, initiator)
        if self.is_ready() and self.form.ident is not None:
            if "chat_link" in changes.tables:
                self._read_places()
            if "chat_message" in changes.tables:
                numbering.recount(self.form)

    # --- what is asked for

    def _open_place(self, key: str) -> None:
        table, ident = keys.parts(key)
        self.context.opener.open_record(table, ident, parent=self)

    def link(self) -> None:
        """Vincular a otro registro…"""
        if not self.form.read_only and self.form.ident is not None:
            link_channels(self.context, [self.form.ident], self)

    def _unlink(self, key: str) -> None:
        ident = self.form.ident
        assert ident is not None
        self.context.bridge.write(
            partial(talk.unlink, channel_id=ident, key=key), self._done, self, failed=self._failed
        )

    def import_files(self) -> None:
        """Bring exported messages into this channel."""
        if not self.form.read_only and self.form.ident is not None:
            open_file_import(self.context, self, channel_id=self.form.ident, name=self.form.title("name"))

    def open_server(self) -> None:
        """Which server, and who we are there."""
        ServerDialog(self.context, self).open()

    def _done(self, done: Done[str]) -> None:
        self.context.notices.show(done.value, done.changes.operation_id)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self.form.bars.show_message("problem", str(error), "overdue")
        else:
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
