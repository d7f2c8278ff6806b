"""Duplicating a record of any module: a new one filled from it, with what is unique left to be given anew."""

from sqlalchemy.orm import Session

from db.fields import Field
from db.registry import module
from oficrm import quotes, records
from oficrm.drafts import LineDraft, Loaded

SUFFIX = " (copia)"
AFRESH: dict[str, str] = {
    "sales_order": "quote client_order_number expected_payment_date",
    "invoice": "sales_order subscription due_date cancel_reason",
    "invoice_line": "sales_order_line",
    "payment_receipt": "reference",
    "payment_application": "invoice amount",
    "credit_note": "invoice",
    "credit_application": "invoice amount",
    "purchase_order": "delivery_date",
    "subscription": "end_date bill_from",
    "asset_assignment": "end_date",
    "project": "target_end_date actual_end_date actual_cost",
    "project_milestone": "is_reached",
    "campaign": "actual_cost",
    "campaign_member": "responded_on",
    "lot_serial": "code",
    "stock_movement": "sales_order purchase_order credit_note transfer_invoice",
    "stock_movement_line": "lot_serial lot_code sales_order_line purchase_order_line",
    "transfer_invoice": "fiscal_uuid arrival_at",
}
"""What a copy of a document does not take over: what it was made from, when it falls due, what it was applied to."""


def duplicate(session: Session, table: str, ident: int) -> Loaded:
    """Return a new record filled from another; numbers, e-mails and what else is unique stay empty, and its state
    is that of any new record.

    A unique name gets "(copia)" behind it. Raises Refused when the record does not exist, and for a module whose
    records come from outside: the same file is filed under more records, or gets versions.
    """
    if table == "quote":
        return quotes.duplicate(session, ident)
    source = records.load(session, table, ident)
    fields, flow = module(table).fields, module(table).flow
    preset = {}
    for name, value in source.draft.values.items():
        field = fields.get(name)
        if value is None or name in AFRESH.get(table, "").split() or (field is not None and field.read_only):
            continue
        if flow is not None and field is not None and (name == flow.field or _is_of_the_day(field)):
            continue
        if field is None or not field.unique:
            preset[name] = value
        elif name == "name":
            preset[name] = f"{value[: (field.max_length or 200) - len(SUFFIX)]}{SUFFIX}"
    made = records.blank(session, table, preset)
    for child, lines in source.draft.lines.items():
        left = AFRESH.get(child, "").split()
        copied = {name for name, field in records.line_fields(module(child)).items()
                  if not (field.is_computed or field.read_only or name in left)}  # fmt: skip
        if any(module(child).fields[name].required for name in left):
            continue
        made.draft.lines[child] = [
            LineDraft(None, {name: value for name, value in line.values.items() if name in copied}) for line in lines
        ]
    made.line_titles = source.line_titles
    return made


def _is_of_the_day(field: Field) -> bool:
    """A date that a new document takes from the day it is made on."""
    return field.kind in ("day", "instant") and isinstance(field.default, str) and field.default.startswith("@")
