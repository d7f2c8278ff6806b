"""Lists as SQL: ordered ids of a filter, and pages of values by id. Portable between both engines."""

from array import array
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
    statement = _page_statement(table, tuple(columns), tuple(custom))
    return {row[0]: tuple(row[1:]) for row in session.execute(statement, {"ids": list(ids)})}


@lru_cache(maxsize=256)
def _page_statement(table: str, columns: tuple[str, ...], custom: tuple[Field, ...]) -> Select[Any]:
    """The statement of a page, asked for again with every turn of the wheel: making it takes longer than running it."""
    builder = Builder(table, custom)
    shown = [builder.shown(name) for name in columns]
    wanted = builder.model.id.in_(bindparam("ids", expanding=True))
    return builder.apply(select(builder.model.id, *shown)).where(wanted)


def find_options(
    session: Session, table: str, text: str, *, within: tuple[str, int] | None = None,
    only: Sequence[tuple[str, Any]] = (), limit: int = 30,
) -> list[tuple[int, str, tuple[Any, ...]]]:  # fmt: skip
    """Return (id, title, picker details) of the records a picker offers for the typed text.

    ``within`` and ``only`` are fields with the value that they must have. Names that begin with the text come first,
    then the others that hold all its words anywhere.
    """
    builder = Builder(table)
    model = builder.model
    details = [builder.shown(name) for name in model.screens.picker]
    wheres: list[ColumnElement[bool]] = [model.deleted_at.is_(None)]
    wheres += [model.search_text.like(like_pattern(word), escape=LIKE_ESCAPE) for word in text.split()]
    if "is_active" in model.fields:
        wheres.append(builder.raw("is_active"))
    wheres += [builder.raw(name) == value for name, value in (*((within,) if within else ()), *only)]
    starts = model.search_text.like(like_pattern(text)[1:], escape=LIKE_ESCAPE)
    statement = builder.apply(select(model.id, model.title, *details)).where(*wheres)
    statement = statement.order_by(starts.desc(), model.sort_key, model.id).limit(limit)
    return [(row[0], row[1], tuple(row[2:])) for row in session.execute(statement)]


def live(model: type[Record]) -> ColumnElement[bool]:
    """The criterion "not in the trash"."""
    return model.deleted_at.is_(None)


__all__ = ["Condition", "Found", "ListQuery", "fetch_rows", "find_ids", "find_options", "live"]
