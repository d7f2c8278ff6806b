"""Readers of documents for tests: real ones, and such as run a script in their place."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oficrm.files.apart import Readers

WAIT = 20.0
PRELUDE = """
import json, os, sys, time
from oficrm.files.apart_worker import HEAD, READY, SHEET
from oficrm.files.frames import receive, send
source, target = sys.stdin.buffer, sys.stdout.buffer
def take():
    request = receive(source, 10_000)
    while receive(source, 1_000_000):
        pass
    return json.loads(request)
def say(*parts):
    for part in parts:
        send(target, part)
    target.flush()
def head(request):
    return HEAD.pack(request["want"].encode(), request["serial"])
"""
Make = Callable[..., Readers]
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


def never() -> bool:
    """Nobody cancels."""
    return False


@pytest.fixture
def make() -> Iterator[Make]:
    """Readers of the test's own; with a script, of processes that run it instead."""
    made: list[Readers] = []

    def readers(script: str = "", **more: float) -> Readers:
        command = {"command": (sys.executable, "-c", PRELUDE + script)} if script else {}
        made.append(Readers(**command, **more))  # type: ignore[arg-type]
        return made[-1]

    yield readers
    for each in made:
        each.close()


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and that nobody has fetched does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition: Callable[[], bool]) -> None:
    """Wait for what has no signal to give."""
    end, pause = time.monotonic() + WAIT, threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.01)
