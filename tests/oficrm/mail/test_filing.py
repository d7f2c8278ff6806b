"""Filing messages: whose they are, what is kept, the threads they form, the records they hang on."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents
from db.history import Change, operation
from db.models.client import Client
from db.models.contact import Contact
from db.models.document import Document, DocumentLink
from db.models.email_message import ID_LENGTH, Direction, EmailLink, EmailMessage
from oficrm import deleting, history, undo
from oficrm.errors import Refused
from oficrm.files.sources import SourceProblem
from oficrm.mail import filing, letters, matching
from oficrm.mail.message import Address, Message
from oficrm.mail.reading import read_message
from oficrm.mail.threads import joined
from tests.support.post import AZAHAR, PDF, RUIZ, SENT, STRANGER, US, Known, add_contact, letter, open_post, state

Post = tuple[Session, Known]


@pytest.fixture
def post(started_url: str) -> Iterator[Post]:
    with open_post(started_url, limit=1) as made:
        yield made


def file(session: Session, data: bytes, *places: str, name: str = "correo.eml") -> int:
    message = read_message(data)
    with operation(session, "Archivar"):
        return filing.file_message(session, data, message, name, places, filing.match(session, message))


def places_of(session: Session, ident: int) -> set[str]:
    live = select(EmailLink.record).where(EmailLink.email_id == ident, EmailLink.deleted_at.is_(None))
    return set(session.scalars(live))


def match(session: Session, **headers: Any) -> filing.Match:
    return filing.match(session, read_message(letter(**headers)))


# Whose it is


def test_a_letter_of_a_person_is_the_persons_and_its_clients(post: Post) -> None:
    session, known = post
    found = match(session)
    assert found.direction is Direction.INCOMING
    assert (found.client_id, found.client_title) == (known.ruiz, "Talleres Ruiz")
    assert (found.person_id, found.person_title) == (known.marta, "Marta Gil 0")
    assert found.unknown is None
    assert found.places == (f"client:{known.ruiz}", f"person:{known.marta}")


@pytest.mark.parametrize("sender", [US, "Ventas <VENTAS@otra.es>", "quien.sea@casa.es"])
def test_a_letter_of_ours_is_whose_it_goes_to(post: Post, sender: str) -> None:
    session, known = post
    found = match(session, sender=sender, to=f"{US}, {STRANGER}", Cc="pepe@casa.es", Bcc=AZAHAR)
    assert found.direction is Direction.OUTGOING
    assert (found.client_id, found.person_id) == (known.azahar, None)
    assert found.unknown == Address("", STRANGER)


def test_where_nobody_knows_the_sender_the_address_for_answers_tells(post: Post) -> None:
    session, known = post
    found = match(session, sender=STRANGER, Reply_To=AZAHAR)
    assert (found.client_id, found.unknown) == (known.azahar, Address("", STRANGER))


def test_a_domain_tells_while_one_client_alone_has_it(post: Post) -> None:
    session, known = post
    found = match(session, sender="Luis <luis@correo.ruiz.es>")
    assert (found.client_id, found.person_id) == (known.ruiz, None)
    assert found.unknown == Address("Luis", "luis@correo.ruiz.es")  # somebody to be added to that client
    with operation(session, "Otro con la misma página"):
        session.get_one(Client, known.azahar).website = "http://ruiz.es"
    assert match(session, sender="luis@ruiz.es").client_id is None


@pytest.mark.parametrize(
    "page", ["https://facebook.com/ruiz", "https://www.gmail.com", "ruiz.com.mx", "https://com.mx"]
)
def test_a_domain_of_everybody_tells_nothing(post: Post, page: str) -> None:
    session, known = post
    with operation(session, "Página"):
        session.get_one(Client, known.azahar).website = page
    host = matching.host(page)
    found = match(session, sender=f"alguien@{host}")
    assert found.client_id == (known.azahar if host == "ruiz.com.mx" else None)
    assert match(session, sender="alguien@otra.com.mx").client_id is None


def test_those_in_the_trash_are_not_found(post: Post) -> None:
    session, known = post
    deleting.delete(session, "client", [known.ruiz], frozenset({"dependents"}))
    found = match(session)
    assert found == filing.Match(unknown=Address("Marta Gil", RUIZ))


def test_the_first_of_several_clients_is_the_principal_one(post: Post) -> None:
    session, known = post
    found = match(session, sender=US, to=f"{AZAHAR}, {RUIZ}")
    assert (found.client_id, found.person_id) == (known.azahar, None)  # Marta is with another client
    assert set(found.places) == {f"client:{known.azahar}", f"client:{known.ruiz}", f"person:{known.marta}"}


_ADDRESSES = st.lists(
    st.sampled_from([US, RUIZ, AZAHAR, STRANGER, "otro@ruiz.es", "a@gmail.com", ""]), min_size=1, max_size=7
)


def _message(sender: str, to: list[str]) -> Message:
    return Message("", "", (), None, Address("", sender), tuple(Address("", each) for each in to), (), (), (), "", "",
                   "", (), (), ())  # fmt: skip


_BOOK = matching.Book(
    matching.Us(frozenset({US})),
    {RUIZ: matching.Known(1, "Ruiz", 7, "Marta")}, {AZAHAR: matching.Known(2, "Azahar")},
    {"ruiz.es": matching.Known(1, "Ruiz")},
)  # fmt: skip


@given(_ADDRESSES, st.randoms())
def test_the_order_of_addresses_decides_who_comes_first_and_nothing_else(to: list[str], rnd) -> None:
    found = matching.resolve(_message(US, to), _BOOK)
    mixed = rnd.sample(to, len(to))
    other = matching.resolve(_message(US, mixed), _BOOK)
    assert set(found.places) == set(other.places)
    assert (found.client_id is None) == (other.client_id is None)
    assert (found.unknown is None) == (other.unknown is None)
    assert found.client_id is None or f"client:{found.client_id}" == found.places[0]
    assert found.person_id is None or found.client_id == 1
    assert found.unknown is None or found.unknown.email in (STRANGER, "otro@ruiz.es", "a@gmail.com")


# What is kept


def test_a_message_is_kept_as_it_came(post: Post) -> None:
    session, known = post
    data = letter(to=f"Ana <{US}>, {STRANGER}", Cc=AZAHAR, files={"oferta.pdf": PDF})
    ident = file(session, data, "contact:1", name="carpeta/oferta.eml")
    record = session.get_one(EmailMessage, ident)
    assert contents.read(session, record.sha256) == data
    assert (record.subject, record.sent_at, record.size) == ("Oferta de otoño", SENT, len(data))
    assert record.from_address == f"Marta Gil <{RUIZ}>"
    assert record.to_addresses == f"Ana <{US}>, {STRANGER}"
    assert record.cc_addresses == AZAHAR
    assert (record.preview, record.unread_parts, record.file_name) == ("Hola, Ana.", None, "oferta.eml")
    assert (record.message_id, record.thread_id, record.status) == ("uno@ruiz.es", "uno@ruiz.es", "received")
    assert (record.client_id, record.person_id) == (known.ruiz, known.marta)
    assert places_of(session, ident) == {"contact:1", f"client:{known.ruiz}", f"person:{known.marta}"}
    assert filing.open_message(session, ident) == read_message(data)


def test_attachments_become_files_under_the_message(post: Post) -> None:
    session, _ = post
    ident = file(session, letter(files={"oferta.pdf": PDF, "../../nota.txt": b"hola"}))
    links = select(DocumentLink.document_id).where(DocumentLink.record == f"email_message:{ident}")
    found = [session.get_one(Document, each) for each in session.scalars(links.order_by(DocumentLink.id))]
    assert [(each.name, each.file_type, each.status, each.revision) for each in found] == [
        ("oferta.pdf", "PDF", "pending", 1), ("nota.txt", "Texto", "pending", 1),
    ]  # fmt: skip
    assert [each.number for each in found] == ["ARC-000001", "ARC-000002"]
    assert contents.read(session, found[0].sha256) == PDF


def test_a_picture_that_the_page_shows_is_no_file() -> None:
    made = read_message(letter(files={"logo.png": b"\x89PNG\r\n\x1a\n", "oferta.pdf": PDF}))
    made.parts[0].is_inline = True
    assert [part.name for part in letters.prepare(b"x", made, "a.eml", 10_000).parts] == ["oferta.pdf"]


def test_an_attachment_above_the_limit_stays_inside_and_is_named() -> None:
    made = read_message(letter(files={"grande.bin": b"x" * 5000, "oferta.pdf": PDF}))
    ready = letters.prepare(b"x", made, "a.eml", 1000)
    assert [part.name for part in ready.parts] == ["oferta.pdf"]
    assert "«grande.bin» sigue dentro del mensaje original" in ready.values["unread_parts"]


def test_a_message_above_the_limit_is_not_filed(post: Post) -> None:
    session, _ = post
    with pytest.raises(SourceProblem, match="límite por archivo"):
        file(session, letter(text="x" * 80 + "\n" + ("y" * 70 + "\n") * 20_000))


def test_what_could_not_be_read_is_noted(post: Post) -> None:
    session, _ = post
    ident = file(session, letter(when=None))
    assert session.get_one(EmailMessage, ident).unread_parts == "Faltaba la fecha."
    assert session.get_one(EmailMessage, ident).sent_at is None


def test_the_same_message_is_filed_once_and_linked_to_more(post: Post) -> None:
    session, known = post
    first = file(session, letter(), "contact:1")
    second = file(session, letter(subject="Otro asunto"), "contact:2")
    assert first == second
    assert session.get_one(EmailMessage, first).subject == "Oferta de otoño"
    assert places_of(session, first) == {"contact:1", "contact:2", f"client:{known.ruiz}", f"person:{known.marta}"}
    assert filing.find(session, " <uno@ruiz.es> ") == first


def test_a_message_without_a_name_is_known_by_its_bytes(post: Post) -> None:
    session, _ = post
    one, other = letter(ident=None), letter(ident=None, subject="Otra")
    first = file(session, one)
    assert file(session, one) == first
    assert file(session, other) != first
    assert session.get_one(EmailMessage, first).message_id == f"sha256-{hashlib.sha256(one).hexdigest()}"


def test_a_name_too_long_to_be_kept_is_still_told_from_others(post: Post) -> None:
    session, _ = post
    names = ["x" * ID_LENGTH + end for end in ("a@b.es", "b@b.es")]
    ids = [file(session, letter(ident=name)) for name in names]
    assert ids == [filing.find(session, name) for name in names]
    assert len(set(ids)) == 2


def test_one_that_went_to_the_trash_may_come_again(post: Post) -> None:
    session, _ = post
    first = file(session, letter())
    deleting.delete(session, "email_message", [first], frozenset({"dependents"}))
    assert filing.find(session, "uno@ruiz.es") is None
    assert file(session, letter()) not in (first, None)


def test_one_that_belonged_to_nobody_belongs_to_who_is_known_now(post: Post) -> None:
    session, known = post
    message = read_message(letter())
    with operation(session, "Archivar"):
        ident = filing.file_message(session, letter(), message, "a.eml", ["contact:1"], matching.Match())
    assert session.get_one(EmailMessage, ident).client_id is None
    assert file(session, letter()) == ident
    session.expire_all()
    record = session.get_one(EmailMessage, ident)
    assert (record.client_id, record.person_id) == (known.ruiz, known.marta)


def test_the_history_holds_what_the_unit_of_work_would_have_written(post: Post) -> None:
    session, _ = post
    before = state(session)
    ident = file(session, letter(files={"oferta.pdf": PDF}), "contact:1")
    session.commit()
    written = {(row.table, row.record_id): row.new for row in session.scalars(
        select(Change).where(Change.operation_id == session.info["last_operation"][0]))}  # fmt: skip
    after = state(session)
    assert written == {key: value for key, value in after.items() if key not in before}
    record = session.get_one(EmailMessage, ident)
    texts = record.title, record.sort_key, record.search_text
    record.refresh_texts()
    assert texts == (record.title, record.sort_key, record.search_text)
    assert (record.created_by, record.modified_by, record.version, record.extra) == ("ana", "ana", 1, {})
    undo.undo_last(session)
    assert state(session) == before
    undo.redo_last(session)
    assert state(session) == after
    assert [entry.action for entry in history.record_history(session, "email_message", ident)].count("Alta") > 1


def test_a_record_made_after_it_by_a_form_gets_an_id_of_its_own(post: Post) -> None:
    session, _ = post
    first = file(session, letter())
    with operation(session, "A mano"):
        second = EmailMessage(**{name: getattr(session.get_one(EmailMessage, first), name) for name in
                                 ("subject", "direction", "status", "file_name", "size", "sha256")},
                              message_id="otro", thread_id="otro", extra={})  # fmt: skip
        session.add(second)
        session.flush()
    assert second.id == first + 1


# Threads

_NAMES = ["a@x", "b@x", "c@x", "d@x", "e@x"]


@given(st.lists(st.integers(-1, 4), min_size=5, max_size=5), st.sets(st.integers(0, 4), min_size=1), st.randoms())
def test_threads_join_whatever_the_order_of_arrival(parents: list[int], there: set[int], rnd) -> None:
    """Each points to an earlier one (or itself); any of them may never have come."""
    pointers = [(_NAMES[at], _NAMES[parent] if 0 <= parent < at else _NAMES[at]) for at, parent in enumerate(parents)]
    filed = [pointers[at] for at in sorted(there)]

    def arrive(order: list[tuple[str, str]], size: int) -> set[frozenset[str]]:
        threads: dict[str, str] = {}
        for start in range(0, len(order), size):
            some = order[start : start + size]
            now = joined(dict(threads), some)
            threads = {own: now(thread) for own, thread in threads.items()} | {own: now(own) for own, _ in some}
        return {frozenset(own for own in threads if threads[own] == name) for name in threads.values()}

    expected = arrive(filed, len(filed))
    assert arrive(rnd.sample(filed, len(filed)), rnd.randint(1, 3)) == expected
    for own, pointed in filed:
        assert any({own, pointed} <= group for group in expected) or pointed not in {name for name, _ in filed}


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_thread_of_letters_is_one_whatever_came_first(started_sqlite_url: str, order: tuple[int, ...]) -> None:
    chain = [
        letter(ident="a@x", when=SENT),
        letter(ident="b@x", when=SENT + dt.timedelta(hours=1), In_Reply_To="<a@x>"),
        letter(ident="c@x", when=SENT + dt.timedelta(hours=2), In_Reply_To="<b@x>", References="<a@x> <b@x>"),
        letter(ident="d@x", when=SENT + dt.timedelta(hours=3), In_Reply_To="<b@x>"),
    ]
    with open_post(started_sqlite_url) as (session, _):
        ids = {at: file(session, chain[at]) for at in order}
        rows = filing.thread(session, ids[2])
        assert [row.id for row in rows] == [ids[at] for at in range(4)]
        assert [row.is_this for row in rows] == [False, False, True, False]


def test_a_later_letter_that_joins_threads_is_undone_with_what_it_joined(post: Post) -> None:
    session, _ = post
    file(session, letter(ident="c@x", In_Reply_To="<b@x>"))
    before = state(session)
    ident = file(session, letter(ident="b@x", In_Reply_To="<a@x>"))
    assert len(filing.thread(session, ident)) == 2
    undo.undo_last(session)
    assert state(session) == before


# The records they hang on


def test_messages_are_linked_to_more_records_and_taken_off(post: Post) -> None:
    session, known = post
    with operation(session, "Archivar"):
        ident = filing.file_message(session, letter(), read_message(letter()), "a.eml", [], matching.Match())
    before = state(session)
    assert filing.link(session, [ident], [f"client:{known.azahar}"]) == "Vinculado a Hotel Azahar: «Oferta de otoño»."
    assert session.get_one(EmailMessage, ident).client_id == known.azahar
    assert filing.link(session, [ident], [f"client:{known.azahar}"]) == "Ya estaba en Hotel Azahar."
    assert filing.unlink(session, [ident], f"client:{known.azahar}") == "Quitado de Hotel Azahar: «Oferta de otoño»."
    assert state(session) == before
    assert places_of(session, ident) == set()


def test_taking_a_message_off_its_contact_takes_the_information_off_it(post: Post) -> None:
    session, known = post
    contact = add_contact(session, known)
    ident = file(session, letter(), f"contact:{contact}")
    with operation(session, "Asumir"):
        session.get_one(Contact, contact).email_id = ident
    filing.unlink(session, [ident], f"contact:{contact}")
    assert session.get_one(Contact, contact).email_id is None


def test_what_is_gone_is_said(post: Post) -> None:
    session, known = post
    ident = file(session, letter())
    for work in (lambda: filing.link(session, [999], ["client:1"]), lambda: filing.unlink(session, [999], "client:1"),
                 lambda: filing.open_message(session, 999), lambda: filing.thread(session, 999)):  # fmt: skip
        with pytest.raises(Refused, match="ya no existe"):
            work()
    deleting.delete(session, "client", [known.azahar], frozenset({"dependents"}))
    with pytest.raises(Refused, match="papelera"):
        filing.link(session, [ident], [f"client:{known.azahar}"])
