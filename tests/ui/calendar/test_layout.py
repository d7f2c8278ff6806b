"""Where entries stand: no two share a place, and each is where its hours are."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from oficrm.calendar.ranges import Entry
from ui.calendar import layout

DAY = dt.date(2026, 11, 23)
STARTS = st.builds(
    dt.datetime.combine, st.dates(DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=4)),
    st.builds(dt.time, st.integers(0, 23), st.integers(0, 59)),
)  # fmt: skip


def entry(starts: dt.datetime, minutes: int, number: int = 0) -> Entry:
    ends = starts + dt.timedelta(minutes=minutes)
    return Entry("calendar_item", number, "x", starts.date(), starts.time(), ends.date(), ends.time())


@given(st.lists(st.tuples(STARTS, st.integers(0, 1500)), max_size=12))
def test_blocks_do_not_cover_each_other(given: list[tuple[dt.datetime, int]]) -> None:
    found = layout.blocks([entry(starts, minutes, at) for at, (starts, minutes) in enumerate(given)], DAY, 3)
    for block in found:
        assert 0 <= block.first < block.last <= layout.DAY_MINUTES
        assert 0 <= block.lane < block.lanes
        for other in found:
            overlap = block.day == other.day and block.first < other.last and other.first < block.last
            assert block is other or not (overlap and block.lane == other.lane)


@given(st.lists(st.tuples(st.integers(-3, 8), st.integers(0, 5)), max_size=10))
def test_bars_do_not_cover_each_other(given: list[tuple[int, int]]) -> None:
    days = [(DAY + dt.timedelta(days=first), DAY + dt.timedelta(days=first + more)) for first, more in given]
    entries = [Entry("calendar_item", at, "x", first, None, last, None) for at, (first, last) in enumerate(days)]
    found = layout.bars(entries, DAY, 7)
    assert {bar.entry.id for bar in found} == {
        each.id for each in entries if each.end_date >= DAY and each.date <= DAY + dt.timedelta(days=6)
    }
    for bar in found:
        for other in found:
            overlap = bar.first <= other.last and other.first <= bar.last
            assert bar is other or not (overlap and bar.line == other.line)


def test_the_page_of_a_month_begins_on_monday() -> None:
    assert layout.month_days(dt.date(2026, 11, 22)) == (dt.date(2026, 10, 26), 6)
    assert layout.month_days(dt.date(2027, 2, 5)) == (dt.date(2027, 2, 1), 4)
