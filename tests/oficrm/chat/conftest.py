"""A chat server on this computer, an office that follows it, and a keyring of its own."""

from collections.abc import Iterator

import pytest

from oficrm.chat import tokens
from oficrm.jobs import Jobs
from tests.support.keyring import MemoryKeyring, using
from tests.support.office import fill, open_jobs
from tests.support.rocket import Rocket, serving


@pytest.fixture(autouse=True)
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tokens, "_for_now", {})
    with using(MemoryKeyring()) as made:
        yield made


@pytest.fixture
def rocket() -> Iterator[Rocket]:
    with serving() as made:
        yield made


@pytest.fixture
def jobs(started_url: str) -> Iterator[Jobs]:
    with open_jobs(started_url) as made:
        made.write(lambda s: fill(s, 0)).result()
        yield made
