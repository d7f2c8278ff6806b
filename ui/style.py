"""The one style sheet, generated from the tokens of ``ui.theme``.

Selectors stay simple (type, property, pseudo state): every widget of a form is matched against all of them when the
form opens. Nothing here styles ``::item`` of tables, which would slow the painting of long lists.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from pathlib import Path
from string import Template

from PySide6.QtCore import QDir, QTemporaryDir

_GLYPHS = {
    "chevron": (
        '<path d="M3 6l5 5 5-5" fill="none" stroke="{c}" stroke-width="1.2" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("icon", "disabled"),
    ),
    "chevron_up": (
        '<path d="M3 10.5l5-5 5 5" fill="none" stroke="{c}" stroke-width="1.2" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("icon",),
    ),
    "chevron_right": (
        '<path d="M6 3l5 5-5 5" fill="none" stroke="{c}" stroke-width="1.2" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("icon",),
    ),
    "check": (
        '<path d="M3.5 8.5l3 3 6-6.5" fill="none" stroke="{c}" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("accent_text", "disabled"),
    ),
    "dash": ('<path d="M4 8h8" fill="none" stroke="{c}" stroke-width="2" stroke-linecap="round"/>', ("accent_text",)),
    "dot": ('<circle cx="8" cy="8" r="3.2" fill="{c}"/>', ("accent_text", "disabled")),
    "previous": (
        '<path d="M10 4L6 8l4 4" fill="none" stroke="{c}" stroke-width="1.5" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("icon", "disabled"),
    ),
    "next": (
        '<path d="M6 4l4 4-4 4" fill="none" stroke="{c}" stroke-width="1.5" stroke-linecap="round" '
        'stroke-linejoin="round"/>',
        ("icon", "disabled"),
    ),
    "close": (
        '<path d="M5 5l6 6M11 5l-6 6" fill="none" stroke="{c}" stroke-width="1.5" stroke-linecap="round"/>',
        ("dim", "text"),
    ),
}


class _Drawings:
    """The small drawings a style sheet can only take from files; they live as long as the process."""

    folder: QTemporaryDir | None = None


def _draw(colours: Mapping[str, str], theme: str) -> None:
    """Write the glyphs of this palette where the style sheet finds them as ``theme:<glyph>_<colour>_<theme>.svg``."""
    if _Drawings.folder is None:
        _Drawings.folder = QTemporaryDir()
        atexit.register(_Drawings.folder.remove)  # nobody destroys it at the end: it would stay behind
        QDir.setSearchPaths("theme", [_Drawings.folder.path()])
    for glyph, (drawing, names) in _GLYPHS.items():
        for name in names:
            path = Path(_Drawings.folder.filePath(f"{glyph}_{name}_{theme}.svg"))
            path.write_text(
                '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
                + drawing.format(c=colours[name])
                + "</svg>",
                encoding="utf-8",
            )


def sheet(colours: Mapping[str, str], theme: str, title_points: float, small_points: float) -> str:
    """The style sheet for these colours; sizes in points."""
    _draw(colours, theme)
    values = dict(colours, theme=theme, title=f"{title_points}pt", small=f"{small_points}pt")
    return Template(_BASE + _INPUTS + _BUTTONS + _VIEWS + _FRAMES + _chips()).substitute(values)


def _chips() -> str:
    """One rule a meaning: chips, notices and marks."""
    kinds = ("neutral", "accent", "overdue", "today", "done", "won", "lost")
    return (
        "".join(
            f'QFrame[chip="{kind}"] {{ background: ${kind}_soft; border: none; border-radius: 10px; }}\n'
            f'QFrame[chip="{kind}"] QLabel {{ color: ${kind}; }}\n'
            for kind in kinds
        )
        + "QFrame[chip] QToolButton { padding: 0; border-radius: 8px; }\n"
    )


_BASE = """
QToolTip { background: $tooltip; color: $tooltip_text; border: none; padding: 4px 8px; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="section"] { font-size: $small; font-weight: 600; color: $dim; }
QLabel[role="label"] { font-size: $small; color: $dim; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="small"] { font-size: $small; color: $dim; }
QLabel[role="error"] { font-size: $small; color: $overdue; }
QLabel[role="number"] { font-size: $title; font-weight: 600; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border_input; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QStatusBar { background: $window; border-top: 1px solid $border; color: $dim; }
QStatusBar::item { border: none; }
QProgressBar { background: $hover; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_INPUTS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
    background: $base; color: $text; border: 1px solid $border_input; border-radius: 5px;
    padding: 1px 7px; selection-background-color: $selection; selection-color: $selection_text; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 24px; }
QPlainTextEdit, QTextEdit { padding: 3px 4px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {
    border-color: $disabled; }
QLineEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {
    border: 2px solid $accent; padding: 0px 6px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 2px 3px; }
QLineEdit[error="true"], QPlainTextEdit[error="true"], QTextEdit[error="true"], QComboBox[error="true"] {
    border-color: $overdue; background: $overdue_soft; }
QLineEdit:read-only, QPlainTextEdit:read-only, QTextEdit:read-only, QLineEdit[locked="true"] {
    background: $hover; border-color: $border; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
    background: $window; color: $disabled; border-color: $border; }
QLineEdit QToolButton { background: transparent; border: none; padding: 0; margin: 0; border-radius: 4px; }
QLineEdit QToolButton:hover { background: $hover; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url(theme:chevron_icon_$theme.svg); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url(theme:chevron_disabled_$theme.svg); }
QComboBox[locked="true"] { background: $hover; border-color: $border; }
QComboBox[locked="true"]::down-arrow { image: none; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border_input; padding: 4px; outline: none;
    selection-background-color: $selection; selection-color: $selection_text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: url(theme:chevron_up_icon_$theme.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(theme:chevron_icon_$theme.svg); width: 10px; height: 10px; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 26px; background: transparent; padding: 0 4px;
    border: 1px solid transparent; border-radius: 5px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator {
    width: 14px; height: 14px; border: 1px solid $border_input; background: $base; }
QCheckBox::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QTableView::indicator:checked,
QListView::indicator:checked, QTreeView::indicator:checked, QCheckBox::indicator:indeterminate {
    background: $accent; border-color: $accent; }
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked,
QTreeView::indicator:checked { image: url(theme:check_accent_text_$theme.svg); }
QCheckBox::indicator:indeterminate { image: url(theme:dash_accent_text_$theme.svg); }
QRadioButton::indicator:checked { image: url(theme:dot_accent_text_$theme.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $window; border-color: $border; }
QCheckBox::indicator:checked:disabled { image: url(theme:check_disabled_$theme.svg); }
QRadioButton::indicator:checked:disabled { image: url(theme:dot_disabled_$theme.svg); }
QCheckBox[error="true"] { border-color: $overdue; }
"""

_BUTTONS = """
QPushButton { background: $raised; color: $text; border: 1px solid $border_input; border-radius: 5px;
    padding: 1px 12px; min-height: 24px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 0px 11px; }
QPushButton:disabled { color: $disabled; background: $window; border-color: $border; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $pressed; color: $dim; border-color: $pressed; }
QPushButton[kind="danger"] { color: $overdue; border-color: $overdue; }
QPushButton[kind="danger"]:hover { background: $overdue_soft; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 1px 8px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; padding: 0px 7px; }
QPushButton[kind="quiet"]:disabled { background: transparent; border-color: transparent; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: $accent; padding: 1px 4px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0px 3px; }
QPushButton[kind="field"] { background: $base; text-align: left; padding: 1px 7px; }
QPushButton[kind="field"]:hover { background: $base; border-color: $disabled; }
QPushButton[kind="field"]:focus { border: 2px solid $accent; padding: 0px 6px; }
QPushButton[kind="field"][error="true"] { border-color: $overdue; background: $overdue_soft; }
QPushButton[kind="field"][locked="true"] { background: $hover; border-color: $border; }
QPushButton[kind="field"]:disabled { background: $window; color: $disabled; border-color: $border; }
QPushButton::menu-indicator { image: url(theme:chevron_icon_$theme.svg); subcontrol-position: right center;
    subcontrol-origin: padding; right: 4px; width: 12px; height: 12px; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 5px;
    padding: 3px 7px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked, QToolButton:open { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton::menu-button { border: none; width: 16px; }
QToolButton::menu-arrow, QToolButton::menu-indicator { image: url(theme:chevron_icon_$theme.svg); width: 12px;
    height: 12px; }
QToolButton::menu-indicator { subcontrol-position: right center; subcontrol-origin: padding; right: 4px; }
QToolButton[kind="segment"] { border: 1px solid $border_input; border-radius: 0; padding: 3px 12px; background: $card;
    margin-left: -1px; }
QToolButton[kind="segment"]:hover { background: $hover; }
QToolButton[kind="segment"]:checked { background: $accent_soft; color: $accent; border-color: $accent;
    font-weight: 600; }
QToolButton[kind="segment"]:focus { border: 2px solid $accent; padding: 2px 11px; }
QToolButton[kind="segment"][edge="first"] { border-top-left-radius: 5px; border-bottom-left-radius: 5px;
    margin-left: 0; }
QToolButton[kind="segment"][edge="last"] { border-top-right-radius: 5px; border-bottom-right-radius: 5px; }
"""

_VIEWS = """
QAbstractItemView { outline: none; icon-size: 16px; }
QTableView, QTreeView, QListView { background: $card; border: 1px solid $border; border-radius: 6px;
    gridline-color: $border; selection-background-color: $selection; selection-color: $selection_text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url(theme:chevron_right_icon_$theme.svg); }
QTreeView::branch:has-children:open { image: url(theme:chevron_icon_$theme.svg); }
QHeaderView { background: $window; border: none; }
QHeaderView::section { background: $window; color: $dim; border: none; border-bottom: 1px solid $border;
    border-right: 1px solid $border; padding: 4px 8px; font-weight: 600; }
QHeaderView::section:hover { background: $hover; }
QHeaderView::section:last { border-right: none; }
QHeaderView::down-arrow { image: url(theme:chevron_icon_$theme.svg); width: 12px; height: 12px; right: 4px; }
QHeaderView::up-arrow { image: url(theme:chevron_up_icon_$theme.svg); width: 12px; height: 12px; right: 4px; }
QTableCornerButton::section { background: $window; border: none; }
QTreeView[kind="nav"], QListView[kind="nav"] { background: $sidebar; border: none; border-radius: 0;
    selection-background-color: $accent_soft; selection-color: $accent; padding: 4px; }
QTreeView[kind="nav"]::item, QListView[kind="nav"]::item { min-height: 28px; padding: 0 4px; border-radius: 5px; }
QTreeView[kind="nav"]::item:hover, QListView[kind="nav"]::item:hover { background: $pressed; }
QTreeView[kind="nav"]::item:selected, QListView[kind="nav"]::item:selected { background: $accent_soft; color: $accent; }
QListView[kind="plain"], QTreeView[kind="plain"], QTableView[kind="plain"] { background: transparent; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $border; top: -1px; }
QTabBar { qproperty-drawBase: 0; background: transparent; }
QTabBar::tab { background: transparent; color: $dim; padding: 6px 12px; border: none;
    border-bottom: 2px solid transparent; min-height: 18px; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:focus { color: $accent; }
QTabBar::tab:disabled { color: $disabled; }
QTabBar::close-button { image: url(theme:close_dim_$theme.svg); }
QTabBar::close-button:hover { image: url(theme:close_text_$theme.svg); background: $pressed; border-radius: 4px; }
QTabBar QToolButton { background: $window; border: none; border-radius: 4px; }
QTabBar QToolButton:hover { background: $hover; }
QTabBar QToolButton::left-arrow { image: url(theme:previous_icon_$theme.svg); width: 14px; height: 14px; }
QTabBar QToolButton::right-arrow { image: url(theme:next_icon_$theme.svg); width: 14px; height: 14px; }
QTabBar QToolButton::left-arrow:disabled { image: url(theme:previous_disabled_$theme.svg); }
QTabBar QToolButton::right-arrow:disabled { image: url(theme:next_disabled_$theme.svg); }
QMenu { background: $raised; border: 1px solid $border_input; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $selection_text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenuBar { background: $window; border-bottom: 1px solid $border; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QToolBar { background: $window; border: none; spacing: 4px; padding: 4px 8px; icon-size: 18px; }
QToolBar::separator { background: $border; width: 1px; margin: 4px 4px; }
"""

_FRAMES = """
QFrame[surface="card"] { background: $card; border: 1px solid $border; border-radius: 8px; }
QFrame[surface="panel"] { background: $card; border: none; border-radius: 0; }
QFrame[surface="foot"] { background: $card; border: none; border-top: 1px solid $border; }
QFrame[surface="toolbar"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[surface="sidebar"] { background: $sidebar; border: none; border-right: 1px solid $border; }
QFrame[surface="sidebar"][edge="none"] { border: none; }
QFrame[surface="popup"] { background: $raised; border: 1px solid $border_input; border-radius: 6px; }
QFrame[surface="popup"] QListView { background: transparent; border: none; }
QFrame[surface="notice"] { background: $tooltip; border: none; border-radius: 8px; }
QFrame[surface="notice"] QLabel { color: $tooltip_text; }
QFrame[surface="notice"] QPushButton { background: transparent; border: 1px solid $dim; color: $tooltip_text; }
QFrame[surface="notice"] QPushButton:hover, QFrame[surface="notice"] QPushButton:focus { border-color: $tooltip_text; }
QFrame[surface="notice"] QToolButton:hover { background: $dim; }
QFrame[surface="field"] { background: $base; border: 1px solid $border_input; border-radius: 5px; }
QFrame[surface="field"][focused="true"] { border: 2px solid $accent; }
QFrame[surface="field"][error="true"] { border-color: $overdue; background: $overdue_soft; }
QFrame[surface="field"][locked="true"] { background: $hover; border-color: $border; }
QFrame[surface="field"] QLineEdit { background: transparent; border: none; padding: 0 2px; min-height: 20px; }
QFrame[surface="drop"] { background: $window; border: 1px dashed $border_input; border-radius: 6px; }
QFrame[surface="drop"]:focus, QFrame[surface="drop"][over="true"] { border: 2px solid $accent; }
QFrame[surface="rule"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[surface="vrule"] { background: $border; border: none; max-width: 1px; min-width: 1px; }
"""
