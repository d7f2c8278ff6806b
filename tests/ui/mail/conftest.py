"""Messages filed in the small office, and what the system is asked to open noted instead of opened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage as Letter

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from db.history import operation
from oficrm.mail import filing
from oficrm.mail.reading import read_message
from tests.support.desk import WAIT, Desk, desk
from tests.support.post import RUIZ, US, Known, acquaint
from ui.mail.window import EmailWindow

__all__ = ["desk"]


def html_letter(html: str, *, pictures: dict[str, bytes] | None = None, ident: str = "html@ruiz.es") -> bytes:
    """A message of HTML, with PNG pictures inside by content id."""
    made = Letter()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = f"Marta Gil <{RUIZ}>", US, "HTML", f"<{ident}>"
    made.set_content(html, subtype="html")
    for name, data in (pictures or {}).items():
        made.add_related(data, maintype="image", subtype="png", cid=f"<{name}>")
    if pictures:
        made.set_boundary("frontera")
    return made.as_bytes()


@dataclass
class Box:
    """Files messages as an import does, and opens their windows."""

    desk: Desk
    qtbot: QtBot
    known: Known
    opened: list[str]
    windows: list[EmailWindow] = field(default_factory=list)

    def file(self, data: bytes, *places: str, name: str = "correo.eml") -> int:
        """File a message under these records and those of its addresses."""

        def job(session) -> int:
            message = read_message(data)
            found = filing.match(session, message)
            with operation(session, "Archivar correo"):
                return filing.file_message(session, data, message, name, places, found)

        return self.desk.jobs.write(job).result().value

    def open(self, ident: int, **options) -> EmailWindow:
        """Open a message and wait until it can be read, with what stands around it."""
        window = EmailWindow(self.desk.context, ident, **options)
        self.windows.append(window)
        window.resize(1180, 700)
        self.desk.show(window)
        self.settle()
        return window

    def settle(self) -> None:
        """Wait until every answer has arrived."""
        bridge = self.desk.context.bridge
        self.qtbot.waitUntil(lambda: bridge._running == 0, timeout=WAIT)

    def read(self, data: bytes) -> EmailWindow:
        """File a message and open it."""
        return self.open(self.file(data))

    def opt_out(self) -> None:
        """Marta asks for no mail."""
        self.desk.save("person", self.known.marta, email_opt_out=True)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses handed to the system."""
    found: list[str] = []

    def note(url: QUrl) -> bool:
        found.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(note))
    return found


@pytest.fixture
def box(desk: Desk, qtbot: QtBot, opened: list[str]) -> Iterator[Box]:
    """The office, where everybody has an address."""
    made = Box(desk, qtbot, desk.jobs.write(acquaint).result().value, opened)
    yield made
    for window in made.windows:
        window.form.discard()
