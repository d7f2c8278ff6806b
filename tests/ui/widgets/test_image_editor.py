"""A picture: taken, refused, taken away."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from ui.widgets.field_row import FieldRow
from ui.widgets.image_editor import MAX_BYTES, ImageEditor


def _picture(path: Path, size: int = 32) -> Path:
    image = QImage(size, size // 2, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(path))
    return path


@pytest.fixture
def row(stage) -> FieldRow:
    made = FieldRow("photo", "Foto", ImageEditor())
    stage(made)
    return made


@pytest.fixture
def editor(row: FieldRow) -> ImageEditor:
    assert isinstance(row.editor, ImageEditor)
    return row.editor


@pytest.mark.parametrize("name", ["a.png", "b.jpg"])
def test_a_file_is_kept_byte_for_byte(editor, qtbot, tmp_path, name):
    path = _picture(tmp_path / name)
    with qtbot.waitSignal(editor.changed):
        editor.load(path)
    assert editor.value() == path.read_bytes()
    assert editor.remove_button.isVisible()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.gif", b"GIF89a....", "No es una imagen PNG o JPG"),
        ("b.png", b"\x89PNG\r\n\x1a\n broken", "No es una imagen PNG o JPG"),
        ("c.png", b"\x89PNG\r\n\x1a\n" + b"\0" * MAX_BYTES, "pasa de 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(row, editor, tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    editor.load(path)
    assert editor.value() is None
    assert words in row.error()


def test_a_file_that_is_gone_is_refused_in_words(row, editor, tmp_path):
    editor.load(tmp_path / "gone.png")
    assert "No se puede leer gone.png" in row.error()


def test_a_picture_is_pasted_and_deleted_by_key(row, editor, qtbot):
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    editor.focus()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.preview, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (editor.value() or b"").startswith(b"\x89PNG")
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.preview, Qt.Key.Key_Delete)
    assert editor.value() is None
    QGuiApplication.clipboard().setText("palabras")
    QTest.keyClick(editor.preview, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert row.error() == "No hay ninguna imagen que pegar."


def test_a_dropped_file_is_taken(editor, tmp_path):
    path = _picture(tmp_path / "a.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    editor.take(data)
    assert editor.value() == path.read_bytes()


def test_read_only_offers_nothing(editor, tmp_path):
    editor.load(_picture(tmp_path / "a.png"))
    editor.set_read_only(True)
    QTest.keyClick(editor.preview, Qt.Key.Key_Delete)
    assert editor.value() is not None
    assert not any(button.isVisible() for button in (editor.choose_button, editor.paste_button, editor.remove_button))
