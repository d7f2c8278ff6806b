import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail.html import has_remote, safe, to_text
from tests.support.patience import ends_soon


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hola<br>adi&oacute;s", "Hola\nadiós"),
        ("<p>Uno</p><p>Dos</p>", "Uno\n\nDos"),
        ("<div>Uno</div>\n  <div>Dos</div>", "Uno\nDos"),
        ("<p>a&nbsp;&nbsp; b\n c</p>", "a b c"),
        ("<ul><li>Uno<li>Dos</ul>", "- Uno\n- Dos"),
        ("<ol><li>Uno</li><li>Dos</li></ol>fin", "1. Uno\n2. Dos\n\nfin"),
        ('<a href="https://x.es/a?b=1&amp;c=2">Ver</a>', "Ver <https://x.es/a?b=1&c=2>"),
        ('<a href="https://x.es/">x.es</a>', "x.es"),
        ('<a href="mailto:a@x.es">Ana</a> <a href=mailto:b@x.es>b@x.es</a>', "Ana <a@x.es> b@x.es"),
        ('<a href="javascript:alert(1)">Ver</a>', "Ver"),
        ("<table><tr><td>Ref</td><td>Uds</td></tr><tr><td>A1</td><td>3</td></tr></table>", "Ref | Uds\nA1 | 3"),
        ("<table><tr><td></td><td>solo</td><td> </td></tr></table>", "solo"),
        ("<blockquote>cita<br>más</blockquote>mía", "> cita\n> más\n\nmía"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("<style>p{color:red}</style><script>alert('<p>')</script><title>T</title>Hola", "Hola"),
        ("<!-- nada <p> -->Hola<!--[if mso]>x<![endif]--> y", "Hola y"),
        ('<img src="http://x/a.png" alt="Logo"> Hola', "[Logo] Hola"),
        ('<p title="a > b">Hola</p>', "Hola"),
        ("1 < 2 y 3 > 2 <3", "1 < 2 y 3 > 2 <3"),
        ("<p>a\x00b\u202c</p>", "ab\u202c"),
        ("&#xD800;&#0;x", "\ufffd\ufffdx"),
        ("<o:p>&nbsp;</o:p>Hola", "Hola"),
        ("<p>sin cerrar <b>nada <script>alert(1)", "sin cerrar nada"),
        ("", ""),
    ],
)
def test_readable_text(html, text):
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Hola <b>tú</b></p>", "<p>Hola <b>tú</b></p>"),
        ("<script>alert(1)</script><p onclick=x()>a</p>", "<p>a</p>"),
        ("<form action=http://x><input name=a><button>b</button>c</form>", "bc"),
        ("<iframe src=http://x></iframe><object data=http://x></object><embed src=http://x>a", "a"),
        ('<link rel=stylesheet href="http://x"><style>@import "http://x";</style><base href="http://x">a', "a"),
        ('<meta http-equiv=refresh content="0;url=http://x">a', "a"),
        ('<img src="http://x/a.png" alt="Logo">', "<span>[imagen remota: Logo]</span>"),
        ("<img src=//x/a.png>", "<span>[imagen remota]</span>"),
        ("<img src='data:image/png;base64,AA'>", "<span>[imagen remota]</span>"),
        ("<img src='file:///etc/passwd'>", "<span>[imagen remota]</span>"),
        ('<img srcset="http://x/a.png 2x" src="cid:a@b">', '<img src="cid:a@b">'),
        ('<td background="http://x">a</td>', "a"),
        ('<p style="color: red; background: url(http://x); width:expression(a)">a</p>', '<p style="color: red">a</p>'),
        ('<p style="background-color: u\\72l(http://x)">a</p>', "<p>a</p>"),
        ('<p style="color: rgb(1, 2, 3)">a</p>', '<p style="color: rgb(1, 2, 3)">a</p>'),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href=" java\tscript:alert(1)">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="/local">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="https://x.es">a</a>', '<a href="https://x.es" rel="noopener noreferrer">a</a>'),
        ('<a href="mailto:a@x.es">a</a>', '<a href="mailto:a@x.es" rel="noopener noreferrer">a</a>'),
        ("<svg><image href=http://x /></svg><math><a href=javascript:x>y</a></math>a", "a"),
        ('<video poster="http://x" src="http://x"></video><audio src="http://x"></audio>a', "a"),
        ("a &copy; b & c &amp d", "a © b &amp; c &amp;amp d"),
    ],
)
def test_nothing_runs_and_nothing_is_fetched(html, kept):
    assert safe(html) == kept


def test_pictures_of_the_message_stay_when_they_are_there():
    html = '<img src="cid:Uno@x"><img src="cid:otra@x" alt="Foto">'
    assert safe(html, {"<uno@x>": b""}) == '<img src="cid:Uno@x"><span>[imagen: Foto]</span>'


@pytest.mark.parametrize(
    "html",
    [
        "<img src=http://x>",
        '<IMG alt="a" SRC = " //x/a">',
        "<td background='https://x'>",
        "<p style='background:url(http://x)'>",
        "<style>@import 'http://x'</style>",
        "<link rel=stylesheet href=http://x>",
        "<img srcset='http://x 2x'>",
    ],
)
def test_remote_content_is_noticed(html):
    assert has_remote(html)


@pytest.mark.parametrize("html", ["", "<p>http://x</p>", "<a href='http://x'>a</a>", "<img src='cid:a'>", "@important"])
def test_nothing_remote_is_noticed_where_there_is_none(html):
    assert not has_remote(html)


FRAGMENTS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<img src=",
        "http://x",
        '"',
        "'",
        ">",
        "<",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "&#",
        "<a href=",
        "javascript:",
        "<style>",
        " style=",
        "url(",
        ")",
        "\\",
        "<svg>",
        "<title>",
        "onclick=x",
        "/",
        " ",
        "<table><td>",
        "\0",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=40).map("".join))
def test_whatever_comes_is_harmless(html):
    shown = safe(html).lower()
    for danger in ("<script", "<style", "<svg", '<img src="http', "<link", "<iframe", "<form", "<title"):
        assert danger not in shown
    assert not has_remote(" ".join(re.findall("<[^<>]*>", shown)))  # a text may speak of url(http://x)
    to_text(html).encode()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<b>" * 100_000,
        "<a><p>" * 20_000,
        "&" * 300_000,
        "<" * 500_000,
        "<!--" * 100_000,
        '<a href="' * 50_000,
        "<p>" + "".join(f"<b id={i}>" for i in range(99)) + "<p>x" * 50_000,
        "<li>" * 100_000,
        "<dd><li>" * 50_000,
        "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">",
        "<ul><li>" * 50_000,
        "<blockquote>" * 50_000,
        "<script>" * 50_000,
        "<table><td>" * 20_000,
        "url(" * 100_000,
        "<img " * 100_000,
        "<img" + " " * 300_000,
    ],
)
def test_bombs_end_soon(html):
    with ends_soon():
        to_text(html)
        assert len(safe(html)) < 8 * len(html) + 100
        has_remote(html)


def test_a_bomb_is_shown_as_its_text():
    assert safe("<div>" * 1000 + "Hola & <b>adiós") == "<pre>Hola &amp; adiós</pre>"
