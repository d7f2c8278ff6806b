"""Lines of a document: a product brings its description, price and tax; the totals follow at every key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from db.record import Record
from oficrm import pricing, settings
from oficrm.drafts import LineDraft, Values
from oficrm.rules import money
from ui import theme
from ui.forms.draft_form import DraftForm
from ui.forms.lines_grid import LinesGrid
from ui.forms.text_fields import format_number

_LAST_ROW = 99
_PRICING = ("price_list", "currency", "exchange_rate")
BROUGHT = ("description", "unit_price", "tax_rate")


class TotalsPanel(QWidget):
    """Base, tax by rate, total; the sums that a customer will see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("totals")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, theme.SPACE_XS, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_L)
        self._grid.setVerticalSpacing(theme.SPACE_XS)
        self._lines: list[tuple[QLabel, QLabel]] = []
        self._total = self._add_line(_LAST_ROW)
        self._total[0].setText("Total")
        theme.set_role(self._total[0], "section")
        theme.set_role(self._total[1], "number")
        self._total[1].setObjectName("total")

    def show_totals(self, totals: money.Totals, currency: str, country: str, decimals: int) -> None:
        """Show the sums."""
        texts = [("Base imponible", totals.base)]
        if totals.global_discount:
            texts.insert(0, ("Descuento global", -totals.global_discount))
        if totals.discount:
            texts.insert(0, ("Descuento de líneas", -totals.discount))
        if len(texts) > 1:
            texts.insert(0, ("Importe bruto", totals.gross))
        for group in totals.taxes:
            name = "Exento de IVA" if group.rate is None else f"IVA {format_number(group.rate, country)} %"
            if len(totals.taxes) > 1:
                name += f" sobre {money.format_amount(group.base, currency, 2, country)}"
            texts.append((name, group.tax))
        while len(self._lines) < len(texts):
            self._lines.append(self._add_line(len(self._lines)))
        for at, (left, right) in enumerate(self._lines):
            left.setVisible(at < len(texts))
            right.setVisible(at < len(texts))
            if at < len(texts):
                left.setText(texts[at][0])
                right.setText(money.format_amount(texts[at][1], currency, 2, country))
        self._total[1].setText(money.format_amount(totals.total, currency, decimals, country))

    def _add_line(self, row: int) -> tuple[QLabel, QLabel]:
        left, right = QLabel(self), QLabel(self)
        theme.set_role(left, "dim")
        right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        right.setFont(theme.tabular(right.font()))
        right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(left, row, 0)
        self._grid.addWidget(right, row, 1)
        return left, right


class PricedLines(LinesGrid):
    """The grid of a document with its totals at the right below."""

    def __init__(self, form: DraftForm, child: type[Record], parent: QWidget | None = None) -> None:
        self._settings: settings.Settings | None = None
        self._priced_by: Values = {}
        self._running: pricing.RunningTotals | None = None
        super().__init__(form, child, parent)
        self.totals = TotalsPanel(self)
        own = self.layout()
        assert isinstance(own, QVBoxLayout)
        foot = QHBoxLayout()
        own.removeWidget(self.buttons)
        foot.addWidget(self.buttons, 1, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.totals, 0, Qt.AlignmentFlag.AlignRight)
        own.addLayout(foot)
        self.view.cell_edited.connect(self._cell_edited)
        self.view.unresolved.connect(self._free_text)
        form.edited.connect(self._follow)
        form.context.bridge.read(settings.read, self._take_settings, form)

    def _take_settings(self, known: settings.Settings) -> None:
        self._settings, self._running = known, pricing.RunningTotals(known)
        self.model.derive = self._derive
        self._recount()

    def _derive(self, values: Values) -> Values:
        assert self._settings is not None
        return {"line_total": pricing.line_total(values, self._settings)}

    def refreshed(self) -> None:
        """The totals of what stands there now."""
        if self._settings is not None and self._running is not None:
            values = [row.draft.values for row in self.model.filled()]
            self.totals.show_totals(
                self._running.of(values, self.form.value("discount_percent")),
                self.currency(),
                self.form.kit.country,
                self._settings["quote_decimals"],
            )

    def set_lines(self, lines: list[LineDraft], titles: list[dict[str, str]]) -> None:
        """Show lines; the prices they were given belong to the list and money of now."""
        self._priced_by = self._money()
        super().set_lines(lines, titles)

    def _follow(self, name: str) -> None:
        """The currency shows in every cell; a discount on the whole only in the totals; a list changes prices."""
        if name == "currency":
            self._recount()
        elif name == "discount_percent":
            self.refreshed()
        if name in _PRICING:
            self._reprice()

    def _money(self) -> Values:
        """What prices depend on, as far as it is complete."""
        return {each: value for each in _PRICING
                if not isinstance(value := self.form.value(each), str) or each == "currency"}  # fmt: skip

    def _reprice(self) -> None:
        """Lines whose price came from the list or the item follow; one that somebody typed stays."""
        before, now = self._priced_by, self._money()
        rows = [row for row in self.model.rows if row.draft.values.get("item")]
        if before == now or not rows or self.form.table == "purchase_order":
            self._priced_by = now
            return
        lines = [dict(row.draft.values) for row in rows]

        def take(prices: list[Decimal | None]) -> None:
            if now != self._money():
                return  # asked again meanwhile
            self._priced_by = now
            for row, line, price in zip(rows, lines, prices, strict=True):
                if price is not None and row in self.model.rows and row.draft.values == line:
                    self.model.fill(self.model.rows.index(row), {"unit_price": price})

        self.form.context.bridge.read(
            lambda session: pricing.repriced(session, lines, before, now), take, self.form, purpose="reprice"
        )

    def _recount(self) -> None:
        self.model.currency = self.currency()
        if self.model.rows:
            last = self.model.index(len(self.model.rows) - 1, len(self.model.columns) - 1)
            self.model.dataChanged.emit(self.model.index(0, 0), last)
        self.refreshed()

    def _cell_edited(self, row: int, name: str) -> None:
        """A product or service picked brings along what a line takes from it."""
        key = self.model.value(row, "item")
        if name != "item" or not isinstance(key, str) or not key.partition(":")[2].isdigit():
            return
        line = self.model.rows[row]

        def fill(brought: dict[str, Any]) -> None:
            if line in self.model.rows and line.draft.values.get("item") == key:
                at = self.model.rows.index(line)
                self.model.fill(at, {each: brought[each] for each in BROUGHT if brought.get(each) is not None})

        defaults = pricing.line_defaults(self.form.table)
        document = self._money()
        self.form.context.bridge.read(lambda s: defaults(s, key, document), fill, self.form)

    def _free_text(self, row: int, name: str, text: str) -> None:
        """What is no product of ours is sold all the same: the words become the description."""
        if name == "item" and row < len(self.model.rows):
            description = self.model.value(row, "description")
            self.model.fill(row, {"item": None} if description else {"item": None, "description": text})
