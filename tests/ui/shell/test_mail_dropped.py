"""A mail dropped on the list of contacts begins a contact that takes it over."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from pytestqt.qtbot import QtBot

from tests.support import drops
from ui.app import Application

WAIT = 10_000


def written(folder: Path) -> Path:
    message = EmailMessage()
    message["From"], message["To"] = "Lucía <lucia@otra.example>", "ana@oficrm.example"
    message["Subject"], message["Date"] = "Consulta de precios", "Thu, 19 Nov 2026 10:42:00 +0100"
    message.set_content("¿Cuánto cuesta la estantería?")
    path = folder / "consulta.eml"
    path.write_bytes(bytes(message))
    return path


def opened(application: Application) -> list[Any]:
    assert application.main_window is not None
    windows = application.main_window.windows.open_windows()
    return [cast(Any, each) for each in windows if each.objectName() == "form_contact"]


def test_it_begins_a_contact(application: Application, qtbot: QtBot, tmp_path: Path) -> None:
    assert application.main_window is not None
    page = cast(Any, application.main_window.open_place("contact"))
    qtbot.waitUntil(page.is_ready, timeout=WAIT)
    assert drops.drop(page, drops.files([written(tmp_path)]))
    qtbot.waitUntil(lambda: bool(opened(application)), timeout=WAIT)
    (form,) = opened(application)
    qtbot.waitUntil(lambda: form.form.held.mail is not None, timeout=WAIT)
    assert form.form.value("notes").startswith("Consulta de precios")
    assert form.form.value("made_by") == "them"
    form.form.discard()


def test_what_is_no_mail_is_refused_in_words(application: Application, qtbot: QtBot, tmp_path: Path) -> None:
    assert application.main_window is not None
    page = cast(Any, application.main_window.open_place("contact"))
    qtbot.waitUntil(page.is_ready, timeout=WAIT)
    (tmp_path / "plano.txt").write_text("x")
    drops.drop(page, drops.files([tmp_path / "plano.txt"]))
    assert "solo se pueden soltar correos" in page.bar.label.text()
    assert opened(application) == []
