import io
import threading
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oficrm.files import limits
from oficrm.files.pdf import Document, page_count, page_picture, unpacks_too_far
from oficrm.files.reading import Unreadable
from tests.support.documents import deflated, pdf
from tests.support.patience import ends_soon


def test_first_page_becomes_pixels(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("Hola", "Adiós"))
    picture = page_picture(path, width=400)
    assert picture is not None
    assert (picture.width, picture.height, picture.format) == (400, 567, "BGRx")
    assert len(picture.data) == picture.stride * picture.height
    assert picture.data[:3] == b"\xff\xff\xff"
    grey = picture.data[picture.stride * (picture.height - 5) + 4 * 5 :][:3]
    assert set(grey) == {0x80}
    assert page_count(path) == 2
    path.unlink()  # Windows refuses while it is open


def test_other_pages_and_pages_there_are_not():
    data = pdf("Hola", "Adiós")
    assert page_picture(data, 1) is not None
    assert page_picture(io.BytesIO(data), 2) is None
    assert page_picture(data, -1) is None


@pytest.mark.parametrize(
    "box", ["0 0 1000000000 1000000000", "0 0 0.001 1000000000", "0 0 1000000000 0.01", "0 0 3 900000", "0 0 0 0"]
)
def test_a_page_of_any_size_takes_little_memory(box):
    picture = page_picture(pdf("Hola", box=box), width=100_000)
    if picture is not None:
        assert picture.width <= limits.MAX_PICTURE_SIDE + 1
        assert picture.height <= limits.MAX_PICTURE_SIDE + 1
        assert len(picture.data) <= 4 * (limits.MAX_PICTURE_PIXELS + 3 * limits.MAX_PICTURE_SIDE)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"hola", pdf("a", encrypted=True), pdf("a")[:300], pdf("a")[200:]])
def test_what_cannot_be_read_has_no_picture_and_no_pages(data):
    assert page_picture(data) is None
    assert page_count(data) in (0, 1)


def test_pages_that_are_their_own_parent_end():
    assert page_picture(pdf("a", kids="2 0 R 2 0 R", count=100_000)) is None


def test_a_stream_is_left_open():
    stream = io.BytesIO(pdf("Hola"))
    assert page_picture(stream) is not None
    assert not stream.closed


class Failing(io.BytesIO):
    """A stream whose source goes away in the middle."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 3:
            raise ConnectionError("gone")
        return super().read(size)


def test_an_error_of_the_stream_comes_through():
    with pytest.raises(ConnectionError, match="gone"):
        page_picture(Failing(pdf("Hola")))


def test_streams_that_inflate_too_far_are_found():
    bomb = deflated(130)
    assert unpacks_too_far(io.BytesIO(pdf("a", packed=bomb)))  # type: ignore[arg-type]
    twice = zlib.compress(bomb, 9)
    assert len(twice) < 2000
    assert unpacks_too_far(io.BytesIO(pdf("a", packed=twice)))  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="demasiado"), Document(io.BytesIO(pdf("a", packed=bomb))):
        pass


@pytest.mark.parametrize("before", [*range(1024 * 1024 - 12, 1024 * 1024 + 4), 3 * 1024 * 1024 + 5])
def test_a_stream_is_found_wherever_it_begins(before, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PDF_STREAM", 1000)
    data = b"%PDF" + b"x" * (before - 4) + b"stream\r\n"
    assert unpacks_too_far(io.BytesIO(data + zlib.compress(b" " * 1001)))  # type: ignore[arg-type]
    assert not unpacks_too_far(io.BytesIO(data + zlib.compress(b" " * 1000)))  # type: ignore[arg-type]


def test_pictures_in_several_threads_come_one_after_another():
    data = pdf("Hola")
    sizes: list[int] = []

    def paint() -> None:
        for _ in range(20):
            picture = page_picture(data, width=100)
            sizes.append(picture.width if picture else 0)

    threads = [threading.Thread(target=paint) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [100] * 80


VALID = pdf("Hola", "Adiós")


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.binary(max_size=6)), max_size=8), st.integers(0, 400))
def test_damaged_files_end_quietly(changes, cut):
    data = bytearray(VALID)
    for at, new in changes:
        data[at : at + len(new)] = new
    with ends_soon():
        page_picture(bytes(data[: len(data) - cut]), width=50)
        assert page_count(bytes(data)) >= 0
