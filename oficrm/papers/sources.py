"""What each module puts on paper, in one table: who it is for, who else takes part, what hangs on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.document_template import PrintedModule
from db.registry import module
from oficrm import records, settings
from oficrm.papers import priced, values
from oficrm.papers.values import Facts, Look


def _nothing(_look: Look, _facts: Facts, _table: str, _ident: int | None) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """How the data of a module's paper are gathered.

    ``root`` names the record in templates; ``party`` says who receives the paper, ``linked`` who or what else is on it
    (name in templates and field); ``lists`` what hangs on the record (name in templates; table and the field that
    points back). ``finish`` adds what is worked out. ``original`` is the file of the program's own template.
    """

    root: str
    original: str
    party: tuple[str, str] = ("cliente", "client")
    linked: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    finish: Callable[[Look, Facts, str, int | None], None] = _nothing


_PEOPLE = {"persona": "person", "vendedor": "salesperson"}


def _priced(linked: Mapping[str, str], party: tuple[str, str] = ("cliente", "client")) -> Source:
    return Source("documento", "priced.html", party, linked, finish=priced.finish)


SOURCES: dict[str, Source] = {
    PrintedModule.QUOTE: _priced(_PEOPLE),
    PrintedModule.SALES_ORDER: _priced(_PEOPLE),
    PrintedModule.INVOICE: _priced({"vendedor": "salesperson"}),
    PrintedModule.CREDIT_NOTE: _priced({}),
    PrintedModule.PURCHASE_ORDER: _priced({"persona": "person"}, ("proveedor", "vendor")),
    PrintedModule.PROJECT: Source(
        "proyecto", "project.html", linked={"responsable": "salesperson"},
        lists={"tareas": ("project_task", "project"), "hitos": ("project_milestone", "project"),
               "participantes": ("project_participant", "project")},
    ),
    PrintedModule.SUPPORT_CASE: Source(
        "caso", "support_case.html", linked={"persona": "person", "poliza": "service_contract"},
        lists={"comentarios": ("comment", "record")},
    ),
    PrintedModule.SERVICE_CONTRACT: Source(
        "poliza", "service_contract.html", linked={"persona": "person"},
        lists={"casos": ("support_case", "service_contract")},
    ),
}  # fmt: skip


def gather(session: Session, table: str, ident: int | None) -> Facts:
    """Return the data of a record for templates; of one made up when ``ident`` is None. Raises Refused when it is gone.

    Texts, lists and dictionaries only: ``empresa``, the record under its root, ``cliente`` or ``proveedor``,
    ``destinatario`` (the same, whichever it is), and what the table of sources names.
    """
    source, model = SOURCES[table], module(table)
    known = settings.read(session)
    own = records.get(session, model, ident) if ident is not None else None
    look = Look(session, known, getattr(own, "currency", None) or known.currency)
    facts: Facts = {"empresa": values.company(look)}
    facts[source.root] = values.record(look, table, ident) if own is not None else values.example(look, table)
    for name, link in (source.party, *source.linked.items()):
        facts[name] = _linked(look, table, link, own)
    facts["destinatario"] = facts[source.party[0]]
    for name, (child, through) in source.lists.items():
        facts[name] = _hanging(look, child, through, table, ident)
    source.finish(look, facts, table, ident)
    facts["pie"] = _foot(facts, source.root)
    return facts


def _linked(look: Look, table: str, link: str, own: object | None) -> Facts:
    found = module(table).fields[link]
    ident = getattr(own, found.attr) if own is not None else None
    made = values.record(look, found.target, ident) if own is not None else values.example(look, found.target)
    if "direccion" in made and "identificacion_fiscal" in made:
        other = look.session.get(module(found.target), ident) if ident is not None else None
        made["es_extranjero"] = (getattr(other, "country", None) or look.country) != look.country
        made["datos"] = values.party_lines(look, made)
    return made


def _hanging(look: Look, child: str, through: str, table: str, ident: int | None) -> list[Facts]:
    if ident is None:
        return [values.example(look, child, number) for number in (1, 2, 3)]
    return values.records(look, child, values.ids_under(look.session, child, through, key_of(table, ident)))


def _foot(facts: Facts, root: str) -> str:
    """What stands at the foot of a page unless the template says otherwise: company, tax id, number."""
    own = facts["empresa"]
    number = facts[root].get("numero", "")
    return " · ".join(part for part in (own["nombre"], own["identificacion_fiscal"], number) if part)
