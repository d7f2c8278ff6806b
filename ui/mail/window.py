"""``form_email_message``: a filed message, read in safety, with its attachments, conversation and records."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout

from db.filed import FILES
from oficrm import keys
from oficrm.drafts import Values
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes, Done
from oficrm.mail import envelopes, filing
from oficrm.mail.envelopes import Around, Party
from oficrm.mail.message import Address, Message
from ui.context import Context
from ui.files.opening import Opening
from ui.forms.general_tab import GeneralTab
from ui.forms.record_window import RecordWindow
from ui.lists.ask_bar import AskBar
from ui.mail import writing
from ui.mail.addresses import emails_of, person_from
from ui.mail.content import Shown, make_ready
from ui.mail.linking import link_emails
from ui.mail.originals import OriginalOpening, OriginalsOut
from ui.mail.tab import EmailTab
from ui.mail.wording import long_moment

SIZE = QSize(1180, 700)
_AROUND = frozenset({"email_link", "email_message", "document", "document_link"})
_PEOPLE = frozenset({"person", "client", "salesperson"})


class EmailWindow(RecordWindow):
    """The record window of a message: its General tab is the message itself."""

    tab: EmailTab

    def __init__(self, context: Context, ident: int, **options: Any) -> None:
        self.message: Message | None = None
        self._is_read = self._is_reading = False
        super().__init__(context, "email_message", ident, **options)
        self.opening = Opening(context, self.form.bars, self)
        self.opening.failed.connect(self._say)
        self.originals = OriginalOpening(context, self.form.bars, self)
        self.ask_bar = AskBar(self)
        self.saving = OriginalsOut(context, self.ask_bar, self)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.form.bars), self.ask_bar)
        self._wire()

    def _make_general(self) -> GeneralTab:
        self.tab = EmailTab(self.form, self)
        return self.tab

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """Vincular, and the message as it came."""
        return (
            ("link", "Vincular a otro registro…", "link", self.link, "Ctrl+L"),
            ("original", "Abrir original", "email", self.open_original, "Ctrl+Shift+O"),
            ("save_original", "Guardar original como…", "save", self.save_original, "Ctrl+Shift+S"),
        )

    def _first_size(self) -> QSize:
        return SIZE

    def _fit(self) -> None:
        """The message takes what room there is."""

    def _wire(self) -> None:
        tab = self.tab
        tab.addresses.open_asked.connect(self._open_party)
        tab.addresses.create_asked.connect(self._create_person)
        tab.addresses.write_asked.connect(lambda email: writing.write_to(self.context, email, self, self.form.bars))
        tab.places.open_asked.connect(self._open_place)
        tab.places.unlink_asked.connect(self._unlink)
        tab.places.link_asked.connect(self.link)
        tab.strip.opened.connect(lambda ident: self.opening.open(ident, read_only=self.form.read_only))
        tab.strip.all_asked.connect(lambda: self.tabs.reveal(FILES))
        tab.talk.view_requested.connect(self._open_message)
        tab.talk.edit_requested.connect(self._open_message)

    def is_ready(self) -> bool:
        """True once the record and the message itself are shown."""
        return super().is_ready() and self._is_read

    # --- what is shown

    def _show_record(self) -> None:
        super()._show_record()
        content = self.form.content
        assert content is not None
        values = content.draft.values
        moment = values.get("sent_at")
        self.head.code.setText(long_moment(moment))
        self.head.code.setVisible(moment is not None)
        self.tab.show_problems(values.get("unread_parts"))
        self._read_around()
        if not self._is_reading:
            self._is_reading = True
            self._read_message()

    def _set_mode(self, read_only: bool) -> None:
        super()._set_mode(read_only)
        self.tab.places.set_locked(read_only)

    def _focus_first(self) -> None:
        """Reading comes first."""
        self.tab.pane.view.setFocus()

    def _read_message(self) -> None:
        ident = self._ident()

        def job(session: Any) -> tuple[Message, Shown]:
            message = filing.open_message(session, ident)
            return message, make_ready(message)

        self.context.bridge.read(job, self._show_message, self, failed=self._not_read, slow=True, purpose="message")

    def _show_message(self, found: tuple[Message, Shown]) -> None:
        self.message, shown = found
        self._is_read = True
        self.tab.addresses.show_message(self.message)
        self.tab.pane.show_message(shown)
        self._read_parties()

    def _not_read(self, error: Exception) -> None:
        self._is_read = True
        if isinstance(error, Refused | EnvironmentProblem):
            self.form.bars.show_message("original", str(error), "overdue")
            content = self.form.content
            preview = content.draft.values.get("preview") if content is not None else None
            self.tab.pane.show_message(Shown(preview or ""))
        else:
            self._report(error)

    def _read_around(self) -> None:
        ident = self._ident()
        self.context.bridge.read(
            lambda s: envelopes.around(s, ident), self._show_around, self, failed=self._failed, purpose="around"
        )

    def _show_around(self, around: Around) -> None:
        self.tab.show_around(around)

    def _read_parties(self) -> None:
        if self.message is not None:
            emails = emails_of(self.message)
            self.context.bridge.read(
                lambda s: envelopes.parties(s, emails), self.tab.addresses.show_parties, self, purpose="parties"
            )

    def _changed_elsewhere(self, changes: Changes, initiator: object) -> None:
        super()._changed_elsewhere(changes, initiator)
        if not super().is_ready():
            return
        if not (_AROUND | _PEOPLE).isdisjoint(changes.tables):
            self._read_around()
        if not _PEOPLE.isdisjoint(changes.tables):
            self._read_parties()

    # --- what is asked for

    def _ident(self) -> int:
        ident = self.form.ident
        assert ident is not None
        return ident

    def _open_message(self, ident: int) -> None:
        if ident != self.form.ident:
            self.context.opener.open_record("email_message", ident, read_only=self.form.read_only, parent=self)

    def _open_party(self, party: Party) -> None:
        self.context.opener.open_record(party.table, party.id, parent=self)

    def _open_place(self, key: str) -> None:
        table, ident = keys.parts(key)
        self.context.opener.open_record(table, ident, parent=self)

    def _create_person(self, address: Address) -> None:
        preset: Values = dict(person_from(address))
        client = self.form.value("client")
        if isinstance(client, int):
            preset["client"] = client
        self.context.opener.open_record("person", preset=preset, parent=self)

    def link(self) -> None:
        """Vincular a otro registro…"""
        if not self.form.read_only and self.form.ident is not None:
            link_emails(self.context, [self._ident()], self)

    def _unlink(self, key: str) -> None:
        ident = self._ident()
        self.context.bridge.write(lambda s: filing.unlink(s, [ident], key), self._done, self, failed=self._failed)

    def open_original(self) -> None:
        """Open the file as it came with the system's mail program."""
        self.originals.open(self._ident())

    def save_original(self) -> None:
        """Guardar original como…"""
        self.saving.save([self._ident()])

    def _done(self, done: Done[str]) -> None:
        self.context.notices.show(done.value, done.changes.operation_id)

    def _say(self, text: str) -> None:
        self.form.bars.show_message("problem", text, "overdue")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self._say(str(error))
        else:
            self._report(error)

    def _report(self, error: Exception) -> None:
        self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
