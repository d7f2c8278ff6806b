"""The invoices that a payment or credit note goes to: one that is chosen brings what is owed of it; the sum below."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from db.record import Record
from oficrm.rules import money
from oficrm.sales import balances
from ui import theme
from ui.forms.draft_form import DraftForm
from ui.forms.lines_grid import LinesGrid

TABLES = ("payment_application", "credit_application")


class AppliedLines(LinesGrid):
    """The grid of what is applied, with its sum at the right below."""

    def __init__(self, form: DraftForm, child: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(form, child, parent)
        self.sum_label = QLabel(self.buttons)
        self.sum_label.setObjectName("total_applied")
        self.sum_label.setFont(theme.tabular(self.sum_label.font()))
        theme.set_role(self.sum_label, "section")
        row = self.buttons.layout()
        assert row is not None
        row.addWidget(self.sum_label)
        row.setAlignment(self.sum_label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.view.cell_edited.connect(self._cell_edited)
        form.edited.connect(lambda name: self.refreshed() if name == "currency" else None)

    def refreshed(self) -> None:
        """The sum of what stands there now."""
        amounts = [row.draft.values.get("amount") for row in self.model.filled()]
        total = sum((each for each in amounts if isinstance(each, Decimal)), Decimal(0))
        self.sum_label.setText(f"Aplicado: {money.format_amount(total, self.currency())}")

    def _cell_edited(self, row: int, name: str) -> None:
        """An invoice picked brings what is owed of it, unless an amount was typed already."""
        invoice = self.model.value(row, "invoice")
        if name != "invoice" or not isinstance(invoice, int):
            return
        line = self.model.rows[row]

        def fill(owed: dict[int, Decimal]) -> None:
            if line not in self.model.rows or line.draft.values.get("invoice") != invoice:
                return
            values = {"previous_balance": owed[invoice]} if "previous_balance" in self.child.fields else {}
            if line.draft.values.get("amount") is None:
                values["amount"] = owed[invoice]
            self.model.fill(self.model.rows.index(line), values)

        self.form.context.bridge.read(lambda session: balances.of(session, [invoice]), fill, self.form)
