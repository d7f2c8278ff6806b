"""Projects: finished only knowingly while work is left, tasks begun and reopened, each role of a person once."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.project import Project, ProjectParticipant, ProjectStatus, ProjectTask, TaskStatus
from db.record import Problem
from oficrm import commands, flows, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, Values
from oficrm.errors import NeedsConfirmation
from oficrm.hooks import Hooks
from oficrm.sales import shared

OPEN_TASKS = "open_tasks"
"""Confirmation: the project is completed while some of its tasks are not."""


def _before(session: Session, project: Project, draft: Draft) -> None:
    is_new = draft.id is None
    if not is_new and flows.entered(project, draft, ProjectStatus.COMPLETED) and OPEN_TASKS not in draft.accepted:
        _confirm_open_tasks(session, project)
    was_over = draft.original.get("status") == ProjectStatus.COMPLETED
    day = project.actual_end_date
    if was_over and project.status == ProjectStatus.IN_PROGRESS and day == draft.original.get("actual_end_date"):
        project.actual_end_date = None  # it goes on: the day it had ended is no longer true


def _confirm_open_tasks(session: Session, project: Project) -> None:
    still = select(ProjectTask.title).where(
        ProjectTask.project_id == project.id, ProjectTask.deleted_at.is_(None),
        ProjectTask.status != TaskStatus.COMPLETED,
    )  # fmt: skip
    titles = session.scalars(still.order_by(ProjectTask.due_date, ProjectTask.id)).all()
    if not titles:
        return
    begun = "Queda una tarea" if len(titles) == 1 else f"Quedan {len(titles)} tareas"
    text = f"{begun} sin completar en «{project.name}»: {shared.named(titles)}."
    raise NeedsConfirmation(OPEN_TASKS, text, "Completar el proyecto")


def _once(session: Session, participant: ProjectParticipant) -> Iterator[Problem]:
    """A person has each role in a project once."""
    if participant.deleted_at is not None:
        return
    same = select(ProjectParticipant.id).where(
        ProjectParticipant.project_id == participant.project_id, ProjectParticipant.person_id == participant.person_id,
        ProjectParticipant.role.is_not_distinct_from(participant.role), ProjectParticipant.deleted_at.is_(None),
        ProjectParticipant.id != participant.id,
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        yield Problem("role", "Esta persona ya participa en el proyecto con ese rol.")


HOOKS = Hooks(before=_before)
PARTICIPANT_HOOKS = Hooks(sound=_once)


def _move(
    words: str, values: Values, remark: str, session: Session, ids: Sequence[int], accepted: frozenset[str]
) -> Outcome:  # fmt: skip
    """Save tasks with other values, all or none, as one operation."""
    with operation(session, words) as done:
        titles = []
        for ident in ids:
            draft = records.load(session, "project_task", ident).draft
            draft.values |= values
            draft.accepted = accepted
            titles.append(commands.save(session, draft).title)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} tareas"
        done.label = f"{words}: {what}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return Outcome(f"{words}: {what}.{remark}")


_BEGUN: Values = {"status": TaskStatus.IN_PROGRESS}
TASK_COMMANDS = (
    Command("start", "Empezar", "play", partial(_move, "Empezar", _BEGUN, ""), many=True,
            states=frozenset({TaskStatus.NOT_STARTED, TaskStatus.DEFERRED})),
    Command("reopen", "Reabrir", "reopen", many=True, states=frozenset({TaskStatus.COMPLETED}),
            run=partial(_move, "Reabrir", _BEGUN | {"progress": Decimal(0)}, " Su avance vuelve a empezar.")),
)  # fmt: skip
