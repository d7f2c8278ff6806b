"""Sizes of files, as they are read and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.problems import Invalid
from oficrm.rules.sizes import format_size, parse_size


@pytest.mark.parametrize(("count", "text"), [
    (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "1 kB"), (1049, "1 kB"), (1051, "1,1 kB"), (12_400, "12,4 kB"),
    (99_949, "99,9 kB"), (640_000, "640 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (3_000_000, "3 MB"),
    (10**9, "1 GB"), (1_500_000_000_000, "1,5 TB"), (10**16, "10.000 TB"), (100_000, "100 kB"), (10_000, "10 kB"),
])  # fmt: skip
def test_bytes_as_people_read_them(count, text):
    assert format_size(count) == text


def test_with_a_point_in_mexico():
    assert format_size(12_400, "MX") == "12.4 kB"


@pytest.mark.parametrize(("text", "count"), [
    ("500", 500), ("500 B", 500), ("12 kB", 12_000), ("1,5 MB", 1_500_000), ("1.200", 1200), ("2g", 2 * 10**9),
    (" 3 mb ", 3_000_000), ("1 KiB", 1000), ("0", 0), ("1 TB", 10**12), ("0,0005 kB", 0),
])  # fmt: skip
def test_what_is_understood(text, count):
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "mucho", "12 xB", "-5", "1,2,3", "5 MB 3", "²", "1 kk", "kB"])
def test_what_is_not(text):
    with pytest.raises(Invalid):
        parse_size(text)


@given(st.text(alphabet="0123456789.,kKmMgGtTbBi ²٣-", max_size=12))
def test_anything_typed_is_a_size_or_refused_in_words(text):
    try:
        found: int | str = parse_size(text)
    except Invalid as error:
        found = error.message
    assert found or found == 0


@given(st.integers(0, 10**15), st.sampled_from(["ES", "MX"]))
def test_what_is_shown_can_be_typed_and_is_as_good_as_exact(count, country):
    back = parse_size(format_size(count, country), country)
    assert abs(back - count) <= max(count * 0.06, 0.5)
    assert format_size(back, country) == format_size(count, country)


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_more_is_never_shown_as_less(one, other):
    least, most = sorted((one, other))
    assert parse_size(format_size(least)) <= parse_size(format_size(most))
