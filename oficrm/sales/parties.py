"""What documents take from their client and from the documents they are made from, when one of these is chosen."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.address import Address
from db.models.client import Client
from db.models.price_list import PriceList
from db.models.priced import PaymentForm, PaymentMethod
from db.record import Record
from db.registry import module
from oficrm import clock, settings
from oficrm.drafts import Values

FISCAL = ("legal_name", "tax_id", "tax_postal_code", "tax_regime", "cfdi_use", "payment_method", "payment_form")
"""What an invoice copies from its client; once it is issued it stays as it was."""
MONEY = ("price_list", "currency", "exchange_rate", "discount_percent")
ORIGINS: dict[str, tuple[str, ...]] = {
    "opportunity": ("client", "person", "salesperson", "currency", "exchange_rate"),
    "quote": ("client", "person", "opportunity", "salesperson", "subject", *MONEY, "billing_address",
              "shipping_address"),
    "sales_order": ("client", "salesperson", *MONEY),
    "invoice": ("client", *MONEY),
}  # fmt: skip
"""What a document made from another takes over from it, by the link that names that other one."""
RATED = ("opportunity", "quote", "sales_order", "invoice", "purchase_order", "payment_receipt")
"""Where the last exchange rate of a currency is looked for."""


def fill(table: str, session: Session, name: str, values: Values) -> Values:
    """Return what the fields of a document take once ``name`` holds what ``values`` say (Hooks.fill of a table)."""
    value, fields = values.get(name), module(table).fields
    if name == "client" and isinstance(value, int) and table == "payment_receipt":
        found = of_payer(session, value)
    elif name == "client" and isinstance(value, int):
        found = of_client(session, session.get_one(Client, value), values)
        made_from = any(isinstance(values.get(origin), int) for origin in ORIGINS if origin in fields)
        if made_from:  # its money is that of the document it is made from
            found = {each: what for each, what in found.items() if each not in MONEY}
    elif name in ORIGINS and isinstance(value, int):
        found = of_origin(session, name, value)
    elif name == "price_list" and isinstance(value, int):
        found = list_money(session, value)
    elif name == "currency" and isinstance(value, str) and len(value) == 3:
        found = {"exchange_rate": rate(session, value)}
    elif name in ("date", "sale_date"):
        found = due(session, values)
    else:
        found = {}
    return {each: what for each, what in found.items() if each in fields}


def of_client(session: Session, client: Client, values: Values) -> Values:
    """Return what a document takes from its client: prices, money, places, fiscal data and when it falls due.

    ``values`` are those of the document, for its date.
    """
    found = client_money(session, client.id)
    found |= {f"{use}_address": usual_address(session, client.id, use) for use in ("billing", "shipping")}
    return found | fiscal(client) | due(session, values | {"client": client.id})


def of_payer(session: Session, client: int) -> Values:
    """Return what a payment takes from its client: its currency, and how it pays where that is known."""
    money = client_money(session, client)
    form = session.scalar(select(Client.payment_form).where(Client.id == client))
    usual = {"payment_form": form} if form not in (None, PaymentForm.UNDEFINED) else {}
    return {name: money[name] for name in ("currency", "exchange_rate")} | usual


def of_origin(session: Session, table: str, ident: int) -> Values:
    """Return what a document takes from the one it is made from."""
    origin = session.get_one(module(table), ident)
    fields = type(origin).fields
    found = {name: getattr(origin, fields[name].attr) for name in ORIGINS[table]}
    if table == "opportunity":
        found |= {"subject": origin.name}  # type: ignore[attr-defined]
        if found["currency"] and not found["exchange_rate"]:
            found["exchange_rate"] = rate(session, found["currency"])
    return found


def fiscal(client: Client) -> Values:
    """Return the fiscal data of a client as an invoice states them; deferred payment has no form yet."""
    found = {name: getattr(client, name) for name in FISCAL}
    found["legal_name"] = client.legal_name or client.name
    if client.payment_method == PaymentMethod.DEFERRED:
        found["payment_form"] = PaymentForm.UNDEFINED
    return found


def client_money(session: Session, client: int) -> Values:
    """Return price list, currency and exchange rate that a document takes from its client: ours where it has none."""
    price_list = session.scalar(select(Client.price_list_id).where(Client.id == client))
    found = list_money(session, price_list) if price_list is not None else {}
    company = settings.read(session).currency
    return found or {"price_list": None, "currency": company, "exchange_rate": Decimal(1)}


def list_money(session: Session, price_list: int) -> Values:
    """Return a price list, where it still holds, with its currency and the exchange rate last used for this."""
    found = session.get(PriceList, price_list)
    if found is None or not is_in_force(found):
        return {}
    return {"price_list": found.id, "currency": found.currency, "exchange_rate": rate(session, found.currency)}


def is_in_force(price_list: PriceList) -> bool:
    """Whether the prices of a list hold today."""
    lapsed = price_list.valid_until is not None and price_list.valid_until < clock.today()
    return price_list.is_active and not lapsed and price_list.deleted_at is None


def rate(session: Session, currency: str) -> Decimal | None:
    """Return units of the company's currency for one of another, as last used in a document; None where never."""
    if currency == settings.read(session).currency:
        return Decimal(1)
    last: tuple[dt.datetime, Decimal] | None = None
    for table in RATED:
        model: Any = module(table)
        row = session.execute(
            select(model.created_at, model.exchange_rate)
            .where(model.currency == currency, model.exchange_rate.is_not(None), model.deleted_at.is_(None))
            .order_by(model.id.desc()).limit(1)
        ).first()  # fmt: skip
        if row is not None and (last is None or row[0] > last[0]):
            last = (row[0], row[1])
    return last[1] if last else None


def usual_address(session: Session, client: int, use: str) -> int | None:
    """Return the client's usual address for a use (``billing``, ``shipping``), else the only one it has for it."""
    marked = Address.is_billing if use == "billing" else Address.is_shipping
    live = select(Address.id, Address.is_default).where(
        Address.client_id == client, Address.deleted_at.is_(None), marked
    )
    found = session.execute(live.order_by(Address.is_default.desc(), Address.id).limit(2)).all()
    return found[0][0] if found and (found[0][1] or len(found) == 1) else None


def due(session: Session, values: Values) -> Values:
    """Return when a document is to be paid: its date and the credit days of its client."""
    client, days = values.get("client"), None
    if isinstance(client, int):
        days = session.scalar(select(Client.credit_days).where(Client.id == client))
    found: Values = {}
    for date, name in (("date", "due_date"), ("sale_date", "expected_payment_date")):
        if days is not None and isinstance(values.get(date), dt.date):
            found[name] = values[date] + dt.timedelta(days=days)
    return found


def complete_due(session: Session, record: Record, date: dt.date, attr: str) -> None:
    """Give a document that says nothing of it the day on which it is to be paid (Hooks.before)."""
    client: Any = record.fields["client"].attr
    days = session.scalar(select(Client.credit_days).where(Client.id == getattr(record, client)))
    if getattr(record, attr) is None and days is not None:
        setattr(record, attr, date + dt.timedelta(days=days))
