"""What can be done with cases: attending to them, solving, reopening, escalating, giving them to somebody."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from db.history import operation
from db.models.support_case import CasePriority, CaseStatus, SupportCase
from oficrm import commands, records
from oficrm.commands import Command, Outcome
from oficrm.defaults import own_user
from oficrm.drafts import Values
from oficrm.errors import Refused
from oficrm.support.cases import SOLVED, TABLE, tell


def _changed(
    session: Session, ids: Sequence[int], words: str, change: Callable[[SupportCase, Values], None],
    accepted: frozenset[str],
) -> Outcome:  # fmt: skip
    """Save cases after ``change`` has set values, as their forms would, as one operation."""
    with operation(session, words) as done:
        titles = []
        for ident in ids:
            draft = records.load(session, TABLE, ident).draft
            change(session.get_one(SupportCase, ident), draft.values)
            draft.accepted = accepted
            titles.append(commands.save(session, draft).title)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} casos"
        done.label = f"{words}: {what}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return Outcome(f"{words}: {what}.")


def attend(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Begin to work on cases, or go on with those that waited. Raises Refused out of order."""
    return _changed(session, ids, "Atender", lambda _, values: values.update(status=CaseStatus.IN_PROGRESS), accepted)


def reopen(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Go back to cases that were solved. Raises Refused out of order."""
    return _changed(session, ids, "Reabrir", lambda _, values: values.update(status=CaseStatus.IN_PROGRESS), accepted)


def resolve(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Mark cases as solved. A single one that does not say how is opened; Refused where one of several does not."""
    if len(ids) == 1 and not session.get_one(SupportCase, ids[0]).solution:
        return Outcome("Escriba la solución, ponga el estado en Resuelto y acepte.", (TABLE, ids[0]))
    return _changed(session, ids, "Resolver", lambda _, values: values.update(status=CaseStatus.RESOLVED), accepted)


def take(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Assign cases to whoever is at the screen. Raises Refused when that is no Usuario."""
    mine = own_user(session)
    if mine is None:
        raise Refused("No hay un Usuario con el nombre con que ha entrado: créelo en Configuración, Usuarios.")
    return _changed(session, ids, "Asignarme", lambda _, values: values.update(assigned_to=f"user:{mine}"), accepted)


def reassign(session: Session, ids: Sequence[int], _accepted: frozenset[str] = frozenset()) -> Outcome:
    """Open a case so that somebody else can be chosen; saving it tells them."""
    return Outcome("Elija a quién se asigna y acepte: recibirá un aviso.", (TABLE, ids[0]))


def escalate(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Raise the priority of cases by one step, which shortens their times, and tell whoever has them.

    Raises Refused when one has the highest priority already.
    """
    order = list(CasePriority)

    def higher(case: SupportCase, values: Values) -> None:
        place = order.index(CasePriority(case.priority))
        if place + 1 == len(order):
            raise Refused(f"{case.title} ya tiene la prioridad más alta.")
        values["priority"] = order[place + 1]

    with operation(session, "Escalar"):
        outcome = _changed(session, ids, "Escalar", higher, accepted)
        for ident in ids:
            case = session.get_one(SupportCase, ident)
            tell(session, case, f"Caso escalado a {CasePriority(case.priority).label.lower()}")
    return outcome


_OPEN = frozenset({CaseStatus.NEW, CaseStatus.IN_PROGRESS, CaseStatus.WAITING})
COMMANDS = (
    Command("attend", "Atender", "play", attend, states=frozenset({CaseStatus.NEW, CaseStatus.WAITING}), many=True),
    Command("resolve", "Resolver", "accept", resolve, states=_OPEN, many=True),
    Command("reopen", "Reabrir", "restore", reopen, states=frozenset(SOLVED), many=True),
    Command("escalate", "Escalar", "escalate", escalate, states=_OPEN, many=True,
            question="¿Subir la prioridad un grado? Sus plazos se acortan."),
    Command("take", "Asignarme", "user", take, states=_OPEN, many=True),
    Command("reassign", "Reasignar…", "people", reassign, states=_OPEN),
)  # fmt: skip
