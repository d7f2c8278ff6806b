"""A prospect becomes a client that buys, is invoiced in two parts, pays some and gives some back; then all is undone.

Everything goes through the windows of the program; what one document knows, the next one has.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from db.history import Actor, Operation, operation
from db.models.stock_movement import MovementType
from db.query import fetch_rows
from db.registry import module
from oficrm import records, saving, start, undo
from oficrm.errors import Refused
from oficrm.jobs import Jobs
from oficrm.profile import Profile
from oficrm.stock import movements
from tests.support.dumps import differences, dump
from tests.ui.widgets.keys import type_text
from ui.app import Application
from ui.forms.record_window import RecordWindow

WAIT = 15_000
CONTROL = Qt.KeyboardModifier.ControlModifier
D = Decimal


class Office:
    """The program with its windows, and somebody who works in them."""

    def __init__(self, qtbot: QtBot, program: Application, jobs: Jobs) -> None:
        self.qtbot, self.program, self.jobs = qtbot, program, jobs

    # --- windows

    def wait(self, condition: Any) -> None:
        """Wait for what is on the screen, as a person does."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def windows(self, table: str) -> list[RecordWindow]:
        shown = [each for each in self.program.windows.open_windows() if isinstance(each, RecordWindow)]
        return [each for each in shown if each.form.table == table and each.isVisible()]

    def window(self, table: str, ident: int | None = None) -> RecordWindow:
        """The window of a module that is open, once its record is shown."""
        if ident is not None:
            self.program.windows.open_record(table, ident)
        self.wait(lambda: self.windows(table) and self.windows(table)[-1].is_ready())
        found = self.windows(table)[-1]
        found.activateWindow()
        self.wait(lambda: self.program.windows.bridge._running == 0 and found.general.cards.is_whole())
        self.wait(lambda: self._has_focus(found))
        return found

    def _has_focus(self, window: RecordWindow) -> bool:
        focused = QApplication.focusWidget()
        if focused is not None and window.isAncestorOf(focused):
            return True
        window.activateWindow()
        return False

    def new(self, window: RecordWindow, action: str, table: str) -> RecordWindow:
        """An action of a record that opens the filled-in form of another one."""
        self.trigger(window, action)
        self.wait(lambda: any(each.form.ident is None for each in self.windows(table)))
        return self.window(table)

    def trigger(self, window: RecordWindow, action: str) -> None:
        _ = window.actions_menu.commands.around
        found = window.findChild(QAction, f"action_{action}")
        assert isinstance(found, QAction)
        self.wait(found.isEnabled)
        found.trigger()

    def go(self, window: RecordWindow, action: str, state: str) -> None:
        """A verb of a record; what it asks is answered with yes."""
        self.trigger(window, f"to_{state}")

        def is_there() -> bool:
            for button in window.form.bars.findChildren(QPushButton, "button_command_accept"):
                if button.isVisible():
                    button.click()
            return bool(self.get(window.form.table, window.form.ident, action) == state)

        self.wait(is_there)
        self.wait(lambda: window.form.value(action) == state)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.wait(QApplication.focusWidget)
        QTest.keyClick(self.focused(), key, held)

    def text(self, text: str) -> None:
        self.wait(QApplication.focusWidget)
        type_text(self.focused(), text)

    def focused(self) -> QWidget:
        """Where the keys go."""
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def accept(self, window: RecordWindow) -> int:
        """Ctrl+Enter saves the form and closes it; return the id of its record."""
        table, known = window.form.table, window.form.ident
        self.wait(lambda: self._has_focus(window) and window.accept_button.isEnabled())
        self.key(Qt.Key.Key_Return, CONTROL)
        self.wait(lambda: window not in self.windows(table))
        return known or self.newest(table)

    def line(self, window: RecordWindow, row: int, **cells: str) -> None:
        """Type some cells of a line."""
        grid: Any = next(iter(window.form.parts().values()))
        names = [field.name for field in grid.model.columns]
        for name, text in cells.items():
            grid.view.edit_cell(row, names.index(name))
            self.text(text)
            self.key(Qt.Key.Key_Return)
            if name == "item":
                self.wait(lambda: len(grid.lines()) > row and ":" in str(grid.lines()[row].values["item"]))
        self.wait(lambda: self.program.windows.bridge._running == 0)

    # --- what is stored

    def get(self, table: str, ident: int | None, *names: str) -> Any:
        assert ident is not None
        row = self.jobs.read(lambda s: fetch_rows(s, table, [ident], list(names))).result()[ident]
        return row[0] if len(names) == 1 else list(row)

    def newest(self, table: str) -> int:
        model = module(table)
        found = self.jobs.read(lambda s: s.scalar(select(func.max(model.id)))).result()
        assert isinstance(found, int)
        return found

    def lines(self, table: str, ident: int) -> list[Any]:
        child = module(module(table).screens.lines[0])
        kept: list[Any] = self.jobs.read(lambda s: records.lines_of(s, child, ident)).result()
        return kept


@pytest.fixture
def jobs(sqlite_url: str) -> Iterator[Jobs]:
    """A company with a product of which there are ten, and a service."""
    made = Jobs(sqlite_url, Actor("ana"))

    def prepare(session: Any) -> None:
        start.begin(session, "ES", "Comercial Levante, S. L.")

        def save(table: str, **values: Any) -> int:
            return saving.save(session, records.blank(session, table, values).draft).id

        warehouse = save("warehouse", name="Central", is_default=True)
        drill = save("product", name="Taladro", sku="T-1", sale_price=D(100), tax_rate=D(21))
        save("service", name="Montaje", code="M-1", price=D(40), tax_rate=D(21))
        with operation(session, "Entrada"):
            movements.make(session, MovementType.IN, warehouse, [{"product": drill, "quantity": D(10)}])

    made.write(prepare).result()
    yield made
    made.close()


@pytest.fixture
def office(qtbot: QtBot, qapp: QApplication, jobs: Jobs, tmp_path: Path) -> Iterator[Office]:
    profile = Profile(tmp_path / "profile")
    profile.make()
    made = Application(qapp, jobs, profile)
    made.start()
    qtbot.waitUntil(lambda: made.main_window is not None and made.main_window.isVisible(), timeout=WAIT)
    yield Office(qtbot, made, jobs)
    made.windows.close_all()
    assert made.main_window is not None
    made.main_window.hide()
    made.main_window.deleteLater()
    made.deleteLater()


def prospect(office: Office) -> int:
    """Three fields typed one after the other."""
    office.program.windows.open_record("prospect")
    window = office.window("prospect")
    for text in ("Marta", "Gil Peña", "Hotel Azahar"):
        office.text(text)
        office.key(Qt.Key.Key_Tab)
    window.form.put("email", "marta@azahar.example")
    return office.accept(window)


def converted(office: Office, ident: int) -> tuple[int, int, int]:
    """Prospect to client, person and opportunity; the client's window opens."""
    window = office.window("prospect", ident)
    office.trigger(window, "convert_opportunity")
    client = office.window("client").form.ident
    assert client is not None
    values = office.jobs.read(lambda s: records.load(s, "prospect", ident)).result().draft.values
    assert (values["client"], values["status"]) == (client, "converted")
    window.close()
    person, opportunity = values["person"], values["opportunity"]
    assert office.get("person", person, "title", "client", "email", "from_prospect") == [
        "Marta Gil Peña", "Hotel Azahar", "marta@azahar.example", 1
    ]  # fmt: skip
    assert office.get("opportunity", opportunity, "client", "person") == ["Hotel Azahar", "Marta Gil Peña"]
    return client, person, opportunity


def offered(office: Office, opportunity: int) -> int:
    """Two lines in the opportunity; the quote made from it has them, its client and its person."""
    window = office.window("opportunity", opportunity)
    office.line(window, 0, item="tala", quantity="4")
    office.line(window, 1, item="mont", quantity="1")
    office.accept(window)
    assert [(each.quantity, each.unit_price) for each in office.lines("opportunity", opportunity)] == [
        (4, 100),
        (1, 40),
    ]
    made = office.new(office.window("opportunity", opportunity), "add_quote", "quote")
    assert made.form.value("subject") == "Primera venta a Hotel Azahar"
    quote = office.accept(made)
    assert office.get("quote", quote, "client", "person", "total") == ["Hotel Azahar", "Marta Gil Peña", D("532.4")]
    assert [(each.quantity, each.unit_price) for each in office.lines("quote", quote)] == [(4, 100), (1, 40)]
    return quote


def sold(office: Office, quote: int) -> int:
    """The quote is sent, accepted and sold; the goods are set aside, and the sale is authorised."""
    window = office.window("quote", quote)
    office.go(window, "status", "sent")
    office.go(window, "status", "accepted")
    office.trigger(window, "convert")
    sale = office.window("sales_order")
    ident = sale.form.ident
    assert ident is not None
    window.close()
    facts = ["client", "person", "subject", "total", "opportunity"]
    assert office.get("sales_order", ident, *facts) == office.get("quote", quote, *facts)
    office.go(sale, "status", "reserved")
    drill = office.newest("product")
    assert office.get("product", drill, "stock_on_hand", "stock_reserved", "stock_available") == [10, 4, 6]
    office.go(sale, "status", "authorized")
    return ident


def delivered(office: Office, sale: int) -> int:
    """The movement knows sale, warehouse and what is missing."""
    movement = office.accept(office.new(office.window("sales_order", sale), "deliver", "stock_movement"))
    assert office.get("stock_movement", movement, "status", "type") == ["applied", "out"]
    drill = office.newest("product")
    assert office.get("product", drill, "stock_on_hand", "stock_reserved") == [6, 0]
    return movement


def invoiced(office: Office, sale: int) -> tuple[int, int]:
    """Half of the goods, then whatever is left: the second form proposes just that."""
    first = office.new(office.window("sales_order", sale), "invoice", "invoice")
    office.line(first, 0, quantity="2")
    half = office.accept(first)
    assert [each.quantity for each in office.lines("invoice", half)] == [2, 1]
    rest = office.accept(office.new(office.window("sales_order", sale), "invoice", "invoice"))
    assert [(each.quantity, each.unit_price) for each in office.lines("invoice", rest)] == [(2, 100)]
    for ident in (half, rest):
        window = office.window("invoice", ident)
        office.go(window, "status", "issued")
        window.close()
    assert office.get("sales_order", sale, "invoiced_total", "balance") == [D("532.4"), D("532.4")]
    return half, rest


def paid(office: Office, invoice: int) -> int:
    """The payment proposes all that is owed; a hundred of it comes in."""
    made = office.new(office.window("invoice", invoice), "pay", "payment_receipt")
    [line] = next(iter(made.form.parts().values())).lines()
    assert line.values["amount"] == D("290.4")
    office.line(made, 0, amount="100")
    payment = office.accept(made)
    window = office.window("payment_receipt", payment)
    office.go(window, "status", "issued")
    window.close()
    assert office.get("invoice", invoice, "balance", "state") == [D("190.4"), "partly_paid"]
    return payment


def credited(office: Office, invoice: int) -> int:
    """The note proposes what was invoiced; one drill comes back."""
    made = office.new(office.window("invoice", invoice), "credit", "credit_note")
    office.line(made, 0, quantity="1")
    note = office.accept(made)
    window = office.window("credit_note", note)
    office.go(window, "status", "issued")
    window.close()
    return note


def head_of(office: Office, client: int) -> str:
    window = office.window("client", client)
    shown = " ".join(label.text() for label in window.head.findChildren(QLabel) if label.isVisible())
    window.close()
    return shown.replace("\xa0", " ")


def operations(office: Office, since: int = 0) -> list[int]:
    """What was done through the windows, oldest first."""
    wanted = select(Operation.id).where(Operation.kind == "write", Operation.id > since).order_by(Operation.id)
    return office.jobs.read(lambda s: list(s.scalars(wanted))).result()


def take_back(office: Office, ident: int) -> str:
    """Undo one operation; return the refusal, "" when it went."""
    try:
        office.jobs.write(lambda s: undo.undo(s, ident)).result()
    except Refused as error:
        return str(error)
    return ""


def test_from_prospect_to_credit_note_and_back(office: Office) -> None:
    began = operations(office)[-1]
    asked = prospect(office)
    client, person, opportunity = converted(office, asked)
    quote = offered(office, opportunity)
    sale = sold(office, quote)
    delivered(office, sale)
    half, rest = invoiced(office, sale)
    assert "532,40 €" in head_of(office, client)
    paid(office, half)
    assert "432,40 €" in head_of(office, client)
    credited(office, rest)
    assert "311,40 €" in head_of(office, client)

    # What others were made from does not go first: each refusal says what stands in the way, and nothing changes.
    done = operations(office, began)
    before = office.jobs.read(dump).result()
    for ident, words in zip(done, NOT_FIRST, strict=True):
        if words:
            refusal = take_back(office, ident)
            assert refusal.startswith("No se puede deshacer: «")
            assert words in refusal
    assert differences(before, office.jobs.read(dump).result()) == []

    # The last one first, all of it goes.
    assert [take_back(office, ident) for ident in reversed(done)] == [""] * len(done)
    made = {"client": client, "person": person, "opportunity": opportunity, "quote": quote, "sales_order": sale,
            "invoice": half, "prospect": asked}  # fmt: skip
    for table, ident in made.items():
        assert office.jobs.read(partial(records.load, table=table, ident=ident)).result().deleted, table
    drill = office.newest("product")
    assert office.get("product", drill, "stock_on_hand", "stock_reserved", "stock_available") == [10, 0, 10]


NOT_FIRST = (
    "cambió después: Convertir prospecto Marta Gil Peña · Hotel Azahar, ana, ",
    "«Primera venta a Hotel Azahar» ya se usa en productos y servicios.",
    "",  # the lines of the opportunity: the quote has its own
    "cambió después: Marcar aceptado: COT-000001",
    "cambió después: Marcar aceptado: COT-000001",
    "",
    "cambió después: Autorizar: VTA-000001",
    "cambió después: Autorizar: VTA-000001",
    "cambió después: Emitir: F-000002",
    "",  # the delivery: the goods come back
    "«F-000001» cambió después: Emitir: F-000001",
    "«F-000002» cambió después: Emitir: F-000002",
    "cambió después: Emitir: F-000002",
    "«Factura F-000002» cambió después: Emitir: NC-000001",
    "«P-000001» cambió después: Emitir: P-000001",
    "",  # the payment: it is owed again
    "«NC-000001» cambió después: Emitir: NC-000001",
    "",
)  # fmt: skip
"""What is said when each operation is to be undone before the later ones; "" where it may go by itself."""
