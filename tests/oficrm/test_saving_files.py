"""Files that a form brings along: attached in the same transaction, or nothing is saved and each is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client import Client
from db.models.document import Document, DocumentLink
from oficrm import deleting, records, saving, undo
from oficrm.drafts import Draft
from oficrm.errors import ValidationError
from oficrm.files.sources import Source
from oficrm.mail.assuming import PendingMail
from tests.support.post import PDF, Known, letter, open_post, state

Post = tuple[Session, Known]
OFFER, NOTE = Source(name="oferta.pdf", data=PDF), Source(name="nota.txt", data=b"hola", description="Para Marta")


@pytest.fixture
def post(engine_url: str) -> Iterator[Post]:
    with open_post(engine_url, limit=1) as made:
        yield made


def new_client(session: Session, *files: Source) -> Draft:
    draft = records.blank(session, "client", {"name": "Nueva"}).draft
    draft.files = files
    return draft


def names_under(session: Session, key: str) -> list[str]:
    found = select(Document.name).join(DocumentLink, DocumentLink.document_id == Document.id).where(
        DocumentLink.record == key, DocumentLink.deleted_at.is_(None), Document.deleted_at.is_(None)
    )  # fmt: skip
    return list(session.scalars(found.order_by(Document.id)))


def test_a_new_record_brings_its_files(post: Post) -> None:
    session, _ = post
    before = state(session)
    saved = saving.save(session, new_client(session, OFFER, NOTE))
    assert names_under(session, f"client:{saved.id}") == ["oferta.pdf", "nota.txt"]
    ident, label = session.info["last_operation"]
    assert label == "Añadir cliente Nueva"
    session.commit()
    undo.undo(session, ident)
    assert state(session) == before


def test_files_alone_are_a_change(post: Post) -> None:
    session, known = post
    draft = records.load(session, "client", known.ruiz).draft
    draft.files = (NOTE,)
    saved = saving.save(session, draft)
    assert (saved.message, saved.version) == ("", draft.version)
    assert names_under(session, f"client:{known.ruiz}") == ["nota.txt"]
    assert session.info["last_operation"][1] == "Modificar cliente Talleres Ruiz"
    undo.undo_last(session)
    assert names_under(session, f"client:{known.ruiz}") == []


def test_a_file_that_hangs_there_already_is_remarked_and_leaves_no_trace(post: Post) -> None:
    session, known = post
    for expected in ("", "«nota.txt» ya estaba entre sus archivos."):
        session.commit()
        session.info.pop("last_operation", None)
        draft = records.load(session, "client", known.ruiz).draft
        draft.files = (NOTE,)
        assert saving.save(session, draft).message == expected
    assert "last_operation" not in session.info


BAD = {
    "no-hay.txt": "no-hay.txt: Ya no está en su sitio.",
    "carpeta": "carpeta: Es una carpeta: añada los archivos que contiene.",
    "grande.bin": "grande.bin: Pesa 2",
}


@pytest.fixture
def bad(tmp_path: Path) -> list[Source]:
    (tmp_path / "carpeta").mkdir()
    (tmp_path / "grande.bin").write_bytes(bytes(2_000_000))
    return [Source(path=tmp_path / name) for name in BAD]


def test_files_that_cannot_be_read_are_all_named_and_nothing_is_saved(post: Post, bad: list[Source]) -> None:
    session, _ = post
    before = state(session)
    with pytest.raises(ValidationError) as caught, session.begin_nested():
        saving.save(session, new_client(session, bad[0], OFFER, *bad[1:]))
    assert list(caught.value.errors) == ["document"]
    texts = caught.value.errors["document"]
    assert len(texts) == len(BAD)
    assert all(text.startswith(words) for text, words in zip(texts, BAD.values(), strict=True))
    assert state(session) == before


def test_they_are_said_together_with_what_else_is_wrong(post: Post, bad: list[Source]) -> None:
    session, _ = post
    draft = new_client(session, *bad)
    draft.values |= {"name": "", "email": "esto no es"}
    with pytest.raises(ValidationError) as caught:
        saving.save(session, draft)
    assert set(caught.value.errors) == {"name", "email", "document"}


def test_a_file_that_changes_while_it_is_read_saves_nothing(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only shows while reading ends the save as well."""
    session, _ = post
    path = tmp_path / "registro.log"
    path.write_bytes(b"hola")
    opened = Source.open
    asked: list[int] = []

    def gone(self: Source, limit: int):
        asked.append(1)
        if len(asked) > 1:
            path.unlink(missing_ok=True)
        return opened(self, limit)

    monkeypatch.setattr(Source, "open", gone)
    before = state(session)
    with pytest.raises(ValidationError, match="Ya no está"), session.begin_nested():
        saving.save(session, new_client(session, Source(path=path)))
    assert state(session) == before
    assert session.scalar(select(Client.id).where(Client.name == "Nueva")) is None


def test_only_contacts_take_over_messages(post: Post) -> None:
    session, _ = post
    draft = new_client(session)
    draft.mail = PendingMail(Source(name="a.eml", data=letter()))
    with pytest.raises(ValueError, match="contacts only"):
        saving.save(session, draft)


def test_files_come_with_a_record_taken_out_of_the_trash(post: Post) -> None:
    session, known = post
    draft = records.load(session, "client", known.azahar).draft
    deleting.delete(session, "client", [known.azahar], frozenset({"dependents"}))
    draft.files = (OFFER,)
    saved = saving.save(session, draft.accepting(saving.DELETED_MEANWHILE))
    assert names_under(session, f"client:{saved.id}") == ["oferta.pdf"]
