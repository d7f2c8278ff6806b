"""The fields of a filter panel: which editor a field is filtered with, and how its value becomes criteria."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from db.fields import TEXT_KINDS, Field
from db.registry import module
from oficrm import lists, loading
from oficrm.lists import Criterion, ListFacts
from oficrm.loading import PageFacts
from oficrm.rules import countries
from ui import icons
from ui.bridge import Bridge
from ui.forms.text_fields import CleanedEditor
from ui.lists.columns import filter_label
from ui.lists.filter_editors import DateRangeEditor, RangeEditor
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.date_editors import DurationEditor, TimeEditor
from ui.widgets.editor import Editor, TypedEditor
from ui.widgets.field_row import FieldRow
from ui.widgets.link_editor import LinkEditor
from ui.widgets.multi_choice import MultiChoiceEditor
from ui.widgets.suggest import Deliver, Option
from ui.widgets.text_editors import LineEditor, MoneyEditor, NumberEditor

ANY = "Todos"
UNPICKED = "Elija uno de la lista (F4), o bórrelo."


class Filter:
    """One field of the panel: its row, and what it asks for."""

    span = 2

    def __init__(self, name: str, field: Field, label: str, editor: Editor) -> None:
        self.name, self.field, self.editor = name, field, editor
        column = name.replace(".", "_")
        self.row = FieldRow(column, label, editor)
        self.row.label.setObjectName(f"label_filter_{column}")
        editor.setObjectName(f"filter_{column}")
        if isinstance(editor, DateRangeEditor | RangeEditor):
            editor.name(column)

    def criteria(self) -> list[Criterion]:
        """What is asked for; nothing when the field is empty."""
        raise NotImplementedError

    def put(self, criteria: Sequence[Criterion]) -> None:
        """Show what ``criteria`` of this field gave; none empties it."""
        raise NotImplementedError

    def words(self) -> str:
        """What is asked for, in words."""
        raise NotImplementedError

    def problem(self) -> str | None:
        """Why what is typed cannot be asked for."""
        return self.editor.problem()


class TextFilter(Filter):
    """Contains, without case and accents; of a phone number only the figures count."""

    editor: LineEditor

    def criteria(self) -> list[Criterion]:
        text = (self.editor.value() or "").strip()
        if self.field.kind == "phone" and any(char.isdigit() for char in text):
            text = "".join(char for char in text if char.isdigit())
        return [Criterion(self.name, "contains", text)] if text else []

    def put(self, criteria: Sequence[Criterion]) -> None:
        self.editor.set_value(str(criteria[0].value) if criteria else None)

    def words(self) -> str:
        text = (self.editor.value() or "").strip()
        return f"«{text}»" if text else ""


class ChoicesFilter(Filter):
    """Any of some entries. ``ids`` says that the keys are ids of records."""

    editor: MultiChoiceEditor

    def __init__(self, name: str, field: Field, label: str, choices: Sequence[Choice], *, ids: bool) -> None:
        super().__init__(name, field, label, MultiChoiceEditor(choices, empty=ANY))
        self._ids = ids
        self._labels = {choice.key: choice.label for choice in choices}

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries."""
        self._labels = {choice.key: choice.label for choice in choices}
        self.editor.set_choices(choices)

    def criteria(self) -> list[Criterion]:
        keys = self.editor.value()
        return [Criterion(self.name, "in", tuple(map(int, keys)) if self._ids else tuple(keys))] if keys else []

    def put(self, criteria: Sequence[Criterion]) -> None:
        self.editor.set_value([str(key) for key in criteria[0].value] if criteria else None)

    def words(self) -> str:
        return ", ".join(self._labels.get(key, key) for key in self.editor.value())


class LinkFilter(Filter):
    """One record, picked by typing part of its name; over several modules when the field is."""

    editor: LinkEditor

    def __init__(self, name: str, field: Field, label: str, targets: Sequence[str], bridge: Bridge) -> None:
        self._targets, self._bridge = tuple(targets), bridge
        self._keys: list[Any] = []
        self.within: Callable[[], tuple[str, int] | None] = lambda: None
        editor = LinkEditor(self._search, openable=False, placeholder=ANY, resolve=self._resolve)
        super().__init__(name, field, label, editor)

    def _option(self, key: Any, title: str, detail: str = "") -> Option:
        """Pickers know whole numbers; "product:5" becomes one by its place among those met."""
        if isinstance(key, int):
            return Option(key, title, detail)
        if key not in self._keys:
            self._keys.append(key)
        icon = module(str(key).partition(":")[0]).module.icon
        return Option(self._keys.index(key), title, detail, icon if icons.has(icon) else "")

    def _key(self, ident: int) -> Any:
        return self._keys[ident] if len(self._targets) > 1 else ident

    def _search(self, text: str, deliver: Deliver) -> None:
        within = self.within()
        self._bridge.read(
            lambda session: lists.options(session, self._targets, text, within=within),
            lambda found: deliver([self._option(each.id, each.title, each.detail) for each in found]),
            self.editor, purpose="options",
        )  # fmt: skip

    def _resolve(self, ident: int, deliver: Callable[[Option | None], None]) -> None:
        key = self._key(ident)
        target, number = str(key).split(":") if isinstance(key, str) else (self._targets[0], key)
        self._bridge.read(
            lambda session: lists.titles(session, module(target), [int(number)]),
            lambda titles: deliver(self._option(key, titles[int(number)]) if int(number) in titles else None),
            self.editor, purpose="title",
        )  # fmt: skip

    def criteria(self) -> list[Criterion]:
        value = self.editor.value()
        return [Criterion(self.name, "in", (self._key(value),))] if isinstance(value, int) else []

    def put(self, criteria: Sequence[Criterion]) -> None:
        if not criteria or not criteria[0].value:
            self.editor.set_value(None)
            return
        key = criteria[0].value[0]
        self.editor.set_value(key if isinstance(key, int) else self._option(key, "").id)

    def words(self) -> str:
        option = self.editor.option()
        return option.title if option else ""

    def problem(self) -> str | None:
        return UNPICKED if isinstance(self.editor.value(), str) else None


class YesNoFilter(Filter):
    """Yes, no, or either."""

    editor: ChoiceEditor

    def __init__(self, name: str, field: Field, label: str) -> None:
        super().__init__(name, field, label, ChoiceEditor([Choice("yes", "Sí"), Choice("no", "No")], empty=ANY))

    def criteria(self) -> list[Criterion]:
        value = self.editor.value()
        return [Criterion(self.name, "is", value == "yes")] if value else []

    def put(self, criteria: Sequence[Criterion]) -> None:
        self.editor.set_value(("yes" if criteria[0].value else "no") if criteria else None)

    def words(self) -> str:
        return {"yes": "sí", "no": "no"}.get(self.editor.value() or "", "")


class StretchFilter(Filter):
    """From and to, of days or numbers."""

    editor: DateRangeEditor | RangeEditor

    def __init__(self, name: str, field: Field, label: str, editor: DateRangeEditor | RangeEditor) -> None:
        super().__init__(name, field, label, editor)
        self.span = 3 if isinstance(editor, DateRangeEditor) else 2

    def criteria(self) -> list[Criterion]:
        return [Criterion(self.name, op, value) for op, value in self.editor.value()]

    def put(self, criteria: Sequence[Criterion]) -> None:
        self.editor.set_value([(item.op, item.value) for item in criteria])

    def words(self) -> str:
        return self.editor.words()


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the filters of a page."""

    page: PageFacts
    bridge: Bridge

    def make(self, name: str) -> Filter | None:
        """The filter of a field, None for a field that cannot be filtered by."""
        facts: ListFacts = self.page.facts
        field = facts.fields.get(name)
        if field is None or field.kind == "image":
            return None
        label = filter_label(facts, name)
        if table := loading.catalogue_of(field):
            return ChoicesFilter(name, field, label, entry_choices(self.page, table), ids=True)
        if choices := plain_choices(field):
            return ChoicesFilter(name, field, label, choices, ids=False)
        if targets := link_targets(field):
            return LinkFilter(name, field, label, targets, self.bridge)
        if field.kind == "yes_no":
            return YesNoFilter(name, field, label)
        if field.kind in ("day", "instant"):
            overdue = loading.has_overdue(facts.table, name)
            return StretchFilter(name, field, label, DateRangeEditor(overdue=overdue))
        if field.kind in TEXT_KINDS or field.kind == "options":
            return TextFilter(name, field, label, LineEditor())
        return StretchFilter(name, field, label, RangeEditor(lambda: self._number(field)))

    def _number(self, field: Field) -> TypedEditor:
        country = self.page.facts.country
        match field.kind:
            case "minutes":
                return DurationEditor()
            case "clock":
                return TimeEditor()
            case "money":
                return MoneyEditor(currency=self.page.facts.currency, country=country)
            case "integer":
                return NumberEditor(integer=True, country=country)
            case "file_size":
                return CleanedEditor(field, lambda: country)
        return NumberEditor(country=country)


def entry_choices(page: PageFacts, table: str) -> list[Choice]:
    """The entries of a master file; inactive ones last, since old records still have them."""
    entries = sorted(page.catalogues.get(table, ()), key=lambda entry: not entry.is_active)
    return [
        Choice(str(entry.id), entry.title if entry.is_active else f"{entry.title} (inactivo)",
               entry.icon if icons.has(entry.icon) else "")
        for entry in entries
    ]  # fmt: skip


def plain_choices(field: Field) -> list[Choice]:
    """The entries of a closed list."""
    pairs: Iterable[tuple[str, str]] = ()
    if field.choices is not None:
        pairs = ((choice.value, choice.label) for choice in field.choices)
    elif field.options:
        pairs = ((option, option) for option in field.options)
    elif field.kind == "country":
        pairs = countries.COUNTRIES.items()
    elif field.kind == "currency":
        pairs = ((code, f"{code} · {name}") for code, name in countries.CURRENCIES.items())
    return [Choice(key, label) for key, label in pairs]


def link_targets(field: Field) -> tuple[str, ...]:
    """The modules whose records a field points to."""
    if field.via is not None:
        return module(field.via[0]).fields[field.via[1]].targets
    return field.targets if field.kind in ("link", "either") else ()
