"""All parts together, in both palettes, wide and narrow: nothing is cut off."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ui import theme
from ui.widgets.gallery import Gallery


@pytest.fixture
def gallery(qtbot):
    made = Gallery()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize("width", [1366, 1024])
def test_no_words_are_cut(gallery, qtbot, width):
    gallery.resize(width, 768)
    qtbot.waitUntil(lambda: gallery.width() == width)
    for label in gallery.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()
    for button in gallery.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_switching_the_palette_repaints_everything(gallery, qapp: QApplication):
    light = gallery.grab().toImage()
    theme.apply(qapp, "dark")
    dark = gallery.grab().toImage()
    theme.apply(qapp, "light")
    again = gallery.grab().toImage()
    spots = [(5, 300), (400, 100), (1000, 200), (700, 750)]
    assert all(light.pixelColor(*spot).lightness() > dark.pixelColor(*spot).lightness() for spot in spots)
    assert all(light.pixelColor(*spot) == again.pixelColor(*spot) for spot in spots)


def test_every_field_has_a_name(gallery):
    for row in gallery.rows.values():
        assert row.editor.accessibleName()
        assert row.editor.focusProxy() is not None
