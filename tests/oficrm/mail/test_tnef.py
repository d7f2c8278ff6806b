import struct

import pytest
from tnefparse import TNEF

from oficrm.mail import tnef
from tests.support.outlook import tnef_properties, winmail
from tests.support.patience import ends_soon

UTF8 = (3, struct.pack("<I", 65001))


def test_body_and_files():
    found = tnef.read(
        winmail(b"Hola \xf1", {0x0037: (0x1E, b"Asunto\0")}, [("informe año.xlsx", b"12345"), ("b.txt", b"")])
    )
    assert found is not None
    assert found.texts == [("text/plain", "Hola ñ")]
    assert [(part.name, part.data) for part in found.parts] == [("informe año.xlsx", b"12345"), ("b.txt", b"")]
    assert not found.was_cut


def test_html_in_its_code_page():
    found = tnef.read(winmail(b"", {0x3FDE: UTF8, 0x1013: (0x102, "<p>Año</p>".encode())}))
    assert found is not None
    assert found.texts == [("text/html", "<p>Año</p>")]


def test_what_is_built_here_is_read_by_another_reader_too():
    other = TNEF(winmail(b"Hola", None, [("informe año.xlsx", b"12345")]))
    assert other.body == b"Hola\0"
    assert [(one.long_filename(), one.data) for one in other.attachments] == [("informe año.xlsx", b"12345")]


def test_short_names_when_there_are_no_long_ones():
    found = tnef.read(winmail(b"", None, [("", b"1")]))
    assert found is not None
    assert found.parts[0].name == "CORTO~1.DAT"


def test_a_message_inside_stays_a_winmail():
    data = bytes.fromhex("0703020000000000c000000000000046") + winmail(b"dentro")
    found = tnef.read(winmail(b"", None, [("Reenviado", data)]))
    assert found is not None
    assert (found.parts[0].name, found.parts[0].mime) == ("Reenviado.winmail.dat", "application/ms-tnef")
    inside = tnef.read(found.parts[0].data)
    assert inside is not None
    assert inside.texts == [("text/plain", "dentro")]


@pytest.mark.parametrize("data", [b"", b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22\1\0", b"basura" * 20, winmail()])
def test_what_holds_nothing_is_none(data):
    assert tnef.read(data) is None


def test_a_cut_one_gives_what_is_there():
    found = tnef.read(winmail(b"Hola", None, [("a.txt", b"x" * 1000)])[:-200])
    assert found is not None
    assert found.was_cut
    assert found.texts == [("text/plain", "Hola")]
    assert len(found.parts[0].data) > 500


@pytest.mark.parametrize("properties", [
    struct.pack("<I", 0xFFFFFFFF),
    struct.pack("<IHHI", 1, 0x1002, 0x3001, 0xFFFFFFFF) + b"x" * 50,  # many values
    struct.pack("<IHHI", 1, 0x1E, 0x3001, 0xFFFFFFFF) + b"\0" * 50_000,
    struct.pack("<IHHII", 1, 0x1E, 0x3001, 1, 0xFFFFFFFF),
    struct.pack("<IHH", 1, 0x1234, 0x3001),
    struct.pack("<IHH16sII", 1, 0x1E, 0x8001, b"", 1, 0xFFFFFFFF),
])  # fmt: skip
def test_counters_too_large_end_with_the_bytes(properties):
    attribute = struct.pack("<BHHI", 1, 0x9003, 6, len(properties)) + properties + b"\0\0"
    with ends_soon():
        found = tnef.read(winmail(b"Hola") + attribute)
    assert found is not None
    assert found.was_cut
    assert found.texts == [("text/plain", "Hola")]


def test_values_of_several_and_named_ones_are_passed_over():
    several = struct.pack("<HHI", 0x1002, 0x3001, 3) + b"ababab" + b"\0\0"
    named = struct.pack("<HH16sII", 3, 0x8001, b"g" * 16, 0, 7) + b"1234"
    titled = struct.pack("<HH16sII", 3, 0x8002, b"g" * 16, 1, 6) + b"a\0b\0\0\0\0\0" + b"1234"
    last = tnef_properties({0x1000: (0x1E, b"Hola\0")})[4:]
    properties = struct.pack("<I", 4) + several + named + titled + last
    found = tnef.read(winmail() + struct.pack("<BHHI", 1, 0x9003, 6, len(properties)) + properties + b"\0\0")
    assert found is not None
    assert found.texts == [("text/plain", "Hola")]
    assert not found.was_cut
