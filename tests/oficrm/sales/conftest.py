"""The trading house on both engines, and on the quicker one alone."""

from collections.abc import Iterator

import pytest

from tests.support.trade import Trade, open_trade


@pytest.fixture
def trade(started_url: str) -> Iterator[Trade]:
    """The trading house, on each engine in turn."""
    with open_trade(started_url) as made:
        yield made


@pytest.fixture
def house(started_sqlite_url: str) -> Iterator[Trade]:
    """The trading house, on SQLite: for what does not depend on the engine."""
    with open_trade(started_sqlite_url) as made:
        yield made
