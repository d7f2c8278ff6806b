"""The fields of an event or task: those of its kind, hours that go together, and what and whom it concerns as tags."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from db.fields import Field
from db.models.calendar_item import CalendarInvitee, CalendarLink, ItemKind, usual_minutes
from db.screens import Section
from oficrm.drafts import LineDraft
from ui.calendar.repeat_editor import RepeatEditor
from ui.contact.tag_lines import TagLines
from ui.forms import links
from ui.forms.draft_form import DraftForm
from ui.forms.general_tab import OWN_FIELDS, GeneralTab
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid
from ui.widgets.tags_editor import Tag, TagsEditor

OF_EVENTS = ("event_status", "end_date", "end_time", "all_day", "location")
OF_TASKS = ("task_status",)
OF_HOURS = ("time", "end_time")
_SPANS = {"subject": 2, "recurrence": FULL, "location": 2}


class CalendarTab(GeneralTab):
    """General of ``calendar_item``: changing the kind shows other fields; an end keeps its distance."""

    def __init__(self, form: DraftForm, parent: QWidget | None = None) -> None:
        super().__init__(form, parent)
        self._grids: list[FormGrid] = []
        self._starts: dt.datetime | None = None
        form.loaded.connect(self._show_kind)
        form.edited.connect(self._edited)

    def build(self) -> None:
        """Make the cards in tab order; the tags come after what it is and when."""
        form = self._form
        assert form.content is not None
        for at, section in enumerate(form.model.screens.form):
            self._add_fields(section)
            if at == 1:
                self._add_tags()
        if form.content.own_fields:
            self._add_section(OWN_FIELDS, 3, list(form.content.own_fields))

    def _add_fields(self, section: Section) -> None:
        card = Card(section.title, self.cards)
        texts = all(self._form.fields[name].kind == "long_text" for name in section.fields)
        count = 2 if texts else 4
        grid = FormGrid(columns=count, column_width=300 if texts else 190)
        for name in section.fields:
            grid.add(self._row(name), 1 if texts else _SPANS.get(name, 1))
        card.add(grid)
        self._grids.append(grid)
        self.cards.add(card)

    def _row(self, name: str) -> FieldRow:
        form = self._form
        field = form.fields[name]
        if name != "recurrence":
            return form.row(name, tooltip=field.help)
        editor = RepeatEditor(partial(form.value, "date"), self)
        row = FieldRow(name, field.label, editor)
        form.bind(name, editor, row)
        return row

    def _add_tags(self) -> None:
        card = Card("Con quién y de qué", self.cards)
        grid = FormGrid(columns=2, column_width=300)
        for child, name, label, hint in (
            (CalendarLink, "record", "Relacionado con", "Cliente, persona, oportunidad, caso…"),
            (CalendarInvitee, "user", "Usuarios invitados", "Se les avisa"),
        ):
            table = child.module.table
            field = child.fields[name]
            search = links.search_records(self._form.context, self, field, self._form.value)
            editor = TagsEditor(search, free=False, placeholder=hint)
            row = FieldRow(table, label, editor)
            grid.add(row)
            self._form.bind_lines(table, _lines(editor, row, field))
        card.add(grid)
        self.cards.add(card)

    # --- what belongs to which kind

    def _show_kind(self) -> None:
        form = self._form
        is_task = form.value("kind") == ItemKind.TASK
        has_hours = not form.value("all_day") or is_task
        for name, bound in form.bound().items():
            if bound.row is None:
                continue
            hidden = name in (OF_EVENTS if is_task else OF_TASKS) or (name in OF_HOURS and not has_hours)
            bound.row.setVisible(not hidden)
        if (row := form.bound()["date"].row) is not None:
            row.set_label("Vencimiento" if is_task else "Fecha")
        for grid in self._grids:
            grid.rearrange()
        self._starts = self._start()

    def _edited(self, name: str) -> None:
        if name in ("kind", "all_day"):
            self._show_kind()
        elif name in ("date", "time"):
            self._keep_length()
        elif name == "activity_type" and self._form.ident is None:
            self._take_usual()

    def _start(self) -> dt.datetime | None:
        return _moment(self._form.value("date"), self._form.value("time"))

    def _keep_length(self) -> None:
        """The end stays as far from the beginning as it was."""
        form, before, now = self._form, self._starts, self._start()
        if now is None:
            return
        self._starts = now
        ends = _moment(form.value("end_date") or (before.date() if before else None), form.value("end_time"))
        if before is not None and ends is not None and ends >= before:
            self._put_end(now + (ends - before), now)
        elif form.value("end_time") is None and form.ident is None and form.value("kind") != ItemKind.TASK:
            self._put_end(now + dt.timedelta(minutes=usual_minutes(form.value("activity_type"))), now)

    def _take_usual(self) -> None:
        """A call takes less than a meeting."""
        now = self._start()
        if now is not None and self._form.value("end_time") is not None:
            self._put_end(now + dt.timedelta(minutes=usual_minutes(self._form.value("activity_type"))), now)

    def _put_end(self, ends: dt.datetime, starts: dt.datetime) -> None:
        day: Any = ends.date() if ends.date() > starts.date() else None
        for name, value in (("end_time", ends.time()), ("end_date", day)):
            if self._form.value(name) != value:
                self._form.put(name, value)


def _moment(day: Any, time: Any) -> dt.datetime | None:
    return dt.datetime.combine(day, time) if isinstance(day, dt.date) and isinstance(time, dt.time) else None


def _lines(editor: TagsEditor, row: FieldRow, field: Field) -> TagLines:
    """Each tag is a line that names one record."""
    many = len(field.targets) > 1

    def to_line(tag: Tag) -> LineDraft:
        if tag.id is None:
            return LineDraft(None, {field.name: tag.text})
        return LineDraft(None, {field.name: "{}:{}".format(*links.unpack(field, tag.id)) if many else tag.id})

    def to_tag(line: LineDraft, titles: dict[str, str]) -> Tag:
        value = line.values[field.name]
        known = not many or str(value).partition(":")[0] in field.targets
        return Tag(links.pack(field, value) if known else None, titles.get(field.name) or str(value))

    return TagLines(editor, row, to_line, to_tag)
