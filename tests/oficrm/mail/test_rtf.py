import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail import rtf

# The two examples of MS-OXRTFCP 3.1
SIMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0"
)
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def test_the_examples_of_the_specification():
    assert rtf.decompress(SIMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf.decompress(CROSSING) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_stored_without_compression():
    assert rtf.decompress(struct.pack("<IIII", 17, 5, 0x414C454D, 0) + b"{rtf}mas") == b"{rtf}"


@pytest.mark.parametrize("data", [b"", b"corto", b"basura" * 10])
def test_what_is_no_compressed_rtf_is_refused(data):
    with pytest.raises(ValueError):
        rtf.decompress(data)


def test_a_cut_one_gives_what_is_there():
    whole = rtf.decompress(SIMPLE)
    for end in range(16, len(SIMPLE)):
        assert whole.startswith(rtf.decompress(SIMPLE[:end]))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"{\rtf1\ansi Hola\par adi\'f3s}", "Hola\nadiós"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0}", "Пр"),
        (rb"{\rtf1\ansi\ansicpg932 \'93\'fa}", "日"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator Riched20;}Hola}", "Hola"),
        (rb"{\rtf1 a\{b\}c\\d\~e}", "a{b}c\\d\xa0e"),
        (rb"{\rtf1\uc1 \u8364?5 \u-10179?\u-8704?}", "€5 \U0001f600"),
        (rb"{\rtf1\uc2 \u241xyfin}", "ñfin"),
        (rb"{\rtf1 sin cerrar", "sin cerrar"),
        (rb"}}}\rtf1 de m\'e1s", "de más"),
    ],
)
def test_text_of_rtf(raw, text):
    assert rtf.read(raw) == (text, False)


def test_the_html_inside_is_taken_out():
    raw = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag19 <html>}"
        rb"{\*\htmltag50 <p class=\'22x\'22>}\htmlrtf {\htmlrtf0 A\'f1o {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 "
        rb"nuevo{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0{\*\mhtmltag64 <oculto>}{\*\htmltag58 </p>}"
        rb"\htmlrtf\par\htmlrtf0}"
    )
    assert rtf.read(raw) == ('<html><p class="x">Año <b>nuevo</b></p>', True)


@given(st.binary(max_size=300))
def test_nothing_escapes(data):
    rtf.read(b"{\\rtf1\\fromhtml1 " + data)
    try:
        rtf.decompress(struct.pack("<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + data)
    except ValueError:
        pytest.fail("a compressed body is read as far as it goes")


def test_depth_and_length_are_bounded():
    assert rtf.read(b"{\\rtf1" + b"{" * 200_000 + b"x" + b"}" * 200_000)[0] == "x"
