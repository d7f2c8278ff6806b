"""Where a mail comes from: dropped, pasted, chosen; and what is no mail, which changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from oficrm import settings
from oficrm.files.sources import Source
from tests.support import drops
from tests.support.desk import WAIT
from tests.support.post import letter
from tests.ui.contact.conftest import TODAY, Office
from tests.ui.contact.mails import begin, mail, press, strip, take, taking
from ui.contact.form import ContactWindow


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("vacio.eml", b"", "vacío"),
        ("informe.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "no un mensaje"),
        ("foto.eml", b"\x89PNG\r\n\x1a\n" + bytes(100), "no es un mensaje"),
        ("carpeta", None, "carpeta"),
    ],
)
def test_what_is_no_mail_changes_nothing(
    office: Office, tmp_path: Path, name: str, data: bytes | None, part: str
) -> None:
    window = begin(office, client=office.client)
    before = window.form.values()
    path = tmp_path / name
    path.mkdir() if data is None else path.write_bytes(data)
    take(window, office, path)
    assert part in strip(window).remark.text()
    assert name in strip(window).remark.text()
    assert window.form.values() == before
    assert window.form.held.mail is None
    assert strip(window).take_button.isVisible(), "one can try another"
    window.form.discard()


def test_a_mail_too_large_is_refused_in_words(office: Office, tmp_path: Path) -> None:
    office.jobs.write(lambda s: settings.save(s, {"file_limit": 1})).result()
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path, data=letter(files={"plano.pdf": bytes(1_200_000)})))
    assert "límite" in strip(window).remark.text()
    window.form.discard()


def test_what_could_not_be_read_is_one_line(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    take(window, office, mail(tmp_path, data=letter(when=None)))
    assert window.form.held.mail is not None
    assert window.form.value("date") == TODAY
    assert strip(window).remark.text()
    window.form.discard()


def notes(window: ContactWindow) -> QWidget:
    assert window.sections is not None
    return window.sections.notes.block.viewport()


@pytest.mark.parametrize("target", [strip, notes])
def test_a_mail_is_dropped(office: Office, tmp_path: Path, target: Callable[[ContactWindow], QWidget]) -> None:
    window = begin(office, client=office.client)
    assert drops.drop(target(window), drops.files([mail(tmp_path)]))
    office.qtbot.waitUntil(lambda: window.form.held.mail is not None, timeout=WAIT)
    assert "file://" not in window.form.value("notes")
    assert window.form.held.files == ()
    window.form.discard()


def test_two_files_are_no_mail(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    two = [mail(tmp_path, "uno.eml"), mail(tmp_path, "dos.eml")]
    assert drops.drop(strip(window), drops.files(two))
    assert "un solo correo" in strip(window).remark.text()
    assert drops.drop(notes(window), drops.files(two))
    office.qtbot.waitUntil(lambda: len(window.form.held.files) == 2, timeout=WAIT)
    window.form.discard()


def test_a_mail_is_pasted(office: Office, tmp_path: Path) -> None:
    board = QGuiApplication.clipboard()
    window = begin(office, client=office.client)
    board.setText("Solo unas palabras")
    press(window, "button_paste_mail")
    assert "no hay ningún correo" in strip(window).remark.text()
    board.setText(letter("Marta <marta@talleresruiz.es>", subject="Pegado").decode())
    press(window, "button_paste_mail")
    office.qtbot.waitUntil(lambda: window.form.held.mail is not None, timeout=WAIT)
    assert str(window.form.value("notes")).startswith("Pegado")
    held = window.form.held.mail
    assert held is not None
    assert held.mail.source.path is not None, "a private copy survives a crash"
    assert held.mail.source.path.exists()
    window.form.discard()
    assert not held.mail.source.path.exists()
    again = begin(office, client=office.client)
    board.setMimeData(drops.files([mail(tmp_path)]))
    press(again, "button_paste_mail")
    office.qtbot.waitUntil(lambda: again.form.held.mail is not None, timeout=WAIT)
    again.form.discard()


def test_reading_can_be_cancelled_and_accepting_waits(office: Office, tmp_path: Path) -> None:
    window = begin(office, client=office.client)
    taking(window).take_one(())
    path = mail(tmp_path)
    taking(window).take(Source(path=path))
    assert strip(window).cancel_button.isVisible()
    window.accept_button.click()
    assert window.isVisible()
    assert "Espere" in strip(window).remark.text()
    press(window, "button_cancel_mail")
    office.qtbot.waitUntil(lambda: office.context.bridge._running == 0, timeout=WAIT)
    assert window.form.held.mail is None
    assert window.form.value("notes") is None
    window.form.discard()
