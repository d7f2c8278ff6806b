"""Lists: criteria as the user sets them, resolved to a query at the moment of loading."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from db.checks import resolve as resolve_path
from db.fields import Field
from db.options import find_options
from db.query import OPERATORS_BY_KIND, Condition, Found, ListQuery, fetch_rows, find_ids
from db.record import Record
from db.registry import module, modules
from oficrm import cleaning, clock, custom_fields, display, keys, settings, trees
from oficrm.errors import Collected
from oficrm.rules import dates
from oficrm.rules.problems import Invalid

ROWS_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion as typed: dates may be words (``hoy``, ``+7d``) or a period (``op="period"``, ``semana``).

    Kept like that in saved filters, so that "hoy" is true tomorrow too.
    """

    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list is asked for: criteria, free text over the searchable fields, and order."""

    table: str
    criteria: tuple[Criterion, ...] = ()
    text: str = ""
    sort: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Encode for saved filters and for the state kept between sessions."""
        criteria = [[item.field, item.op, _plain(item.value)] for item in self.criteria]
        return {"criteria": criteria, "text": self.text, "sort": list(self.sort)}

    @staticmethod
    def from_json(table: str, data: dict[str, Any]) -> "ListFilter":
        """Decode; criteria over fields that no longer exist are left out at loading."""
        criteria = tuple(
            Criterion(name, op, tuple(value) if isinstance(value, list) else value)
            for name, op, value in data.get("criteria", ())
        )
        return ListFilter(table, criteria, data.get("text", ""), tuple(data.get("sort", ())))


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | list) else value


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a list page needs before anything is loaded: the fields it may show and filter by."""

    table: str
    fields: dict[str, Field] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    more_filters: tuple[str, ...] = ()
    country: str = "ES"
    currency: str = "EUR"


def facts(session: Session, table: str) -> ListFacts:
    """Return fields (user-defined ones included, paths through links by their path) and filters of a list."""
    model = module(table)
    own = custom_fields.fields_of(session, table)
    classes = {each.module.table: each for each in modules()}
    fields = dict(custom_fields.all_fields(session, model))
    for path in (*model.screens.columns, *model.screens.filters, *model.screens.more_filters):
        if "." in path and (found := resolve_path(model, path, classes)):
            fields[path] = found
    values = settings.read(session)
    more = (*model.screens.more_filters, *(item.name for item in own))
    return ListFacts(table, fields, model.screens.filters, more, values.country, values.currency)


def resolve(session: Session, wanted: ListFilter, today: dt.date | None = None) -> ListQuery:
    """Turn criteria into a query of today.

    Raises ValidationError naming the filter fields that cannot be read.
    """
    known = facts(session, wanted.table).fields
    context = cleaning.Context(settings.read(session).country, today or clock.today())
    problems = Collected()
    conditions: list[Condition] = []
    for criterion in wanted.criteria:
        found = known.get(criterion.field)
        if found is None:
            continue
        try:
            conditions += [_with_below(session, found, each) for each in _conditions(found, criterion, context)]
        except Invalid as error:
            problems.add(criterion.field, error.message)
    problems.raise_if_any()
    own = custom_fields.fields_of(session, wanted.table)
    sort = tuple(name for name in wanted.sort if name.removeprefix("-") in known)
    return ListQuery(wanted.table, tuple(conditions), sort, wanted.text, own)


def _conditions(found: Field, criterion: Criterion, context: cleaning.Context) -> Iterable[Condition]:
    path, op, value = criterion.field, criterion.op, criterion.value
    if op == "period":
        first, last = dates.period(str(value), context.day())
        bounds = (("from", first), ("to", last))
        return [Condition(path, bound, _moment(found, day, bound)) for bound, day in bounds if day is not None]
    if op not in OPERATORS_BY_KIND[found.kind]:
        raise Invalid("Este criterio no sirve para este campo.")
    if op in ("contains", "empty"):
        return [Condition(path, op, value)]
    if op == "in":
        return [Condition(path, op, tuple(value))]
    if found.kind == "instant":
        return [Condition(path, op, _moment(found, dates.parse_date(str(value), context.day()), op))]
    return [Condition(path, op, cleaning.clean(_loose(found), value, context))]


def _with_below(session: Session, found: Field, condition: Condition) -> Condition:
    """Who looks for a category looks for those inside it too."""
    if found.kind != "link" or condition.op != "in" or not module(found.target).screens.tree:
        return condition
    return replace(condition, value=tuple(trees.below(session, found.target, condition.value)))


def _loose(found: Field) -> Field:
    """A filter bound may lie outside what the field itself may hold."""
    return replace(found, minimum=None, maximum=None, required=False)


def _moment(found: Field, day: dt.date, bound: str) -> dt.date | dt.datetime:
    """Whole local days as instants for fields that hold instants."""
    if found.kind != "instant":
        return day
    edge = dt.time.min if bound == "from" else dt.time.max
    return dt.datetime.combine(day, edge).astimezone()


def load_ids(session: Session, wanted: ListFilter, limit: int | None = None) -> Found:
    """Return the ordered ids of the filter, all of them or the first ``limit``."""
    return find_ids(session, resolve(session, wanted), limit)


def load_rows(session: Session, table: str, ids: Sequence[int], columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Return the values of the named columns by id; references to records of any module come as their titles."""
    rows = fetch_rows(session, table, ids, columns, custom_fields.fields_of(session, table))
    fields = module(table).fields
    places = [at for at, name in enumerate(columns) if name in fields and keys.named(fields[name])]
    return keys.spell_out(session, rows, places) if places else rows


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry a picker offers. ``id`` is a whole number, or ``"product:5"`` for fields over several modules."""

    id: Any
    title: str
    detail: str = ""


def options(
    session: Session, targets: Sequence[str], text: str, *, within: tuple[str, int] | None = None,
    only: Sequence[tuple[str, Any]] = (), limit: int = 30,
) -> list[Choice]:  # fmt: skip
    """Return what a picker over one or several modules offers for the typed text."""
    values = settings.read(session)
    found: list[Choice] = []
    for target in targets:
        model = module(target)
        shown = [model.fields[name] for name in model.screens.picker]
        for ident, title, details in find_options(session, target, text, within=within, only=only, limit=limit):
            texts = [display.show(item, value, values.country, values.currency)
                     for item, value in zip(shown, details, strict=True)]  # fmt: skip
            key: Any = ident if len(targets) == 1 else f"{target}:{ident}"
            found.append(Choice(key, title, " · ".join(text for text in texts if text)))
    return found[: limit * len(targets)]


def titles(session: Session, model: type[Record], ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of records by id, trashed ones included."""
    wanted = list(set(ids))
    return {ident: row[0] for ident, row in fetch_rows(session, model.module.table, wanted, ["title"]).items()}
