"""Every module named as having business of its own has it where it is said to be."""

import pytest

from db.registry import module
from oficrm import commanded, joined
from oficrm.commands import Command, commands
from oficrm.hooks import Hooks


@pytest.mark.parametrize("table", sorted(joined.PLACES))
def test_hooks_are_where_they_are_said_to_be(table: str) -> None:
    found = joined.hooks(module(table))
    assert isinstance(found, Hooks)
    assert found != Hooks()


@pytest.mark.parametrize("table", sorted(commanded.PLACES))
def test_commands_are_where_they_are_said_to_be(table: str) -> None:
    found = commanded.own(table)
    assert found
    assert all(isinstance(each, Command) for each in found)
    names = [each.name for each in commands(table)]
    assert len(set(names)) == len(names)
    for each in commands(table):
        assert sum(way is not None for way in (each.run, each.blank, each.select)) == 1, each.name
