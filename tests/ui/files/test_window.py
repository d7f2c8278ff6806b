"""The window of a file: its look at the side, opened from there, validated, and its versions."""

from PySide6.QtGui import QAction

from oficrm import lists
from tests.support.desk import WAIT, Desk
from tests.ui.files.conftest import Attach, System
from ui.files.versions import VersionsDialog
from ui.files.window import DocumentWindow


def shown(desk: Desk, attach: Attach, **files: bytes) -> DocumentWindow:
    (ident,) = attach(**files)
    window = DocumentWindow(desk.context, ident)
    desk.qtbot.addWidget(window)
    window.show()
    desk.qtbot.waitUntil(window.is_ready, timeout=WAIT)
    return window


def action(window: DocumentWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def status(desk: Desk, window: DocumentWindow) -> str:
    ident = window.form.ident
    assert ident is not None
    return str(desk.jobs.read(lambda s: lists.load_rows(s, "document", [ident], ["status"])).result()[ident][0])


def test_it_shows_the_file_and_opens_it(desk: Desk, attach: Attach, system: System) -> None:
    window = shown(desk, attach, notas__txt="Precio: 12 €".encode())
    assert "Precio: 12 €" in window.preview.text.toPlainText()
    window.open_button.click()
    desk.qtbot.waitUntil(lambda: len(system.opened) == 1, timeout=WAIT)
    assert system.opened[0].name == "notas.txt"
    assert system.opened[0].read_text("utf-8") == "Precio: 12 €"


def test_a_program_is_not_opened_without_a_warning(desk: Desk, attach: Attach, system: System) -> None:
    window = shown(desk, attach, factura__pdf=b"MZ" + bytes(300))
    window.open_button.click()
    desk.qtbot.waitUntil(lambda: window.form.bars.has(f"danger_{window.form.ident}"), timeout=WAIT)
    assert system.opened == []


def test_it_is_validated_from_its_menu(desk: Desk, attach: Attach) -> None:
    window = shown(desk, attach, notas__txt=b"hola")
    action(window, "action_validate").trigger()
    desk.qtbot.waitUntil(lambda: status(desk, window) == "valid", timeout=WAIT)
    desk.qtbot.waitUntil(lambda: "Válido" in window.head.chip.text(), timeout=WAIT)
    action(window, "action_reopen").trigger()
    desk.qtbot.waitUntil(lambda: status(desk, window) == "pending", timeout=WAIT)


def test_its_versions_open_over_it(desk: Desk, attach: Attach) -> None:
    window = shown(desk, attach, notas__txt=b"hola")
    window.show_versions()
    dialog = window.findChild(VersionsDialog, "dialog_versions")
    assert dialog is not None
    desk.qtbot.waitUntil(dialog.is_ready, timeout=WAIT)
    current = dialog.current()
    assert current is not None
    assert current.revision == 1
