"""Pickers of records: type-ahead through the bridge, "Nuevo…" that comes back with the new record, and opening one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from db.fields import Field
from db.registry import module
from oficrm import lists
from oficrm.drafts import Saved, Values
from ui import icons
from ui.context import Context
from ui.widgets.editor import Editor
from ui.widgets.link_editor import LinkEditor
from ui.widgets.suggest import Deliver, Option, Search

Other = Callable[[str], Any]
"""Gives the value of another field of the same form."""


def search_records(context: Context, owner: QWidget, field: Field, other: Other) -> Search:
    """Return the search of a picker: accents ignored, over name, code, phone, e-mail and tax id, in SQL.

    Keys of fields over several modules are spread over whole numbers, see ``pack``.
    """

    def search(text: str, deliver: Deliver) -> None:
        limit = _within(field, other)

        def show(found: list[lists.Choice]) -> None:
            if isValid(owner):
                deliver([Option(pack(field, each.id), each.title, each.detail, _icon(field, each.id))
                         for each in found])  # fmt: skip

        targets, only = field.targets, field.only
        context.bridge.read(lambda s: lists.options(s, targets, text, within=limit, only=only), show, owner)

    return search


def _within(field: Field, other: Other) -> tuple[str, int] | None:
    value = other(field.within) if field.within else None
    return (field.within, value) if isinstance(value, int) else None


def _icon(field: Field, key: Any) -> str:
    """Fields over several modules tell them apart by icon."""
    if len(field.targets) < 2:
        return ""
    icon = module(str(key).partition(":")[0]).module.icon
    return icon if icons.has(icon) else ""


def pack(field: Field, key: Any) -> int:
    """Turn a picker's key (5, or "service:5" of a field over several modules) into a whole number."""
    if len(field.targets) < 2:
        return int(key)
    target, _, ident = str(key).partition(":")
    return int(ident) * len(field.targets) + field.targets.index(target)


def unpack(field: Field, number: int) -> tuple[str, int]:
    """Return the module and id behind a number of ``pack``."""
    ident, index = divmod(number, len(field.targets)) if len(field.targets) > 1 else (number, 0)
    return field.targets[index], ident


def preset_from_text(table: str, text: str) -> Values:
    """Return what a new record of a module takes from the words typed into a picker."""
    model = module(table)
    if not text:
        return {}
    if "first_name" in model.fields:
        first, _, last = text.partition(" ")
        return {"first_name": first, "last_name": last} if last else {"first_name": first}
    name = next((name for name in ("name", "subject") if name in model.fields), "")
    return {name: text} if name else {}


class RecordPicker(LinkEditor):
    """A link to a record, wired to the database and to the record windows."""

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        field: Field,
        other: Other,
        parent: QWidget | None = None,
        *,
        creatable: bool = True,
    ) -> None:
        super().__init__(
            search_records(context, owner, field, other), parent, creatable=creatable, clearable=not field.required
        )
        self._context, self._owner, self._field, self._other = context, owner, field, other
        self.create_requested.connect(self._create)
        self.open_requested.connect(self._show_record)

    def _create(self, text: str) -> None:
        if len(self._field.targets) == 1:
            self._create_in(self._field.target, text)
            return
        menu = QMenu(self)
        menu.setObjectName("menu_new_target")
        for target in self._field.targets:
            facts = module(target).module
            action = menu.addAction(icons.icon(facts.icon), f"Nuevo {facts.named(1)}")
            action.triggered.connect(lambda _on=False, target=target: self._create_in(target, text))
        menu.popup(self.line.mapToGlobal(QPoint(0, self.line.height())))

    def _create_in(self, target: str, text: str) -> None:
        preset = preset_from_text(target, text)
        limit = _within(self._field, self._other)
        if limit is not None:
            preset[limit[0]] = limit[1]

        def picked(saved: Saved) -> None:
            if isValid(self):
                key = saved.id if len(self._field.targets) == 1 else f"{target}:{saved.id}"
                self.pick(Option(pack(self._field, key), saved.title))
                self.window().activateWindow()
                self.focus()

        self._context.opener.open_record(target, preset=preset, then=picked, parent=self._owner.window())

    def _show_record(self, number: int) -> None:
        table, ident = unpack(self._field, number)
        self._context.opener.open_record(table, ident, parent=self._owner.window())


class EitherPicker(Editor):
    """A link to a record of one of several modules; its value is "product:5"."""

    def __init__(
        self, context: Context, owner: QWidget, field: Field, other: Other, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._field = field
        self.picker = RecordPicker(context, owner, field, other, self)
        self.line = self.picker.line
        self._row(self.picker)
        self._adopt(self.line)
        self.line.removeEventFilter(self)  # the picker itself notices when it is left
        self.picker.changed.connect(self.changed)
        self.picker.committed.connect(self.committed)

    def value(self) -> Any:
        """The key, None, or what was typed."""
        inner = self.picker.value()
        return "{}:{}".format(*unpack(self._field, inner)) if isinstance(inner, int) else inner

    def set_value(self, value: Any) -> None:
        """An Option with a packed id, a key, None, or a text as typed."""
        if isinstance(value, str) and (parts := value.partition(":"))[0] in self._field.targets and parts[2].isdigit():
            value = pack(self._field, value)
        self.picker.set_value(value)

    def problem(self) -> str | None:
        """What the picker says."""
        return self.picker.problem()

    def commit(self) -> None:
        """Let the picker settle."""
        self.picker.commit()

    def _lock(self, locked: bool) -> None:
        self.picker.set_read_only(locked)
