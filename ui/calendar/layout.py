"""Where entries stand on a grid of days and hours; without Qt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from oficrm.calendar.ranges import Entry

DAY_MINUTES = 24 * 60
LEAST = 25
"""Minutes a block is drawn tall at least, so that its title can be read."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an entry within one day: minutes since midnight, and its place among those at the same time."""

    entry: Entry
    day: int
    first: int
    last: int
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Bar:
    """An entry of whole days: its first and last column, and its line."""

    entry: Entry
    first: int
    last: int
    line: int


def is_bar(entry: Entry) -> bool:
    """Whether an entry stands above the hours."""
    return entry.time is None


def blocks(entries: Sequence[Entry], first_day: dt.date, days: int) -> list[Block]:
    """Return the blocks of the entries with an hour, those at the same time side by side."""
    found: list[Block] = []
    for number in range(days):
        midnight = dt.datetime.combine(first_day + dt.timedelta(days=number), dt.time())
        pieces = [piece for entry in entries if not is_bar(entry) and (piece := _piece(entry, midnight)) is not None]
        found += _side_by_side(sorted(pieces, key=lambda piece: (piece[1], -piece[2])), number)
    return found


def _piece(entry: Entry, midnight: dt.datetime) -> tuple[Entry, int, int] | None:
    first = int((entry.starts() - midnight).total_seconds() // 60)
    last = int((entry.ends() - midnight).total_seconds() // 60)
    if first >= DAY_MINUTES or (last <= 0 and first < 0):
        return None
    first = max(first, 0)
    return entry, first, max(min(last, DAY_MINUTES), min(first + LEAST, DAY_MINUTES))


def _side_by_side(pieces: Sequence[tuple[Entry, int, int]], day: int) -> list[Block]:
    """Share the width among pieces that overlap, directly or through others."""
    found: list[Block] = []
    group: list[tuple[Entry, int, int, int]] = []
    ends: list[int] = []

    def close() -> None:
        found.extend(Block(entry, day, first, last, lane, len(ends)) for entry, first, last, lane in group)
        group.clear()
        ends.clear()

    for entry, first, last in pieces:
        if ends and first >= max(ends):
            close()
        lane = next((at for at, end in enumerate(ends) if end <= first), len(ends))
        if lane == len(ends):
            ends.append(last)
        else:
            ends[lane] = last
        group.append((entry, first, last, lane))
    close()
    return found


def bars(entries: Sequence[Entry], first_day: dt.date, days: int) -> list[Bar]:
    """Return the bars of the entries without an hour, each on the first line that is free."""
    found: list[Bar] = []
    lines: list[int] = []
    wide = sorted((entry for entry in entries if is_bar(entry)),
                  key=lambda entry: (entry.date, entry.date - entry.end_date))  # fmt: skip
    for entry in wide:
        first = max((entry.date - first_day).days, 0)
        last = min((entry.end_date - first_day).days, days - 1)
        if last < 0 or first >= days:
            continue
        line = next((at for at, taken in enumerate(lines) if taken < first), len(lines))
        if line == len(lines):
            lines.append(last)
        else:
            lines[line] = last
        found.append(Bar(entry, first, last, line))
    return found


def on_day(entries: Sequence[Entry], day: dt.date) -> list[Entry]:
    """Return the entries that touch a day, those of the whole day first."""
    midnight = dt.datetime.combine(day, dt.time())
    found = [entry for entry in entries if entry.date == day or (entry.date < day and _reaches(entry, midnight))]
    return sorted(found, key=lambda entry: (not is_bar(entry), entry.starts()))


def _reaches(entry: Entry, midnight: dt.datetime) -> bool:
    return entry.end_date >= midnight.date() if is_bar(entry) else entry.ends() > midnight


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def month_days(day: dt.date) -> tuple[dt.date, int]:
    """The first day that a month's page shows, and how many weeks."""
    first = monday(day.replace(day=1))
    after = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return first, -(-(after - first).days // 7)
