"""Projects: progress is that of their tasks whatever happens to these, and what they bring in is what was invoiced."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.models.project import ProjectTask
from oficrm import deleting, mass_edit, projects, undo
from oficrm.drafts import LineDraft
from oficrm.errors import Refused
from tests.support.trade import Trade, line, open_trade

D = Decimal


@pytest.fixture
def trade(started_url: str) -> Iterator[Trade]:
    with open_trade(started_url) as made:
        yield made


@pytest.fixture
def project(trade: Trade) -> int:
    return trade.save("project", name="Obra del hotel", client=trade.client)


def task(trade: Trade, project: int, **values: Any) -> int:
    given: dict[str, Any] = {"name": "Medir", "project": project}
    return trade.save("project_task", **(given | values))


def row(trade: Trade, project: int, *names: str) -> list[Any]:
    return [trade.get("project", project, name) for name in names]


# --- progress

OPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.decimals(0, D("99.99"), places=2)),
        st.tuples(st.sampled_from(("complete", "defer", "reopen", "start", "delete")), st.integers(0, 5)),
        st.tuples(st.just("mass"), st.decimals(0, D("99.99"), places=2)),
        st.tuples(st.sampled_from(("undo", "redo")), st.none()),
    ),
    min_size=2, max_size=9,
)  # fmt: skip


def do(trade: Trade, project: int, tasks: list[int], step: str, value: Any, base: int) -> None:
    """One thing a user may do; nothing up to the operation ``base`` is taken back."""
    chosen = [tasks[value % len(tasks)]] if isinstance(value, int) and tasks else []
    match step:
        case "add":
            tasks.append(task(trade, project, status="in_progress", progress=value))
        case "mass" if tasks:
            with trade.job() as session:
                frozen = mass_edit.frozen(session, "project_task", tasks, "progress")
                mass_edit.apply(session, mass_edit.preview(session, frozen, value))
        case "redo":
            with trade.job() as session:
                undo.redo_last(session)
        case "undo":
            with trade.job() as session:
                if undo.last(session) > base:
                    undo.undo_last(session)
        case "delete" if chosen:
            with trade.job() as session:
                deleting.delete(session, "project_task", chosen)
        case "complete" | "defer" if chosen:
            trade.go("project_task", chosen[0], {"complete": "completed", "defer": "deferred"}[step])
        case "reopen" | "start" if chosen:
            trade.run("project_task", step, *chosen)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=OPS)
def test_progress_is_the_mean_of_the_tasks_after_anything(trade: Trade, steps: list[tuple[str, Any]]) -> None:
    project, tasks = trade.save("project", name="Obra"), list[int]()
    base = undo.last(trade.session)
    for step, value in steps:
        try:
            do(trade, project, tasks, step, value, base)
        except Refused:
            trade.session.rollback()
        live = select(ProjectTask.progress, ProjectTask.status).where(
            ProjectTask.project_id == project, ProjectTask.deleted_at.is_(None)
        )
        kept = trade.session.execute(live).all()
        mean = sum(each.progress for each in kept) / D(len(kept) or 1)
        assert row(trade, project, "progress", "tasks_total", "tasks_open") == [
            D(mean).quantize(D("0.01"), ROUND_HALF_UP), len(kept), sum(each.status != "completed" for each in kept)
        ]  # fmt: skip


def test_a_third_of_the_way_is_rounded_the_same_on_both_engines(trade: Trade, project: int) -> None:
    for progress in ("100", "100", "0"):
        task(trade, project, status="deferred", progress=D(progress))
    assert row(trade, project, "progress") == [D("66.67")]


# --- tasks


def test_a_task_is_begun_completed_and_reopened(trade: Trade, project: int) -> None:
    ident = task(trade, project)
    assert trade.run("project_task", "start", ident).sentence == "Empezar: Medir."
    assert trade.go("project_task", ident, "completed") == "Completar: Medir."
    assert trade.get("project_task", ident, "progress") == 100
    trade.run("project_task", "reopen", ident)
    assert [trade.get("project_task", ident, name) for name in ("status", "progress")] == ["in_progress", 0]


def test_tasks_are_done_together_or_not_at_all(trade: Trade, project: int) -> None:
    some = [task(trade, project, name=f"Paso {at}") for at in range(3)]
    trade.run("project_task", "start", *some)
    with trade.job() as session:
        undo.undo_last(session)
    assert {trade.get("project_task", ident, "status") for ident in some} == {"not_started"}
    trade.go("project_task", some[1], "completed")
    with pytest.raises(Refused, match="no puede pasar"):
        trade.run("project_task", "to_deferred", *some)
    assert [trade.get("project_task", ident, "status") for ident in some] == ["not_started", "completed", "not_started"]


def test_what_is_wholly_done_is_completed_and_ends_after_it_begins(trade: Trade, project: int) -> None:
    whole = trade.refused(lambda: task(trade, project, status="in_progress", progress=100))
    assert whole == "Al 100 % está completada: complétela o baje el avance."
    assert "anterior al inicio" in trade.refused(
        lambda: task(trade, project, start_date="2026-03-02", due_date="2026-03-01")
    )


# --- the project


def test_finishing_it_asks_while_tasks_are_open(trade: Trade, project: int) -> None:
    first = task(trade, project)
    task(trade, project, name="Pintar")
    trade.go("project", project, "in_progress")
    asked = trade.asked(lambda: trade.go("project", project, "completed"))
    assert (asked.code, asked.accept) == (projects.OPEN_TASKS, "Completar el proyecto")
    assert str(asked) == "Quedan 2 tareas sin completar en «Obra del hotel»: Medir y Pintar."
    assert trade.get("project", project, "status") == "in_progress"
    trade.go("project_task", first, "completed")
    trade.go("project", project, "completed", projects.OPEN_TASKS)
    assert trade.get("project", project, "actual_end_date") is not None
    trade.go("project", project, "in_progress")
    assert trade.get("project", project, "actual_end_date") is None


def test_states_follow_each_other(trade: Trade, project: int) -> None:
    text = trade.refused(lambda: trade.go("project", project, "completed"))
    assert "Un proyecto «Planeado» no puede pasar a ese estado. Puede pasar a: " in text
    assert "no puede ser anterior al inicio" in trade.refused(
        lambda: trade.save("project", project, start_date="2026-03-02", actual_end_date="2026-03-01")
    )


def test_milestones_are_counted(trade: Trade) -> None:
    rows = [LineDraft(None, {"name": f"Fase {at}", "date": "2026-03-02", "is_reached": at < 2}) for at in range(3)]
    project = trade.save("project", None, rows, name="Obra")
    assert row(trade, project, "milestones_total", "milestones_reached") == [3, 2]


def test_a_person_has_each_role_once(trade: Trade, project: int) -> None:
    person = trade.save("person", first_name="Marta", last_name="Gil", client=trade.client)
    facts: dict[str, Any] = {"project": project, "person": person}
    first = trade.save("project_participant", **facts, role="sponsor")
    trade.save("project_participant", **facts, role="consultant")
    trade.save("project_participant", **facts)
    for role in ("sponsor", None):
        text = trade.refused(partial(trade.save, "project_participant", **facts, role=role))
        assert text == "Esta persona ya participa en el proyecto con ese rol."
    with trade.job() as session:
        deleting.delete(session, "project_participant", [first])
    trade.save("project_participant", **facts, role="sponsor")
    assert "ya participa" in trade.refused(lambda: _undo(trade, 2))


def _undo(trade: Trade, back: int) -> None:
    """Take back one of my operations, counted from the last."""
    from db.history import Operation

    with trade.job() as session:
        ids = session.scalars(select(Operation.id).order_by(Operation.id.desc()).limit(back)).all()
        undo.undo(session, ids[-1])


# --- what it brings in


def test_what_was_billed_and_earned_comes_from_the_invoices_of_its_sales(trade: Trade, project: int) -> None:
    assert row(trade, project, "billed_total", "profit", "margin") == [0, 0, None]
    trade.save("project", project, actual_cost=D(150))
    assert row(trade, project, "billed_total", "profit", "margin") == [0, -150, None]
    order = trade.sale(line(quantity=2, price=100), project=project)
    draft = trade.keep(trade.blank("sales_order", "invoice", order))
    assert row(trade, project, "billed_total") == [0]
    trade.go("invoice", draft, "issued")
    assert row(trade, project, "billed_total", "profit", "margin") == [200, 50, 25]
    trade.credit(draft, line(quantity=1, price=80))
    assert row(trade, project, "billed_total", "profit", "margin") == [120, -30, -25]


def test_what_was_billed_in_another_currency_counts_at_its_rate(trade: Trade, project: int) -> None:
    order = trade.sale(line(quantity=1, price=100), project=project, currency="USD", exchange_rate=D("0.923456"))
    invoice = trade.keep(trade.blank("sales_order", "invoice", order))
    trade.go("invoice", invoice, "issued")
    assert row(trade, project, "billed_total") == [D("92.3456")]


def test_a_sale_belongs_to_a_project_of_its_client(trade: Trade, project: int) -> None:
    other = trade.save("client", name="Talleres Ruiz")
    text = trade.refused(lambda: trade.save("sales_order", None, [line()], subject="X", client=other, project=project))
    assert text == "Es de otro cliente: elija entre los de este."
