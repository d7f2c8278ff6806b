"""From the kind of a field to the editor a form uses for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget

from db.fields import Field
from oficrm import custom_fields, display
from oficrm.rules import countries
from oficrm.rules.workdays import WorkCalendar
from ui import icons
from ui.context import Context
from ui.forms.links import EitherPicker, RecordPicker, pack
from ui.forms.text_fields import AmountEditor, CleanedEditor, EmailEditor, PlainNumberEditor, ShownEditor
from ui.widgets.choice_editors import Choice, ChoiceEditor, YesNoEditor
from ui.widgets.date_editors import DateEditor, DurationEditor, TimeEditor
from ui.widgets.editor import Editor
from ui.widgets.image_editor import ImageEditor
from ui.widgets.instant_editor import InstantEditor
from ui.widgets.suggest import Option
from ui.widgets.text_editors import BlockEditor, NumberEditor

COUNTRY_FIELDS = ("country", "shipping_country")


def _nothing(_name: str) -> Any:
    return None


@dataclass
class Kit:
    """What the editors of one form depend on besides their own field.

    ``other`` gives the value of another field of the same record, for pickers that follow it (``within``) and for
    what goes by the country of the record.
    """

    context: Context
    owner: QWidget
    country: str = "ES"
    currency: str = "EUR"
    other: Callable[[str], Any] = field(default=_nothing)

    def record_country(self) -> str:
        """The country by whose rules this record's phones, postal codes and tax id are read."""
        for name in COUNTRY_FIELDS:
            value = self.other(name)
            if isinstance(value, str) and len(value) == 2:
                return value
        return self.country


Maker = Callable[[Field, Kit, QWidget | None], Editor]


def make(of: Field, kit: Kit, parent: QWidget | None = None) -> Editor:
    """Return the editor of a field. Read-only fields get one that only shows.

    Raises KeyError for a kind without editor.
    """
    if of.kind in ("image", "yes_no") or not (of.read_only or of.is_computed or of.via):
        made = _MAKERS[of.kind](of, kit, parent)
        if of.read_only:
            made.set_read_only(True)
        return made
    return _shown(of, kit, parent)


def has_editor(kind: str) -> bool:
    """Whether forms can edit or show this kind."""
    return kind in _MAKERS


def show_value(editor: Editor, of: Field, value: Any, title: str = "") -> None:
    """Put a value into an editor; links also need the title of what they point to."""
    if of.kind in ("link", "either") and value is not None and not isinstance(editor, ShownEditor):
        is_key = isinstance(value, int) or str(value).partition(":")[0] in of.targets
        editor.set_value(Option(pack(of, value), title or f"n.º {value}") if is_key else value)
    elif isinstance(editor, ShownEditor) and title:
        editor.set_value(value)
        editor.line.setText(title)
        editor.line.setCursorPosition(0)
    else:
        editor.set_value(value)


def _shown(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return ShownEditor(lambda value: display.show(of, value, kit.country, kit.currency), parent)


def _line(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    if of.name == "module_table":
        tables = [Choice(table, plural) for table, plural in custom_fields.modules_with_fields()]
        return ChoiceEditor(tables, parent, empty=None)
    if of.kind == "email":
        return EmailEditor(of, kit.record_country, kit.context, parent)
    return CleanedEditor(of, kit.record_country, parent)


def _block(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return BlockEditor(parent, rows=4, max_rows=10)


def _choice(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    pictured = of.name == "icon"
    entries = [Choice(each.value, each.label, each.value if pictured and icons.has(each.value) else "")
               for each in of.choices or ()]  # fmt: skip
    return ChoiceEditor(entries, parent, empty=None if of.required else "")


def _options(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return ChoiceEditor([Choice(text, text) for text in of.options], parent, empty=None if of.required else "")


def _country(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    entries = [Choice(code, name) for code, name in countries.COUNTRIES.items()]
    return ChoiceEditor(entries, parent, empty=None if of.required else "")


def _currency(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    entries = [Choice(code, f"{name} ({code})") for code, name in countries.CURRENCIES.items()]
    return ChoiceEditor(entries, parent, empty=None if of.required else "")


def _link(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return RecordPicker(kit.context, kit.owner, of, kit.other, parent)


def _either(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return EitherPicker(kit.context, kit.owner, of, kit.other, parent)


def _day(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return DateEditor(parent, calendar=WorkCalendar(kit.country))


def _clock(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return TimeEditor(parent)


def _instant(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return InstantEditor(parent, calendar=WorkCalendar(kit.country))


def _minutes(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return DurationEditor(parent)


def _integer(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return NumberEditor(parent, integer=True, country=kit.country)


def _quantity(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return PlainNumberEditor(parent, decimals=of.decimals or 4, country=kit.country)


def _percent(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return PlainNumberEditor(parent, decimals=of.decimals or 2, suffix="%", country=kit.country)


def _money(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return AmountEditor(parent, currency=kit.currency, country=kit.country)


def _yes_no(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return YesNoEditor(parent)


def _image(of: Field, kit: Kit, parent: QWidget | None) -> Editor:
    return ImageEditor(parent)


_MAKERS: dict[str, Maker] = {
    "text": _line, "email": _line, "phone": _line, "url": _line, "tax_id": _line, "postal_code": _line,
    "long_text": _block, "country": _country, "currency": _currency, "choice": _choice, "options": _options,
    "link": _link, "either": _either, "children": _shown, "day": _day, "clock": _clock, "instant": _instant,
    "minutes": _minutes, "integer": _integer, "file_size": _line, "quantity": _quantity,
    "percent": _percent, "money": _money, "yes_no": _yes_no, "image": _image,
}  # fmt: skip
