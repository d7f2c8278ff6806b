"""What file managers, mail programs, browsers and screenshots hand over becomes files."""

import datetime as dt
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from oficrm import clock
from ui.files import descriptors, intake

MAIL = b"From: a@b.example\r\nSubject: =?utf-8?q?Pedido_de_noviembre=3A_urgente?=\r\n\r\nHola\r\n"
NOW = dt.datetime(2026, 11, 21, 23, 45, 10, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def descriptor(*names: tuple[str, bool], wide: bool = True) -> bytes:
    """A FILEGROUPDESCRIPTOR as Outlook writes it; True marks a folder."""
    made = struct.pack("<I", len(names))
    for name, is_folder in names:
        flags, attributes = (4, 0x10) if is_folder else (0, 0)
        encoded = name.encode("utf-16-le" if wide else "cp1252")
        room = 520 if wide else 260
        made += struct.pack("<I16s8s8sI24sII", flags, b"", b"", b"", attributes, b"", 0, 0)
        made += encoded[: room - 2].ljust(room, b"\0")
    return made


def test_local_files_come_as_their_paths_once_each(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a ñ.pdf", "b.eml", "a ñ.pdf")])
    assert [source.path for source in intake.sources_of(mime)] == [tmp_path / "a ñ.pdf", tmp_path / "b.eml"]
    assert intake.holds_files(mime)


def test_a_mail_is_called_like_its_subject() -> None:
    mime = QMimeData()
    mime.setData("message/rfc822", MAIL)
    (source,) = intake.sources_of(mime)
    assert (source.data, source.title()) == (MAIL, "Pedido de noviembre urgente.eml")
    assert intake.holds_files(mime)


@pytest.mark.parametrize(
    "head", [b"", b"Subject: \r\n", b"Subject: =?nada?q?x?=\r\n", b"Subject: =?utf-8?b?////?=\r\n"]
)
def test_a_mail_with_a_broken_subject_has_a_name_all_the_same(head: bytes) -> None:
    mime = QMimeData()
    mime.setData("message/rfc822", b"From: a@b.example\r\n" + head + b"\r\nHola")
    (source,) = intake.sources_of(mime)
    assert source.title().endswith(".eml")
    assert len(source.title()) > 4


def test_files_of_outlook_come_with_their_bytes_and_folders_are_left_out() -> None:
    mime = QMimeData()
    mime.setData(descriptors.WIDE, descriptor(("Oferta ñ.pdf", False), ("Carpeta", True), ("..\\malo.msg", False)))
    mime.setData(f"{descriptors.CONTENTS};index=0", b"%PDF-1")
    mime.setData(f"{descriptors.CONTENTS};index=2", b"\xd0\xcf")
    found = intake.sources_of(mime)
    assert [(source.title(), source.data) for source in found] == [
        ("Oferta ñ.pdf", b"%PDF-1"),
        ("malo.msg", b"\xd0\xcf"),
    ]
    assert intake.holds_files(mime)


def test_a_single_mail_of_outlook_without_an_index() -> None:
    mime = QMimeData()
    mime.setData(descriptors.NARROW, descriptor(("Año.msg", False), wide=False))
    mime.setData(descriptors.CONTENTS, b"bytes")
    (source,) = intake.sources_of(mime)
    assert (source.title(), source.data) == ("Año.msg", b"bytes")


@given(st.binary(max_size=3000), st.booleans())
def test_no_descriptor_whatever_its_bytes_is_an_error(data: bytes, wide: bool) -> None:
    names = descriptors.names_in(data, wide=wide)
    assert all(name is None or (name and "/" not in name and "\\" not in name) for name in names)


def test_a_descriptor_that_claims_a_million_files_gives_those_it_has() -> None:
    data = struct.pack("<I", 1_000_000) + descriptor(("uno.txt", False))[4:]
    assert descriptors.names_in(data, wide=True) == ["uno.txt"]


def test_a_screenshot_becomes_a_png_named_by_its_moment() -> None:
    image = QImage(8, 5, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime = QMimeData()
    mime.setImageData(image)
    (source,) = intake.sources_of(mime)
    assert source.title() == f"Captura {NOW.astimezone():%Y-%m-%d %H.%M}.png"
    assert source.data is not None
    again = QImage.fromData(source.data)
    assert (again.width(), again.height(), again.pixelColor(3, 3)) == (8, 5, QColor("red"))


def test_a_png_that_comes_as_such_is_taken_as_it_is() -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"whatever follows"
    mime = QMimeData()
    mime.setData("image/png", data)
    assert intake.sources_of(mime)[0].data == data


def test_text_becomes_a_text_file() -> None:
    mime = QMimeData()
    mime.setText("Llamar mañana")
    (source,) = intake.sources_of(mime)
    assert source.data == "Llamar mañana".encode()
    assert source.title().startswith("Texto 2026-11-2")
    assert not intake.holds_files(mime), "a text on its way to a field is no file"
    assert intake.can_take(mime)


def test_html_alone_becomes_its_words() -> None:
    mime = QMimeData()
    mime.setHtml("<p>Precio: <b>120 €</b></p><script>alert(1)</script>")
    (source,) = intake.sources_of(mime)
    assert source.data is not None
    assert "Precio: 120 €" in source.data.decode()
    assert "alert" not in source.data.decode()


def test_nothing_becomes_nothing() -> None:
    mime = QMimeData()
    assert intake.sources_of(mime) == []
    mime.setText("  \n")
    assert intake.sources_of(mime) == []
    mail = QMimeData()
    mail.setData("message/rfc822", b"")
    assert intake.sources_of(mail) == []
