"""Fixtures that give a test a database of its own, on SQLite, on PostgreSQL, or on both in turn.

    def test_x(engine_url):     runs twice, on a migrated database of each engine
    def test_x(sqlite_url):     runs on a migrated SQLite file
    def test_x(postgres_url):   runs on a migrated PostgreSQL database
    def test_x(started_url):    runs twice, after the first start of a Spanish company, by ana
    def test_x(office_url):     runs on SQLite, over the small office of ``tests.support.office``
    def test_x(empty_url):      runs twice, on a database without any table

Migrating and filling take a while, so they are done once a session and each test gets a copy.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Keeper, NoPostgres, Server, find_binaries

REQUIRE = "OFICRM_REQUIRE_POSTGRES"  # set in CI: without a server the tests fail there instead of being skipped
_keeper = pytest.StashKey[Keeper]()


def is_required() -> bool:
    """Whether a missing server is a failure."""
    return os.environ.get(REQUIRE, "") not in ("", "0")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say once, at the top, when the PostgreSQL half will not run."""
    if hasattr(config, "workerinput"):
        return None
    try:
        return f"postgresql: {find_binaries()}"
    except NoPostgres as reason:
        return f"postgresql: half of the database tests is skipped: {reason}"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Under xdist: the controller owns the server and tells each worker where it is."""
    try:
        node.workerinput["postgres_folder"] = str(_keep(node.config).folder)
    except NoPostgres as reason:
        node.workerinput["postgres_missing"] = str(reason)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server this process started, however the run ended."""
    keeper = config.stash.get(_keeper, None)
    if keeper is not None:
        keeper.close()


def _keep(config: pytest.Config) -> Keeper:
    if _keeper not in config.stash:
        config.stash[_keeper] = Keeper()
    return config.stash[_keeper]


def _server_folder(config: pytest.Config) -> Path:
    told = getattr(config, "workerinput", None)
    if told is None:
        return _keep(config).folder
    if "postgres_missing" in told:
        raise NoPostgres(told["postgres_missing"])
    return Path(told["postgres_folder"])


@pytest.fixture(scope="session")
def _postgres_or_reason(pytestconfig: pytest.Config) -> Iterator[Server | str]:
    """The server, or why there is none: asked once, so that a hopeless start is not tried for every test."""
    try:
        server = Server(_server_folder(pytestconfig))
    except NoPostgres as reason:
        yield str(reason)
        return
    yield server
    server.close()


@pytest.fixture
def postgres_server(_postgres_or_reason: Server | str) -> Server:
    """The private server of this run; skips the test when there is none, or fails it in CI."""
    if isinstance(_postgres_or_reason, Server):
        return _postgres_or_reason
    if is_required():
        pytest.fail(_postgres_or_reason, pytrace=False)
    pytest.skip(_postgres_or_reason)


@pytest.fixture
def empty_postgres_url(postgres_server: Server) -> Iterator[str]:
    """URL of a PostgreSQL database without any table."""
    with postgres_server.database() as url:
        yield url


# What databases are made from: each stage stands on the one before


def _migrate(url: str) -> None:
    from db.migrate import upgrade

    upgrade(url)


def _start(url: str) -> None:
    from oficrm import start
    from tests.support.office import COMPANY, open_jobs

    with open_jobs(url) as jobs:
        jobs.write(lambda session: start.begin(session, "ES", COMPANY)).result()


def _fill(url: str) -> None:
    from tests.support.office import fill, open_jobs

    with open_jobs(url) as jobs:
        jobs.write(fill).result()


MIGRATED, STARTED, OFFICE = "migrated", "started", "office"
_STAGES: dict[str, tuple[str, Callable[[str], None]]] = {
    MIGRATED: ("", _migrate),
    STARTED: (MIGRATED, _start),
    OFFICE: (STARTED, _fill),
}


def _postgres_template(server: Server, stage: str) -> str:
    base, build = _STAGES[stage]
    under = _postgres_template(server, base) if base else "template1"
    name = f"oficrm_{stage}"
    server.ensure_template(name, under, build)
    return name


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """URL of a migrated PostgreSQL database, this test's own."""
    with postgres_server.database(_postgres_template(postgres_server, MIGRATED)) as url:
        yield url


@pytest.fixture
def started_postgres_url(postgres_server: Server) -> Iterator[str]:
    """URL of a PostgreSQL database after the first start, this test's own."""
    with postgres_server.database(_postgres_template(postgres_server, STARTED)) as url:
        yield url


class SqliteFiles:
    """The templates of this worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy(self, stage: str, to: Path) -> str:
        """Copy a stage; return the URL of the copy."""
        template = self._made(stage)
        for part in template.parent.glob(template.name + "*"):  # a write-ahead log is part of the file
            shutil.copy(part, to.with_name(part.name.replace(template.name, to.name)))
        return f"sqlite:///{to}"

    def _made(self, stage: str) -> Path:
        path = self._folder / f"{stage}.db"
        if not path.exists():
            base, build = _STAGES[stage]
            unfinished = self._folder / f"unfinished-{stage}.db"
            build(self.copy(base, unfinished) if base else f"sqlite:///{unfinished}")
            for part in list(self._folder.glob(unfinished.name + "*")):
                part.rename(part.with_name(part.name.replace(unfinished.name, path.name)))
        return path


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_files: SqliteFiles) -> str:
    """URL of a migrated SQLite file, this test's own."""
    return sqlite_files.copy(MIGRATED, tmp_path / "oficrm.db")


@pytest.fixture
def started_sqlite_url(tmp_path: Path, sqlite_files: SqliteFiles) -> str:
    """URL of a SQLite file after the first start, this test's own."""
    return sqlite_files.copy(STARTED, tmp_path / "oficrm.db")


@pytest.fixture
def office_url(tmp_path: Path, sqlite_files: SqliteFiles) -> str:
    """URL of a SQLite file with the small office, this test's own."""
    return sqlite_files.copy(OFFICE, tmp_path / "oficrm.db")


ENGINES = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database, of SQLite and of PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=ENGINES)
def started_url(request: pytest.FixtureRequest) -> str:
    """URL of a database after the first start, of SQLite and of PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"started_{request.param}_url")
    return url


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database, of SQLite and of PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url
