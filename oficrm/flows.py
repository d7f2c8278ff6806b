"""Changes of state: which a form may save, and what may still be changed in each."""

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from db.flow import Flow
from db.record import Record
from db.registry import module
from oficrm import records
from oficrm.drafts import Draft
from oficrm.errors import Collected


def check(session: Session, record: Record, draft: Draft, problems: Collected) -> None:
    """States follow each other as declared, and what is closed stays as it was."""
    flow = record.flow
    if flow is None or draft.id is None:
        return
    before = draft.original.get(flow.field)
    now = getattr(record, flow.field)
    if before is None:
        return
    if before == now:
        if before in flow.closed and _changes_more(session, record, draft, flow):
            problems.add("", flow.closed[before])
        return
    if now not in flow.after(before):
        problems.add(flow.field, _not_allowed(record, flow, before))
    elif before in flow.closed and _changes_more(session, record, draft, flow):
        problems.add("", flow.closed[before])


def entered(record: Record, draft: Draft, state: str) -> bool:
    """True when this very saving brings a record into a state."""
    flow = record.flow
    assert flow is not None
    return getattr(record, flow.field) == state and (draft.id is None or draft.original.get(flow.field) != state)


def _not_allowed(record: Record, flow: Flow, before: str) -> str:
    facts = type(record).module
    choices = record.fields[flow.field].choices
    assert choices is not None
    allowed = ", ".join(choices(key).label for key in choices if key in flow.after(before))
    hint = f"Puede pasar a: {allowed}." if allowed else flow.closed.get(before, "Duplíquelo para seguir.")
    article = "Una" if facts.feminine else "Un"
    return f"{article} {facts.named(1)} «{choices(before).label}» no puede pasar a ese estado. {hint}"


def _changes_more(session: Session, record: Record, draft: Draft, flow: Flow) -> bool:
    """Whether a form changes anything but the state and what stays free: a field of its own or any of its lines."""
    free = {flow.field, *flow.free}
    changed = (field for field in record.fields.values() if field.is_stored and field.attr and not field.parts
               and not field.read_only and field.name not in free)  # fmt: skip
    if any(inspect(record).attrs[field.attr].history.has_changes() for field in changed):
        return True
    for table, lines in draft.lines.items():
        if table in flow.free:
            continue
        kept = {line.id for line in lines}
        stored = records.lines_of(session, module(table), record.id)
        if None in kept or {line.id for line in stored} - kept or any(session.is_modified(line) for line in stored):
            return True
    return False
