"""Codes as they are typed and read by a scanner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.stock import codes

CODE = st.text("ABCXYZ-_/0123456789", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("  ", []),
        ("A1, A2;A3\nA4", ["A1", "A2", "A3", "A4"]),
        ("LOTE  7", ["LOTE 7"]),
        ("S08..S11", ["S08", "S09", "S10", "S11"]),
        ("S08..11, X", ["S08", "S09", "S10", "S11", "X"]),
        ("7 .. 9", ["7", "8", "9"]),
    ],
)
def test_codes_are_read(text: str | None, found: list[str]) -> None:
    assert codes.parse(text) == found


@pytest.mark.parametrize("text", ["A..B", "S9..S3", "S1..T3", "S1..S5000", "..", ",".join(map(str, range(1001)))])
def test_what_cannot_be_meant_is_said(text: str) -> None:
    with pytest.raises(codes.BadCodes):
        codes.parse(text)


@given(st.lists(CODE, max_size=20))
def test_what_is_listed_comes_back(listed: list[str]) -> None:
    assert codes.parse(", ".join(listed)) == listed


@given(st.sampled_from(["", "S", "SN-2024/"]), st.integers(0, 10**6), st.integers(0, 999), st.integers(1, 8))
def test_a_run_counts_from_first_to_last(head: str, first: int, more: int, width: int) -> None:
    found = codes.parse(f"{head}{first:0{width}}..{head}{first + more:0{width}}")
    assert len(found) == len(set(found)) == more + 1
    assert found[0] == f"{head}{first:0{width}}"
    assert found[-1] == f"{head}{first + more:0{width}}"


@given(st.text(max_size=60))
def test_anything_typed_is_codes_or_a_sentence(text: str) -> None:
    try:
        found = codes.parse(text)
    except codes.BadCodes:
        return
    assert all(code == " ".join(code.split()) and code for code in found)
