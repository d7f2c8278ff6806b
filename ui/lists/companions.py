"""What the lists of some modules have beyond those of all: a bar, a side, another meaning of actions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.lists.emptiness import Emptiness

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class Companion(QObject):
    """Stands beside one list page for its whole life."""

    above: QWidget
    """What it asks and says, between the actions and the rows."""
    corner: QWidget
    """Shown at the right of the actions."""

    @abstractmethod
    def run(self, name: str) -> bool:
        """Do an action; False leaves it to the page."""

    @abstractmethod
    def body(self, rows: QWidget) -> QWidget:
        """The rows with what stands beside them."""

    @abstractmethod
    def hidden_columns(self) -> tuple[str, ...]:
        """Columns that this page has no room for, unless the user asks for them."""

    @abstractmethod
    def emptiness(self, state: Emptiness) -> Emptiness:
        """What an empty list says, in the module's own words."""


def _files(page: ListPage) -> Companion:
    from ui.files.part import FilesPart

    return FilesPart(page)


def _emails(page: ListPage) -> Companion:
    from ui.mail.list_actions import EmailsPart

    return EmailsPart(page)


def _channels(page: ListPage) -> Companion:
    from ui.chat.list_actions import ChannelsPart

    return ChannelsPart(page)


def _contacts(page: ListPage) -> Companion:
    from ui.contact.mail_drops import ContactsPart

    return ContactsPart(page)


def _calendar(page: ListPage) -> Companion:
    from ui.calendar.part import CalendarPart

    return CalendarPart(page)


COMPANIONS: dict[str, Callable[[ListPage], Companion]] = {
    "contact": _contacts, "document": _files, "email_message": _emails, "chat_channel": _channels,
    "calendar_item": _calendar,
}  # fmt: skip
"""By module; loaded with the first list of it."""


def companion_of(page: ListPage) -> Companion | None:
    """The companion of a page's module, None for most."""
    made = COMPANIONS.get(page.table_name)
    return made(page) if made is not None else None
