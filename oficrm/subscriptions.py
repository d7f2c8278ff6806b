"""Rentas y suscripciones: their life, and the invoice that each period of them brings.

Periods are counted from the start (``oficrm.rules.periods``); ``billed_periods`` is the number of the next one, and
``next_billing_date`` the day it begins. An invoice that was deleted or cancelled stays billed: its period does not come
again. When the billing itself is undone, its periods are due again and the next run makes them anew.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.history import operation
from db.models.subscription import NOTICE_DAYS, Subscription, SubscriptionStatus
from db.record import Problem
from oficrm import clock, flows, notifications, pricing, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, LineDraft
from oficrm.errors import Collected, NeedsConfirmation, Refused, ValidationError
from oficrm.finance import writing
from oficrm.hooks import Hooks
from oficrm.rules import periods
from oficrm.sales import parties

PAST = "past_periods"
EARLY = "early"
DAILY = "daily"
"""The kind of operation of what the program does by itself: shown and undone like any other, but not by Ctrl+Z."""
_SCHEDULE = ("start_date", "billing_period", "bill_from")


@dataclass(slots=True)
class Billed:
    """What a run did, by ids: invoices made; the subscription of each; those renewed, expired and not billed (why)."""

    invoices: list[int] = field(default_factory=list)
    billed: list[int] = field(default_factory=list)
    renewed: list[int] = field(default_factory=list)
    expired: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)


# --- the form


def _check(session: Session, record: Subscription, draft: Draft, problems: Collected) -> None:
    """What runs has something to bill, and what was billed by a schedule keeps it."""
    if record.status == SubscriptionStatus.ACTIVE and not _has_lines(session, draft):
        problems.add("", "Añada al menos una línea: no hay nada que cobrar.")
    if draft.id is None:
        return
    before = {name: draft.original.get(name) for name in _SCHEDULE}
    if before == {name: getattr(record, name) for name in _SCHEDULE} or before["start_date"] is None:
        return
    if record.billed_periods > _first(before["start_date"], str(before["billing_period"]), before["bill_from"]):
        name = next(name for name in _SCHEDULE if before[name] != getattr(record, name))
        problems.add(name, "Ya se cobró con este calendario: póngale fin y haga otra.")


def _has_lines(session: Session, draft: Draft) -> bool:
    lines = draft.lines.get("subscription_line")
    return bool(pricing.lines_from(session, "subscription", draft.id) if lines is None and draft.id else lines)


def _first(start: dt.date, period: str, bill_from: dt.date | None) -> int:
    return periods.first_from(start, period, bill_from or start)


def _before(session: Session, record: Subscription, draft: Draft) -> None:
    pricing.complete_money(session, record)
    pricing.work_out(session, record, draft)
    first = _first(record.start_date, record.billing_period, record.bill_from)
    before = {name: draft.original.get(name) for name in _SCHEDULE}
    moved = draft.id is not None and before != {name: getattr(record, name) for name in _SCHEDULE}
    record.billed_periods = first if moved else max(record.billed_periods, first)
    if record.end_date is not None and record.auto_renew and record.renewal_periods is None:
        record.renewal_periods = periods.count(record.start_date, record.billing_period, record.end_date)
    if flows.entered(record, draft, SubscriptionStatus.ACTIVE):
        if draft.original.get("status") == SubscriptionStatus.PAUSED:
            passed = periods.first_from(record.start_date, record.billing_period, clock.today())
            record.billed_periods = max(record.billed_periods, passed)
        else:
            _ask_for_past(record, draft)
    record.next_billing_date = _next(record)


def _ask_for_past(record: Subscription, draft: Draft) -> None:
    """Several periods that have passed already would be invoiced at once."""
    due = [day for number, day in periods.due(record.start_date, record.billing_period, record.billed_periods,
                                              clock.today()) if _has(record, number)]  # fmt: skip
    if len(due) > 1 and PAST not in draft.accepted:
        text = (f"Se harán {len(due)} facturas, de los periodos sin cobrar desde el {due[0]:%d/%m/%Y}. Para no "
                "cobrarlos, indique antes «Cobrar desde».")  # fmt: skip
        raise NeedsConfirmation(PAST, text, "Activar y facturar")


def _has(record: Subscription, number: int) -> bool:
    """Whether a period belongs to the term as it stands, renewed by itself or not."""
    if record.end_date is None or record.auto_renew:
        return True
    return number < periods.count(record.start_date, record.billing_period, record.end_date)


def _next(record: Subscription) -> dt.date | None:
    """The day on which the next period is billed, None when nothing more is."""
    if record.status != SubscriptionStatus.ACTIVE or not _has(record, record.billed_periods):
        return None
    return periods.begin(record.start_date, record.billing_period, record.billed_periods)


def _after(session: Session, record: Subscription, draft: Draft) -> None:
    """What fell due before a pause was still taken."""
    if flows.entered(record, draft, SubscriptionStatus.PAUSED):
        _bill(session, record, clock.today(), Billed())
        record.next_billing_date = None


def _sound(session: Session, record: Subscription) -> Iterator[Problem]:
    if record.deleted_at is None and record.next_billing_date != _next(record):
        yield Problem("", "Las fechas de la suscripción y su próximo cobro van juntos: restaure la versión entera.")


HOOKS = Hooks(
    fill=partial(parties.fill, "subscription"), follows=("currency",), check=_check, before=_before, after=_after,
    sound=_sound,
)  # fmt: skip


# --- billing


def bill_due(session: Session, today: dt.date | None = None) -> Billed:
    """Make the invoices of all periods that have begun, one draft each, renew and expire, as one operation.

    Safe to run any number of times and by several programs at once: each subscription is locked while it is billed and
    looked at again then. One that cannot be billed is named in ``failed`` and does not stop the others.
    """
    today = today or clock.today()
    done = Billed()
    wanted = (Subscription.deleted_at.is_(None), Subscription.status == SubscriptionStatus.ACTIVE,
              or_(Subscription.next_billing_date <= today, Subscription.end_date < today))  # fmt: skip
    ids = session.scalars(select(Subscription.id).where(*wanted).order_by(Subscription.id)).all()
    if not ids:
        return done
    with operation(session, "Facturar rentas y suscripciones", kind=DAILY) as opened:
        for ident in ids:
            record = _locked(session, ident, *wanted)
            if record is not None:
                _bill_alone(session, record, today, done)
        opened.label = _label(done)
        session.info["last_operation"] = (opened.id, opened.label)
    return done


def _locked(session: Session, ident: int, *conditions: Any) -> Subscription | None:
    """The subscription as it is once nobody else works on it; None when it no longer is as wanted."""
    statement = select(Subscription).where(Subscription.id == ident, *conditions).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def _label(done: Billed) -> str:
    count = len(set(done.billed))
    if not count:
        return "Poner al día rentas y suscripciones"
    return f"Facturar {count} {'renta o suscripción' if count == 1 else 'rentas y suscripciones'}"


def _bill_alone(session: Session, record: Subscription, today: dt.date, done: Billed) -> None:
    """Bill one; what cannot be leaves nothing behind."""
    mine, ident = Billed(), record.id
    try:
        with session.begin_nested():
            _bill(session, record, today, mine)
            _settle(record, today, mine)
            session.flush()
    except (ValidationError, NeedsConfirmation, Refused, IntegrityError) as error:
        taken = isinstance(error, IntegrityError)
        done.failed[ident] = "ese periodo ya tiene su factura." if taken else str(error)
        return
    for name in ("invoices", "billed", "renewed", "expired"):
        getattr(done, name).extend(getattr(mine, name))


def _bill(session: Session, record: Subscription, today: dt.date, done: Billed) -> None:
    """Invoice every period of a subscription that has begun; an end on the way is moved where it renews itself."""
    for number, day in periods.due(record.start_date, record.billing_period, record.billed_periods, today):
        if not _within_term(record, number, done):
            break
        done.invoices.append(_invoice(session, record, number, day))
        done.billed.append(record.id)


def _within_term(record: Subscription, number: int, done: Billed) -> bool:
    while record.end_date is not None and number >= periods.count(
        record.start_date, record.billing_period, record.end_date
    ):
        if not record.auto_renew:
            return False
        _renew(record)
        done.renewed.append(record.id)
    return True


def _settle(record: Subscription, today: dt.date, done: Billed) -> None:
    """Past its end it goes on where it renews itself, and is over where it does not."""
    while record.end_date is not None and record.end_date < today and record.auto_renew:
        _renew(record)
        done.renewed.append(record.id)
    if record.end_date is not None and record.end_date < today:
        record.status = SubscriptionStatus.EXPIRED
        done.expired.append(record.id)
    record.next_billing_date = _next(record)


def _renew(record: Subscription) -> None:
    assert record.end_date is not None
    more = record.renewal_periods or periods.count(record.start_date, record.billing_period, record.end_date)
    record.renewal_periods = more
    record.end_date = periods.renewed(record.start_date, record.billing_period, record.end_date, more)


def _invoice(session: Session, record: Subscription, number: int, day: dt.date) -> int:
    """Make the draft of one period, dated with its first day; return its id."""
    lines = pricing.lines_from(session, "subscription", record.id)
    if not lines:
        raise Refused(f"«{record.title}» no tiene líneas que facturar.")
    last = periods.end(record.start_date, record.billing_period, number)
    preset = {
        "client": record.client_id, "date": day, "salesperson": record.salesperson_id, "currency": record.currency,
        "exchange_rate": record.exchange_rate, "price_list": record.price_list_id,
        "discount_percent": record.discount_percent, "notes": f"Periodo del {day:%d/%m/%Y} al {last:%d/%m/%Y}.",
    }  # fmt: skip
    made = records.blank(session, "invoice", preset).draft
    made.preset |= {"subscription": record.id, "period_start": day}
    made.lines["invoice_line"] = [LineDraft(None, dict(values)) for _ident, values in lines]
    saved = writing.save(session, made)
    record.billed_periods = number + 1
    record.next_billing_date = _next(record)
    session.flush()
    return saved.id


# --- what the user asks for


def bill_now(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Make the invoice of the next period of each, due or not. Raises NeedsConfirmation before its day, Refused."""
    invoices: list[int] = []
    with operation(session, "Facturar") as opened:
        for ident in ids:
            record = _running(session, ident)
            day = _next(record)
            if day is None:
                raise Refused(f"«{record.title}» ya no tiene periodos que cobrar: renuévela.")
            if day > clock.today() and EARLY not in accepted:
                text = f"El próximo cobro de «{record.title}» es el {day:%d/%m/%Y}: se adelanta."
                raise NeedsConfirmation(EARLY, text, "Facturar ya")
            _within_term(record, record.billed_periods, Billed())
            try:
                invoices.append(_invoice(session, record, record.billed_periods, day))
            except ValidationError as error:
                raise Refused(f"{record.title}: {error}") from error
        what = record.title if len(ids) == 1 else f"{len(ids)} rentas y suscripciones"
        opened.label = f"Facturar {what}"[:300]
        session.info["last_operation"] = (opened.id, opened.label)
    made = "Factura en borrador" if len(invoices) == 1 else f"{len(invoices)} facturas en borrador"
    return Outcome(f"{made} de {what}.", ("invoice", invoices[0]) if len(invoices) == 1 else None)


def _existing(session: Session, ident: int) -> Subscription:
    record = _locked(session, ident, Subscription.deleted_at.is_(None))
    if record is None:
        raise Refused("Esta renta o suscripción ya no existe.")
    return record


def _running(session: Session, ident: int) -> Subscription:
    record = _existing(session, ident)
    if record.status != SubscriptionStatus.ACTIVE:
        raise Refused(f"«{record.title}» no está activa.")
    return record


def renew(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Move the end by one more term; what had expired runs again, and what fell due meanwhile will be billed."""
    ends = []
    with operation(session, "Renovar") as opened:
        for ident in ids:
            record = _existing(session, ident)
            if record.end_date is None:
                raise Refused(f"«{record.title}» no tiene fin: no hay nada que renovar.")
            _renew(record)
            record.status = SubscriptionStatus.ACTIVE
            record.next_billing_date = _next(record)
            _ask_for_past(record, Draft("subscription", ident, accepted=accepted))
            ends.append(record.end_date)
        what = record.title if len(ids) == 1 else f"{len(ids)} rentas y suscripciones"
        opened.label = f"Renovar {what}"[:300]
        session.info["last_operation"] = (opened.id, opened.label)
    until = f" hasta el {ends[0]:%d/%m/%Y}" if len(ends) == 1 else ""
    return Outcome(f"Renovar: {what}{until}.")


COMMANDS = (
    Command("renew", "Renovar", "subscription", run=renew, many=True,
            states=frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED})),
    Command("bill", "Generar factura ahora", "invoice", run=bill_now, many=True,
            states=frozenset({SubscriptionStatus.ACTIVE})),
)  # fmt: skip


# --- each day


def daily(session: Session) -> None:
    """Bill what is due, and tell who is concerned what was done, what could not be, and what ends soon."""
    _tell(session, bill_due(session))
    today = clock.today()
    ending = select(Subscription).where(
        Subscription.deleted_at.is_(None), Subscription.status == SubscriptionStatus.ACTIVE,
        Subscription.end_date.between(today, today + dt.timedelta(days=NOTICE_DAYS)),
    )  # fmt: skip
    for record in session.scalars(ending):
        goes_on = "se renueva sola" if record.auto_renew else "no se renueva"
        text = f"{record.title} termina el {record.end_date:%d/%m/%Y} y {goes_on}."
        _notify(session, record, text, f"end {record.end_date}")


def _tell(session: Session, done: Billed) -> None:
    today = clock.today()
    for ident, count in Counter(done.billed).items():
        record = session.get_one(Subscription, ident)
        made = "Hay una factura" if count == 1 else f"Hay {count} facturas"
        _notify(session, record, f"{made} en borrador de {record.title}.", f"billed {record.billed_periods} {today}")
    for ident in dict.fromkeys(done.renewed):
        record = session.get_one(Subscription, ident)
        text = f"{record.title} se ha renovado hasta el {record.end_date:%d/%m/%Y}."
        _notify(session, record, text, f"renewed {record.end_date}")
    for ident in done.expired:
        record = session.get_one(Subscription, ident)
        _notify(session, record, f"{record.title} ha vencido.", f"expired {record.end_date}")
    for ident, reason in done.failed.items():
        record = session.get_one(Subscription, ident)
        _notify(session, record, f"No se pudo facturar {record.title}: {reason}", f"failed {today}")


def _notify(session: Session, record: Subscription, text: str, occasion: str) -> None:
    users = notifications.concerned(session, record.client_id)
    notifications.notify(session, users, text, f"subscription:{record.id}", occasion)
