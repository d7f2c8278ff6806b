"""What the contact form needs from the database: all of it in one read when it opens, then little by little."""

import datetime as dt
from dataclasses import dataclass, field, fields, replace

from sqlalchemy.orm import Session

from db.models.action_type import ActionType
from db.models.contact import Contact
from db.models.email_message import EmailMessage
from db.models.quote import Quote, QuoteStatus
from db.registry import module
from oficrm import clock, contacts, display, lists, records, saving, settings, vocabulary
from oficrm.drafts import Draft, LineDraft, Loaded, Values
from oficrm.mail import consent
from oficrm.rules import dates
from oficrm.rules.workdays import WorkCalendar

QUOTES_SHOWN = 20
COPIED = ("client", "person", "salesperson", "type", "made_by", "duration", "notes")
_QUOTE_COLUMNS = ("number", "date", "subject", "status", "total", "currency")


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote of the client as the side panel shows it; ``tone`` colours its state."""

    id: int
    number: str
    date: dt.date
    subject: str
    status: str
    tone: str
    total: str


@dataclass(frozen=True, slots=True)
class Around:
    """What else there is of a client: contacts before and after a date, quotes, newest first, and how to reach it."""

    neighbours: tuple[contacts.Neighbour, ...] = ()
    quotes: tuple[QuoteRow, ...] = ()
    reach: str = ""


@dataclass(frozen=True, slots=True)
class StoredMail:
    """The message whose information a contact took over: its id in Emails, and what names it."""

    id: int
    subject: str
    sender: str
    sent_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Extras:
    """What the form shows besides the record.

    ``chained_from`` names the contact this one follows ("" when it follows none); ``has_next`` says that its own next
    contact exists already, so that accepting opens none; ``starts_now`` that the time is the present one and holds for
    today only. ``mail`` is the message whose information it holds.
    """

    vocabulary: contacts.Vocabulary
    around: Around = field(default_factory=Around)
    chained_from: str = ""
    has_next: bool = False
    starts_now: bool = False
    mail: StoredMail | None = None


@dataclass(slots=True)
class Opened(Loaded):
    """A contact with everything its form opens with, read at once."""

    extras: Extras | None = None


def open_form(session: Session, ident: int | None = None, preset: Values | None = None) -> Opened:
    """Open a contact, or begin a new one with ``preset`` (field names; ``previous`` links it to the one before).

    A call logged today starts at the present time. Raises Refused when the contact does not exist.
    """
    starts_now = False
    if ident is None:
        loaded = records.blank(session, "contact", preset)
        starts_now = _start_now(loaded.draft, preset or {})
    else:
        loaded = records.load(session, "contact", ident)
    known = {each.name: getattr(loaded, each.name) for each in fields(loaded)}
    return Opened(**known, extras=replace(extras(session, loaded.draft), starts_now=starts_now))


def duplicate(session: Session, ident: int) -> Opened:
    """Begin a new contact with what an existing one says; day, closing and next contact are its own."""
    source = records.load(session, "contact", ident)
    opened = open_form(session, None, {name: source.draft.values.get(name) for name in COPIED})
    for table, lines in source.draft.lines.items():
        opened.draft.lines[table] = [LineDraft(None, dict(line.values)) for line in lines]
    opened.line_titles = source.line_titles
    return opened


def extras(session: Session, draft: Draft) -> Extras:
    """Return what the form of a contact shows besides its values."""
    previous = draft.preset.get("previous")
    if draft.id is not None:
        previous = session.get_one(Contact, draft.id).previous_id
    return Extras(
        contacts.vocabulary(session),
        around(session, draft.values, exclude=draft.id),
        _chained_from(session, previous), draft.id is not None and contacts.has_next(session, draft.id),
        mail=stored_mail(session, draft.id) if draft.id is not None else None,
    )  # fmt: skip


def stored_mail(session: Session, ident: int) -> StoredMail | None:
    """Return the message whose information a contact holds, None for none."""
    contact = session.get(Contact, ident)
    email = session.get(EmailMessage, contact.email_id) if contact and contact.email_id is not None else None
    if email is None or email.deleted_at is not None:
        return None
    return StoredMail(email.id, email.title, email.from_address or "", email.sent_at)


def calendar(session: Session) -> WorkCalendar:
    """Return the company's working days, the library of holidays loaded.

    That takes a third of a second the first time: no form waits for it.
    """
    found = settings.read(session).calendar
    found.holiday(clock.today())
    return found


def _start_now(draft: Draft, preset: Values) -> bool:
    if "date" in preset or "time" in preset or draft.values.get("date") != clock.today():
        return False
    now = clock.now()
    draft.values["time"] = dt.time(now.hour, now.minute - now.minute % 5)
    return True


def _chained_from(session: Session, previous: int | None) -> str:
    before = session.get(Contact, previous) if previous is not None else None
    if before is None:
        return ""
    day = dates.short_date(before.date, clock.today())
    return f"{day}: {before.title}" if before.title else day


def around(session: Session, values: Values, *, exclude: int | None = None) -> Around:
    """Return what else there is of the client among ``values``, relative to the date; nothing without a client."""
    client, person, day = values.get("client"), values.get("person"), values.get("date")
    if not isinstance(client, int):
        return Around()
    return Around(
        tuple(contacts.neighbours(session, client, day if isinstance(day, dt.date) else None, exclude=exclude)),
        _quotes(session, client), _reach(session, client, person if isinstance(person, int) else None),
    )  # fmt: skip


def _reach(session: Session, client: int, person: int | None) -> str:
    """Phones and e-mail of the person, then those of the client, one line."""
    country = settings.read(session).country
    found: list[str] = []
    for table, ident, names in (("person", person, ("mobile_phone", "email")),
                                ("client", client, ("phone", "mobile_phone"))):  # fmt: skip
        if ident is None:
            continue
        model = module(table)
        row = lists.load_rows(session, table, [ident], names).get(ident, ())
        texts = [display.show(model.fields[name], value, country) for name, value in zip(names, row, strict=False)]
        if table == "person" and row and row[1] and consent.no_mail(session, row[1]):
            texts[1] += " (pidió no recibir correos)"
        found += [text for text in texts if text and text not in found]
    return " · ".join(found)


def _quotes(session: Session, client_id: int) -> tuple[QuoteRow, ...]:
    wanted = lists.ListFilter("quote", (lists.Criterion("client", "in", (client_id,)),), sort=("-date", "-number"))
    ids = lists.load_ids(session, wanted, QUOTES_SHOWN).ids.tolist()
    rows = lists.load_rows(session, "quote", ids, _QUOTE_COLUMNS)
    shown, country = Quote.fields["total"], settings.read(session).country
    found = []
    for ident in ids:
        number, date, subject, status, total, currency = rows[ident]
        text = display.show(shown, total, country, currency)
        label, tone = _state(status)
        found.append(QuoteRow(ident, number, date, subject, label, tone, text))
    return tuple(found)


def _state(status: str) -> tuple[str, str]:
    known = next((each for each in QuoteStatus if each == status), None)
    return (known.label, known.tone) if known else (str(status), "")


def ensure_action(session: Session, text: str) -> tuple[int, str]:
    """Return id and name of the catalogue's action called ``text``, adding it when there is none.

    Raises ValidationError when it cannot be a name of the catalogue.
    """
    ident = vocabulary.find_action(session, text)
    if ident is not None:
        return ident, session.get_one(ActionType, ident).name
    saved = saving.save(session, records.blank(session, "action_type", {"name": text}).draft)
    return saved.id, saved.title
