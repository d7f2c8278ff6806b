"""Sample values for any field of any module, from the declarations alone."""

import datetime as dt
import io
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from db import contents
from db.fields import Field
from db.filed import key_of
from db.history import operation
from db.models.email_message import EmailLink, EmailMessage
from db.record import Record
from db.registry import listed_modules, module
from oficrm import commands, records, saving
from oficrm.drafts import Draft, LineDraft, Values
from oficrm.files import attaching
from oficrm.files.sources import Source
from oficrm.support import assets

DAY = dt.date(2024, 3, 15)
LATER = dt.date(2024, 6, 20)
FAR = dt.date(2124, 6, 20)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f0001040100"
    "5fe5c34b0000000049454e44ae426082"
)
FORMS = tuple(model.module.table for model in listed_modules() if model.screens.form)
"""Every module that has a form of its own."""
OUTSIDE = tuple(table for table in FORMS if not module(table).screens.made_by_hand)
"""Those whose records come from outside: no blank form of them opens, their samples are files and messages."""
DERIVED = {("opportunity", "closed_at"), ("opportunity", "loss_reason"), ("calendar_item", "task_status"),
           ("calendar_item", "time"), ("calendar_item", "end_time"), ("stock_movement", "from_warehouse"),
           ("commission", "paid_on"), ("bank_transaction", "to_account"), ("bank_transaction", "to_amount"),
           ("project_task", "progress"), ("campaign_member", "responded_on"),
           *((table, "exchange_rate") for table in FORMS if "exchange_rate" in module(table).fields)}  # fmt: skip
"""Fields that the program empties or fills by its own rules in the state the samples are in."""
LEFT_EMPTY = {("invoice", "payment_form"), ("service_link", "satisfaction"), ("prospect", "client"),
              ("person", "default_shipping_address"),
              ("calendar_item", "recurrence"), ("bank_account", "clabe"), ("bank_account", "account_number"),
              ("bank_transaction", "reconciled"), ("bank_transaction", "reconciled_on")}  # fmt: skip
"""Fields whose sample would break a rule between fields."""
NEEDED = {("asset_assignment", "client"), ("product_link", "client"), ("service_link", "client"),
          ("stock_movement", "to_warehouse"), ("commission", "notes")}  # fmt: skip
"""Fields that their rules ask for, though not marked as required."""
ANEW = {"lot_serial": "code", "client_link": "other_client", "campaign_member": "member", "project_participant": "role"}
"""What a copy must have otherwise, where several fields together are unique."""
UNCHANGEABLE = ("log_entry",)
"""Modules whose records stay as they were written."""
ENDS = ("end", "until", "due", "close", "expire", "delivery", "last", "arrival", "expected")
"""Parts of the names of days that come after others."""
LASTING = {("service_contract", "due_date"), ("service_contract", "end_date")}
"""Days that must not have passed: what is over can no longer be chosen."""
CHOSEN = {("product", "tracking"): "lot"}
"""Choices without which others could not link to the sample: only tracked products have lots."""
NEEDED_LINES = {"invoice_line"}
"""Lines without which a record cannot be brought into the state in which it may be chosen."""
TWICE = {"transfer_invoice": {"address", "warehouse"}, "client_link": {"client"}, "stock_movement": {"warehouse"},
         "bank_transaction": {"bank_account"}}  # fmt: skip
"""Modules that link twice to the same one, to two different records."""
READY: dict[str, tuple[str, ...]] = {"service_contract": ("active",), "invoice": ("issued",)}
"""The states through which a record goes before others may choose it."""
ACCEPTED = frozenset({saving.DUPLICATE, assets.OVERLAP})
"""What the program asks before it goes on."""


_SERIALS = itertools.count(101)


class Sampler:
    """Makes complete records; ``serial`` keeps unique values apart. What they link to has only what it must have."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.serial = next(_SERIALS)
        self._made: dict[str, int] = {}

    def draft(self, table: str, *, is_whole: bool = True) -> Draft:
        """A new record with every field of its form and one line of each kind; one from outside is there already."""
        model = module(table)
        self.serial = next(_SERIALS)
        if table in OUTSIDE:
            loaded = records.load(self.session, table, BROUGHT[table](self.session, self.serial, self._one("client")))
        else:
            loaded = records.blank(self.session, table)
        fields = records.form_fields(self.session, model)
        wanted = {name: field for name, field in fields.items()
                  if not field.read_only and (table, name) not in LEFT_EMPTY
                  and (is_whole or field.required or field.kind == "day" or (table, name) in NEEDED)}  # fmt: skip
        for name, field in sorted(wanted.items(), key=lambda item: bool(item[1].within)):
            loaded.draft.values[name] = self.value(table, field, loaded.draft.values)
        for child in map(module, model.screens.lines):
            if not is_whole and child.module.table not in NEEDED_LINES:
                continue
            values = {name: self.value(child.module.table, field, {}) for name, field in
                      records.line_fields(child).items() if not field.read_only and not field.within}  # fmt: skip
            loaded.draft.lines[child.module.table] = loaded.draft.lines[child.module.table] or [LineDraft(None, values)]
        return loaded.draft

    def save(self, table: str, *, is_whole: bool = True) -> int:
        """Save a complete record, or one that has only what it must have."""
        draft = self.draft(table, is_whole=is_whole)
        return self._save(draft)

    def _save(self, draft: Draft) -> int:
        for code in ACCEPTED:
            draft = draft.accepting(code)
        return saving.save(self.session, draft).id

    def value(self, table: str, field: Field, values: Values) -> Any:
        """A value that the field takes; the same kind gives another one with the next serial."""
        n = self.serial
        if field.name == "module_table":
            return "client"
        if field.kind == "link":
            return self._linked(table, field, values)
        if field.kind == "either":
            return f"{field.targets[0]}:{self._one(field.targets[0])}"
        if (table, field.name) in LASTING:
            return FAR
        if field.kind == "day" and any(word in field.name for word in ENDS):
            return LATER
        match field.kind:
            case "text":
                text = f"{n} {field.label}" if (field.max_length or 200) > 20 else str(n)
                return text[: field.max_length or 200]
            case "long_text":
                return f"Línea {n}\nsegunda"
            case "choice":
                assert field.choices is not None
                return CHOSEN.get((table, field.name)) or field.default or next(iter(field.choices))
            case "integer":
                return min((field.minimum or 0) + n % 10 + 1, field.maximum or 99)
        return _simple(n)[field.kind]

    def another(self, table: str, field: Field, values: Values) -> Any:
        """A value other than the one there is."""
        if field.choices is not None:
            return next(choice for choice in field.choices if choice != values.get(field.name))
        if field.kind == "either":
            return f"{field.targets[0]}:{self.save(field.targets[0], is_whole=False)}"
        return self.value(table, field, values)

    def _linked(self, table: str, field: Field, values: Values) -> int | None:
        if (field.target == table and not field.required) or module(field.target).module.owner:
            return None  # a line is no record of its own
        outer = module(table).fields.get(field.within) if field.within else None
        if outer is not None and isinstance(values.get(field.within), int):
            return self._of(field.target, field.within, values[field.within])
        key = field.target if field.target not in TWICE.get(table, ()) else f"{field.target}/{field.name}"
        return self._one(field.target, key)

    def _one(self, table: str, key: str = "") -> int:
        """A record to link to; made once."""
        key = key or table
        if key not in self._made:
            self._made[key] = self._ready(table, self.save(table, is_whole=False))
        return self._made[key]

    def _of(self, table: str, outer: str, owner: int) -> int:
        """A record that belongs to another one, as a person belongs to a client; made once."""
        key = f"{table}@{outer}:{owner}"
        if key not in self._made:
            draft = self.draft(table, is_whole=False)
            draft.values[outer] = owner
            self._made[key] = self._ready(table, self._save(draft))
        return self._made[key]

    def _ready(self, table: str, ident: int) -> int:
        """Bring it into the state in which it may be chosen."""
        for state in READY.get(table, ()):
            commands.advance(self.session, table, [ident], state, ACCEPTED)
        return ident


def _attach(session: Session, serial: int, client: int) -> int:
    """A small file of a client's."""
    source = Source(name=f"nota {serial}.txt", data=f"Nota número {serial}".encode())
    return attaching.attach(session, [key_of("client", client)], [source]).ids[0]


def _file_message(session: Session, serial: int, client: int) -> int:
    """A small message, filed under a client."""
    data = f"From: a@example.es\r\nSubject: Correo {serial}\r\n\r\nHola".encode()
    with operation(session, "Archivar correo"):
        sha256, size = contents.store(session, io.BytesIO(data))
        message = EmailMessage(
            subject=f"Correo {serial}", from_address="a@example.es", to_addresses="ana@example.es", client_id=client,
            direction="incoming", status="received", sent_at=dt.datetime(2024, 3, 15, 9, 30, tzinfo=dt.UTC),
            preview="Hola", message_id=f"{serial}@example.es", thread_id=f"{serial}@example.es",
            file_name=f"correo {serial}.eml", size=size, sha256=sha256, extra={},
        )  # fmt: skip
        session.add(message)
        session.flush()
        session.add(EmailLink(email_id=message.id, record=key_of("client", client), extra={}))
        session.flush()
    return message.id


BROUGHT: dict[str, Callable[[Session, int, int], int]] = {"document": _attach, "email_message": _file_message}
"""Who brings the samples of those modules in: serial number and client go in, the id comes back."""


def _simple(n: int) -> dict[str, Any]:
    return {
        "email": f"persona{n}@ejemplo.es", "phone": f"+34961234{n % 1000:03}", "url": f"https://ejemplo.es/{n}",
        "tax_id": f"{12345000 + n}{'TRWAGMYFPDXBNJZSQVHLCKE'[(12345000 + n) % 23]}", "postal_code": "46001",
        "country": "ES", "currency": "EUR", "day": DAY, "instant": dt.datetime(2024, 3, 15, 9, 30, tzinfo=dt.UTC),
        "clock": dt.time(10, 30), "minutes": 90,
        "quantity": Decimal("2.5"), "percent": Decimal(10), "money": Decimal("1240.5"), "yes_no": True, "image": PNG,
        "options": "uno",
    }  # fmt: skip


def changed(model: type[Record]) -> tuple[str, Any]:
    """A field of a form that can be changed without any other, and its next value; a text where there is one."""
    for section in model.screens.form:
        for name in section.fields:
            field = model.fields[name]
            if field.kind in ("text", "long_text") and not field.read_only and name not in ("code", "module_table"):
                return name, "Otro 9"[: field.max_length or 200]
    assert model is EmailMessage, f"{model.__name__} has no text field"
    return "person", None  # all texts are the message's own
