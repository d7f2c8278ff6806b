"""What the window of every module promises: it opens, holds what is stored, names what is missing, and saves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from db.registry import module
from oficrm import records
from tests.contract.samples import FORMS, OUTSIDE, UNCHANGEABLE, Sampler, changed
from tests.support.desk import WAIT, Desk
from ui.forms.counts_card import Figure
from ui.forms.editors import Kit, has_editor, make, show_value
from ui.forms.record_window import RecordWindow
from ui.widgets.editor import Editor

GENERIC = tuple(table for table in FORMS if table not in ("contact", *UNCHANGEABLE))
BLANK = tuple(table for table in FORMS if table not in OUTSIDE)
"""Those of which a blank window opens: files and messages are added, not filled in."""


@contextmanager
def opened(desk: Desk, table: str, ident: int | None = None, **more: Any) -> Iterator[RecordWindow]:
    window = RecordWindow(desk.context, table, ident, **more)
    desk.show(window)
    yield window
    window.form.discard()


def sample(desk: Desk, table: str) -> int:
    return desk.jobs.write(lambda s: Sampler(s).save(table)).result().value


@pytest.mark.parametrize("table", FORMS)
def test_the_window_holds_what_is_stored(desk: Desk, table: str) -> None:
    ident = sample(desk, table)
    with opened(desk, table, ident) as window:
        assert window.objectName() == f"form_{table}"
        for section in module(table).screens.form:
            for name in section.fields:
                found = window.findChild(QObject, f"field_{name}")
                if isinstance(found, Figure):
                    assert found.value() == window.form.value(name), name
                    continue
                assert isinstance(found, Editor), name
                assert window.findChild(QLabel, f"error_{name}") is not None, name
        assert not window.form.is_dirty()
        stored = desk.read(lambda s: records.load(s, table, ident)).draft
        assert window.form.draft().values == stored.values
        for name, value in stored.values.items():
            shown = window.form.value(name)
            assert shown == value or (name.endswith(("photo",)) and shown), name
        for child, part in window.form.parts().items():
            assert part.lines() == stored.lines[child]


@pytest.mark.parametrize("table", BLANK)
def test_what_is_missing_is_said_beside_its_field(desk: Desk, table: str) -> None:
    with opened(desk, table) as window:
        form = window.form
        for name, bound in form.bound().items():
            if bound.field.required and bound.field.kind != "yes_no" and not bound.locked:
                form.put(name, None)
        missing = [name for name, bound in form.bound().items()
                   if bound.field.required and not bound.locked and form.value(name) is None]  # fmt: skip
        window.accept_button.click()
        desk.qtbot.waitUntil(lambda: not form.saving.is_busy and bool(form.editor(missing[0]).error()), timeout=WAIT)
        for name in missing:
            label = window.findChild(QLabel, f"error_{name}")
            assert label is not None
            assert label.text(), name
            assert label.isVisibleTo(window)
        assert window.isVisible()


@pytest.mark.parametrize("table", GENERIC)
def test_a_change_is_saved_and_announced(desk: Desk, table: str) -> None:
    ident = sample(desk, table)
    name, value = changed(module(table))
    with opened(desk, table, ident) as window:
        window.form.put(name, value)
        assert window.form.is_dirty()
        with desk.qtbot.waitSignal(window.form.finished, timeout=WAIT):
            window.accept_button.click()
        assert not window.isVisible()
    assert desk.read(lambda s: records.load(s, table, ident)).draft.values[name] == value
    assert desk.noted.notices[-1][1] is not None


@pytest.mark.parametrize("table", FORMS)
def test_looking_only_changes_nothing(desk: Desk, table: str) -> None:
    ident = sample(desk, table)
    with opened(desk, table, ident, read_only=True) as window:
        assert all(bound.editor.is_read_only() for bound in window.form.bound().values())
        assert not window.accept_button.isVisible()
        edit = window.findChild(QPushButton, "button_edit")
        assert edit is not None
        edit.click()
        assert window.accept_button.isVisible()
        for name, bound in window.form.bound().items():
            assert bound.editor.is_read_only() == bound.field.read_only, name


def test_every_kind_has_an_editor_that_gives_back_what_it_is_given(desk: Desk) -> None:
    kit = Kit(desk.context, QWidget())
    seen: set[str] = set()
    for table in FORMS:
        for section in module(table).screens.form:
            for name in section.fields:
                field = module(table).fields[name]
                assert has_editor(field.kind)
                seen.add(field.kind)
                editor = make(field, kit)
                show_value(editor, field, None)
                assert editor.value() in (None, False)
    assert {"text", "link", "either", "money", "day", "image", "choice", "yes_no"} <= seen
