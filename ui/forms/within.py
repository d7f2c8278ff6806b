"""Fields that follow another: the person belongs to the client, so a new client empties it, and it names its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oficrm import related
from ui.forms.links import unpack

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm


def follow(form: DraftForm, name: str) -> None:
    """React to a change of a link: empty what hangs on it, or fill what it hangs on."""
    bound = form.bound()[name]
    value = form.value(name)
    if isinstance(value, str) and bound.field.kind == "link":
        return  # still being typed
    hanging = [each for each, other in form.bound().items() if other.field.within == name]
    if hanging and value != bound.seen:
        before, bound.seen = bound.seen, value
        if before is not None and value is not None:
            for each in hanging:
                if form.value(each) is not None:
                    form.put(each, None)
    outer = bound.field.within
    if outer and outer in form.bound() and isinstance(value, int) and form.value(outer) is None:
        _fill_outer(form, name, outer, value)


def _fill_outer(form: DraftForm, name: str, outer: str, value: int) -> None:
    table, ident = unpack(form.bound()[name].field, value)

    def fill(found: tuple[int, str] | None) -> None:
        if found is not None and form.value(outer) is None and form.value(name) == value:
            form.bound()[outer].seen = found[0]
            form.put(outer, *found)

    form.context.bridge.read(lambda s: related.link_of(s, table, ident, outer), fill, form, purpose=f"within {name}")
