"""What the program works out for a form: the numbers it will give, and counters of what is around the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.fields import Field
from oficrm import records
from oficrm.drafts import Values

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm

Head = tuple[tuple[Field, Any], ...]


def show(form: DraftForm, numbers: dict[str, str]) -> None:
    """Show the numbers that the record would get, by field name."""
    for name, number in numbers.items():
        line = getattr(form.editor(name), "line", None) if name in form.bound() else None
        if line is not None:
            line.setPlaceholderText(number)


def follow(form: DraftForm, name: str) -> None:
    """React to a change of a field: the series follows Estado and delegación; an emptied code gets the next number."""
    given = [each for each, bound in form.bound().items() if bound.field.default == "@number"]
    asked = form.fields[name].kind in ("choice", "link") and form.ident is None
    if not given or not (asked or (name in given and not form.value(name))):
        return
    plain = {each: form.value(each) for each, field in form.fields.items() if field.kind in ("choice", "link")}
    plain = {each: value for each, value in plain.items()
             if not (form.fields[each].kind == "link" and isinstance(value, str))}  # fmt: skip

    def take(numbers: dict[str, str]) -> None:
        if form.content is not None:
            form.content.proposed = numbers
            show(form, numbers)
            form.renumbered.emit()

    model = form.model
    form.context.bridge.read(lambda s: records.proposed_numbers(s, model, plain), take, form, purpose="numbers")


def recount(form: DraftForm) -> None:
    """Counters and head follow what happens around the record, whatever is being written in the form."""
    ident, model = form.ident, form.model
    names = [name for name, field in form.fields.items() if not field.is_stored]

    def show_counts(found: tuple[Values, Head]) -> None:
        values, head = found
        if form.content is not None:
            form.content.draft.values |= {name: values.get(name) for name in names}
            form.content.head = head
        for name in names:
            if bound := form.bound().get(name):
                bound.editor.set_value(values.get(name))
                bound.baseline = bound.seen = bound.editor.value()
        form.renumbered.emit()

    def count(session: Any) -> tuple[Values, Head]:
        assert ident is not None
        return records.worked_out(session, model, ident), records.head_of(session, model, ident)

    if (names or model.screens.head) and ident is not None:
        form.context.bridge.read(count, show_counts, form, purpose="count")
