"""Messages bitten, cut and shuffled: reading them gives a message or Unreadable, in bounded time and memory.

An ordinary run tries 300 of each kind. For a long one: OFICRM_FUZZ=10000 pytest -n0 tests/oficrm/mail/test_fuzz.py
"""

import os
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oficrm.mail import tnef
from oficrm.mail.html import has_remote, safe, to_text
from oficrm.mail.message import Message, Unreadable
from oficrm.mail.reading import is_message, read_message
from tests.support.outlook import message_tree, msg, winmail

EXAMPLES = int(os.environ.get("OFICRM_FUZZ", "300"))
IN_PLACE = (0, 1, 5)  # ways that leave everything where it was: what comes after is still found
NUMBERS = [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xfe\xff\xff\xff"]
MOST_SECONDS = 5.0
MOST_BYTES = 64 * 1024 * 1024  # for messages of some kilobytes

WINMAIL = winmail(
    b"Hola", {0x37: (0x1E, b"Asunto\0"), 0x1013: (0x102, b"<p>a</p>")}, [("a.txt", b"x" * 50), ("b", b"y")]
)
SHORT_HEADER = b'From: =?utf-8?Q?Ana?= <a@x.es>\r\nTo: G: b@x.es;, "C, D" <c@x.es>\r\nDate: 1 Jan 2024 10:00 +0100\r\n'
EML = [
    SHORT_HEADER + b"Subject: =?utf-8?B?QcOxbw==?=\r\n\r\nTexto\r\n",
    SHORT_HEADER + b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\n'
    b"Content-Type: multipart/alternative; boundary=b2\r\n\r\n--b2\r\n"
    b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B\x46|\x1b(B\r\n"
    b"--b2\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>A=C3=B1o <img src=3D'cid:x'></p>\r\n--b2--\r\n"
    b"--b1\r\nContent-Type: image/png; name*0*=utf-8''a%C3; name*1*=%B1o\r\nContent-ID: <x>\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nQUJDREVGRw==\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: z@x.es\r\nSubject: Dentro\r\n\r\nx\r\n--b1--\r\n",
    SHORT_HEADER + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + WINMAIL,
    SHORT_HEADER + b"Content-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    b"begin 644 a\r\n%2&]L82$ \r\n`\r\nend\r\n",
]
_VALUES = {0x37: "Asunto", 0x1000: "Hola", 0x0C1A: "Ana", 0x5D01: "a@x.es", 0x3FDE: 1252, 0x7D: "To: b@x.es\r\n"}
_RTF = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\t\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0"
MSG = [
    msg(_VALUES, [{0x0C15: 1, 0x3001: "B", 0x39FE: "b@x.es"}], [{0x3707: "a.txt", 0x3701: b"x" * 5000}]),
    msg({**_VALUES, 0x1013: b"<p>a</p>", 0x1009: _RTF}, [], [message_tree(_VALUES, [], [], 24)]),
    msg({0x1009: _RTF, 0x37: (0x1E, b"Asunto")}),
]


@st.composite
def mutated(draw: st.DrawFn, corpus: list[bytes], kept: int = 0, ways: Sequence[int] = range(8)) -> bytes:
    """One of the corpus with some bytes changed, cut out, doubled, put in from another, or its lines shuffled.

    The first `kept` bytes, by which its kind is told, stay.
    """
    data = bytearray(draw(st.sampled_from(corpus)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(min(kept, len(data)), max(kept, len(data) - 1)))
        size = draw(st.integers(0, 64))
        match draw(st.sampled_from(ways)):
            case 0:
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                data[at : at + 4] = draw(
                    st.sampled_from([b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\xfe\xff\xff\xff"])
                )
            case 2:
                del data[at : at + size]
            case 3:
                del data[at:]
            case 4:
                data[at:at] = data[at : at + size] * draw(st.integers(1, 50))
            case 5:
                other = draw(st.sampled_from(corpus))
                start = draw(st.integers(0, len(other) - 1))
                data[at : at + size] = other[start : start + size]
            case 6:
                lines = bytes(data).split(b"\n")
                data = bytearray(b"\n".join(draw(st.permutations(lines)) if len(lines) < 60 else reversed(lines)))
            case _:
                data[at:at] = draw(st.binary(max_size=40))
    return bytes(data)


def look_at(message: Message) -> None:
    """What a screen and a database ask of a message."""
    texts = [message.subject, message.text, message.html, message.message_id, message.in_reply_to, *message.references]
    texts += [part.name for part in message.parts] + [text for pair in message.headers for text in pair]
    people = [*message.to, *message.cc, *message.bcc, *message.reply_to, *([message.sender] if message.sender else [])]
    texts += [str(person) for person in people]
    for text in texts:
        assert "\0" not in text
        text.encode()
    assert "\n" not in message.subject + "".join(str(person) for person in people)
    assert message.sent_at is None or message.sent_at.utcoffset() is not None
    safe(message.html)
    has_remote(message.html)
    to_text(message.html)


@contextmanager
def bounded() -> Iterator[None]:
    """Fail when what is done within takes too long or too much memory."""
    start = time.process_time()
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < MOST_SECONDS


def read(data: bytes) -> None:
    """Read a message, within the bounds."""
    with bounded():
        is_message(data)
        with suppress(Unreadable):
            look_at(read_message(data))


FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(mutated(EML))
def test_eml(data):
    read(data)


@FUZZ
@given(mutated(MSG) | mutated(MSG, 8, IN_PLACE) | mutated(MSG, 512, IN_PLACE))
def test_msg(data):
    read(data)


@FUZZ
@given(mutated([WINMAIL]) | mutated([WINMAIL], 6))
def test_tnef(data):
    with bounded():
        found = tnef.read(data)
    for part in found.parts if found else ():
        part.name.encode()
        assert len(part.data) <= len(data)


@FUZZ
@given(st.binary(max_size=2000) | mutated([*EML, *MSG, WINMAIL]))
def test_anything(data):
    read(data)
