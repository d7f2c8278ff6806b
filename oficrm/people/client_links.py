"""Relations between clients: each is kept with its mirror, what it is seen from the other side."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client_link import INVERSE, ClientLink
from db.record import Problem
from oficrm.drafts import Draft
from oficrm.hooks import Hooks


def _after(session: Session, relation: ClientLink, draft: Draft) -> None:
    """Make the mirror, or bring it along."""
    mirror = session.get(ClientLink, relation.mirror_id) if relation.mirror_id is not None else None
    if mirror is None or mirror.deleted_at is not None:
        mirror = ClientLink(
            client_id=relation.other_client_id, other_client_id=relation.client_id, kind=INVERSE[relation.kind],
            mirror_id=relation.id, extra={},
        )  # fmt: skip
        session.add(mirror)
        session.flush()
        relation.mirror_id = mirror.id
    mirror.client_id, mirror.other_client_id = relation.other_client_id, relation.client_id
    mirror.kind, mirror.notes = INVERSE[relation.kind], relation.notes


def _sound(session: Session, relation: ClientLink) -> Iterator[Problem]:
    """Two clients are related in one way only once."""
    same = select(ClientLink.id).where(
        ClientLink.client_id == relation.client_id, ClientLink.other_client_id == relation.other_client_id,
        ClientLink.kind == relation.kind, ClientLink.deleted_at.is_(None), ClientLink.id != relation.id,
    )  # fmt: skip
    if relation.deleted_at is None and session.scalar(same.limit(1)) is not None:
        yield Problem("other_client", "Esa relación ya existe.")


HOOKS = Hooks(after=_after, sound=_sound)
