"""Files in the generic window: for a record not saved yet, dropped, too large, given up, long to save."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from sqlalchemy import select

from db.models.client import Client
from db.models.document import Document, DocumentLink
from oficrm import settings
from oficrm.files import attaching
from oficrm.files.sources import Source
from tests.support import drops
from tests.support.desk import WAIT, Desk
from ui.forms import held, kept
from ui.forms.record_window import RecordWindow


def opened(desk: Desk, table: str, ident: int | None = None, **more: Any) -> RecordWindow:
    window = RecordWindow(desk.context, table, ident, **more)
    desk.show(window)
    desk.qtbot.waitUntil(lambda: desk.context.bridge._running == 0, timeout=WAIT)
    return window


def labels(window: RecordWindow) -> list[str]:
    return [window.tabs.bar.tabText(index) for index in range(window.tabs.bar.count())]


def filed(desk: Desk, table: str) -> list[tuple[str, str]]:
    """Files by name and place."""
    wanted = (select(Document.name, DocumentLink.record).join(DocumentLink, DocumentLink.document_id == Document.id)
              .where(DocumentLink.record.like(f"{table}:%")).order_by(Document.id))  # fmt: skip
    return [(row[0], row[1]) for row in desk.read(lambda s: s.execute(wanted).all())]


def make(folder: Path, *names: str, size: int = 5) -> list[Source]:
    paths = [folder / name for name in names]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * size)
    return [Source(path=path) for path in paths]


def add(desk: Desk, window: RecordWindow, sources: list[Source]) -> None:
    before = len(window.form.held.files)
    window.files.add(sources)
    desk.qtbot.waitUntil(lambda: len(window.form.held.files) == before + len(sources), timeout=WAIT)


@pytest.mark.parametrize("table", ["client", "person", "product", "origin"])
def test_a_new_record_has_archivos_only(desk: Desk, table: str) -> None:
    window = opened(desk, table)
    assert labels(window) == ["General", "Archivos"]
    assert not window.tabs.order_button.isVisible()
    window.form.discard()


def test_files_are_saved_with_the_record(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    window.form.put("name", "Cerámicas Ibáñez")
    add(desk, window, make(tmp_path, "a.txt", "b.txt"))
    assert labels(window) == ["General", "Archivos 2"]
    assert window.foot.sentence.text().endswith("También se guardarán 2 archivos.")
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    ident = desk.read(lambda s: s.scalar(select(Client.id).where(Client.name == "Cerámicas Ibáñez")))
    assert filed(desk, "client") == [("a.txt", f"client:{ident}"), ("b.txt", f"client:{ident}")]
    assert len(desk.noted.notices) == 1, "one operation, one notice"


def test_files_alone_are_something_to_lose(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    ours = Source(data=b"captura", name="Captura.png", is_ours=True)
    add(desk, window, [ours])
    [copy] = window.form.held.files
    assert copy.path is not None
    assert copy.path.read_bytes() == b"captura"
    assert not window.close()
    assert window.form.bars.has("close")
    window.form.discard()
    assert not copy.path.exists(), "given up, the private copy goes"


def test_what_cannot_be_kept_is_named_and_nothing_is_lost(desk: Desk, tmp_path: Path) -> None:
    desk.jobs.write(lambda s: settings.save(s, {"file_limit": 1})).result()
    window = opened(desk, "client")
    window.form.put("name", "Cerámicas Ibáñez")
    big, gone, good = make(tmp_path, "grande.zip", "ido.txt", "bien.txt")
    add(desk, window, [big, gone, good])
    assert big.path is not None
    assert gone.path is not None
    big.path.write_bytes(bytes(1_200_000))
    gone.path.unlink()
    window.tabs.show_tab("general")
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: window.form.bars.has("files"), timeout=WAIT)
    text = window.form.bars.bar("files").label.text()
    assert "grande.zip" in text
    assert "ido.txt" in text
    assert "bien.txt" not in text
    assert window.tabs.current() == "document"
    assert window.tabs.bar.tabToolTip(1) == "Datos por corregir: 1"
    assert len(window.form.held.files) == 3
    assert window.form.value("name") == "Cerámicas Ibáñez"
    assert filed(desk, "client") == []
    window.form.held.set_files([good])
    assert not window.form.bars.has("files"), "what is put right is no longer wrong"
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert [name for name, _place in filed(desk, "client")] == ["bien.txt"]


def test_wrong_fields_come_first(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    add(desk, window, make(tmp_path, "a.txt"))
    window.accept_button.click()
    desk.qtbot.waitUntil(lambda: bool(window.form.editor("name").error()), timeout=WAIT)
    assert window.tabs.current() == "general"
    assert labels(window) == ["General 1", "Archivos 1"]
    window.form.discard()


def test_files_are_dropped_on_fields_too(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    line = window.form.editor("name").findChild(QLineEdit)
    assert line is not None
    [source] = make(tmp_path, "a.txt")
    assert source.path is not None
    assert drops.drop(line, drops.files([source.path]))
    desk.qtbot.waitUntil(lambda: len(window.form.held.files) == 1, timeout=WAIT)
    assert window.form.value("name") is None
    assert drops.drop(line, drops.text("Talleres"))
    assert window.form.value("name") == "Talleres"
    window.form.discard()


def test_a_saved_record_takes_them_at_once_even_where_the_tab_is_hidden(desk: Desk, tmp_path: Path) -> None:
    ident = desk.read(lambda s: s.scalars(select(Client.id).order_by(Client.id)).first())
    desk.context.memory.put("tabs_client", {"order": [], "hidden": ["document"]})
    window = opened(desk, "client", ident)
    assert "Archivos 0" not in labels(window)
    [source] = make(tmp_path, "a.txt")
    assert source.path is not None
    assert drops.drop(window.head, drops.files([source.path]))
    desk.qtbot.waitUntil(lambda: filed(desk, "client") == [("a.txt", f"client:{ident}")], timeout=WAIT)
    assert window.tabs.current() == "document"
    assert not window.form.is_dirty()
    window.form.discard()


def test_a_window_that_is_only_read_refuses_them(desk: Desk, tmp_path: Path) -> None:
    ident = desk.read(lambda s: s.scalars(select(Client.id).order_by(Client.id)).first())
    window = opened(desk, "client", ident, read_only=True)
    line = window.form.editor("name").findChild(QLineEdit)
    assert line is not None
    [source] = make(tmp_path, "a.txt")
    assert source.path is not None
    for target in (window.head, line):
        assert not drops.drop(target, drops.files([source.path]))
    add_files = window.findChild(QAction, "action_add_document")
    assert add_files is not None
    assert not add_files.isEnabled()
    window.modify()
    assert add_files.isEnabled()
    window.form.discard()


def test_a_draft_with_files_survives(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    window.form.put("name", "A medias")
    add(desk, window, make(tmp_path, "a.txt", "b.txt"))
    window.form.keep_now()
    (tmp_path / "b.txt").unlink()
    [left] = kept.all_kept(desk.context.memory)
    again = opened(desk, "client", restore=left)
    assert [source.title() for source in again.form.held.files] == ["a.txt"]
    assert "b.txt" in again.form.bars.bar("gone").label.text()
    assert labels(again) == ["General", "Archivos 1"]
    window.form.discard()
    again.form.discard()


def test_private_copies_nobody_needs_go_after_a_day(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "intake"
    needed = held.private_copy(folder, Source(data=b"uno", name="uno.txt"))
    old, fresh = (held.private_copy(folder, Source(data=b"x", name="x.txt")) for _ in range(2))
    for source in (needed, old):
        assert source.path is not None
        os.utime(source.path, (0, 0))
    held.tidy(folder, [needed])
    assert set(folder.iterdir()) == {needed.path, fresh.path}


# Large ones


def test_a_long_save_shows_how_far_it_is(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    window.form.put("name", "Cerámicas Ibáñez")
    add(desk, window, make(tmp_path, "grande.bin", size=held.LONG + 1))
    gauge = window.findChild(QWidget, "save_gauge")
    assert gauge is not None
    seen: list[tuple[int, int]] = []
    window.form.saving.stepped.connect(lambda done, total: seen.append((done, total)))
    window.accept_button.click()
    assert gauge.isVisible()
    assert window.foot.sentence.text() == "Guardando el archivo…"
    assert not window.tabs.isEnabled(), "nothing is typed that would be lost"
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert seen
    assert seen[-1][0] <= seen[-1][1]
    assert [name for name, _place in filed(desk, "client")] == ["grande.bin"]


def test_a_long_save_is_cancelled(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = opened(desk, "client")
    window.form.put("name", "Cerámicas Ibáñez")
    add(desk, window, make(tmp_path, "grande.bin", size=held.LONG + 1))
    go_on = threading.Event()
    real = attaching.attach

    def slow(*given: Any, **more: Any) -> Any:
        assert go_on.wait(WAIT / 1000)
        return real(*given, **more)

    monkeypatch.setattr(attaching, "attach", slow)
    window.accept_button.click()
    assert not window.close(), "Escape stops the save, the window stays"
    go_on.set()
    desk.qtbot.waitUntil(lambda: not window.form.saving.is_busy, timeout=WAIT)
    assert window.form.bars.has("problem")
    assert window.tabs.isEnabled()
    assert window.foot.sentence.text().startswith("Al aceptar")
    assert desk.read(lambda s: s.scalar(select(Client.id).where(Client.name == "Cerámicas Ibáñez"))) is None
    assert len(window.form.held.files) == 1
    window.form.discard()


def test_small_files_are_saved_like_any_record(desk: Desk, tmp_path: Path) -> None:
    window = opened(desk, "client")
    window.form.put("name", "Cerámicas Ibáñez")
    add(desk, window, make(tmp_path, "a.txt"))
    assert not window.form.held.is_long()
    assert not window.form.saving.cancel()
    window.form.discard()
