"""Export and print of what is loaded, or of what is selected."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtTest import QTest

from oficrm.printing import Paper, PaperColumn
from tests.support.lanes import wait_for_slow
from tests.support.list_pages import child, texts
from ui import printing


@pytest.fixture
def target(loaded, tmp_path):
    """Where the page is told to save."""
    asked: list = []

    def choose(caption, name, pattern):
        asked.append((caption, name, pattern))
        return tmp_path / name

    loaded.output.choose_file = choose
    return asked


def _save(page, qtbot, name) -> Path:
    with qtbot.waitSignal(page.output.finished, timeout=10_000) as done:
        page.actions_.all[name].trigger()
    path: Path = done.args[0]
    return path


def test_what_is_loaded_is_exported_in_its_order(loaded, qtbot, target):
    loaded.quick("open")
    path = _save(loaded, qtbot, "export_csv")
    assert target == [("Exportar a CSV", "Contactos 2026-11-21.csv", "Texto separado (*.csv)")]
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert len(rows) == 29
    assert [row[rows[0].index("Cliente")] for row in rows[1:]] == texts(loaded, "client")
    assert "28 filas" in child(loaded, "ask_text").text()


def test_paper_names_the_filter_that_was_loaded_not_the_one_being_typed(loaded, monkeypatch):
    seen = []
    monkeypatch.setattr(loaded.output, "save", lambda kind, sheet, words, total: seen.append((words, total)))
    loaded.panel.filters["notes"].editor.set_value("oferta")
    loaded.actions_.all["pdf"].trigger()
    assert seen == [("", 1725)]


def test_the_hour_has_its_own_column_in_what_leaves_the_program(loaded, qtbot, target):
    assert "time" not in loaded.table.shown_names()
    path = _save(loaded, qtbot, "export_csv")
    assert path.read_text("utf-8-sig").splitlines()[0].startswith("Tipo de contacto;Fecha;Hora;Cliente")


def test_a_selection_of_several_is_exported_alone(loaded, qtbot, target):
    flags = loaded.table.selectionModel().SelectionFlag
    for row in (2, 5):
        loaded.table.selectionModel().select(loaded.model.index(row, 0), flags.Select | flags.Rows)
    path = _save(loaded, qtbot, "export_xlsx")
    assert path.suffix == ".xlsx"
    import openpyxl

    assert openpyxl.load_workbook(path).active.max_row == 3  # type: ignore[union-attr]


def test_a_list_becomes_a_pdf(loaded, qtbot, target):
    path = _save(loaded, qtbot, "pdf")
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(content) > 5000


def test_a_folder_that_cannot_be_written_is_said(loaded, qtbot, tmp_path):
    for name in ("export_csv", "export_xlsx", "pdf"):
        loaded.output.choose_file = lambda *_: tmp_path / "no" / "x.csv"
        loaded.actions_.all[name].trigger()
        qtbot.waitUntil(lambda: "No se puede guardar" in child(loaded, "ask_text").text())
        QTest.mouseClick(child(loaded, "ask_cancel"), Qt.MouseButton.LeftButton)
        assert loaded.bar.isHidden()


def test_nothing_happens_without_a_file(loaded):
    loaded.output.choose_file = lambda *_: None
    loaded.actions_.all["export_csv"].trigger()
    assert not loaded.output.is_busy()


def test_an_export_can_be_cancelled(loaded, tmp_path, monkeypatch):
    import threading

    from oficrm import export

    go = threading.Event()
    real = export.rows

    def slow(*args):
        go.wait(5)
        yield from real(*args)

    monkeypatch.setattr(export, "rows", slow)
    loaded.output.choose_file = lambda *_: tmp_path / "x.csv"
    loaded.actions_.all["export_csv"].trigger()
    assert loaded.output.is_busy()
    QTest.mouseClick(child(loaded, "ask_cancel"), Qt.MouseButton.LeftButton)
    go.set()
    assert not loaded.output.is_busy()
    assert "no se ha guardado nada" in child(loaded, "ask_text").text()
    wait_for_slow(loaded.context.bridge.jobs)
    assert list(tmp_path.glob("*.csv")) == []


# --- on paper


def _paper(count, *, is_long=False, paper="A4"):
    columns = (PaperColumn("Fecha", 10, False, False), PaperColumn("Notas", 40, False, is_long),
               PaperColumn("Importe", 10, True, False))  # fmt: skip
    return Paper("Contactos", "Levante, S. L.", "Fecha: esta semana", "sábado 21 de noviembre de 2026",
                 f"{count} contactos", paper, columns, count)  # fmt: skip


def _rows(count):
    return ([f"lun {number}", "Una nota larga " * 20, "1.240,00 €"] for number in range(count))


@pytest.mark.parametrize(("count", "is_long"), [(0, False), (1, True), (60, True), (500, False)])
def test_the_pages_counted_are_the_pages_drawn(qapp, tmp_path, count, is_long):
    writer = QPdfWriter(str(tmp_path / "x.pdf"))
    writer.setResolution(300)
    writer.setPageLayout(printing.page_layout("A4"))
    painter = printing.ListPainter(writer, _paper(count, is_long=is_long))
    assert painter.paint(_rows(count)) == painter.page_count()
    assert painter.page_count() == max(1, -(-count // painter.rows_per_page()))


def test_paper_follows_the_country():
    a4, letter = printing.page_layout("A4"), printing.page_layout("letter")
    assert a4.fullRectPoints().size() == QSize(842, 595)
    assert letter.fullRectPoints().size() == QSize(792, 612)
