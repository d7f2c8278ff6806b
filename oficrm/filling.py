"""What the other fields of a form take over when a link is chosen: the client of a person, the prices of a client."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from db.record import Record
from db.registry import module
from oficrm.drafts import Draft, Values
from oficrm.hooks import Hooks
from oficrm.joined import hooks


@dataclass(frozen=True, slots=True)
class Over:
    """A value that a chosen link puts even over what is there, such as the copy of an address."""

    value: Any


@dataclass(slots=True)
class Filled:
    """Values by field name, the texts of the links among them, and which go over what is there."""

    values: Values = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    over: frozenset[str] = frozenset()


def brought(session: Session, model: type[Record], name: str, values: Values) -> Values:
    """Return what the fields of a module take once its link ``name`` holds what ``values`` say; some as ``Over``."""
    return hooks(model).fill(session, name, values)


def plain(values: Values) -> Values:
    """Return values without saying whether they go over others."""
    return {name: value.value if isinstance(value, Over) else value for name, value in values.items()}


def start(session: Session, model: type[Record], draft: Draft) -> None:
    """Complete a new record with what its module begins it with beyond defaults, such as lines of another document."""
    hooks(model).start(session, draft)


def fill(session: Session, table: str, name: str, values: Values) -> Filled:
    """Return what a form puts into its fields after ``name`` was chosen, ready to be shown."""
    from oficrm import records

    model = module(table)
    made = {other: value for other, value in brought(session, model, name, values).items() if other in model.fields}
    over = frozenset(other for other, value in made.items() if isinstance(value, Over))
    found = plain(made)
    return Filled(found, records.link_titles(session, [model.fields[other] for other in found], found), over)


def fills(table: str) -> bool:
    """Return whether choosing a link in a form of this module may fill other fields."""
    return hooks(module(table)).fill is not Hooks().fill


def followed(table: str) -> tuple[str, ...]:
    """Return the fields of this module, other than links, whose change may fill others: a date, a currency."""
    return hooks(module(table)).follows
