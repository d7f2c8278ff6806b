import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.problems import Invalid
from oficrm.rules.text import clean_block, clean_line, plain

ANY_TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Talleres   Ruiz ", "Talleres Ruiz"),
        ("Talleres\tRuiz\r\n", "Talleres Ruiz"),
        ("Talleres\u00a0Ruiz\u2028S.L.", "Talleres Ruiz S.L."),
        ("Jose\u0301", "José"),
        ("", ""),
    ],
)
def test_a_pasted_line_becomes_one_tidy_line(typed: str, stored: str) -> None:
    assert clean_line(typed, 80) == stored


def test_bidirectional_and_zero_width_characters_cannot_disguise_a_name() -> None:
    assert clean_line("factura\u202efdp.exe") == "facturafdp.exe"
    assert clean_line("\ufeffAna\u200b Lo\u00adpez\u2066\u2069\u200d") == "Ana Lopez"
    assert clean_block("uno\u202edos\n\u200btres") == "unodos\ntres"


def test_a_block_keeps_the_joiners_of_emoji() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean_block(family) == family


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\x7fb", "a\x9fb", "a\ud800b", "a\uffffb", "a\U0001fffeb"])
def test_damaged_text_is_refused_and_the_character_named(bad: str) -> None:
    for clean in (clean_line, clean_block):
        with pytest.raises(Invalid, match=f"U\\+{ord(bad[1]):04X}"):
            clean(bad, 80)


def test_the_limit_counts_the_cleaned_text_and_is_named() -> None:
    assert clean_line("  abc\u200b ", 3) == "abc"
    with pytest.raises(Invalid, match="3 caracteres como máximo y tiene 4"):
        clean_line("abcd", 3)
    with pytest.raises(Invalid, match="3 caracteres"):
        clean_block("a\nbc", 3)


def test_a_block_keeps_lines_and_indentation_but_not_empty_pages() -> None:
    assert clean_block("\n\r\n  uno  \r\n\tdos\n\n\n\n\n\ntres\n\n") == "  uno\n    dos\n\n\ntres"


def test_plain_forgets_case_accents_and_spaces() -> None:
    assert plain("  MIÉRCOLES  Próximo ") == "miercoles proximo"
    assert plain("Mañana") == "manana"


@given(ANY_TEXT)
def test_cleaning_is_stable_and_leaves_nothing_hidden(text: str) -> None:
    for clean, allowed in ((clean_line, ""), (clean_block, "\n\u200c\u200d")):
        try:
            once = clean(text)
        except Invalid:
            continue
        assert clean(once) == once
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in allowed for char in once)
        assert once.encode().decode() == once
