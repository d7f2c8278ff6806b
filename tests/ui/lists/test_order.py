from array import array

from hypothesis import given
from hypothesis import strategies as st

from db.query import Found
from ui.lists.order import Order, merged, runs


def _order(count, done=(), which="all"):
    order = Order()
    flags = bytearray(ident in done for ident in range(1, count + 1))
    order.set(Found(array("q", range(1, count + 1)), flags, [10] * count), which)
    return order


def test_narrowing_shows_a_part_and_counts_all_three():
    order = _order(5, {2, 5})
    assert [order.count(which) for which in ("all", "done", "open")] == [5, 2, 3]
    order.narrow("done")
    assert (order.ids.tolist(), order.total()) == ([2, 5], 20)
    order.narrow("open")
    assert (order.ids.tolist(), order.total()) == ([1, 3, 4], 30)
    order.narrow("all")
    assert order.ids.tolist() == [1, 2, 3, 4, 5]


def test_a_row_that_no_longer_fits_stays_until_it_is_narrowed_again():
    order = _order(4, {4}, "open")
    order.update({2: True}, {2: 99})
    assert order.ids.tolist() == [1, 2, 3]
    assert (order.count("done"), order.total()) == (2, 119)
    order.narrow("open")
    assert order.ids.tolist() == [1, 3]


def test_rows_go_and_come():
    order = _order(5, {2, 5}, "open")
    order.without({3, 5})
    assert (order.ids.tolist(), order.found.ids.tolist(), order.count("done")) == ([1, 4], [1, 2, 4], 1)
    assert (order.total(), list(order.found.totals)) == (20, [10, 10, 10])
    order.put_first(Found(array("q", [9]), bytearray([0]), [5]))
    assert (order.ids.tolist(), order.total(), order.count("all")) == ([9, 1, 4], 25, 4)


def test_a_list_without_flags_does_not_narrow():
    order = Order()
    order.set(Found(array("q", [3, 1])), "done")
    assert (order.which, order.ids.tolist(), order.count("open"), order.total()) == ("all", [3, 1], 2, 0)


def test_a_million_rows_are_narrowed_and_looked_up_in_a_blink():
    order = _order(1_000_000, frozenset(range(1, 1_000_000, 3)))
    order.narrow("open")
    assert len(order.ids) == 666_667 or len(order.ids) == 666_666
    assert order.row_of(order.ids[-1]) == len(order.ids) - 1
    assert order.row_of(4) is None


@given(st.sets(st.integers(0, 300)))
def test_runs_hold_exactly_the_rows(rows):
    found = runs(sorted(rows))
    assert [row for first, last in found for row in range(first, last + 1)] == sorted(rows)
    assert all(found[place][1] + 1 < found[place + 1][0] for place in range(len(found) - 1))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))))
def test_merged_ranges_cover_the_same_rows_once(ranges):
    found = merged(ranges)
    rows = [row for first, last in found for row in range(first, last + 1)]
    assert rows == sorted({row for first, last in ranges for row in range(first, last + 1)})


@given(st.lists(st.booleans(), max_size=40), st.sets(st.integers(1, 40)))
def test_records_are_found_again_wherever_they_stand(done, wanted):
    order = _order(len(done), {place + 1 for place, flag in enumerate(done) if flag}, "open")
    ranges = order.ranges_of(wanted)
    assert order.ids_in(ranges).tolist() == [ident for ident in order.ids if ident in wanted]
    assert order.total_in(ranges) == 10 * len(order.ids_in(ranges))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30), st.data())
def test_a_running_sum_is_that_of_the_rows_from_one_end(amounts, data):
    order = Order()
    order.set(Found(array("q", range(len(amounts))), bytearray(), list(amounts)))
    for change in (False, True):
        if change:
            row = data.draw(st.integers(0, len(amounts) - 1))
            amounts[row] += 7
            order.update({}, {row: amounts[row]})
        for row in range(len(amounts)):
            assert order.running(row, upwards=False) == sum(amounts[: row + 1])
            assert order.running(row, upwards=True) == sum(amounts[row:])
