"""HTML in bounds: nothing that keeps the layout busy, nothing lost that can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail.html import safe
from ui.mail import paper
from ui.mail.paper import prepare

PIECES = ("<table>", "</table>", "<tr>", "<td colspan=9999999>", "</td>", "<div style='display:none'>", "</div>",
          "<p style='font-size:99999px;padding:9e9px'>", "x" * 900, "palabra ", "<img src=cid:a width=99999>", "&amp;",
          "<b>", "</b>", "<a href='https://x.es/?a=1&b=\"2\"'>", "</a>", "<", ">", '"', "<td>")  # fmt: skip


def cost(html: str) -> int:
    """Cells, each counted twice for every table around it: what Qt's layout takes time for."""
    level = total = 0
    for tag in re.finditer(r"<(/?)(table|td)\b", html):
        if tag[2] == "table":
            level += -1 if tag[1] else 1
        elif not tag[1]:
            total += 1 << max(0, level - 1)
    return total


def test_tables_within_tables_stay_as_deep_as_the_layout_bears():
    deep = "<table><tr><td>" * 40 + "hola" + "</td></tr></table>" * 40
    made = prepare(safe(deep))
    assert "hola" in made.html
    assert 1 <= made.html.count("<table") <= 8
    assert cost(made.html) <= paper.MAX_WORK
    assert not made.is_cut


def test_long_texts_deep_in_tables_count_too():
    made = prepare(safe("<table><tr><td>" * 8 + "palabra " * 2000 + "</td></tr></table>" * 8))
    assert 1 <= made.html.count("<table") <= 5
    assert not made.is_cut


def test_a_newsletter_keeps_its_tables():
    html = "<table><tr><td>" * 5 + "<p>hola</p>" * 20 + "</td></tr></table>" * 5
    assert prepare(safe(html)).html.count("<table") == 5


def test_a_table_of_many_rows_is_cut_where_the_time_ends():
    made = prepare(safe("<table>" + "<tr><td>a</td><td>b</td></tr>" * 5000 + "</table>"))
    assert made.is_cut
    assert cost(made.html) <= paper.MAX_WORK + 1


def test_long_html_is_cut_and_short_is_not():
    assert prepare(safe("<p>hola</p>" * 60_000)).is_cut
    assert len(prepare(safe("<p>hola</p>" * 60_000)).html) <= paper.MAX_HTML + 50
    assert not prepare(safe("<p>hola</p>" * 100)).is_cut


def test_words_without_end_can_be_broken():
    longest = max(len(word) for word in re.split("[\u200b<>]", prepare(safe("<p>" + "x" * 5000 + "</p>")).html))
    assert longest <= 401


@pytest.mark.parametrize(("given_", "wanted"), [
    ('<td colspan="100000">a', 'colspan="40"'), ('<td width="9999999">a', 'width="1000"'),
    ('<td width="50%">a', 'width="50%"'), ('<td width="120">a', 'width="120"'),
    ('<td style="font-size: 9000pt">a', "font-size: 72px"), ('<td style="font-size: 14px">a', "font-size: 14px"),
    ('<td style="padding: 8000px 4px">a', "padding: 60px 4px"), ('<td style="color: #123456">a', "color: #123456"),
    ('<td style="background: #036 url(http://x.es/a)">a', "background-color: #036"),
])  # fmt: skip
def test_measures_come_into_bounds(given_, wanted):
    assert wanted in prepare(safe(f"<table><tr>{given_}</td></tr></table>")).html


def test_what_the_mail_hides_is_not_shown():
    html = '<div style="display:none;max-height:0">avance <div>de <b>dentro</b></div></div><p>cuerpo</p>'
    assert re.sub("<[^>]*>", "", prepare(safe(html)).html) == "cuerpo"


@pytest.mark.parametrize(("body", "wanted"), [
    ('<body bgcolor="#102030" text="white">', ("#102030", "white")),
    ("<BODY style='background:#000;color:#fff'>", ("#000", "#fff")),
    ('<body style="background-color: #102030">', ("#102030", "")), ("<body>", ("", "")), ("<p>sin body", ("", "")),
    ('<body style="background:url(x)">', ("", "")),
])  # fmt: skip
def test_the_colours_of_the_page_come_from_the_body(body, wanted):
    made = prepare("", body)
    assert (made.ground, made.ink) == wanted


def test_zoom_reaches_the_sizes_the_mail_gives_and_leaves_texts_alone():
    html = '<p style="font-size: 10px">font-size: 10px</p>'
    assert paper.zoomed(html, 2) == '<p style="font-size: 20.0px">font-size: 10px</p>'
    assert paper.zoomed(html, 1) is html


def test_plain_text_keeps_its_lines_and_marks_quotes_and_addresses():
    html = paper.text_page("Hola <b>\n> antes\nhttps://x.es/a?b=1&c=2.\na@b.es")
    assert "Hola &lt;b&gt;" in html
    assert '<p class="quote">&gt; antes</p>' in html
    assert 'href="https://x.es/a?b=1&amp;c=2"' in html
    assert 'href="mailto:a@b.es"' in html
    assert paper.text_page("x" * (paper.MAX_TEXT_PAGE + 1)) == ""


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_whatever_comes_stays_in_bounds(raw):
    made = prepare(safe(raw), raw)
    assert cost(made.html) <= paper.MAX_WORK + 1
    assert all(int(number) <= 40 for number in re.findall(r'colspan="(\d+)"', made.html))
    assert len(made.html) <= paper.MAX_HTML + 200


@given(st.text(max_size=300))
def test_no_text_of_a_mail_becomes_a_tag(text):
    tags = set(re.findall(r"<(\w+)", paper.text_page(text)))
    assert tags <= {"p", "br", "a"}
