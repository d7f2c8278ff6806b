"""A message is shown and nothing else happens: no request, no file read, no script, no way elsewhere."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest

from oficrm.mail.reading import read_message
from tests.support.patience import ends_soon
from tests.ui.mail.conftest import html_letter
from tests.ui.mail.test_pictures import png
from ui import theme
from ui.mail.content import Shown, make_ready
from ui.mail.paper import Paper
from ui.mail.view import MailDocument, MailView

NASTY = """<html><head><meta http-equiv="refresh" content="0;url=https://malo.com/r"><base href="https://malo.com/">
<link rel="stylesheet" href="https://malo.com/s.css"><style>@import url(https://malo.com/i.css);
p {{ background: url(https://malo.com/bg.png) }}</style><script>location='https://malo.com/s'</script></head>
<body background="https://malo.com/body.png" onload="fetch('https://malo.com/o')">
<p style="background-image:url(https://malo.com/p.png)" onclick="alert(1)">Cuerpo del mensaje</p>
<img src="https://malo.com/pixel.gif"><img src="//malo.com/x.png"><img src="{file}"><img src="cid:propia">
<img src="cid:ajena"><img srcset="https://malo.com/set.png 2x"><img src="data:image/png;base64,AAAA">
<iframe src="https://malo.com/f"></iframe><object data="https://malo.com/o"></object><embed src="https://malo.com/e">
<form action="https://malo.com/form"><input type="image" src="https://malo.com/b.png"><button>Enviar</button></form>
<a href="javascript:alert(1)">uno</a><a href="file:///etc/passwd">dos</a><a href="https://bueno.es/">tres</a>
<svg><image href="https://malo.com/svg.png"/></svg><video src="https://malo.com/v" poster="https://malo.com/po"></video>
<table background="https://malo.com/t.png"><tr><td background="https://malo.com/td.png">celda</td></tr></table>
</body></html>"""


@pytest.fixture
def view(qtbot, qapp):
    """A view on the screen."""
    theme.apply(qapp, "light")
    made = MailView()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A picture on the disk that no mail may show."""
    path = tmp_path / "secreto.png"
    path.write_bytes(png(40, 40))
    return path


def test_nothing_is_asked_for_but_the_pictures_of_the_message(view, secret):
    html = NASTY.format(file=secret.as_uri())
    view.show_message(make_ready(read_message(html_letter(html, pictures={"propia": png(30, 20)}))))
    view.grab()
    document = view.mail_document()
    assert document.asked == []
    assert "Cuerpo del mensaje" in view.toPlainText()
    assert "celda" in view.toPlainText()
    shown = document.toHtml()
    for word in ("malo.com", "javascript", "onload", "onclick", "<form", "iframe", "secreto", "refresh", "data:"):
        assert word not in shown
    assert shown.count("<img") == 1


def test_html_that_slipped_through_still_fetches_nothing(view, secret):
    """Were the cleaning to fail, the document itself asks nobody: neither disk, nor network, nor data addresses."""
    slipped = NASTY.format(file=secret.as_uri()) + f'<img src="{secret}"><img src="qrc:/x.png">'
    view.show_message(Shown("", Paper(slipped), pictures={"propia": QImage(png(30, 20))}))
    view.grab()
    document = view.mail_document()
    assert any("malo.com" in name for name in document.asked)
    assert any("secreto" in name for name in document.asked)
    for name in (secret.as_uri(), str(secret), "https://malo.com/pixel.gif", "data:image/png;base64,AAAA"):
        found = document.resource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        assert (found.width(), found.height()) == (1, 1)
    assert view.source().isEmpty()


def test_a_document_gives_its_own_pictures_and_no_style(qtbot):
    own = QImage(30, 20, QImage.Format.Format_RGB32)
    view = MailView()
    qtbot.addWidget(view)
    document = MailDocument({"logo@x": own}, view)
    image, style = QTextDocument.ResourceType.ImageResource.value, QTextDocument.ResourceType.StyleSheetResource.value
    assert document.resource(image, QUrl("cid:LOGO@x")).width() == 30
    assert document.resource(image, QUrl("cid:other")).width() == 1
    assert not document.resource(style, QUrl("https://malo.com/s.css"))


def test_a_click_on_a_link_only_asks(view, qtbot):
    view.show_message(make_ready(read_message(html_letter('<p><a href="https://bueno.es/a">enlace largo</a></p>'))))
    at = QPoint(40, 22)
    assert view.anchorAt(at) == "https://bueno.es/a"
    before = view.toPlainText()
    with qtbot.waitSignal(view.link_asked) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args == ["https://bueno.es/a"]
    assert (view.toPlainText(), view.source()) == (before, QUrl())
    view.setSource(QUrl("file:///etc/passwd"))
    assert view.toPlainText() == before


def test_the_target_is_told_when_the_pointer_is_on_a_link(view, qtbot):
    view.show_message(make_ready(read_message(html_letter('<a href="https://bueno.es/a" title="Mentira">enlace</a>'))))
    with qtbot.waitSignal(view.hovered) as told:
        view.highlighted.emit(QUrl("https://bueno.es/a"))
    assert told.args == ["https://bueno.es/a"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_html_stands_on_white_paper_and_text_on_the_ground_of_the_theme(view, qapp, mode):
    theme.apply(qapp, mode)
    message = read_message(html_letter('<p style="color:#000">Letra negra sin fondo</p>'))
    view.show_message(make_ready(message))
    assert view.grab().toImage().pixelColor(600, 400).name() == theme.LIGHT.base
    view.set_as_text(True)
    assert view.grab().toImage().pixelColor(600, 400).name() == theme.tokens().base
    theme.apply(qapp, "light")


def test_a_page_of_its_own_colours_keeps_them_readable(view):
    raw = '<body bgcolor="#101820"><p>Sin color</p></body>'
    view.show_message(make_ready(read_message(html_letter(raw))))
    image = view.grab().toImage()
    assert image.pixelColor(600, 400).name() == "#101820"
    brightest = max(image.pixelColor(x, y).lightness() for x in range(14, 90) for y in range(12, 40))
    assert brightest > 180


def test_the_theme_may_change_while_a_message_is_read(view, qapp):
    view.show_message(make_ready(read_message(html_letter("<p>uno</p>"))), as_text=True)
    theme.apply(qapp, "dark")
    assert view.grab().toImage().pixelColor(600, 400).name() == theme.DARK.base
    theme.apply(qapp, "light")


def test_letters_grow_within_bounds(view, qtbot):
    view.show_message(make_ready(read_message(html_letter('<p style="font-size:10px">uno</p>'))))
    size = view.document().size().height()
    with qtbot.waitSignal(view.zoomed):
        view.set_zoom(6)
    assert view.document().size().height() > size
    view.set_zoom(99)
    assert view.zoom() == 10


def test_t_asks_for_the_text(view, qtbot):
    view.show_message(make_ready(read_message(html_letter("<p>uno</p>"))))
    with qtbot.waitSignal(view.text_asked):
        QTest.keyClick(view, Qt.Key.Key_T)


@pytest.mark.parametrize("html", [
    "<p>Una línea corriente de texto con <b>algo</b> de forma.</p>" * 80_000,
    "<table>" + "<tr><td>uno</td><td>dos</td><td>tres</td></tr>" * 60_000 + "</table>",
    "<table><tr><td>" * 60 + "hola " * 1000 + "</td></tr></table>" * 60,
    "<p>" + "x" * 900_000 + "</p>", "<div>" * 50_000 + "hola",
    "<table><tr><td colspan=9999999>a</td></tr><tr><td rowspan=9999999>b</td></tr></table>",
])  # fmt: skip
def test_a_mail_of_megabytes_does_not_hold_the_screen(view, html):
    shown = make_ready(read_message(html_letter(html)))
    with ends_soon():
        view.show_message(shown)
        view.grab()
    view.set_as_text(True)
    assert view.toPlainText().strip()
