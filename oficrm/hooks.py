"""Where a module's own business joins the generic ways: defaults, before and after saving, what saving says.

Most modules need nothing here; their declaration is enough. ``oficrm.joined`` knows which modules do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from oficrm.drafts import Draft, Saved
from oficrm.errors import Collected


def _nothing(*_: Any) -> None:
    return None


def _as_is(_session: Session, _record: Any, _draft: Draft, saved: Saved) -> Saved:
    return saved


@dataclass(frozen=True, slots=True)
class Hooks:
    """The places where a module may take part.

    ``check`` adds problems that need the database; ``before`` fills values (numbers, totals) once all is checked;
    ``after`` writes what follows in other records; ``outcome`` completes what the form is told.
    """

    check: Callable[[Session, Any, Draft, Collected], None] = _nothing
    before: Callable[[Session, Any, Draft], None] = _nothing
    after: Callable[[Session, Any, Draft], None] = _nothing
    outcome: Callable[[Session, Any, Draft, Saved], Saved] = _as_is
