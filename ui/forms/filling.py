"""Fields that a chosen link fills: the prices of a client, the client of a subscription. What was typed stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oficrm import filling
from oficrm.filling import Filled

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm


class Filling:
    """Follows the links of one form."""

    def __init__(self, form: DraftForm) -> None:
        self._form = form
        self._is_wanted = filling.fills(form.table)
        self._followed = filling.followed(form.table)
        self._settled: dict[str, Any] = {}
        self._filled: dict[str, Any] = {}

    def begin(self) -> None:
        """The form shows a record: its links are settled, nothing was filled yet."""
        self._filled = {}
        self._settled = {name: self._form.value(name) for name in self._links()}

    def follow(self, name: str) -> None:
        """React to an edit: ask what a link newly chosen brings along."""
        if not self._is_wanted or name not in self._links():
            return
        value = self._form.value(name)
        if value is None or self._settled.get(name) == value or not self._is_key(name, value):
            return
        self._settled[name] = value
        form, table = self._form, self._form.table
        values = {each: form.value(each) for each in form.fields}

        def fill(found: Filled) -> None:
            if form.value(name) == value:
                self._put(found)

        form.context.bridge.read(lambda s: filling.fill(s, table, name, values), fill, form, purpose=f"fill {name}")

    def _links(self) -> list[str]:
        return [name for name, bound in self._form.bound().items()
                if bound.field.kind in ("link", "either") or name in self._followed]  # fmt: skip

    def _is_key(self, name: str, value: Any) -> bool:
        """A link may still hold what somebody is typing."""
        if name in self._followed:
            return True
        if self._form.bound()[name].field.kind == "link":
            return isinstance(value, int)
        return isinstance(value, str) and value.partition(":")[2].isdigit()

    def _put(self, found: Filled) -> None:
        """Into fields that are empty or still hold what the program put there."""
        form = self._form
        is_new = form.ident is None
        for name, value in found.values.items():
            bound = form.bound().get(name)
            if bound is None or bound.locked:
                continue
            now = form.value(name)
            untouched = now is None or (is_new and now == bound.baseline) or now == self._filled.get(name, now is None)
            if (untouched or name in found.over) and now != value:
                self._settled[name] = value
                form.put(name, value, found.titles.get(name, ""))
                bound.seen = form.value(name)
                self._filled[name] = bound.seen
