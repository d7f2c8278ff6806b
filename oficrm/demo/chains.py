"""A year of contacts: matters that open with a call or a visit, are followed up, and end sold, lost or still open.

A matter is a chain of contacts linked by their next dates. Those before today are closed but for some that were let
slip; those after it are planned.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from oficrm.demo.notes import Notes, action_names
from oficrm.demo.vocabulary import Weighted
from oficrm.rules.workdays import WorkCalendar

Outcome = Literal["won", "lost", "open"]

_OPENING_TYPES = Weighted(
    [("phone", 40), ("email", 20), ("visit", 18), ("web", 8), ("fair", 4), ("demo", 3), ("other", 5), ("post", 1)]
)
_LATER_TYPES = Weighted(
    [("phone", 48), ("email", 26), ("visit", 15), ("demo", 4), ("other", 5), ("web", 1), ("post", 1), ("fax", 1)]
)
_MINUTES: dict[str, Sequence[int]] = {
    "phone": (3, 5, 5, 8, 10, 10, 15, 20, 30),
    "email": (5, 5, 10, 15),
    "visit": (30, 45, 60, 60, 90, 120),
    "demo": (60, 90, 120, 180),
    "fair": (10, 20, 30),
    "other": (5, 10, 15, 30),
}
# Working days from one contact to the next.
_GAPS = Weighted([(1, 4), (2, 6), (3, 8), (5, 20), (7, 12), (10, 20), (15, 12), (20, 10), (30, 8)])
_DAYS_BACK, _DAYS_AHEAD = 365, 200
_SLIPPING_DAYS = 21
_LONGEST = 9


@dataclass(frozen=True, slots=True)
class Account:
    """What a chain needs to know of a client: whose it is, whom one talks to, and whether it ever buys.

    Client, salesperson and people are positions in their lists; people have their first name beside it.
    """

    client: int
    salesperson: int
    people: Sequence[tuple[int, str]]
    buys: bool


@dataclass(slots=True)
class Draft:
    """A contact before it has an id. Client, person, salesperson and items are positions in their lists."""

    client: int
    person: int | None
    salesperson: int
    date: dt.date
    time: dt.time | None
    duration: int | None
    kind: str
    by_them: bool
    notes: str
    previous: "Draft | None" = None
    next_at: dt.date | None = None
    next_kind: str | None = None
    result: str | None = None
    closed_on: dt.date | None = None
    actions: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    place: int = 0
    """Position among all contacts in order of time; a chain's contacts are in that order too."""
    moved_from: dt.date | None = None
    """Where it stood before a mass date change."""


@dataclass(slots=True)
class Chain:
    """One matter with a client."""

    client: int
    person: int | None
    item: int
    contacts: list[Draft]
    outcome: Outcome = "open"


class Matters:
    """Makes the chains of one year. The same generator state and arguments give the same chains."""

    def __init__(
        self,
        rng: Random,
        accounts: Sequence[Account],
        items: Sequence[str],
        notes: Notes,
        calendar: WorkCalendar,
        today: dt.date,
    ) -> None:
        """`items` are the names of products and services; `calendar` keeps contacts off holidays."""
        self._rng, self._accounts, self._items, self._notes, self._today = rng, accounts, items, notes, today
        self._catalogue = action_names()
        first = today - dt.timedelta(days=_DAYS_BACK)
        span = (first + dt.timedelta(days=step) for step in range(_DAYS_BACK + _DAYS_AHEAD))
        self._workdays = [day for day in span if calendar.is_workday(day)]
        self._now = bisect_left(self._workdays, today)

    def generate(self, count: int) -> Iterator[Chain]:
        """Chains with exactly `count` contacts in all, first a few that every demonstration needs."""
        left = count
        for start, state in self._needed():
            if left > 0:
                chain = self._chain(start, min(left, 1 if state != "missing" else 2), state)
                left -= len(chain.contacts)
                yield chain
        while left > 0:
            chain = self._chain(self._workdays[self._rng.randrange(self._now + 12)], min(left, _LONGEST), "")
            left -= len(chain.contacts)
            yield chain

    def _needed(self) -> Iterator[tuple[dt.date, str]]:
        """Something for today whatever the day of the week, overdue, soon, and a next contact not yet created."""
        for _ in range(3):
            yield self._today, "planned"
        for back in (1, 2, 4):
            yield self._workdays[self._now - back], "planned"
        for ahead in (1, 2):
            yield self._workdays[self._now + ahead], "planned"
        for back in (3, 6):
            yield self._workdays[self._now - back], "missing"

    def _chain(self, day: dt.date, room: int, state: str) -> Chain:
        """One matter that begins on `day` and has at most `room` contacts; `state` forces how it stands."""
        rng = self._rng
        # A few clients take most of the time.
        account = self._accounts[int(len(self._accounts) * rng.random() ** 1.6)]
        person = rng.choice(account.people) if account.people and rng.random() < 0.9 else None
        item = rng.randrange(len(self._items))
        slots = self._notes.slots(rng, person and person[1], self._items[item], day.month)
        chain = Chain(account.client, person and person[0], item, [])
        kind, previous = _OPENING_TYPES.pick(rng), None
        while True:
            contact = self._contact(chain, account, day, kind, previous)
            chain.contacts.append(contact)
            if state == "planned" or self._is_open(day):
                contact.notes = self._notes.reason(rng, "planned", kind, slots)
                self._add_actions(contact, slots, 0.2)
                return chain
            ended = state != "missing" and self._close(contact, chain, account.buys, len(chain.contacts) >= room)
            stage = chain.outcome if chain.outcome != "open" else "follow_up" if previous else "opening"
            contact.notes = self._notes.reason(rng, stage, kind, slots)
            self._add_actions(contact, slots, 0.35)
            if rng.random() < (0.3 if stage == "opening" else 0.1):
                contact.items = [item] if rng.random() < 0.8 else [item, (item + 7) % len(self._items)]
            if ended:
                return chain
            kind = _LATER_TYPES.pick(rng)
            day = self._follow(contact, kind)
            recent = (self._today - day).days < 60
            if state == "missing" or (recent and rng.random() < 0.02):
                return chain
            previous = contact

    def _contact(self, chain: Chain, account: Account, day: dt.date, kind: str, previous: Draft | None) -> Draft:
        rng = self._rng
        time = dt.time(rng.randint(8, 18), rng.choice((0, 0, 15, 30, 30, 45))) if rng.random() < 0.85 else None
        length = rng.choice(_MINUTES[kind]) if kind in _MINUTES and rng.random() < 0.85 else None
        theirs = rng.random() < (0.9 if kind == "web" else 0.22)
        return Draft(chain.client, chain.person, account.salesperson, day, time, length, kind, theirs, "", previous)

    def _is_open(self, day: dt.date) -> bool:
        if day > self._today:
            return True
        if day == self._today:
            return self._rng.random() < 0.65
        slips = 0.1 if (self._today - day).days <= _SLIPPING_DAYS else 0.002
        return self._rng.random() < slips

    def _close(self, contact: Draft, chain: Chain, buys: bool, must_end: bool) -> bool:
        """Give the contact its outcome; True when the matter ends with it."""
        rng = self._rng
        later = rng.randint(1, 3) if rng.random() < 0.08 else 0
        contact.closed_on = min(self._today, contact.date + dt.timedelta(days=later))
        step = len(chain.contacts)
        contact.result = "opening" if step == 1 else "follow_up"
        if step > 1 and rng.random() < 0.28:
            chain.outcome = "won" if buys and rng.random() < 0.6 else "lost"
            contact.result = chain.outcome
            return True
        if rng.random() < 0.004:
            # One of the two alone leaves the contact open, which happens to everybody.
            contact.closed_on = None
            return True
        return must_end or rng.random() < 0.12

    def _follow(self, contact: Draft, kind: str) -> dt.date:
        """Set and return the next date of a contact that has been closed."""
        if contact.result is None:
            contact.result, contact.closed_on = "follow_up", contact.date
        place = bisect_left(self._workdays, contact.date)
        contact.next_at = self._workdays[min(place + _GAPS.pick(self._rng), len(self._workdays) - 1)]
        contact.next_kind = kind
        return contact.next_at

    def _add_actions(self, contact: Draft, slots: dict[str, object], chance: float) -> None:
        rng = self._rng
        if rng.random() < chance:
            contact.actions.append(rng.choice(self._catalogue))
            if rng.random() < 0.2:
                contact.actions.append(self._notes.free_action(rng, slots))
