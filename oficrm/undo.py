"""Deshacer: a whole operation taken back as one new operation, today or next week.

Refuses, naming what stands in the way, when something it would overwrite was changed later.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from db.bulk import Stale, Write, chunks, texts_depend_on, write_field
from db.history import Actor, Change, Operation, from_json, kind_of, operation
from db.record import Record
from db.registry import module, referrers
from oficrm import clock, history, records, restoring, soundness, undo_many
from oficrm.errors import Refused

SET_BASED_FROM = 20
"""Changes of one kind from which they are written set-based instead of record by record."""


def undo(session: Session, operation_id: int) -> str:
    """Undo an operation; return the sentence for the notice.

    Raises Refused, with nothing written, when it is undone already or a later change stands in the way.
    """
    target = session.get(Operation, operation_id)
    if target is None:
        raise Refused("Esa operación no existe.")
    if operation_id in history.undone_ids(session):
        raise Refused("Esa operación ya está deshecha.")
    changes = session.scalars(
        select(Change).where(Change.operation_id == operation_id).order_by(Change.id.desc())
    ).all()
    if not changes:
        raise Refused("Esa operación no guarda cambios que deshacer.")
    is_redo = target.kind == "undo"
    plain = target.label.removeprefix("Deshacer: ").removeprefix("Rehacer: ")
    label = f"{'Rehacer' if is_redo else 'Deshacer'}: {plain}"
    with operation(session, label, kind="redo" if is_redo else "undo", undoes=operation_id):
        try:
            _reverse(session, changes)
            session.flush()
        except IntegrityError as error:
            raise Refused(f"No se puede: su código o correo lo tiene ahora otro registro. ({plain})") from error
    return f"{'Rehecho' if is_redo else 'Deshecho'}: {plain}"


def size(session: Session, operation_id: int) -> int:
    """Return how many changes an operation holds: what undoing it will cost."""
    return session.scalar(select(func.count()).where(Change.operation_id == operation_id)) or 0


def undo_last(session: Session) -> str:
    """Undo my last operation that is not undone. Raises Refused when there is none."""
    return undo(session, last(session))


def redo_last(session: Session) -> str:
    """Take back my last undo, unless something was done since. Raises Refused when there is none."""
    return undo(session, last_undone(session))


def last(session: Session) -> int:
    """Return my last operation that is not undone. Raises Refused when there is none."""
    actor: Actor = session.info["actor"]
    undone = history.undone_ids(session)
    mine = select(Operation.id).where(Operation.user == actor.user, Operation.kind.in_(("write", "redo")))
    for ident in session.scalars(mine.order_by(Operation.id.desc()).limit(500)):
        if ident not in undone:
            return ident
    raise Refused("No hay nada que deshacer.")


def last_undone(session: Session) -> int:
    """Return my last undo, unless something was done since. Raises Refused when there is none."""
    actor: Actor = session.info["actor"]
    undone = history.undone_ids(session)
    mine = select(Operation).where(Operation.user == actor.user).order_by(Operation.id.desc()).limit(500)
    for row in session.scalars(mine):
        if row.kind == "undo" and row.id not in undone:
            return row.id
        if row.kind == "write":
            break
    raise Refused("No hay nada que rehacer.")


def _reverse(session: Session, changes: Sequence[Change]) -> None:
    """Take the changes back, newest first; many changes of one field, many made and many deleted go set-based."""
    touched: dict[Record, set[str]] = defaultdict(set)
    coming_back = {(change.table, change.record_id) for change in changes if change.action == "delete"}
    returned = _bring_back(session, changes, touched)
    by_field: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        if change.action == "update" and (change.table, change.record_id) not in coming_back - returned:
            by_field[change.table, change.field].append(change)
    bulk = {key for key, found in by_field.items() if _can_go_set_based(key, found)}
    together = {change.id for key in bulk for change in by_field[key]}
    for key in bulk:
        _reverse_set_based(session, by_field[key], coming_back)
    undo_many.read_again(session, touched if bulk else ())
    inserted = {(change.table, change.record_id) for change in changes if change.action in ("insert", "restore")}
    leaving = [undo_many.plainly_unused(session, found, inserted)
               for found in undo_many.groups(changes, ("insert", "restore"), SET_BASED_FROM)]  # fmt: skip
    together |= {change.id for found in leaving for change in found}
    for change in changes:
        is_back = change.action == "delete" and (change.table, change.record_id) in returned
        if change.id not in together and not is_back:
            record = _reverse_one(session, change, inserted)
            touched[record].update([change.field] if change.field else _links_of(type(record)))
    gone = [(found[0].table, [change.record_id for change in found]) for found in filter(None, leaving)]
    for found in filter(None, leaving):
        undo_many.put_away(session, found)
    with session.no_autoflush:
        for record, attrs in touched.items():
            if record.deleted_at is None:
                _check(session, record, attrs, coming_back)
    session.flush()
    for record in touched:
        soundness.refuse(session, restoring.whole(session, record), "No se puede deshacer")
    for table, ids in gone:
        soundness.refuse_any(session, table, ids, "No se puede deshacer")


def _bring_back(
    session: Session, changes: Sequence[Change], touched: dict[Record, set[str]]
) -> set[tuple[str, int]]:  # fmt: skip
    """Take back out of the trash what was deleted by the hundred, before its fields are; return what came."""
    returned: set[tuple[str, int]] = set()
    for found in undo_many.groups(changes, ("delete",), SET_BASED_FROM):
        for ident, record in undo_many.bring_back(session, found).items():
            touched[record].update(_links_of(type(record)))
            returned.add((found[0].table, ident))
    return returned


def _check(session: Session, record: Record, attrs: set[str], coming_back: set[tuple[str, int]]) -> None:
    """What a form would refuse, undoing refuses too: links into the trash, and rules broken by later changes."""
    restoring.check_links(session, record, attrs, coming_back)
    problem = next(iter(record.problems()), None)
    if problem is not None:
        raise Refused(f"No se puede deshacer: «{record.title}» cambió después. {problem.text}")


def _can_go_set_based(key: tuple[str, str], changes: Sequence[Change]) -> bool:
    table, field = key
    model = module(table)
    own = any(item.attr == field for item in model.fields.values())
    once = len({change.record_id for change in changes}) == len(changes)
    return own and once and len(changes) >= SET_BASED_FROM and not texts_depend_on(model, field)


def _reverse_set_based(session: Session, changes: Sequence[Change], coming_back: set[tuple[str, int]]) -> None:
    model, attr = module(changes[0].table), changes[0].field
    kind = kind_of(model, attr)
    writes = [Write(row.record_id, from_json(kind, row.new), from_json(kind, row.old)) for row in changes]
    try:
        write_field(session, model, attr, writes)
    except Stale as stale:
        first = next(change for change in changes if change.record_id in stale.found)
        raise _in_the_way(session, first, len(stale.found)) from stale
    then = aliased(Change)
    mine = select(then.record_id).where(then.operation_id == changes[0].operation_id, then.table == changes[0].table)
    later = select(Change.record_id).distinct().where(
        Change.table == changes[0].table, Change.record_id.in_(mine), Change.id > changes[0].id,
        Change.operation_id != session.info["operation"].id,
    )  # fmt: skip
    changed_since = set(session.scalars(later)) & {write.id for write in writes}
    # One record of each value tells whether a link leads into the trash; rules are asked where others changed since.
    samples = {write.new: write.id for write in writes if attr in _links_of(model)}
    for part in chunks(sorted({*changed_since, *samples.values()})):
        for record in session.scalars(select(model).where(model.id.in_(part))):
            _check(session, record, {attr}, coming_back)


def _links_of(model: type[Record]) -> set[str]:
    return {field.attr for field in model.fields.values() if field.kind == "link"}


def _reverse_one(session: Session, change: Change, inserted: set[tuple[str, int]]) -> Record:
    model = module(change.table)
    record = records.get(session, model, change.record_id)
    match change.action:
        case "update":
            if not history.holds(record, change.field, change.new) or record.deleted_at is not None:
                raise _in_the_way(session, change)
            history.set_stored(record, change.field, change.old)
        case "insert" | "restore":
            _check_untouched(session, record, change, inserted)
            record.deleted_at = clock.now()
        case "delete":
            if record.deleted_at is None:
                raise _in_the_way(session, change)
            record.deleted_at = None
    return record


def _check_untouched(session: Session, record: Record, change: Change, inserted: set[tuple[str, int]]) -> None:
    """A record that was made here may go only if nobody worked on it or refers to it since."""
    if record.deleted_at is not None:
        raise _in_the_way(session, change)
    later = select(func.count()).where(
        Change.table == change.table, Change.record_id == change.record_id, Change.id > change.id,
        Change.operation_id != change.operation_id,
    )  # fmt: skip
    if session.scalar(later):
        undone = history.undone_ids(session)
        reverted = select(Change.operation_id, Operation.undoes_id).join(
            Operation, Operation.id == Change.operation_id
        ).where(Change.table == change.table, Change.record_id == change.record_id, Change.id > change.id)  # fmt: skip
        live = [op for op, undoes in session.execute(reverted)
                if op not in undone and undoes is None and op != change.operation_id]  # fmt: skip
        if live:
            raise _in_the_way(session, change)
    for other, link in referrers(change.table):
        if link.on_delete == "keep":
            continue
        column = getattr(other, link.attr)
        for ident in session.scalars(select(other.id).where(column == record.id, other.deleted_at.is_(None)).limit(50)):
            if (other.module.table, ident) not in inserted:
                raise Refused(f"No se puede deshacer: «{record.title}» ya se usa en {other.module.several}.")


def _in_the_way(session: Session, change: Change, count: int = 1) -> Refused:
    """Say who changed what later."""
    model = module(change.table)
    record = records.get(session, model, change.record_id)
    name = record.title or f"{model.module.label} n.º {record.id}"
    mine = (change.operation_id, session.info["operation"].id)  # what this very undoing has written so far is no reason
    later = session.execute(
        select(Operation.user, Operation.at, Operation.label)
        .join(Change, Change.operation_id == Operation.id)
        .where(Change.table == change.table, Change.record_id == change.record_id, Change.id > change.id,
               Change.operation_id.not_in(mine))
        .order_by(Change.id.desc()).limit(1)
    ).first()  # fmt: skip
    more = f" (y {count - 1} más)" if count > 1 else ""
    if later is None:
        return Refused(f"No se puede deshacer: «{name}»{more} ya no está como quedó entonces.")
    user, at, label = later
    when = at.astimezone().strftime("%d/%m/%Y %H:%M")
    return Refused(f"No se puede deshacer: «{name}»{more} cambió después: {label}, {user}, {when}.")
