"""A tab of Parámetros: its groups as cards, its settings as fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from db.fields import Field
from oficrm import settings
from oficrm.rules import identity, workdays
from ui import theme
from ui.context import Context
from ui.forms import editors
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.editor import Editor
from ui.widgets.field_row import FULL, Card, FieldRow, FormGrid

COLUMNS = 3


class SettingsTab(QScrollArea):
    """The cards of one tab. ``edited`` follows each key of the user."""

    edited = Signal()

    def __init__(self, context: Context, tab: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self._values: Mapping[str, Any] = {}
        self._kit = editors.Kit(context, self, other=self._other)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_L)
        column.setSpacing(theme.SPACE_M)
        for group in settings.GROUPS:
            if group.tab == tab:
                column.addWidget(self._card(group))
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(page)
        if (country := self.rows.get("country")) is not None:
            country.editor.changed.connect(self._country_changed)

    def _card(self, group: settings.Group) -> Card:
        card = Card(group.title, self)
        grid = FormGrid(columns=COLUMNS, column_width=220)
        card.add(grid)
        for field in group.fields:
            row = FieldRow(field.name, field.label, self._editor(field), required=field.required, help=field.help)
            row.editor.changed.connect(self.edited)
            self.rows[field.name] = row
            grid.add(row, FULL if field.span >= COLUMNS else field.span, new_row=field.name in group.begins)
        return card

    def _editor(self, field: Field) -> Editor:
        if field.name == "holiday_region":
            return ChoiceEditor(empty="Solo los nacionales")
        # Money of the company has no decimals of its own here; everything else is as in any form.
        return editors.make(replace(field, default=None), self._kit, self)

    def _other(self, name: str) -> Any:
        """What the editors ask of other fields: only which country the company is in."""
        row = self.rows.get(name)
        return row.editor.value() if row is not None else self._values.get(name)

    # --- values

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show the settings as they are."""
        self._values = values
        for name, row in self.rows.items():
            row.set_error(None)
            if name == "holiday_region":
                self._offer_regions(str(values["country"]))
            row.editor.set_value(values[name])
        self._name_tax_id(str(values["country"]))

    def changed(self) -> dict[str, Any]:
        """What was typed and differs from what is kept."""
        found = {name: row.editor.value() for name, row in self.rows.items()}
        return {name: value for name, value in found.items() if value != self._values.get(name)
                and not (value in (None, "") and self._values.get(name) in (None, ""))}  # fmt: skip

    def show_errors(self, errors: Mapping[str, list[str]]) -> FieldRow | None:
        """Put each message beside its field; return the first field that has one."""
        first = None
        for name, row in self.rows.items():
            texts = errors.get(name)
            row.set_error(" ".join(texts) if texts else None)
            first = first or (row if texts else None)
        return first

    # --- the country

    def _country_changed(self) -> None:
        """Regions, the name of the tax id, currency and rate follow the country, unless they were set otherwise."""
        country = self.rows["country"].editor.value()
        if not isinstance(country, str):
            return
        self._offer_regions(country)
        self._name_tax_id(country)
        before = settings.defaults_for(str(self._values["country"]))
        for name, value in settings.defaults_for(country).items():
            row = self.rows[name]
            usual = row.editor.value() in [before[name], *(settings.defaults_for(code)[name] for code in ("ES", "MX"))]
            if name != "country" and usual and row.editor.value() != value:
                row.editor.set_value(value if not isinstance(value, Decimal) else Decimal(value))

    def _offer_regions(self, country: str) -> None:
        row = self.rows["holiday_region"]
        assert isinstance(row.editor, ChoiceEditor)
        regions = workdays.regions(country)
        kept = row.editor.value()
        row.editor.set_value(None)
        row.editor.set_choices([Choice(code, name) for code, name in regions.items()])
        row.editor.set_value(kept if kept in regions else None)
        row.setEnabled(bool(regions))

    def _name_tax_id(self, country: str) -> None:
        if (row := self.rows.get("company_tax_id")) is not None:
            row.set_label(identity.tax_id_label(country))
