"""Telling what ends from what would go on for hours. How fast things are is measured by the bench, not here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

ENOUGH_S = 30.0
"""Processor time of this process; what is tried with it takes a second at most, what it guards against never ends."""


@contextmanager
def ends_soon(seconds: float = ENOUGH_S) -> Iterator[None]:
    """Fail when the block took this much of the processor, whatever else the machine was doing."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds
