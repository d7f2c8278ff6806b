"""Importing messages through the dialog, on a real database."""

import csv
import mailbox
from email import message_from_bytes
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QWidget

from db.filed import key_of
from oficrm import lists, undo
from oficrm.files.sources import Source
from oficrm.lists import Criterion, ListFilter
from oficrm.mail.importing import Outcome
from tests.support import drops
from tests.support.desk import WAIT
from tests.support.post import AZAHAR, letter
from tests.ui.mail.conftest import Box
from ui.link_dialog import ChooseRecord
from ui.mail import import_dialog
from ui.mail.import_dialog import ImportDialog, open_import
from ui.mail.report import DETAIL, OUTCOME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three messages of known people, two of strangers, one file that is none, one empty file."""
    home = tmp_path / "correo"
    home.mkdir()
    for number in range(2):
        (home / f"marta{number}.eml").write_bytes(letter(ident=f"m{number}@x", subject=f"De Marta {number}"))
    (home / "hotel.eml").write_bytes(letter(AZAHAR, ident="h@x", subject="Del hotel"))
    for number in range(2):
        (home / f"nadie{number}.eml").write_bytes(letter(f"quien{number}@nadie.org", ident=f"n{number}@x"))
    (home / "foto.png").write_bytes(b"\x89PNG\r\n\x1a\nno es correo")
    (home / "vacio.eml").write_bytes(b"")
    return home


@pytest.fixture
def dialog(box: Box, qtbot):
    made = ImportDialog(box.desk.context)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.run.cancel()
    qtbot.waitUntil(lambda: not made.run.is_running(), timeout=WAIT)


def run(dialog: ImportDialog, box: Box, *paths: Path) -> None:
    """Import these and wait for the end."""
    dialog.set_paths(paths)
    with box.qtbot.waitSignal(dialog.run.ended, timeout=WAIT):
        dialog.start_button.click()
    box.settle()


def outcomes(dialog: ImportDialog) -> dict[str, Outcome]:
    return {row.name: row.outcome for row in dialog.model.all()}


def filed(box: Box, *criteria: Criterion) -> list[int]:
    return box.desk.read(lambda s: lists.load_ids(s, ListFilter("email_message", criteria))).ids.tolist()


def part(dialog: ImportDialog, key: str) -> str:
    return dialog.parts.buttons[key].text().split()[-1]


def test_nothing_can_be_started_before_something_is_chosen(dialog, box):
    assert dialog.objectName() == "dialog_import_mail"
    assert not dialog.start_button.isEnabled()
    assert not dialog.isModal()
    assert dialog.head.source.text() == "Nada elegido todavía."
    assert "suéltelos aquí" in dialog.empty.sentence.text()


def test_what_is_dropped_on_the_dialog_is_offered(dialog, box, folder):
    assert drops.drop(dialog, drops.files([folder / "marta0.eml", folder / "marta1.eml"]))
    assert dialog.head.source.text() == "2 archivos: marta0.eml, marta1.eml…"
    assert dialog.start_button.isEnabled()


def test_a_folder_is_imported_with_a_report_by_message(dialog, box, folder):
    run(dialog, box, folder)
    assert outcomes(dialog) == {
        "marta0.eml": Outcome.FILED, "marta1.eml": Outcome.FILED, "hotel.eml": Outcome.FILED,
        "nadie0.eml": Outcome.NO_CLIENT, "nadie1.eml": Outcome.NO_CLIENT, "foto.png": Outcome.UNREADABLE,
        "vacio.eml": Outcome.UNREADABLE,
    }  # fmt: skip
    assert [part(dialog, key) for key in ("all", "FILED", "ALREADY", "NO_CLIENT", "UNREADABLE")] == ["7", "3", "0", "2",
                                                                                                     "2"]  # fmt: skip
    text, operation = box.desk.noted.notices[-1]
    assert text == "3 correos archivados, 2 sin cliente, 2 ilegibles."
    assert dialog.bars.bar("ended").label.text() == text
    assert operation is not None
    assert len(filed(box)) == 3
    assert len(filed(box, Criterion("records", "in", (key_of("client", box.known.ruiz),)))) == 2


def test_the_report_can_be_narrowed_and_says_why(dialog, box, folder):
    run(dialog, box, folder)
    assert dialog.parts.current() == "NO_CLIENT"  # what is left to do is shown first
    assert dialog.model.rowCount() == 2
    assert dialog.model.index(0, DETAIL).data() == "quien0@nadie.org no es de nadie conocido"
    dialog.parts.buttons["UNREADABLE"].click()
    assert {dialog.model.index(row, OUTCOME).data() for row in range(dialog.model.rowCount())} == {"Ilegible"}
    assert "No es un mensaje de correo." in [dialog.model.index(row, DETAIL).data() for row in range(2)]
    dialog.parts.buttons["all"].click()
    assert dialog.model.rowCount() == 7


def test_one_undo_takes_the_whole_import_back(dialog, box, folder):
    run(dialog, box, folder)
    operation = box.desk.noted.notices[-1][1]
    box.desk.jobs.write(lambda s: undo.undo(s, operation)).result()
    assert filed(box) == []


def test_the_second_time_they_are_there_already(dialog, box, folder):
    run(dialog, box, folder)
    run(dialog, box, folder)
    assert outcomes(dialog)["marta0.eml"] is Outcome.ALREADY
    assert [part(dialog, key) for key in ("all", "FILED", "ALREADY")] == ["7", "0", "3"]
    assert len(filed(box)) == 3


def test_strangers_are_filed_where_that_is_asked(dialog, box, folder):
    assert not dialog.head.unknown.isChecked()
    dialog.head.unknown.setChecked(True)
    run(dialog, box, folder)
    assert len(filed(box)) == 5


def test_strangers_are_filed_from_the_report(dialog, box, folder, qtbot):
    run(dialog, box, folder)
    assert not dialog.file_button.isEnabled()
    dialog.table.selectionModel().select(
        dialog.model.index(1, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    assert dialog.file_button.isEnabled()
    dialog.file_button.click()
    chooser = dialog.findChild(ChooseRecord)
    assert chooser is not None
    with qtbot.waitSignal(dialog.run.ended, timeout=WAIT):
        chooser.chosen.emit(key_of("client", box.known.azahar), "Hotel Azahar")
    chooser.reject()
    box.settle()
    assert outcomes(dialog)["nadie1.eml"] is Outcome.FILED
    assert outcomes(dialog)["nadie0.eml"] is Outcome.NO_CLIENT
    assert part(dialog, "NO_CLIENT") == "1"
    assert part(dialog, "FILED") == "4"
    found = filed(box, Criterion("records", "in", (key_of("client", box.known.azahar),)))
    assert len(found) == 2
    assert len(filed(box)) == 4


def test_a_filed_message_opens_from_the_report(dialog, box, folder):
    run(dialog, box, folder)
    dialog.parts.buttons["FILED"].click()
    dialog.table.doubleClicked.emit(dialog.model.index(0, 0))
    table, ident = box.desk.noted.opened[-1][1:3]
    assert table == "email_message"
    assert ident in filed(box)
    opened = len(box.desk.noted.opened)
    dialog.parts.buttons["NO_CLIENT"].click()
    dialog.table.doubleClicked.emit(dialog.model.index(0, 0))
    assert len(box.desk.noted.opened) == opened


def test_the_report_is_saved_for_a_spreadsheet(dialog, box, folder, tmp_path, qtbot):
    (folder / "formula.eml").write_bytes(letter(ident="f@x", subject="=HYPERLINK(1)"))
    run(dialog, box, folder)
    dialog.parts.buttons["all"].click()
    dialog.output.choose_file = lambda _name: tmp_path / "informe"
    with qtbot.waitSignal(dialog.output.said) as said:
        dialog.save_button.click()
    assert said.args[1]
    with (tmp_path / "informe.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    assert rows[0] == ["Archivo", "Fecha", "De", "Asunto", "Resultado", "Detalle"]
    assert len(rows) == 9
    assert "'=HYPERLINK(1)" in {row[3] for row in rows}
    assert {row[4] for row in rows[1:]} == {"Archivado", "Sin cliente", "Ilegible"}


def test_a_report_that_cannot_be_saved_says_so(dialog, box, folder, tmp_path, qtbot):
    run(dialog, box, folder)
    dialog.output.choose_file = lambda _name: tmp_path / "no" / "hay" / "informe.csv"
    with qtbot.waitSignal(dialog.output.said) as said:
        dialog.save_button.click()
    assert not said.args[1]
    assert dialog.bars.has("said")


def test_a_mailbox_is_imported_message_by_message(dialog, box, tmp_path):
    held = mailbox.mbox(str(tmp_path / "Bandeja"))
    for number in range(3):
        held.add(message_from_bytes(letter(ident=f"b{number}@x", subject=f"En buzón {number}")))
    held.add(message_from_bytes(letter("quien@nadie.org", ident="bn@x")))
    held.close()
    dialog.choose = lambda way: [tmp_path / "Bandeja"] if way == "mbox" else []
    dialog.head.buttons["mbox"].click()
    run(dialog, box, tmp_path / "Bandeja")
    assert part(dialog, "FILED") == "3"
    lonely = [row for row in dialog.model.all() if row.outcome is Outcome.NO_CLIENT]
    with box.qtbot.waitSignal(dialog.run.ended, timeout=WAIT):
        dialog._file(lonely, key_of("client", box.known.ruiz))
    assert len(filed(box)) == 4


def test_cancelling_keeps_what_is_filed_and_says_so(dialog, box, folder, qtbot):
    for number in range(400):
        (folder / f"mas{number:03}.eml").write_bytes(letter(ident=f"mas{number}@x"))
    dialog.set_paths([folder])
    dialog.start()
    assert dialog.run.is_running()
    assert dialog.close_button.text().startswith("Cancelar")
    dialog.close()
    assert dialog.isVisible()
    assert dialog.bars.has("stop")
    with qtbot.waitSignal(dialog.run.ended, timeout=WAIT):
        dialog.bars.bar("stop").buttons[0].click()
    box.settle()
    text = dialog.bars.bar("ended").label.text()
    assert text.startswith("Importación interrumpida: ")
    assert "Lo archivado se conserva." in text
    assert len(filed(box)) == sum(row.outcome is Outcome.FILED for row in dialog.model.all()) < 403
    assert dialog.close_button.text().startswith("Cerrar")


def test_what_is_dropped_from_a_mail_program_is_written_to_a_private_place(dialog, box, qtbot):
    dialog.take([Source(data=letter(ident="d@x"), name="../Oferta: otoño.eml")])
    path = dialog._paths[0]
    assert path.read_bytes() == letter(ident="d@x")
    assert path.parent.parent.stat().st_mode & 0o077 == 0
    run(dialog, box, *dialog._paths)
    assert part(dialog, "FILED") == "1"
    dialog.close()
    assert not path.exists()


def test_under_a_record_all_are_filed_there(box, folder, qtbot):
    key = key_of("client", box.known.azahar)
    dialog = ImportDialog(box.desk.context, [key])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.head.place.text() == "Todos se archivan en Hotel Azahar.")
    assert dialog.head.unknown.isHidden()
    run(dialog, box, folder)
    assert len(filed(box, Criterion("records", "in", (key,)))) == 5


def test_the_dialog_outlives_the_window_it_is_asked_from(box, folder, qtbot):
    main = QWidget()
    main.setObjectName("main_window")
    qtbot.addWidget(main)
    main.show()
    dialog = open_import(box.desk.context, [Source(path=folder)])
    assert dialog.parent() is main
    assert dialog in import_dialog._open
    with qtbot.waitSignal(dialog.run.ended, timeout=WAIT):
        dialog.start_button.click()
    box.settle()
    dialog.close()
    qtbot.waitUntil(lambda: import_dialog._open == [])


def test_importing_again_needs_a_reason(dialog, box, folder):
    run(dialog, box, folder)
    assert not dialog.start_button.isEnabled()
    dialog.head.unknown.click()
    assert dialog.start_button.isEnabled()
