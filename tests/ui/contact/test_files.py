"""Archivos and Emails of a contact: the tabs in the head, files of a new contact, what is dropped."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from oficrm import lists
from oficrm.files.sources import Source
from oficrm.lists import Criterion, ListFilter
from tests.support import drops
from tests.support.desk import WAIT
from tests.ui.contact.conftest import TODAY, Office, accept
from tests.ui.contact.mails import begin, mail, take
from ui.contact.form import ContactWindow
from ui.forms import kept


def labels(window: ContactWindow) -> list[str]:
    bar = window.pages.tabs.bar
    return [bar.tabText(index) for index in range(bar.count())]


def names(office: Office, ident: int) -> list[str]:
    """The files of a contact by name."""
    wanted = ListFilter("document", (Criterion("records", "in", (f"contact:{ident}",)),), sort=("name",))

    def read(session) -> list[str]:
        ids = lists.load_ids(session, wanted).ids.tolist()
        rows = lists.load_rows(session, "document", ids, ["name"])
        return [rows[each][0] for each in ids]

    return office.jobs.read(read).result()


def make(folder: Path, *wanted: str) -> list[Path]:
    paths = [folder / name for name in wanted]
    for path in paths:
        path.write_text(path.name)
    return paths


def test_a_new_contact_has_archivos_only(office: Office) -> None:
    window = office.open(preset={"client": office.client})
    assert labels(window) == ["General", "Archivos"]
    assert window.pages.tabs.page("document") is None, "made when it is first looked at"
    assert window.pages.tabs.top.isVisible()


def test_a_saved_one_counts_them(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    accept(window, office)
    again = office.open(office.contacts()[0])
    again.resize(1280, 690)
    office.qtbot.waitUntil(lambda: labels(again) == ["General", "Archivos 1", "Emails 1"], timeout=WAIT)
    QTest.keyClick(again, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert again.pages.tabs.current() == "document"
    assert again.panel.isVisible(), "the side panel stays"
    QTest.keyClick(again, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert again.pages.tabs.current() == "email_message"
    QTest.keyClick(again, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(again, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert again.pages.tabs.current() == "general"


def test_files_wait_for_a_new_contact(office: Office, tmp_path: Path) -> None:
    window = office.open(preset={"client": office.client})
    window.pages.files.add([Source(path=path) for path in make(tmp_path, "a.txt", "b.txt")])
    office.qtbot.waitUntil(lambda: labels(window) == ["General", "Archivos 2"], timeout=WAIT)
    assert window.pages.tabs.current() == "document"
    assert window.form.is_dirty()
    assert window.foot.sentence.text().endswith("También se guardarán 2 archivos.")
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    [ident] = office.contacts()
    assert names(office, ident) == ["a.txt", "b.txt"]


def test_the_next_contact_begins_without_them(office: Office, tmp_path: Path) -> None:
    window = office.open(preset={"client": office.client})
    window.form.put("next_at", TODAY.replace(day=28))
    window.pages.files.add([Source(path=path) for path in make(tmp_path, "a.txt")])
    office.qtbot.waitUntil(lambda: len(window.form.held.files) == 1, timeout=WAIT)
    window.accept_button.click()
    office.qtbot.waitUntil(lambda: window.is_follow_up() and window.accept_button.isEnabled(), timeout=WAIT)
    assert labels(window) == ["General", "Archivos"]
    assert window.pages.tabs.current() == "general"
    assert window.pages.files._page.pending() == ()  # type: ignore[union-attr]
    assert not window.form.is_dirty()
    accept(window, office)
    first, second = office.contacts()
    assert (names(office, first), names(office, second)) == (["a.txt"], [])


def test_files_are_dropped_anywhere_and_text_stays_text(office: Office, tmp_path: Path) -> None:
    window = office.open(preset={"client": office.client})
    paths = make(tmp_path, "a.txt", "b.txt", "c.txt")
    assert window.sections is not None
    notes = window.sections.notes.block.viewport()
    line = window.sections.rows["time"].findChild(QLineEdit)
    assert line is not None
    for target, path in zip((notes, line, window.panel), paths, strict=True):
        assert drops.drop(target, drops.files([path]))
        window.pages.tabs.show_tab("general")
    office.qtbot.waitUntil(lambda: len(window.form.held.files) == 3, timeout=WAIT)
    assert window.form.value("notes") is None
    assert drops.drop(notes, drops.text("unas palabras"))
    assert window.form.value("notes") == "unas palabras"
    assert len(window.form.held.files) == 3
    window.form.discard()


def test_a_saved_contact_takes_them_at_once_unless_it_is_only_read(office: Office, tmp_path: Path) -> None:
    ident = office.log(notes="Leer").id
    seen = office.open(ident, read_only=True)
    assert not drops.drop(seen.head, drops.files(make(tmp_path, "no.txt")))
    seen.edit_button.click()
    assert drops.drop(seen.head, drops.files(make(tmp_path, "si.txt")))
    office.qtbot.waitUntil(lambda: names(office, ident) == ["si.txt"], timeout=WAIT)
    assert seen.pages.tabs.current() == "document"
    office.qtbot.waitUntil(lambda: labels(seen)[1] == "Archivos 1", timeout=WAIT)
    assert not seen.form.is_dirty()


def test_a_mail_and_files_come_back_after_a_crash(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path))
    one, gone = make(tmp_path, "a.txt", "b.txt")
    pasted = Source(data=b"pegado", name="Texto.txt", is_ours=True)
    window.pages.files.add([Source(path=one), Source(path=gone), pasted])
    office.qtbot.waitUntil(lambda: len(window.form.held.files) == 3, timeout=WAIT)
    window.form.keep_now()
    gone.unlink()
    [left] = kept.all_kept(office.context.memory)
    again = office.open(restore=left)
    assert [source.title() for source in again.form.held.files] == ["a.txt", "Texto.txt"]
    assert "b.txt" in again.form.bars.bar("gone").label.text()
    assert again.form.held.mail == window.form.held.mail
    assert again.mail.taking is not None
    assert "Pedido de sierras" in again.mail.taking.strip.words.text()
    assert labels(again) == ["General", "Archivos 2"]
    accept(again, office)
    [ident] = office.contacts()
    assert names(office, ident) == ["a.txt", "Pedido de sierras.eml", "Texto.txt"]
    assert list((office.context.memory.folder.parent / "intake").iterdir()) == [], "private copies go"
