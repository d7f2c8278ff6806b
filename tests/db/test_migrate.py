"""Databases are made, found up to date, and brought from every schema ever released to that of today."""

import datetime as dt
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from db import migrate
from db.engine import open_engine
from db.migrate import head_revision, known_revisions, sqlite_path, upgrade
from db.record import Base
from db.registry import modules

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


@pytest.fixture(autouse=True, scope="module")
def _all_models():
    """What the metadata are compared with: every module's table."""
    modules()


@pytest.fixture
def engine(empty_url):
    upgrade(empty_url)
    made = open_engine(empty_url, pooled=False)
    yield made
    made.dispose()


def test_a_fresh_database_is_at_head_and_as_the_models_say(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": lambda *_: None})
        assert context.get_current_revision() == head_revision()
        assert compare_metadata(context, Base.metadata) == []


def test_every_column_has_the_type_the_models_say(engine):
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        stored = {column["name"]: column for column in found.get_columns(table.name)}
        for column in table.columns:
            wanted = column.type.compile(engine.dialect).split(" COLLATE")[0]
            assert stored[column.name]["type"].compile(engine.dialect).split(" COLLATE")[0] == wanted, column
            assert stored[column.name]["nullable"] == column.nullable, column


def test_bringing_up_to_date_twice_changes_nothing(engine, empty_url):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO counter (series, value) VALUES ('X', 7)"))
    upgrade(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 7


def test_the_steps_are_those_alembic_finds_and_lead_to_one_head():
    found = ScriptDirectory(str(migrate.MIGRATIONS))
    assert found.get_heads() == [head_revision()]
    assert {step.revision for step in found.walk_revisions()} == known_revisions()


def test_alembic_is_not_loaded_when_there_is_nothing_to_do(sqlite_url):
    code = "import sys, db.migrate as m; m.upgrade(sys.argv[1]); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, sqlite_url], capture_output=True, text=True, check=True,
                          cwd=FIXTURES.parents[1])  # fmt: skip
    assert done.stdout.strip() == "False"


def test_the_file_of_a_path_or_url():
    assert sqlite_path("/tmp/x.sqlite") == Path("/tmp/x.sqlite")
    assert sqlite_path("sqlite:////tmp/x.sqlite") == Path("/tmp/x.sqlite")
    assert sqlite_path("postgresql://server/base") is None


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A file of ours, and a program that knows one step more: run by `step(connection)`."""
    path = tmp_path / "oficrm.sqlite"
    upgrade(path)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO counter (series, value) VALUES ('X', 7)")
    connection.commit()
    connection.close()
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)

    def know(body):
        step = f'from alembic import op\nrevision = "9000"\ndown_revision = "{_last(folder)}"\n\n\ndef upgrade():\n'
        (folder / "versions" / "9000_next.py").write_text(step + f"    {body}\n", "utf-8")
        return path

    return know


def _last(folder):
    return sorted(path.name for path in (folder / "versions").glob("*.py"))[-1][:4]


def _copies(path):
    return sorted(path.parent.glob("*.antes-de-actualizar-*"))


def _value(path, statement):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchone()
    finally:
        connection.close()


def test_a_copy_is_taken_before_a_step(older):
    path = older('op.execute("UPDATE counter SET value = 8")')
    upgrade(path)
    assert _value(path, "SELECT value, version_num FROM counter, alembic_version") == (8, "9000")
    [copy] = _copies(path)
    assert _value(copy, "SELECT value FROM counter") == (7,)
    upgrade(path)
    assert _copies(path) == [copy]


def test_a_step_that_fails_leaves_the_old_schema(older):
    path = older('op.execute("ALTER TABLE counter ADD COLUMN more TEXT"); raise RuntimeError("cut off")')
    with pytest.raises(RuntimeError, match="cut off"):
        upgrade(path)
    assert _value(path, "SELECT version_num FROM alembic_version") != ("9000",)
    assert _value(path, "SELECT count(*) FROM pragma_table_info('counter')") == (2,)


def test_a_step_that_breaks_references_leaves_the_old_schema(older):
    path = older("""op.execute("INSERT INTO interest SELECT * FROM interest"); op.execute(
        "INSERT INTO operation (id, at, user_name, label, kind, undoes_id) VALUES (1, '', '', '', '', 99)")""")
    with pytest.raises(RuntimeError, match="breaks references"):
        upgrade(path)
    assert _value(path, "SELECT count(*) FROM operation") == (0,)


def test_a_step_that_builds_a_table_anew_keeps_what_hangs_on_it(older):
    path = older("""
    op.execute("INSERT INTO operation (id, at, user_name, label, kind) VALUES (1, '', '', '', '')")
    op.execute("INSERT INTO change (operation_id, table_name, record_id, action, field) VALUES (1, '', 1, '', '')")
    with op.batch_alter_table("operation", recreate="always") as batch:
        batch.alter_column("label", nullable=True)
    """)
    upgrade(path)
    assert _value(path, "SELECT count(*) FROM change") == (1,)


def test_only_the_newest_copies_are_kept(older, monkeypatch):
    path = older("pass")
    for number in range(8):
        path.with_name(f"oficrm.antes-de-actualizar-2020010{number}-000000.sqlite").touch()
    upgrade(path)
    assert len(_copies(path)) == migrate.KEPT_COPIES
    assert _copies(path)[-1].stem.split("-")[-2] >= f"{dt.datetime.now(dt.UTC):%Y}"


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("schema_*.sqlite")), ids=lambda path: path.stem)
def test_a_database_of_every_released_schema_is_brought_up_to_date(path, tmp_path):
    """The files are made by tests/fixtures/make_schema.py when a schema is released, and never again."""
    mine = tmp_path / path.name
    shutil.copy(path, mine)
    tables = {name: _rows(mine, name) for name in _tables(mine) if name != "alembic_version"}
    upgrade(mine)
    engine = open_engine(mine, pooled=False)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == head_revision()
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    assert tables["contact"] > 0
    assert _rows(mine, "counter") >= tables.pop("counter")  # categories and users got numbers
    assert {name: _rows(mine, name) for name in tables} == tables


def test_contacts_keep_what_they_hold_when_mails_come(tmp_path):
    """Contacts get a column in place, without being written anew; taking the step back leaves them as they were."""
    mine = tmp_path / "mine.sqlite"
    shutil.copy(FIXTURES / "schema_0001.sqlite", mine)
    before = _contacts(mine)
    columns = len(before[0])
    upgrade(mine)
    after = _contacts(mine)
    assert [row[:columns] for row in after] == before
    assert {row[columns:] for row in after} == {(None,)}
    _step(mine, "downgrade", "0001")
    assert _contacts(mine) == before
    assert "document" not in _tables(mine)
    upgrade(mine)
    assert _contacts(mine) == after


def test_the_step_back_and_forth_leaves_what_the_models_say(empty_url):
    upgrade(empty_url)
    _step(empty_url, "downgrade", "0001")
    _step(empty_url, "upgrade", "head")
    engine = open_engine(empty_url, pooled=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": lambda *_: None})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def _contacts(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM contact ORDER BY id").fetchall()
    connection.close()
    return rows


def _step(where, direction, revision):
    """Run one of Alembic's own commands, as somebody at a terminal would."""
    program = f"""
import sys
from alembic import command
from alembic.config import Config
from db import migrate
from db.engine import open_engine
config = Config()
config.set_main_option("script_location", str(migrate.MIGRATIONS))
engine = open_engine(sys.argv[1], pooled=False, foreign_keys=False)
with engine.begin() as connection:
    config.attributes["connection"] = connection
    command.{direction}(config, sys.argv[2])
engine.dispose()
"""
    done = subprocess.run([sys.executable, "-c", program, str(where), revision], capture_output=True, text=True,
                          check=False, cwd=FIXTURES.parents[1])  # fmt: skip
    assert done.returncode == 0, done.stderr


def _tables(path):
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    return names


def _rows(path, table):
    return _value(path, f'SELECT count(*) FROM "{table}"')[0]


def test_alembic_finds_nothing_to_write_from_the_command_line():
    command = [sys.executable, "-m", "alembic", "check"]
    done = subprocess.run(command, cwd=FIXTURES.parents[1], capture_output=True, text=True, check=False)
    assert (done.returncode, "No new upgrade operations" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_database_of_the_first_days_loses_the_column_nobody_fills(tmp_path):
    mine = tmp_path / "mine.sqlite"
    shutil.copy(FIXTURES / "schema_0001.sqlite", mine)
    connection = sqlite3.connect(mine)
    connection.execute("ALTER TABLE contact_type ADD COLUMN in_diary BOOLEAN NOT NULL DEFAULT 0")
    connection.commit()
    connection.close()
    upgrade(mine)
    connection = sqlite3.connect(mine)
    names = [row[1] for row in connection.execute("PRAGMA table_info(contact_type)")]
    connection.close()
    assert "is_email" in names
    assert "in_diary" not in names
