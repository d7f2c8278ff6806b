"""Which commands make sense for some records, from the states they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.registry import module
from oficrm.commands import Command, commands


def state_field(table: str) -> str:
    """Return the field that holds the state of a module's records, "" where they have none."""
    model = module(table)
    if model.flow is not None:
        return model.flow.field
    state = model.screens.state
    return state if state and model.fields[state].is_stored else ""


def fits(command: Command, states: Sequence[Any], count: int) -> bool:
    """Return whether a command can be offered for ``count`` records; a state of None is not known and stands in no way.

    ``states`` are those of the records as far as they are known.
    """
    if count < 1 or (count > 1 and not command.many):
        return False
    return not command.states or all(state is None or str(state) in command.states for state in states)


def offered(table: str, states: Sequence[Any], count: int) -> list[Command]:
    """Return the commands of a module that can be offered, in their order."""
    return [command for command in commands(table) if fits(command, states, count)]
