"""Which modules bring business of their own, and their hooks."""

from db.record import Record
from oficrm.clients import HOOKS as CLIENT
from oficrm.contacts import HOOKS as CONTACT
from oficrm.hooks import Hooks
from oficrm.papers.templates import HOOKS as DOCUMENT_TEMPLATE
from oficrm.quotes import HOOKS as QUOTE
from oficrm.stock.movements import HOOKS as STOCK_MOVEMENT
from oficrm.vocabulary import CUSTOM_FIELD_HOOKS

_BY_TABLE = {"client": CLIENT, "contact": CONTACT, "quote": QUOTE, "custom_field": CUSTOM_FIELD_HOOKS,
             "document_template": DOCUMENT_TEMPLATE, "stock_movement": STOCK_MOVEMENT}  # fmt: skip
_NONE = Hooks()


def hooks(model: type[Record]) -> Hooks:
    """Return the hooks of a module; neutral ones when it has none."""
    return _BY_TABLE.get(model.module.table, _NONE)
