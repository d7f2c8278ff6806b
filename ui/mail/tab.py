"""The General tab of a message: who wrote to whom, what it says, and at its side what it belongs to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from oficrm.mail.envelopes import Around
from ui import theme, tips
from ui.forms.draft_form import DraftForm
from ui.forms.general_tab import GeneralTab
from ui.mail.addresses import AddressLines
from ui.mail.around import AttachmentStrip, PlacesCard
from ui.mail.pane import MessagePane
from ui.mail.thread import ThreadList
from ui.mail.wording import problems_line
from ui.widgets.chips import IconLabel
from ui.widgets.field_row import Card

SIDE = 320


class EmailTab(GeneralTab):
    """Two columns: the message; client, person, records and conversation."""

    def __init__(self, form: DraftForm, parent: QWidget | None = None) -> None:
        super().__init__(form, parent)
        self._mail_form = form
        self.addresses = AddressLines(self)
        self.problems = _Problems(self)
        self.pane = MessagePane(form.context, self)
        self.strip = AttachmentStrip(self)
        self.people_card = Card("Relacionado con", self)
        self.places = PlacesCard(self)
        self.talk_card = Card("Conversación", self)
        self.talk = ThreadList(self.talk_card)
        self.talk_card.add(self.talk, 1)
        self.talk_card.hide()
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self._message(), 1)
        row.addWidget(self._side())

    def _message(self) -> QFrame:
        card = QFrame(self._body)
        theme.set_surface(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_XS)
        top.addWidget(self.addresses, 1)
        top.addWidget(self.pane.tools, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.problems)
        rule = QFrame(card)
        theme.set_surface(rule, "rule")
        column.addWidget(rule)
        column.addWidget(self.pane, 1)
        column.addWidget(self.strip)
        return card

    def _side(self) -> QScrollArea:
        area = QScrollArea(self._body)
        area.setFixedWidth(SIDE)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QWidget(area)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self.people_card)
        column.addWidget(self.places)
        column.addWidget(self.talk_card, 1)
        column.addStretch(0)
        self._ground = QWidget(box)
        column.addWidget(self._ground, 1)
        area.setWidget(box)
        return area

    # --- what the form asks for

    def build(self) -> None:
        """Make the two fields that can be changed."""
        for name in ("client", "person"):
            self.people_card.add(self._mail_form.row(name))

    def attach(self) -> None:
        """Show what was built."""
        if self.widget() is None:
            self.setWidget(self._body)

    # --- what stands around

    def show_around(self, around: Around) -> None:
        """Show records, conversation and attachments."""
        self.places.show_places(around.places)
        self.strip.show_attachments(around.attachments)
        is_talk = len(around.thread) > 1
        self.talk_card.set_title(f"Conversación {len(around.thread)}")
        self.talk_card.setVisible(is_talk)
        self._ground.setVisible(not is_talk)
        self.talk.show_thread(around.thread if is_talk else ())

    def show_problems(self, text: str | None) -> None:
        """Say what of the message could not be read."""
        self.problems.show_text(text)


class _Problems(QWidget):
    """A dim line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mail_problems")
        self.label = QLabel(self)
        self.label.setObjectName("label_problems")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        theme.set_role(self.label, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(theme.SPACE_S)
        row.addWidget(IconLabel("overdue", "today", parent=self), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        self.hide()

    def show_text(self, text: str | None) -> None:
        """The first of what could not be read; all of it in the tooltip."""
        line, whole = problems_line(text)
        self.label.setText(line)
        self.label.setToolTip(tips.plain(whole))
        self.setVisible(bool(line))
