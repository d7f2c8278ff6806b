"""The manual says what the program does: its tables are tried, its links lead somewhere."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from db.models.opportunity import STAGE_PROBABILITY, Stage
from db.models.quote import Quote, QuoteStatus
from oficrm.rules import dates, durations, money, numbers
from oficrm.rules.text import plain
from oficrm.rules.workdays import WorkCalendar
from tests.ci.conftest import load

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))


def rows(page, head):
    """The rows of the table whose head cells begin with `head`."""
    lines = (MANUAL / page).read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {head}"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def anchors(page):
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        if name.endswith(".png"):
            assert Path(name).stem in load("pictures").WANTED, target
            continue
        linked = (MANUAL / name) if name else page
        assert linked.is_file(), target
        assert not anchor or anchor in anchors(linked), target


def test_the_index_names_every_page():
    index = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []


@pytest.mark.parametrize(("typed", "shown"), rows("02-lista-de-contactos.md", "Se escribe"))
def test_words_of_dates(typed, shown):
    today = dt.date(2026, 11, 23)
    assert dates.long_date(today) in (MANUAL / "02-lista-de-contactos.md").read_text(encoding="utf-8")
    assert dates.short_date(dates.parse_date(typed, today, WorkCalendar("ES")), today) == shown


@pytest.mark.parametrize("label", dates.PERIODS.values())
def test_every_period_is_named(label):
    text = " ".join((MANUAL / "02-lista-de-contactos.md").read_text(encoding="utf-8").split())
    assert plain(label) in plain(text)


@pytest.mark.parametrize(("typed", "shown"), rows("03-un-contacto.md", "Duración que se escribe"))
def test_durations(typed, shown):
    assert durations.format_minutes(durations.parse_minutes(typed)) == shown


@pytest.mark.parametrize(("decimals", "base", "tax", "total"), rows("06-presupuestos.md", "Decimales importes"))
def test_two_roundings(decimals, base, tax, total):
    lines = [money.Line(Decimal(3), Decimal("0.335"), tax_rate=Decimal(21))] * 3
    found = money.totals(lines, int(decimals), 2)
    wanted = [numbers.parse_decimal(text, "ES") for text in (base, tax, total)]
    assert [found.base, found.tax, found.total] == wanted


def test_stages_of_a_quote():
    told = {state: set() if following == "ninguna" else set(following.split(", "))
            for state, following in rows("06-presupuestos.md", "Desde")}  # fmt: skip
    assert told == {state.label: {QuoteStatus(key).label for key in Quote.flow.after(state)} for state in QuoteStatus}


def test_stages_of_an_opportunity():
    told = dict(rows("07-oportunidades-e-intereses.md", "Etapa"))
    assert told == {stage.label: numbers.format_percent(STAGE_PROBABILITY[stage]) for stage in Stage}
