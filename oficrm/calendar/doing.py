"""What is done with events and tasks besides editing them: held, completed, put off, moved, carried on in a series."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from db.history import operation
from db.models.calendar_item import ActivityStatus, CalendarItem, EventStatus, ItemKind
from oficrm import commands, records
from oficrm.calendar import items, series
from oficrm.commands import Command, Outcome
from oficrm.drafts import Values
from oficrm.errors import NeedsConfirmation, Refused

TABLE = items.TABLE
DROP_FOLLOWING = "drop_following"
_KINDS = {ItemKind.EVENT: "eventos", ItemKind.TASK: "tareas"}
Change = Callable[[CalendarItem], Values]


def _change(session: Session, chosen: Sequence[CalendarItem], label: str, change: Change) -> str:
    """Save each item with the values that ``change`` gives it, as one operation; return what the sentence is about."""
    what = f"«{chosen[0].title}»" if len(chosen) == 1 else f"{len(chosen)} actividades"
    with operation(session, f"{label}: {what}"[:300]) as done:
        for item in chosen:
            draft = records.load(session, TABLE, item.id).draft
            draft.values |= change(item)
            commands.save(session, draft)
        done.label = f"{label}: {what}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return what


def mark(
    kind: ItemKind, state: str, verb: str, session: Session, ids: Sequence[int], _accepted: frozenset[str]
) -> Outcome:  # fmt: skip
    """Bring events, or tasks, into a state; those of the other kind among them are left alone.

    One held event without a result opens, so that the result can be written. Raises Refused when there is none to mark.
    """
    chosen = [item for item in items.load_items(session, ids) if item.kind == kind]
    if not chosen:
        raise Refused(f"Esto es para {_KINDS[kind]}, y lo seleccionado no lo es.")
    field = "event_status" if kind is ItemKind.EVENT else "task_status"
    what = _change(session, chosen, verb, lambda item: {field: state})
    asks = state == EventStatus.HELD and len(chosen) == 1 and not chosen[0].outcome
    return Outcome(f"{verb}: {what}.", (TABLE, chosen[0].id) if asks else None)


def put_off(days: int, session: Session, ids: Sequence[int], _accepted: frozenset[str]) -> Outcome:
    """Move items by whole days."""
    chosen = _chosen(session, ids)
    shift = dt.timedelta(days=days)
    what = _change(session, chosen, "Reprogramar", lambda item: _shifted(item, shift))
    where = f" al {items.when(chosen[0])}" if len(chosen) == 1 else ""
    return Outcome(f"Reprogramado: {what}{where}.")


def _chosen(session: Session, ids: Sequence[int]) -> list[CalendarItem]:
    chosen = items.load_items(session, ids)
    if not chosen:
        raise Refused("Lo seleccionado ya no existe.")
    return chosen


def _shifted(item: CalendarItem, shift: dt.timedelta) -> Values:
    values: Values = {"date": item.date + shift}
    if item.end_date is not None:
        values["end_date"] = item.end_date + shift
    return values


def move(session: Session, ident: int, day: dt.date, time: dt.time | None) -> str:
    """Move an item to a day and hour, keeping how long it takes; without an hour an event is of the whole day.

    Returns the sentence for the notice. Raises Refused.
    """
    item = _chosen(session, [ident])[0]
    _change(session, [item], "Reprogramar", lambda found: _moved(found, day, time))
    return f"Reprogramado: «{item.title}» al {items.when(item)}."


def _moved(item: CalendarItem, day: dt.date, time: dt.time | None) -> Values:
    values = _shifted(item, day - item.date) | {"time": time}
    if item.kind == ItemKind.TASK:
        return values
    values["all_day"] = time is None
    if time is None:
        return values | {"end_time": None}
    if item.time is None or item.end_time is None:  # it had no hours: it takes as long as its type usually does
        return values | {"end_time": None, "end_date": None if item.end_date == item.date else values.get("end_date")}
    starts = dt.datetime.combine(item.date, item.time)
    ends = dt.datetime.combine(item.end_date or item.date, item.end_time)
    return values | _end(dt.datetime.combine(day, time) + (ends - starts), day)


def _end(ends: dt.datetime, day: dt.date) -> Values:
    return {"end_time": ends.time(), "end_date": ends.date() if ends.date() > day else None}


def resize(session: Session, ident: int, ends: dt.datetime) -> str:
    """Let an event end at another local moment, at least a quarter of an hour after it begins.

    Returns the sentence for the notice. Raises Refused for what has no hour.
    """
    item = _chosen(session, [ident])[0]
    if item.kind == ItemKind.TASK or item.time is None:
        raise Refused("Solo un evento con hora tiene un final.")
    least = dt.datetime.combine(item.date, item.time) + dt.timedelta(minutes=15)
    _change(session, [item], "Cambiar duración", lambda found: _end(max(ends, least), found.date))
    return f"«{item.title}» acaba a las {item.end_time:%H:%M}."


def carry_on(session: Session, ids: Sequence[int], _accepted: frozenset[str]) -> Outcome:
    """Let the following items of a series say what this one says. Raises Refused where there are none."""
    item = _chosen(session, ids)[0]
    with operation(session, f"Aplicar a los siguientes: {item.title}"[:300]):
        count = series.carry_on(session, item)
        if not count:
            raise Refused("No tiene siguientes por hacer: no se repite, o es el último.")
        session.flush()
    return Outcome(f"«{item.title}» aplicado a {_counted(count)} de la serie.")


def end_series(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    """Let a series end with this item. Raises NeedsConfirmation with how many go, Refused where none follow."""
    item = _chosen(session, ids)[0]
    count = len(series.later(session, item))
    if not count:
        raise Refused("No tiene siguientes por hacer: no se repite, o es el último.")
    if DROP_FOLLOWING not in accepted:
        text = f"Se {'borrará' if count == 1 else 'borrarán'} {_counted(count)} por hacer de la serie «{item.title}»."
        raise NeedsConfirmation(DROP_FOLLOWING, text, "Borrar los siguientes")
    with operation(session, f"Acabar la serie {item.title}"[:300]):
        series.end_at(session, item)
        session.flush()
    return Outcome(f"La serie «{item.title}» acaba el {item.date:%d/%m/%Y}.")


def _counted(count: int) -> str:
    return "1 siguiente" if count == 1 else f"{count} siguientes"


_HOLD = partial(mark, ItemKind.EVENT, EventStatus.HELD.value, "Mantenido")
_MISS = partial(mark, ItemKind.EVENT, EventStatus.NOT_HELD.value, "No mantenido")
_COMPLETE = partial(mark, ItemKind.TASK, ActivityStatus.COMPLETED.value, "Completada")
COMMANDS = (
    Command("hold", "Marcar como mantenido", "done", _HOLD, many=True),
    Command("miss", "Marcar como no mantenido", "lost", _MISS, many=True),
    Command("complete", "Marcar como completada", "accept", _COMPLETE, many=True),
    Command("plus_day", "Reprogramar: un día después", "change_date", partial(put_off, 1), many=True),
    Command("plus_week", "Reprogramar: una semana después", "change_date", partial(put_off, 7), many=True),
    Command("carry_on", "Aplicar a los siguientes de la serie", "spread", carry_on),
    Command("end_series", "Acabar la serie aquí…", "stop", end_series),
)
"""Several rows at once where it makes sense; each is one operation."""
