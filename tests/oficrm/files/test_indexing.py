"""Looking inside files: what is found is searched by lists, and nobody looks twice."""

import io
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents
from db.contents import Content, ContentPiece
from db.history import Operation, operation
from db.query import ListQuery, find_ids
from oficrm.files import attaching, indexing
from oficrm.files.sources import Source
from oficrm.mail import filing
from oficrm.mail.reading import read_message
from tests.support.post import Known, letter, open_post

Post = tuple[Session, Known]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def post(started_url: str) -> Iterator[Post]:
    with open_post(started_url) as made:
        yield made


def attach(session: Session, name: str, data: bytes) -> str:
    attaching.attach(session, ["client:1"], [Source(name=name, data=data)])
    found = session.scalars(select(Content.sha256)).all()
    return next(each for each in found if contents.read(session, each) == data)


def look(session: Session) -> None:
    """One round, as the program makes it."""
    indexing.store(session, [indexing.words(session, item) for item in indexing.pending(session)])
    session.expire_all()


def test_what_is_inside_is_found_by_the_list(post: Post) -> None:
    session, _ = post
    attach(session, "nota.txt", "La máquina de Ávila lleva rodamientos".encode())
    assert list(find_ids(session, ListQuery("document", text="rodamientos")).ids) == []
    look(session)
    assert list(find_ids(session, ListQuery("document", text="MAQUINA rodam")).ids) == [1]
    assert list(find_ids(session, ListQuery("document", text="inexistente")).ids) == []


def test_a_message_is_found_by_its_text_people_and_attachments(post: Post) -> None:
    session, _ = post
    data = letter(text="Le mando el albarán.", files={"plano-maestro.pdf": b"x"})
    with operation(session, "Archivar"):
        ident = filing.file_message(session, data, read_message(data), "a.eml", [], filing.Match())
    look(session)
    for words in ("albaran", "marta", "plano-maestro"):
        assert list(find_ids(session, ListQuery("email_message", text=words)).ids) == [ident]


def test_a_mail_attached_as_a_file_is_found_too(post: Post) -> None:
    session, _ = post
    attach(session, "correo.eml", letter(text="Le mando el albarán."))
    look(session)
    assert len(find_ids(session, ListQuery("document", text="albaran")).ids) == 1


@pytest.mark.parametrize("data", [PICTURE, b"", b"%PDF-1.4\nroto", b"PK\x03\x04roto", b"From: \x00\xff\n\n"])
def test_what_holds_nothing_to_be_read_is_looked_at_once(post: Post, data: bytes) -> None:
    session, _ = post
    sha256 = attach(session, "cosa.bin", data)
    assert [each.sha256 for each in indexing.pending(session)] == [sha256]
    look(session)
    assert indexing.pending(session) == []
    assert session.get_one(Content, sha256).words is not None


def test_what_could_not_be_read_is_said(post: Post) -> None:
    session, _ = post
    sha256 = attach(session, "roto.pdf", b"%PDF-1.4\nroto")
    look(session)
    found = session.get_one(Content, sha256)
    assert (found.words, bool(found.words_problem)) == ("", True)


def test_a_damaged_content_is_said_and_not_looked_at_again(post: Post) -> None:
    session, _ = post
    sha256 = attach(session, "nota.txt", b"hola")
    session.execute(ContentPiece.__table__.update().values(data=b"otra"))  # type: ignore[attr-defined]
    look(session)
    assert session.get_one(Content, sha256).words_problem == indexing.DAMAGED
    assert indexing.pending(session) == []


def test_a_content_above_all_measure_is_not_read(post: Post) -> None:
    session, _ = post
    item = indexing.Unread("0" * 64, "copia.iso", "", indexing.MOST + 1)
    assert indexing.words(session, item) == indexing.Words(item.sha256, "", indexing.TOO_LARGE)


def test_a_content_takes_its_name_from_what_has_it_and_comes_in_portions(post: Post) -> None:
    session, _ = post
    attach(session, "uno.txt", b"uno")
    attach(session, "dos.txt", b"dos")
    lonely, _size = contents.store(session, io.BytesIO(b"sin nombre"))
    found = {each.sha256: each for each in indexing.pending(session)}
    assert {each.name for each in found.values()} == {"uno.txt", "dos.txt", ""}
    assert found[lonely].size == len(b"sin nombre")
    assert len(indexing.pending(session, 2)) == 2


def test_it_leaves_no_trace_and_the_quicker_one_wins(post: Post) -> None:
    session, _ = post
    sha256 = attach(session, "nota.txt", b"hola")
    before = session.scalars(select(Operation.id)).all()
    indexing.store(session, [indexing.Words(sha256, "primero")])
    indexing.store(session, [indexing.Words(sha256, "segundo")])
    session.expire_all()
    assert session.get_one(Content, sha256).words == "primero"
    assert session.scalars(select(Operation.id)).all() == before
