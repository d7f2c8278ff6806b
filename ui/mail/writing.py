"""Writing to somebody: the one way in which the program offers an address to the mail program of the system.

Who asked for no mail (*No enviar correos* of a person) is marked wherever an address is offered, and writing to them
all the same is asked first, in the form, not in a box.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from oficrm.jobs import Changes
from oficrm.mail import consent
from ui.context import Context
from ui.forms.message_bar import Answer, MessageBars

ICON, NO_ICON = "email", "no_mail"
TIP = "Escribir un correo"
BAR = "no_mail"
NO_PROGRAM = "No se ha podido abrir el programa de correo. Copie la dirección y escriba desde él."
_PAUSE_MS = 250
LONGEST = 1_900
"""Characters of a link that every mail program takes; Windows cuts what is longer."""


def sentence(name: str) -> str:
    """What is said of a person who asked for no mail."""
    return f"{name} pidió no recibir correos"


def write_to(context: Context, address: str, owner: QWidget, bars: MessageBars | None = None) -> None:
    """Open the mail program with this address; ask first where its person asked for no mail.

    ``bars`` is where the question stands, by default the messages of the window that ``owner`` is in.
    """
    place = bars if bars is not None else owner.window().findChild(MessageBars)

    def answered(name: str | None) -> None:
        if name is None or place is None:
            _open(address, place)
        else:
            _ask(place, name, address)

    context.bridge.read(lambda s: consent.no_mail(s, address), answered, owner, purpose="no_mail")


def _ask(bars: MessageBars, name: str, address: str) -> None:
    def write() -> None:
        bars.hide_message(BAR)
        _open(address, bars)

    answers = [Answer("Escribir de todos modos", write, "button_write_anyway"),
               Answer("No escribir", lambda: bars.hide_message(BAR), "button_write_not")]  # fmt: skip
    bars.show_message(BAR, f"{sentence(name)}. ¿Escribir de todos modos?", "today", answers).buttons[-1].setFocus()


def _open(address: str, bars: MessageBars | None) -> None:
    if not QDesktopServices.openUrl(mail_url(address)) and bars is not None:
        bars.show_message(BAR, NO_PROGRAM, "overdue", [Answer("Cerrar", lambda: bars.hide_message(BAR), "button_bar")])


def mail_url(address: str) -> QUrl:
    """The address as a link for the mail program; nothing in it can add a subject, a text or other recipients."""
    url = QUrl()
    url.setScheme("mailto")
    url.setPath(address.removeprefix("mailto:").partition("?")[0].strip())
    return url


def write_to_all(addresses: Sequence[str]) -> str:
    """Open the mail program for many, who do not see each other; return what is to be said besides, if anything.

    Who asked for no mail is not among the addresses any more. Too many of them for a link are copied instead.
    """
    url = mail_url_to_all(addresses)
    if len(url.toEncoded().data()) <= LONGEST and QDesktopServices.openUrl(url):
        return ""
    QGuiApplication.clipboard().setText(", ".join(addresses))
    return "Las direcciones están copiadas: péguelas en «CCO» (copia oculta) de un correo nuevo."


def mail_url_to_all(addresses: Sequence[str]) -> QUrl:
    """The addresses as a link whose recipients are hidden from each other; nothing in them can add anything else."""
    hidden = ",".join(bytes(QUrl.toPercentEncoding(each.strip(), b"@").data()).decode() for each in addresses)
    return QUrl(f"mailto:?bcc={hidden}", QUrl.ParsingMode.StrictMode)


class Consent(QObject):
    """Knows whether the person behind an address asked for no mail; follows the address and the people."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._address = context, ""
        self.name: str | None = None
        """Who asked for no mail, None when nobody did (or it is not known yet)."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._look)
        context.bridge.changed.connect(self._people_changed)

    def set_address(self, address: str, *, soon: bool = False) -> None:
        """Watch another address ("" none); ``soon`` waits until the typing pauses."""
        if address == self._address:
            return
        self._address = address
        self._show(None)
        if soon and address:
            self._timer.start()
        else:
            self._look()

    def icon(self) -> str:
        """The name of the icon of a button that writes."""
        return ICON if self.name is None else NO_ICON

    def role(self) -> str:
        """The colour of that icon."""
        return "icon" if self.name is None else "overdue"

    def tip(self) -> str:
        """What such a button says."""
        return TIP if self.name is None else sentence(self.name)

    def _look(self) -> None:
        self._timer.stop()
        address = self._address
        if address:
            self._context.bridge.read(lambda s: consent.no_mail(s, address), self._show, self, purpose="no_mail")

    def _show(self, name: str | None) -> None:
        if name != self.name:
            self.name = name
            self.changed.emit()

    def _people_changed(self, changes: Changes, _initiator: object) -> None:
        if "person" in changes.tables and self._address:
            self._look()
