"""Duplicating a record of any module: a new one filled from it, with what is unique left to be given anew."""

from sqlalchemy.orm import Session

from db.fields import Field
from db.registry import module
from oficrm import records
from oficrm.drafts import LineDraft, Loaded
from oficrm.joined import hooks

SUFFIX = " (copia)"


def duplicate(session: Session, table: str, ident: int) -> Loaded:
    """Return a new record filled from another; numbers, e-mails and what else is unique stay empty, and its state
    is that of any new record.

    A unique name gets "(copia)" behind it. Raises Refused when the record does not exist, and for a module whose
    records come from outside: the same file is filed under more records, or gets versions.
    """
    source = records.load(session, table, ident)
    model = module(table)
    fields, flow = model.fields, model.flow
    preset = {}
    for name, value in source.draft.values.items():
        field = fields.get(name)
        if value is None or name in model.screens.afresh or (field is not None and field.read_only):
            continue
        if flow is not None and field is not None and (name == flow.field or _is_of_the_day(field)):
            continue
        if field is None or not field.unique:
            preset[name] = value
        elif name == "name":
            preset[name] = f"{value[: (field.max_length or 200) - len(SUFFIX)]}{SUFFIX}"
    made = records.blank(session, table, preset)
    for child, lines in source.draft.lines.items():
        left = module(child).screens.afresh
        copied = {name for name, field in records.line_fields(module(child)).items()
                  if not (field.is_computed or field.read_only or name in left)}  # fmt: skip
        if any(module(child).fields[name].required for name in left):
            continue
        made.draft.lines[child] = [
            LineDraft(None, {name: value for name, value in line.values.items() if name in copied}) for line in lines
        ]
    made.line_titles = source.line_titles
    hooks(model).copied(session, ident, made.draft)
    return made


def _is_of_the_day(field: Field) -> bool:
    """A date that a new document takes from the day it is made on."""
    return field.kind in ("day", "instant") and isinstance(field.default, str) and field.default.startswith("@")
