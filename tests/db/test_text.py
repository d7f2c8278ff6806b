"""Folding: one decision of what is equal and what comes first, in Python and in both engines."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, literal, select, text

from db.engine import open_engine
from db.text import digits, like_pattern, search_fold, sort_fold

# What a person can type in a European or American office; what neither engine can hold is left out.
LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x24F), max_size=60)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cn", "Co"]), max_size=30)


@pytest.fixture
def connection(engine_url):
    engine = open_engine(engine_url, pooled=False)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def _both(connection, values):
    """The two folds of each value as the database works them out."""
    columns = [fold(literal(value)) for value in values for fold in (func.ofi_search, func.ofi_sort)]
    found = list(connection.execute(select(*columns)).one())
    return list(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize(
    ("typed", "searched", "sorted_"),
    [
        ("Muñoz", "munoz", "mun~oz"),
        ("MUÑOZ", "munoz", "mun~oz"),
        ("n\u0303andu\u0301", "nandu", "n~andu"),
        ("Óptica Güell", "optica guell", "optica guell"),
        ("Ç/çedilla", "c/cedilla", "c/cedilla"),
        ("ﬁn", "fin", "fin"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_folds(typed, searched, sorted_):
    assert (search_fold(typed), sort_fold(typed)) == (searched, sorted_)


def test_enye_is_a_letter_after_n():
    words = ["nube", "ñandú", "nz", "oca", "Ñu", "nada", "n"]
    assert sorted(words, key=sort_fold) == ["n", "nada", "nube", "nz", "ñandú", "Ñu", "oca"]


def test_the_engines_fold_as_python_does(connection):
    @given(st.lists(LETTERS, min_size=1, max_size=20))
    @example(["Ñandú", "n\u0303", "İstanbul", "straße", "ŒUVRE", "ﬁn", "Ǆ", "½", "x²"])
    def check(values):
        assert _both(connection, values) == [(search_fold(value), sort_fold(value)) for value in values]

    check()


def test_the_engines_fold_other_scripts_as_python_does(connection):
    @given(st.lists(ANYTHING, min_size=1, max_size=10))
    def check(values):
        assert _both(connection, values) == [(search_fold(value), sort_fold(value)) for value in values]

    check()


@given(LETTERS)
def test_folding_twice_changes_nothing(value):
    assert search_fold(search_fold(value)) == search_fold(value)


@given(LETTERS)
def test_upper_and_lower_case_are_one(value):
    if value.upper().lower() == value.lower():  # ß and its like change letters, not only case
        assert search_fold(value.upper()) == search_fold(value)
        assert sort_fold(value.upper()) == sort_fold(value)


def test_the_engines_order_folded_text_alike(connection):
    words = ["n", "Nube", "ñandú", "nz", "Ávila", "avila b", "Zapatos", "2 hermanos", "10 hermanos", "_x", ""]
    listed = " UNION ALL ".join(f"SELECT :w{place} AS word" for place in range(len(words)))
    collate = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
    ordered = connection.execute(
        text(f"SELECT word FROM ({listed}) AS listed ORDER BY ofi_sort(CAST(word AS TEXT)){collate}"),
        {f"w{place}": word for place, word in enumerate(words)},
    ).scalars()
    assert list(ordered) == sorted(words, key=sort_fold)


@given(LETTERS)
def test_a_pattern_takes_the_wildcards_of_like_literally(typed):
    pattern = like_pattern(typed)
    assert pattern[0] == pattern[-1] == "%"
    printable = "".join(char if char.isprintable() else " " for char in typed)
    assert re.sub(r"\\(.)", r"\1", pattern[1:-1]) == search_fold(printable.strip())
    assert not re.search(r"(?<!\\)(\\\\)*[%_]", pattern[1:-1])


def test_digits():
    assert digits("+34 (96) 123-45.01") == "34961234501"
    assert digits("sin teléfono") == ""
