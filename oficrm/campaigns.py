"""Campaigns: everybody takes part once, who wants no more mail gets none, and the members that may be written to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.models.campaign import CampaignMember, MemberStatus
from db.models.client import Client
from db.models.person import Person
from db.record import Problem
from oficrm import flows, linking
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.hooks import Hooks
from oficrm.mail import consent

OPT_OUT = "opt_out"
"""Confirmation: the person of a member who leaves is not written to any more at all."""


def _before(session: Session, member: CampaignMember, draft: Draft) -> None:
    person = _leaving(session, member, draft)
    if person is not None and OPT_OUT not in draft.accepted:
        text = f"{person.title} pide la baja: en su ficha se marcará «No enviar correos» y no se le escribirá más."
        raise NeedsConfirmation(OPT_OUT, text, "Dar de baja")


def _after(session: Session, member: CampaignMember, draft: Draft) -> None:
    person = _leaving(session, member, draft)
    if person is not None:
        person.email_opt_out = True


def _leaving(session: Session, member: CampaignMember, draft: Draft) -> Person | None:
    """The person that this very saving signs off, None for firms and for who gets no mail anyway."""
    if member.person_id is None or not flows.entered(member, draft, MemberStatus.UNSUBSCRIBED):
        return None
    person = session.get_one(Person, member.person_id)
    return None if person.email_opt_out else person


def _once(session: Session, member: CampaignMember) -> Iterator[Problem]:
    """A client or person takes part in a campaign once."""
    if member.deleted_at is not None:
        return
    same = select(CampaignMember.id).where(
        CampaignMember.campaign_id == member.campaign_id, CampaignMember.deleted_at.is_(None),
        CampaignMember.client_id.is_not_distinct_from(member.client_id),
        CampaignMember.person_id.is_not_distinct_from(member.person_id), CampaignMember.id != member.id,
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        yield Problem("member", "Ya es miembro de esta campaña.")


MEMBER_HOOKS = Hooks(before=_before, after=_after, sound=_once)


def _write_to_members(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    """The members of one campaign."""
    return _letter(session, [CampaignMember.campaign_id == ids[0]])


def _write_to_chosen(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    """The members chosen in a list."""
    return _letter(session, [CampaignMember.id.in_(part) for part in chunks(list(ids))])


def _letter(session: Session, parts: Sequence[ColumnElement[bool]]) -> Outcome:
    """Return to whom mail may go, and how many are left out and why. Raises Refused when nobody is left."""
    found = [(address, status) for part in parts for address, status in session.execute(_addresses().where(part))]
    refused = consent.refusing(session, [address for address, _ in found if address])
    skipped: Counter[str] = Counter()
    written: dict[str, str] = {}
    for address, status in found:
        if status == MemberStatus.UNSUBSCRIBED or address.lower() in refused:
            skipped["sin permiso para escribirles"] += 1
        elif not address:
            skipped["sin dirección"] += 1
        else:
            written[address.lower()] = address
    left_out = " y ".join(f"{count} {why}" for why, count in skipped.items())
    if not written:
        raise Refused(f"No hay a quién escribir: {left_out}." if left_out else "La campaña no tiene miembros.")
    count = "un miembro" if len(written) == 1 else f"{len(written)} miembros"
    rest = f" Se {'salta' if skipped.total() == 1 else 'saltan'} {left_out}." if left_out else ""
    return Outcome(f"Correo para {count}, en copia oculta.{rest}", write_to=tuple(written.values()))


def _addresses() -> Select[str, str]:
    """Address and response of each live member: the person's, else the client's; "" for none."""
    return (
        select(func.coalesce(Person.email, Client.email, ""), CampaignMember.status)
        .outerjoin(Person, Person.id == CampaignMember.person_id)
        .outerjoin(Client, Client.id == CampaignMember.client_id)
        .where(CampaignMember.deleted_at.is_(None)).order_by(CampaignMember.id)
    )  # fmt: skip


def _adding(table: str) -> Command:
    """Return the command that puts clients or persons, many at once, into a campaign that is chosen then."""
    campaigns = partial(linking.selection, table, "campaign_member")
    return Command("add_to_campaign", "Añadir a campaña…", "campaign", select=campaigns, many=True)


COMMANDS = (Command("write_to_members", "Escribir a los miembros", "email", run=_write_to_members),)
MEMBER_COMMANDS = (Command("write_to", "Escribir un correo", "email", run=_write_to_chosen, many=True),)
OF_CLIENTS, OF_PERSONS = (_adding("client"),), (_adding("person"),)
