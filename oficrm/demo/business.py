"""The business of the example company around its contacts: one year of documents, service and talk.

What rules watch over goes through the program's own business with the clock standing at its day; the rest is written
set-based. The amount of it does not grow beyond a fixed measure, however many contacts there are.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from oficrm.demo import office
from oficrm.demo.buying import Buying
from oficrm.demo.chats import chats
from oficrm.demo.correspondence import Written
from oficrm.demo.deals import make_deals
from oficrm.demo.firm import Firm
from oficrm.demo.money import Money
from oficrm.demo.outreach import Outreach
from oficrm.demo.plan import Plan
from oficrm.demo.rows import Rows
from oficrm.demo.selling import Selling
from oficrm.demo.support import Support
from oficrm.demo.timeline import Timeline
from oficrm.demo.voices import Voices
from oficrm.papers import templates

DAYS = 365
STEPS = 2000
"""The share of the whole work that it is, as rows, for whoever follows the progress."""


class Business:
    """Writes the business of a plan whose clients, people and quotes are written."""

    def __init__(
        self, session: Session, plan: Plan, ids: Written, items: tuple[list[int], list[int]], salespeople: list[int],
        me: int | None, at: Callable[[dt.date, dt.time | None], dt.datetime], told: Callable[[int], None],
    ) -> None:  # fmt: skip
        """``items`` are the ids of products and services; ``me`` the user at the screen; ``told`` hears of steps."""
        self._told, self._steps, self._me = told, 0, me
        self._at = at
        rows = Rows(session, lambda _rows: None)
        timeline = Timeline(plan.today - dt.timedelta(days=DAYS), plan.today, self._pass)
        self._firm = Firm(
            session, plan, rows, timeline, Random(len(plan.clients) * 7 + 1), at, ids.clients, ids.people, ids.quotes,
            items[0], items[1], salespeople,
        )  # fmt: skip

    def write(self) -> None:
        """All of it."""
        firm = self._firm
        office.open_house(firm, self._at(firm.day(400), None), self._me)
        sold = make_deals(firm.rng, firm.plan, firm.buyers())
        selling, voices = Selling(firm), Voices(firm)
        Support(firm).plan()
        Buying(firm, sold).plan()
        selling.plan(sold)
        Money(firm, selling).plan()
        Outreach(firm).plan()
        voices.plan()
        firm.timeline.at(firm.day(200), dt.time(11), self._add_template)
        with _holding(firm.session):
            firm.timeline.run()
        chats(firm.session, firm.rows, firm.plan, firm.clients, firm.people, self._at)
        voices.finish()
        self._pass(1)

    def _pass(self, share: float) -> None:
        done = int(share * STEPS)
        self._told(done - self._steps)
        self._steps = done

    def _add_template(self) -> None:
        """How the example company likes its quotes: the program's page with a greeting and room to sign."""
        words = self._firm.words["template"]
        page = templates.original("quote").replace("</body>", f"{words['after']}\n</body>")
        self._firm.save("document_template", {"name": words["name"], "printed": "quote", "body": page,
                                              "foot": words["foot"]})  # fmt: skip


@contextmanager
def _holding(session: Session) -> Iterator[None]:
    """Keep all records that are read or written: a session forgets what nobody holds, and would read it anew."""
    held: set[Any] = set()

    def hold(_session: Session, record: Any) -> None:
        held.add(record)

    for what in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, what, hold)
    try:
        yield
    finally:
        for what in ("loaded_as_persistent", "pending_to_persistent"):
            event.remove(session, what, hold)
