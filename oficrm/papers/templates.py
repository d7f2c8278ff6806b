"""Which template a record prints with: the user's own, the preferred one first, or the program's original."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.document_template import DocumentTemplate
from oficrm.drafts import Draft
from oficrm.errors import Collected, Refused
from oficrm.hooks import Hooks
from oficrm.papers.problem import TemplateProblem
from oficrm.papers.sources import SOURCES, gather

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "templates"
ORIGINAL = 0
"""Stands for the program's own template among the ids of templates."""
ORIGINAL_NAME = "Original del programa"
FOOT = "{{ pie }}"


@dataclass(frozen=True, slots=True)
class Offered:
    """A template that a module can print with; id ``ORIGINAL`` is the program's own."""

    id: int
    name: str


@cache
def original(table: str) -> str:
    """Return the text of the program's own template of a module. Raises KeyError for one that does not print."""
    return (FOLDER / SOURCES[table].original).read_text(encoding="utf-8")


def offered(session: Session, table: str) -> list[Offered]:
    """Return what a module can print with, what is used without choosing first, the original last."""
    found = select(DocumentTemplate).where(
        DocumentTemplate.printed == table, DocumentTemplate.is_active, DocumentTemplate.deleted_at.is_(None)
    ).order_by(DocumentTemplate.is_default.desc(), DocumentTemplate.sort_key, DocumentTemplate.id)  # fmt: skip
    return [Offered(each.id, each.name) for each in session.scalars(found)] + [Offered(ORIGINAL, ORIGINAL_NAME)]


def text_of(session: Session, table: str, ident: int | None) -> tuple[str, str]:
    """Return body and foot of a template; of the one used without choosing when ``ident`` is None.

    Raises Refused when it is gone.
    """
    wanted = offered(session, table)[0].id if ident is None else ident
    if wanted == ORIGINAL:
        return original(table), FOOT
    found = session.get(DocumentTemplate, wanted)
    if found is None or found.deleted_at is not None:
        raise Refused("Esta plantilla ya no existe. Elija otra.")
    return found.body, found.foot or ""


def _check(session: Session, template: DocumentTemplate, draft: Draft, problems: Collected) -> None:
    """What is offered can be printed: it is filled in with a record that is made up."""
    from oficrm.papers.filling import fill  # Jinja2 is loaded when a template is touched

    if template.printed not in SOURCES or not template.is_active:
        return
    facts = gather(session, template.printed, None)
    for name, text in (("body", template.body), ("foot", template.foot or "")):
        try:
            fill(text, facts)
        except TemplateProblem as problem:
            problems.add(name, f"{problem} Corríjalo, o desmarque «Activa» para guardarla sin usarla.")


def _after(session: Session, template: DocumentTemplate, draft: Draft) -> None:
    """One template of a module is the preferred one."""
    if template.is_default:
        others = select(DocumentTemplate).where(
            DocumentTemplate.printed == template.printed, DocumentTemplate.is_default,
            DocumentTemplate.id != template.id, DocumentTemplate.deleted_at.is_(None),
        )  # fmt: skip
        for other in session.scalars(others):
            other.is_default = False


HOOKS = Hooks(check=_check, after=_after)


def prints(table: str) -> bool:
    """Whether the records of a module print to paper."""
    return table in SOURCES
