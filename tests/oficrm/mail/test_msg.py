import datetime as dt
import struct

import pytest
from oxmsg import Message as Independent

from oficrm.mail import ole
from oficrm.mail.message import MAX_PARTS, Address, Unreadable
from oficrm.mail.msg import MAX_INSIDE
from oficrm.mail.reading import read_message
from tests.support.outlook import compound_file, message_tree, msg
from tests.support.patience import ends_soon

SENT = dt.datetime(2024, 2, 5, 9, 30, tzinfo=dt.UTC)
SENDER = {0x0C1A: "Ana Pérez", 0x5D01: "Ana@X.es"}
RECIPIENTS = [
    {0x0C15: 1, 0x3001: "Ventas", 0x39FE: "ventas@oficina.es"},
    {0x0C15: 2, 0x3001: "Copia", 0x3003: "copia@x.es"},
    {0x0C15: 3, 0x3001: "Oculta", 0x3003: "oculta@x.es"},
]
ORDINARY = {0x37: "Pedido nº 5", 0x1000: "Hola\r\nadiós\r\n", 0x39: SENT, 0x1035: "<uno@x.es>", **SENDER}
FILE = {0x3707: "año.pdf", 0x3704: "AO~1.PDF", 0x3701: b"%PDF" * 2000, 0x370E: "application/pdf"}


def emails(people):
    return [one.email for one in people]


def test_an_ordinary_message():
    message = read_message(msg(ORDINARY, RECIPIENTS, [FILE]))
    assert str(message.sender) == "Ana Pérez <ana@x.es>"
    assert (emails(message.to), emails(message.cc), emails(message.bcc)) == (
        ["ventas@oficina.es"], ["copia@x.es"], ["oculta@x.es"])  # fmt: skip
    assert (message.subject, message.text, message.sent_at) == ("Pedido nº 5", "Hola\nadiós", SENT)
    assert message.message_id == "uno@x.es"
    assert [(part.name, part.mime, part.data) for part in message.parts] == [
        ("año.pdf", "application/pdf", b"%PDF" * 2000)]  # fmt: skip
    assert message.problems == ()


def test_the_files_built_here_are_read_by_another_reader_too():
    other = Independent.load(msg(ORDINARY, RECIPIENTS, [FILE]))
    assert (other.subject, other.sent_date) == ("Pedido nº 5", SENT)
    assert [one.file_bytes for one in other.attachments] == [b"%PDF" * 2000]


def test_the_internet_headers_count_when_there_are_some():
    headers = (
        "From: =?utf-8?Q?Jos=C3=A9?= <jose@x.es>\r\nTo: a@x.es, b@x.es\r\nDate: Mon, 5 Feb 2024 12:00:00 +0100\r\n"
        "Message-ID: <dos@x>\r\nReferences: <cero@x> <uno@x>\r\nReply-To: r@x.es\r\n"
    )
    message = read_message(msg({**ORDINARY, 0x7D: headers}, RECIPIENTS))
    assert str(message.sender) == "José <jose@x.es>"
    assert emails(message.to) == ["a@x.es", "b@x.es"]
    assert emails(message.reply_to) == ["r@x.es"]
    assert message.references == ("cero@x", "uno@x")
    assert message.sent_at == dt.datetime(2024, 2, 5, 11, tzinfo=dt.UTC)
    assert message.message_id == "dos@x"


def test_addresses_of_exchange_are_no_addresses():
    values = {0x37: "A", 0x39: SENT, 0x0C1A: "Ana", 0x0C1F: "/O=EMPRESA/OU=X/CN=RECIPIENTS/CN=ANA"}
    message = read_message(msg(values, [{0x0C15: 1, 0x3001: "Beatriz", 0x3003: "/O=EMPRESA/CN=B"}]))
    assert message.sender == Address("Ana", "")
    assert [(one.name, one.email) for one in message.to] == [("Beatriz", "")]
    assert message.problems == ("La dirección del remitente no se pudo leer.",)


def test_recipients_known_only_by_name():
    message = read_message(msg({**ORDINARY, 0x0E04: "Ana; Beatriz <b@x.es>"}))
    assert [str(one) for one in message.to] == ["Ana", "Beatriz <b@x.es>"]


def test_html_of_outlook_in_its_code_page():
    page = "<p>Año €</p>".encode("cp1252")
    message = read_message(msg({**SENDER, 0x39: SENT, 0x1013: page, 0x3FDE: 1252}))
    assert (message.html, message.text) == ("<p>Año €</p>", "Año €")
    unknown = read_message(msg({**SENDER, 0x39: SENT, 0x1013: page, 0x3FDE: 99999}))
    assert unknown.text == "Año €"


def test_texts_of_eight_bits():
    values = {0x37: (0x1E, "Año".encode("cp1251", "replace")), 0x1000: (0x1E, "Привет".encode("cp1251")), 0x3FFD: 1251}
    assert read_message(msg({**values, **SENDER, 0x39: SENT})).text == "Привет"


def test_a_body_in_rtf_alone():
    rtf = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\pard Hola \'f1and\'fa\par adi\u243?s}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    message = read_message(msg({**SENDER, 0x39: SENT, 0x1009: packed}))
    assert (message.text, message.problems) == ("Hola ñandú\nadiós", ())
    broken = read_message(msg({**SENDER, 0x39: SENT, 0x1009: b"basura" * 5}))
    assert broken.problems == ("El texto con formato de Outlook no se pudo leer.",)


def test_a_message_inside():
    inner = message_tree({**ORDINARY, 0x37: "Dentro", 0x1013: b"<b>Hola</b>"}, RECIPIENTS, [FILE], 24)
    (part,) = read_message(msg(ORDINARY, [], [inner])).parts
    assert (part.name, part.mime) == ("Dentro.eml", "message/rfc822")
    read = read_message(part.data)
    assert str(read.sender) == "Ana Pérez <ana@x.es>"
    assert (read.subject, read.text, read.sent_at) == ("Dentro", "Hola\nadiós", SENT)
    assert emails(read.to) == ["ventas@oficina.es"]
    assert [(one.name, one.data) for one in read.parts] == [("año.pdf", b"%PDF" * 2000)]
    again = read_message(msg(ORDINARY, [], [inner])).parts[0]
    assert again.data == part.data  # kept once, however often it is read


def test_messages_inside_each_other_end_somewhere():
    tree = message_tree(ORDINARY, [], [], 24)
    for _ in range(MAX_INSIDE + 3):
        tree = message_tree(ORDINARY, [], [tree], 24)
    data = compound_file({**message_tree(ORDINARY, [], [tree])})
    depth = 0
    message = read_message(data)
    while message.parts:
        message = read_message(message.parts[0].data)
        depth += 1
    assert depth == MAX_INSIDE


def test_an_attachment_without_content_or_name():
    message = read_message(msg(ORDINARY, [], [{0x370E: "image/png"}, {0x3701: b"", 0x3707: "vacío.txt"}]))
    assert [(part.name, part.data) for part in message.parts] == [("adjunto 1.png", b""), ("vacío.txt", b"")]
    assert message.problems == ("El adjunto «adjunto 1.png» no tenía contenido.",)


def test_more_attachments_than_anybody_opens():
    message = read_message(msg(ORDINARY, [], [{0x3707: f"{i}.txt", 0x3701: b"x"} for i in range(MAX_PARTS + 20)]))
    assert len(message.parts) == MAX_PARTS
    assert message.problems == ("Se leyeron 500 de 520 adjuntos; los demás siguen en el mensaje original.",)


def test_a_truncated_message_gives_what_is_there_or_says_so():
    data = msg({**ORDINARY, 0x1000: "Hola " * 20_000}, RECIPIENTS, [FILE])
    results = set()
    for end in range(0, len(data), 512):
        try:
            message = read_message(data[:end])
        except Unreadable:
            results.add("unreadable")
        else:
            results.add("damaged" if any("dañado" in problem for problem in message.problems) else "whole")
    assert {"unreadable"} <= results <= {"unreadable", "damaged"}


def test_a_stream_cut_short_leaves_the_rest():
    data = bytearray(msg({**ORDINARY, 0x1013: b"<p>" + b"x" * 9000}, RECIPIENTS, [FILE]))
    name = "__substg1.0_10130102".encode("utf-16-le")
    entry = data.index(name)
    struct.pack_into("<I", data, entry + 120, 0x7FFFFFFF)  # claims to be two gigabytes long
    message = read_message(bytes(data))
    assert message.subject == "Pedido nº 5"
    assert message.text == "Hola\nadiós"
    assert message.problems == ("El mensaje de Outlook estaba dañado; se leyó lo que se pudo.",)


@pytest.mark.parametrize(("offset", "value"), [
    (30, 31), (32, 40), (44, 0x7FFFFFFF), (64, 0x7FFFFFFF), (72, 0x0FFFFFFF), (56, 0x7FFFFFFF), (48, 0x7FFFFFF0),
])  # fmt: skip
def test_headers_that_claim_too_much_end_soon(offset, value):
    data = bytearray(msg(ORDINARY, RECIPIENTS, [FILE]))
    struct.pack_into("<H" if offset < 40 else "<I", data, offset, value)
    with ends_soon(), pytest.raises(Unreadable):
        read_message(bytes(data))


def test_streams_that_share_their_bytes_do_not_multiply_them():
    big = b"x" * 200_000
    data = bytearray(msg(ORDINARY, [], [{0x3707: f"{i}", 0x3701: big if i == 0 else b"y" * 4096} for i in range(300)]))
    name = "__substg1.0_37010102".encode("utf-16-le")
    entries, at = [], data.find(name)
    while at != -1:
        entries.append(at)
        at = data.find(name, at + 1)
    first = next(data[at + 116 : at + 124] for at in entries if struct.unpack_from("<I", data, at + 120)[0] == 200_000)
    for at in entries:
        data[at + 116 : at + 124] = first
    storage, broken = ole.load(bytes(data))
    held = sum(len(stream.bytes_) for one in storage.storages for stream in one.streams)
    assert broken > 0
    assert held <= len(data)


def test_a_folder_of_thousands_of_streams_ends_soon():
    tree = message_tree(ORDINARY, [], [])
    tree |= {f"__substg1.0_{number:08X}": b"" for number in range(0x60000000, 0x60000000 + 20_000)}
    with ends_soon():
        assert read_message(compound_file(tree)).subject == "Pedido nº 5"
