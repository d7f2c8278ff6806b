"""Emails as a list, and as the tab of a client."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from db.filed import key_of
from oficrm import related
from oficrm.files.sources import Source
from tests.support import drops
from tests.support.desk import WAIT
from tests.support.list_pages import texts
from tests.support.post import letter
from tests.ui.mail.conftest import Box
from ui.forms.record_window import RecordWindow
from ui.forms.related_page import RelatedPage
from ui.link_dialog import LinkDialog
from ui.lists.page import ListPage
from ui.mail import import_dialog, list_actions
from ui.mail.list_actions import EmailsPart
from ui.mail.window import EmailWindow
from ui.windows import Windows


@pytest.fixture
def make(box: Box, qtbot):
    """Opens the list of messages and loads it."""

    def opened(**options) -> ListPage:
        page = ListPage(box.desk.context, "email_message", **options)
        page.use_opener(box.desk.context.opener)
        qtbot.addWidget(page)
        page.resize(1100, 600)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.is_ready, timeout=WAIT)
        with qtbot.waitSignal(page.loaded, timeout=WAIT):
            page.load()
        box.settle()
        return page

    return opened


@pytest.fixture
def offered(monkeypatch):
    """What the import is opened with."""
    found: list = []
    monkeypatch.setattr(list_actions, "open_import", lambda _context, sources, places: found.append((sources, places)))
    return found


def test_rows_show_names_and_a_word_for_no_subject(box, make):
    box.file(letter(to="Ana Gil <ana@levante.es>, Eva <eva@levante.es>"))
    box.file(letter(subject="", ident="dos@x"))
    page = make()
    assert set(texts(page, "from_address")) == {"Marta Gil"}
    assert "Ana Gil, Eva" in texts(page, "to_addresses")
    assert set(texts(page, "subject")) == {"Oferta de otoño", "(sin asunto)"}
    assert texts(page, "sent_at")[0] == "jue 12 nov 11:30" or texts(page, "sent_at")[0].startswith("jue 12 nov ")


def test_adding_offers_files_a_folder_or_a_mailbox(box, make, offered, tmp_path, monkeypatch):
    page = make()
    part = page.companion
    assert isinstance(part, EmailsPart)
    page.work.run("add")
    menu = page.findChild(QMenu, "menu_import")
    assert [action.objectName() for action in menu.actions()] == ["action_import_files", "action_import_folder",
                                                                 "action_import_mbox"]  # fmt: skip
    monkeypatch.setattr(list_actions, "choose", lambda _memory, way, _parent: [tmp_path / way])
    menu.actions()[1].trigger()
    menu.close()
    ((sources, places),) = offered
    assert [source.path for source in sources] == [tmp_path / "folder"]
    assert places == ()


def test_mails_dropped_on_the_list_are_offered_for_import(box, make, offered, tmp_path):
    (tmp_path / "a.eml").write_bytes(letter())
    page = make()
    drops.drop(page, drops.files([tmp_path / "a.eml"]))
    ((sources, _places),) = offered
    assert [source.path for source in sources] == [tmp_path / "a.eml"]


def test_an_empty_list_says_how_to_fill_it(box, make, offered):
    page = make()
    assert "Impórtelos, o suéltelos aquí" in page.stack.empty.sentence.text()
    page.stack.empty.button.click()
    assert page.findChild(QMenu, "menu_import") is not None
    page.findChild(QMenu, "menu_import").close()


def test_several_messages_are_linked_at_once(box, make):
    box.file(letter(ident="a@x"))
    box.file(letter(ident="b@x"))
    page = make()
    page.table.selectAll()
    page.work.run("link")
    dialog = page.findChild(LinkDialog)
    assert dialog is not None
    assert len(dialog._ids) == 2
    dialog.reject()


def test_the_original_opens_and_is_saved(box, make, tmp_path, qtbot):
    data = letter()
    box.file(data, name="oferta.eml")
    page = make()
    page.table.selectRow(0)
    page.work.run("original")
    qtbot.waitUntil(lambda: bool(box.opened), timeout=WAIT)
    assert box.opened[0].endswith("oferta.eml")
    part = page.companion
    part.saving.choose_file = lambda _name: tmp_path / "copia.eml"
    with qtbot.waitSignal(part.saving.finished, timeout=WAIT):
        page.work.run("save_original")
    assert (tmp_path / "copia.eml").read_bytes() == data


def test_a_message_opens_in_its_own_window(box, make, qtbot):
    ident = box.file(letter())
    windows = Windows(box.desk.context.bridge, box.desk.context.memory)
    windows.context = box.desk.context
    window = windows.open_record("email_message", ident, read_only=True)
    assert isinstance(window, EmailWindow)
    qtbot.waitUntil(window.is_ready, timeout=WAIT)
    box.settle()
    assert windows.open_record("email_message", ident) is window
    window.form.discard()
    window.close()


def test_a_client_has_its_messages_in_a_tab_and_imports_into_it(box, offered, qtbot):
    box.file(letter(ident="a@x"))
    box.file(letter("info@azahar.com", ident="b@x"))
    for table in ("client", "person"):
        assert "email_message" in [relation.table for relation in related.related(table)]
    window = RecordWindow(box.desk.context, "client", box.known.ruiz)
    box.desk.show(window)
    window.resize(1140, 690)
    window.tabs.show_tab("email_message")
    tab = window.tabs.page("email_message")
    assert isinstance(tab, RelatedPage)
    page = tab.list
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    box.settle()
    assert isinstance(page.companion, EmailsPart)
    page.companion.import_sources([Source(data=b"x", name="a.eml")])
    assert offered[-1][1] == (key_of("client", box.known.ruiz),)
    names = {action.objectName() for action in window.actions_menu.commands.around.actions()}
    assert "action_import_mail" in names
    assert "action_add_email_message" not in names
    window.form.discard()


def test_the_menu_of_a_client_imports_into_it(box, qtbot):
    window = RecordWindow(box.desk.context, "client", box.known.ruiz)
    box.desk.show(window)
    box.settle()
    window.actions_menu.import_mail()
    dialog = import_dialog._open[-1]
    qtbot.waitUntil(lambda: "Talleres Ruiz" in dialog.head.place.text())
    dialog.close()
    qtbot.waitUntil(lambda: import_dialog._open == [])
    window.form.discard()


def test_the_keys_of_the_list(box, make, qtbot):
    ident = box.file(letter())
    page = make()
    page.focus_table()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert box.desk.noted.opened[-1][:3] == ("record", "email_message", ident)
    QTest.keyClick(page.table, Qt.Key.Key_Insert)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
