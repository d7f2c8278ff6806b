"""The contact day: chaining the next contact, interests, and what came before and after."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models.action_type import ActionType
from db.models.contact import Contact, ContactAction, ContactItem
from db.models.contact_type import ContactType
from db.models.interest import Interest
from db.models.result import Result
from db.models.salesperson import Salesperson
from db.query import fetch_rows
from oficrm import clock
from oficrm.drafts import Draft, Saved
from oficrm.errors import Collected, Refused
from oficrm.hooks import Hooks
from oficrm.rules import dates

CARRIED = ("client", "person", "salesperson")
"""What a follow-up takes over from the contact before it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A contact of the same client, before or after the date being typed."""

    id: int
    date: dt.date
    time: dt.time | None
    type: str
    icon: str
    title: str
    notes: str
    actions: tuple[str, ...]
    result: str
    is_done: bool
    is_later: bool


def follow_up(session: Session, ident: int) -> Draft | None:
    """Return the draft of the next contact that a contact asks for, None when none is asked or it exists already."""
    contact = session.get_one(Contact, ident)
    if contact.next_at is None or _following(session, ident) is not None:
        return None
    values: dict[str, Any] = {name: getattr(contact, f"{name}_id") for name in CARRIED}
    values |= {"date": contact.next_at, "time": contact.next_time}
    if contact.next_type_id is not None:
        values["type"] = contact.next_type_id
    return Draft("contact", values=values, preset={"previous": ident})


def has_next(session: Session, ident: int) -> bool:
    """Return whether the next contact of this one exists already."""
    return _following(session, ident) is not None


def _following(session: Session, ident: int) -> Contact | None:
    return session.scalar(select(Contact).where(Contact.previous_id == ident, Contact.deleted_at.is_(None)))


def _check(session: Session, contact: Contact, draft: Draft, problems: Collected) -> None:
    """A next contact is made once only; only an e-mail takes over what a message says."""
    if draft.mail is not None and (text := _check_mail(session, contact)):
        problems.add("type", text)
    previous = draft.preset.get("previous")
    if draft.id is None and previous is not None and _following(session, previous) is not None:
        problems.add("", "El próximo contacto ya está creado: cierre este sin guardar y abra aquel desde la lista.")


def _check_mail(session: Session, contact: Contact) -> str:
    from oficrm.mail import assuming  # reading mails is loaded with the first one: the program starts without it

    return assuming.check_type(session, contact)


def _after(session: Session, contact: Contact, draft: Draft) -> None:
    _move_following(session, contact, draft)
    _add_interests(session, contact)


def _move_following(session: Session, contact: Contact, draft: Draft) -> None:
    """A changed next date or hour moves the next contact too, while that is open and still where it was put."""
    old, new = draft.original.get("next_at"), contact.next_at
    old_time, new_time = draft.original.get("next_time"), contact.next_time
    if draft.id is None or old is None or new is None or (old, old_time) == (new, new_time):
        return
    following = _following(session, contact.id)
    if following is not None and (following.date, following.time) == (old, old_time) and not _closed(following):
        following.date, following.time = new, new_time


def _closed(contact: Contact) -> bool:
    return contact.result_id is not None and contact.closed_on is not None


def _add_interests(session: Session, contact: Contact) -> None:
    """Products of a contact join the client's interests, once per client, item and person."""
    items = session.scalars(
        select(ContactItem).where(ContactItem.contact_id == contact.id, ContactItem.deleted_at.is_(None))
    ).all()
    for item in items:
        same = select(Interest.id).where(
            Interest.client_id == contact.client_id, Interest.deleted_at.is_(None),
            Interest.product_id == item.product_id if item.product_id else Interest.service_id == item.service_id,
            Interest.person_id == contact.person_id if contact.person_id else Interest.person_id.is_(None),
        )  # fmt: skip
        if session.scalar(same) is None:
            session.add(
                Interest(client_id=contact.client_id, product_id=item.product_id, service_id=item.service_id,
                         person_id=contact.person_id, date=contact.date, contact_id=contact.id, extra={})
            )  # fmt: skip


def _outcome(session: Session, contact: Contact, draft: Draft, saved: Saved) -> Saved:
    message = ""
    if (contact.result_id is None) != (contact.closed_on is None):
        missing = "la fecha de cierre" if contact.closed_on is None else "el resultado"
        message = f"El contacto sigue abierto: falta {missing}."
    return replace(saved, message=message, follow_up=follow_up(session, contact.id))


HOOKS = Hooks(check=_check, after=_after, outcome=_outcome)


def neighbours(
    session: Session, client_id: int, day: dt.date | None, *, exclude: int | None = None, each: int = 30
) -> list[Neighbour]:
    """Return the client's contacts around a date: later ones first, newest on top, at most ``each`` a side."""
    around = day or clock.today()
    base = select(Contact.id).where(Contact.client_id == client_id, Contact.deleted_at.is_(None))
    if exclude is not None:
        base = base.where(Contact.id != exclude)
    later = session.scalars(
        base.where(Contact.date > around).order_by(Contact.date, Contact.time, Contact.id).limit(each)
    ).all()
    earlier = session.scalars(
        base.where(Contact.date <= around)
        .order_by(Contact.date.desc(), Contact.time.desc().nulls_last(), Contact.id.desc()).limit(each)
    ).all()  # fmt: skip
    ids = [*reversed(later), *earlier]
    rows = fetch_rows(
        session, "contact", ids, ["date", "time", "type", "type.icon", "title", "notes", "result", "is_done"]
    )
    actions = _actions(session, ids)
    ahead = set(later)
    return [
        Neighbour(ident, row[0], row[1], row[2] or "", str(row[3] or "other"), row[4], row[5] or "",
                  actions.get(ident, ()), row[6] or "", bool(row[7]), ident in ahead)
        for ident in ids if (row := rows.get(ident))
    ]  # fmt: skip


def _actions(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    statement = (
        select(ContactAction.contact_id, ContactAction.text)
        .where(ContactAction.contact_id.in_(ids), ContactAction.deleted_at.is_(None))
        .order_by(ContactAction.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for contact_id, text in session.execute(statement):
        found[contact_id] = (*found.get(contact_id, ()), text)
    return found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The small catalogues a contact form shows at once."""

    types: tuple[tuple[int, str, str], ...]
    results: tuple[tuple[int, str, str], ...]
    salespeople: tuple[tuple[int, str], ...]
    actions: tuple[tuple[int, str], ...]
    email_types: frozenset[int] = frozenset()
    """Types whose contacts may take over the information of a mail, those no longer offered included."""


def vocabulary(session: Session) -> Vocabulary:
    """Return active types (id, name, icon), results (id, name, tone), salespeople and actions."""

    def entries(model: Any, *columns: Any) -> tuple[Any, ...]:
        active = select(model.id, model.name, *columns).where(model.deleted_at.is_(None), model.is_active)
        return tuple(tuple(row) for row in session.execute(active.order_by(model.sort_key, model.id)))

    types = tuple(sorted(entries(ContactType, ContactType.icon), key=lambda row: row[0]))
    results = tuple(sorted(entries(Result, Result.tone), key=lambda row: row[0]))
    mails = frozenset(session.scalars(select(ContactType.id).where(ContactType.is_email)))
    return Vocabulary(types, results, entries(Salesperson), entries(ActionType), mails)


def sentence(values: dict[str, Any], *, has_next: bool = False) -> str:
    """Return what accepting the form will do, e.g. "Al aceptar se cierra este contacto y se abre el del lun 1 dic".

    ``values`` as typed so far, unreadable ones as text; ``has_next`` when the next contact exists already.
    """
    result, closed_on = values.get("result"), values.get("closed_on")
    following = values.get("next_at")
    closes = result is not None and isinstance(closed_on, dt.date)
    text = "Al aceptar se cierra este contacto" if closes else "Al aceptar se guarda y queda abierto"
    lacks = not closes and (result is not None or closed_on is not None)
    if lacks:
        text += f", porque falta {'el resultado' if result is None else 'la fecha de cierre'}"
    if not isinstance(following, dt.date):
        return f"{text}."
    if has_next:
        return f"{text}. Su próximo contacto ya está creado."
    following_day = dates.short_date(following, clock.today())
    if lacks:
        return f"{text}. Después se abre el del {following_day}."
    return f"{text if closes else 'Al aceptar se guarda, queda abierto'} y se abre el del {following_day}."


def require_follow_up(session: Session, ident: int) -> Draft:
    """Return the draft of a contact's missing next one. Raises Refused when there is nothing to create."""
    draft = follow_up(session, ident)
    if draft is None:
        raise Refused("Este contacto no tiene un próximo contacto por crear.")
    return draft


def count(session: Session) -> int:
    """Return the number of live contacts."""
    return session.scalar(select(func.count()).select_from(Contact).where(Contact.deleted_at.is_(None))) or 0
