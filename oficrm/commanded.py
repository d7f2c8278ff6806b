"""Which modules bring commands of their own."""

from oficrm.commands import Command
from oficrm.people.prospects import COMMANDS as PROSPECT
from oficrm.quotes import COMMANDS as QUOTE
from oficrm.sales import credits, invoices, opportunities, payments
from oficrm.support.asset_actions import COMMANDS as ASSET_ASSIGNMENT
from oficrm.support.case_actions import COMMANDS as SUPPORT_CASE
from oficrm.support.contracts import COMMANDS as SERVICE_CONTRACT

OWN: dict[str, tuple[Command, ...]] = {
    "prospect": PROSPECT,
    "quote": QUOTE,
    "sales_order": (*invoices.OF_SALES, *payments.OF_SALES, opportunities.win("sales_order", "authorized")),
    "invoice": (*payments.OF_INVOICES, *credits.OF_INVOICES),
    "credit_note": credits.COMMANDS,
    "asset_assignment": ASSET_ASSIGNMENT,
    "support_case": SUPPORT_CASE,
    "service_contract": SERVICE_CONTRACT,
}
