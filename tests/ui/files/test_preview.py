"""The preview beside the files: what can be seen of each, and what is never run."""

import struct
import zlib
from email.message import EmailMessage

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from oficrm.files import keeping
from tests.support.desk import WAIT, Desk
from tests.support.lanes import wait_for_slow
from tests.ui.files.conftest import Attach, MakePage, System
from tests.ui.files.steps import choose, run
from ui.files import looking
from ui.files.looking import Wanted, look
from ui.files.page import FilesPage
from ui.files.preview import Preview

ROOM = QSize(300, 400)


def picture(width: int, height: int, form: str = "PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#204080"))
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(held.data())


def turned(jpeg: bytes) -> bytes:
    """A JPEG whose EXIF mark says that it lies on its side (orientation 6)."""
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def view(desk: Desk, ident: int) -> looking.View:
    made = desk.read(lambda session: look(session, ident, ROOM, Wanted(), 0))
    assert made is not None
    return made


def preview_of(page: FilesPage) -> Preview:
    assert page.part is not None
    return page.part.preview


def test_a_large_picture_fits_and_a_small_one_is_not_blown_up(desk: Desk, attach: Attach) -> None:
    large, small = attach(a__png=picture(900, 300), b__png=picture(20, 10))
    shown = view(desk, large).picture
    assert shown is not None
    assert (shown.width(), shown.height()) == (300, 100)
    assert view(desk, large).facts.endswith("900 × 300")
    shown = view(desk, small).picture
    assert shown is not None
    assert (shown.width(), shown.height()) == (20, 10)


def test_a_photograph_stands_upright(desk: Desk, attach: Attach) -> None:
    (ident,) = attach(foto__jpg=turned(picture(800, 200, "JPG")))
    shown = view(desk, ident).picture
    assert shown is not None
    assert (shown.width(), shown.height()) == (200, 800)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("rota__png", picture(300, 300)[:60], "dañada"),
        ("enorme__png", claims(60_000, 60_000), "demasiado"),
        ("roto__pdf", b"%PDF-1.7 nada", "dañado"),
    ],
)
def test_what_is_damaged_or_monstrous_is_said(desk: Desk, attach: Attach, name: str, data: bytes, words: str) -> None:
    (ident,) = attach(**{name: data})
    made = view(desk, ident)
    assert made.picture is None
    assert words in made.problem


def test_a_picture_above_the_bound_is_not_read(desk: Desk, attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_PICTURE", 10)
    (ident,) = attach(a__png=picture(30, 30))
    made = view(desk, ident)
    assert made.picture is None
    assert "ábralo" in made.problem


def test_drawings_and_web_pages_are_text(desk: Desk, attach: Attach) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    drawing, page = attach(a__svg=svg, b__html=b"<html><body><img src='http://x.example/y'>Hola</body></html>")
    for ident, part in ((drawing, "<script>"), (page, "<img")):
        made = view(desk, ident)
        assert made.picture is None
        assert made.text is not None
        assert part in made.text


def test_text_in_an_old_encoding_and_its_beginning_only(desk: Desk, attach: Attach) -> None:
    old, long = attach(a__txt="Año de la señal: 100 €".encode("cp1252"), b__txt=b"x" * 300_000)
    assert view(desk, old).text == "Año de la señal: 100 €"
    made = view(desk, long)
    assert made.is_cut
    assert len(made.text or "") == looking.MOST_TEXT


def test_a_mail_shows_who_when_and_what(desk: Desk, attach: Attach) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Marta Ruiz <marta@ruiz.example>", "ana@levante.example", "Pedido ñ"
    mail.set_content("Confirmo el pedido.")
    mail.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="pedido.pdf")
    (ident,) = attach(a__eml=mail.as_bytes())
    made = view(desk, ident)
    assert dict(made.head)["De"] == "Marta Ruiz <marta@ruiz.example>"
    assert dict(made.head)["Asunto"] == "Pedido ñ"
    assert dict(made.head)["Adjuntos"] == "pedido.pdf"
    assert made.text is not None
    assert "Confirmo el pedido." in made.text


def test_an_older_request_is_not_worth_its_time(desk: Desk, attach: Attach) -> None:
    (ident,) = attach(a__txt=b"hola")
    wanted = Wanted()
    old = wanted.next()
    wanted.next()
    assert desk.read(lambda session: look(session, ident, ROOM, wanted, old)) is None


# --- in the page


def test_it_follows_the_row_and_a_click_opens(desk: Desk, attach: Attach, make_page: MakePage, system: System) -> None:
    text, image, other = attach(a__txt=b"hola", b__png=picture(40, 40), c__bin=bytes(range(256)) * 4)
    page = make_page()
    preview = preview_of(page)
    for ident, index in ((text, 1), (image, 0), (other, 2)):
        with desk.qtbot.waitSignal(preview.shown, timeout=WAIT):
            choose(page, ident)
        assert preview.stack.currentIndex() == index
    assert "no se puede ver" in preview.sentence.text()
    choose(page, text, image)
    assert preview.sentence.text() == "2 archivos seleccionados"
    with desk.qtbot.waitSignal(preview.shown, timeout=WAIT):
        choose(page, image)
    QTest.mouseClick(preview.picture, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: [path.name for path in system.opened] == ["b.png"], timeout=WAIT)


def test_a_new_version_is_seen_at_once(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    from oficrm.files.sources import Source

    (ident,) = attach(a__txt=b"hola")
    page = make_page()
    preview = preview_of(page)
    with desk.qtbot.waitSignal(preview.shown, timeout=WAIT):
        choose(page, ident)
    desk.context.bridge.write(
        lambda s: keeping.new_version(s, ident, Source(data=b"adios", name="a.txt")), lambda _done: None, page
    )
    desk.qtbot.waitUntil(lambda: preview.text.toPlainText() == "adios", timeout=WAIT)
    assert "versión 2" in preview.facts.text()


def test_folded_it_reads_nothing_and_stays_folded(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    (ident,) = attach(a__txt=b"hola")
    page = make_page()
    preview = preview_of(page)
    assert preview.isVisible()
    run(page, "preview")
    assert not preview.isVisible()
    choose(page, ident)
    wait_for_slow(desk.jobs)
    assert preview.view is None
    again = make_page()
    assert not preview_of(again).isVisible()
    choose(again, ident)
    with desk.qtbot.waitSignal(preview_of(again).shown, timeout=WAIT):
        run(again, "preview")
    assert preview_of(again).text.toPlainText() == "hola"
