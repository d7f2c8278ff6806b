"""Who asked for no mail is marked wherever an address is offered, and asked about before writing all the same."""

import pytest
from PySide6.QtWidgets import QWidget

from tests.support.post import RUIZ
from tests.ui.mail.conftest import Box
from ui.contact.form import ContactWindow
from ui.forms.message_bar import MessageBars
from ui.forms.record_window import RecordWindow
from ui.forms.text_fields import EmailEditor
from ui.mail import writing

SAID = "Marta Gil 0 pidió no recibir correos"


def editor_of(box: Box, window: RecordWindow) -> EmailEditor:
    """The e-mail editor of a window, once it knows."""
    box.desk.show(window)
    box.settle()
    found = window.form.editor("email")
    assert isinstance(found, EmailEditor)
    return found


@pytest.fixture
def person(box):
    window = RecordWindow(box.desk.context, "person", box.known.marta)
    yield window
    window.form.discard()


def test_an_address_is_written_to_at_once(box, person):
    editor = editor_of(box, person)
    assert editor.note.isHidden()
    assert editor.write_button.toolTip() == writing.TIP
    editor.write_button.click()
    box.settle()
    assert box.opened == [f"mailto:{RUIZ}"]


def test_who_asked_for_no_mail_is_said_and_asked(box, person, qtbot):
    box.opt_out()
    editor = editor_of(box, person)
    qtbot.waitUntil(editor.note.isVisible)
    assert editor.note.text() == f"{SAID}."
    assert editor.write_button.toolTip() == SAID
    editor.write_button.click()
    qtbot.waitUntil(lambda: person.form.bars.has(writing.BAR))
    assert box.opened == []
    bar = person.form.bars.bar(writing.BAR)
    assert bar.label.text() == f"{SAID}. ¿Escribir de todos modos?"
    assert bar.buttons[-1].hasFocus()
    bar.buttons[-1].click()
    assert not person.form.bars.has(writing.BAR)
    assert box.opened == []
    editor.write_button.click()
    qtbot.waitUntil(lambda: person.form.bars.has(writing.BAR))
    person.form.bars.bar(writing.BAR).buttons[0].click()
    assert box.opened == [f"mailto:{RUIZ}"]


def test_the_mark_follows_the_person_and_what_is_typed(box, person, qtbot):
    editor = editor_of(box, person)
    box.opt_out()
    box.desk.context.bridge.announce(box.desk.jobs.write(lambda s: None).result().changes)
    box.desk.context.bridge.write(lambda s: _touch(s, box.known.marta), lambda _done: None, box.desk.context.bridge)
    qtbot.waitUntil(editor.note.isVisible)
    editor.line.clear()
    qtbot.keyClicks(editor.line, "otra@x.es")
    qtbot.waitUntil(editor.note.isHidden)
    editor.line.clear()
    qtbot.keyClicks(editor.line, RUIZ.upper())
    qtbot.waitUntil(editor.note.isVisible)


def _touch(session, ident: int) -> None:
    from oficrm import records, saving

    draft = records.load(session, "person", ident).draft
    draft.values["job_title"] = "Gerente"
    saving.save(session, draft)


def test_a_client_with_the_address_of_such_a_person_is_marked_too(box, qtbot):
    box.opt_out()
    box.desk.save("client", box.known.ruiz, email=RUIZ)
    window = RecordWindow(box.desk.context, "client", box.known.ruiz)
    editor = editor_of(box, window)
    qtbot.waitUntil(editor.note.isVisible)
    assert editor.note.text() == f"{SAID}."
    window.form.discard()


def test_the_head_of_a_contact_says_it(box, qtbot):
    box.opt_out()
    window = ContactWindow(box.desk.context, preset={"client": box.known.ruiz, "person": box.known.marta})
    box.desk.show(window)
    qtbot.waitUntil(lambda: "(pidió no recibir correos)" in window.head.detail.text())
    assert f"{RUIZ} (pidió" in window.head.detail.text()
    window.form.discard()


def test_nothing_in_an_address_adds_recipients_or_text():
    assert writing.mail_url("a@x.es?bcc=b@y.es&body=hola").toString() == "mailto:a@x.es"
    assert writing.mail_url("mailto:a@x.es").toString() == "mailto:a@x.es"


def test_without_a_mail_program_it_says_what_to_do(box, monkeypatch, qtbot):
    from PySide6.QtGui import QDesktopServices

    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _url: False))
    owner = QWidget()
    qtbot.addWidget(owner)
    bars = MessageBars(owner)
    writing.write_to(box.desk.context, "a@x.es", owner, bars)
    qtbot.waitUntil(lambda: bars.has(writing.BAR))
    assert bars.bar(writing.BAR).label.text() == writing.NO_PROGRAM
