"""Shortcuts are shown with the names on the keyboard, and still read back as the keys they are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from ui import theme

NATIVE = QKeySequence.SequenceFormat.NativeText


@pytest.fixture
def spanish(qapp):
    theme.install_spanish(qapp)


@pytest.mark.parametrize(
    ("key", "shown"),
    [("Ctrl+Return", "Ctrl+↵"), ("Ctrl+Shift+C", "Ctrl+Mayús+C"), ("Del", "Supr"), ("Alt+Up", "Alt+↑"), ("F5", "F5")],
)
def test_a_shortcut_is_shown_as_on_the_keyboard(spanish, key, shown):
    assert QKeySequence(key).toString(NATIVE) == shown


@pytest.mark.parametrize("key", ["Return", "Enter", "Ctrl+Return", "Ctrl+Enter", "Shift+Del", "Alt+Down", "Ctrl+PgUp"])
def test_what_is_written_in_the_program_is_read_as_before(spanish, key):
    assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key


def test_other_texts_stay_with_the_other_translators(spanish, qapp):
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancelar"
    assert qapp.translate("QShortcut", "Space") == "Espacio"
    assert QKeySequence(Qt.Key.Key_A).toString(NATIVE) == "A"
