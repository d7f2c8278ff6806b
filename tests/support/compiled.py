"""Statements are compiled once a run, not once an engine, as a program that stays open does.

Each test opens a database of its own. With an engine of its own it would compile every statement anew, and the mappers
would keep all of it: a fifth of the time of a run, and gigabytes.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.util import LRUCache

MOST = 4000
_OWN = ("do_connect", "do_execute", "handle_error")
_shared: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}


def share() -> None:
    """Let all engines of this process share what they compile."""
    event.listen(Engine, "engine_connect", _take_shared)


def _take_shared(connection: Connection) -> None:
    """Statements are kept by dialect. The first of a kind that is connected, and knows its server, serves all."""
    engine = connection.engine
    if any(getattr(engine.dialect.dispatch, name) for name in _OWN):
        return  # somebody listens to this one
    dialect, cache = _shared.setdefault(type(engine.dialect), (engine.dialect, LRUCache(MOST)))
    engine.dialect = connection.dialect = dialect
    engine._compiled_cache = cache
