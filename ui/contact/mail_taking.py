"""Asumir información de un correo: reads a mail beside the form, fills it, asks what is to be asked, lets it go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from oficrm.contact_form import StoredMail
from oficrm.drafts import Saved, Values
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files.sources import Source
from oficrm.jobs import Done
from ui import folders
from ui.contact import mail_questions, mail_values
from ui.contact.mail_questions import Answers
from ui.contact.mail_strip import MailStrip
from ui.context import Context
from ui.forms.draft_form import DraftForm
from ui.forms.held import FOLDER as INTAKE
from ui.forms.held import HeldMail, private_copy
from ui.forms.message_bar import Answer

if TYPE_CHECKING:
    from oficrm.mail.assuming import Proposal
    from oficrm.mail.message import Address

FOLDER = "mail_folder"
_BARS = ("mail_already", "mail_differs", "mail_unknown")
_PATTERN = "Correos (*.eml *.msg);;Todos los archivos (*)"
_ONE = "Suelte un solo correo: cada contacto asume uno."
_TAKEN = "Ya tiene la información de un correo: quítela antes de asumir otro."
_NOTHING = "Ahí no hay ningún correo."
_KEPT = "El tipo ya no es de correo: lo que se asumió se conserva."
_WAITS = "El tipo ya no es de correo: para aceptar, elija de nuevo uno que lo sea o quite el correo."


class MailTaking(QObject):
    """Joins the strip with the form. Made when a contact is first of a type of mail, or holds one."""

    released = Signal()
    """The saved contact holds no mail any more."""

    def __init__(self, context: Context, form: DraftForm, column: QVBoxLayout, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._form, self._window = context, form, window
        self.strip = MailStrip(window)
        column.addWidget(self.strip)
        self._stored: StoredMail | None = None
        self._reading: Source | None = None
        self._is_email = False
        strip = self.strip
        strip.file_wanted.connect(self.choose)
        strip.paste_wanted.connect(self.paste)
        strip.dropped.connect(self.take_one)
        strip.cancelled.connect(self._cancel)
        strip.open_wanted.connect(self._open)
        strip.delete_wanted.connect(self._let_go)
        strip.questions_wanted.connect(self._ask)
        strip.questions.answered.connect(self._answer)
        strip.questions.finished.connect(self._answered)
        form.held.changed.connect(self.refresh)
        form.loaded.connect(self._begin)

    def _begin(self) -> None:
        """Another record is shown, or the same one again: what was said of a mail before is over."""
        self._hide_bars()
        self.strip.say("")
        if self._reading is not None:
            self._reading.forget()
        self._reading = None
        self.refresh()

    # --- what there is

    def follow(self, *, is_email: bool, stored: StoredMail | None) -> None:
        """The type chosen now, and the mail that the saved contact holds."""
        self._is_email, self._stored = is_email, stored
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand."""
        held, form, strip = self._form.held.mail, self._form, self.strip
        strip.setVisible(self._is_email or held is not None or self._stored is not None)
        if held is None:
            strip.questions.hide()
        if self._reading is not None:
            return
        if held is not None:
            strip.show_mail(held.subject, held.sender, held.sent_at, may_delete=True, may_answer=True)
        elif self._stored is not None:
            mail = self._stored
            strip.show_mail(mail.subject, mail.sender, mail.sent_at, may_delete=not form.read_only, may_answer=False)
        else:
            strip.show_offer()
            strip.setVisible(self._is_email and not form.read_only)
        if strip.remark.text() in ("", _KEPT, _WAITS):
            strip.say("" if self._is_email else _WAITS if held is not None else _KEPT)

    def is_reading(self) -> bool:
        """Whether a mail is being read; says that the form waits for it."""
        if self._reading is not None:
            self.strip.say("Espere a que se lea el correo, o cancélelo.")
        return self._reading is not None

    def takes(self) -> bool:
        """Whether a mail can be taken now."""
        return (self._is_email and not self._form.read_only and self._form.content is not None
                and self._form.held.mail is None and self._stored is None and self._reading is None)  # fmt: skip

    # --- where a mail comes from

    def choose(self) -> None:
        """Ask for a file."""
        if not self.takes():
            self._refuse()
            return
        folder = str(folders.last(self._context.memory, FOLDER))
        name, _kind = QFileDialog.getOpenFileName(self._window, "Asumir información de un correo", folder, _PATTERN)
        if name:
            folders.remember(self._context.memory, FOLDER, Path(name))
            self.take(Source(path=Path(name)))

    def paste(self) -> None:
        """Take the mail of the clipboard: a file, what a mail program puts there, or its whole text."""
        from oficrm.mail.reading import is_message  # reading mails is loaded with the first one
        from ui.files import intake

        data: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if data is None:  # nobody owns the clipboard
            self.strip.say(_NOTHING, wrong=True)
            return
        text = data.text().encode() if data.hasText() else b""
        if is_message(text) and not any(url.isLocalFile() for url in data.urls()):
            self.take(Source(data=text, name="Correo pegado.eml", is_ours=True))
        elif intake.holds_files(data):
            self.take_one(intake.sources_of(data))
        else:
            self.strip.say(_NOTHING, wrong=True)

    def take_one(self, sources: Sequence[Source]) -> None:
        """Take what was dropped, if it is a single file."""
        if len(sources) == 1:
            self.take(sources[0])
        else:
            self.strip.say(_ONE if sources else _NOTHING, wrong=True)

    def _refuse(self) -> None:
        if self._form.held.mail is not None or self._stored is not None:
            self.strip.say(_TAKEN, wrong=True)

    # --- reading it

    def take(self, source: Source) -> None:
        """Read a mail beside the other work, then fill the form."""
        from oficrm.mail import assuming

        if not self.takes():
            self._refuse()
            return
        self._reading = source = private_copy(self._context.memory.folder.parent / INTAKE, source)
        self._hide_bars()
        self.strip.show_reading(source.title())

        def arrived(proposal: Proposal) -> None:
            if self._reading is source:
                self._reading = None
                self._arrived(source, proposal)

        def failed(error: Exception) -> None:
            is_wanted = self._reading is source
            if is_wanted:
                self._give_up(source)
            if not isinstance(error, Refused | EnvironmentProblem):
                self._form.saving.report(error)
            elif is_wanted:  # one that was cancelled may well be gone by now
                self.strip.say(str(error), wrong=True)

        self._context.bridge.read(
            lambda s: assuming.propose(s, source, {}), arrived, self, failed=failed, purpose="mail", slow=True
        )

    def _cancel(self) -> None:
        if self._reading is not None:
            self._give_up(self._reading)

    def _give_up(self, source: Source) -> None:
        self._reading = None
        source.forget()
        self.refresh()

    def _arrived(self, source: Source, proposal: Proposal) -> None:
        already = proposal.already
        if already is None:
            self._fill(source, proposal)
            return
        self.refresh()
        answers = [
            Answer("Asumirlo también aquí", partial(self._take_again, source, proposal), "button_mail_again"),
            Answer("Dejarlo", partial(self._leave, source), "button_mail_leave"),
        ]
        if already.contact_id is not None:
            there = partial(self._context.opener.open_record, "contact", already.contact_id, parent=self._window)
            answers.insert(0, Answer("Abrir ese contacto", there, "button_mail_other", True))
        text = already.text.replace("Ya está", "Este correo ya está", 1)
        self._form.bars.show_message("mail_already", text, "today", answers).focus()

    def _take_again(self, source: Source, proposal: Proposal) -> None:
        self._form.bars.hide_message("mail_already")
        if self.takes():
            self._fill(source, proposal)

    def _leave(self, source: Source) -> None:
        self._form.bars.hide_message("mail_already")
        source.forget()
        self._focus_line()

    # --- filling the form

    def _fill(self, source: Source, proposal: Proposal) -> None:
        from oficrm.mail.assuming import PendingMail

        answers = mail_questions.remembered(self._context.memory)
        given = answers or Answers()
        taken, differing = mail_values.fill(self._form, proposal)
        mail = PendingMail(source, given.attach, given.associate)
        self._form.held.set_mail(HeldMail(mail, proposal.subject, proposal.sender, proposal.sent_at, taken))
        self.strip.say(" ".join(proposal.problems))
        if differing:
            self._show_differing(proposal, differing)
        if proposal.unknown is not None:
            self._show_unknown(proposal.unknown)
        if answers is None:
            self._ask()
        else:
            self._focus_line()

    def _show_differing(self, proposal: Proposal, names: list[str]) -> None:
        def use() -> None:
            self._form.bars.hide_message("mail_differs")
            self._note(mail_values.use(self._form, proposal, names))
            self._focus_line()

        def leave() -> None:
            self._form.bars.hide_message("mail_differs")
            self._focus_line()

        text = f"El correo dice otra cosa: {mail_values.describe(self._form, proposal, names)}."
        answers = [Answer("Usar lo del correo", use, "button_mail_use", True),
                   Answer("Dejar lo mío", leave, "button_mail_mine")]  # fmt: skip
        self._form.bars.show_message("mail_differs", text, "today", answers)

    def _note(self, taken: Values) -> None:
        held = self._form.held.mail
        if held is not None:
            self._form.held.set_mail(replace(held, taken=held.taken | taken))

    # --- somebody nobody has

    def _show_unknown(self, who: Address) -> None:
        answers = [Answer(f"Crear persona «{who}»", partial(self._create, "person", who), "button_mail_person", True)]
        if not isinstance(self._form.value("client"), int):
            answers.append(Answer("Crear cliente…", partial(self._create, "client", who), "button_mail_client"))
        answers.append(Answer("Ahora no", lambda: self._form.bars.hide_message("mail_unknown"), "button_mail_nobody"))
        text = f"Nadie tiene la dirección {who.email}."
        self._form.bars.show_message("mail_unknown", text, "accent", answers)

    def _create(self, table: str, who: Address) -> None:
        """A new record with what the mail tells; the field takes it once it is saved."""
        client = self._form.value("client")

        def made(saved: Saved) -> None:
            self._form.put(table, saved.id, saved.title)
            self._form.bars.hide_message("mail_unknown")
            if table == "client":
                self._show_unknown(who)
            self._window.activateWindow()

        preset = person_from(who) if table == "person" else client_from(who)
        if table == "person" and isinstance(client, int):
            preset["client"] = client
        self._context.opener.open_record(table, preset=preset, then=made, parent=self._window)

    # --- the two questions

    def _ask(self) -> None:
        held = self._form.held.mail
        if held is None:
            return
        answers = Answers(held.mail.attach, held.mail.associate)
        memory = self._context.memory
        self.strip.questions.show_answers(answers, is_remembered=mail_questions.remembered(memory) is not None)
        self.strip.questions.show()
        self.refresh()
        self.strip.questions.attach.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, answers: Answers, is_remembered: bool) -> None:
        held = self._form.held.mail
        mail_questions.remember(self._context.memory, answers if is_remembered else None)
        if held is not None:
            mail = replace(held.mail, attach=answers.attach, associate=answers.associate)
            self._form.held.set_mail(replace(held, mail=mail))

    def _answered(self) -> None:
        self.strip.questions.hide()
        self.refresh()
        self._form.editor("notes").focus()

    def _focus_line(self) -> None:
        """Back to writing."""
        self._form.editor("notes").focus()

    # --- opening it and letting it go

    def _open(self) -> None:
        held = self._form.held.mail
        if held is not None:
            from ui.contact.mail_look import MailLook

            MailLook(self._context, held.mail.source, self._window).open()
        elif self._stored is not None:
            self._context.opener.open_record("email_message", self._stored.id, parent=self._window)

    def _let_go(self) -> None:
        """Quitar la información del correo: of the form what waits, of the database what was saved."""
        held = self._form.held.mail
        self._hide_bars()
        self.strip.say("")
        if held is not None:
            mail_values.clear(self._form, held.taken)
            self._form.held.set_mail(None)
            self._focus_line()
        elif self._stored is not None and self._form.ident is not None:
            self._release(self._form.ident)

    def _release(self, ident: int) -> None:
        from oficrm.mail import assuming

        def done(result: Done[str]) -> None:
            self.released.emit()
            self._context.notices.show(result.value, result.changes.operation_id)

        def failed(error: Exception) -> None:
            if isinstance(error, Refused | EnvironmentProblem):
                self.strip.say(str(error), wrong=True)
            else:
                self._form.saving.report(error)

        self._context.bridge.write(lambda s: assuming.release(s, ident), done, self._form, failed=failed)

    def _hide_bars(self) -> None:
        for code in _BARS:
            self._form.bars.hide_message(code)


def person_from(who: Address) -> Values:
    """What a new person takes from an address."""
    from ui.mail import addresses

    name = who.name or who.email.partition("@")[0].replace(".", " ").title()
    return dict(addresses.person_from(replace(who, name=name)))


def client_from(who: Address) -> Values:
    """What a new client takes from an address: the name of its domain, to be put right."""
    from oficrm.mail.providers import parents

    owned = parents(who.email.rpartition("@")[2])
    name = owned[-1].partition(".")[0].replace("-", " ").title() if owned else who.name
    return {"name": name, "email": who.email} if name else {"email": who.email}
