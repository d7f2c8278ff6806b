"""The files of a record through its page: they come by drop and paste, some after a question."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from oficrm import undo
from oficrm.files import attaching, keeping
from tests.support.desk import WAIT, Desk
from tests.support.lanes import wait_for_slow
from tests.support.list_pages import child
from tests.ui.files.conftest import Attach, MakePage
from tests.ui.files.steps import choose, drag_over, drop, listed, mime_of, names, press, run
from ui.files.page import FilesPage

# --- files come


def test_dropped_files_are_filed_and_the_drop_can_be_undone(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    for name in ("oferta.pdf", "plano.png"):
        (tmp_path / name).write_bytes(name.encode())
    assert page.list is not None
    mime = mime_of(tmp_path / "oferta.pdf", tmp_path / "plano.png")
    assert drag_over(page.list, mime)
    place = child(page.list, "drop_place")
    desk.qtbot.waitUntil(lambda: "Talleres Ruiz" in page.part.drop_sentence())  # type: ignore[union-attr]
    assert place.isVisible()
    drop(page.list, mime)
    assert not place.isVisible()
    listed(desk, page, "oferta.pdf", "plano.png")
    desk.qtbot.waitUntil(lambda: desk.noted.notices != [], timeout=WAIT)
    text, operation = desk.noted.notices[-1]
    assert text == "2 archivos añadidos."
    assert operation is not None
    desk.context.bridge.write(lambda session: undo.undo(session, operation), lambda _done: None, page)
    listed(desk, page)
    assert (tmp_path / "oferta.pdf").exists(), "the original stays where it was"


def test_the_chips_count_and_follow(desk: Desk, attach: Attach, make_page: MakePage) -> None:
    ids = attach(uno__txt=b"1", dos__txt=b"2", tres__txt=b"3")
    desk.jobs.write(lambda s: keeping.validate(s, ids[:1])).result()
    page = make_page()

    def shown() -> list[str]:
        chips = [child(page, f"chip_files_{name}") for name in ("total", "pending", "valid", "rejected")]
        return [chip.text() for chip in chips if chip.isVisible()]

    desk.qtbot.waitUntil(lambda: shown() == ["3 archivos", "2 pendientes", "1 válido", "0 rechazados"], timeout=WAIT)
    choose(page, ids[1])
    QTest.keyClick(page.list.table, Qt.Key.Key_F7)  # type: ignore[union-attr]
    desk.qtbot.waitUntil(lambda: shown() == ["3 archivos", "1 pendiente", "2 válidos", "0 rechazados"], timeout=WAIT)


def test_a_folder_is_asked_about(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    folder = tmp_path / "Fotos"
    (folder / "dentro").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "dentro" / "b.txt").write_text("b")
    (folder / ".oculto").write_text("c")
    (folder / "lazo").symlink_to(folder)
    assert page.list is not None
    drop(page.list, mime_of(folder))
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, "error_folder") is not None, timeout=WAIT)
    assert child(page, "error_folder").text() == "«Fotos» es una carpeta con 2 archivos."
    press(page, "button_folder_add")
    listed(desk, page, "a.txt", "b.txt")


def test_an_empty_folder_is_said(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    (tmp_path / "Nada").mkdir()
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "Nada"))
    desk.qtbot.waitUntil(lambda: "sin archivos" in page.list.bar.label.text(), timeout=WAIT)  # type: ignore[union-attr]
    assert not page.part.adding.is_busy()  # type: ignore[union-attr]


def test_a_screenshot_is_pasted_and_a_second_one_beside_it(desk: Desk, page: FilesPage) -> None:
    assert page.list is not None
    page.list.stack.empty.button.setFocus()
    for color in ("red", "blue"):
        image = QImage(6, 6, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        QGuiApplication.clipboard().setImage(image)
        before = len(names(page))
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        desk.qtbot.waitUntil(lambda more=before + 1: _are_here(page, more), timeout=WAIT)  # type: ignore[misc]
        page.list.table.setFocus()
    assert all(name.startswith("Captura 2") and name.endswith(".png") for name in names(page))
    assert len(set(names(page))) == 2


def _are_here(page: FilesPage, count: int) -> bool:
    return len(names(page)) == count and "…" not in names(page)


def test_nothing_to_paste_is_said(page: FilesPage) -> None:
    QGuiApplication.clipboard().clear()
    run(page, "paste")
    assert page.list is not None
    assert "No hay nada que pegar" in page.list.bar.label.text()


def test_those_left_out_are_named_with_their_reasons(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    (tmp_path / "bien.txt").write_text("bien")
    part = page.part
    assert part is not None
    part.choose_files = lambda _pattern: [tmp_path / "bien.txt", tmp_path / "no.txt", Path("/dev/null")]
    run(page, "add")
    listed(desk, page, "bien.txt")
    desk.qtbot.waitUntil(part.report.isVisible, timeout=WAIT)
    assert part.report.title.text() == "Se añadió 1 archivo. 2 no se añadieron:"
    report = child(page, "report_text")
    assert isinstance(report, QPlainTextEdit)
    lines = report.toPlainText().splitlines()
    assert lines == ["no.txt: Ya no está en su sitio.", "null: No es un archivo corriente."]
    press(page, "report_close")
    assert not part.report.isVisible()


def test_a_file_above_the_limit_is_refused_in_the_page(desk: Desk, page: FilesPage, tmp_path: Path) -> None:
    with (tmp_path / "grande.bin").open("wb") as stream:
        stream.truncate(51_000_000)
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "grande.bin"))
    desk.qtbot.waitUntil(page.part.report.isVisible, timeout=WAIT)  # type: ignore[union-attr]
    assert "51 MB y el límite por archivo es de 50 MB" in page.part.report.title.text()  # type: ignore[union-attr]


def test_several_are_cancelled_and_none_is_kept(
    desk: Desk, page: FilesPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(str(number))
    go = threading.Event()
    real = attaching.take

    def slow(*args: Any) -> Any:
        go.wait(WAIT / 1000)
        return real(*args)

    monkeypatch.setattr(attaching, "take", slow)
    assert page.list is not None
    drop(page.list, mime_of(*(tmp_path / f"{number}.txt" for number in range(5))))
    bar = page.list.bar
    desk.qtbot.waitUntil(lambda: bar.isVisible() and "5 archivos" in bar.label.text(), timeout=WAIT)
    press(page, "ask_cancel")
    go.set()
    assert bar.label.text() == "Cancelado: no se ha añadido nada."
    wait_for_slow(desk.jobs)
    QApplication.processEvents()
    assert not page.part.adding.is_busy()  # type: ignore[union-attr]
    assert names(page) == []
    assert desk.read(lambda s: s.execute(_count()).scalar()) == 0


def _count() -> Any:
    from sqlalchemy import text

    return text("select count(*) from content_piece")


@pytest.mark.parametrize(
    ("button", "files", "revision"),
    [("button_name_version", 1, 2), ("button_name_apart", 2, 1), ("button_name_skip", 1, 1)],
)
def test_a_taken_name_is_asked_about(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path, button: str, files: int, revision: int
) -> None:
    (ident,) = attach(oferta__txt=b"primera")
    page = make_page()
    (tmp_path / "oferta.txt").write_bytes(b"segunda")
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "oferta.txt"))
    desk.qtbot.waitUntil(lambda: page.findChild(QLabel, "error_namesake") is not None, timeout=WAIT)
    text = child(page, "error_namesake").text()
    assert text == "Ya hay un «oferta.txt» aquí, con otro contenido."
    press(page, button)
    desk.qtbot.waitUntil(lambda: not page.part.adding.is_busy(), timeout=WAIT)  # type: ignore[union-attr]
    listed(desk, page, *["oferta.txt"] * files)
    assert desk.read(lambda s: keeping.facts(s, ident).revision) == revision


def test_the_same_file_again_is_left_out_without_a_question(
    desk: Desk, attach: Attach, make_page: MakePage, tmp_path: Path
) -> None:
    attach(oferta__txt=b"igual")
    page = make_page()
    (tmp_path / "oferta.txt").write_bytes(b"igual")
    assert page.list is not None
    drop(page.list, mime_of(tmp_path / "oferta.txt"))
    desk.qtbot.waitUntil(page.part.report.isVisible, timeout=WAIT)  # type: ignore[union-attr]
    assert "Ya estaba aquí" in page.part.report.title.text()  # type: ignore[union-attr]
    assert names(page) == ["oferta.txt"]
