"""From a record to a page ready for paper: data, template, foot, name of the file."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.registry import module
from oficrm import settings
from oficrm.errors import Refused
from oficrm.papers.filling import fill
from oficrm.papers.problem import TemplateProblem
from oficrm.papers.sources import SOURCES, gather
from oficrm.papers.templates import text_of
from oficrm.papers.values import Facts

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_NAME_LENGTH = 120
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(?:col|row)span\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE)
MAX_TABLES, MAX_SPAN = 8, 100
"""Tables within each other, each of which takes the layout twice the time; columns or rows that a cell spans."""
SAMPLE_ROWS = 60
_LETTER_COUNTRIES = frozenset({"MX", "US", "CA", "CL", "CO", "GT", "PA", "PR", "SV", "VE"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A record ready for paper: page, foot, and the name and folder a PDF is proposed with."""

    html: str
    title: str
    foot: str
    file_name: str
    folder: str
    is_letter: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """What a template is tried on while it is written: data of a record (``name``; "" when it is made up)."""

    facts: Facts
    name: str


def make(session: Session, table: str, ident: int, template: int | None = None) -> Paper:
    """Return the page of a record; without ``template``, with the one that its module prefers.

    Raises Refused when the record or the template is gone, or when the template cannot be filled in.
    """
    body, foot = text_of(session, table, template)
    facts = gather(session, table, ident)
    try:
        return compose(body, foot, facts, table, settings.read(session))
    except TemplateProblem as problem:
        raise Refused(f"La plantilla no se puede usar. {problem}") from problem


def compose(body: str, foot: str, facts: Facts, table: str, values: settings.Settings) -> Paper:
    """Fill a template with data. Raises TemplateProblem."""
    record = facts[SOURCES[table].root]
    number = record.get("numero") or module(table).module.label
    name = " ".join(_UNSAFE.sub(" ", f"{number} {facts['destinatario']['titulo']}").split())
    return Paper(
        _bounded(fill(body, facts)),
        record["titulo"],
        _foot(foot, facts),
        f"{name[:_NAME_LENGTH].strip(' .')}.pdf",
        values["reports_folder"] or "",
        values.country in _LETTER_COUNTRIES,
    )


def _foot(text: str, facts: Facts) -> str:
    try:
        return " ".join(fill(text, facts, escaping=False).split())
    except TemplateProblem as problem:
        raise TemplateProblem(f"En el pie de página: {problem.text}") from problem


def _bounded(html: str) -> str:
    """A page that can be laid out in time. Raises TemplateProblem."""
    depth = 0
    for found in _TABLE.finditer(html):
        depth += -1 if found[1] else 1
        if depth > MAX_TABLES:
            raise TemplateProblem(f"hay más de {MAX_TABLES} tablas unas dentro de otras.")
    for found in _SPAN.finditer(html):
        if len(found[1]) > 3 or int(found[1]) > MAX_SPAN:
            raise TemplateProblem(f"«colspan» y «rowspan» llegan hasta {MAX_SPAN}.")
    return html


def sample(session: Session, table: str) -> Sample:
    """Return the newest record of a module to try a template on, or one made up where there is none.

    Long lists are cut, so that pages follow what is typed.
    """
    model = module(table)
    newest = session.scalar(select(model.id).where(model.deleted_at.is_(None)).order_by(model.id.desc()).limit(1))
    facts: Facts = {key: value[:SAMPLE_ROWS] if isinstance(value, list) else value
             for key, value in gather(session, table, newest).items()}  # fmt: skip
    name = facts[SOURCES[table].root]["titulo"] if newest is not None else ""
    return Sample(facts, name)
