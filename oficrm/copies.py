"""Duplicating a record of any module: a new one filled from it, with what is unique left to be given anew."""

from sqlalchemy.orm import Session

from db.registry import module
from oficrm import quotes, records
from oficrm.drafts import LineDraft, Loaded

SUFFIX = " (copia)"


def duplicate(session: Session, table: str, ident: int) -> Loaded:
    """Return a new record filled from another; numbers, e-mails and what else is unique stay empty.

    A unique name gets "(copia)" behind it. Raises Refused when the record does not exist, and for a module whose
    records come from outside: the same file is filed under more records, or gets versions.
    """
    if table == "quote":
        return quotes.duplicate(session, ident)
    source = records.load(session, table, ident)
    fields = module(table).fields
    preset = {}
    for name, value in source.draft.values.items():
        field = fields.get(name)
        if value is None or (field is not None and field.read_only):
            continue
        if field is None or not field.unique:
            preset[name] = value
        elif name == "name":
            preset[name] = f"{value[: (field.max_length or 200) - len(SUFFIX)]}{SUFFIX}"
    made = records.blank(session, table, preset)
    for child, lines in source.draft.lines.items():
        copied = {name for name, field in records.line_fields(module(child)).items() if not field.is_computed}
        made.draft.lines[child] = [
            LineDraft(None, {name: value for name, value in line.values.items() if name in copied}) for line in lines
        ]
    made.line_titles = source.line_titles
    return made
