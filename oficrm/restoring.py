"""Taking values, whole versions and deleted records back from the history, each as an operation of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.history import Change, operation
from db.models.document import Document
from db.record import Record
from db.registry import module, owner_link, referrers
from oficrm import clock, filed_along, history, records, soundness
from oficrm.errors import Refused


@dataclass(frozen=True, slots=True)
class Step:
    """What restoring would change in one field: the text of now and the one it would get."""

    field: str
    now: str
    then: str


def restore_value(session: Session, change_id: int) -> str:
    """Set a field back to what it was before a change. Raises Refused when it cannot be."""
    change = session.get_one(Change, change_id)
    if change.action != "update":
        raise Refused("Este cambio no es de un solo campo: use «Restaurar versión».")
    model = module(change.table)
    record = records.get(session, model, change.record_id)
    if record.deleted_at is not None:
        raise Refused(f"«{record.title}» está en la papelera: recupérelo antes.")
    if history.holds(record, change.field, change.old):
        raise Refused("El campo ya tiene ese valor.")
    field = history.Shower(session).field(model, change.field)
    if field is not None and field.read_only:
        raise Refused("Este dato lo pone el programa junto con otros: use «Restaurar versión».")
    label = f"Restaurar {field.label if field else change.field} de {record.title}".strip()
    with _restoring(session, label):
        history.set_stored(record, change.field, change.old)
        check(session, [(record, {change.field})])
    return "Valor restaurado."


def restore_version(session: Session, change_id: int) -> str:
    """Set a whole record, its lines included, back to how it was right after a change; a trashed one comes back.

    Raises Refused when it is like that already, or when a rule of the record or somebody else's code is in the way.
    """
    change = session.get_one(Change, change_id)
    record = _whole(session, change)
    model = type(record)
    later = _later(session, change, record)
    if not _steps(session, record, later):
        raise Refused("El registro ya está como en esa versión.")
    with _restoring(session, f"Restaurar versión de {model.module.named(1)} {record.title}".strip()):
        check(session, _walk_back(session, record, later))
    return "Versión restaurada."


def version_steps(session: Session, change_id: int) -> list[Step]:
    """Return what ``restore_version`` would change, for the user to see before."""
    change = session.get_one(Change, change_id)
    record = _whole(session, change)
    return _steps(session, record, _later(session, change, record))


def _steps(session: Session, record: Record, later: Sequence[Change]) -> list[Step]:
    values: dict[tuple[Record, str], object] = {}
    alive: dict[Record, bool] = {record: True}
    for step in later:
        target = records.get(session, module(step.table), step.record_id)
        if step.action == "update":
            values[target, step.field] = step.old
        elif target is not record:
            alive[target] = step.action == "delete"
    steps = [_presence(session, record, target, then) for target, then in alive.items()
             if then != (target.deleted_at is None)]  # fmt: skip
    shower = history.Shower(session)
    for (target, attr), then in values.items():
        now = history.stored(target, attr)
        if not history.holds(target, attr, then) and alive.get(target, True):
            kind = type(target)
            field = shower.field(kind, attr)
            label = field.label if field else attr
            name = label if target is record else f"{kind.module.label}: {label}"
            steps.append(Step(name, shower.show(kind, attr, now), shower.show(kind, attr, then)))
    return steps


def _presence(session: Session, record: Record, target: Record, comes_back: bool) -> Step:
    """A line that comes or goes, or the record itself out of the trash."""
    label = type(target).module.label
    if target is record:
        return Step(label, "en la papelera", "recuperado")
    name = history.record_names(session, type(target), [target.id]).get(target.id, target.title)
    return Step(label, "" if comes_back else name, name if comes_back else "")


def _whole(session: Session, change: Change) -> Record:
    """The record that a change belongs to; for a line the one it hangs on."""
    record = records.get(session, module(change.table), change.record_id)
    if not record.module.owner:
        return record
    return records.get(session, module(record.module.owner), getattr(record, owner_of(record)))


def _later(session: Session, change: Change, record: Record) -> Sequence[Change]:
    """The changes of a record and of its lines after a change, newest first."""
    mine = history.of_record(record.module.table, record.id)
    # What the same operation wrote belongs to the version, whatever the order of its lines.
    statement = select(Change).where(mine, Change.id > change.id, Change.operation_id != change.operation_id)
    return session.scalars(statement.order_by(Change.id.desc())).all()


def _walk_back(session: Session, record: Record, later: Sequence[Change]) -> list[tuple[Record, set[str]]]:
    touched: dict[Record, set[str]] = {record: set()}
    record.deleted_at = None
    for step in later:
        target = records.get(session, module(step.table), step.record_id)
        if step.action == "update":
            history.set_stored(target, step.field, step.old)
            touched.setdefault(target, set()).add(step.field)
        elif target is not record:
            target.deleted_at = clock.now() if step.action in ("insert", "restore") else None
    return list(touched.items())


def restore_deleted(session: Session, table: str, ident: int) -> str:
    """Bring a record back from the trash with all that was deleted because of it; return the sentence for the notice.

    Raises Refused when it is not there, when it hangs on a record that is in the trash itself, or when its code or
    e-mail belongs to another record now.
    """
    model = module(table)
    record = records.get(session, model, ident)
    if record.deleted_at is None:
        raise Refused(f"«{record.title}» no está en la papelera.")
    found = _deleted_with(session, record)
    name = record.title or f"{model.module.label} n.º {ident}"
    with _restoring(session, f"Recuperar {model.module.named(1)} {name}"):
        for each in found:
            each.deleted_at = None
        check(session, [(each, {field.attr for field in type(each).fields.values()}) for each in found], rules=False)
    more = sum(not type(each).module.owner for each in found) - 1
    rest = f" Con {more} registros que dependen de él." if more > 1 else " Con otro que depende de él." if more else ""
    return f"«{name}» recuperado.{rest}"


def _deleted_with(session: Session, record: Record) -> list[Record]:
    """The record and those that went to the trash in the same operation because they hang on it."""
    last = select(func.max(Change.operation_id)).where(
        Change.table == record.module.table, Change.record_id == record.id, Change.action == "delete"
    )
    gone: dict[str, set[int]] = {}
    together = select(Change.table, Change.record_id).where(
        Change.operation_id == session.scalar(last), Change.action == "delete"
    )
    for table, ident in session.execute(together):
        gone.setdefault(table, set()).add(ident)
    found: dict[Record, None] = {record: None}
    waiting = [record]
    while waiting:
        owner = waiting.pop()
        for document in filed_along.gone_with(session, owner, gone.get(Document.module.table, set())):
            if document not in found:
                found[document] = None
                waiting.append(document)
        for other, link in referrers(owner.module.table):
            if link.on_delete == "cascade" and other.module.table in gone:
                hanging = select(other).where(getattr(other, link.attr) == owner.id, other.deleted_at.is_not(None))
                for each in session.scalars(hanging):
                    if each.id in gone[other.module.table] and each not in found:
                        found[each] = None
                        waiting.append(each)
    return list(found)


@contextmanager
def _restoring(session: Session, label: str) -> Iterator[None]:
    try:
        with operation(session, label), session.no_autoflush:
            yield
            session.flush()
    except IntegrityError as error:
        raise Refused("No se puede: su código o correo lo tiene ahora otro registro.") from error


def check(session: Session, touched: Sequence[tuple[Record, set[str]]], *, rules: bool = True) -> None:
    """Refuse what a form would refuse: links of the named attributes into the trash, and broken rules of the record."""
    coming_back = {(record.module.table, record.id) for record, _ in touched}
    for record, attrs in touched:
        check_links(session, record, attrs, coming_back)
        problem = next(iter(record.problems()), None) if rules and record.deleted_at is None else None
        if problem is not None:
            raise Refused(f"No se puede: {problem.text}")
    session.flush()
    for record, _ in touched:
        soundness.refuse(session, whole(session, record), "No se puede")


def check_links(session: Session, record: Record, attrs: set[str], coming_back: set[tuple[str, int]]) -> None:
    """Refuse links into the trash, except to records that come back too (table and id)."""
    for field in type(record).fields.values():
        value = getattr(record, field.attr) if field.kind == "link" and field.attr in attrs else None
        if value is None or field.on_delete == "keep" or (field.target, value) in coming_back:
            continue
        target = session.get(module(field.target), value)
        if target is not None and target.deleted_at is not None:
            what = "de donde depende" if owner_of(record) == field.attr else field.label.lower()
            raise Refused(f"«{target.title}» ({what}) está en la papelera: recupérelo antes.")


def whole(session: Session, record: Record) -> Record:
    """The record that a line belongs to; others are whole themselves."""
    attr = owner_of(record)
    return session.get_one(module(record.module.owner), getattr(record, attr)) if attr else record


def owner_of(record: Record) -> str:
    """The attribute by which a line hangs on its owner; "" for records that stand alone."""
    return owner_link(type(record)).attr if record.module.owner else ""
