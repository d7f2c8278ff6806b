"""Lists as SQL: ordered ids of a filter, and pages of values by id. Portable between both engines."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import TypeEngine

from db.contents import Content
from db.fields import NUMBER_KINDS, TEXT_KINDS, Field
from db.packs import LEAST_PACKED, Pack
from db.record import Record
from db.registry import module, owner_link
from db.text import LIKE_ESCAPE, like_pattern


@dataclass(frozen=True, slots=True)
class Condition:
    """One criterion: ``field`` may look through a link (``client.status``).

    Operators: ``contains`` (text, without case and accents), ``is`` (equality), ``in`` (any of a tuple),
    ``from`` and ``to`` (inclusive bounds), ``empty`` (value True: no value, False: some value).
    """

    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A filter and an order over one module. ``sort`` names fields, ``-`` in front for descending.

    ``ids``, when given, are the only records looked at.
    """

    table: str
    conditions: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    text: str = ""
    custom: tuple[Field, ...] = ()
    ids: tuple[int, ...] | None = None


@dataclass(slots=True)
class Found:
    """The ids of a filter in order; ``flags`` (narrow field, 0/1) and ``totals`` run parallel when declared."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    flags: bytearray = field(default_factory=bytearray)
    totals: list[Any] = field(default_factory=list)


@cache
def _alias(table: str, path: str, target: str) -> Any:
    """The target of a link as joined to the list of ``table``; making one copies every column of its table."""
    return aliased(module(target))


class Builder:
    """Resolves field paths into columns and remembers the joins they need."""

    def __init__(self, table: str, custom: Iterable[Field] = ()) -> None:
        self.model = module(table)
        self.custom = {item.name: item for item in custom}
        self.joins: list[tuple[Any, ColumnElement[bool]]] = []
        self._joins: set[tuple[str, str]] = set()

    def _joined(self, path: str, target: str, on: Any) -> Any:
        alias = _alias(self.model.module.table, path, target)
        if (path, target) not in self._joins:
            self._joins.add((path, target))
            self.joins.append((alias, on == alias.id))
        return alias

    def walk(self, path: str) -> tuple[Any, Field, str]:
        """Follow a path; return the (aliased) class it ends in, the field, and the path so far."""
        entity: Any = self.model
        model = self.model
        *links, last = path.split(".")
        for name in links:
            link_field = model.fields[name]
            entity = self._joined(name, link_field.target, getattr(entity, link_field.attr))
            model = module(link_field.target)
        found = model.fields.get(last) or self.custom.get(last)
        if found is None:
            raise KeyError(f"{self.model.__name__} has no field {path!r}")
        return entity, found, ".".join(links)

    def raw(self, path: str) -> ColumnElement[Any]:
        """The stored value: ids for links, keys for choices, typed values for campos parametrizables."""
        entity, found, _ = self.walk(path)
        if found.custom_id:
            return custom_column(entity, found)
        if found.via is not None:
            return self._joined_texts(entity, found.via)
        if found.expression is not None:
            return found.expression(entity)  # type: ignore[no-any-return]
        if found.parts:
            raise KeyError(f"{path!r} spans several columns")
        return getattr(entity, found.attr)  # type: ignore[no-any-return]

    def _joined_texts(self, entity: Any, via: tuple[str, str]) -> ColumnElement[Any]:
        """The titles of the line records (or of what they link to), joined with commas.

        References to records of any module come as their keys: whoever shows them asks for the titles.
        """
        child = aliased(module(via[0]))
        through = module(via[0]).fields[via[1]]
        links = through.parts or (through.attr,)
        targets = [aliased(module(target)) for target in through.targets] if not through.names_any_record else []
        if through.names_any_record:
            links, text = (), getattr(child, through.attr)
        else:
            text = func.coalesce(*(target.title for target in targets), child.title)
        statement = select(func.aggregate_strings(text, ", "))
        statement = statement.select_from(child)
        for target, link in zip(targets, links, strict=True):
            statement = statement.outerjoin(target, target.id == getattr(child, link))
        owner = owner_link(module(via[0]))
        statement = statement.where(getattr(child, owner.attr) == entity.id, child.deleted_at.is_(None))
        return statement.correlate(entity).scalar_subquery()

    def _where_children(self, condition: Condition, via: tuple[str, str]) -> ColumnElement[bool]:
        """By the lines: those that fit are found first, by their index, and then what they belong to."""
        child = module(via[0])
        through = child.fields[via[1]]
        builder = Builder(via[0])
        owner = getattr(child, owner_link(child).attr)
        if condition.op == "empty":
            hit = exists().where(owner == self.model.id, child.deleted_at.is_(None))
            return ~hit if condition.value else hit
        fitting = builder.where(Condition(through.name, condition.op, condition.value))
        return self.model.id.in_(select(owner).where(child.deleted_at.is_(None), fitting))

    def shown(self, path: str) -> ColumnElement[Any]:
        """What a cell shows: the target's title for links, else the stored value."""
        entity, found, prefix = self.walk(path)
        if found.kind == "link":
            return self._joined(f"{prefix}>{found.name}", found.target, getattr(entity, found.attr)).title  # type: ignore[no-any-return]
        if found.parts:
            titles = [
                self._joined(f"{prefix}>{part}", target, getattr(entity, part)).title
                for part, target in zip(found.parts, found.targets, strict=True)
            ]
            return func.coalesce(*titles)
        return self.raw(path)

    def order(self, path: str) -> ColumnElement[Any]:
        """The sort key of a field: Spanish dictionary order for anything that is text."""
        entity, found, prefix = self.walk(path)
        if found.kind == "link":
            return self._joined(f"{prefix}>{found.name}", found.target, getattr(entity, found.attr)).sort_key  # type: ignore[no-any-return]
        if found.name == "title" or _is_named(found, entity):
            return entity.sort_key  # type: ignore[no-any-return]
        if found.kind == "choice" and found.choices:
            column = self.raw(path)
            return _choice_order(column, [str(choice) for choice in found.choices])
        if found.kind in TEXT_KINDS or found.kind in ("either", "options", "country", "currency", "children"):
            return func.ofi_sort(self.shown(path))
        return self.raw(path)

    def may_be_empty(self, path: str) -> bool:
        """False for a stored field of the records themselves that always has a value."""
        _, found, prefix = self.walk(path)
        column = self.model.__table__.columns.get(found.attr)
        return bool(prefix) or found.kind == "link" or column is None or bool(column.nullable)

    def apply(self, statement: Select[Any]) -> Select[Any]:
        """Add the joins gathered so far."""
        statement = statement.select_from(self.model)
        for alias, on in self.joins:
            statement = statement.outerjoin(alias, on)
        return statement

    def where(self, condition: Condition) -> ColumnElement[bool]:
        """Turn a criterion into SQL. Raises KeyError for an unknown operator."""
        entity, found, _ = self.walk(condition.field)
        if found.via is not None:
            return self._where_children(condition, found.via)
        if found.parts:
            return self._where_either(condition, found)
        made = OPERATORS[condition.op](self.raw(condition.field), condition.value, found)
        if condition.op == "contains" and found.search:
            # What is not in the stored folded text of the record cannot be in this field: folding each is slow.
            return and_(entity.search_text.like(like_pattern(str(condition.value)), escape=LIKE_ESCAPE), made)
        return made

    def _where_either(self, condition: Condition, found: Field) -> ColumnElement[bool]:
        columns = [getattr(self.model, part) for part in found.parts]
        if condition.op == "empty":
            nothing = and_(*(column.is_(None) for column in columns))
            return nothing if condition.value else ~nothing
        wanted = condition.value if condition.op == "in" else (condition.value,)
        by_target = {
            target: [int(value.partition(":")[2]) for value in wanted if value.startswith(f"{target}:")]
            for target in found.targets
        }
        return or_(*(column.in_(by_target[target]) for column, target in zip(columns, found.targets, strict=True)))


def _is_named(found: Field, entity: Any) -> bool:
    """True when the field is the title itself, whose folded copy is indexed."""
    model: type[Record] = inspect(entity).mapper.class_
    return found.attr == "name" and model.title_text is Record.title_text


def _choice_order(column: ColumnElement[Any], keys: Sequence[str]) -> ColumnElement[Any]:
    """Order choices as they are declared (a pipeline), not by their stored key."""
    return case({key: position for position, key in enumerate(keys)}, value=column, else_=len(keys))


def custom_column(entity: Any, found: Field) -> ColumnElement[Any]:
    """The typed column expression of a campo parametrizable inside the JSON of the record."""
    value = entity.extra[found.name]
    match found.kind:
        case "integer" | "minutes":
            return value.as_integer()  # type: ignore[no-any-return]
        case "quantity" | "money" | "percent":
            return cast(value.as_string(), Numeric(20, 6))
        case "yes_no":
            return value.as_boolean()  # type: ignore[no-any-return]
        case "day":
            # ISO dates compare as text; SQLite has no date type to cast to.
            return cast(value.as_string(), String)
    return value.as_string()  # type: ignore[no-any-return]


def _contains(column: Any, value: Any, _: Field) -> ColumnElement[bool]:
    return func.ofi_search(column).like(like_pattern(str(value)), escape=LIKE_ESCAPE)


def _bound(value: Any, found: Field) -> Any:
    return value.isoformat() if found.custom_id and found.kind == "day" else value


OPERATORS: dict[str, Callable[[Any, Any, Field], ColumnElement[bool]]] = {
    "contains": _contains,
    "is": lambda column, value, found: column == _bound(value, found),
    "in": lambda column, value, found: column.in_(tuple(value)),
    "from": lambda column, value, found: column >= _bound(value, found),
    "to": lambda column, value, found: column <= _bound(value, found),
    "empty": lambda column, value, found: column.is_(None) if value else column.is_not(None),
}

OPERATORS_BY_KIND: dict[str, tuple[str, ...]] = (
    dict.fromkeys(TEXT_KINDS, ("contains", "empty"))
    | dict.fromkeys((*NUMBER_KINDS, "day", "clock", "instant"), ("from", "to", "empty"))
    | dict.fromkeys(("link", "choice", "either", "children", "country", "currency", "options"), ("in", "empty"))
    | {"yes_no": ("is",), "image": ("empty",)}
)


def _statement(query: ListQuery, *columns: str) -> Select[Any]:
    builder = Builder(query.table, query.custom)
    model = builder.model
    wheres: list[ColumnElement[bool]] = [model.deleted_at.is_(None)]
    wheres += [builder.where(condition) for condition in query.conditions]
    if query.ids is not None:
        wheres.append(model.id.in_(query.ids))
    wheres += [_holds_word(model, word) for word in query.text.split()]
    order: list[Any] = []
    descending = False
    for name in query.sort or model.screens.sort:
        key = builder.order(name.removeprefix("-"))
        descending = name.startswith("-")
        key = key.desc() if descending else key.asc()
        # Empty values stay last in both directions and on both engines. Saying so of what is never empty would keep
        # PostgreSQL from reading the order off an index.
        order.append(key.nulls_last() if builder.may_be_empty(name.removeprefix("-")) else key)
    order.append(model.id.desc() if descending else model.id.asc())
    shown = [builder.raw(name) for name in columns]
    return builder.apply(select(model.id, *shown)).where(*wheres).order_by(*order)


def _holds_word(model: type[Record], word: str) -> ColumnElement[bool]:
    """The word is in the record's own texts, in those of its messages, or inside the file that the record keeps."""
    pattern = like_pattern(word)
    found: ColumnElement[bool] = model.search_text.like(pattern, escape=LIKE_ESCAPE)
    if model.screens.inside:
        child = module(model.screens.inside)
        said = select(getattr(child, owner_link(child).attr)).where(
            child.search_text.like(pattern, escape=LIKE_ESCAPE), child.deleted_at.is_(None)
        )
        found = or_(found, model.id.in_(said))
    if not model.screens.content:
        return found
    kept = getattr(model, model.fields[model.screens.content].attr)
    inside: ColumnElement[bool] = kept.in_(
        select(Content.sha256).where(Content.words.like(pattern, escape=LIKE_ESCAPE))
    )
    return or_(found, inside)


def find_ids(session: Session, query: ListQuery, limit: int | None = None) -> Found:
    """Return the ordered ids of a filter, with the narrow flag and the total of each row when declared."""
    screens = module(query.table).screens
    extras = [name for name in (screens.narrow, screens.total) if name]
    statement = _statement(query, *extras).limit(limit)
    rows = _driver_rows(session, statement)
    found = Found(array("q", (row[0] for row in rows)))
    if screens.narrow:
        found.flags = bytearray(bool(row[1]) for row in rows)
    if screens.total:
        last = len(extras)
        convert = _converter(session, statement.selected_columns[last].type)
        found.totals = [convert(row[last]) or 0 for row in rows]
    return found


def _driver_rows(session: Session, statement: Select[Any]) -> Sequence[Sequence[Any]]:
    """The rows as the driver gives them: a list may hold a million ids, and wrapping each row costs twice its reading.

    It also keeps the interpreter busy, for which the screen would have to wait.
    """
    session.flush()
    with session.connection().execute(statement) as result:
        cursor = result.cursor
        assert cursor is not None
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
    return rows


def _converter(session: Session, type_: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What turns a value of the driver into one of this type."""
    dialect = session.get_bind().dialect
    return type_.dialect_impl(dialect).result_processor(dialect, None) or (lambda value: value)


def fetch_rows(
    session: Session, table: str, ids: Sequence[int], columns: Sequence[str], custom: Iterable[Field] = ()
) -> dict[int, tuple[Any, ...]]:
    """Return ``{id: values}`` of the named columns; ids that no longer exist are missing, trashed ones come."""
    page = _page(table, tuple(columns), tuple(custom))
    rows = session.execute(page.statement, {"ids": list(ids)})
    return {row[0]: page.values(row) for row in rows}


@dataclass(frozen=True, slots=True)
class _Page:
    """A statement, and where in its rows the columns are: a place, or a place with a pack and the place in this."""

    statement: Select[Any]
    places: tuple[int | tuple[int, int], ...]
    packs: dict[int, Pack]

    def values(self, row: Any) -> tuple[Any, ...]:
        if not self.packs:
            return tuple(row[1:])
        read = {at: pack.read(row[at]) for at, pack in self.packs.items()}
        return tuple(row[place] if isinstance(place, int) else read[place[0]][place[1]] for place in self.places)


@lru_cache(maxsize=256)
def _page(table: str, columns: tuple[str, ...], custom: tuple[Field, ...]) -> _Page:
    """The statement of a page, asked for again with every turn of the wheel: making it takes longer than running it."""
    builder = Builder(table, custom)
    fields = [builder.model.fields.get(name) for name in columns]
    asked = Counter(found.pack for found in fields if found is not None and found.pack is not None)
    shown: list[Any] = []
    places: list[int | tuple[int, int]] = []
    packs: dict[Pack, int] = {}
    for name, found in zip(columns, fields, strict=True):
        pack = found.pack if found is not None else None
        if found is None or pack is None or asked[pack] < LEAST_PACKED:
            shown.append(builder.shown(name))
            places.append(len(shown))
            continue
        if pack not in packs:
            shown.append(pack.expression(builder.model).label(f"pack_{len(packs)}"))
            packs[pack] = len(shown)
        places.append((packs[pack], found.pack_at))
    wanted = builder.model.id.in_(bindparam("ids", expanding=True))
    statement = builder.apply(select(builder.model.id, *shown)).where(wanted)
    return _Page(statement, tuple(places), {at: pack for pack, at in packs.items()})
