"""The theme: readable in both palettes, switchable, Spanish."""

from dataclasses import fields

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QPushButton

from ui import icons, theme

PALETTES = [pytest.param(theme.LIGHT, id="light"), pytest.param(theme.DARK, id="dark")]
GROUNDS = ("window", "card", "base", "raised", "sidebar", "hover")
MEANINGS = ("accent", "overdue", "today", "done", "won", "lost", "neutral")


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    of = QColor(colour)
    return 0.2126 * linear(of.redF()) + 0.7152 * linear(of.greenF()) + 0.0722 * linear(of.blueF())


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _pairs() -> list[tuple[str, str]]:
    pairs = [(text, ground) for text in ("text", "dim") for ground in GROUNDS]
    pairs += [(meaning, ground) for meaning in MEANINGS for ground in ("window", "card", "base", f"{meaning}_soft")]
    pairs += [
        ("selection_text", "selection"),
        ("text", "selection"),
        ("dim", "window"),
        ("icon", "card"),
        ("accent_text", "accent"),
        ("accent_text", "accent_hover"),
        ("tooltip_text", "tooltip"),
        ("text", "pressed"),
        ("text", "overdue_soft"),
        ("dim", "pressed"),
    ]
    pairs += [(meaning, "selection") for meaning in ("overdue", "today", "done")]
    return pairs


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground"), _pairs())
def test_every_text_is_readable_on_its_ground(palette: theme.Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_tokens_are_colours(palette: theme.Tokens) -> None:
    assert all(QColor(getattr(palette, field.name)).isValid() for field in fields(palette))


def test_switching_changes_palette_and_tells(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, "light")
    with qtbot.waitSignal(theme.notifier.changed):
        theme.apply(qapp, "dark")
    assert theme.is_dark()
    assert qapp.palette().color(QPalette.ColorRole.Base) == QColor(theme.DARK.base)
    theme.apply(qapp, "light")
    assert not theme.is_dark()
    assert theme.tokens() is theme.LIGHT


def _ink(made: QIcon) -> set[str]:
    image: QImage = made.pixmap(32, 32).toImage()
    return {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    }


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    made = icons.icon("email")
    assert _ink(made) == {theme.LIGHT.icon}
    theme.apply(qapp, "dark")
    assert _ink(made) == {theme.DARK.icon}
    theme.apply(qapp, "light")
    assert _ink(icons.icon("overdue", "overdue")) == {theme.LIGHT.overdue}


@pytest.mark.parametrize("name", sorted(icons.GLYPHS))
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    image = icons.icon(name).pixmap(16, 16).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16))


def test_standard_buttons_and_numbers_are_spanish(qapp: QApplication, qtbot) -> None:
    theme.install_spanish(qapp)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    button = box.button(QDialogButtonBox.StandardButton.Cancel)
    assert isinstance(button, QPushButton)
    assert button.text().replace("&", "") == "Cancelar"
    assert QLocale().name() == "es_ES"
    theme.install_spanish(qapp, "MX")
    assert QLocale().name() == "es_MX"
    theme.install_spanish(qapp)
