"""Which modules bring business of their own, and their hooks.

Named, not imported: what a module does is loaded with the first of its records that is opened or saved, so that the
program starts without all the others.
"""

from functools import cache
from importlib import import_module

from db.record import Record
from oficrm.hooks import Hooks

PLACES: dict[str, str] = {
    "address": "people.places:HOOKS",
    "asset_assignment": "support.assets:HOOKS",
    "bank_account": "finance.banks:ACCOUNT_HOOKS",
    "bank_transaction": "finance.banks:HOOKS",
    "calendar_item": "calendar.items:HOOKS",
    "campaign_member": "campaigns:MEMBER_HOOKS",
    "cash_flow_entry": "finance.entries:HOOKS",
    "category": "stock.categories:HOOKS",
    "client": "clients:HOOKS",
    "client_link": "people.client_links:HOOKS",
    "comment": "comments:HOOKS",
    "commission": "finance.commissions:HOOKS",
    "contact": "contacts:HOOKS",
    "credit_note": "sales.credits:HOOKS",
    "custom_field": "vocabulary:CUSTOM_FIELD_HOOKS",
    "document_template": "papers.templates:HOOKS",
    "invoice": "sales.invoices:HOOKS",
    "log_entry": "log:HOOKS",
    "lot_serial": "stock.lots:HOOKS",
    "opportunity": "sales.opportunities:HOOKS",
    "payment_receipt": "sales.payments:HOOKS",
    "person": "people.persons:HOOKS",
    "product": "stock.catalogue:PRODUCT_HOOKS",
    "product_link": "people.ties:PRODUCT_HOOKS",
    "project": "projects:HOOKS",
    "project_participant": "projects:PARTICIPANT_HOOKS",
    "purchase_order": "stock.purchases:HOOKS",
    "quote": "quotes:HOOKS",
    "sales_order": "sales.orders:HOOKS",
    "service_link": "people.ties:SERVICE_HOOKS",
    "stock_movement": "stock.movements:HOOKS",
    "subscription": "subscriptions:HOOKS",
    "support_case": "support.cases:HOOKS",
    "transfer_invoice": "stock.transfers:HOOKS",
    "warehouse": "stock.catalogue:WAREHOUSE_HOOKS",
}
"""Where below ``oficrm`` the hooks of each module are; a test follows every one."""
_NONE = Hooks()


def hooks(model: type[Record]) -> Hooks:
    """Return the hooks of a module; neutral ones when it has none."""
    return _hooks(model.module.table)


@cache
def _hooks(table: str) -> Hooks:
    if table not in PLACES:
        return _NONE
    place, _, name = PLACES[table].partition(":")
    found: Hooks = getattr(import_module(f"oficrm.{place}"), name)
    return found
