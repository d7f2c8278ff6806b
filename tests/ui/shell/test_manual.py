"""The page of shortcuts in the manual is that of the program."""

from pathlib import Path

from PySide6.QtGui import QKeySequence

from ui.app import Application
from ui.help import FILE_KEYS, FORM_KEYS, LIST_KEYS, MAIL_KEYS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "manual" / "11-atajos.md"


def rows() -> set[tuple[str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [line.strip("|").split("|") for line in lines if line.startswith("| ")]
    return {(left.strip(), right.strip()) for left, right in cells}


def test_what_help_tells_is_in_the_manual() -> None:
    assert {*LIST_KEYS, *FORM_KEYS, *FILE_KEYS, *MAIL_KEYS} <= rows()


def test_every_shortcut_of_the_menu_is_in_the_manual(application: Application) -> None:
    assert application.main_window is not None
    native = QKeySequence.SequenceFormat.NativeText
    actions = application.main_window.menu.all_actions()
    shown = {(action.text().replace("&", ""), action.shortcut().toString(native)) for action in actions}
    others = {pair for pair in shown if pair[1] and not (pair[1].startswith("Ctrl+") and pair[1][-1] in "3456789")}
    assert others <= rows()
    assert {pair for pair in rows() if pair[1] in ("Ctrl+1", "Ctrl+2")} <= shown
