"""Comments: publishing, one level of replies, mentions, whose they are; and how their few marks are read."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.history import Actor, Change
from db.models.comment import Comment
from db.notification import Notification
from oficrm import comment_text, comments, records, saving, undo
from oficrm.errors import Refused, ValidationError
from oficrm.files.sources import Source
from tests.support.office import fill, open_jobs

CLIENT = "client:1"


class Talk:
    """People who comment."""

    def __init__(self, jobs: Any) -> None:
        self.jobs = jobs

    def write(self, job: Any, user: str = "ana") -> Any:
        def whole(session: Any) -> Any:
            session.info["actor"] = Actor(user)
            return job(session)

        return self.jobs.write(whole).result().value

    def say(self, body: str, user: str = "ana", **more: Any) -> int:
        return int(self.write(lambda s: comments.publish(s, CLIENT, body, **more), user))

    def stream(self, user: str = "ana", count: int = comments.STRETCH) -> comments.Stream:
        def job(session: Any) -> comments.Stream:
            session.info["actor"] = Actor(user)
            return comments.stream(session, CLIENT, count)

        found: comments.Stream = self.jobs.read(job).result()
        return found

    def notices(self) -> list[tuple[int, str]]:
        rows = self.jobs.read(lambda s: s.scalars(select(Notification).order_by(Notification.id)).all()).result()
        return [(row.user_id, row.text) for row in rows]


@pytest.fixture
def talk(started_url):
    with open_jobs(started_url) as jobs:
        jobs.write(lambda s: fill(s, 3)).result()
        made = Talk(jobs)
        for name, login in (("Luis Prado", "luis"), ("María Ríos", "maria")):
            made.write(lambda s, name=name, login=login: _user(s, name, login))
        yield made


def _user(session: Any, name: str, login: str) -> int:
    draft = records.blank(session, "user").draft
    draft.values |= {"name": name, "login": login}
    return saving.save(session, draft).id


def test_the_newest_stands_last_and_answers_below_what_they_answer(talk: Talk) -> None:
    first = talk.say("Uno")
    talk.say("Dos")
    answer = talk.say("A uno", "luis", parent=first)
    talk.say("A la respuesta", parent=answer)
    found = talk.stream()
    assert [remark.body for remark in found.remarks] == ["Uno", "Dos"]
    assert [(reply.author, reply.body) for reply in found.remarks[0].replies] == [
        ("Luis Prado", "A uno"), ("ana", "A la respuesta")
    ]  # fmt: skip
    assert (found.total, found.older) == (4, 0)
    assert [remark.body for remark in talk.stream(count=1).remarks] == ["Dos"]
    assert talk.stream(count=1).older == 1


def test_who_is_mentioned_or_answered_is_told_once(talk: Talk) -> None:
    ident = talk.say("@Luis Prado y @maría, mirad esto. ana@example.com no es nadie")
    assert [user for user, _ in talk.notices()] == [2, 3]
    assert "Talleres Ruiz" in talk.notices()[0][1]
    talk.write(lambda s: comments.rewrite(s, ident, "@luis @maria: otra vez"))
    assert len(talk.notices()) == 2
    talk.say("Visto", "luis", parent=ident)
    assert talk.notices()[-1][0] == 1
    assert "responde" in talk.notices()[-1][1]


def test_only_its_author_changes_it_and_the_first_text_is_kept(talk: Talk) -> None:
    ident = talk.say("Primero")
    with pytest.raises(Refused, match="quien lo escribió"):
        talk.write(lambda s: comments.rewrite(s, ident, "Otro"), "luis")
    talk.write(lambda s: comments.rewrite(s, ident, "Segundo"))
    remark = talk.stream().remarks[0]
    assert (remark.body, remark.is_edited, remark.is_mine) == ("Segundo", True, True)
    assert talk.stream("luis").remarks[0].is_mine is False
    old = talk.jobs.read(lambda s: s.scalars(select(Change.old).where(Change.field == "body")).all()).result()
    assert old == ["Primero"]


def test_only_its_author_deletes_it_with_its_answers_and_it_comes_back(talk: Talk) -> None:
    ident = talk.say("Primero")
    talk.say("Respuesta", "luis", parent=ident)
    with pytest.raises(Refused, match="quien escribió"):
        talk.write(lambda s: comments.remove(s, ident), "luis")
    talk.write(lambda s: comments.remove(s, ident))
    assert talk.stream().remarks == ()
    talk.write(undo.undo_last)
    assert len(talk.stream().remarks[0].replies) == 1


def test_files_go_with_it(talk: Talk) -> None:
    talk.say("Adjunto", files=[Source(name="a.txt", data=b"hola")])
    assert talk.stream().remarks[0].files == 1


def test_nothing_said_is_no_comment(talk: Talk) -> None:
    with pytest.raises(ValidationError):
        talk.say("  \n ")
    assert talk.jobs.read(lambda s: s.scalars(select(Comment.id)).all()).result() == []


def test_an_answer_to_what_is_gone_is_refused(talk: Talk) -> None:
    ident = talk.say("Primero")
    talk.write(lambda s: comments.remove(s, ident))
    with pytest.raises(Refused, match="ya no está"):
        talk.say("Tarde", parent=ident)


# --- marks


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("**tres** y *cuatro*", "<b>tres</b> y <i>cuatro</i>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("- uno\n- dos\nfin", "<ul><li>uno</li><li>dos</li></ul>fin"),
        ("ver https://example.com/a_b*c*.", 'ver <a href="https://example.com/a_b*c">https://example.com/a_b*c</a>*.'),
        ("<b>no</b> & <script>", "&lt;b&gt;no&lt;/b&gt; &amp; &lt;script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("hola @Luis Prado.", "hola <b>@Luis Prado</b>."),
        ("una\ndos", "una<br>dos"),
    ],
)
def test_marks(body: str, html: str) -> None:
    assert comment_text.to_html(body, ["Luis Prado"]) == html


@given(body=st.text(max_size=120) | st.text("<>&\"'*@-ab \n:/htps.", max_size=80))
def test_nothing_typed_becomes_a_tag_of_its_own(body: str) -> None:
    made = comment_text.to_html(body, ["ab"])
    rest = re.sub(r"</?(?:b|i|ul|li)>|<br>|<a href=\"https?://[^\"<>]*\">|</a>", "", made)
    assert "<" not in rest
    assert ">" not in rest
