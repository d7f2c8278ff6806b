"""Asumir información de un correo: filling the form from a mail, the two questions, letting it go."""

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from oficrm import deleting, related, undo
from oficrm.drafts import Saved
from oficrm.files.sources import Source
from oficrm.mail.message import Address
from tests.support.desk import WAIT
from tests.support.post import SENT, letter
from tests.ui.contact.conftest import TODAY, Office, accept, focused
from tests.ui.contact.mails import BODY, bar, begin, email_type, know_marta, mail, press, strip, take
from ui.contact.mail_questions import KEY, Answers, remembered
from ui.contact.mail_taking import client_from, person_from

LOCAL = SENT.astimezone()


def counts(office: Office, table: str, ident: int) -> dict[str, int]:
    """How many files and mails hang on a record."""
    found = office.jobs.read(lambda s: related.counts(s, table, ident)).result()
    return {name: found.get(name, 0) for name in ("document", "email_message")}


def test_only_a_contact_of_type_email_offers_it(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    assert window.mail.taking is None, "nothing of it is made for a call"
    before = window.form.value("type")
    window.form.put("type", email_type(window))
    assert strip(window).isVisible()
    assert strip(window).take_button.isVisible()
    window.form.put("type", before)
    assert not strip(window).isVisible()
    assert not window.mail.takes()


def test_the_form_is_filled_from_the_mail(office: Office, tmp_path: Path) -> None:
    know_marta(office)
    window = begin(office)
    take(window, office, mail(tmp_path))
    values = window.form.values()
    assert (values["client"], values["person"]) == (office.client, office.person)
    assert window.form.title("person") == "Marta Ruiz"
    assert (values["date"], values["time"]) == (LOCAL.date(), dt.time(LOCAL.hour, LOCAL.minute))
    assert values["made_by"] == "them"
    assert values["notes"] == f"Pedido de sierras\n\n{BODY}"
    assert "Pedido de sierras · Marta Ruiz <marta@talleresruiz.es>" in strip(window).words.text()
    assert strip(window).questions.isVisible()
    assert "También se guardará el correo." in window.foot.sentence.text()
    window.form.discard()


def test_notes_typed_before_stay_on_top(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    window.form.put("notes", "Llamó para avisar.\n")
    take(window, office, mail(tmp_path))
    assert window.form.value("notes") == f"Llamó para avisar.\n\nPedido de sierras\n\n{BODY}"
    window.form.discard()


@pytest.mark.parametrize(
    ("attach", "associate", "contact_files", "client_mails"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_the_two_questions_have_four_outcomes(
    office: Office, tmp_path: Path, attach: bool, associate: bool, contact_files: int, client_mails: int
) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    strip(window).questions.attach.setChecked(attach)
    strip(window).questions.associate.setChecked(associate)
    press(window, "button_mail_answered")
    assert not strip(window).questions.isVisible()
    accept(window, office)
    [ident] = office.contacts()
    assert counts(office, "contact", ident) == {"document": contact_files, "email_message": 1}
    assert counts(office, "client", office.client)["email_message"] == client_mails
    again = office.open(ident)
    assert strip(again).open_button.isVisible()
    assert not strip(again).take_button.isVisible()
    strip(again).open_button.click()
    table, email, _more = office.program.opened[-1]
    assert (table, email is not None) == ("email_message", True)


def test_answers_are_remembered_when_told_to(office: Office, tmp_path: Path) -> None:
    memory = office.context.memory
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    questions = strip(window).questions
    questions.associate.setChecked(False)
    assert remembered(memory) is None
    questions.remember.setChecked(True)
    assert remembered(memory) == Answers(attach=True, associate=False)
    window.form.discard()
    again = begin(office, client=office.client)
    take(again, office, mail(tmp_path))
    assert not strip(again).questions.isVisible(), "taken silently"
    held = again.form.held.mail
    assert held is not None
    assert (held.mail.attach, held.mail.associate) == (True, False)
    press(again, "button_mail_answers")
    strip(again).questions.attach.setChecked(False)
    assert memory.get(KEY) == {"attach": False, "associate": False}
    strip(again).questions.remember.setChecked(False)
    assert remembered(memory) is None
    again.form.discard()


def test_what_was_given_by_hand_is_asked_about(office: Office, tmp_path: Path) -> None:
    know_marta(office)
    window = begin(office, client=office.other)
    window.form.put("date", TODAY - dt.timedelta(days=1))
    take(window, office, mail(tmp_path))
    text = bar(window, "mail_differs").label.text()
    assert text.startswith("El correo dice otra cosa: Cliente «Talleres Ruiz», Fecha «")
    assert window.form.value("client") == office.other
    assert window.form.value("person") is None, "a person of another client comes with it or not at all"
    assert window.form.value("time") != dt.time(LOCAL.hour, LOCAL.minute), "nor does the hour of another day"
    press(window, "button_mail_use")
    assert window.form.value("client") == office.client
    assert window.form.value("person") == office.person
    assert (window.form.value("date"), window.form.value("time").minute) == (LOCAL.date(), LOCAL.minute)
    assert not window.form.bars.has("mail_differs")
    window.form.discard()


def test_ones_own_may_stay(office: Office, tmp_path: Path) -> None:
    know_marta(office)
    window = begin(office, client=office.other)
    take(window, office, mail(tmp_path))
    press(window, "button_mail_mine")
    accept(window, office)
    [ident] = office.contacts()
    assert office.values(ident)["client"] == office.other


def test_somebody_unknown_can_be_created(office: Office, tmp_path: Path) -> None:
    window = begin(office)
    path = mail(tmp_path, data=letter("José Núñez <jose@nueva-empresa.es>", subject="Presentación"))
    take(window, office, path)
    assert [button.text() for button in bar(window, "mail_unknown").buttons] == [
        "Crear persona «José Núñez <jose@nueva-empresa.es>»", "Crear cliente…", "Ahora no",
    ]  # fmt: skip
    press(window, "button_mail_client")
    table, _ident, more = office.program.opened[-1]
    assert (table, more["preset"]) == ("client", {"name": "Nueva Empresa", "email": "jose@nueva-empresa.es"})
    made = office.make("client", name="Nueva Empresa", email="jose@nueva-empresa.es")
    more["then"](Saved(made, "Nueva Empresa", 1, True))
    assert window.form.value("client") == made
    press(window, "button_mail_person")
    table, _ident, more = office.program.opened[-1]
    assert more["preset"] == {
        "first_name": "José", "last_name": "Núñez", "email": "jose@nueva-empresa.es", "client": made,
    }  # fmt: skip
    person = office.make("person", first_name="José", last_name="Núñez", client=made)
    more["then"](Saved(person, "José Núñez", 1, True))
    assert window.form.value("person") == person
    assert not window.form.bars.has("mail_unknown")
    window.form.discard()


def test_names_are_made_of_addresses() -> None:
    assert person_from(Address("", "ana.gil@x.es")) == {
        "first_name": "Ana",
        "last_name": "Gil",
        "email": "ana.gil@x.es",
    }
    assert client_from(Address("Ana Gil", "ana@gmail.com")) == {"name": "Ana Gil", "email": "ana@gmail.com"}
    assert client_from(Address("", "a@ventas.acme.es"))["name"] == "Acme"


def test_the_same_mail_is_recognised(office: Office, tmp_path: Path) -> None:
    path = mail(tmp_path)
    first = begin(office, client=office.client)
    take(first, office, path)
    accept(first, office)
    [ident] = office.contacts()
    second = begin(office, client=office.client)
    take(second, office, path)
    assert "Este correo ya está en el contacto del" in bar(second, "mail_already").label.text()
    assert second.form.held.mail is None
    press(second, "button_mail_other")
    assert office.program.opened[-1][:2] == ("contact", ident)
    press(second, "button_mail_again")
    assert second.form.held.mail is not None
    accept(second, office)
    assert len(office.contacts()) == 2


def test_letting_go_takes_back_what_was_taken_and_no_more(office: Office, tmp_path: Path) -> None:
    know_marta(office)
    window = begin(office)
    window.form.put("notes", "Lo mío")
    before = window.form.value("date"), window.form.value("time")
    take(window, office, mail(tmp_path))
    window.form.put("made_by", "us")
    strip(window).delete_button.click()
    assert window.form.held.mail is None
    assert window.form.value("notes") == "Lo mío"
    assert window.form.value("client") is None
    assert window.form.value("person") is None
    assert (window.form.value("date"), window.form.value("time")) == before
    assert window.form.value("made_by") == "us", "changed since, it stays"
    assert strip(window).take_button.isVisible()
    window.form.discard()


def test_a_saved_mail_is_released_and_brought_back(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    accept(window, office)
    [ident] = office.contacts()
    again = office.open(ident)
    strip(again).delete_button.click()
    office.qtbot.waitUntil(lambda: strip(again).take_button.isVisible(), timeout=WAIT)
    text, operation = office.program.notices_shown[-1]
    assert "Quitado el correo" in text
    assert operation is not None
    assert not again.form.bars.has("changed"), "our own doing is no news"
    office.context.bridge.write(lambda s: undo.undo(s, operation), lambda done: None, office.context.bridge)
    office.qtbot.waitUntil(lambda: strip(again).open_button.isVisible(), timeout=WAIT)
    again.form.discard()


def test_another_type_keeps_what_was_taken_and_says_so(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    call = next(ident for ident, _name, icon in window._extras.vocabulary.types if icon == "phone")  # type: ignore[union-attr]
    take(window, office, mail(tmp_path))
    press(window, "button_mail_answered")
    window.form.put("type", call)
    assert strip(window).isVisible()
    assert "elija de nuevo" in strip(window).remark.text()
    assert not window.mail.takes()
    window.form.put("type", email_type(window))
    assert strip(window).remark.text() == ""
    accept(window, office)
    again = office.open(office.contacts()[0])
    again.form.put("type", call)
    assert "se conserva" in strip(again).remark.text()
    assert strip(again).open_button.isVisible()
    accept(again, office)
    assert counts(office, "contact", office.contacts()[0])["email_message"] == 1


def test_a_mail_can_begin_a_contact(office: Office, tmp_path: Path) -> None:
    know_marta(office)
    window = office.show()
    window.mail.begin(Source(path=mail(tmp_path)))
    office.qtbot.waitUntil(lambda: window.form.held.mail is not None, timeout=WAIT)
    assert window.form.value("type") == email_type(window)
    assert window.form.value("client") == office.client
    window.form.discard()


def test_a_look_before_it_is_saved(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    strip(window).open_button.click()
    dialog = window.findChild(QDialog, "dialog_mail_look")
    assert dialog is not None
    office.qtbot.waitUntil(lambda: dialog.is_ready, timeout=WAIT)  # type: ignore[attr-defined]
    assert dialog.subject.text() == "Pedido de sierras"  # type: ignore[attr-defined]
    assert "tres sierras" in dialog.pane.view.toPlainText()  # type: ignore[attr-defined]
    dialog.reject()
    window.form.discard()


def test_consultar_shows_it_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    accept(window, office)
    [ident] = office.contacts()
    seen = office.open(ident, read_only=True)
    office.qtbot.waitUntil(lambda: strip(seen).isVisible(), timeout=WAIT)
    assert not strip(seen).delete_button.isVisible()
    seen.edit_button.click()
    assert strip(seen).delete_button.isVisible()
    office.jobs.write(lambda s: deleting.delete(s, "contact", [ident])).result()


def test_a_mail_that_is_gone_when_accepted_is_named(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    path = mail(tmp_path)
    take(window, office, path)
    path.unlink()
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: window.form.bars.has("files"), timeout=WAIT)
    assert "pedido.eml" in bar(window, "files").label.text()
    assert office.contacts() == []
    assert str(window.form.value("notes")).startswith("Pedido")
    strip(window).delete_button.click()
    accept(window, office)


def test_enter_answers_and_control_enter_accepts(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    assert focused() is strip(window).questions.attach
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert not strip(window).questions.isVisible()
    held = window.form.held.mail
    assert held is not None
    assert (held.mail.attach, held.mail.associate) == (False, True)
    with office.qtbot.waitSignal(window.form.saved, timeout=WAIT):
        QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
