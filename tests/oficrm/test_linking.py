"""Linking records that exist: the three shapes, what is linked already, what is asked, and one undo for all of it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.asset import AssetAssignment
from db.models.calendar_item import CalendarLink
from db.models.campaign import CampaignMember
from db.models.person import Person
from db.models.product_link import ProductLink
from db.models.project import Project
from db.registry import modules
from oficrm import clock, linking, records, related, saving, undo
from oficrm.drafts import LineDraft
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.jobs import Jobs
from oficrm.linking import Selection
from oficrm.related import Related

TODAY = dt.date(2026, 11, 21)


def relation(table: str, other: str) -> Related:
    return next(each for each in related.related(table) if each.table == other)


def selection(table: str, other: str, target: str = "") -> Selection:
    return next(each for each in linking.selections(relation(table, other), table) if target in ("", each.target))


class Desk:
    """A client, a person of it, and what may be linked to them."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.client = self.save("client", name="Talleres Ruiz")
        self.person = self.save("person", first_name="Marta", last_name="Gil", client=self.client)

    def write(self, job: Any) -> Any:
        return self.jobs.write(job).result().value

    def read(self, job: Any) -> Any:
        return self.jobs.read(job).result()

    def save(self, table: str, lines: dict[str, list[LineDraft]] | None = None, **values: Any) -> int:
        def job(session: Session) -> int:
            draft = records.blank(session, table).draft
            draft.values |= values
            draft.lines |= lines or {}
            return saving.save(session, draft).id

        return int(self.write(job))

    def link(self, wanted: Selection, ident: int, *chosen: int, accepted: str = "") -> str:
        codes = frozenset(accepted.split())
        return str(self.write(lambda s: linking.link(s, wanted, ident, chosen, codes)))

    def unlink(self, table: str, other: str, ident: int, *chosen: int) -> str:
        return str(self.write(lambda s: linking.unlink(s, relation(table, other), table, ident, chosen)))

    def undo(self) -> None:
        self.write(lambda s: undo.undo(s, undo.last(s)))

    def column(self, statement: Any) -> list[Any]:
        return list(self.read(lambda s: s.scalars(statement).all()))

    def counts(self, table: str, ident: int, other: str) -> int:
        return int(self.read(lambda s: related.counts(s, table, ident))[other])


@pytest.fixture
def desk(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    jobs = Jobs(started_url, Actor("ana"))
    yield Desk(jobs)
    jobs.close()


def products(desk: Desk, count: int) -> list[int]:
    return [desk.save("product", name=f"Taladro {at}", sku=f"T-{at}", sale_price="100") for at in range(count)]


def test_products_are_linked_to_a_person_with_the_defaults_of_the_form(desk: Desk) -> None:
    some = products(desk, 3)
    sentence = desk.link(selection("person", "product_link"), desk.person, *some)
    assert sentence == "Se han vinculado 3 inventariables a «Marta Gil»."
    ties = desk.column(select(ProductLink).order_by(ProductLink.product_id))
    assert [(tie.product_id, tie.person_id, tie.client_id, tie.kind, tie.date) for tie in ties] == [
        (ident, desk.person, desk.client, "interest", TODAY) for ident in some
    ]
    desk.undo()
    assert desk.counts("person", desk.person, "product_link") == 0


def test_what_is_linked_already_is_left_and_said(desk: Desk) -> None:
    wanted = selection("client", "product_link")
    first, second = products(desk, 2)
    assert desk.link(wanted, desk.client, first) == "«Taladro 0» queda vinculado a «Talleres Ruiz»."
    sentence = desk.link(wanted, desk.client, first, second, second)
    assert sentence == "«Taladro 1» queda vinculado a «Talleres Ruiz»; 1 ya lo estaba."
    with pytest.raises(Refused, match="Ya estaban todos vinculados"):
        desk.link(wanted, desk.client, first, second)
    assert desk.counts("client", desk.client, "product_link") == 2


def test_an_assignment_that_is_over_does_not_stand_in_the_way(desk: Desk) -> None:
    asset = desk.save("asset", name="Portátil")
    desk.save("asset_assignment", asset=asset, person=desk.person, start_date="01/01/2026", end_date="01/02/2026")
    desk.link(selection("person", "asset_assignment"), desk.person, asset)
    ends = desk.column(select(AssetAssignment.end_date).order_by(AssetAssignment.id))
    assert ends == [dt.date(2026, 2, 1), None]


def test_a_campaign_takes_clients_and_persons_as_members(desk: Desk) -> None:
    campaign = desk.save("campaign", name="Otoño", expected_close_date="31/12/2026")
    names = [each.name for each in linking.selections(relation("campaign", "campaign_member"), "campaign")]
    assert names == ["campaign_member_person", "campaign_member_client"]
    desk.link(selection("campaign", "campaign_member", "client"), campaign, desk.client)
    desk.link(selection("campaign", "campaign_member", "person"), campaign, desk.person)
    members = desk.column(select(CampaignMember).order_by(CampaignMember.id))
    assert [(each.client_id, each.person_id) for each in members] == [(desk.client, None), (None, desk.person)]


def test_an_activity_is_filed_under_one_more_record_and_let_go_again(desk: Desk) -> None:
    line = LineDraft(None, {"record": f"person:{desk.person}"})
    item = desk.save("calendar_item", {"calendar_link": [line]}, subject="Visita")
    desk.link(selection("client", "calendar_item"), desk.client, item)
    assert desk.counts("client", desk.client, "calendar_item") == 1
    assert (
        desk.unlink("client", "calendar_item", desk.client, item) == "Sin vínculo ya con «Talleres Ruiz»: 1 actividad."
    )
    places = select(CalendarLink.record).where(CalendarLink.deleted_at.is_(None))
    assert desk.column(places) == [f"person:{desk.person}"]
    desk.undo()
    assert desk.counts("client", desk.client, "calendar_item") == 1


def test_an_optional_link_moves_only_after_it_was_asked(desk: Desk) -> None:
    other = desk.save("client", name="Óptica Central")
    free = desk.save("project", name="Reforma")
    held = desk.save("project", name="Web", client=other)
    wanted = selection("client", "project")
    with pytest.raises(NeedsConfirmation, match=r"«Web» \(Óptica Central\) depende ahora de otro cliente") as asked:
        desk.link(wanted, desk.client, free, held)
    assert desk.counts("client", desk.client, "project") == 0
    desk.link(wanted, desk.client, free, held, accepted=asked.value.code)
    assert desk.counts("client", desk.client, "project") == 2
    desk.undo()
    assert desk.column(select(Project.client_id).order_by(Project.id)) == [None, other]


def test_letting_go_of_a_person_empties_its_client_in_one_operation(desk: Desk) -> None:
    another = desk.save("person", first_name="Luis", last_name="Mora", client=desk.client)
    desk.unlink("client", "person", desk.client, desk.person, another)
    assert desk.column(select(Person.client_id)) == [None, None]
    desk.undo()
    assert desk.column(select(Person.client_id)) == [desk.client, desk.client]


def test_letting_go_of_what_only_joins_two_puts_it_into_the_trash(desk: Desk) -> None:
    desk.link(selection("client", "product_link"), desk.client, *products(desk, 2))
    ties = desk.column(select(ProductLink.id))
    desk.unlink("client", "product_link", desk.client, *ties)
    assert desk.counts("client", desk.client, "product_link") == 0
    desk.undo()
    assert desk.counts("client", desk.client, "product_link") == 2


def test_a_rule_that_forbids_one_leaves_all_as_they_were(desk: Desk) -> None:
    below = desk.save("client", name="Nave dos", parent_client=desk.client)
    free = desk.save("client", name="Nave tres")
    with pytest.raises(Refused):
        desk.link(selection("client", "client"), below, free, desk.client)
    assert desk.counts("client", below, "client") == 0


def test_what_belongs_to_one_client_only_is_not_offered() -> None:
    offered = {each.table for each in related.related("client") if linking.can_select(each, "client")}
    assert {"product_link", "service_link", "asset_assignment", "campaign_member", "project", "person", "address",
            "calendar_item", "document", "email_message", "chat_channel"} <= offered  # fmt: skip
    assert not offered & {"invoice", "quote", "support_case", "comment", "log_entry", "contact"}
    with pytest.raises(Refused, match="no se puede quitar"):
        linking.unlink(Session(), relation("client", "invoice"), "client", 1, [1])


def test_the_candidates_for_a_person_are_those_of_its_client(desk: Desk) -> None:
    wanted = selection("person", "sales_order")
    assert desk.read(lambda s: linking.narrowed(s, wanted, desk.person)) == {"client": desk.client}
    assert desk.read(lambda s: linking.narrowed(s, selection("client", "project"), desk.client)) == {}


def test_every_selection_of_every_module_names_a_real_field() -> None:
    seen = 0
    for model in modules():
        for each in related.related(model.module.table) if model.screens.tabs else ():
            for wanted in linking.selections(each, model.module.table):
                seen += 1
                assert wanted.words.startswith("Seleccionar ")
                assert wanted.field in next(m for m in modules() if m.module.table == each.table).fields
    assert seen > 60
