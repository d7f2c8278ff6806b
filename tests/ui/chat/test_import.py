"""Servidor de chat, Traer de Rocket.Chat and importing files, through their dialogs and the list."""

import json
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.filed import key_of
from oficrm.chat import talk
from tests.support.desk import WAIT
from tests.support.rocket import PASSWORD, TOKEN, USER, USER_ID, Reply
from tests.ui.chat.conftest import Chat
from ui.chat import accounts, file_dialog
from ui.chat.list_actions import ChannelsPart
from ui.chat.rooms_dialog import RoomsDialog
from ui.chat.rooms_model import NAME
from ui.chat.server_dialog import TOKEN as BY_TOKEN
from ui.chat.server_dialog import ServerDialog
from ui.lists.page import ListPage
from ui.settings_window.window import SettingsWindow


def server_dialog(chat: Chat) -> ServerDialog:
    dialog = ServerDialog(chat.desk.context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    chat.show(dialog)
    return dialog


def fill(dialog: ServerDialog, **texts: str) -> None:
    for name, text in texts.items():
        dialog.rows[name].editor.set_value(text)


# --- the server


def test_connecting_remembers_server_and_user_but_no_secret(chat: Chat, tmp_path: Path):
    dialog = server_dialog(chat)
    fill(dialog, server=chat.rocket.address, user=USER, password=PASSWORD)
    with chat.qtbot.waitSignal(dialog.entered, timeout=WAIT):
        dialog.accept_button.click()
    memory = chat.desk.context.memory
    assert accounts.server(memory) == chat.rocket.address
    memory.flush()
    kept = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert USER in kept
    assert PASSWORD not in kept
    assert TOKEN not in kept
    assert not dialog.isVisible()


def test_a_wrong_password_is_said_in_the_dialog(chat: Chat):
    dialog = server_dialog(chat)
    fill(dialog, server=chat.rocket.address, user=USER, password="otra")
    dialog.accept_button.click()
    assert dialog.foot.sentence.text() == "Conectando…"
    chat.qtbot.waitUntil(lambda: dialog.bars.has("problem"), timeout=WAIT)
    assert "incorrectos" in dialog.bars.bar("problem").label.text()
    assert accounts.server(chat.desk.context.memory) == ""


def test_what_is_missing_or_unsafe_is_said_beside_it(chat: Chat):
    dialog = server_dialog(chat)
    fill(dialog, server="http://chat.empresa.es")
    dialog.accept_button.click()
    assert "https://" in dialog.rows["server"].error()
    fill(dialog, server="chat.empresa.es")
    dialog.accept_button.click()
    assert dialog.rows["user"].error() == "Falta este dato."
    assert not dialog.network.is_busy()


def test_without_a_keyring_it_says_so_and_works_until_the_end(chat: Chat):
    keyring.set_keyring(fail.Keyring())
    dialog = server_dialog(chat)
    dialog.way.buttons[BY_TOKEN].click()
    fill(dialog, server=chat.rocket.address, user_id=USER_ID, token=TOKEN)
    dialog.accept_button.click()
    chat.qtbot.waitUntil(lambda: dialog.bars.has("keyring"), timeout=WAIT)
    assert "hasta cerrar el programa" in dialog.bars.bar("keyring").label.text()
    dialog.leave_button.click()
    chat.qtbot.waitUntil(lambda: dialog.bars.has("left"), timeout=WAIT)
    assert accounts.server(chat.desk.context.memory) == ""
    assert dialog.leave_button.isHidden()


# --- rooms


@pytest.fixture
def rooms(chat: Chat) -> RoomsDialog:
    chat.sign_in()
    for name in ("General", "Ventas"):
        chat.rocket.room(name)
        for number in range(12):
            chat.rocket.say(name, f"{name} {number}")
    dialog = RoomsDialog(chat.desk.context, (key_of("client", 1),))
    chat.show(dialog)
    chat.qtbot.waitUntil(lambda: len(dialog.model.rooms) == 2, timeout=WAIT)
    return dialog


def test_chosen_rooms_come_with_what_became_of_them(chat: Chat, rooms: RoomsDialog):
    assert not rooms.start_button.isEnabled()
    chat.qtbot.waitUntil(lambda: rooms.windowTitle().endswith("Talleres Ruiz"), timeout=WAIT)
    rooms.model.setData(rooms.model.index(1, NAME), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    rooms.start_button.click()
    chat.qtbot.waitUntil(lambda: rooms.bars.has("ended"), timeout=WAIT)
    assert rooms.bars.bar("ended").label.text() == "12 mensajes nuevos."
    row = rooms.model.results["Ventas"]
    assert row.channel_id is not None
    channel = row.channel_id
    assert [place.title for place in chat.desk.read(lambda s: talk.places(s, channel))] == ["Talleres Ruiz"]
    rooms.table.doubleClicked.emit(rooms.model.index(1, NAME))
    assert chat.desk.noted.opened[-1][:3] == ("record", "chat_channel", channel)
    assert chat.desk.noted.notices[-1][1] is not None


def test_rooms_are_found_by_name(chat: Chat, rooms: RoomsDialog):
    QTest.keyClicks(rooms.search, "VEN")
    chat.qtbot.waitUntil(lambda: [room.name for room in rooms.model.rooms] == ["ventas"], timeout=WAIT)
    rooms.search.clear()


def test_the_user_stops_it_and_what_came_stays(chat: Chat, rooms: RoomsDialog):
    chat.rocket.most = 3

    def slow(path: str, _params: dict[str, str]) -> Reply | None:
        return Reply(429, {}, {"Retry-After": "60"}) if sum(each == path for each, _ in chat.rocket.asked) > 2 else None

    chat.rocket.fault = slow
    rooms.model.choose(["General"])
    rooms.start_button.click()
    chat.qtbot.waitUntil(lambda: "más despacio" in rooms.foot.sentence.text(), timeout=WAIT)
    rooms.close()
    assert rooms.isVisible()
    rooms.bars.bar("stop").buttons[0].click()
    chat.qtbot.waitUntil(lambda: rooms.bars.has("ended"), timeout=WAIT)
    assert rooms.bars.bar("ended").label.text().startswith("Interrumpido:")


def test_no_server_asks_for_one(chat: Chat):
    dialog = RoomsDialog(chat.desk.context)
    chat.show(dialog)
    assert dialog.stack.currentWidget() is dialog.empty
    assert dialog.empty.button.text() == "Servidor de chat…"
    assert not dialog.start_button.isEnabled()


def test_a_server_that_is_gone_can_be_asked_again(chat: Chat):
    chat.sign_in()
    chat.rocket.fault = lambda _path, _params: Reply(503, b"")
    dialog = RoomsDialog(chat.desk.context)
    chat.show(dialog)
    chat.qtbot.waitUntil(lambda: "HTTP 503" in dialog.empty.sentence.text(), timeout=WAIT)
    chat.rocket.fault = lambda _path, _params: None
    chat.rocket.room("General")
    dialog.empty.button.click()
    chat.qtbot.waitUntil(lambda: len(dialog.model.rooms) == 1, timeout=WAIT)


# --- files and the list


@pytest.fixture
def page(chat: Chat) -> ListPage:
    made = ListPage(chat.desk.context, "chat_channel", fixed={"records": key_of("client", 1)}, compact=True)
    made.resize(1000, 500)
    chat.desk.show(made)
    return made


def test_a_file_is_imported_from_the_tab_of_a_client(
    chat: Chat, page: ListPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "obra.json"
    path.write_text(json.dumps({"msg": "hola", "username": "marta", "ts": "2026-03-02T09:00:00Z"}) + "\nbasura\n")
    monkeypatch.setattr(file_dialog, "choose", lambda *_: [path])
    page.actions_.all["import"].trigger()
    dialog = page.findChild(file_dialog.FileDialog)
    assert dialog is not None
    chat.qtbot.waitUntil(lambda: dialog.bars.has("ended"), timeout=WAIT)
    assert dialog.bars.bar("ended").label.text() == "1 mensaje nuevo · sin traer: 1 ilegibles."
    chat.qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    dialog._open(dialog.list.item(0))
    assert chat.desk.noted.opened[-1][1] == "chat_channel"
    dialog.close()


def test_selected_channels_are_brought_up_to_date(chat: Chat, page: ListPage):
    chat.sign_in()
    chat.rocket.room("General")
    chat.channel(1, there=True, places=(key_of("client", 1),))
    chat.rocket.say("General", "nuevo", at=chat.rocket.tick())
    page.load()
    chat.qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    page.table.selectAll()
    part = page.companion
    assert isinstance(part, ChannelsPart)
    page.actions_.all["refresh"].trigger()
    chat.qtbot.waitUntil(lambda: part.bars.has("refresh") and not part.refreshing.is_running(), timeout=WAIT)
    assert part.bars.bar("refresh").label.text() == "1 mensaje nuevo."


def test_channels_of_no_server_say_so(chat: Chat, page: ListPage):
    chat.channel(1, places=(key_of("client", 1),))
    page.load()
    chat.qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    page.table.selectAll()
    part = page.companion
    assert isinstance(part, ChannelsPart)
    page.actions_.all["refresh"].trigger()
    chat.qtbot.waitUntil(lambda: part.bars.has("refresh"), timeout=WAIT)
    assert "no son del servidor" in part.bars.bar("refresh").label.text()


def test_words_of_messages_are_found_in_the_list(chat: Chat):
    from oficrm import lists
    from oficrm.lists import ListFilter

    ident = chat.channel(3, text="Albarán número {}")
    found = chat.desk.read(lambda s: lists.load_ids(s, ListFilter("chat_channel", (), "albaran 2", ())))
    assert list(found.ids) == [ident]
    assert not list(chat.desk.read(lambda s: lists.load_ids(s, ListFilter("chat_channel", (), "pedido", ()))).ids)


def test_parametros_leads_to_the_server(chat: Chat):
    window = SettingsWindow(chat.desk.context)
    chat.desk.show(window)
    window.chat_button.click()
    dialog = window.findChild(ServerDialog)
    assert dialog is not None
    dialog.close()
