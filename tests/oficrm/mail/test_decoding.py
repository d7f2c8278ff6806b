import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail.decoding import (
    clean_line,
    clean_text,
    codec_of,
    decode,
    decode_words,
    from_base64,
    parse_date,
)


@pytest.mark.parametrize(
    ("data", "charset", "text", "problem"),
    [
        ("año".encode(), "utf-8", "año", ""),
        ("año".encode("cp1252"), "iso-8859-1", "año", ""),
        ("5 €".encode("cp1252"), "iso-8859-1", "5 €", ""),
        ("año".encode("cp1252"), "utf-8", "año", "declarado (utf-8)"),
        ("año".encode(), "iso-8859-1", "año", "declarado (iso-8859-1)"),
        ("año".encode(), "", "año", "Faltaba"),
        ("año".encode("cp1252"), "", "año", "Faltaba"),
        ("año".encode("cp1252"), "unknown-8bit", "año", "Faltaba"),
        ("año".encode("cp1252"), "klingon", "año", "klingon no se conoce"),
        ("año".encode("utf-7"), "utf-7", "año", ""),
        ("año".encode("utf-7"), "unicode-1-1-utf-7", "año", ""),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", ""),
        ("日本".encode("cp932"), "Shift_JIS", "日本", ""),
        ("中文".encode("gb18030"), "gb2312", "中文", ""),
        (b"abc \xc3\xb1\xc3\xb3 fin \xc3", "utf-8", "abc ñó fin \ufffd", "Parte del texto"),
        (b"hola", "", "hola", ""),
        (b"hola", "zlib", "hola", ""),
        (b"\x81\x8d", "cp1252", "\x81\x8d", ""),
    ],
)
def test_text_is_read_as_declared_or_as_it_really_is(data, charset, text, problem):
    read, said = decode(data, charset)
    assert read == text
    assert (problem in said) if problem else said == ""


def test_text_beyond_western_letters_is_guessed_when_nothing_is_declared():
    russian = "Здравствуйте, отправляем вам наше предложение на поставку оборудования. С уважением, Иван"
    assert decode(russian.encode("cp1251"), "")[0] == russian


@pytest.mark.parametrize(
    "name", ["base64", "zlib", "bz2", "rot13", "idna", "punycode", "unicode_escape", "undefined", "x" * 90, "a\0b"]
)
def test_codecs_that_are_no_charset_are_not_used(name):
    assert codec_of(name) == ""


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "utf-7", "utf-16", "iso-2022-jp", "hz", "cp1252", "big5", "nada"]),
)
def test_any_bytes_become_text_that_can_be_kept(data, charset):
    clean_text(decode(data, charset)[0]).encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?Q?A=C3=B1o?=", "Año"),
        ("=?utf-8?B?QcOxbw==?= nuevo", "Año nuevo"),
        ("=?utf-8?Q?A=C3?=\r\n =?utf-8?Q?=B1o?=", "Año"),  # one sign split between two words
        ("=?utf-8?B?QcM=?= =?utf-8?B?sW8=?=", "Año"),
        ("=?utf-8?B?QcOxbyBudWV2", "Año nuev"),  # cut in half
        ("=?utf-8?Q?A=C3=B1o_nue", "Año nue"),
        ("=?utf-8?Q?Oferta del a=C3=B1o?=", "Oferta del año"),  # blanks that should not be there
        ("Re: =?iso-8859-1*es?Q?se=F1or?=, hola", "Re: señor, hola"),
        ("=?klingon?Q?a=F1o?=", "año"),
        ("=?utf-8?B?%%%%?=", ""),
        ("sin nada =?", "sin nada =?"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    ],
)
def test_encoded_words_are_read_in_whatever_state(raw, text):
    assert clean_line(decode_words(raw)) == text


def test_lines_lose_what_breaks_or_turns_them():
    assert clean_line("factura\u202efdp.exe\r\nBcc: x\x00\x1b[31m") == "facturafdp.exe Bcc: x[31m"
    assert clean_text("a\r\nb\rc\x00\ud800") == "a\nb\nc\ufffd"


@given(st.text(), st.booleans())
def test_clean_lines_are_one_line(text, word):
    line = clean_line(decode_words(f"=?utf-8?Q?{text}?=" if word else text))
    assert "\n" not in line
    assert "\r" not in line
    assert "\0" not in line
    line.encode()


@pytest.mark.parametrize(
    ("value", "moment", "problem"),
    [
        ("Mon, 5 Feb 2024 10:00:00 +0100", dt.datetime(2024, 2, 5, 9, tzinfo=dt.UTC), ""),
        ("5 Feb 2024 10:00 GMT", dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC), ""),
        ("Mon, 5 Feb 2024 10:00:00 -0000", dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC), ""),
        ("Mon, 5 Feb 2024 10:00:00", dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC), ""),
        ("Mon, 5 Feb 2024 10:00:00 +9999", dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC), "zona horaria"),
        ("Mon, 5 Feb 0000 10:00:00 +0000", dt.datetime(2000, 2, 5, 10, tzinfo=dt.UTC), ""),
        ("1 Jan 1900 00:00:00 +0000", None, "no es creíble"),
        ("1 Jan 9999 00:00:00 +0000", None, "no es creíble"),
        ("32 Jan 2024 00:00:00 +0000", None, "no se pudo leer"),
        ("1 Jan 99999999999999999999 00:00:00", None, "no se pudo leer"),
        ("ayer por la tarde", None, "no se pudo leer"),
        ("", None, "no se pudo leer"),
        (",,,", None, "no se pudo leer"),
    ],
)
def test_dates_are_read_or_said_to_be_unreadable(value, moment, problem):
    read, said = parse_date(value)
    assert read == moment
    assert (problem in said) if problem else said == ""


@given(st.text(alphabet="0123456789 :+-,JanFebMonGMT.\0()", max_size=60))
def test_no_date_raises(value):
    parse_date(value)


@pytest.mark.parametrize(
    ("data", "read", "whole"),
    [(b"aG9sYQ==", b"hola", True), (b"aG9s\r\nYQ", b"hola", False), (b"aG9sYQ==\r\n--\r\nlista", b"hola", True),
     (b"a!G9s*YQ==", b"hola", True), (b"aG9sY", b"hol", False)],
)  # fmt: skip
def test_broken_base64_gives_what_is_there(data, read, whole):
    assert from_base64(data) == (read, whole)
