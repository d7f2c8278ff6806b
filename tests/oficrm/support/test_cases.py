"""Cases: numbers, what fills itself in, promises in working hours, the clock that stands, who is told."""

import datetime as dt

import pytest

from db.models.service_contract import ServiceLevel
from db.models.support_case import CasePriority
from db.options import find_options
from oficrm import commands, records, settings, undo
from oficrm.errors import Refused, ValidationError
from oficrm.support import case_actions as act
from oficrm.support import sla
from tests.support.helpdesk import MONDAY

SLA = ("response_due_at", "resolution_due_at", "first_response_at", "sla_breached", "sla")


def local(value: dt.datetime) -> str:
    return f"{value.astimezone():%a %H:%M}"


def due(desk, case: int) -> tuple[str, str]:
    row = desk.row("support_case", case, *SLA)
    return local(row["response_due_at"]), local(row["resolution_due_at"])


@pytest.fixture(autouse=True)
def _at_nine(request):
    """Hours are told from nine on the Monday, wherever the test runs."""
    name = "desk" if "desk" in request.fixturenames else "one"
    request.getfixturevalue(name).set_clock(MONDAY.replace(hour=9))


def test_a_case_gets_its_number_and_whoever_has_it_is_told(desk):
    first, second = desk.case(), desk.case(title_line="Otro")
    numbers = [desk.row("support_case", ident, "number")["number"] for ident in (first, second)]
    assert numbers == ["CAS-000001", "CAS-000002"]
    assert desk.told("eva") == [
        "Caso nuevo: CAS-000002 Otro · Talleres Ruiz",
        "Caso nuevo: CAS-000001 No imprime · Talleres Ruiz",
    ]
    assert desk.told("teo") == []


def test_undoing_the_case_takes_the_notice_away_and_redoing_brings_it_back(desk):
    desk.case()
    made = desk.last_operation
    desk.write(lambda s: undo.undo(s, made))
    undone = desk.last_operation
    assert desk.told("eva") == []
    desk.write(lambda s: undo.undo(s, undone))
    assert len(desk.told("eva")) == 1


def test_who_gets_it_later_is_told_and_a_team_means_all_its_members(desk):
    case = desk.case()
    team = desk.save("team", name="Guardia", lines={"team_member": [{"user": desk.eva}, {"user": desk.teo}]})
    desk.save("support_case", case, assigned_to=f"user:{desk.teo}")
    assert desk.told("teo") == ["Caso reasignado: CAS-000001 No imprime · Talleres Ruiz"]
    desk.save("support_case", case, assigned_to=f"team:{team}")
    assert len(desk.told("teo")) == 2
    assert len(desk.told("eva")) == 2
    desk.save("support_case", case, title_line="No imprime nada")
    assert len(desk.told("teo")) == 2


@pytest.mark.parametrize(("priority", "response", "solution"), [
    ("critical", "Mon 10:00", "Mon 13:00"), ("high", "Mon 13:00", "Mon 17:00"),
    ("medium", "Mon 17:00", "Wed 15:00"), ("low", "Wed 15:00", "Wed 18:00"),
])  # fmt: skip
def test_the_priority_sets_the_times_in_working_hours(one, priority, response, solution):
    assert due(one, one.case(priority=priority)) == (response, solution)


def test_another_priority_sets_other_times_counted_from_the_opening(one):
    case = one.case(priority="low")
    one.pass_time(hours=2)
    one.save("support_case", case, priority="critical")
    assert due(one, case) == ("Mon 10:00", "Mon 13:00")
    assert one.row("support_case", case, *SLA)["sla_breached"]


def test_a_contract_promises_part_of_them(one):
    basic, premium = one.contract(service_level="basic"), one.contract(service_level="premium")
    case = one.case(priority="critical", service_contract=premium)
    assert due(one, case) == ("Mon 09:30", "Mon 11:00")
    one.save("support_case", case, service_contract=basic)
    assert due(one, case) == ("Mon 10:00", "Mon 13:00")


def test_the_times_are_those_of_parametros(one):
    changed = {"sla_high_response": "0,5", "sla_high_solution": "10", "sla_day_end": dt.time(14)}
    one.write(lambda s: settings.save(s, changed))
    assert due(one, one.case(priority="high")) == ("Mon 09:30", "Tue 14:00")
    with pytest.raises(ValidationError, match="después de empezar"):
        one.write(lambda s: settings.save(s, {"sla_day_end": dt.time(8)}))


def test_a_waiting_case_has_all_the_time_in_the_world_and_goes_on_where_it_stood(desk):
    case = desk.case(priority="high")  # Monday 17:00
    desk.pass_time(hours=2)
    desk.save("support_case", case, status="waiting")
    desk.pass_time(days=3)
    row = desk.row("support_case", case, *SLA)
    assert (row["sla_breached"], row["sla"].value) == (False, "stopped")
    desk.write(lambda s: act.attend(s, [case]))
    row = desk.row("support_case", case, *SLA, "waited_minutes")
    assert (row["waited_minutes"], local(row["resolution_due_at"])) == (3 * 9 * 60, "Thu 17:00")
    assert (row["sla_breached"], row["sla"].value) == (False, "in_time")
    desk.pass_time(hours=7)
    assert desk.row("support_case", case, *SLA)["sla"].value == "breached"


def test_what_was_late_stays_late_while_it_waits_and_after(desk):
    case = desk.case(priority="critical")
    desk.pass_time(hours=6)
    desk.save("support_case", case, status="waiting")
    desk.pass_time(days=1)
    assert desk.row("support_case", case, "sla_breached")["sla_breached"]
    desk.write(lambda s: act.attend(s, [case]))
    assert desk.row("support_case", case, "sla_breached")["sla_breached"]


def test_a_solved_case_is_judged_by_when_it_was_solved(desk):
    in_time, late = desk.case(priority="critical"), desk.case(priority="critical")
    for case, hours in ((in_time, 0.5), (late, 5)):
        desk.pass_time(hours=hours)
        desk.save("support_case", case, status="resolved", solution="Era el cable")
    desk.pass_time(days=30)
    states = [desk.row("support_case", case, "sla")["sla"].value for case in (in_time, late)]
    assert states == ["met", "breached"]


def test_reopening_is_counted_and_the_clock_stood_meanwhile(desk):
    case = desk.case(priority="high", solution="Era el cable")
    desk.pass_time(hours=1)
    desk.write(lambda s: act.resolve(s, [case]))
    desk.save("support_case", case, status="closed")
    assert desk.row("support_case", case, "closed_at")["closed_at"] == desk.now
    desk.pass_time(days=1)
    desk.write(lambda s: act.reopen(s, [case]))
    row = desk.row("support_case", case, "reopen_count", "resolved_at", "closed_at", "status", "resolution_due_at")
    assert (row["reopen_count"], row["resolved_at"], row["closed_at"]) == (1, None, None)
    assert local(row["resolution_due_at"]) == "Tue 17:00"
    desk.write(lambda s: undo.undo_last(s))
    row = desk.row("support_case", case, "reopen_count", "closed_at")
    assert row["reopen_count"] == 0
    assert row["closed_at"] is not None


@pytest.mark.parametrize("how", ["comment", "state"])
def test_the_first_response_is_a_comment_or_leaving_new(desk, how):
    case = desk.case(priority="critical")
    desk.pass_time(minutes=30)
    answered = desk.now
    if how == "comment":
        desk.save("comment", record=f"support_case:{case}", body="Lo miramos hoy")
    else:
        desk.write(lambda s: act.attend(s, [case]))
    desk.pass_time(hours=2)
    desk.save("comment", record=f"support_case:{case}", body="Seguimos")
    row = desk.row("support_case", case, *SLA)
    assert row["first_response_at"] == answered
    assert not row["sla_breached"]


def test_a_response_that_was_late_shows(desk):
    case = desk.case(priority="critical")
    desk.pass_time(hours=2)
    assert desk.row("support_case", case, "sla")["sla"].value == "breached"
    desk.save("comment", record=f"support_case:{case}", body="Perdón")
    assert desk.row("support_case", case, "sla")["sla"].value == "breached"


def test_only_what_says_how_is_solved(desk):
    case, other = desk.case(), desk.case()
    assert desk.write(lambda s: act.resolve(s, [case])).open == ("support_case", case)
    with pytest.raises(Refused, match="Escriba la solución"):
        desk.write(lambda s: act.resolve(s, [case, other]))
    with pytest.raises(ValidationError, match="Escriba la solución"):
        desk.save("support_case", case, status="resolved")
    assert desk.row("support_case", case, "status")["status"].value == "new"


def test_states_follow_each_other(desk):
    case = desk.case()
    with pytest.raises(ValidationError, match="Puede pasar a"):
        desk.save("support_case", case, status="closed", solution="Nada")
    with pytest.raises(ValidationError, match="Puede pasar a"):
        desk.save("support_case", desk.case(status="waiting"), status="closed", solution="Nada")
    solved = desk.case(status="resolved", solution="Hecho")
    with pytest.raises(Refused, match="Puede pasar a"):
        desk.write(lambda s: commands.advance(s, "support_case", [solved], "waiting"))


def test_escalating_raises_the_priority_a_step_and_tells(desk):
    case = desk.case(priority="medium")
    desk.write(lambda s: act.escalate(s, [case]))
    assert desk.row("support_case", case, "priority")["priority"].value == "high"
    assert desk.told("eva")[0] == "Caso escalado a alta: CAS-000001 No imprime · Talleres Ruiz"
    desk.write(lambda s: act.escalate(s, [case]))
    with pytest.raises(Refused, match="más alta"):
        desk.write(lambda s: act.escalate(s, [case]))
    desk.write(lambda s: undo.undo_last(s))
    assert desk.row("support_case", case, "priority")["priority"].value == "high"


def test_taking_a_case_needs_to_be_somebody(desk):
    case = desk.case()
    desk.write(lambda s: act.take(s, [case]), "teo")
    assert desk.row("support_case", case, "assigned_to")["assigned_to"] == "Teo"
    with pytest.raises(Refused, match="Usuarios"):
        desk.write(lambda s: act.take(s, [case]), "nadie")


def test_the_client_comes_with_the_person_and_the_asset(desk):
    asset = desk.save("asset", name="Impresora")
    desk.save("asset_assignment", asset=asset, person=2, start_date=desk.now.date())
    for given in ({"person": 2}, {"asset": asset}):
        values = desk.read(lambda s, given=given: records.blank(s, "support_case", given)).draft.values
        assert (values["client"], values["person"]) == (2, 2)
    service = desk.save("service", name="Montaje", code="MON")
    values = desk.read(lambda s: records.blank(s, "support_case", {"service": service})).draft.values
    assert (values["service"], values["client"]) == (service, None)


def test_only_persons_of_the_client_and_its_active_contracts_can_be_chosen(desk):
    mine, draft, theirs = desk.contract(), desk.contract(status="draft"), desk.contract(client=2)
    today = desk.now.date()
    lapsed = desk.contract(start_date=today - dt.timedelta(days=50), due_date=today - dt.timedelta(days=1))
    used_up = desk.contract(tracking_unit="incidents", total_units=1)
    desk.case(service_contract=used_up, status="resolved", solution="Hecho")

    def offered(session):
        found = find_options(session, "service_contract", "", within=("client", 1), only=(("state", "active"),))
        return [row[0] for row in found]

    assert desk.read(offered) == [mine]
    for wrong in (draft, lapsed, used_up):
        with pytest.raises(ValidationError, match="«Activa»"):
            desk.case(service_contract=wrong)
    with pytest.raises(ValidationError, match="otro cliente"):
        desk.case(service_contract=theirs)
    with pytest.raises(ValidationError, match="otro cliente"):
        desk.case(person=2)


def test_a_case_keeps_its_contract_when_that_lapses(desk):
    contract = desk.contract()
    case = desk.case(service_contract=contract)
    desk.pass_time(days=400)
    desk.save("support_case", case, title_line="Más cosas")
    assert desk.row("service_contract", contract, "state")["state"].value == "expired"


def test_the_targets_go_to_the_minute(one):
    values = one.read(settings.read)
    found = sla.targets(values, CasePriority.MEDIUM, ServiceLevel.STANDARD)
    assert (found.response, found.solution) == (dt.timedelta(hours=6), dt.timedelta(hours=18))
