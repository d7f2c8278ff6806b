"""The first tab of a channel: its conversation, and at its side what it is and where it belongs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db.fields import Field
from ui import theme
from ui.chat.pane import TalkPane
from ui.forms.draft_form import DraftForm
from ui.forms.general_tab import GeneralTab
from ui.mail.around import PlacesCard
from ui.widgets.field_row import Card
from ui.widgets.text_editors import BlockEditor

SIDE = 300


class ChannelTab(GeneralTab):
    """A new channel has its fields alone; one that exists its conversation first."""

    def __init__(self, form: DraftForm, parent: QWidget | None = None) -> None:
        super().__init__(form, parent)
        self._channel_form = form
        self.pane = TalkPane(form.context, self)
        self.pane.hide()
        self.places = PlacesCard(self)
        self.places.hide()
        self._body: QWidget | None = None

    def build(self) -> None:
        """Make the fields: as in any form for a new channel, at the side of the conversation for others."""
        if self._channel_form.ident is None:
            super().build()
            return
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        row.setSpacing(theme.SPACE_S)
        card = QFrame(self._body)
        theme.set_surface(card, "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_M)
        column.addWidget(self.pane)
        row.addWidget(card, 1)
        row.addWidget(self._side(self._body))
        self.pane.show()
        self.places.show()

    def _add_section(self, title: str, columns: int, fields: Sequence[Field]) -> None:
        """A new channel has nothing yet that comes from a server, and no messages."""
        if not all(field.read_only for field in fields):
            super()._add_section(title, columns, fields)

    def _side(self, parent: QWidget) -> QScrollArea:
        area = QScrollArea(parent)
        area.setFixedWidth(SIDE)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QWidget(area)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S)
        form = self._channel_form
        assert form.content is not None
        is_there = bool(form.content.draft.values.get("server"))
        sections = list(form.model.screens.form)
        for at, section in enumerate(sections):
            if section.title == "Servidor" and not is_there:
                continue
            card = Card(section.title, box)
            for name in section.fields:
                row = form.row(name, tooltip=form.fields[name].help)
                if isinstance(row.editor, BlockEditor):
                    row.editor.set_rows(2, 4)
                card.add(row)
            column.addWidget(card)
            if at == 0:
                column.addWidget(self.places)
        if form.content.own_fields:
            card = Card("Campos propios", box)
            for field in form.content.own_fields:
                card.add(form.row(field.name))
            column.addWidget(card)
        column.addStretch(1)
        area.setWidget(box)
        return area

    def attach(self) -> None:
        """Show what was built."""
        if self._body is None:
            super().attach()
        elif self.widget() is None:
            self.setWidget(self._body)
