"""What the program works out for a form: the numbers it will give, and counters of what is around the record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from oficrm import records
from oficrm.drafts import Values

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm


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
    """Counters follow what happens around the record, whatever is being written in the form."""
    ident, model = form.ident, form.model
    names = [name for name, field in form.fields.items() if not field.is_stored]

    def show_counts(values: Values) -> None:
        if form.content is not None:
            form.content.draft.values |= {name: values.get(name) for name in names}
        for name in names:
            if bound := form.bound().get(name):
                bound.editor.set_value(values.get(name))
                bound.baseline = bound.seen = bound.editor.value()
        form.renumbered.emit()

    if names and ident is not None:
        job = partial(records.worked_out, model=model, ident=ident)
        form.context.bridge.read(job, show_counts, form, purpose="count")
