"""Rules over several records that must hold after any write: saving, deleting, restoring and undoing alike."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.record import Record
from db.registry import module
from oficrm.errors import Refused, ValidationError
from oficrm.hooks import Hooks
from oficrm.joined import hooks


def check(session: Session, record: Record) -> None:
    """Raise ValidationError with what a record breaks now, by field."""
    errors: dict[str, list[str]] = {}
    for problem in hooks(type(record)).sound(session, record):
        errors.setdefault(problem.field, []).append(problem.text)
    if errors:
        raise ValidationError(errors)


def refuse(session: Session, record: Record, what: str) -> None:
    """Raise Refused when a record would break a rule; ``what`` begins the sentence ("No se puede deshacer")."""
    problem = next(hooks(type(record)).sound(session, record), None)
    if problem is not None:
        raise Refused(f"{what}: {problem.text}")


def refuse_any(session: Session, table: str, ids: Sequence[int], what: str) -> None:
    """Do the same for records that were written set-based, where their module has such rules at all."""
    model = module(table)
    if hooks(model).sound is Hooks().sound:
        return
    for part in chunks(ids):
        for record in session.scalars(select(model).where(model.id.in_(part))):
            refuse(session, record, what)


def leaving(session: Session, record: Record) -> str | None:
    """Return why a record may not go to the trash, None when it may."""
    return hooks(type(record)).leaving(session, record)
