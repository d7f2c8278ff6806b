"""How clients hang together: no circles, and relations seen from both sides."""

import pytest
from sqlalchemy import select

from db.models.client_link import ClientLink, ClientTie
from oficrm import deleting, history, related, restoring, undo
from oficrm.errors import Refused, ValidationError
from tests.oficrm.people.conftest import Clerk


@pytest.fixture
def three(clerk: Clerk) -> list[int]:
    return [clerk.save("client", name=name) for name in ("Uno", "Dos", "Tres")]


def test_no_circle_of_clients_however_long(clerk: Clerk, three: list[int]) -> None:
    one, two, last = three
    clerk.save("client", two, parent_client=one)
    clerk.save("client", last, parent_client=two)
    with pytest.raises(ValidationError) as caught:
        clerk.save("client", one, parent_client=last)
    assert set(caught.value.errors) == {"parent_client"}
    assert clerk.values("client", one)["parent_client"] is None


def test_undoing_cannot_close_a_circle(clerk: Clerk, three: list[int]) -> None:
    one, two, _ = three
    clerk.save("client", two, parent_client=one)
    clerk.save("client", two, parent_client=None)
    freed = clerk.read(history.activity)[0].id
    clerk.save("client", one, parent_client=two)
    with pytest.raises(Refused, match="vuelta"):
        clerk.write(lambda s: undo.undo(s, freed))
    assert clerk.values("client", two)["parent_client"] is None


def kinds(clerk: Clerk, client: int) -> list[tuple[int, str]]:
    statement = select(ClientLink.other_client_id, ClientLink.kind).where(
        ClientLink.client_id == client, ClientLink.deleted_at.is_(None)
    )
    return [(other, str(kind)) for other, kind in clerk.read(lambda s: s.execute(statement).all())]


def test_a_relation_is_seen_from_both_sides(clerk: Clerk, three: list[int]) -> None:
    one, two, last = three
    ident = clerk.save("client_link", client=one, other_client=two, kind=ClientTie.SUBSIDIARY)
    assert kinds(clerk, one) == [(two, "subsidiary")]
    assert kinds(clerk, two) == [(one, "parent")]
    assert clerk.read(lambda s: related.counts(s, "client", two))["client_link"] == 1
    clerk.save("client_link", ident, other_client=last, kind=ClientTie.ASSOCIATE)
    assert kinds(clerk, two) == []
    assert kinds(clerk, last) == [(one, "associate")]
    clerk.write(undo.undo_last)
    assert kinds(clerk, two) == [(one, "parent")]


def test_both_sides_go_and_come_back_together(clerk: Clerk, three: list[int]) -> None:
    one, two, _ = three
    ident = clerk.save("client_link", client=one, other_client=two)
    clerk.write(lambda s: deleting.delete(s, "client_link", [ident], frozenset({deleting.DEPENDENTS})))
    assert kinds(clerk, one) == kinds(clerk, two) == []
    clerk.write(lambda s: restoring.restore_deleted(s, "client_link", ident))
    assert kinds(clerk, one)
    assert kinds(clerk, two)


def test_the_same_relation_is_kept_once(clerk: Clerk, three: list[int]) -> None:
    one, two, _ = three
    clerk.save("client_link", client=one, other_client=two)
    with pytest.raises(ValidationError, match="ya existe"):
        clerk.save("client_link", client=one, other_client=two)
    with pytest.raises(ValidationError, match="consigo mismo"):
        clerk.save("client_link", client=one, other_client=one)
