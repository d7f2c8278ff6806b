"""Where the contact form takes a mail: nothing of it is made until a contact is of a type of mail, or holds one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut

from oficrm import contact_form
from oficrm.contact_form import Extras, Opened, StoredMail
from oficrm.files.sources import Source
from ui.contact.sections import Sections
from ui.context import Context
from ui.forms.draft_form import DraftForm

if TYPE_CHECKING:
    from ui.contact.mail_taking import MailTaking

SHORTCUT = "Ctrl+M"


class MailPlace(QObject):
    """Follows the type of the contact and shows the strip of the mail below the notes."""

    def __init__(self, context: Context, form: DraftForm) -> None:
        super().__init__(form)
        self._context, self._form = context, form
        self.taking: MailTaking | None = None
        self._stored: StoredMail | None = None
        self._extras: Extras | None = None
        self._wanted: Source | None = None

    def follow(self, sections: Sections, extras: Extras) -> None:
        """Another type, or another mode: see whether a mail may be taken."""
        form = self._form
        is_email = form.value("type") in extras.vocabulary.email_types
        if self.taking is None and (is_email or self._stored or form.held.mail):
            from ui.contact.mail_taking import MailTaking

            self.taking = MailTaking(self._context, form, sections.talk_card.body, form.owner)
            self.taking.released.connect(partial(self._released, sections, extras))
            sections.order_strip(self.taking.strip)
            QShortcut(SHORTCUT, form.owner, self.taking.choose)
        if self.taking is not None:
            self.taking.follow(is_email=is_email, stored=self._stored)
            sections.make_room(with_strip=not self.taking.strip.isHidden())

    def show_record(self, sections: Sections, extras: Extras) -> None:
        """Another contact is shown; one that was read again without what stands beside it is asked for its mail."""
        ident, self._extras = self._form.ident, extras
        if ident is None or isinstance(self._form.content, Opened):
            self._stored = extras.mail if ident is not None else None
            self.follow(sections, extras)
            self._take_wanted()
            return

        def show(mail: StoredMail | None) -> None:
            if self._form.ident == ident:
                self._stored = mail
                self.follow(sections, extras)

        self._context.bridge.read(lambda s: contact_form.stored_mail(s, ident), show, self, purpose="stored")

    def _released(self, sections: Sections, extras: Extras) -> None:
        self._stored = None
        self.follow(sections, extras)

    def begin(self, source: Source) -> None:
        """Take over a mail as soon as the contact is shown, which becomes one of the first type of mail there is."""
        self._wanted = source
        self._take_wanted()

    def _take_wanted(self) -> None:
        form, source = self._form, self._wanted
        if source is None or self._extras is None or form.content is None:
            return
        self._wanted = None
        types = self._extras.vocabulary.email_types
        offered = [ident for ident, _name, _icon in self._extras.vocabulary.types if ident in types]
        if not offered:
            text = "Ningún tipo de contacto es de correo: márquelo en Tipos de contacto para asumir correos."
            form.bars.show_message("problem", text, "overdue")
        elif form.value("type") not in types:
            form.put("type", offered[0])
        if self.taking is not None:
            self.taking.take(source)

    def is_busy(self) -> bool:
        """Whether a mail is being read: accepting waits for it."""
        return self.taking is not None and self.taking.is_reading()

    def takes(self) -> bool:
        """Whether a mail can be taken now."""
        return self.taking is not None and self.taking.takes()

    def take(self, sources: list[Source]) -> bool:
        """Take over what is a single mail by its name; False when it is none or no mail can be taken now."""
        if len(sources) == 1 and self.taking is not None and self.takes() and is_mail(sources[0]):
            self.taking.take(sources[0])
            return True
        return False


def is_mail(source: Source) -> bool:
    """Whether a file is called as mails are; what it holds is told when it is read."""
    return source.title().lower().endswith((".eml", ".msg"))
