"""The sections of the contact form: cards over the editors, in the order of the talk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.models.contact import ContactItem, MadeBy
from oficrm import clock
from oficrm.contact_form import Extras
from oficrm.contacts import Vocabulary
from oficrm.rules.workdays import WorkCalendar
from ui import theme
from ui.contact import choices, tag_lines
from ui.forms.draft_form import DraftForm
from ui.forms.links import search_records
from ui.widgets.choice_editors import Choice, TwoWayEditor
from ui.widgets.date_editors import DateEditor, DurationEditor
from ui.widgets.editor import Editor
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid
from ui.widgets.suggest import Deliver, Option, among
from ui.widgets.tags_editor import Tag, TagsEditor
from ui.widgets.text_editors import BlockEditor

USUAL = "(el habitual)"
TALL = 12
"""Lines to which the notes grow."""
TALK = ("client", "person", "notes", "contact_action", "contact_item", "next_at", "next_time", "next_type", "result",
        "closed_on")  # fmt: skip
"""Tab order while one talks: with whom, what about, what follows."""
KNOWN = ("date", "time", "duration", "salesperson", "type", "made_by")
"""What the form mostly knows by itself comes behind."""
MNEMONICS = {"client": "&Cliente", "person": "P&ersona de contacto", "date": "&Fecha", "time": "&Hora",
             "duration": "D&uración", "salesperson": "&Vendedor", "type": "&Tipo", "made_by": "Realizado p&or",
             "notes": "&Notas", "next_at": "&Día", "result": "&Resultado", "closed_on": "Fecha de c&ierre"}  # fmt: skip
"""Alt and the letter go to the field; Alt+A is the actions menu."""


class Sections(QWidget):
    """All sections; binds every editor to the form. Made once the form is ready."""

    def __init__(
        self, form: DraftForm, extras: Extras, create_action: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._form = form
        self._create_action = create_action
        self._catalogue: list[Option] = []
        self.rows: dict[str, FieldRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self._client_card())
        column.addWidget(self._talk_card())
        column.addLayout(_side_by_side((self._actions_card(), 1), (self._items_card(), 1)))
        column.addLayout(_side_by_side((self._next_card(), 5), (self._end_card(), 3)))
        own = self._own_card()
        if own is not None:
            column.addWidget(own)
        column.addStretch(1)
        self.show_vocabulary(extras.vocabulary)

    def minimumSizeHint(self) -> QSize:
        """Width only: the height follows from it, and the scroll area asks for that itself."""
        return QSize(super().minimumSizeHint().width(), 0)

    # --- cards

    def _client_card(self) -> Card:
        card, grid = Card("Datos del cliente", self), FormGrid(columns=4, column_width=132)
        grid.add(self._row("client"), 2)
        grid.add(self._row("person"), 2)
        grid.add(self._own_row("date", DateEditor(today=clock.today), required=True))
        grid.add(self._row("time"))
        grid.add(
            self._own_row(
                "duration",
                DurationEditor(timer=True),
                tooltip="En minutos, o 1:30, 1h30. El reloj cuenta la llamada (Ctrl+T).",
            )
        )
        grid.add(self._own_row("salesperson", choices.EntryEditor(empty="")))
        card.add(grid)
        return card

    def _talk_card(self) -> Card:
        self.talk_card = card = Card("Datos del contacto", self)
        kinds = QWidget(card)
        left = QVBoxLayout(kinds)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.SPACE_S)
        left.addWidget(self._own_row("type", choices.EntryEditor(empty=None), required=True))
        us, them = (Choice(each.value, each.label) for each in MadeBy)
        left.addWidget(self._own_row("made_by", TwoWayEditor(us, them)))
        left.addStretch(1)
        kinds.setFixedWidth(190)
        self._rows = 4 if any(field.custom_id for field in self._form.fields.values()) else 6  # fits on 768 lines
        self.notes = BlockEditor(
            rows=self._rows,
            max_rows=TALL,
            placeholder="Motivo y lo que se habló. La primera línea es la que se lee en las listas.",
        )
        notes = self._own_row("notes", self.notes)
        card.body.addLayout(_side_by_side((kinds, 0), (notes, 1), spacing=theme.SPACE_M))
        return card

    def _actions_card(self) -> Card:
        editor = TagsEditor(self._find_action, creatable=True, placeholder="Elegir o escribir…")
        editor.create_requested.connect(self._create_action)
        row = FieldRow("contact_action", "Acciones a tomar", editor)
        self._form.bind_lines("contact_action", tag_lines.action_lines(editor, row))
        return self._lone(row)

    def _items_card(self) -> Card:
        field = ContactItem.fields["item"]
        search = search_records(self._form.context, self._form.owner, field, self._form.value)
        editor = TagsEditor(search, free=False, placeholder="Elegir producto o servicio…")
        row = FieldRow(
            "contact_item",
            "Productos de su interés",
            editor,
            tooltip="Al guardar pasan también a los Intereses del cliente.",
        )
        self._form.bind_lines("contact_item", tag_lines.item_lines(editor, row, field))
        return self._lone(row)

    def _lone(self, row: FieldRow) -> Card:
        """A card of one field, whose title is the label."""
        card = Card(row.label.text(), self)
        card.title_label.setBuddy(row.editor)
        card.setToolTip(row.editor.toolTip())
        row.label.hide()
        card.add(row)
        card.body.addStretch(1)
        self.rows[row.column] = row
        return card

    def _next_card(self) -> Card:
        card = Card("Datos del próximo contacto", self)
        editor = DateEditor(quick=True, with_time=True, lean="future", today=clock.today)
        editor.line.setPlaceholderText("+1s, lun, mañana 10…")
        for button in editor.quick_buttons:
            theme.set_kind(button, "secondary")
        group = editor.quick_buttons[0].parentWidget()
        spaced = group.layout() if group is not None else None
        if spaced is not None:
            spaced.setSpacing(theme.SPACE_XS)
        editor.time_typed.connect(lambda hour: self._form.put("next_time", hour))
        day = self._own_row(
            "next_at", editor, tooltip="+1s es dentro de una semana; también lun, 15/3, +5l (laborables), mañana 10."
        )
        hour = self._row("next_time", label="Hora")
        hour.setFixedWidth(76)
        kind = self._own_row("next_type", choices.EntryEditor(empty=USUAL), label="Tipo")
        card.body.addLayout(_side_by_side((day, 4), (hour, 0), (kind, 2), spacing=theme.SPACE_M))
        card.body.addStretch(1)
        return card

    def _end_card(self) -> Card:
        self.end_card = Card("Datos de final de contacto", self)
        result = self._own_row("result", choices.EntryEditor(empty=""))
        closed = self._own_row(
            "closed_on",
            DateEditor(today=clock.today),
            tooltip="El contacto queda realizado con el resultado y la fecha de cierre.",
        )
        self.end_card.body.addLayout(_side_by_side((result, 1), (closed, 1), spacing=theme.SPACE_M))
        self.end_card.body.addStretch(1)
        return self.end_card

    def _own_card(self) -> Card | None:
        own = [name for name, field in self._form.fields.items() if field.custom_id]
        if not own:
            return None
        card, grid = Card("Campos propios", self), FormGrid(columns=4, column_width=160)
        card.setObjectName("section_own_fields")
        for name in own:
            span = self._form.fields[name].span
            grid.add(self._row(name), FULL if span >= 3 else span)
        card.add(grid)
        return card

    # --- rows

    def _row(self, name: str, *, label: str = "") -> FieldRow:
        return self._keep(self._form.row(name, label=label))

    def _own_row(
        self, name: str, editor: Editor, *, label: str = "", required: bool = False, tooltip: str = ""
    ) -> FieldRow:
        field = self._form.fields[name]
        row = FieldRow(name, label or field.header, editor, required=required, tooltip=tooltip)
        self._form.bind(name, editor, row)
        return self._keep(row)

    def _keep(self, row: FieldRow) -> FieldRow:
        self.rows[row.column] = row
        words = MNEMONICS.get(row.column)
        if words:
            row.label.setText(f"{words} *" if row.label.text().endswith("*") else words)
            row.label.setBuddy(row.editor.focusProxy() or row.editor)  # letters only go to what takes the focus
        return row

    def order_tabs(self) -> None:
        """The tab key follows the talk; called once the sections stand in their window."""
        own = [name for name in self.rows if name not in TALK and name not in KNOWN]
        order = [self.rows[name].editor.focusProxy() or self.rows[name].editor for name in (*TALK, *own, *KNOWN)]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def order_strip(self, strip: QWidget) -> None:
        """What takes a mail comes behind all fields."""
        before: QWidget = self.rows[KNOWN[-1]].editor.focusProxy() or self.rows[KNOWN[-1]].editor
        for part in strip.findChildren(QAbstractButton):
            QWidget.setTabOrder(before, part)
            before = part

    def make_room(self, *, with_strip: bool) -> None:
        """The notes give two lines away for the strip of a mail, and grow less: what follows from it stays in sight."""
        self.notes.set_rows(4 if with_strip else self._rows, TALL // 2 if with_strip else TALL)

    # --- catalogues

    def show_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Offer what the catalogues hold now."""
        for name, offered in (
            ("type", choices.type_choices(vocabulary)),
            ("next_type", choices.type_choices(vocabulary)),
            ("result", choices.result_choices(vocabulary)),
            ("salesperson", choices.salesperson_choices(vocabulary)),
        ):
            editor = self.rows[name].editor
            assert isinstance(editor, choices.EntryEditor)
            editor.set_choices(offered)
        self._catalogue = [Option(ident, name) for ident, name in vocabulary.actions]

    def set_calendar(self, calendar: WorkCalendar) -> None:
        """The working days that "+5l" counts and whose holidays are named."""
        for name in ("date", "next_at", "closed_on"):
            editor = self.rows[name].editor
            assert isinstance(editor, DateEditor)
            editor.set_calendar(calendar)
            if isinstance(editor.value(), dt.date) and not editor.line.hasFocus():
                editor.set_value(editor.value())  # so that a holiday shows its name

    def _find_action(self, text: str, deliver: Deliver) -> None:
        among(self._catalogue)(text, deliver)

    def add_action(self, ident: int, name: str) -> None:
        """Take an action that has just joined the catalogue."""
        if all(option.id != ident for option in self._catalogue):
            self._catalogue.append(Option(ident, name))
        editor = self.rows["contact_action"].editor
        assert isinstance(editor, TagsEditor)
        editor.add(Tag(ident, name))
        editor.focus()

    def _duration(self) -> DurationEditor:
        editor = self.rows["duration"].editor
        assert isinstance(editor, DurationEditor)
        return editor

    def toggle_timer(self) -> None:
        """Start or stop counting the call, from wherever the cursor is."""
        self._duration().toggle_timer()

    def stop_timer(self) -> None:
        """Note the minutes of a call still being counted."""
        if self._duration().is_running():
            self._duration().toggle_timer()

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        self.rows[name].editor.focus()


def _side_by_side(*parts: tuple[QWidget, int], spacing: int = theme.SPACE_S) -> QHBoxLayout:
    """Parts in one line, each with its share of what is left over."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for part, share in parts:
        if share:
            part.setSizePolicy(QSizePolicy.Policy.Expanding, part.sizePolicy().verticalPolicy())
        row.addWidget(part, share)
        if isinstance(part, FieldRow):
            row.setAlignment(part, Qt.AlignmentFlag.AlignTop)
    return row
