"""Support is tested on a small firm whose clock the test sets."""

from collections.abc import Iterator

import pytest

from tests.support.helpdesk import Helpdesk, open_helpdesk


@pytest.fixture
def desk(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpdesk]:
    """On both engines."""
    with open_helpdesk(started_url, monkeypatch) as opened:
        yield opened


@pytest.fixture
def one(started_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpdesk]:
    """On one engine, for what the database has no part in."""
    with open_helpdesk(started_sqlite_url, monkeypatch) as opened:
        yield opened
