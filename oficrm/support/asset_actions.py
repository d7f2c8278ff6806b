"""What can be done with assignments of equipment: handing it back, handing it over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from db.history import operation
from db.models.asset import Asset, AssetAssignment
from oficrm import clock, commands, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Loaded
from oficrm.errors import Refused
from oficrm.support.assets import OVERLAP, TABLE, last_day


def finish(session: Session, ids: Sequence[int], _accepted: frozenset[str] = frozenset()) -> Outcome:
    """Hand assets back today. Raises Refused when an assignment is over or has not begun."""
    today = clock.today()
    with operation(session, "Finalizar asignación") as done:
        titles = []
        for ident in ids:
            draft = records.load(session, TABLE, ident).draft
            assignment = session.get_one(AssetAssignment, ident)
            asset = session.get_one(Asset, assignment.asset_id)
            if assignment.start_date > today:
                raise Refused(f"La asignación de «{asset.title}» todavía no ha empezado: bórrela.")
            if last_day(assignment) <= today:
                raise Refused(f"La asignación de «{asset.title}» ya ha terminado.")
            draft.values["end_date"] = today
            draft.accepted = frozenset({OVERLAP})  # a shorter time overlaps nothing that it did not before
            commands.save(session, draft)
            titles.append(asset.title)
        what = titles[0] if len(titles) == 1 else f"{len(titles)} activos"
        done.label = f"Finalizar asignación: {what}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return Outcome(f"Finalizada la asignación de {what}.")


def transfer(session: Session, ident: int) -> Loaded:
    """Return a new assignment of the same asset to somebody else, from today; saving it ends this one.

    Raises Refused when this one is over.
    """
    assignment = session.get_one(AssetAssignment, ident)
    today = clock.today()
    if last_day(assignment) <= today:
        raise Refused("Esta asignación ya ha terminado: agregue una nueva.")
    preset: dict[str, Any] = {"asset": assignment.asset_id, "client": assignment.client_id,
                              "start_date": max(today, assignment.start_date)}  # fmt: skip
    made = records.blank(session, TABLE, preset)
    made.draft.preset["previous"] = ident
    return made


COMMANDS = (
    Command("finish", "Finalizar asignación", "done", finish, many=True),
    Command("transfer", "Transferir a otra persona…", "people", blank=transfer),
)
