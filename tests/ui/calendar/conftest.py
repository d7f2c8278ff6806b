"""The calendar's list page over the small office, with a few events of one week."""

import datetime as dt
from typing import Any

import pytest

from db.models.calendar_item import CalendarItem
from oficrm import clock, records, saving
from oficrm.drafts import LineDraft
from tests.support.desk import WAIT, Desk, desk
from tests.support.office import TODAY
from ui.calendar.pane import CalendarPane
from ui.calendar.part import CalendarPart
from ui.lists.page import ListPage

__all__ = ["desk"]
MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
T = dt.time


class Agenda:
    """Makes items and opens the page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def add(self, subject: str, day: int = 0, *, links: tuple[str, ...] = (), **values: Any) -> int:
        """Save an item so many days after Monday, as its form would."""

        def job(session: Any) -> int:
            draft = records.blank(session, "calendar_item").draft
            draft.values |= {"subject": subject, "date": MONDAY + dt.timedelta(days=day)} | values
            draft.lines["calendar_link"] = [LineDraft(None, {"record": key}) for key in links]
            return saving.save(session, draft).id

        return int(self.desk.jobs.write(job).result().value)

    def item(self, ident: int) -> CalendarItem:
        return self.desk.read(lambda s: s.get_one(CalendarItem, ident))

    def page(self) -> ListPage:
        page = ListPage(self.desk.context, "calendar_item")
        page.use_opener(self.desk.context.opener)
        page.resize(1150, 650)
        self.desk.show(page)
        return page

    def show(self, page: ListPage, view: str) -> CalendarPane:
        """Change to a view and wait for its entries."""
        part = page.companion
        assert isinstance(part, CalendarPart)
        part.buttons[view].click()
        pane = part.pane
        assert pane is not None
        self.desk.qtbot.waitUntil(lambda: not pane._is_busy and not pane._is_stale, timeout=WAIT)
        return pane


@pytest.fixture
def agenda(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Agenda:
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.combine(TODAY, T(10, 10)).astimezone())
    return Agenda(desk)
