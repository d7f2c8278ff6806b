"""Mails for the contact form: letters between the small company and those it knows, and the form that takes them."""

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from oficrm.files.sources import Source
from tests.support.desk import WAIT
from tests.support.post import letter
from tests.ui.contact.conftest import Office
from ui.contact.form import ContactWindow
from ui.contact.mail_strip import MailStrip
from ui.contact.mail_taking import MailTaking
from ui.forms.message_bar import MessageBar

MARTA = "Marta Ruiz <marta@talleresruiz.es>"
BODY = "Buenos días:\n\nNecesitamos tres sierras antes del viernes.\n\nMarta"


def know_marta(office: Office) -> None:
    """Give Marta, who is at Talleres Ruiz, her address."""

    def job(session) -> None:
        from oficrm import records, saving

        draft = records.load(session, "person", office.person).draft
        draft.values["email"] = "marta@talleresruiz.es"
        saving.save(session, draft)

    office.jobs.write(job).result()


def mail(folder: Path, name: str = "pedido.eml", data: bytes | None = None) -> Path:
    """A mail of Marta's as a file, or other bytes under its name."""
    path = folder / name
    path.write_bytes(letter(MARTA, subject="Pedido de sierras", text=BODY) if data is None else data)
    return path


def email_type(window: ContactWindow) -> int:
    """The type of contact that is a mail."""
    extras = window._extras
    assert extras is not None
    [found] = extras.vocabulary.email_types
    return found


def begin(office: Office, **preset: int) -> ContactWindow:
    """A new contact of type Email."""
    window = office.open(preset=preset)
    window.form.put("type", email_type(window))
    return window


def taking(window: ContactWindow) -> MailTaking:
    """What takes the mail; there as soon as the type is a mail."""
    assert window.mail.taking is not None
    return window.mail.taking


def strip(window: ContactWindow) -> MailStrip:
    """The strip as one sees it."""
    found = window.findChild(MailStrip, "mail_strip")
    assert found is not None
    return found


def take(window: ContactWindow, office: Office, path: Path) -> None:
    """Take a mail and wait until it was read."""
    taking(window).take(Source(path=path))
    office.qtbot.waitUntil(lambda: taking(window)._reading is None, timeout=WAIT)


def press(window: QWidget, name: str) -> None:
    """Press a button that one can see."""
    shown = [button for button in window.findChildren(QPushButton, name) if button.isVisible()]
    assert len(shown) == 1, name
    shown[0].click()


def bar(window: ContactWindow, code: str) -> MessageBar:
    """A message on top of the form."""
    assert window.form.bars.has(code), list(window.form.bars._bars)
    return window.form.bars.bar(code)
