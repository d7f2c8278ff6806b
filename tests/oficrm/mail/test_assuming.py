"""Asumir información de un correo: what is proposed, the two questions, the same message again, deleting it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import contents
from db.history import operation
from db.models.contact import Contact
from db.models.document import Document, DocumentLink
from db.models.email_message import EmailLink, EmailMessage
from oficrm import clock, deleting, records, saving, undo
from oficrm.errors import Refused, ValidationError
from oficrm.files.sources import Source
from oficrm.mail import assuming, filing
from oficrm.mail.assuming import PendingMail
from oficrm.mail.message import Address
from oficrm.mail.reading import read_message
from tests.support.office import TODAY
from tests.support.post import AZAHAR, PDF, SENT, STRANGER, US, Known, add_contact, letter, open_post, state

Post = tuple[Session, Known]


@pytest.fixture
def post(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_post(started_url, limit=1) as made:
        yield made


def source(data: bytes | None = None) -> Source:
    return Source(name="correo.eml", data=letter(files={"oferta.pdf": PDF}) if data is None else data)


def save(session: Session, known: Known, pending: PendingMail | None, **values: Any) -> int:
    draft = records.blank(session, "contact", {"client": known.ruiz, "type": known.email_type} | values).draft
    draft.mail = pending
    return saving.save(session, draft).id


def places_of(session: Session, model: Any, link: Any, ident: int) -> set[str]:
    owner = link.email_id if link is EmailLink else link.document_id
    return set(session.scalars(select(link.record).where(owner == ident, link.deleted_at.is_(None))))


def live(session: Session, model: Any) -> list[Any]:
    return list(session.scalars(select(model).where(model.deleted_at.is_(None)).order_by(model.id)))


# What is proposed


def test_a_letter_to_us_proposes_who_wrote_when_and_what(post: Post) -> None:
    session, known = post
    found = assuming.propose(session, source(), {"client": None, "person": None, "notes": None})
    local = SENT.astimezone()
    assert found.values == {
        "client": known.ruiz, "person": known.marta, "made_by": "them", "date": local.date(), "time": local.time(),
        "notes": "Oferta de otoño\n\nHola, Ana.",
    }  # fmt: skip
    assert found.titles == {"client": "Talleres Ruiz", "person": "Marta Gil 0"}
    assert (found.subject, found.sent_at, found.parts) == ("Oferta de otoño", SENT, 1)
    assert (found.unknown, found.already, found.problems) == (None, None, ())


def test_a_letter_of_ours_was_made_by_us(post: Post) -> None:
    session, known = post
    found = assuming.propose(session, source(letter(sender=US, to=AZAHAR)), {})
    assert (found.values["made_by"], found.values["client"]) == ("us", known.azahar)
    assert "person" not in found.values


def test_what_was_chosen_and_typed_already_stays(post: Post) -> None:
    session, known = post
    found = assuming.propose(session, source(), {"client": known.azahar, "notes": "Llamó antes."})
    assert not {"client", "person"} & set(found.values)  # Marta is with another client
    assert found.values["notes"] == "Llamó antes.\n\nOferta de otoño\n\nHola, Ana."
    same = assuming.propose(session, source(), {"client": known.ruiz})
    assert (same.values["person"], "client" in same.values) == (known.marta, False)


def test_somebody_unknown_is_offered_to_be_created(post: Post) -> None:
    session, _ = post
    found = assuming.propose(session, source(letter(sender=f"Quien <{STRANGER}>")), {})
    assert found.unknown == Address("Quien", STRANGER)
    assert "client" not in found.values


def test_a_message_read_in_part_carries_its_problems_and_no_date_it_does_not_have(post: Post) -> None:
    session, _ = post
    found = assuming.propose(session, source(letter(when=None)), {})
    assert found.problems == ("Faltaba la fecha.",)
    assert not {"date", "time"} & set(found.values)


def test_a_long_text_is_cut_and_says_so(post: Post) -> None:
    session, _ = post
    found = assuming.propose(session, source(letter(text="una línea cualquiera\n" * 5000)), {})
    assert found.values["notes"].endswith(f"una línea cualquiera\n{assuming.CUT}")
    assert len(found.values["notes"]) < assuming.NOTES + len(assuming.CUT) + 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Source(name="vacío.eml", data=b""), "vacío"),
        (Source(name="foto.eml", data=b"\x89PNG\r\n\x1a\n" + bytes(500)), "no es un mensaje"),
        (Source(path=Path("no/hay.eml")), "Ya no está"),
        (Source(path=Path()), "carpeta"),
        (Source(name="grande.eml", data=b"From: a@b.es\n\n" + b"x" * 2_000_000), "límite"),
    ],
)
def test_what_is_no_message_is_refused_in_words(post: Post, given: Source, words: str) -> None:
    session, known = post
    with pytest.raises(Refused, match=words):
        assuming.propose(session, given, {})
    before = state(session)
    with pytest.raises(ValidationError) as caught, session.begin_nested():
        save(session, known, PendingMail(given))
    assert list(caught.value.errors) == ["document"]
    assert words in caught.value.errors["document"][0]
    assert state(session) == before


def test_a_message_above_what_is_ever_read_is_refused(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = post
    monkeypatch.setattr(assuming, "DEFAULT_LIMIT", 100)
    with pytest.raises(Refused, match="el límite es"):
        assuming.propose(session, source(), {})


def test_the_same_message_is_recognised(post: Post) -> None:
    session, known = post
    email = _file(session)
    found = assuming.propose(session, source(), {}).already
    assert found == assuming.Already(email, None, "Ya está archivado en Hotel Azahar.")
    contact = save(session, known, PendingMail(source()), date=dt.date(2026, 11, 12))
    found = assuming.propose(session, source(), {}).already
    assert found == assuming.Already(email, contact, "Ya está en el contacto del 12/11 con Talleres Ruiz.")
    undo.undo_last(session)
    found = assuming.propose(session, source(), {}).already
    assert found is not None
    assert found.contact_id is None


def _file(session: Session) -> int:
    data = source().data or b""
    message = read_message(data)
    with operation(session, "Archivar"):
        return filing.file_message(session, data, message, "a.eml", ["client:2"], filing.Match())


# The two questions


@pytest.mark.parametrize("attach", [False, True])
@pytest.mark.parametrize("associate", [False, True])
def test_the_two_questions_have_four_outcomes(post: Post, attach: bool, associate: bool) -> None:
    session, known = post
    before = state(session)
    ident = save(session, known, PendingMail(source(), attach, associate), person=known.marta)
    label = session.info["last_operation"][1]
    session.commit()
    mine, theirs = f"contact:{ident}", f"client:{known.ruiz}"
    email = live(session, EmailMessage)[0]
    assert session.get_one(Contact, ident).email_id == email.id
    assert label.startswith("Añadir contacto")
    expected = {mine, theirs, f"person:{known.marta}"} if associate else {mine}
    assert places_of(session, EmailMessage, EmailLink, email.id) == expected
    assert (email.client_id, email.person_id) == ((known.ruiz, known.marta) if associate else (None, None))
    files = {each.name: each for each in live(session, Document)}
    assert set(files) == ({"oferta.pdf", "Oferta de otoño.eml"} if attach or associate else {"oferta.pdf"})
    inside = places_of(session, Document, DocumentLink, files["oferta.pdf"].id)
    assert inside == ({f"email_message:{email.id}", mine} if attach else {f"email_message:{email.id}"})
    if attach or associate:
        original = files["Oferta de otoño.eml"]
        assert (original.category, original.file_type) == ("correspondence", "Correo")
        assert contents.read(session, original.sha256) == source().data
        wanted = ({mine} if attach else set()) | ({theirs} if associate else set())
        assert places_of(session, Document, DocumentLink, original.id) == wanted
    undo.undo_last(session)
    assert state(session) == before


def test_an_open_contact_takes_over_a_message_later(post: Post) -> None:
    session, known = post
    ident = add_contact(session, known)
    draft = records.load(session, "contact", ident).draft
    draft.mail = PendingMail(source(), attach=True)
    saved = saving.save(session, draft)
    assert session.get_one(Contact, ident).email_id is not None
    assert saved.version == session.get_one(Contact, ident).version
    assert session.info["last_operation"][1].startswith("Modificar contacto")


def test_only_an_email_takes_over(post: Post) -> None:
    session, known = post
    before = state(session)
    with pytest.raises(ValidationError) as caught, session.begin_nested():
        save(session, known, PendingMail(source()), type=known.visit_type)
    assert caught.value.errors == {"type": [assuming.NOT_AN_EMAIL]}
    assert state(session) == before


def test_a_contact_holds_one_message(post: Post) -> None:
    session, known = post
    ident = save(session, known, PendingMail(source()))
    again = records.load(session, "contact", ident).draft
    again.mail = PendingMail(source(), attach=True)
    saving.save(session, again)  # the same one: now attached too
    assert sorted(each.name for each in live(session, Document)) == ["Oferta de otoño.eml", "oferta.pdf"]
    other = records.load(session, "contact", ident).draft
    other.mail = PendingMail(source(letter(ident="otra@ruiz.es")))
    with pytest.raises(ValidationError, match="bórrela antes"), session.begin_nested():
        saving.save(session, other)
    deleting.delete(session, "email_message", [live(session, EmailMessage)[0].id], frozenset({"dependents"}))
    saving.save(session, records.load(session, "contact", ident).draft)
    other = records.load(session, "contact", ident).draft
    other.mail = PendingMail(source(letter(ident="otra@ruiz.es")))
    saving.save(session, other)
    assert session.get_one(Contact, ident).email_id == live(session, EmailMessage)[0].id


def test_a_name_in_the_subject_makes_no_folders(post: Post) -> None:
    session, known = post
    save(session, known, PendingMail(source(letter(subject="RE: oferta 12/11 \\ plazo")), attach=True))
    assert [each.name for each in live(session, Document)] == ["RE: oferta 12-11 - plazo.eml"]


# Deleting the information


def test_deleting_the_information_takes_everything_off_the_contact(post: Post) -> None:
    session, known = post
    ident = save(session, known, PendingMail(source(), attach=True))
    full = state(session)
    text = assuming.release(session, ident)
    assert text == "Quitado el correo «Oferta de otoño». Está en la papelera."
    assert session.get_one(Contact, ident).email_id is None
    for model in (EmailMessage, EmailLink, Document, DocumentLink):
        assert live(session, model) == []
    undo.undo_last(session)
    assert state(session) == full


def test_what_is_with_the_client_too_stays_there(post: Post) -> None:
    session, known = post
    ident = save(session, known, PendingMail(source(), attach=True, associate=True))
    assert assuming.release(session, ident) == "Quitado el correo «Oferta de otoño»."
    email = live(session, EmailMessage)[0]
    assert places_of(session, EmailMessage, EmailLink, email.id) == {f"client:{known.ruiz}"}
    places = {each.name: places_of(session, Document, DocumentLink, each.id) for each in live(session, Document)}
    assert places == {"oferta.pdf": {f"email_message:{email.id}"}, "Oferta de otoño.eml": {f"client:{known.ruiz}"}}


def test_what_another_contact_took_over_stays_with_it(post: Post) -> None:
    session, known = post
    first, second = (save(session, known, PendingMail(source(), attach=True)) for _ in range(2))
    assuming.release(session, first)
    assert session.get_one(Contact, second).email_id == live(session, EmailMessage)[0].id
    mine = [places_of(session, Document, DocumentLink, each.id) for each in live(session, Document)]
    assert all(f"contact:{second}" in each and f"contact:{first}" not in each for each in mine)


def test_there_must_be_something_to_delete(post: Post) -> None:
    session, known = post
    for ident in (add_contact(session, known), 999):
        with pytest.raises(Refused, match="no tiene la información"):
            assuming.release(session, ident)
