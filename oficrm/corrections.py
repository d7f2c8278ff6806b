"""Corregir…: a new entry of the Bitácora that says what another one should have said."""

from sqlalchemy.orm import Session

from db.models.log_entry import LogEntry, LogKind
from oficrm import records
from oficrm.commands import Command
from oficrm.drafts import Loaded
from oficrm.log import TABLE


def correction(session: Session, ident: int) -> Loaded:
    """Return a new entry, filled in, that corrects another."""
    entry = records.get(session, LogEntry, ident)
    assert isinstance(entry, LogEntry)
    kind = LogKind.EVENT.value if entry.kind == LogKind.SYSTEM else entry.kind
    summary = entry.summary if entry.corrects_id else f"Corrección: {entry.summary}"
    preset = {"kind": kind, "record": entry.record, "summary": summary[:200], "corrects": ident}
    made = records.blank(session, TABLE, {name: value for name, value in preset.items() if value is not None})
    if made.draft.values.get("record"):
        made.titles |= records.link_titles(session, [LogEntry.fields["record"]], made.draft.values)
    return made


COMMANDS = (Command("correct", "Corregir…", "edit", blank=correction),)
