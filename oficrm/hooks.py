"""Where a module's own business joins the generic ways: defaults, before and after saving, what saving says.

Most modules need nothing here; their declaration is enough. ``oficrm.joined`` knows which modules do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db.record import Problem
from oficrm.drafts import Draft, Saved, Values
from oficrm.errors import Collected


def _nothing(*_: Any) -> None:
    return None


def _sound(_session: Session, _record: Any) -> Iterator[Problem]:
    yield from ()


def _fills_nothing(_session: Session, _name: str, _values: Values) -> Values:
    return {}


def _begins_plain(_session: Session, _draft: Draft) -> None:
    return None


def _as_is(_session: Session, _record: Any, _draft: Draft, saved: Saved) -> Saved:
    return saved


@dataclass(frozen=True, slots=True)
class Hooks:
    """The places where a module may take part.

    ``fill`` gives the values that other fields of a form take once a link of it, or one of the fields that ``follows``
    names, was chosen; ``start`` completes a new record (the lines of the document it is made from); ``check`` adds
    problems that need the database; ``before`` fills values (numbers, totals) once all is checked; ``after`` writes
    what follows in other records; ``outcome`` completes what the form is told. ``sound`` yields the rules over several
    records that must hold after any write, undoing and restoring included. ``leaving`` says why a record may not go to
    the trash. ``copied`` completes a duplicate of a record, by its id. ``series`` tells the series that numbers a
    record by its values, where Parámetros name more than one.
    """

    fill: Callable[[Session, str, Values], Values] = _fills_nothing
    follows: tuple[str, ...] = ()
    start: Callable[[Session, Draft], None] = _begins_plain
    check: Callable[[Session, Any, Draft, Collected], None] = _nothing
    before: Callable[[Session, Any, Draft], None] = _nothing
    after: Callable[[Session, Any, Draft], None] = _nothing
    outcome: Callable[[Session, Any, Draft, Saved], Saved] = _as_is
    sound: Callable[[Session, Any], Iterator[Problem]] = _sound
    leaving: Callable[[Session, Any], str | None] = _nothing
    copied: Callable[[Session, int, Draft], None] = _nothing
    series: Callable[[Session, Values], str] | None = None
