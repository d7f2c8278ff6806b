"""Which modules bring business of their own, and their hooks."""

from db.record import Record
from oficrm.calendar.items import HOOKS as CALENDAR_ITEM
from oficrm.clients import HOOKS as CLIENT
from oficrm.comments import HOOKS as COMMENT
from oficrm.contacts import HOOKS as CONTACT
from oficrm.finance.banks import ACCOUNT_HOOKS as BANK_ACCOUNT
from oficrm.finance.banks import HOOKS as BANK_TRANSACTION
from oficrm.finance.commissions import HOOKS as COMMISSION
from oficrm.finance.entries import HOOKS as CASH_FLOW_ENTRY
from oficrm.hooks import Hooks
from oficrm.log import HOOKS as LOG_ENTRY
from oficrm.papers.templates import HOOKS as DOCUMENT_TEMPLATE
from oficrm.people.client_links import HOOKS as CLIENT_LINK
from oficrm.people.persons import HOOKS as PERSON
from oficrm.people.places import HOOKS as ADDRESS
from oficrm.quotes import HOOKS as QUOTE
from oficrm.sales.credits import HOOKS as CREDIT_NOTE
from oficrm.sales.invoices import HOOKS as INVOICE
from oficrm.sales.orders import HOOKS as SALES_ORDER
from oficrm.sales.payments import HOOKS as PAYMENT_RECEIPT
from oficrm.stock.catalogue import PRODUCT_HOOKS, WAREHOUSE_HOOKS
from oficrm.stock.categories import HOOKS as CATEGORY
from oficrm.stock.lots import HOOKS as LOT_SERIAL
from oficrm.stock.movements import HOOKS as STOCK_MOVEMENT
from oficrm.stock.purchases import HOOKS as PURCHASE_ORDER
from oficrm.stock.transfers import HOOKS as TRANSFER_INVOICE
from oficrm.subscriptions import HOOKS as SUBSCRIPTION
from oficrm.support.assets import HOOKS as ASSET_ASSIGNMENT
from oficrm.support.cases import HOOKS as SUPPORT_CASE
from oficrm.vocabulary import CUSTOM_FIELD_HOOKS

_BY_TABLE = {"bank_account": BANK_ACCOUNT, "bank_transaction": BANK_TRANSACTION, "commission": COMMISSION,
             "cash_flow_entry": CASH_FLOW_ENTRY,
             "calendar_item": CALENDAR_ITEM, "comment": COMMENT, "log_entry": LOG_ENTRY,
             "address": ADDRESS, "person": PERSON, "client_link": CLIENT_LINK,
             "asset_assignment": ASSET_ASSIGNMENT, "support_case": SUPPORT_CASE,
             "client": CLIENT, "contact": CONTACT, "quote": QUOTE, "custom_field": CUSTOM_FIELD_HOOKS,
             "document_template": DOCUMENT_TEMPLATE, "stock_movement": STOCK_MOVEMENT, "lot_serial": LOT_SERIAL,
             "purchase_order": PURCHASE_ORDER, "transfer_invoice": TRANSFER_INVOICE, "product": PRODUCT_HOOKS,
             "warehouse": WAREHOUSE_HOOKS, "category": CATEGORY,
             "sales_order": SALES_ORDER, "invoice": INVOICE, "payment_receipt": PAYMENT_RECEIPT,
             "credit_note": CREDIT_NOTE, "subscription": SUBSCRIPTION}  # fmt: skip
_NONE = Hooks()


def hooks(model: type[Record]) -> Hooks:
    """Return the hooks of a module; neutral ones when it has none."""
    return _BY_TABLE.get(model.module.table, _NONE)
