"""Several programs on one database at the same moment."""

import multiprocessing
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_S = 240


class _Start:
    """What a process waits for."""

    barrier: threading.Barrier


def at_once(work: Callable[..., T], arguments: Sequence[tuple[Any, ...]]) -> list[T]:
    """Call ``work`` in a process for each arguments, all from the same moment; return what each returned.

    ``work`` is a function of a module. Raises what it raises.
    """
    context = _context()
    with context.Pool(len(arguments), _begin, (context.Barrier(len(arguments)),)) as pool:
        calls = [pool.apply_async(_work, (work, each)) for each in arguments]
        return [call.get(PATIENCE_S) for call in calls]


def _begin(barrier: threading.Barrier) -> None:
    _Start.barrier = barrier


def _work(work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Each process waits here for the others, so none takes two of the calls."""
    _Start.barrier.wait(PATIENCE_S)
    return work(*arguments)


def _context() -> BaseContext:
    """Processes are forked from one that has loaded the program, and nothing else: no engine, thread or window."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.loaded"])
    return context
