"""The window of a message over a real database."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from db import contents
from db.filed import key_of
from oficrm import undo
from tests.support.post import PDF, RUIZ, STRANGER, US, letter
from tests.ui.mail.conftest import Box, html_letter
from ui.link_dialog import LinkDialog
from ui.mail import pane
from ui.mail.window import EmailWindow


def line(window: EmailWindow, label: str):
    return window.tab.addresses.lines[label]


def test_a_message_is_read_in_its_window(box: Box):
    window = box.read(letter(text="Hola, Ana:\n\nNos vemos.", files={"oferta.pdf": PDF}))
    assert window.objectName() == "form_email_message"
    assert window.head.title.text() == "Oferta de otoño"
    assert window.head.chip.text() == "Entrante"
    assert "jueves 12 de noviembre de 2026" in window.head.code.text()
    assert window.tab.pane.view.toPlainText().startswith("Hola, Ana:")
    assert [button.address.email for button in line(window, "De").buttons] == [RUIZ]
    assert [button.address.email for button in line(window, "Para").buttons] == [US]
    assert line(window, "CC").isHidden()
    assert [row.place.title for row in window.tab.places.rows] == ["Talleres Ruiz", "Marta Gil 0"]
    assert [button.text().split("  ")[0] for button in window.tab.strip.buttons] == ["oferta.pdf"]
    assert window.tab.problems.isHidden()
    assert window.tab.talk_card.isHidden()
    assert window.tab.pane.view.hasFocus()


def test_an_address_opens_whose_it_is(box: Box):
    window = box.read(letter())
    button = line(window, "De").buttons[0]
    assert button.party is not None
    button.click()
    assert box.desk.noted.opened[-1][:3] == ("record", "person", box.known.marta)


def test_an_unknown_address_offers_a_new_person(box: Box):
    window = box.open(box.file(letter(f'"Pérez Soler, Eva" <{STRANGER}>'), key_of("client", box.known.ruiz)))
    window.form.put("client", box.known.ruiz, "Talleres Ruiz")
    button = line(window, "De").buttons[0]
    assert button.party is None
    menu = button.make_menu()
    {action.objectName(): action for action in menu.actions()}["action_create"].trigger()
    table, ident, more = box.desk.noted.opened[-1][1:]
    assert (table, ident) == ("person", None)
    assert more["preset"] == {"first_name": "Eva", "last_name": "Pérez Soler", "email": STRANGER,
                              "client": box.known.ruiz}  # fmt: skip


def test_a_new_person_is_known_at_once(box: Box, qtbot):
    window = box.read(letter(f"Eva Pérez <{STRANGER}>"))
    job = lambda s: _new_person(s)  # noqa: E731
    box.desk.context.bridge.write(job, lambda _done: None, box.desk.context.bridge)
    qtbot.waitUntil(lambda: line(window, "De").buttons[0].party is not None)
    assert line(window, "De").buttons[0].party.title == "Eva Pérez"


def _new_person(session) -> None:
    from oficrm import records, saving

    draft = records.blank(session, "person", {"first_name": "Eva", "last_name": "Pérez", "email": STRANGER}).draft
    saving.save(session, draft)


def test_sixty_recipients_stand_on_one_line_until_unfolded(box: Box):
    many = ", ".join(f"Cliente {number} <c{number}@x{number}.es>" for number in range(60))
    window = box.read(letter(to=many))
    to = line(window, "Para")
    assert len(to.buttons) == 3
    assert to.more_button.text() == "y 57 más"
    assert [button.text() for button in to.buttons] == ["Cliente 0", "Cliente 1", "Cliente 2"]
    box.qtbot.waitUntil(lambda: to.height() < 40)
    folded = to.height()
    to.more_button.click()
    assert len(to.buttons) == 60
    box.qtbot.waitUntil(lambda: folded < to.height() <= 130)
    actions = {action.objectName(): action for action in to.buttons[59].make_menu().actions()}
    actions["action_copy_all"].trigger()
    assert QGuiApplication.clipboard().text().count("@") == 60
    to.buttons[59].setFocus()
    QTest.keyClick(to.buttons[59], Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "c59@x59.es"
    to.more_button.click()
    assert len(to.buttons) == 3


def test_what_could_not_be_read_stands_in_a_dim_line(box: Box):
    data = letter().replace(b'charset="utf-8"', b'charset="x-inventado"')
    window = box.read(data.replace(b"Hola, Ana.", b"Hola, Jos\xe9."))
    assert window.tab.problems.isVisible()
    assert "x-inventado" in window.tab.problems.label.text()
    assert window.tab.problems.label.text().startswith("No se pudo leer del todo: ")


def test_no_subject_and_no_date_have_words(box: Box):
    window = box.read(letter(subject="", when=None))
    assert window.head.title.text() == "(sin asunto)"
    assert window.head.code.isHidden()


def test_the_conversation_stands_beside_and_opens(box: Box):
    ids = [box.file(letter(ident="t1@x", text="Uno"))]
    ids += [box.file(letter(ident=f"t{number}@x", text=f"Mensaje {number}", subject="Re: Oferta", References="<t1@x>"))
            for number in (2, 3)]  # fmt: skip
    window = box.open(ids[2])
    talk = window.tab.talk
    assert [row.id for row in talk.entries()] == ids
    assert talk.current().id == ids[2]
    assert window.tab.talk_card.title_label.text() == "CONVERSACIÓN 3"
    at = talk.visualRect(talk.model().index(0, 0)).center()
    QTest.mouseClick(talk.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert box.desk.noted.opened[-1][:3] == ("record", "email_message", ids[0])


def test_a_message_is_taken_off_a_record_and_put_back(box: Box, qtbot):
    window = box.read(letter())
    window.tab.places.rows[1].cross.click()
    qtbot.waitUntil(lambda: len(window.tab.places.rows) == 1)
    text, operation = box.desk.noted.notices[-1]
    assert text.startswith("Quitado de Marta Gil 0")
    assert operation is not None
    box.desk.context.bridge.write(lambda s: undo.undo(s, operation), lambda _done: None, box.desk.context.bridge)
    qtbot.waitUntil(lambda: len(window.tab.places.rows) == 2)


def test_a_message_is_linked_to_another_record(box: Box, qtbot):
    window = box.read(letter())
    window.tab.places.link_button.click()
    dialog = window.findChild(LinkDialog)
    assert dialog is not None
    assert not dialog.accept_button.isEnabled()
    dialog.kind.set_value("client")
    qtbot.keyClicks(dialog.picker.line, "azahar")
    qtbot.waitUntil(lambda: bool(dialog.picker.popup.options()))
    QTest.keyClick(dialog.picker.line, Qt.Key.Key_Return)
    assert dialog.accept_button.isEnabled()
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: len(window.tab.places.rows) == 3)
    assert [row.place.title for row in window.tab.places.rows][-1] == "Hotel Azahar"
    assert box.desk.noted.notices[-1][0].startswith("Vinculado a Hotel Azahar")
    window.tab.places.rows[-1].button.click()
    assert box.desk.noted.opened[-1][:3] == ("record", "client", box.known.azahar)


def test_consulting_changes_nothing(box: Box):
    window = box.open(box.file(letter()), read_only=True)
    assert all(row.cross.isHidden() for row in window.tab.places.rows)
    assert window.tab.places.link_button.isHidden()
    window.link()
    assert window.findChild(LinkDialog) is None


def test_the_client_of_a_message_can_be_changed(box: Box, qtbot):
    window = box.read(letter())
    window.form.put("client", box.known.azahar, "Hotel Azahar")
    with qtbot.waitSignal(window.form.saved):
        window.accept_button.click()
    saved = box.desk.read(
        lambda s: __import__("oficrm.records").records.load(s, "email_message", window.form.ident or 1)
    )
    assert saved.draft.values["client"] == box.known.azahar


def test_an_attachment_opens_and_many_of_them_lead_to_their_tab(box: Box, qtbot):
    window = box.open(box.file(letter(files={f"hoja {number}.pdf": PDF for number in range(9)})))
    assert len(window.tab.strip.buttons) == 5
    assert window.tab.strip.more_button.text() == "y 4 más"
    window.tab.strip.buttons[0].click()
    qtbot.waitUntil(lambda: bool(box.opened))
    assert box.opened[0].startswith("file:")
    window.tab.strip.more_button.click()
    assert window.tabs.current() == "document"


def test_the_original_opens_as_it_came(box: Box, qtbot):
    data = letter()
    window = box.read(data)
    window.open_original()
    qtbot.waitUntil(lambda: bool(box.opened))
    from PySide6.QtCore import QUrl

    with open(QUrl(box.opened[0]).toLocalFile(), "rb") as stream:
        assert stream.read() == data


def test_a_lying_link_is_opened_only_after_asking(box: Box):
    html = '<p><a href="https://malo.com/x">www.banco.es</a> <a href="https://bueno.es/">aquí</a></p>'
    window = box.read(html_letter(html))
    view = window.tab.pane
    view.follow("https://bueno.es/")
    assert box.opened == ["https://bueno.es/"]
    view.follow("https://malo.com/x")
    assert len(box.opened) == 1
    bar = view.bars.bar(pane.LINK_BAR)
    assert "www.banco.es" in bar.label.text()
    assert "malo.com" in bar.label.text()
    bar.buttons[0].click()
    assert box.opened[-1] == "https://malo.com/x"
    view.follow("javascript:alert(1)")
    view.follow("file:///etc/passwd")
    assert len(box.opened) == 2


def test_a_mail_address_in_a_message_minds_who_asked_for_no_mail(box: Box, qtbot):
    box.opt_out()
    window = box.read(html_letter(f'<a href="mailto:{RUIZ}?body=x">Marta</a>'))
    assert line(window, "De").buttons[0].toolTip().endswith("pidió no recibir correos.")
    window.tab.pane.follow(f"mailto:otro@nadie.org,{RUIZ}?body=x")
    qtbot.waitUntil(lambda: window.tab.pane.bars.has("no_mail"))
    assert box.opened == []


def test_blocked_pictures_are_said_and_text_is_a_key_away_and_remembered(box: Box):
    html = '<p>Hola</p><img src="https://malo.com/p.gif">'
    window = box.read(html_letter(html))
    assert pane.REMOTE in window.tab.pane.notes.text()
    assert window.tab.pane.text_button.text() == "Ver texto"
    QTest.keyClick(window.tab.pane.view, Qt.Key.Key_T)
    assert window.tab.pane.view.is_text()
    assert window.tab.pane.text_button.text() == "Ver HTML"
    assert window.tab.pane.notes.isHidden()
    other = box.read(html_letter("<p>Otro</p>", ident="otro@x"))
    assert other.tab.pane.view.is_text()
    QTest.keyClick(other.tab.pane.view, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert not other.tab.pane.view.is_text()


def test_a_cut_message_offers_all_of_its_text(box: Box):
    window = box.read(html_letter("<p>Una línea de texto.</p>" * 30_000 + "<p>FIN</p>"))
    assert pane.CUT in window.tab.pane.notes.text()
    assert "FIN" not in window.tab.pane.view.toPlainText()
    window.tab.pane.notes.all_button.click()
    assert "FIN" in window.tab.pane.view.toPlainText()


def test_words_are_found_in_the_message(box: Box):
    window = box.read(letter(text="uno dos\ntres dos"))
    view, bar = window.tab.pane.view, window.tab.pane.find_bar
    QTest.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    bar.field.setText("dos")
    bar.step(1)
    first = view.textCursor().position()
    bar.step(1)
    assert view.textCursor().position() > first
    bar.step(1)
    assert view.textCursor().position() == first
    assert bar.found.text() == "Desde el principio."
    bar.field.setText("cuatro")
    bar.step(1)
    assert bar.found.text() == "No está en el mensaje."
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_a_damaged_original_is_said_and_what_is_known_is_shown(box: Box, monkeypatch):
    ident = box.file(letter(text="Hola, esto es lo que se sabe."))

    def damaged(*_args):
        raise contents.Damaged("x")

    monkeypatch.setattr(contents, "read", damaged)
    window = box.open(ident)
    assert window.form.bars.has("original")
    assert window.tab.pane.view.toPlainText() == "Hola, esto es lo que se sabe."


def test_what_a_message_offers_stands_in_its_menu(box: Box):
    window = box.read(letter())
    names = {action.objectName() for action in window.actions_menu.menu.actions()}
    assert {"action_link", "action_original", "action_save_original", "action_history", "action_delete"} <= names
    assert "action_duplicate" not in names


@pytest.mark.parametrize("width", [820, 1366])
def test_it_fits_narrow_and_wide_screens(box: Box, width):
    window = box.read(letter(files={f"hoja con nombre largo {number}.pdf": PDF for number in range(6)}))
    window.resize(width, 700)
    QGuiApplication.processEvents()
    assert window.general.horizontalScrollBar().maximum() == 0
    for widget in window.tab.findChildren(QWidget, "attachment"):
        assert widget.mapTo(window, widget.rect().topRight()).x() < width


def test_letters_grow_and_shrink_by_keys(box: Box):
    view = box.read(letter()).tab.pane.view
    for key, zoom in ((Qt.Key.Key_Plus, 1), (Qt.Key.Key_Minus, 0), (Qt.Key.Key_Minus, -1), (Qt.Key.Key_0, 0)):
        QTest.keyClick(view, key, Qt.KeyboardModifier.ControlModifier)
        assert view.zoom() == zoom


def test_nothing_of_a_mail_becomes_html_in_a_tooltip(box: Box):
    evil = "<img src=file://malo.example/x>"
    window = box.read(letter(f'"{evil}" <a@x.es>', subject=evil))
    tips = [each.toolTip() for each in window.findChildren(QWidget) if "malo.example" in each.toolTip()]
    assert tips
    assert not [tip for tip in tips if "<img" in tip]
