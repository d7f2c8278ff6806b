"""Sales of the example company from the quote to the last payment, each step some days after the one before."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from db.models.invoice import Invoice
from db.models.priced import PaymentForm
from db.models.quote import Quote, QuoteStatus
from db.models.sales_order import OrderStatus
from oficrm import pricing, quotes, records
from oficrm.demo.buying import named
from oficrm.demo.catalogues import DOLLAR
from oficrm.demo.deals import Deal
from oficrm.demo.firm import Firm
from oficrm.demo.timeline import workday
from oficrm.drafts import Draft, Values
from oficrm.rules.numbers import round_half_up
from oficrm.sales import balances, credits, invoices, invoicing, payments
from oficrm.stock import deliveries, movements, sources

EARLY, LATE, EVENING = dt.time(10), dt.time(13), dt.time(17)
_FATES = ("paid", "halves", "paid", "late", "void", "part", "paid", "credit", "paid", "never", "paid", "halves", "paid",
          "paid", "late", "paid", "paid")  # fmt: skip
"""What becomes of the invoices, one after the other."""
_USUAL_DAYS, _UNDECIDED = 30, 12
_CASH_BELOW = 350
_HALF = Decimal("0.5")


class Selling:
    """Runs the deals of the year."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._invoiced = self._recent = 0

    def plan(self, sold: Sequence[Deal]) -> None:
        """Put all sales on the timeline."""
        for place, deal in enumerate(sold):
            if deal.is_offered:
                day = workday(deal.day - dt.timedelta(days=6))
                self._firm.timeline.at(day, LATE, partial(self._offer, deal, place))
            else:
                self._firm.timeline.at(deal.day, EARLY, partial(self._sell, deal, place, self._quote_of(deal)))

    def _quote_of(self, deal: Deal) -> int | None:
        return None if deal.quote is None else self._firm.quotes[deal.quote]

    # --- quote and sale

    def _head(self, deal: Deal) -> Values:
        firm = self._firm
        client = firm.plan.clients[deal.client]
        return {
            "client": firm.clients[deal.client], "person": firm.person_of(deal.client),
            "subject": firm.plan.items[deal.lines[0].item]["name"],
            "salesperson": firm.salespeople[client["salesperson"]],
        }  # fmt: skip

    def _lines(self, deal: Deal, values: Values) -> list[Values]:
        """The lines at the prices of the document."""
        firm = self._firm
        found = []
        for line in deal.lines:
            item = firm.item(line.item)
            more = {"item": item, "quantity": line.quantity, "discount_percent": line.discount}
            found.append(pricing.item_defaults(firm.session, item, values) | more)
        return found

    def _priced(self, table: str, deal: Deal, **more: Any) -> Draft:
        """A new document of a deal, in the money of its client."""
        firm = self._firm
        draft = records.blank(firm.session, table, self._head(deal) | more).draft
        if draft.values.get("currency") != firm.plan_currency():
            draft.values["exchange_rate"] = DOLLAR[firm.country]
        firm.put_lines(draft, pricing.LINES[table], self._lines(deal, draft.values))
        return draft

    def _offer(self, deal: Deal, place: int) -> None:
        """A quote that the client accepts days later."""
        ident = self._firm.keep(self._priced("quote", deal, status=QuoteStatus.SENT))
        self._firm.timeline.at(deal.day, EARLY, partial(self._sell, deal, place, ident))

    def _sell(self, deal: Deal, place: int, quote: int | None) -> None:
        firm = self._firm
        at_once = deal.state == OrderStatus.AUTHORIZED and place % 3 != 0
        state = OrderStatus.AUTHORIZED if at_once else OrderStatus.CREATED
        if quote is None:
            draft = self._priced("sales_order", deal)
        else:
            offer = firm.session.get_one(Quote, quote)
            if offer.status != QuoteStatus.ACCEPTED:
                firm.advance("quote", [quote], QuoteStatus.ACCEPTED)
            draft = quotes.sale_of(firm.session, offer).draft
        ident = firm.keep(draft, status=state, client_order_number=f"PED-{2300 + place * 7}" if place % 2 else None)
        if at_once:
            self._go_on(ident, deal, place)
        elif deal.state != OrderStatus.CREATED:
            firm.timeline.at(deal.day, EVENING, partial(self._decide, ident, deal, place))

    def _decide(self, ident: int, deal: Deal, place: int) -> None:
        self._firm.advance("sales_order", [ident], deal.state)
        if deal.state == OrderStatus.AUTHORIZED:
            self._go_on(ident, deal, place)

    def _go_on(self, ident: int, deal: Deal, place: int) -> None:
        """Goods go out, then the invoice."""
        timeline, rng = self._firm.timeline, self._firm.rng
        day = workday(deal.day + dt.timedelta(days=rng.randint(2, 6)))
        timeline.at(day, EARLY, partial(self._deliver, ident, is_part=place % 13 == 5))
        day = workday(day + dt.timedelta(days=rng.randint(0, 4)))
        timeline.at(day, LATE, partial(self._invoice, ident, is_part=place % 9 == 4))

    def _deliver(self, ident: int, *, is_part: bool) -> None:
        """Goods leave with their lots; a part of them only where the rest is late."""
        firm = self._firm
        if not sources.to_deliver(firm.session, ident):
            return
        draft = deliveries.deliver(firm.session, ident).draft
        if is_part:
            draft.lines[movements.LINES] = draft.lines[movements.LINES][:1]
        named(firm, draft, draft.values["from_warehouse"])
        if draft.lines[movements.LINES]:
            firm.keep(draft)

    # --- invoice

    def _invoice(self, ident: int, *, is_part: bool = False) -> None:
        firm = self._firm
        draft = invoices.of_sale(firm.session, ident).draft
        if is_part:
            for line in draft.lines["invoice_line"]:
                line.values["quantity"] = max(Decimal(1), line.values["quantity"] // 2)
        fate, state = self._fate()
        made = self._issue(draft, state)
        if is_part:
            left = partial(self._invoice_rest, ident)
            firm.timeline.at(workday(firm.timeline_day() + dt.timedelta(days=15)), LATE, left)
        if state == "issued":
            self.collect(made, fate)

    def _fate(self) -> tuple[str, str]:
        """What becomes of the next invoice, and its state; of the last ones some are open, half paid, or drafts."""
        ago = (self._firm.today - self._firm.timeline_day()).days
        if ago >= _USUAL_DAYS:
            self._invoiced += 1
            return _FATES[self._invoiced % len(_FATES)], "issued"
        self._recent += 1
        if self._recent % 3 == 2 and ago < _UNDECIDED:
            return "paid", "draft"
        return "halves" if self._recent % 3 == 1 else "never", "issued"

    def _invoice_rest(self, ident: int) -> None:
        if invoicing.left(self._firm.session, ident):
            self._invoice(ident)

    def _issue(self, draft: Draft, state: str) -> int:
        """Save an invoice; it falls due a month later where the client has no days of credit."""
        due = draft.values.get("due_date") or self._firm.timeline_day() + dt.timedelta(days=_USUAL_DAYS)
        return self._firm.keep(draft, status=state, due_date=due)

    # --- what becomes of it

    def collect(self, ident: int, fate: str = "paid") -> None:
        """Let an issued invoice be paid, or not, or be taken back."""
        firm = self._firm
        timeline, rng = firm.timeline, firm.rng
        invoice = firm.session.get_one(Invoice, ident)
        due, issued = invoice.due_date or invoice.date, invoice.date
        on_time = max(issued, workday(due - dt.timedelta(days=rng.randint(0, 6))))
        late = workday(due + dt.timedelta(days=rng.randint(12, 45)))
        if fate == "paid":
            timeline.at(on_time, EVENING, partial(self._pay, ident))
        elif fate == "late":
            timeline.at(late, EVENING, partial(self._pay, ident))
        elif fate in ("halves", "part"):
            soon = workday(issued + dt.timedelta(days=2))
            timeline.at(soon, EVENING, partial(self._pay, ident, _HALF))
            if fate == "halves":
                timeline.at(max(on_time, soon + dt.timedelta(days=1)), EVENING, partial(self._pay, ident))
        elif fate == "credit":
            timeline.at(workday(issued + dt.timedelta(days=9)), EVENING, partial(self._credit, ident))
            timeline.at(on_time + dt.timedelta(days=10), EVENING, partial(self._pay, ident))
        elif fate == "void":
            void = partial(firm.change, "invoice", ident, status="cancelled", cancel_reason="02")
            timeline.at(workday(issued + dt.timedelta(days=2)), EARLY, void)

    def _pay(self, ident: int, part: Decimal = Decimal(1)) -> None:
        firm = self._firm
        invoice = firm.session.get_one(Invoice, ident)
        if invoice.status != "issued" or not balances.of(firm.session, [ident])[ident]:
            return
        draft = payments.of_invoices(firm.session, [ident]).draft
        for line in draft.lines[payments.LINES]:
            line.values["amount"] = round_half_up(line.values["amount"] * part, 2)
        is_dollars = invoice.currency != firm.plan_currency()
        is_cash = not is_dollars and invoice.total < firm.money(_CASH_BELOW)
        account = firm.accounts[1 if is_dollars else 2 if is_cash else 0]
        draft.values |= {
            "status": "issued", "bank_account": account,
            "payment_form": PaymentForm.CASH if is_cash else PaymentForm.TRANSFER,
            "reference": None if is_cash else f"TRF {firm.rng.randint(10**7, 10**8 - 1)}",
        }  # fmt: skip
        firm.keep(draft)

    def _credit(self, ident: int) -> None:
        """A piece comes back, where it is not told apart; else part of the price is given back."""
        firm = self._firm
        draft = credits.of_invoice(firm.session, ident).draft
        lines = draft.lines["credit_note_line"]
        plain = [line for line in lines if self._is_plain(line.values.get("item"))]
        if plain:
            plain[0].values["quantity"] = Decimal(1)
            draft.lines["credit_note_line"] = plain[:1]
            draft.values |= {"reason": "return", "restock": True, "warehouse": firm.warehouses[0]}
        else:
            values = lines[0].values
            price = round_half_up(values["unit_price"] / 10, 2)
            values |= {"quantity": Decimal(1), "unit_price": price, "description": "Descuento por demora"}
            draft.lines["credit_note_line"] = lines[:1]
            draft.values |= {"reason": "discount", "restock": False}
        firm.keep(draft, status="issued")

    def _is_plain(self, item: str | None) -> bool:
        table, _, ident = (item or "").partition(":")
        if table != "product":
            return False
        place = list(self._firm.products).index(int(ident))
        return bool(self._firm.plan.items[place]["tracking"] == "none")

    def give_more_credit(self) -> None:
        """A discount on the whole year for the best client: one part is paid back, another is still open."""
        firm = self._firm
        for place, client in enumerate(firm.buyers()[:2]):
            price = firm.money(120 + 60 * place)
            note = firm.save("credit_note", {
                "client": firm.clients[client], "reason": "bonus",
                "status": "issued", "restock": False, "currency": firm.plan_currency(),
                "price_list": None, "exchange_rate": Decimal(1),
            }, [{"item": None, "description": "Bonificación por volumen de compras", "quantity": Decimal(1),
                 "unit_price": price, "discount_percent": Decimal(0),
                 "tax_rate": firm.plan.items[0]["tax_rate"]}])  # fmt: skip
            if place:
                credits.refund(firm.session, [note])
