"""What a mail says and what the contact form says, put side by side: what is filled, what differs, what goes again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from db.models.contact import MadeBy
from oficrm import clock
from oficrm.drafts import Values
from oficrm.rules import dates
from ui.forms.draft_form import DraftForm

if TYPE_CHECKING:
    from oficrm.mail.assuming import Proposal

ORDER = ("client", "person", "date", "time", "made_by")
"""The client before the person, whom it would empty; the day before the hour, which belongs to it."""
WITH = {"person": "client", "time": "date"}
"""A person of another client, and the hour of another day, come together with it or not at all."""
CHOSEN = frozenset({"client", "person"})
"""Nothing proposes them: whatever stands in them was meant."""


def fill(form: DraftForm, proposal: Proposal) -> tuple[Values, list[str]]:
    """Take over what a mail says. Return the values taken, and the fields in which the form says something else.

    What was written by hand stays; notes stay too, with the text of the mail behind them.
    """
    taken: Values = {}
    differing: list[str] = []
    for name in ORDER:
        said, here = proposal.values.get(name), form.value(name)
        if said is None or said == here:
            continue
        if WITH.get(name) in differing:
            continue
        if _by_hand(form, name, here):
            differing.append(name)
        else:
            form.put(name, said, proposal.titles.get(name, ""))
            taken[name] = said
    text = proposal.values.get("notes")
    if text:
        form.put("notes", join(form.value("notes"), text))
        taken["notes"] = text
    return taken, differing


def _by_hand(form: DraftForm, name: str, here: Any) -> bool:
    return here is not None and (form.ident is not None or name in form.touched() or name in CHOSEN)


def use(form: DraftForm, proposal: Proposal, names: list[str]) -> Values:
    """Let the mail have the last word in these fields after all; return the values taken."""
    wanted = {*names, *(name for name, other in WITH.items() if other in names)}
    taken: Values = {}
    for name in ORDER:
        said = proposal.values.get(name)
        if name in wanted and said is not None:
            form.put(name, said, proposal.titles.get(name, ""))
            taken[name] = said
    return taken


def clear(form: DraftForm, taken: Values) -> None:
    """Empty the fields that still hold exactly what was taken over; what was written since stays.

    Day, hour and who called go back to what the form began with: they are never empty by intention.
    """
    for name in reversed(ORDER):
        if name in taken and form.value(name) == taken[name]:
            form.put(name, None if name in CHOSEN else form.bound()[name].baseline)
    if "notes" in taken:
        form.put("notes", without(form.value("notes"), taken["notes"]))


def join(notes: str | None, text: str) -> str:
    """Notes with a text behind them, after a blank line."""
    return f"{notes.rstrip()}\n\n{text}" if notes and notes.strip() else text


def without(notes: str | None, text: str) -> str | None:
    """Notes without a text that stands at their end, as it was put there."""
    if notes is None or not notes.endswith(text):
        return notes
    return notes.removesuffix(text).rstrip() or None


def describe(form: DraftForm, proposal: Proposal, names: list[str]) -> str:
    """What the mail says in these fields, in words: "Cliente «Hotel Azahar», Fecha «lun 3 nov»"."""
    return ", ".join(f"{form.fields[name].label} «{_words(proposal, name)}»" for name in names)


def _words(proposal: Proposal, name: str) -> str:
    value = proposal.values[name]
    match value:
        case dt.date():
            return dates.short_date(value, clock.today())
        case dt.time():
            return dates.short_time(value)
    if name == "made_by":
        return MadeBy(value).label
    return proposal.titles.get(name) or str(value)
