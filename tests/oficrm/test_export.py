import csv
import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

from db.history import operation
from db.models.client import Client, ClientStatus
from db.models.custom_field import CustomField, CustomKind
from db.models.quote import Quote
from db.query import ListQuery, find_ids
from oficrm import export, printing
from oficrm.errors import Cancelled, EnvironmentProblem
from oficrm.export import Sheet
from oficrm.jobs import Progress
from tests.support.office import TODAY, fill, open_jobs

COLUMNS = ("date", "time", "duration", "client", "type", "made_by", "is_done", "notes", "created_at")


@pytest.fixture
def jobs(engine_url):
    with open_jobs(engine_url) as lanes:
        lanes.write(lambda s: fill(s)).result()
        yield lanes


@pytest.fixture
def ids(jobs):
    return jobs.read(lambda s: find_ids(s, ListQuery("contact", sort=("date", "time")))).result().ids


def _csv(jobs, sheet, path):
    jobs.read(lambda s: export.to_csv(s, sheet, path, Progress())).result()
    return path.read_bytes()


def _rows(raw, delimiter=";"):
    return list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=delimiter))


def _xlsx(jobs, sheet, path):
    jobs.read(lambda s: export.to_xlsx(s, sheet, path, Progress())).result()
    page = openpyxl.load_workbook(path).active
    assert page is not None
    return page


def test_csv_holds_exactly_the_rows_given_in_their_order(jobs, ids, tmp_path):
    chosen = ids[10:3:-1]
    raw = _csv(jobs, Sheet("contact", chosen, COLUMNS), tmp_path / "a.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert text.splitlines()[0] == (
        "Fecha;Hora;Duración;Cliente;Tipo de contacto;Realizado por;Realizado;Notas;Fecha de creación"
    )
    records = list(csv.reader(text.splitlines(keepends=True), delimiter=";"))[1:]
    assert len(records) == 7
    days = [dt.datetime.strptime(row[0], "%d/%m/%Y").replace(tzinfo=dt.UTC) for row in records]
    assert days == sorted(days, reverse=True)
    assert {row[6] for row in records} <= {"Sí", "No"}


def test_a_spreadsheet_takes_nothing_for_a_formula(jobs, tmp_path):
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "normal"]

    def add(session):
        with operation(session, "x"):
            made = [Client(name=name, code=f"X{place}", status=ClientStatus.CLIENT, extra={}, phone="+34961234500")
                    for place, name in enumerate(evil)]  # fmt: skip
            session.add_all(made)
            session.flush()
            return [client.id for client in made]

    sheet = Sheet("client", jobs.write(add).result().value, ("name", "phone"))
    rows = _rows(_csv(jobs, sheet, tmp_path / "a.csv"))[1:]
    assert [row[0] for row in rows] == ["'=1+1", "'+cmd|' /C calc'!A0", "'-2+3", "'@SUM(A1)", "'\t=1", "normal"]
    assert {row[1] for row in rows} == {"961 23 45 00"} or all(not row[1].startswith("'") for row in rows)
    page = _xlsx(jobs, sheet, tmp_path / "a.xlsx")
    assert [page.cell(line, 1).value for line in range(2, 8)] == evil
    assert {page.cell(line, 1).data_type for line in range(2, 8)} == {"s"}


def test_xlsx_cells_have_their_types(jobs, ids, tmp_path):
    page = _xlsx(jobs, Sheet("contact", ids[:20], COLUMNS), tmp_path / "a.xlsx")
    assert page.title == "Contactos"
    assert page.freeze_panes == "A2"
    assert page.max_row == 21
    found = {type(page.cell(line, 1).value) for line in range(2, 22)}
    assert found == {dt.datetime}
    assert page.cell(2, 1).number_format == "dd/mm/yyyy"
    durations = {page.cell(line, 3).value for line in range(2, 22)}
    assert dt.timedelta(minutes=90) in durations or dt.time(1, 30) in durations
    assert page.cell(2, 3).number_format in ("[h]:mm", "General")


def test_money_keeps_its_currency_and_its_cents(jobs, tmp_path):
    def add(session):
        client = session.query(Client).first()
        with operation(session, "x"):
            made = [Quote(number=f"Q{place}", subject="s", client_id=client.id, status="draft", date=TODAY,
                          valid_until=TODAY, currency=currency, total=Decimal("1240.5"), extra={})
                    for place, currency in enumerate(("EUR", "MXN", "USD"))]  # fmt: skip
            session.add_all(made)
            session.flush()
            return [quote.id for quote in made]

    sheet = Sheet("quote", jobs.write(add).result().value, ("number", "total"))
    assert [row[1] for row in _rows(_csv(jobs, sheet, tmp_path / "a.csv"))[1:]] == ["1240,5"] * 3
    page = _xlsx(jobs, sheet, tmp_path / "a.xlsx")
    assert [page.cell(line, 2).value for line in (2, 3, 4)] == [1240.5] * 3
    formats = [page.cell(line, 2).number_format for line in (2, 3, 4)]
    assert "€" in formats[0]
    assert formats[1] == '"$"#,##0.00'
    assert "USD" in formats[2]
    printed = jobs.read(lambda s: list(printing.list_rows(s, sheet, Progress()))).result()
    assert printed[0][1] == "1.240,50 €"
    assert [row[1] for row in printed[1:]] == ["1.240,50 MXN", "1.240,50 US$"]


def test_in_mexico_commas_part_the_fields_and_the_point_the_decimals(engine_url, tmp_path):
    with open_jobs(engine_url) as jobs:
        jobs.write(lambda s: fill(s, 3, "MX")).result()
        ids = jobs.read(lambda s: find_ids(s, ListQuery("client", sort=("name",)))).result().ids
        rows = _rows(_csv(jobs, Sheet("client", ids, ("name", "city")), tmp_path / "a.csv"), ",")
        assert rows[1] == ["Ávila Hermanos", "Alcoy"]
        assert jobs.read(lambda s: printing.list_paper(s, Sheet("client", ids, ("name",)))).result().paper == "letter"


def test_campos_parametrizables_come_typed(jobs, ids, tmp_path):
    def add(session):
        from db.models.contact import Contact

        with operation(session, "x"):
            field = CustomField(module_table="contact", name="Recibido", kind=CustomKind.DATE, extra={})
            number = CustomField(module_table="contact", name="Metros", kind=CustomKind.NUMBER, extra={})
            session.add_all([field, number])
            session.flush()
            session.get_one(Contact, ids[0]).extra = {f"x_{field.id}": "2026-03-15", f"x_{number.id}": "12.5"}
        return f"x_{field.id}", f"x_{number.id}"

    columns = jobs.write(add).result().value
    rows = _rows(_csv(jobs, Sheet("contact", ids[:2], columns), tmp_path / "a.csv"))
    assert rows == [["Recibido", "Metros"], ["15/03/2026", "12,5"], ["", ""]]
    page = _xlsx(jobs, Sheet("contact", ids[:2], columns), tmp_path / "a.xlsx")
    assert page.cell(2, 1).value == dt.datetime(2026, 3, 15)  # noqa: DTZ001


def test_cancelling_leaves_no_file(jobs, ids, tmp_path):
    progress = Progress()
    progress.cancel()
    for write, name in ((export.to_csv, "a.csv"), (export.to_xlsx, "a.xlsx")):
        with pytest.raises(Cancelled):
            jobs.read(lambda s, write=write, name=name: write(s, Sheet("contact", ids, COLUMNS), tmp_path / name,
                                                              progress)).result()  # fmt: skip
    assert list(tmp_path.glob("*.*sv*")) + list(tmp_path.glob("*xlsx*")) == []


def test_an_older_file_is_only_replaced_by_a_whole_one(jobs, ids, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("viejo")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        jobs.read(lambda s: export.to_csv(s, Sheet("contact", ids, COLUMNS), path, progress)).result()
    assert path.read_text() == "viejo"


def test_a_folder_that_is_not_there_is_said_in_words(jobs, ids, tmp_path):
    for write, name in ((export.to_csv, "a.csv"), (export.to_xlsx, "a.xlsx")):
        with pytest.raises(EnvironmentProblem, match="No se puede guardar"):
            jobs.read(lambda s, write=write, name=name: write(s, Sheet("contact", ids, COLUMNS),
                                                              tmp_path / "no" / name, Progress())).result()  # fmt: skip


def test_progress_runs_to_the_end(jobs, ids, tmp_path):
    seen = []
    progress = Progress(lambda done, total: seen.append((done, total)))
    jobs.read(lambda s: export.to_csv(s, Sheet("contact", ids, COLUMNS), tmp_path / "a.csv", progress)).result()
    assert seen == [(0, 60), (60, 60)]


def test_rows_deleted_meanwhile_are_left_out(jobs, ids, tmp_path):
    rows = _rows(_csv(jobs, Sheet("contact", [*ids[:2], 999_999], ("date",)), tmp_path / "a.csv"))
    assert len(rows) == 3


def test_a_printed_list_says_what_it_is(jobs, ids):
    sheet = Sheet("contact", ids, ("date", "client", "notes", "duration"))
    paper = jobs.read(lambda s: printing.list_paper(s, sheet, "Fecha: esta semana", 405)).result()
    assert (paper.title, paper.subtitle) == ("Contactos", "Fecha: esta semana")
    assert paper.company == "Comercial Levante, S. L."
    assert paper.foot == "60 contactos · 6 h 45 min"
    assert paper.paper == "A4"
    assert [column.is_right for column in paper.columns] == [False, False, False, True]
    assert [column.is_long for column in paper.columns] == [False, False, True, False]
