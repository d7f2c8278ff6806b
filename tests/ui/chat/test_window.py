"""The window of a channel over a real database and a server on this computer."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from db.filed import key_of
from db.models.chat_channel import ChatChannel
from oficrm import undo
from tests.support.desk import WAIT
from tests.support.rocket import Reply
from tests.ui.chat.conftest import Chat
from ui import theme
from ui.chat.talk_model import DayRow, MessageRow
from ui.chat.window import ChannelWindow
from ui.link_dialog import ChooseRecord


def bodies(window: ChannelWindow) -> list[str]:
    return [line.body for line in window.tab.pane.lines()]


def test_the_newest_messages_stand_at_the_end_by_day(chat: Chat):
    window = chat.open(chat.channel(150))
    pane = window.tab.pane
    assert window.objectName() == "form_chat_channel"
    assert bodies(window) == [f"mensaje {at}" for at in range(90, 150)]
    rows = pane.view.talk.rows
    assert isinstance(rows[0], DayRow)
    assert sum(isinstance(row, DayRow) for row in rows) == 30
    bar = pane.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    assert pane.compose.box.hasFocus()
    assert window.tab.pane.status.text() == "Registro local"


def test_older_messages_come_as_one_scrolls_up_and_nothing_jumps(chat: Chat):
    window = chat.open(chat.channel(150))
    view = window.tab.pane.view
    bar = view.verticalScrollBar()
    bar.setValue(0)
    chat.qtbot.waitUntil(lambda: len(view.lines()) == 120, timeout=WAIT)
    top = view.indexAt(QPoint(40, 30))
    row = view.talk.rows[top.row()]
    assert 88 <= int((row.line.body if isinstance(row, MessageRow) else "mensaje 90").split()[1]) <= 92
    bar.setValue(0)
    chat.qtbot.waitUntil(lambda: len(view.lines()) == 150, timeout=WAIT)
    assert not view.has_older
    assert len({line.id for line in view.lines()}) == 150


def test_own_messages_stand_at_the_right(chat: Chat):
    chat.sign_in()
    window = chat.open(chat.channel(2, there=True))
    view = window.tab.pane.view
    marta, ana = (row for row in view.talk.rows if isinstance(row, MessageRow))
    width = view.viewport().width()
    assert (marta.line.is_own, ana.line.is_own) == (False, True)
    assert view.bubbles.lay(marta, width).bubble.left() < width / 4
    assert view.bubbles.lay(ana, width).bubble.right() > width * 3 / 4


def test_a_note_is_written_with_ctrl_enter_and_undone(chat: Chat):
    ident = chat.channel()
    window = chat.open(ident)
    pane = window.tab.pane
    assert pane.stack.currentWidget() is pane.empty
    QTest.keyClicks(pane.compose.box, "Llamar el lunes")
    QTest.keyClick(pane.compose.box, Qt.Key.Key_Return)
    QTest.keyClicks(pane.compose.box, "sin falta")
    QTest.keyClick(pane.compose.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    chat.qtbot.waitUntil(lambda: bodies(window) == ["Llamar el lunes\nsin falta"], timeout=WAIT)
    assert window.isVisible()
    assert pane.compose.text() == ""
    assert pane.lines()[0].is_own
    chat.qtbot.waitUntil(lambda: window.form.value("message_count") == 1, timeout=WAIT)
    chat.desk.context.bridge.write(undo.undo_last, lambda _done: None, chat.desk.context.bridge)
    chat.qtbot.waitUntil(lambda: bodies(window) == [], timeout=WAIT)
    assert pane.stack.currentWidget() is pane.empty


def test_blank_is_not_sent(chat: Chat):
    window = chat.open(chat.channel())
    pane = window.tab.pane
    QTest.keyClicks(pane.compose.box, "   ")
    assert not pane.compose.button.isEnabled()
    QTest.keyClick(pane.compose.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    chat.settle()
    assert pane.lines() == ()


def test_a_message_goes_to_the_server_and_stays_here(chat: Chat):
    chat.sign_in()
    chat.rocket.room("General")
    window = chat.open(chat.channel(1, there=True))
    pane = window.tab.pane
    assert pane.compose.button.text() == "Enviar"
    pane.compose.box.setPlainText("Salimos ya")
    pane.compose.button.click()
    chat.qtbot.waitUntil(lambda: bodies(window)[-1:] == ["Salimos ya"], timeout=WAIT)
    assert chat.rocket.messages["General"][-1]["msg"] == "Salimos ya"
    assert pane.lines()[-1].is_own
    assert pane.compose.text() == ""


def test_a_message_that_does_not_arrive_is_not_lost(chat: Chat):
    chat.sign_in()
    chat.rocket.fault = lambda _path, _params: Reply(503, b"")
    window = chat.open(chat.channel(1, there=True))
    pane = window.tab.pane
    pane.compose.box.setPlainText("Salimos ya")
    pane.compose.button.click()
    chat.qtbot.waitUntil(lambda: pane.bars.has("send"), timeout=WAIT)
    assert pane.compose.text() == "Salimos ya"
    assert pane.compose.button.isEnabled()
    assert bodies(window) == ["mensaje 0"]


def test_f5_brings_what_is_new(chat: Chat):
    chat.sign_in()
    chat.rocket.room("General")
    window = chat.open(chat.channel(1, there=True))
    chat.rocket.say("General", "recién llegado", at=chat.rocket.tick())
    QTest.keyClick(window.tab.pane.view, Qt.Key.Key_F5)
    chat.qtbot.waitUntil(lambda: bodies(window) == ["mensaje 0", "recién llegado"], timeout=WAIT)
    chat.qtbot.waitUntil(lambda: chat.desk.noted.notices[-1:] != [], timeout=WAIT)
    assert chat.desk.noted.notices[-1][0] == "1 mensaje nuevo."
    assert not window.tab.pane.refresh_button.isHidden()


def test_without_a_session_f5_says_where_to_connect(chat: Chat):
    window = chat.open(chat.channel(1, there=True))
    pane = window.tab.pane
    pane.refresh_button.click()
    chat.qtbot.waitUntil(lambda: pane.bars.has("server"), timeout=WAIT)
    assert "No está conectado" in pane.bars.bar("server").label.text()
    pane.bars.bar("server").buttons[0].click()
    dialog = window.findChild(QWidget, "dialog_chat_server")
    assert dialog is not None
    dialog.close()


def test_words_are_found_and_shown_in_their_place(chat: Chat):
    window = chat.open(chat.channel(150, text="Albarán número {}"))
    pane = window.tab.pane
    QTest.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pane.search.hasFocus()
    QTest.keyClicks(pane.search, "albaran 12")
    chat.qtbot.waitUntil(lambda: len(pane.hits.entries()) == 12, timeout=WAIT)
    assert pane.stack.currentWidget() is pane.hits
    oldest = pane.hits.entries()[-1]
    assert oldest.words == "Albarán número 12"
    pane.hits.select(oldest.id)
    QTest.keyClick(pane.hits, Qt.Key.Key_Return)
    chat.qtbot.waitUntil(lambda: pane.stack.currentWidget() is pane.view, timeout=WAIT)
    index = pane.view.currentIndex()
    row = pane.view.talk.rows[index.row()]
    assert isinstance(row, MessageRow)
    assert row.line.id == oldest.id
    assert pane.view.viewport().rect().intersects(pane.view.visualRect(index))
    bar = pane.view.verticalScrollBar()
    assert pane.view.has_newer
    bar.setValue(bar.maximum())
    chat.qtbot.waitUntil(lambda: len(pane.lines()) > 102, timeout=WAIT)
    before = pane.view.indexAt(QPoint(40, 200)).row()
    assert pane.view.talk.rows[before] != pane.view.talk.rows[-1]
    QTest.keyClick(pane.view, Qt.Key.Key_End)
    chat.qtbot.waitUntil(lambda: pane.lines()[-1].body == "Albarán número 149", timeout=WAIT)
    assert not pane.view.has_newer


def test_escape_ends_the_search_and_leaves_the_window(chat: Chat):
    window = chat.open(chat.channel(3))
    pane = window.tab.pane
    pane.search.setFocus()
    QTest.keyClicks(pane.search, "nada de esto")
    chat.qtbot.waitUntil(lambda: pane.stack.currentWidget() is pane.empty, timeout=WAIT)
    assert pane.empty.sentence.text() == "Ningún mensaje contiene eso."
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert pane.stack.currentWidget() is pane.view


def test_a_link_is_opened_only_when_told_to(chat: Chat):
    window = chat.open(chat.channel(1, text="mira https://example.es/a?b=1, <b>ya</b>"))
    pane = window.tab.pane
    view = pane.view
    row = next(row for row in view.talk.rows if isinstance(row, MessageRow))
    laid = view.bubbles.lay(row, view.viewport().width())
    line = laid.text.lineAt(0)
    at = view.visualRect(view.talk.index(1, 0)).topLeft()
    x = laid.text_at.x() + QFontMetricsF(theme.font()).horizontalAdvance("mira https:")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(int(x), int(at.y() + laid.text_at.y() + line.height() / 2)))  # fmt: skip
    assert pane.bars.has("link")
    assert "https://example.es/a?b=1?" in pane.bars.bar("link").label.text()
    assert chat.opened == []
    pane.bars.bar("link").buttons[0].click()
    assert chat.opened == ["https://example.es/a?b=1"]
    pane.ask_link("file:///etc/passwd")
    assert not pane.bars.has("link")


def test_messages_are_copied_as_text(chat: Chat):
    window = chat.open(chat.channel(2))
    view = window.tab.pane.view
    view.selectAll()
    view.copy()
    first, second = QGuiApplication.clipboard().text().split("\n")
    assert first.endswith("Marta: mensaje 0")
    assert second.endswith("Ana: mensaje 1")


def test_only_notes_offer_to_be_deleted(chat: Chat):
    window = chat.open(chat.channel(1))
    pane = window.tab.pane
    pane.send("nota")
    chat.qtbot.waitUntil(lambda: len(pane.lines()) == 2, timeout=WAIT)
    names = []
    for message in pane.lines():
        pane.view.show_message(message.id)
        menu = pane.view.make_menu()
        assert menu is not None
        names.append([action.objectName() for action in menu.actions()])
    assert "action_remove_message" not in names[0]
    assert "action_remove_message" in names[1]
    QTest.keyClick(pane.view, Qt.Key.Key_Delete)
    chat.qtbot.waitUntil(lambda: bodies(window) == ["mensaje 0"], timeout=WAIT)
    assert chat.desk.noted.notices[-1][0] == "Mensaje borrado."


def test_records_are_linked_opened_and_taken_off(chat: Chat):
    window = chat.open(chat.channel(1, places=(key_of("client", 1),)))
    places = window.tab.places
    assert [row.place.title for row in places.rows] == ["Talleres Ruiz"]
    places.rows[0].button.click()
    assert chat.desk.noted.opened[-1][:3] == ("record", "client", 1)
    window.link()
    dialog = window.findChild(ChooseRecord)
    assert dialog is not None
    dialog._take(key_of("person", 2), "Marta Gil 1")
    chat.qtbot.waitUntil(lambda: len(places.rows) == 2, timeout=WAIT)
    places.rows[0].cross.click()
    chat.qtbot.waitUntil(lambda: [row.place.key for row in places.rows] == [key_of("person", 2)], timeout=WAIT)


def test_consultar_writes_nothing(chat: Chat):
    window = chat.open(chat.channel(2), read_only=True)
    pane = window.tab.pane
    assert pane.compose.isHidden()
    assert pane.import_button.isHidden()
    assert window.tab.places.link_button.isHidden()
    pane.send("no")
    chat.settle()
    assert len(pane.lines()) == 2


def test_a_new_channel_is_a_form_with_its_record_filled_in(chat: Chat):
    window = chat.open(preset={"records": key_of("client", 1)})
    assert window.tab.pane.isHidden()
    window.form.put("name", "Canal nuevo")
    with chat.qtbot.waitSignal(window.form.finished, timeout=WAIT):
        window.accept_button.click()
    ident = chat.desk.read(lambda s: s.scalars(select(ChatChannel.id)).one())
    again = chat.open(ident)
    assert [row.place.title for row in again.tab.places.rows] == ["Talleres Ruiz"]
