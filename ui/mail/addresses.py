"""The addresses of a message: who they are at a glance, opened with a click; long lists on one line until unfolded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from oficrm.mail.envelopes import Party
from oficrm.mail.message import Address, Message
from ui import icons, theme, tips
from ui.mail import writing
from ui.widgets.flow import FlowLayout

FOLDED = 3
"""Addresses of a long list shown until it is unfolded."""
MOST = 200
"""Addresses ever shown of one list; all of them can be copied."""
TALLEST = 116
"""Pixels an unfolded list may take before it scrolls."""
_WIDEST, _NARROW = 440, 160
LABELS = ("De", "Para", "CC", "CCO", "Responder a")


class AddressButton(QToolButton):
    """One address. A click opens the record it is of, or the menu where it is of none."""

    open_asked = Signal(object)
    create_asked = Signal(object)
    write_asked = Signal(str)

    def __init__(self, address: Address, everybody: Sequence[Address], parent: QWidget) -> None:
        super().__init__(parent)
        self.address, self._everybody = address, everybody
        self.party: Party | None = None
        self.setObjectName("address")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda _at: self.show_menu())
        self.clicked.connect(self._clicked)
        self.show_party(None)

    def show_party(self, party: Party | None) -> None:
        """Say whose address it is, None while that is not known."""
        self.party = party
        text = str(self.address) or "(sin dirección)"
        # Among many the name is enough; but one that looks like an address must not hide the true one
        is_short = len(self._everybody) > FOLDED and self.address.name and "@" not in self.address.name
        words, width = (self.address.name, _NARROW) if is_short else (text, _WIDEST)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(text)
        icon, role, about = "", "icon", "No está entre sus personas ni clientes" if self.address.email else ""
        if party is not None:
            icon, about = _ICONS.get(party.table, "person"), f"{_KINDS[party.table]}: {party.title}"
            if party.no_mail:
                icon, role, about = writing.NO_ICON, "overdue", f"{writing.sentence(party.title)}."
        if icon:
            self.setIcon(icons.icon(icon, role))
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if icon else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        self.setToolTip(tips.plain(f"{text}\n{about}" if about else text))

    def _clicked(self) -> None:
        if self.party is not None:
            self.open_asked.emit(self.party)
        else:
            self.show_menu()

    def show_menu(self) -> None:
        """What can be done with the address."""
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def make_menu(self) -> QMenu:
        """Open or make its record, write, copy."""
        menu, email = QMenu(self), self.address.email
        menu.setObjectName("menu_address")

        def add(name: str, icon: str, text: str, run: Callable[[], object], role: str = "icon") -> None:
            action = menu.addAction(icons.icon(icon, role), text.replace("&", "&&"))
            action.setObjectName(name)
            action.triggered.connect(lambda _on=False: run())

        if self.party is not None:
            party = self.party
            add("action_open", "open", f"Abrir {party.title}", lambda: self.open_asked.emit(party))
        elif email:
            add("action_create", "add", "Crear persona…", lambda: self.create_asked.emit(self.address))
        if email:
            no_mail = bool(self.party and self.party.no_mail)
            add("action_write", writing.NO_ICON if no_mail else writing.ICON,
                f"{writing.TIP} (pidió no recibirlos)" if no_mail else writing.TIP,
                lambda: self.write_asked.emit(email), "overdue" if no_mail else "icon")  # fmt: skip
            menu.addSeparator()
            add("action_copy", "copy", "Copiar dirección", lambda: _copy(email))
        if self.address.name:
            add("action_copy_whole", "copy", "Copiar nombre y dirección", lambda: _copy(str(self.address)))
        if len(self._everybody) > 1:
            text = ", ".join(map(str, self._everybody))
            add("action_copy_all", "copy", f"Copiar las {len(self._everybody)} direcciones", lambda: _copy(text))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the address; the arrow down opens the menu."""
        if event.matches(QKeySequence.StandardKey.Copy):
            _copy(self.address.email or str(self.address))
        elif event.key() == Qt.Key.Key_Down:
            self.show_menu()
        else:
            super().keyPressEvent(event)


_ICONS = {"person": "person", "client": "client", "salesperson": "salesperson"}
_KINDS = {"person": "Persona", "client": "Cliente", "salesperson": "Vendedor"}


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


class AddressLine(QWidget):
    """A label and its addresses: three and "y 12 más", all of them once unfolded."""

    def __init__(self, label: str, parent: AddressLines) -> None:
        super().__init__(parent)
        self._lines = parent
        self._addresses: Sequence[Address] = ()
        self.buttons: list[AddressButton] = []
        self._is_open = False
        self._caption = QLabel(label, self)
        self._caption.setFixedSize(92 if len(label) > 4 else 44, theme.CONTROL_HEIGHT - 4)
        theme.set_role(self._caption, "dim")
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._box = QWidget(self._area)
        self._box.setAutoFillBackground(False)
        self._flow = FlowLayout(self._box, spacing=2)
        self._area.setWidget(self._box)
        self._box.setAutoFillBackground(False)  # which setWidget switches on
        self.more_button = QPushButton(self._box)
        self.more_button.setObjectName("button_more_addresses")
        theme.set_kind(self.more_button, "link")
        self.more_button.clicked.connect(self.toggle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_XS)
        row.addWidget(self._caption, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._area, 1)

    def show_addresses(self, addresses: Sequence[Address]) -> None:
        """Show these, folded where they are many."""
        self._addresses, self._is_open = addresses, False
        self._fill()

    def toggle(self) -> None:
        """Unfold or fold."""
        self._is_open = not self._is_open
        self._fill()

    def _fill(self) -> None:
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._flow.removeWidget(self.more_button)
        count = len(self._addresses)
        is_long = count > FOLDED + 1
        shown = self._addresses[: MOST if self._is_open or not is_long else FOLDED]
        self.buttons = [self._button(address) for address in shown]
        self._flow.addWidget(self.more_button)
        hidden = count - len(shown)
        words = f"y {hidden:,} más".replace(",", ".") if hidden and not self._is_open else "Plegar"
        self.more_button.setText(words if self._is_open or hidden else "")
        self.more_button.setVisible(is_long)
        self.fit()

    def _button(self, address: Address) -> AddressButton:
        button = AddressButton(address, self._addresses, self._box)
        button.show_party(self._lines.parties.get(address.email))
        button.open_asked.connect(self._lines.open_asked)
        button.create_asked.connect(self._lines.create_asked)
        button.write_asked.connect(self._lines.write_asked)
        self._flow.addWidget(button)
        button.show()
        return button

    def fit(self) -> None:
        """As tall as its addresses, within bounds."""
        self._flow.invalidate()
        needed = self._flow.heightForWidth(max(200, self.width() - self._caption.width() - theme.SPACE_XS))
        self._area.setFixedHeight(max(theme.CONTROL_HEIGHT - 4, min(TALLEST, needed)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another height."""
        super().resizeEvent(event)
        self.fit()


class AddressLines(QWidget):
    """De, Para, CC, CCO, and Responder a where it is somebody else; empty ones are not shown."""

    open_asked = Signal(object)
    create_asked = Signal(object)
    write_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parties: Mapping[str, Party] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.lines = {label: AddressLine(label, self) for label in LABELS}
        for line in self.lines.values():
            column.addWidget(line)
            line.hide()

    def show_message(self, message: Message) -> None:
        """Show who wrote to whom."""
        sender = (message.sender,) if message.sender is not None else ()
        answers = tuple(each for each in message.reply_to if each.email not in {one.email for one in sender})
        for label, addresses in zip(LABELS, (sender, message.to, message.cc, message.bcc, answers), strict=True):
            self.lines[label].show_addresses(addresses)
            self.lines[label].setVisible(bool(addresses))

    def show_parties(self, parties: Mapping[str, Party]) -> None:
        """Say whose the addresses are."""
        self.parties = parties
        for line in self.lines.values():
            for button in line.buttons:
                button.show_party(parties.get(button.address.email))
            line.fit()


def emails_of(message: Message) -> tuple[str, ...]:
    """The addresses of a message that can be looked up."""
    sender = (message.sender,) if message.sender is not None else ()
    everybody = (*sender, *message.to, *message.cc, *message.bcc, *message.reply_to)
    return tuple(dict.fromkeys(each.email for each in everybody if each.email))


def person_from(address: Address) -> dict[str, str]:
    """What a new person takes from an address: its first word is the name, the rest the surnames; "Gil, Marta" too."""
    last, comma, first = address.name.partition(",")
    words = f"{first} {last}".split() if comma else address.name.split()
    made = {"email": address.email}
    if words:
        made["first_name"] = words[0]
    if len(words) > 1:
        made["last_name"] = " ".join(words[1:])
    return made
