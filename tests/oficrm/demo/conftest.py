"""Example companies, built once a run and copied: building one takes seconds."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from db.engine import WRITES, open_engine
from db.history import Actor
from db.migrate import upgrade
from oficrm.demo.build import build

TODAY = dt.date(2026, 11, 20)
COUNT = 250
"""Contacts of an example."""


def open_session(url: str) -> Session:
    """A writing session of ana's."""
    return Session(open_engine(url, pooled=False).execution_options(**{WRITES: True}), info={"actor": Actor("ana")})


def build_at(url: str, country: str = "ES", count: int = COUNT) -> None:
    """Build an example into an empty database."""
    with open_session(url) as session:
        build(session, count, country, today=TODAY)
        session.commit()


Example = Callable[[str], str]


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """Return the URL of a copy of the example of a country."""
    folder = tmp_path_factory.mktemp("examples")
    made: dict[str, Path] = {}

    def copy(country: str) -> str:
        if country not in made:
            path = folder / f"{country}.db"
            upgrade(f"sqlite:///{path}")
            build_at(f"sqlite:///{path}", country)
            made[country] = path
        to = tmp_path_factory.mktemp("example") / "example.db"
        for part in folder.glob(f"{country}.db*"):
            shutil.copy(part, to.with_name(part.name.replace(f"{country}.db", to.name)))
        return f"sqlite:///{to}"

    return copy
