"""Deshacer and Rehacer for all windows: what is large is taken back beside the main lane, so that lists go on."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject
from shiboken6 import isValid

from oficrm import undo
from oficrm.errors import Refused
from oficrm.jobs import Done
from ui.bridge import Bridge, Failed
from ui.context import Context

LARGE = 2_000
"""Changes from which an operation is taken back beside the main lane."""
WAIT = "Todavía se está deshaciendo una operación grande. Espere a que termine."
Find = Callable[[Any], int]
"""A job that returns the operation to be undone."""
_under_way: WeakSet[Bridge] = WeakSet()
"""Where a large one is being undone: another would keep the main lane waiting for it."""


def take_back(
    context: Context, find: Find, then: Callable[[Done[str]], None], owner: QObject, failed: Failed
) -> None:  # fmt: skip
    """Undo what ``find`` names; ``then`` gets the sentence. Its size decides where that runs.

    What is small is found and undone in one turn on the main lane, in the order of the other writes. While something
    large is under way nothing else is undone. A sentence whose window is gone becomes a notice.
    """
    bridge = context.bridge
    if bridge in _under_way:
        failed(Refused(WAIT))
        return

    def at_once(session: Any) -> str | int:
        ident = find(session)
        return ident if undo.size(session, ident) >= LARGE else undo.undo(session, ident)

    def follow(done: Done[Any]) -> None:
        if isinstance(done.value, str):
            then(done)
        elif bridge in _under_way:  # asked twice before the first was looked at
            failed(Refused(WAIT))
        else:
            _slowly(context, done.value, then, owner, failed)

    bridge.write(at_once, follow, owner, failed=failed)


def _slowly(
    context: Context, ident: int, then: Callable[[Done[str]], None], owner: QObject, failed: Failed
) -> None:  # fmt: skip
    bridge = context.bridge
    _under_way.add(bridge)

    def finished(done: Done[str]) -> None:
        _under_way.discard(bridge)
        if isValid(owner):
            then(done)
        else:
            context.notices.show(done.value, done.changes.operation_id)

    def stumbled(error: Exception) -> None:
        _under_way.discard(bridge)
        if isValid(owner):
            failed(error)
        elif isinstance(error, Refused):
            context.notices.show(str(error))
        else:
            bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    bridge.write(lambda session: undo.undo(session, ident), finished, bridge, failed=stumbled, slow=True)
