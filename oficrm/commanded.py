"""Which modules bring commands of their own."""

from oficrm.calendar.doing import COMMANDS as CALENDAR_ITEM
from oficrm.commands import Command
from oficrm.corrections import COMMANDS as LOG_ENTRY
from oficrm.finance import banks, commissions, entries
from oficrm.people.prospects import COMMANDS as PROSPECT
from oficrm.quotes import COMMANDS as QUOTE
from oficrm.sales import credits, invoices, opportunities, payments
from oficrm.stock.deliveries import COMMANDS as DELIVERIES
from oficrm.stock.purchases import COMMANDS as PURCHASE_ORDER
from oficrm.stock.recalls import COMMANDS as LOT_SERIAL
from oficrm.subscriptions import COMMANDS as SUBSCRIPTION
from oficrm.support.asset_actions import COMMANDS as ASSET_ASSIGNMENT
from oficrm.support.case_actions import COMMANDS as SUPPORT_CASE
from oficrm.support.contracts import COMMANDS as SERVICE_CONTRACT

OWN: dict[str, tuple[Command, ...]] = {
    "calendar_item": CALENDAR_ITEM,
    "log_entry": LOG_ENTRY,
    "prospect": PROSPECT,
    "quote": QUOTE,
    "sales_order": (*invoices.OF_SALES, *DELIVERIES, *payments.OF_SALES,
                    opportunities.win("sales_order", "authorized")),
    "invoice": (*payments.OF_INVOICES, *credits.OF_INVOICES),
    "credit_note": credits.COMMANDS,
    "purchase_order": PURCHASE_ORDER,
    "lot_serial": LOT_SERIAL,
    "subscription": SUBSCRIPTION,
    "cash_flow_entry": entries.COMMANDS,
    "bank_account": banks.ACCOUNT_COMMANDS,
    "bank_transaction": banks.COMMANDS,
    "commission": commissions.COMMANDS,
    "asset_assignment": ASSET_ASSIGNMENT,
    "support_case": SUPPORT_CASE,
    "service_contract": SERVICE_CONTRACT,
}  # fmt: skip
