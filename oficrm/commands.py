"""What can be done with the records of a module beyond what all have: verbs of its flow, documents made from it.

The same commands stand in the row menu of the list, in the actions menu of the record and in the related tabs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from db.history import operation
from db.record import Record
from db.registry import module
from oficrm import commanded, records
from oficrm.drafts import Draft, Loaded, Saved
from oficrm.errors import Refused, ValidationError

if TYPE_CHECKING:
    from oficrm.linking import Selection

ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: the sentence of the notice, the record to open (table and id), to whom mail is written."""

    sentence: str
    open: tuple[str, int] | None = None
    write_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do with records of a module.

    ``run(session, ids, accepted)`` writes, as one operation; it may raise Refused or NeedsConfirmation, whose code
    comes back among ``accepted``. ``blank(session, id)`` returns a new record of another module, filled in, for the
    user to look over and accept. ``select()`` says what is to be chosen and linked to the records. One of the three is
    given. ``states`` are those of the module's flow in which it makes sense (all when empty); ``many`` tells whether
    several rows may be chosen.
    """

    name: str
    text: str
    icon: str
    run: Callable[[Session, Sequence[int], frozenset[str]], Outcome] | None = None
    blank: Callable[[Session, int], Loaded] | None = None
    select: Callable[[], Selection] | None = None
    states: frozenset[str] = ANY
    many: bool = False
    key: str = ""
    question: str = ""


@cache
def commands(table: str) -> tuple[Command, ...]:
    """Return the commands of a module: those of its flow, then its own."""
    return (*_verbs(module(table)), *commanded.own(table))


def _verbs(model: type[Record]) -> tuple[Command, ...]:
    flow = model.flow
    if flow is None:
        return ()
    made = []
    for state, verb in flow.verbs.items():
        before = frozenset(key for key, after in flow.steps.items() if state in after)
        run = partial(_advance, model.module.table, state)
        made.append(Command(f"to_{state}", verb.text, verb.icon, run, states=before, many=True, question=verb.question))
    return tuple(made)


def _advance(table: str, state: str, session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    return Outcome(advance(session, table, ids, state, accepted))


def advance(
    session: Session, table: str, ids: Sequence[int], state: str, accepted: frozenset[str] = frozenset()
) -> str:  # fmt: skip
    """Bring records into a state, all or none, as one operation; return the sentence for the notice.

    It goes through the same saving as the form, so whatever a state brings about happens either way. Raises Refused
    with what is wrong, or what saving raises (NeedsConfirmation, Conflict).
    """
    model = module(table)
    flow = model.flow
    assert flow is not None
    verb = flow.verbs[state].text.rstrip("…")
    with operation(session, verb) as done:
        titles, remarks = [], []
        for ident in ids:
            draft = records.load(session, table, ident).draft
            draft.values[flow.field] = state
            draft.accepted = accepted
            saved = save(session, draft)
            titles.append(saved.title)
            remarks.append(saved.message)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} {model.module.several}"
        done.label = f"{verb}: {what}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return " ".join([f"{verb}: {what}.", *filter(None, dict.fromkeys(remarks))])


def save(session: Session, draft: Draft) -> Saved:
    """Save a draft that the program filled in itself: what is wrong comes as one sentence, for there is no form.

    Raises Refused, and what else saving raises.
    """
    from oficrm import saving  # which knows the business of all modules, and these have commands

    try:
        return saving.save(session, draft)
    except ValidationError as error:
        model = module(draft.table)
        fields = model.fields
        parts = [f"{fields[name].label}: {texts[0]}" if name in fields else texts[0]
                 for name, texts in error.errors.items()]  # fmt: skip
        session.expunge_all()
        title = records.get(session, model, draft.id).title if draft.id is not None else model.module.label
        raise Refused(f"{title}: {' '.join(parts)}") from error
