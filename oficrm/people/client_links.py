"""Relations between clients: each is kept with its mirror, what it is seen from the other side."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client_link import INVERSE, ClientLink, ClientTie
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
    """Two clients are related in one way only once, and nobody stands above itself."""
    same = select(ClientLink.id).where(
        ClientLink.client_id == relation.client_id, ClientLink.other_client_id == relation.other_client_id,
        ClientLink.kind == relation.kind, ClientLink.deleted_at.is_(None), ClientLink.id != relation.id,
    )  # fmt: skip
    if relation.deleted_at is None and session.scalar(same.limit(1)) is not None:
        yield Problem("other_client", "Esa relación ya existe.")
    if relation.deleted_at is None and relation.kind in (ClientTie.PARENT, ClientTie.SUBSIDIARY):
        ends = (relation.client_id, relation.other_client_id)
        child, parent = ends if relation.kind == ClientTie.PARENT else ends[::-1]
        if child in _above(session, parent):
            yield Problem("other_client", "Ya depende de este, directamente o no: la jerarquía daría una vuelta.")


def _above(session: Session, ident: int) -> set[int]:
    """All clients above one, level by level; who stands above itself is among them."""
    found: set[int] = set()
    level = {ident}
    while level:
        parents = select(ClientLink.other_client_id).where(
            ClientLink.client_id.in_(level), ClientLink.kind == ClientTie.PARENT, ClientLink.deleted_at.is_(None)
        )
        level = set(session.scalars(parents)) - found
        found |= level
    return found


HOOKS = Hooks(after=_after, sound=_sound)
