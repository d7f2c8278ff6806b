"""The states of a record: which may follow which, by what verb, and what may still be changed in each.

Declared beside the columns of a module (``flow = Flow("status", ...)``); ``oficrm.flows`` checks and runs it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """How a change of state is asked for: the words of the action, its icon, and what is asked before, if anything."""

    text: str
    icon: str = "next"
    question: str = ""


@dataclass(frozen=True, init=False)
class Flow:
    """The life of a record.

    ``field`` names the choice that holds the state; ``steps`` the states that may follow each (space separated keys);
    ``verbs`` the action that leads to a state, for those that the user may ask for as such. In a state of ``closed``
    nothing may be changed any more but the fields of ``free``; its text says what to do instead.
    """

    field: str
    steps: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, Verb]
    closed: Mapping[str, str]
    free: tuple[str, ...]

    def __init__(
        self,
        field: str,
        steps: Mapping[str, str],
        verbs: Mapping[str, Verb] | None = None,
        closed: Mapping[str, str] | None = None,
        free: str | Sequence[str] = "",
    ) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "steps", {str(key): tuple(value.split()) for key, value in steps.items()})
        object.__setattr__(self, "verbs", {str(key): verb for key, verb in (verbs or {}).items()})
        object.__setattr__(self, "closed", {str(key): text for key, text in (closed or {}).items()})
        object.__setattr__(self, "free", tuple(free.split()) if isinstance(free, str) else tuple(free))

    def after(self, state: str | None) -> tuple[str, ...]:
        """Return the states that may follow one."""
        return self.steps.get(str(state), ())
