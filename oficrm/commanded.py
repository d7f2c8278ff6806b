"""Which modules bring commands of their own; named, not imported, for the same reason as their hooks."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oficrm.commands import Command

PLACES: dict[str, tuple[str, ...]] = {
    "asset_assignment": ("support.asset_actions:COMMANDS",),
    "bank_account": ("finance.banks:ACCOUNT_COMMANDS",),
    "bank_transaction": ("finance.banks:COMMANDS",),
    "calendar_item": ("calendar.doing:COMMANDS",),
    "campaign": ("campaigns:COMMANDS",),
    "campaign_member": ("campaigns:MEMBER_COMMANDS",),
    "cash_flow_entry": ("finance.entries:COMMANDS",),
    "client": ("campaigns:OF_CLIENTS",),
    "commission": ("finance.commissions:COMMANDS",),
    "credit_note": ("sales.credits:COMMANDS",),
    "invoice": ("sales.payments:OF_INVOICES", "sales.credits:OF_INVOICES"),
    "log_entry": ("corrections:COMMANDS",),
    "lot_serial": ("stock.recalls:COMMANDS",),
    "person": ("campaigns:OF_PERSONS",),
    "project_task": ("projects:TASK_COMMANDS",),
    "prospect": ("people.prospects:COMMANDS",),
    "purchase_order": ("stock.purchases:COMMANDS",),
    "quote": ("quotes:COMMANDS",),
    "sales_order": ("sales.invoices:OF_SALES", "stock.deliveries:COMMANDS", "sales.payments:OF_SALES",
                    "sales.opportunities:OF_SALES"),
    "service_contract": ("support.contracts:COMMANDS",),
    "subscription": ("subscriptions:COMMANDS",),
    "support_case": ("support.case_actions:COMMANDS",),
}  # fmt: skip
"""Where below ``oficrm`` the commands of each module are, in the order in which they are offered."""


@cache
def own(table: str) -> "tuple[Command, ...]":
    """Return the commands that a module brings beside those of its flow."""
    found: list[Command] = []
    for place in PLACES.get(table, ()):
        where, _, name = place.partition(":")
        found += getattr(import_module(f"oficrm.{where}"), name)
    return tuple(found)
