"""Mails dropped on a list of contacts: each begins a contact that takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QWidget

from oficrm.files.sources import Source
from ui.contact.mail_place import is_mail
from ui.files.drop import DropTarget
from ui.lists.companions import Companion
from ui.lists.emptiness import Emptiness

if TYPE_CHECKING:
    from ui.lists.page import ListPage

AT_ONCE = 5
"""Windows opened by one drop; more are a matter of importing."""


class ContactsPart(Companion):
    """Makes a list page of ``contact`` a place for mails."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self.page = page
        self.above, self.corner = QWidget(page), QWidget(page)
        self.above.hide()
        self.corner.hide()
        self.drops = DropTarget(page, self.take, sentence=lambda: "Suelte aquí un correo para anotarlo como contacto")

    def run(self, name: str) -> bool:
        """All actions are the list's own."""
        return False

    def body(self, rows: QWidget) -> QWidget:
        """The rows alone."""
        return rows

    def hidden_columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    def emptiness(self, state: Emptiness) -> Emptiness:
        """As any list."""
        return state

    def take(self, sources: Sequence[Source]) -> None:
        """Begin a contact for each mail; with the client of the tab, if this is one."""
        mails = [source for source in sources if is_mail(source)]
        if not mails or len(mails) > AT_ONCE:
            many = f"Suelte como mucho {AT_ONCE} correos; para más, impórtelos en Emails."
            self.page.bar.say(many if mails else "Aquí solo se pueden soltar correos (.eml, .msg).", good=False)
            return
        preset = {name: value for name, value in self.page.fixed.items() if isinstance(value, int)}
        for source in mails:
            window = cast(Any, self.page.context.opener.open_record("contact", preset=dict(preset)))
            window.mail.begin(source)
