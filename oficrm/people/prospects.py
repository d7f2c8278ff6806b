"""Prospects that become clients: a client and a person, and an opportunity where it is wanted, in one operation."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.client import Client
from db.models.prospect import Prospect, ProspectStatus
from db.text import sort_fold
from oficrm import clock, commands, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Values
from oficrm.errors import NeedsConfirmation, Refused

EXISTING = "existing_client"
OPEN = frozenset({ProspectStatus.NEW, ProspectStatus.CONTACTED, ProspectStatus.QUALIFIED})


def convert(session: Session, ident: int, accepted: frozenset[str], *, with_opportunity: bool) -> Outcome:
    """Turn a prospect into client and person; return what was made.

    Raises NeedsConfirmation where a client of that name is there already (the person joins it), Refused for one that is
    converted or discarded, or whose values a client or person may not have.
    """
    prospect = records.get(session, Prospect, ident)
    assert isinstance(prospect, Prospect)
    if prospect.status not in OPEN or prospect.deleted_at is not None:
        raise Refused(f"«{prospect.title}» no se puede convertir: {_state(prospect)}.")
    name = prospect.company or f"{prospect.first_name} {prospect.last_name or ''}".strip()
    client = _existing(session, name, accepted)
    with operation(session, f"Convertir prospecto {prospect.title}") as done:
        made = []
        if client is None:
            client = _make(session, "client", _client_values(prospect, name), accepted)
            made.append("cliente")
        person = _make(session, "person", _person_values(prospect, client), accepted)
        made.append("persona")
        opportunity = None
        if with_opportunity:
            opportunity = _make(session, "opportunity", _opportunity_values(prospect, client, person, name), accepted)
            made.append("oportunidad")
        prospect.client_id, prospect.person_id, prospect.opportunity_id = client, person, opportunity
        prospect.status, prospect.converted_at = ProspectStatus.CONVERTED, clock.now()
        session.flush()
        done.label = f"Convertir prospecto {prospect.title}"[:300]  # saving what it makes has added their names
        session.info["last_operation"] = (done.id, done.label)
    listed = ", ".join(made[:-1]) + (" y " if len(made) > 1 else "") + made[-1]
    return Outcome(f"«{prospect.title}» convertido: {listed}.", ("client", client))


def _state(prospect: Prospect) -> str:
    return "está en la papelera" if prospect.deleted_at is not None else f"está {prospect.status.label.lower()}"  # type: ignore[attr-defined]


def _existing(session: Session, name: str, accepted: frozenset[str]) -> int | None:
    """The client that the person joins, None to make one."""
    same = select(Client.id).where(Client.sort_key == sort_fold(name), Client.deleted_at.is_(None))
    found = session.scalar(same.limit(1))
    if found is not None and EXISTING not in accepted:
        text = f"Ya hay un cliente con el nombre «{name}». La persona se añadirá a él."
        raise NeedsConfirmation(EXISTING, text, "Añadir a ese cliente")
    return found


def _make(session: Session, table: str, values: Values, accepted: frozenset[str]) -> int:
    """Save a new record; fields outside the form are given too."""
    made = records.blank(session, table, {name: value for name, value in values.items() if value is not None})
    made.draft.accepted = accepted
    return commands.save(session, made.draft).id


def _client_values(prospect: Prospect, name: str) -> Values:
    """What the firm takes over; the e-mail is the person's unless there is no firm."""
    return {
        "name": name, "phone": prospect.phone, "website": prospect.website, "city": prospect.city,
        "country": prospect.country, "salesperson": prospect.salesperson_id, "notes": prospect.notes,
    }  # fmt: skip


def _person_values(prospect: Prospect, client: int) -> Values:
    return {
        "first_name": prospect.first_name, "last_name": prospect.last_name or "—", "client": client,
        "job_title": prospect.job_title, "email": prospect.email, "mobile_phone": prospect.mobile_phone,
        "home_phone": prospect.phone, "lead_source": prospect.lead_source, "salesperson": prospect.salesperson_id,
        "from_prospect": True,
    }  # fmt: skip


def _opportunity_values(prospect: Prospect, client: int, person: int, name: str) -> Values:
    return {
        "name": f"Primera venta a {name}", "client": client, "person": person, "campaign": prospect.campaign_id,
        "lead_source": prospect.lead_source, "salesperson": prospect.salesperson_id,
    }  # fmt: skip


def _convert(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    return convert(session, ids[0], accepted, with_opportunity=False)


def _convert_with_opportunity(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    return convert(session, ids[0], accepted, with_opportunity=True)


COMMANDS = (
    Command("convert", "Convertir en cliente y persona", "client", _convert, states=OPEN),
    Command("convert_opportunity", "Convertir, con oportunidad", "opportunity", _convert_with_opportunity, states=OPEN),
)
