"""Reading a conversation from the database: the newest, what is before and after, a message that was looked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from oficrm.chat import talk
from oficrm.chat.talk import Stretch
from oficrm.jobs import Job
from ui.chat import accounts
from ui.chat.facts import Channel
from ui.chat.talk_view import TalkView
from ui.context import Context


class Reader(QObject):
    """Fills a view. ``shown`` after what it shows was read, ``went`` once a message stands in its place."""

    shown = Signal()
    went = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, view: TalkView) -> None:
        super().__init__(view)
        self._context, self._view = context, view
        self._channel: Channel | None = None
        view.older_wanted.connect(self._read_older)
        view.newer_wanted.connect(self._read_newer)
        view.end_wanted.connect(self._read_end)

    def follow(self, channel: Channel) -> None:
        """Read this channel from now on."""
        self._channel = channel

    def _who(self) -> tuple[int, str]:
        """The channel, and what its server calls us."""
        assert self._channel is not None
        return self._channel.id, accounts.username(self._context.memory, self._channel.server)

    def _ask(self, job: Job[Stretch], then: Callable[[Stretch], None], purpose: str) -> None:
        self._context.bridge.read(job, then, self, failed=self._not_read, purpose=purpose)

    def _not_read(self, error: Exception) -> None:
        self._view.give_up()
        self.failed.emit(error)

    def read(self) -> None:
        """What is shown, as it is now; the newest messages at first."""
        ident, name = self._who()
        lines = self._view.lines()
        since = lines[0].mark if lines else None
        until = lines[-1].mark if self._view.has_newer else None
        self._ask(lambda s: talk.again(s, ident, name, since, until), self._show, "talk")

    def _show(self, stretch: Stretch) -> None:
        self._view.show_stretch(stretch)
        self.shown.emit()

    def _read_end(self) -> None:
        """The newest messages, wherever one was reading."""
        ident, name = self._who()
        self._ask(lambda s: talk.latest(s, ident, name), self._view.show_anew, "talk")

    def _read_older(self) -> None:
        (ident, name), before = self._who(), self._view.lines()[0].mark

        def show(stretch: Stretch) -> None:
            if self._view.lines() and self._view.lines()[0].mark == before:
                self._view.show_older(stretch)
            else:
                self._view.give_up()

        self._ask(lambda s: talk.latest(s, ident, name, before=before), show, "more")

    def _read_newer(self) -> None:
        (ident, name), after = self._who(), self._view.lines()[-1].mark

        def show(stretch: Stretch) -> None:
            if self._view.lines() and self._view.lines()[-1].mark == after:
                self._view.show_newer(stretch)
            else:
                self._view.give_up()

        self._ask(lambda s: talk.newer(s, ident, name, after), show, "more")

    def go_to(self, message_id: int) -> None:
        """Show a message in its place."""
        ident, name = self._who()

        def show(stretch: Stretch) -> None:
            if not self._view.show_message(message_id):
                self._view.show_stretch(stretch)
            self.went.emit()
            self._view.show_message(message_id)

        self._ask(lambda s: talk.around(s, ident, name, message_id), show, "go")
