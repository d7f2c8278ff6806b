"""The first start asks the country once, and gives an empty program or one with example data."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oficrm import contacts, settings
from oficrm.jobs import Jobs
from ui.bridge import Bridge
from ui.first_start import FirstStart


def open_dialog(qtbot: QtBot, jobs: Jobs, demo: int | None = None) -> FirstStart:
    dialog = FirstStart(Bridge(jobs), demo)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_an_empty_start_sets_what_the_country_implies(qtbot: QtBot, jobs: Jobs) -> None:
    dialog = open_dialog(qtbot, jobs)
    mexico = next(button for button in dialog.countries.buttons() if button.property("country") == "MX")
    mexico.click()
    with qtbot.waitSignal(dialog.finished_setup):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    values = jobs.read(settings.read).result()
    assert (values.country, values.currency, values["tax_rate"]) == ("MX", "MXN", 16)
    assert jobs.read(contacts.count).result() == 0
    assert len(jobs.read(contacts.vocabulary).result().types) == 9


def test_example_data_is_written_with_progress(qtbot: QtBot, jobs: Jobs) -> None:
    dialog = open_dialog(qtbot, jobs, demo=120)
    assert not dialog.empty.isVisible(), "with --demo the example data is what was asked for"
    reported: list[int] = []
    dialog.bar.valueChanged.connect(reported.append)
    with qtbot.waitSignal(dialog.finished_setup, timeout=30_000):
        dialog.demo.click()
    assert jobs.read(contacts.count).result() == 120
    assert reported
    assert reported == sorted(reported)


def test_cancelling_example_data_keeps_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    dialog = open_dialog(qtbot, jobs, demo=20_000)
    dialog.demo.click()
    qtbot.waitUntil(lambda: dialog.bar.maximum() > 0, timeout=30_000)
    dialog.cancel.click()
    qtbot.waitUntil(dialog.demo.isEnabled)
    QApplication.processEvents()
    assert dialog.isVisible()
    assert jobs.read(contacts.count).result() == 0
    assert not jobs.read(settings.read).result().is_configured
