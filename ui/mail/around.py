"""Beside and below a message: the records it is filed under, its attachments as chips."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from oficrm.files.kinds import kind_of_mime
from oficrm.mail.envelopes import Attachment, Place
from oficrm.rules import sizes
from ui import icons, theme, tips
from ui.widgets.chips import IconLabel
from ui.widgets.field_row import Card
from ui.widgets.flow import FlowLayout

MOST_CHIPS = 6
_CHIP_TEXT = 190
PLACES_IN_SIGHT = 6


class PlaceRow(QFrame):
    """A record the message is filed under: a click opens it, the cross takes the message off it."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, place: Place, parent: QWidget, *, locked: bool) -> None:
        super().__init__(parent)
        self.place = place
        self.setObjectName("place")
        self.button = QToolButton(self)
        self.button.setObjectName("button_place")
        self.button.setText(self.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideRight, 210))
        self.button.setIcon(icons.icon(icons.known(place.icon)))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip(tips.plain(f"{place.label}: {place.title}"))
        self.button.setAccessibleName(f"{place.label} {place.title}")
        self.button.clicked.connect(lambda: self.opened.emit(place.key))
        self.cross = QToolButton(self)
        self.cross.setObjectName("button_unlink")
        self.cross.setIcon(icons.icon("close", "dim"))
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setToolTip(tips.plain(f"Quitar de {place.title}"))
        self.cross.setAccessibleName(f"Quitar de {place.title}")
        self.cross.setVisible(not locked)
        self.cross.clicked.connect(lambda: self.removed.emit(place.key))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.button)
        row.addStretch(1)
        row.addWidget(self.cross)


class PlacesCard(Card):
    """Archivado en: the records, and "Vincular a otro registro…"."""

    open_asked = Signal(str)
    unlink_asked = Signal(str)
    link_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Archivado en", parent)
        self.rows: list[PlaceRow] = []
        self._places: Sequence[Place] = ()
        self._locked = self._all = False
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self._nowhere = QLabel("En ningún registro todavía.", self)
        theme.set_role(self._nowhere, "dim")
        self.add(self._nowhere)
        self.more_button = QPushButton(self)
        theme.set_kind(self.more_button, "link")
        self.more_button.clicked.connect(self._show_all)
        self.add(self.more_button)
        self.link_button = QPushButton(icons.icon("link"), "Vincular a otro registro…", self)
        self.link_button.setObjectName("button_link")
        self.link_button.setAutoDefault(False)
        self.link_button.setToolTip("Vincular a otro registro (Ctrl+L)")
        self.link_button.clicked.connect(self.link_asked)
        self.add(self.link_button)

    def show_places(self, places: Sequence[Place]) -> None:
        """List these."""
        self._places = places
        self._fill()

    def set_locked(self, locked: bool) -> None:
        """Consultar: nothing is added nor taken off."""
        self._locked = locked
        self.link_button.setVisible(not locked)
        self._fill()

    def _show_all(self) -> None:
        self._all = True
        self._fill()

    def _fill(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        shown = self._places if self._all else self._places[:PLACES_IN_SIGHT]
        self.rows = [PlaceRow(place, self, locked=self._locked) for place in shown]
        for row in self.rows:
            row.opened.connect(self.open_asked)
            row.removed.connect(self.unlink_asked)
            self._column.addWidget(row)
        self._nowhere.setVisible(not self._places)
        hidden = len(self._places) - len(shown)
        self.more_button.setText(f"y {hidden} más")
        self.more_button.setVisible(hidden > 0)


class AttachmentStrip(QWidget):
    """Chips of the attachments: icon, name and size. ``opened(id)``; ``all_asked`` where there are more."""

    opened = Signal(int)
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QPushButton] = []
        self._flow = FlowLayout(self)
        self._label = QLabel(self)
        theme.set_role(self._label, "dim")
        self._flow.addWidget(IconLabel("attach", "dim", parent=self))
        self._flow.addWidget(self._label)
        self.more_button = QPushButton(self)
        self.more_button.setObjectName("button_more_attachments")
        theme.set_kind(self.more_button, "link")
        self.more_button.clicked.connect(self.all_asked)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Show these, the first ones as chips."""
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._flow.removeWidget(self.more_button)
        many = len(attachments) > MOST_CHIPS
        shown = attachments[: MOST_CHIPS - 1] if many else attachments
        total = sizes.format_size(sum(each.size for each in attachments))
        self._label.setText(f"{len(attachments)} · {total}" if many else "")
        self._label.setVisible(many)
        self.buttons = [self._chip(each) for each in shown]
        for button in (*self.buttons, self.more_button):
            self._flow.addWidget(button)
        self.more_button.setText(f"y {len(attachments) - len(shown)} más")
        self.more_button.setVisible(many)
        self.setVisible(bool(attachments))

    def _chip(self, each: Attachment) -> QPushButton:
        icon = kind_of_mime(each.mime).icon
        name = self.fontMetrics().elidedText(each.name, Qt.TextElideMode.ElideMiddle, _CHIP_TEXT)
        size = sizes.format_size(each.size)
        button = QPushButton(icons.icon(icons.known(icon)), f"{name}  {size}".replace("&", "&&"))
        button.setParent(self)
        button.setObjectName("attachment")
        button.setAutoDefault(False)
        button.setToolTip(tips.plain(f"{each.name}\n{size}"))
        button.setAccessibleName(f"{each.name}, {size}")
        button.clicked.connect(lambda: self.opened.emit(each.id))
        button.show()
        return button
