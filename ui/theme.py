"""Every colour, size and distance of the program, named once.

``apply`` gives the application Fusion with our palette and style sheet; widgets that paint themselves ask
``tokens()`` or ``color()`` while painting, so that switching the theme needs no further code. ``notifier.changed``
tells those who keep something derived from a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Literal

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui import key_names, style

Mode = Literal["light", "dark", "system"]
FontSize = Literal["title", "text", "small"]
Role = Literal["title", "section", "label", "dim", "small", "error", "number"]
ButtonKind = Literal["primary", "secondary", "quiet", "danger", "link", "segment", "field", "nav", "plain"]
Surface = Literal["card", "panel", "foot", "sidebar", "toolbar", "popup", "notice", "field", "drop", "rule", "vrule"]

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
SPACES = (SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL)
ROW_HEIGHT = 28
CONTROL_HEIGHT = 28
ICON_SIZE = 16
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette. Colours as ``#rrggbb``; ``*_soft`` is the ground on which the colour of that name is read."""

    window: str
    card: str
    base: str
    raised: str
    sidebar: str
    text: str
    dim: str
    disabled: str
    icon: str
    border: str
    border_input: str
    hover: str
    pressed: str
    selection: str
    selection_text: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    overdue: str
    overdue_soft: str
    today: str
    today_soft: str
    done: str
    done_soft: str
    won: str
    won_soft: str
    lost: str
    lost_soft: str
    neutral: str
    neutral_soft: str
    tooltip: str
    tooltip_text: str


LIGHT = Tokens(
    window="#f5f6f8",
    card="#ffffff",
    base="#ffffff",
    raised="#ffffff",
    sidebar="#eceff3",
    text="#1b2330",
    dim="#566172",
    disabled="#98a1ae",
    icon="#475366",
    border="#dfe3e9",
    border_input="#c3cad5",
    hover="#eef1f5",
    pressed="#e2e7ee",
    selection="#d9e5fd",
    selection_text="#14213d",
    accent="#2b5fd0",
    accent_hover="#2451b6",
    accent_text="#ffffff",
    accent_soft="#e6eefe",
    overdue="#b3261e",
    overdue_soft="#fcebe9",
    today="#855600",
    today_soft="#fdf2d8",
    done="#1a6e3e",
    done_soft="#e3f4e9",
    won="#0b6a62",
    won_soft="#ddf3f0",
    lost="#7b3a5c",
    lost_soft="#f6e8ef",
    neutral="#4d586a",
    neutral_soft="#eaedf2",
    tooltip="#1f2733",
    tooltip_text="#f2f4f7",
)

DARK = Tokens(
    window="#15181d",
    card="#1c2026",
    base="#171b20",
    raised="#262b33",
    sidebar="#111418",
    text="#e4e8ee",
    dim="#9ea8b7",
    disabled="#656f7d",
    icon="#b4bdca",
    border="#2c323b",
    border_input="#414a57",
    hover="#252a32",
    pressed="#2f3641",
    selection="#2c4270",
    selection_text="#f3f6fb",
    accent="#7ea6ff",
    accent_hover="#9bbaff",
    accent_text="#0d1526",
    accent_soft="#1f2c49",
    overdue="#ff938a",
    overdue_soft="#3b2022",
    today="#f0bb55",
    today_soft="#372c16",
    done="#74d09a",
    done_soft="#193326",
    won="#63cfc3",
    won_soft="#143430",
    lost="#dd9fbd",
    lost_soft="#38222e",
    neutral="#b4bdca",
    neutral_soft="#2a3038",
    tooltip="#e4e8ee",
    tooltip_text="#171b20",
)


class Kind(StrEnum):
    """Meanings that have a colour of their own; always shown with an icon or a word beside it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OVERDUE = "overdue"
    TODAY = "today"
    DONE = "done"
    WON = "won"
    LOST = "lost"


class Notifier(QObject):
    """Says that the palette in force is another one now."""

    changed = Signal()


notifier = Notifier()


class _State:
    """What is in force in this process: there is one application, hence one theme."""

    mode: Mode = "system"
    dark: bool = False
    watching: bool = False
    text_points: float = 0.0
    family: str = ""


def tokens() -> Tokens:
    """The colours in force."""
    return DARK if _State.dark else LIGHT


def color(name: str) -> QColor:
    """The colour in force called ``name`` (a field of ``Tokens``)."""
    return QColor(getattr(tokens(), name))


def soft(kind: str) -> QColor:
    """The ground on which the colour of ``kind`` is read."""
    return color(f"{kind}_soft")


def is_dark() -> bool:
    """Whether the dark palette is in force."""
    return _State.dark


def mode() -> Mode:
    """What was asked for: light, dark, or what the system says."""
    return _State.mode


def font_points(size: FontSize) -> float:
    """Size in points of the three fonts of the program."""
    base = _State.text_points or 9.75
    return {"title": round(base * 1.35, 1), "text": base, "small": round(base * 0.9, 1)}[size]


def font(size: FontSize = "text", *, bold: bool = False) -> QFont:
    """The program's font in one of its three sizes, for widgets that paint themselves."""
    made = QFont(QApplication.font())
    made.setPointSizeF(font_points(size))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def tabular(of: QFont) -> QFont:
    """The same font with figures of one width, so that numbers stand under each other."""
    made = QFont(of)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def apply(app: QApplication, mode: Mode = "system") -> None:
    """Dress the application; may be called again to switch."""
    _State.mode = mode
    _choose_font(app)
    hints = app.styleHints()
    if not _State.watching:
        _State.watching = True
        app.setStyle("Fusion")
        hints.colorSchemeChanged.connect(lambda _scheme: _follow_system(app))
    hints.setColorScheme(
        {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}[mode]
    )
    _dress(app, hints.colorScheme() == Qt.ColorScheme.Dark if mode == "system" else mode == "dark")


def _follow_system(app: QApplication) -> None:
    """The desktop went light or dark while we run."""
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if _State.mode == "system" and dark != _State.dark:
        _dress(app, dark)


def _dress(app: QApplication, dark: bool) -> None:
    """Put palette and style sheet in force and tell those who listen."""
    _State.dark = dark
    app.setPalette(palette(tokens()))
    app.setStyleSheet(
        style.sheet(
            {f.name: getattr(tokens(), f.name) for f in fields(Tokens)},
            "dark" if dark else "light",
            font_points("title"),
            font_points("small"),
        )
    )
    notifier.changed.emit()


def _choose_font(app: QApplication) -> None:
    """The system's font; where there is no desktop to name one, the calmest of those installed."""
    if _State.text_points:
        return
    current = app.font()
    if current.family() in ("Sans Serif", "Sans", "sans-serif", ""):
        installed = set(QFontDatabase.families())
        for family in ("Inter", "Noto Sans", "Cantarell", "Open Sans", "DejaVu Sans"):
            if family in installed:
                current.setFamily(family)
                break
    _State.text_points = max(current.pointSizeF(), 9.75) if current.pointSizeF() > 0 else 9.75
    current.setPointSizeF(_State.text_points)
    app.setFont(current)


def palette(of: Tokens) -> QPalette:
    """The Qt palette made of our tokens."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, name in (
        (role.Window, of.window),
        (role.WindowText, of.text),
        (role.Base, of.base),
        (role.AlternateBase, of.window),
        (role.Text, of.text),
        (role.Button, of.card),
        (role.ButtonText, of.text),
        (role.BrightText, of.overdue),
        (role.ToolTipBase, of.tooltip),
        (role.ToolTipText, of.tooltip_text),
        (role.PlaceholderText, of.dim),
        (role.Highlight, of.selection),
        (role.HighlightedText, of.selection_text),
        (role.Accent, of.accent),
        (role.Link, of.accent),
        (role.LinkVisited, of.accent),
        (role.Light, of.raised),
        (role.Midlight, of.hover),
        (role.Mid, of.border_input),
        (role.Dark, of.border_input),
        (role.Shadow, of.border),
    ):
        made.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(of.disabled))
    return made


def install_spanish(app: QApplication, country: str = "ES") -> None:
    """Spanish standard buttons, menus and dialogs, and the number and date habits of the country (ISO code)."""
    territory = QLocale.Country.Mexico if country == "MX" else QLocale.Country.Spain
    QLocale.setDefault(QLocale(QLocale.Language.Spanish, territory))
    if app.property("spanish"):
        return
    translator = QTranslator(app)
    if translator.load("qtbase_es", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
        key_names.install(app)
        app.setProperty("spanish", True)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at and let the widget show it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else the style sheet has yet to look
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def set_role(widget: QWidget, role: Role) -> None:
    """What a label is: the style sheet gives it size and colour."""
    set_property(widget, "role", role)


def set_kind(widget: QWidget, kind: ButtonKind) -> None:
    """What a button (or a list: ``nav`` in the side bar, ``plain`` inside a card) is."""
    set_property(widget, "kind", kind)


def set_surface(widget: QWidget, surface: Surface) -> None:
    """What a frame is: its ground and border."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    set_property(widget, "surface", surface)
