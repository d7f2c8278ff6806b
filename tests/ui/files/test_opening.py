"""Files opened with other programs: copies of one's own, warnings, edits that are noticed, and what is left behind."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from oficrm.files import keeping
from tests.support.desk import WAIT, Desk
from tests.support.lanes import wait_for_slow
from tests.support.list_pages import child
from tests.ui.files.conftest import Attach, MakePage, System
from tests.ui.files.steps import choose, run
from ui.context import Context
from ui.files.copies import Copy
from ui.files.desk import CopyDesk, desk_of
from ui.files.edited import Offer, watch_edits
from ui.files.page import FilesPage
from ui.files.versions import VersionsDialog
from ui.memory import Memory

PROGRAM = b"MZ" + bytes(200)
Opened = tuple[FilesPage, int, Path]


@pytest.fixture
def open_file(desk: Desk, attach: Attach, make_page: MakePage, system: System) -> Callable[..., Opened]:
    """A file of the record, opened by Enter; returns where its copy lies."""

    def make(name: str = "oferta__docx", data: bytes = b"primera") -> Opened:
        (ident,) = attach(**{name: data})
        page = make_page()
        choose(page, ident)
        assert page.list is not None
        QTest.keyClick(page.list.table, Qt.Key.Key_Return)
        desk.qtbot.waitUntil(lambda: len(system.opened) == 1, timeout=WAIT)
        return page, ident, system.opened[0]

    return make


def offers(desk: Desk) -> list[Offer]:
    return watch_edits(desk.context).offers()


def wait_offer(desk: Desk) -> Offer:
    desk.qtbot.waitUntil(lambda: len(offers(desk)) == 1, timeout=WAIT)
    return offers(desk)[0]


def content(desk: Desk, ident: int) -> bytes:
    return desk.read(lambda s: keeping.read(s, keeping.facts(s, ident).sha256))


def click(widget: QWidget, name: str) -> None:
    button = widget.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def double_click(page: FilesPage) -> None:
    assert page.list is not None
    table = page.list.table
    at = table.visualRect(page.list.model.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


# --- opening


def test_enter_opens_a_private_copy(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, _ident, path = open_file()
    assert (path.name, path.read_bytes()) == ("oferta.docx", b"primera")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [path.parent, path.parent.parent, desk_of(desk.context).folder]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_double_click_opens_it_too(desk: Desk, attach: Attach, make_page: MakePage, system: System) -> None:
    attach(a__txt=b"1")
    page = make_page()
    double_click(page)
    desk.qtbot.waitUntil(lambda: [path.name for path in system.opened] == ["a.txt"], timeout=WAIT)


def test_opened_again_it_is_the_same_copy(desk: Desk, open_file: Callable[..., Opened], system: System) -> None:
    page, _ident, path = open_file()
    run(page, "open")
    desk.qtbot.waitUntil(lambda: len(system.opened) == 2, timeout=WAIT)
    assert system.opened == [path, path]


@pytest.mark.parametrize("name", ["instalar__exe", "factura__pdf", "factura__pdf__exe"])
def test_a_program_is_never_opened_by_double_click(
    desk: Desk, attach: Attach, make_page: MakePage, system: System, name: str
) -> None:
    (ident,) = attach(**{name: PROGRAM})
    page = make_page()
    double_click(page)
    code = f"danger_{ident}"
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, f"error_{code}") is not None, timeout=WAIT)
    assert "puede dañarlo" in child(page, f"error_{code}").text()
    focused = QApplication.focusWidget()
    assert focused is child(page, "button_danger_no"), "Enter does not open it either"
    QTest.keyClick(focused, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, f"error_{code}") is None, timeout=WAIT)
    assert system.opened == []
    assert not [path for path in desk_of(desk.context).folder.rglob("*") if path.is_file()]


def test_whoever_insists_opens_it(desk: Desk, attach: Attach, make_page: MakePage, system: System) -> None:
    (ident,) = attach(factura__pdf=PROGRAM)
    page = make_page()
    choose(page, ident)
    run(page, "open")
    desk.qtbot.waitUntil(lambda: page.findChild(QPushButton, "button_danger_open") is not None, timeout=WAIT)
    click(page, "button_danger_open")
    desk.qtbot.waitUntil(lambda: len(system.opened) == 1, timeout=WAIT)
    assert system.opened[0].name == "factura.pdf.bin", "its name does not arm it"


def test_many_at_once_are_a_slip(attach: Attach, make_page: MakePage, system: System) -> None:
    ids = attach(**{f"f{number}__txt": str(number).encode() for number in range(11)})
    page = make_page()
    choose(page, *ids)
    run(page, "open")
    assert page.list is not None
    assert "como mucho 10" in page.list.bar.label.text()
    assert system.opened == []


# --- edited copies


def test_an_edited_copy_becomes_a_new_version(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, ident, path = open_file()
    path.write_bytes(b"segunda")
    offer = wait_offer(desk)
    assert offer.label.text() == "Ha modificado «oferta.docx»."
    click(offer, "button_keep_edited")
    desk.qtbot.waitUntil(lambda: offers(desk) == [], timeout=WAIT)
    assert content(desk, ident) == b"segunda"
    assert desk.noted.notices[-1][0] == "«oferta.docx»: versión 2."
    assert desk.noted.notices[-1][1] is not None
    path.write_bytes(b"tercera vez")
    click(wait_offer(desk), "button_keep_edited")
    desk.qtbot.waitUntil(lambda: content(desk, ident) == b"tercera vez", timeout=WAIT)


def test_editors_that_save_by_renaming_are_noticed(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, ident, path = open_file()
    for text in (b"guardado", b"y otra vez"):
        part = path.with_name(".~guardando")
        part.write_bytes(text)
        part.replace(path)
        click(wait_offer(desk), "button_keep_edited")
        desk.qtbot.waitUntil(lambda text=text: content(desk, ident) == text, timeout=WAIT)  # type: ignore[misc]
        desk.qtbot.waitUntil(lambda: offers(desk) == [], timeout=WAIT)


def test_touching_a_file_is_no_edit(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, _ident, path = open_file()
    copies = desk_of(desk.context)
    path.touch()
    copies.look()
    wait_for_slow(desk.jobs)
    QApplication.processEvents()
    assert copies.edited_copies() == []
    path.write_bytes(b"otra cosa")
    wait_offer(desk)
    path.write_bytes(b"primera")
    desk.qtbot.waitUntil(lambda: offers(desk) == [], timeout=WAIT)


def test_giving_up_edits_is_asked_twice(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, ident, path = open_file()
    path.write_bytes(b"segunda")
    offer = wait_offer(desk)
    click(offer, "button_drop_edited")
    assert path.exists()
    assert "¿Perder los cambios" in offer.label.text()
    click(offer, "button_drop_edited")
    desk.qtbot.waitUntil(lambda: offers(desk) == [], timeout=WAIT)
    assert not path.parent.parent.exists()
    assert content(desk, ident) == b"primera"


def test_a_file_in_the_trash_takes_no_edits_and_says_so(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, ident, path = open_file()
    desk.jobs.write(lambda s: keeping.take_off(s, [ident], None)).result()
    path.write_bytes(b"segunda")
    offer = wait_offer(desk)
    click(offer, "button_keep_edited")
    desk.qtbot.waitUntil(lambda: "no existe" in offer.label.text(), timeout=WAIT)
    assert path.read_bytes() == b"segunda"
    assert offer.keep_button.isEnabled()


# --- the end of the program, and the next start


def test_at_the_end_what_was_not_edited_goes(desk: Desk, open_file: Callable[..., Opened]) -> None:
    _page, _ident, path = open_file()
    copies = desk_of(desk.context)
    root = copies.folder.parent
    copies.clear_up()
    assert not path.exists()
    assert not any(item.is_dir() for item in root.iterdir())


def _next_start(desk: Desk, tmp_path: Path, memory: str = "memory") -> tuple[CopyDesk, list[Copy]]:
    context = Context(desk.context.bridge, Memory(tmp_path / memory), desk.noted, desk.noted)
    made = CopyDesk(context)
    found: list[Copy] = []
    made.edited.connect(found.append)
    made.recover()
    wait_for_slow(desk.jobs)
    QApplication.processEvents()
    return made, found


def test_an_edited_copy_is_offered_at_the_next_start(
    desk: Desk, open_file: Callable[..., Opened], tmp_path: Path
) -> None:
    _page, ident, path = open_file()
    path.write_bytes(b"sin guardar")
    desk_of(desk.context).clear_up()
    assert path.read_bytes() == b"sin guardar"
    _desk, found = _next_start(desk, tmp_path)
    assert [(copy.document_id, copy.path) for copy in found] == [(ident, path)]


def test_a_run_that_goes_on_keeps_its_copies(desk: Desk, open_file: Callable[..., Opened], tmp_path: Path) -> None:
    _page, _ident, path = open_file()
    path.write_bytes(b"sin guardar")
    _desk, found = _next_start(desk, tmp_path)
    assert found == []
    assert path.exists()


def test_leftovers_of_a_crash_go_unless_they_were_edited(
    desk: Desk, open_file: Callable[..., Opened], tmp_path: Path
) -> None:
    _page, _ident, path = open_file()
    copies = desk_of(desk.context)
    run_folder = copies.folder
    assert copies._lock is not None
    copies._lock.unlock()  # as a process that ended leaves it
    _desk, found = _next_start(desk, tmp_path)
    assert found == []
    assert not path.exists()
    assert not run_folder.exists()


def test_a_copy_of_another_database_stays_where_it_is(
    desk: Desk, open_file: Callable[..., Opened], tmp_path: Path
) -> None:
    _page, _ident, path = open_file()
    facts = path.parent.parent / "copia.json"
    facts.write_text(facts.read_text().replace('"sha256": "', '"sha256": "00'))
    path.write_bytes(b"de otra base")
    desk_of(desk.context).clear_up()
    _desk, found = _next_start(desk, tmp_path)
    assert found == []
    assert path.read_bytes() == b"de otra base"


def test_a_copy_without_its_facts_is_no_trouble(desk: Desk, open_file: Callable[..., Opened], tmp_path: Path) -> None:
    _page, _ident, path = open_file()
    (path.parent.parent / "copia.json").write_text("{roto")
    desk_of(desk.context).clear_up()
    assert not path.exists()


# --- versions


@pytest.fixture
def versions(desk: Desk, attach: Attach) -> tuple[VersionsDialog, int]:
    from oficrm.files.sources import Source

    (ident,) = attach(oferta__txt=b"primera")
    desk.jobs.write(lambda s: keeping.new_version(s, ident, Source(data=b"segunda", name="oferta.txt"))).result()
    dialog = VersionsDialog(desk.context, ident)
    desk.show(dialog)
    return dialog, ident


def test_versions_are_listed_and_an_earlier_one_opens_locked(
    desk: Desk, versions: tuple[VersionsDialog, int], system: System
) -> None:
    dialog, _ident = versions
    assert [dialog.table.topLevelItem(row).text(0) for row in range(2)] == ["2 (la actual)", "1"]  # type: ignore[union-attr]
    assert not dialog.restore_button.isEnabled()
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: len(system.opened) == 1, timeout=WAIT)
    assert system.opened[0].read_bytes() == b"primera"
    assert system.opened[0].stat().st_mode & 0o222 == 0
    desk_of(desk.context).clear_up()


def test_an_earlier_version_is_saved_and_restored(
    desk: Desk, versions: tuple[VersionsDialog, int], tmp_path: Path
) -> None:
    dialog, ident = versions
    dialog.table.setCurrentItem(dialog.table.topLevelItem(1))  # type: ignore[arg-type]
    dialog.saving.choose_file = lambda name: tmp_path / name
    with desk.qtbot.waitSignal(dialog.saving.finished, timeout=WAIT):
        dialog.save_button.click()
    assert (tmp_path / "oferta.txt").read_bytes() == b"primera"
    dialog.restore_button.click()
    desk.qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 3, timeout=WAIT)
    assert content(desk, ident) == b"primera"
    assert desk.noted.notices[-1][1] is not None


def test_whoever_only_reads_restores_nothing(desk: Desk, versions: tuple[VersionsDialog, int]) -> None:
    _dialog, ident = versions
    locked = VersionsDialog(desk.context, ident, read_only=True)
    desk.show(locked)
    assert not locked.restore_button.isVisible()
    assert locked.childAt(QPoint(5, 5)) is not None


def test_what_is_written_while_it_is_taken_back_counts_as_edited_again(
    desk: Desk, open_file: Callable[..., Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saved once more right after the bytes were read: that must not be taken for what was kept."""
    _page, ident, path = open_file()
    path.write_bytes(b"segunda")
    desk_of(desk.context).look()
    offer = wait_offer(desk)
    keep = keeping.new_version

    def keep_and_write(*given: object, **more: object) -> str:
        said = keep(*given, **more)  # type: ignore[arg-type]
        path.write_bytes(b"tercera, mas larga")
        return said

    monkeypatch.setattr(keeping, "new_version", keep_and_write)
    copy = offer.copy
    done: list[object] = []
    desk_of(desk.context).take_back(copy, done.append, lambda error: done.append(error))
    desk.qtbot.waitUntil(lambda: bool(done), timeout=WAIT)
    assert copy.looks_changed()
    assert desk.jobs.read(lambda s: keeping.read(s, keeping.facts(s, ident).sha256)).result() == b"segunda"
