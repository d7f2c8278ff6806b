"""The examples of the manual are filled in by the program, and the filters it names are there."""

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from oficrm.papers.filling import fill
from oficrm.papers.sandbox import PaperEnvironment
from oficrm.papers.sources import gather

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "manual" / "17-plantillas.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```html\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_its_examples_can_be_printed(sqlite_url: str, example: str) -> None:
    from db.engine import open_engine

    engine = open_engine(sqlite_url)
    with Session(engine) as session:
        made = fill(example, gather(session, "quote", None))
    engine.dispose()
    assert "{" not in made


def test_its_filters_are_known() -> None:
    table = PAGE.partition("| Filtro |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)(?:\([^`]*\))?`", table)
    assert len(named) > 15
    assert set(named) <= set(PaperEnvironment().filters)
