"""Deleting: what goes along, what stands in the way, and how it comes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.client import Client
from db.models.contact import Contact
from db.models.person import Person
from oficrm import deleting, records, restoring, saving, undo
from oficrm.drafts import LineDraft
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.jobs import Jobs

ALL = frozenset({deleting.DEPENDENTS})


class Desk:
    """A client with a person and two contacts."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.client = self.save("client", name="Talleres Ruiz")
        self.person = self.save("person", first_name="Marta", last_name="Gil", client=self.client)
        for text in ("Una", "Otra"):
            self.save("contact", client=self.client, person=self.person, notes=text)

    def write(self, job: Any) -> Any:
        return self.jobs.write(job).result().value

    def save(self, table: str, lines: dict[str, list[LineDraft]] | None = None, **values: Any) -> int:
        def job(session: Session) -> int:
            draft = records.blank(session, table).draft
            draft.values |= values
            draft.lines |= lines or {}
            return saving.save(session, draft).id

        return int(self.write(job))

    def delete(self, table: str, *ids: int, accepted: frozenset[str] = frozenset()) -> str:
        return str(self.write(lambda s: deleting.delete(s, table, ids, accepted)))

    def live(self, model: Any) -> int:
        count = select(func.count()).select_from(model).where(model.deleted_at.is_(None))
        return self.jobs.read(lambda s: s.scalar(count)).result() or 0


@pytest.fixture
def desk(started_url: str) -> Iterator[Desk]:
    jobs = Jobs(started_url, Actor("ana"))
    yield Desk(jobs)
    jobs.close()


def test_what_hangs_on_a_client_is_named_first_and_goes_along(desk: Desk) -> None:
    with pytest.raises(NeedsConfirmation) as caught:
        desk.delete("client", desk.client)
    assert "2 contactos" in caught.value.text
    assert "1 persona" in caught.value.text
    assert desk.live(Client) == 1
    desk.delete("client", desk.client, accepted=ALL)
    assert (desk.live(Client), desk.live(Person), desk.live(Contact)) == (0, 0, 0)


def test_all_of_it_comes_back_by_undo_and_from_the_trash(desk: Desk) -> None:
    for back in (undo.undo_last, lambda s: restoring.restore_deleted(s, "client", desk.client)):
        desk.delete("client", desk.client, accepted=ALL)
        desk.write(back)
        assert (desk.live(Client), desk.live(Person), desk.live(Contact)) == (1, 1, 2)
    values = desk.jobs.read(lambda s: records.load(s, "person", desk.person)).result().draft.values
    assert values["client"] == desk.client


def test_a_person_leaves_its_contacts_with_its_name(desk: Desk) -> None:
    desk.delete("person", desk.person)
    ident = desk.jobs.read(lambda s: s.scalars(select(Contact.id)).first()).result() or 0
    loaded = desk.jobs.read(lambda s: records.load(s, "contact", ident)).result()
    assert loaded.titles["person"] == "Marta Gil"


def test_a_master_in_use_stays_and_says_what_to_do(desk: Desk) -> None:
    kind = desk.jobs.read(lambda s: s.scalars(select(Contact.type_id)).first()).result() or 0
    with pytest.raises(NeedsConfirmation, match=r"se usa en 2 contactos: no se puede borrar, pero sí dejar de usar"):
        desk.delete("contact_type", kind)


def test_what_is_in_use_can_be_archived_instead(desk: Desk) -> None:
    kind = desk.jobs.read(lambda s: s.scalars(select(Contact.type_id)).first()).result() or 0
    with pytest.raises(NeedsConfirmation) as asked:
        desk.delete("contact_type", kind)
    assert (asked.value.code, asked.value.accept) == (deleting.ARCHIVE, "Archivar")
    said = desk.write(lambda s: deleting.delete(s, "contact_type", [kind], frozenset({deleting.ARCHIVE})))
    assert "sin uso" in said
    assert not desk.jobs.read(lambda s: records.load(s, "contact_type", kind)).result().draft.values["is_active"]
    desk.write(undo.undo_last)
    assert desk.jobs.read(lambda s: records.load(s, "contact_type", kind)).result().draft.values["is_active"]


def test_a_product_in_a_quote_stays(desk: Desk) -> None:
    product = desk.save("product", name="Taladro", sku="T-1", sale_price="1", tax_rate="21")
    lines = {"quote_line": [LineDraft(None, {"item": f"product:{product}", "description": "x", "quantity": 1,
                                             "unit_price": 1, "tax_rate": 21})]}  # fmt: skip
    desk.save("quote", lines, subject="Oferta", client=desk.client)
    with pytest.raises(NeedsConfirmation, match="«Taladro» se usa en 1 línea"):
        desk.delete("product", product)


def test_many_go_as_one_operation(desk: Desk) -> None:
    ids = [desk.save("origin", name=f"Origen {n}") for n in range(30)]
    assert desk.delete("origin", *ids) == "Se han borrado 30 orígenes."
    desk.write(undo.undo_last)
    back = desk.jobs.read(lambda s: [records.load(s, "origin", each).deleted for each in ids]).result()
    assert not any(back)


def test_what_is_gone_cannot_be_deleted_again(desk: Desk) -> None:
    ident = desk.save("origin", name="Mercado")
    desk.delete("origin", ident)
    with pytest.raises(Refused, match="ya no existe"):
        desk.delete("origin", ident)
