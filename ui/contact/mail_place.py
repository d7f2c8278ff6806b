"""Where the contact form takes a mail: nothing of it is made until a contact is of a type of mail, or holds one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut

from oficrm.contact_form import Extras
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

    def follow(self, sections: Sections, extras: Extras) -> None:
        """Another type, another contact, or another mode: see whether a mail may be taken."""
        form = self._form
        is_email = form.value("type") in extras.vocabulary.email_types
        stored = extras.mail if form.ident is not None else None
        if self.taking is None and (is_email or stored or form.held.mail):
            from ui.contact.mail_taking import MailTaking

            self.taking = MailTaking(self._context, form, sections.talk_card.body, form.owner)
            sections.order_strip(self.taking.strip)
            QShortcut(SHORTCUT, form.owner, self.taking.choose)
        if self.taking is not None:
            self.taking.follow(is_email=is_email, stored=stored)
            sections.make_room(with_strip=not self.taking.strip.isHidden())

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
