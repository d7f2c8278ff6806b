"""Sales, invoices, payments and undoing in any order: the cash flow is always that of a recount."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models.payment_receipt import PaymentReceipt
from db.models.sales_order import SalesOrder
from oficrm import deleting, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.finance import cash_flow, commissions
from tests.oficrm.finance.till import Till

ALL = frozenset({commissions.PAID_ALREADY, deleting.DEPENDENTS, "credit_limit"})
STEPS = ("sale", "invoice", "pay", "pay_all", "cancel_payment", "cancel_invoice", "cancel_sale", "delete", "undo",
         "redo", "again")  # fmt: skip
plans = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 1000), st.integers(0, 3)), max_size=14)


def step(till: Till, what: str, amount: int, place: int) -> None:
    """Do one thing with one of the documents there are, if any."""
    tables = {
        "invoice": "sales_order", "cancel_sale": "sales_order", "pay": "invoice", "pay_all": "invoice",
        "cancel_invoice": "invoice", "cancel_payment": "payment_receipt", "delete": "cash_flow_entry",
    }  # fmt: skip
    ids = till.ids(tables[what]) if what in tables else []
    if what in tables and not ids:
        return
    chosen = ids[place % len(ids)] if ids else 0
    match what:
        case "sale":
            till.sale(amount)
        case "invoice":
            total = till.shown("sales_order", chosen, "total")[0]
            till.invoice(min(Decimal(amount), total), chosen)
        case "pay":
            till.pay({chosen: amount})
        case "pay_all":
            till.pay({ident: till.shown("invoice", ident, "balance")[0] for ident in {chosen, ids[0]}})
        case "cancel_payment" | "cancel_invoice" | "cancel_sale":
            till.advance(tables[what], chosen, "cancelled", ALL)
        case "delete":
            deleting.delete(till.session, "cash_flow_entry", [chosen], ALL)
        case "undo":
            undo.undo_last(till.session)
        case "redo":
            undo.redo_last(till.session)
        case "again":
            # There is nothing to write: outside of an operation it would be refused.
            for order in till.session.scalars(select(SalesOrder).where(SalesOrder.deleted_at.is_(None))):
                cash_flow.follow_sale(till.session, order)
            for receipt in till.session.scalars(select(PaymentReceipt).where(PaymentReceipt.deleted_at.is_(None))):
                cash_flow.follow_receipt(till.session, receipt)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans)
def test_the_cash_flow_is_that_of_a_recount_whatever_is_done(till: Till, plan: list[tuple[str, int, int]]) -> None:
    for what, amount, place in plan:
        till.session.commit()
        try:
            step(till, what, amount, place)
        except (Refused, ValidationError, NeedsConfirmation):
            till.session.rollback()
        till.check()
