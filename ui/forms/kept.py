"""What is being written in open forms, kept in the profile so that a crash or a power cut takes no more than a second.

A draft is dropped when its form is saved or given up; what is there at the start of the program comes from a run
that ended badly.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from oficrm import records
from oficrm.drafts import Draft, LineDraft, Loaded, Values
from oficrm.files.sources import Source
from ui.forms.held import FOLDER, HeldMail, tidy
from ui.memory import Memory

INDEX = "drafts"


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was being written: the values typed, what they were before, and the texts of its links."""

    key: str
    table: str
    id: int | None
    version: int
    values: Values
    original: Values
    preset: Values
    lines: dict[str, list[LineDraft]]
    titles: dict[str, str]
    line_titles: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    at: dt.datetime | None = None
    files: tuple[Source, ...] = ()
    mail: HeldMail | None = None


def new_key(table: str, ident: int | None) -> str:
    """Return the key under which a form keeps its draft."""
    return f"{table}_{ident if ident is not None else uuid.uuid4().hex[:12]}"


def keep(memory: Memory, kept: Kept) -> None:
    """Write down a draft."""
    memory.put(f"draft_{kept.key}", {
        "table": kept.table, "id": kept.id, "version": kept.version, "values": _encode(kept.values),
        "original": _encode(kept.original), "preset": _encode(kept.preset), "titles": kept.titles,
        "lines": {table: [{"id": line.id, "values": _encode(line.values)} for line in lines]
                  for table, lines in kept.lines.items()},
        "line_titles": kept.line_titles, "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "files": [_encode_source(source) for source in kept.files],
        "mail": _encode_mail(kept.mail) if kept.mail else None,
    })  # fmt: skip
    keys = memory.get(INDEX, [])
    if kept.key not in keys:
        memory.put(INDEX, [*keys, kept.key])


def drop(memory: Memory, key: str) -> None:
    """Forget a draft."""
    if memory.get(f"draft_{key}") is not None:
        memory.put(f"draft_{key}", None)
    keys = memory.get(INDEX, [])
    if key in keys:
        memory.put(INDEX, [each for each in keys if each != key] or None)


def all_kept(memory: Memory) -> list[Kept]:
    """Return the drafts of a run that ended badly, oldest first; what cannot be read is forgotten."""
    found = []
    for key in memory.get(INDEX, []):
        data = memory.get(f"draft_{key}")
        try:
            found.append(_decode_kept(key, data))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            drop(memory, key)
    sources = [source for kept in found for source in kept.files]
    tidy(memory.folder.parent / FOLDER, [*sources, *(kept.mail.mail.source for kept in found if kept.mail)])
    return found


def _decode_kept(key: str, data: dict[str, Any]) -> Kept:
    lines = {table: [LineDraft(line["id"], _decode(line["values"])) for line in found]
             for table, found in data["lines"].items()}  # fmt: skip
    return Kept(key, data["table"], data["id"], int(data["version"]), _decode(data["values"]),
                _decode(data["original"]), _decode(data["preset"]), lines, dict(data["titles"]),
                dict(data["line_titles"]), dt.datetime.fromisoformat(data["at"]),
                tuple(_decode_source(source) for source in data.get("files", ())),
                _decode_mail(data["mail"]) if data.get("mail") else None)  # fmt: skip


def there(kept: Kept) -> tuple[list[Source], HeldMail | None, list[str]]:
    """Return the files and the mail of a draft that are still on the disk, and the names of those that are not."""
    files = [source for source in kept.files if _is_there(source)]
    gone = [source.title() for source in kept.files if not _is_there(source)]
    if kept.mail is not None and not _is_there(kept.mail.mail.source):
        return files, None, [*gone, f"el correo «{kept.mail.subject}»"]
    return files, kept.mail, gone


def _is_there(source: Source) -> bool:
    return source.path is not None and source.path.is_file()


def reopen(session: Any, kept: Kept) -> Loaded:
    """Return what the form of a kept draft opens with: the record of now under the values of then (a job of reads).

    Raises Refused when the record does not exist any more.
    """
    if kept.id is None:
        return records.blank(session, kept.table, kept.values | kept.preset)
    loaded = records.load(session, kept.table, kept.id)
    loaded.draft.version = kept.version
    loaded.draft.original |= kept.original
    loaded.draft.values |= kept.original
    return loaded


def from_draft(key: str, draft: Draft, touched: set[str], titles: dict[str, str],
               line_titles: dict[str, list[dict[str, str]]]) -> Kept:  # fmt: skip
    """Return what to keep of a form: all of a new record, only what was changed of an existing one."""
    names = touched if draft.id is not None else {name for name, value in draft.values.items() if value is not None}
    values = {name: draft.values[name] for name in names}
    original = {name: draft.original.get(name) for name in names} if draft.id is not None else {}
    return Kept(key, draft.table, draft.id, draft.version, values, original, draft.preset, draft.lines,
                {name: text for name, text in titles.items() if name in names}, line_titles)  # fmt: skip


def _encode_source(source: Source) -> dict[str, Any]:
    """A file by its place. What the program holds in memory has a private copy on the disk by then."""
    return {"path": str(source.path) if source.path else "", "name": source.name, "description": source.description,
            "is_ours": source.is_ours}  # fmt: skip


def _decode_source(data: dict[str, Any]) -> Source:
    path = Path(data["path"]) if data["path"] else None
    return Source(path, data["name"], description=data["description"], is_ours=bool(data["is_ours"]))


def _encode_mail(held: HeldMail) -> dict[str, Any]:
    return {"source": _encode_source(held.mail.source), "attach": held.mail.attach, "associate": held.mail.associate,
            "subject": held.subject, "sender": held.sender, "sent_at": _encode_one(held.sent_at),
            "taken": _encode(held.taken)}  # fmt: skip


def _decode_mail(data: dict[str, Any]) -> HeldMail:
    from oficrm.mail.assuming import PendingMail  # reading mails is loaded when there is one

    mail = PendingMail(_decode_source(data["source"]), bool(data["attach"]), bool(data["associate"]))
    return HeldMail(mail, data["subject"], data["sender"], _decode_one(data["sent_at"]), _decode(data["taken"]))


def _encode(values: Values) -> dict[str, Any]:
    return {name: _encode_one(value) for name, value in values.items()}


def _encode_one(value: Any) -> Any:
    match value:
        case bytes():
            return {"bytes": base64.b64encode(value).decode("ascii")}
        case dt.datetime():
            return {"datetime": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case dt.time():
            return {"time": value.isoformat()}
        case Decimal():
            return {"decimal": str(value)}
        case str():
            return str(value)
    return value


def _decode(values: dict[str, Any]) -> Values:
    return {name: _decode_one(value) for name, value in values.items()}


def _decode_one(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    match kind:
        case "bytes":
            return base64.b64decode(text)
        case "datetime":
            return dt.datetime.fromisoformat(text)
        case "date":
            return dt.date.fromisoformat(text)
        case "time":
            return dt.time.fromisoformat(text)
    return Decimal(text)
