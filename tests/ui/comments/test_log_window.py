"""Entries of the Bitácora: written once, read afterwards, corrected by another one."""

from typing import Any

from oficrm import records, saving
from tests.support.desk import WAIT, Desk
from ui.comments.log_window import LogWindow


def test_a_new_one_is_written_and_a_saved_one_only_read(desk: Desk) -> None:
    window = LogWindow(desk.context, None, preset={"record": "client:1"})
    desk.show(window)
    window.form.put("summary", "Acordado el plazo")
    with desk.qtbot.waitSignal(window.form.saved, timeout=WAIT):
        window.form.save()

    saved = LogWindow(desk.context, 1)
    desk.show(saved)
    assert saved.form.read_only
    assert saved.edit_button.isHidden()
    saved.modify()
    assert saved.form.read_only
    assert saved.accept_button.isHidden()


def test_a_correction_opens_filled_in(desk: Desk) -> None:
    def job(session: Any) -> None:
        draft = records.blank(session, "log_entry").draft
        draft.values |= {"summary": "Plazo de tres semanas", "record": "client:1"}
        saving.save(session, draft)

    desk.jobs.write(job).result()
    window = LogWindow(desk.context, 1)
    desk.show(window)
    command = next(action for action in window.actions() if action.objectName() == "action_correct_entry")
    command.trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.noted.opened), timeout=WAIT)
    made = desk.noted.opened[-1][3]["made"]
    assert made.draft.values["summary"] == "Corrección: Plazo de tres semanas"
