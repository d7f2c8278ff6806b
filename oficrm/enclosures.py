"""What a form brings along besides its values: files to attach, and a message whose information it took over."""

from sqlalchemy.orm import Session

from db.filed import FILES, key_of
from db.record import Record
from oficrm.drafts import Draft
from oficrm.errors import Collected
from oficrm.files import attaching
from oficrm.files.sources import Source, SourceProblem
from oficrm.jobs import Progress

FIELD = FILES
"""Under this name stands what is wrong with them."""


def has_any(draft: Draft) -> bool:
    """True when saving has more to do than to write values."""
    return bool(draft.files) or draft.mail is not None


def check(session: Session, draft: Draft, problems: Collected) -> None:
    """Note files that cannot be read at all, so that they are said together with whatever else is wrong."""
    if draft.mail is not None and draft.table != "contact":
        raise ValueError(f"a message is taken over by contacts only, not by {draft.table}")
    sources = [*draft.files, *([draft.mail.source] if draft.mail else [])]
    limit = attaching.limit_of(session) if sources else 0
    for source in sources:
        try:
            stream, _size = source.open(limit)
            stream.close()
        except SourceProblem as problem:
            problems.add(FIELD, said(source, problem))


def write(session: Session, record: Record, draft: Draft, progress: Progress | None = None) -> str:
    """File what the form brings along under the record; return what is to be remarked, "" for nothing.

    Raises ValidationError naming each file that could not be taken in, Cancelled: then nothing may be kept.
    """
    if not has_any(draft):
        return ""
    problems, remarks = Collected(), []
    if draft.files:
        place = key_of(record.module.table, record.id)
        for name, reason in attaching.attach(session, [place], draft.files, progress).left_out:
            if reason == attaching.ALREADY_HERE:
                remarks.append(f"«{name}» ya estaba entre sus archivos.")
            else:
                problems.add(FIELD, f"{name}: {reason}")
    if draft.mail is not None:
        from oficrm.mail import assuming  # reading mails is loaded with the first one

        try:
            assuming.take_over(session, record, draft.mail)
        except SourceProblem as problem:
            problems.add(FIELD, said(draft.mail.source, problem))
    problems.raise_if_any()
    return " ".join(remarks)


def said(source: Source, problem: SourceProblem) -> str:
    """Name a file and what is wrong with it."""
    return f"{source.title()}: {problem}"
