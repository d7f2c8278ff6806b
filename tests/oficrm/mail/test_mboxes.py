"""Reading an mbox: every message with its bytes, whatever the blocks, the limits and the lines that say From."""

import io
import mailbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oficrm.mail import mboxes

LINE = b"From ana@levante.es Fri Jul  8 12:08:34 2011\n"
LIMIT = 10_000


def read(data: bytes, limit: int = LIMIT) -> list[bytes | None]:
    return [found.data for found in mboxes.messages(io.BytesIO(data), limit)]


def packed(bodies: list[bytes], end: bytes = b"\n") -> bytes:
    """An mbox in the way of mboxrd."""
    out = b""
    for body in bodies:
        lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in body.split(b"\n")]
        out += (LINE + b"\n".join(lines) + b"\n\n").replace(b"\n", end)
    return out


_BODY = st.lists(
    st.sampled_from([b"Subject: hola", b"", b"From aqui salimos", b">From antes", b"texto", b"From - ",
                     b"From x@y Fri Jul  8 12:08:34 2011", b"x" * 300]),
    min_size=1, max_size=12,
).map(lambda lines: b"\n".join([b"Subject: x", *lines, b"fin"]))  # fmt: skip


@settings(max_examples=200)
@given(st.lists(_BODY, max_size=6), st.sampled_from([b"\n", b"\r\n"]), st.sampled_from([1, 7, 64, 1000, 1 << 20]))
def test_what_was_packed_comes_out_whatever_the_blocks(bodies: list[bytes], end: bytes, block: int) -> None:
    patch = pytest.MonkeyPatch()
    patch.setattr(mboxes, "BLOCK", block)
    try:
        assert read(packed(bodies, end)) == [(body + b"\n").replace(b"\n", end) for body in bodies]
    finally:
        patch.undo()


@given(st.binary(max_size=400) | st.text("From \n\r>-:0129 ab", max_size=300).map(str.encode))
def test_nothing_is_too_broken_to_be_gone_through(data: bytes) -> None:
    assert sum(found.size for found in mboxes.messages(io.BytesIO(data), 50)) <= len(data)


def test_the_library_packs_and_it_is_read(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "correo.mbox")
    bodies = [b"Subject: uno\n\nhola\nFrom aqui\n", b"Subject: dos\n\nadios\n"]
    for body in bodies:
        box.add(body)
    box.close()
    assert read((tmp_path / "correo.mbox").read_bytes()) == bodies


@pytest.mark.parametrize(
    "line",
    [b"From - \n", b"From -\n", b"From \n", b"From 1234567890@xxx Sat Jan 01 00:00:00 +0000 2022\n",
     b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n", b"From a@b.es 01/02/2011 9:15 2011\r\n"],
)  # fmt: skip
def test_the_lines_between_messages_of_other_programs_are_known(line: bytes) -> None:
    assert read((line + b"Subject: x\n\nhola\n\n") * 3) == [b"Subject: x\n\nhola\n"] * 3


@pytest.mark.parametrize("text", [b"From here on all is well\n", b"From - \nand on\n", b"From 12:00 to 13:00\n"])
def test_a_letter_may_say_from(text: bytes) -> None:
    body = b"Subject: x\n\nhola\n\n" + text
    assert read(LINE + body + b"\n" + LINE + body + b"\n") == [body, body]


def test_a_message_above_the_limit_is_passed_over_and_its_size_told() -> None:
    big = b"Subject: x\n\n" + b"y" * (3 * mboxes.BLOCK) + b"\n"
    data = packed([b"Subject: a"]) + LINE + big + b"\n" + packed([b"Subject: b"])
    found = list(mboxes.messages(io.BytesIO(data), LIMIT))
    assert [(each.number, each.data) for each in found] == [(1, b"Subject: a\n"), (2, None), (3, b"Subject: b\n")]
    assert found[1].size == len(big) + 1


def test_no_more_is_held_than_a_message_and_some_blocks() -> None:
    """One that never ends is read to its end without being kept."""

    class Endless(io.RawIOBase):
        left = 64 * 1024 * 1024

        def read(self, count: int = -1) -> bytes:
            given = LINE if self.left == 64 * 1024 * 1024 else b"y" * min(count, self.left)
            self.left -= len(given)
            return given

    import tracemalloc

    tracemalloc.start()
    found = list(mboxes.messages(Endless(), LIMIT))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.data for each in found] == [None]
    assert peak < 8 * mboxes.BLOCK


@pytest.mark.parametrize(
    ("head", "is_one"), [(LINE, True), (b"From \n", True), (b"From: a@b.es\n", False), (b"", False)]
)
def test_what_begins_like_an_mbox(head: bytes, is_one: bool) -> None:
    assert mboxes.is_mbox(head) is is_one
