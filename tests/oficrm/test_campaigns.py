"""Campaigns: who takes part, how they respond, who may be written to, and figures that equal a recount."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.history import operation
from db.models.campaign import CampaignMember
from db.models.opportunity import Opportunity
from db.models.person import Person
from oficrm import campaigns, clock, deleting, linking, mass_edit, undo
from oficrm.errors import Refused, ValidationError
from tests.support.trade import Trade, open_trade

D = Decimal
LATER = "2027-03-01"


@pytest.fixture
def trade(started_url: str) -> Iterator[Trade]:
    with open_trade(started_url) as made:
        yield made


@pytest.fixture
def campaign(trade: Trade) -> int:
    return trade.save("campaign", name="Feria de otoño", start_date="2026-09-01", expected_close_date=LATER)


def person(trade: Trade, name: str, **values: Any) -> int:
    return trade.save("person", first_name=name, last_name="Gil", **({"email": f"{name}@x.es".lower()} | values))


def member(trade: Trade, campaign: int, who: int, **values: Any) -> int:
    return trade.save("campaign_member", campaign=campaign, member=f"person:{who}", **values)


# --- responses


def test_a_response_has_its_day_and_counts(trade: Trade, campaign: int) -> None:
    some = [member(trade, campaign, person(trade, name)) for name in ("Marta", "Luis", "Ana")]
    assert trade.run("campaign_member", "to_sent", *some).sentence == "Marcar enviado: 3 miembros de campañas."
    assert trade.get("campaign", campaign, "actual_responses") == 0
    trade.run("campaign_member", "to_interested", *some[:2])
    assert trade.get("campaign_member", some[0], "responded_on") == clock.today()
    assert [trade.get("campaign", campaign, name) for name in ("member_count", "actual_responses")] == [3, 2]
    trade.run("campaign_member", "to_sent", some[0])
    assert trade.get("campaign_member", some[0], "responded_on") is None
    assert trade.get("campaign", campaign, "actual_responses") == 1


def test_the_day_of_a_response_may_be_told(trade: Trade, campaign: int) -> None:
    ident = member(trade, campaign, person(trade, "Marta"), status="responded", responded_on="2026-10-02")
    trade.go("campaign_member", ident, "interested")
    assert str(trade.get("campaign_member", ident, "responded_on")) == "2026-10-02"


def test_leaving_is_asked_and_stops_the_mail(trade: Trade, campaign: int) -> None:
    who = person(trade, "Marta")
    ident = member(trade, campaign, who)
    asked = trade.asked(lambda: trade.go("campaign_member", ident, "unsubscribed"))
    assert (asked.code, asked.accept) == (campaigns.OPT_OUT, "Dar de baja")
    assert not trade.get("person", who, "email_opt_out")
    trade.go("campaign_member", ident, "unsubscribed", campaigns.OPT_OUT)
    assert trade.get("person", who, "email_opt_out")
    with trade.job() as session:
        undo.undo_last(session)
    assert not trade.get("person", who, "email_opt_out")
    assert trade.get("campaign_member", ident, "status") == "to_contact"


def test_a_firm_leaves_without_a_question(trade: Trade, campaign: int) -> None:
    ident = trade.save("campaign_member", campaign=campaign, member=f"client:{trade.client}")
    trade.go("campaign_member", ident, "unsubscribed")
    assert trade.get("campaign_member", ident, "status") == "unsubscribed"


# --- who takes part


def test_everybody_takes_part_once(trade: Trade, campaign: int) -> None:
    who = person(trade, "Marta")
    first = member(trade, campaign, who)
    assert trade.refused(lambda: member(trade, campaign, who)) == "Ya es miembro de esta campaña."
    other = trade.save("campaign", name="Otra", expected_close_date=LATER)
    member(trade, other, who)
    trade.save("campaign_member", campaign=campaign, member=f"client:{trade.client}")
    with trade.job() as session:
        deleting.delete(session, "campaign_member", [first])
    away = undo.last(trade.session)
    member(trade, campaign, who)
    with pytest.raises(Refused, match="No se puede deshacer: Ya es miembro"), trade.job() as session:
        undo.undo(session, away)


def test_many_clients_and_persons_join_a_campaign_at_once(trade: Trade, campaign: int) -> None:
    clients = [trade.client, trade.save("client", name="Talleres Ruiz")]
    people = [person(trade, name) for name in ("Marta", "Luis")]
    for target, some in (("client", clients), ("person", people)):
        wanted = next(each for each in linking.selections(linking.selection("campaign", "campaign_member").relation,
                                                          "campaign") if each.target == target)  # fmt: skip
        with trade.job() as session:
            linking.link(session, wanted, campaign, some)
    assert trade.get("campaign", campaign, "member_count") == 4
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("campaign", campaign, "member_count") == 2


def test_many_of_a_list_are_added_to_a_campaign(trade: Trade, campaign: int) -> None:
    people = [person(trade, name) for name in ("Marta", "Luis", "Ana")]
    member(trade, campaign, people[0])
    wanted = linking.selection("person", "campaign_member")
    with trade.job() as session:
        sentence = linking.link_all(session, wanted, people, [campaign])
    number = trade.get("campaign", campaign, "title")
    assert sentence == f"Se han vinculado 2 personas a «{number}»; 1 ya lo estaba."
    assert trade.get("campaign", campaign, "member_count") == 3
    with pytest.raises(Refused, match="Ya estaban todos"), trade.job() as session:
        linking.link_all(session, wanted, people, [campaign])
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("campaign", campaign, "member_count") == 1


def test_too_many_links_at_once_are_refused_before_anything_is_written(
    trade: Trade, campaign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "MOST", 2)
    people = [person(trade, name) for name in ("Marta", "Luis", "Ana")]
    with pytest.raises(Refused, match="como mucho 2"), trade.job() as session:
        linking.link_all(session, linking.selection("person", "campaign_member"), people, [campaign])
    assert trade.get("campaign", campaign, "member_count") == 0


# --- writing to them


def test_writing_skips_who_wants_no_mail_and_who_has_no_address(trade: Trade, campaign: int) -> None:
    firm = trade.save("client", name="Óptica Central", email="Hola@Optica.es")
    trade.save("campaign_member", campaign=campaign, member=f"client:{firm}")
    for name, values in (("Marta", {}), ("Luis", {"email_opt_out": True}), ("Ana", {"email": None})):
        member(trade, campaign, person(trade, name, **values))
    gone = member(trade, campaign, person(trade, "Pau"))
    trade.go("campaign_member", gone, "unsubscribed", campaigns.OPT_OUT)
    outcome = trade.run("campaign", "write_to_members", campaign)
    assert sorted(outcome.write_to) == ["hola@optica.es", "marta@x.es"]
    assert outcome.sentence == (
        "Correo para 2 miembros, en copia oculta. Se saltan 2 sin permiso para escribirles y 1 sin dirección."
    )


def test_only_the_chosen_members_are_written_to(trade: Trade, campaign: int) -> None:
    some = [member(trade, campaign, person(trade, name)) for name in ("Marta", "Luis", "Ana")]
    outcome = trade.run("campaign_member", "write_to", *some[:2])
    assert (outcome.write_to, outcome.sentence) == (
        ("marta@x.es", "luis@x.es"),
        "Correo para 2 miembros, en copia oculta.",
    )


def test_writing_to_nobody_says_why(trade: Trade, campaign: int) -> None:
    assert trade.refused(lambda: trade.run("campaign", "write_to_members", campaign)) == "La campaña no tiene miembros."
    member(trade, campaign, person(trade, "Luis", email_opt_out=True))
    text = trade.refused(lambda: trade.run("campaign", "write_to_members", campaign))
    assert text == "No hay a quién escribir: 1 sin permiso para escribirles."


# --- figures


def test_what_was_won_counts_in_the_money_of_the_company(trade: Trade, campaign: int) -> None:
    trade.save("campaign", campaign, actual_cost=100)
    won: dict[str, Any] = {"client": trade.client, "campaign": campaign, "stage": "won"}
    trade.save("opportunity", name="De aquí", amount=100, **won)
    abroad = trade.save("opportunity", name="De fuera", amount=100, currency="USD", exchange_rate=D("0.9"), **won)
    assert trade.get("campaign", campaign, "actual_revenue") == 190
    assert trade.get("campaign", campaign, "roi") == 90
    trade.save("opportunity", abroad, exchange_rate=D("0.8"))
    assert trade.get("campaign", campaign, "actual_revenue") == 180
    again = trade.save("opportunity", name="Con el último cambio", amount=10, currency="USD", **won)
    assert trade.get("opportunity", again, "exchange_rate") == D("0.8")
    with pytest.raises(ValidationError, match="cuántos EUR vale un GBP"):
        trade.save("opportunity", name="Sin cambio", amount=10, currency="GBP", **won)


def roi(earned: Decimal, cost: Decimal | None) -> Decimal | None:
    return ((earned - cost) * 100 / cost).quantize(D("0.01"), ROUND_HALF_UP) if cost else None


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    amounts=st.lists(st.decimals(0, 10**9, places=4), max_size=3),
    cost=st.none() | st.decimals(D("0.0001"), 10**8, places=4) | st.just(D(0)),
)
@example(amounts=[D(19_999)], cost=D(20_000))
@example(amounts=[D(20_001)], cost=D(20_000))
@example(amounts=[D(2)], cost=D(3))
@example(amounts=[], cost=D(5))
def test_the_return_is_rounded_half_up_also_below_nothing(
    trade: Trade, amounts: list[Decimal], cost: Decimal | None
) -> None:
    ident = trade.save("campaign", name="Prueba", expected_close_date=LATER, actual_cost=cost)
    with trade.job() as session, operation(session, "Prueba"):
        session.add_all(
            Opportunity(name="Trato", client_id=trade.client, stage="won", amount=each, campaign_id=ident, extra={},
                        number=f"X-{ident}-{at}", probability=D(100), expected_close_date=clock.today())
            for at, each in enumerate(amounts)
        )  # fmt: skip
    earned = sum(amounts, D(0))
    assert trade.get("campaign", ident, "actual_revenue") == earned
    assert trade.get("campaign", ident, "roi") == roi(earned, cost)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deal"), st.decimals(0, 9999, places=2)),
        st.tuples(st.just("join"), st.none()),
        st.tuples(st.sampled_from(("won", "open", "drop", "out")), st.integers(0, 5)),
        st.tuples(st.just("answer"), st.sampled_from(("sent", "opened", "responded", "interested", "rejected"))),
        st.tuples(st.just("cost"), st.decimals(0, 9999, places=2)),
        st.tuples(st.sampled_from(("undo", "redo")), st.none()),
    ),
    min_size=3, max_size=10,
)  # fmt: skip


class Run:
    """One campaign to which things happen, some of them by the hundred."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.campaign = trade.save("campaign", name="Prueba", expected_close_date=LATER, actual_cost=D(3))
        self.base = undo.last(trade.session)
        self.deals: list[int] = []
        self.members: list[int] = []

    def do(self, step: str, value: Any) -> None:
        trade, chosen = self.trade, self._chosen(step, value)
        match step:
            case "deal":
                self.deals.append(trade.save("opportunity", name="Trato", client=trade.client, amount=value,
                                             campaign=self.campaign, stage="won"))  # fmt: skip
            case "join":
                who = person(trade, f"Marta {len(self.members)} {self.campaign}", email=None)
                self.members.append(member(trade, self.campaign, who))
            case "won" | "open" if chosen:
                trade.save("opportunity", chosen[0], stage="won" if step == "won" else "proposal")
            case "drop" | "out" if chosen:
                with trade.job() as session:
                    deleting.delete(session, "opportunity" if step == "drop" else "campaign_member", chosen)
            case "answer" if self.members:
                self._mass("campaign_member", self.members, "status", value)
            case "cost":
                self._mass("campaign", [self.campaign], "actual_cost", value)
            case "undo" | "redo":
                with trade.job() as session:
                    if step == "redo":
                        undo.redo_last(session)
                    elif undo.last(session) > self.base:
                        undo.undo_last(session)

    def _chosen(self, step: str, value: Any) -> list[int]:
        known = self.members if step == "out" else self.deals
        return [known[value % len(known)]] if isinstance(value, int) and known else []

    def _mass(self, table: str, ids: list[int], name: str, value: Any) -> None:
        with self.trade.job() as session:
            mass_edit.apply(session, mass_edit.preview(session, mass_edit.frozen(session, table, ids, name), value))

    def check(self) -> None:
        """Compare with a recount in Python."""
        trade = self.trade
        answers = trade.session.scalars(select(CampaignMember.status).where(
            CampaignMember.campaign_id == self.campaign, CampaignMember.deleted_at.is_(None))).all()  # fmt: skip
        deals = trade.session.execute(select(Opportunity.amount, Opportunity.stage).where(
            Opportunity.campaign_id == self.campaign, Opportunity.deleted_at.is_(None))).all()  # fmt: skip
        earned = sum((each.amount for each in deals if each.stage == "won"), D(0))
        names = ("member_count", "actual_responses", "actual_revenue", "roi")
        assert [trade.get("campaign", self.campaign, name) for name in names] == [
            len(answers), sum(each in ("responded", "interested", "rejected") for each in answers), earned,
            roi(earned, trade.get("campaign", self.campaign, "actual_cost")),
        ]  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_figures_equal_a_recount_after_anything(trade: Trade, steps: list[tuple[str, Any]]) -> None:
    run = Run(trade)
    for step, value in steps:
        try:
            run.do(step, value)
        except Refused:
            trade.session.rollback()
        run.check()


def test_a_campaign_ends_after_it_begins(trade: Trade) -> None:
    text = trade.refused(lambda: trade.save("campaign", name="X", start_date="2026-03-02",
                                            expected_close_date="2026-03-01"))  # fmt: skip
    assert text == "El cierre no puede ser anterior al inicio."


def test_states_follow_each_other(trade: Trade, campaign: int) -> None:
    assert "Una campaña «Planeada» no puede pasar a ese estado." in trade.refused(
        lambda: trade.go("campaign", campaign, "paused")
    )
    trade.go("campaign", campaign, "active")
    trade.go("campaign", campaign, "paused")


def test_a_person_deleted_leaves_the_campaign_with_it(trade: Trade, campaign: int) -> None:
    who = person(trade, "Marta")
    member(trade, campaign, who)
    asked = trade.asked(lambda: deleting.delete(trade.session, "person", [who]))
    assert "1 miembro de campaña" in str(asked)
    with trade.job() as session:
        deleting.delete(session, "person", [who], frozenset({asked.code}))
    assert trade.get("campaign", campaign, "member_count") == 0
    assert trade.session.get_one(Person, who).deleted_at is not None
