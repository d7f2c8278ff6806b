"""A till on each engine, on a fixed day."""

from collections.abc import Iterator

import pytest

from oficrm import clock
from tests.oficrm.finance.till import TODAY, Till, open_till


@pytest.fixture
def till(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_till(started_url) as made:
        yield made
