"""The invoices of a payment: one that is chosen brings what is owed of it, and the sum follows."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.models.client import Client
from oficrm import commands, records
from oficrm.drafts import LineDraft
from tests.support.desk import WAIT, Desk
from ui.forms.applied_lines import AppliedLines
from ui.forms.record_window import RecordWindow


def invoice(desk: Desk, client: int) -> int:
    def job(session: Any) -> int:
        draft = records.blank(session, "invoice", {"client": client}).draft
        draft.lines["invoice_line"] = [LineDraft(None, {"description": "Sierra", "quantity": 1, "unit_price": 100,
                                                        "tax_rate": 21})]  # fmt: skip
        ident = commands.save(session, draft).id
        commands.advance(session, "invoice", [ident], "issued")
        return ident

    return desk.jobs.write(job).result().value


def test_an_invoice_brings_what_is_owed_of_it(desk: Desk) -> None:
    client = desk.read(lambda s: s.scalars(select(Client.id)).first())
    assert client is not None
    first, second = invoice(desk, client), invoice(desk, client)
    window = RecordWindow(desk.context, "payment_receipt", preset={"client": client})
    desk.show(window)
    grid: Any = window.form.parts()["payment_application"]
    assert isinstance(grid, AppliedLines)
    idle = lambda: desk.qtbot.waitUntil(lambda: desk.context.bridge._running == 0, timeout=WAIT)  # noqa: E731
    idle()
    grid.model.put(0, "invoice", first, "F-000001")
    grid.view.cell_edited.emit(0, "invoice")
    idle()
    grid.model.put(1, "amount", Decimal(21))
    grid.model.put(1, "invoice", second, "F-000002")
    grid.view.cell_edited.emit(1, "invoice")
    idle()
    assert [line.values["amount"] for line in grid.lines()] == [Decimal(121), Decimal(21)]
    assert grid.sum_label.text().replace("\xa0", " ") == "Aplicado: 142,00 €"
