"""Field helpers: thin wrappers over ``mapped_column`` whose ``info`` carries label and kind.

Each kind's knowledge lives in one table per layer: the column type here, cleaning in ``oficrm.cleaning``,
filter operators in ``db.query``, display in ``oficrm.display``, editors in ``ui.forms.editors``.

Defaults may be plain values or tokens that the business layer resolves when a form opens:
``@today``, ``@today+15``, ``@now``, ``@country``, ``@currency``, ``@salesperson``, ``@user``, ``@tax_rate``,
``@warehouse``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    Time,
    type_coerce,
)
from sqlalchemy.orm import MappedColumn, mapped_column

from db.packs import Pack
from db.ratios import at_rate
from db.types import MONEY_DECIMALS, Choice, ChoiceType, Money, Scaled, UtcInstant

KINDS = frozenset({
    "text", "long_text", "email", "phone", "url", "tax_id", "postal_code", "country", "currency", "choice", "options",
    "link", "either", "children", "day", "clock", "instant", "minutes", "integer", "file_size", "quantity", "percent",
    "money", "yes_no", "image",
})  # fmt: skip
TEXT_KINDS = frozenset(["text", "long_text", "email", "phone", "url", "tax_id", "postal_code"])
NUMBER_KINDS = frozenset(["minutes", "integer", "file_size", "quantity", "percent", "money"])


@dataclass(frozen=True, slots=True)
class Field:
    """What every layer may know of one field. ``name`` is the public name, ``attr`` the mapped attribute."""

    kind: str
    label: str
    name: str = ""
    attr: str = ""
    required: bool = False
    search: bool = False
    unique: bool = False
    repeatable: tuple[str, ...] = ()
    read_only: bool = False
    hidden: bool = False
    mass_edit: bool = True
    help: str = ""
    max_length: int | None = None
    minimum: Any = None
    maximum: Any = None
    decimals: int = 0
    default: Any = None
    choices: type[Choice] | None = None
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    via: tuple[str, str] | None = None
    within: str = ""
    only: tuple[tuple[str, Any], ...] = ()
    on_delete: str = "restrict"
    custom_id: int = 0
    span: int = 1
    short: str = ""
    expression: Callable[[Any], Any] | None = None
    pack: Pack | None = None
    pack_at: int = 0

    @property
    def target(self) -> str:
        """The module a link points to."""
        return self.targets[0] if self.targets else ""

    @property
    def header(self) -> str:
        """Label for narrow places such as column headers."""
        return self.short or self.label

    @property
    def has_constant_default(self) -> bool:
        """True when a default is declared that needs neither user, company nor day to be known."""
        return self.default is not None and not (isinstance(self.default, str) and self.default.startswith("@"))

    @property
    def is_computed(self) -> bool:
        """True for values worked out by the query, never stored."""
        return self.expression is not None

    @property
    def is_stored(self) -> bool:
        """True for values the record itself holds; others are worked out by the query."""
        return self.expression is None and self.via is None

    @property
    def names_any_record(self) -> bool:
        """True for a reference to a record of whatever module, kept as its key in one column."""
        return self.kind == "either" and not self.parts


def column(kind: str, label: str, type_: Any, *args: Any, **more: Any) -> MappedColumn[Any]:
    """Wrap ``mapped_column`` so that the column carries its Field; ``more`` are options of the Field.

    A required field is NOT NULL; ``nullable`` overrides that for fields the program itself always fills.
    """
    nullable = more.pop("nullable", not more.get("required", False))
    index = more.pop("index", None)
    field = Field(kind, label, **more)
    options: dict[str, Any] = {} if nullable or not field.has_constant_default else {"default": field.default}
    return mapped_column(type_, *args, nullable=nullable, index=index, info={"field": field}, **options)


def text(label: str, *, max_length: int = 200, kind: str = "text", **more: Any) -> MappedColumn[Any]:
    """One line of text."""
    return column(kind, label, String(max_length), max_length=max_length, **more)


def long_text(label: str, *, max_length: int = 20_000, **more: Any) -> MappedColumn[Any]:
    """Several lines of text."""
    return column("long_text", label, Text, max_length=max_length, **({"span": 3} | more))


def email_address(label: str, **more: Any) -> MappedColumn[Any]:
    """An e-mail address, kept in lower case."""
    return text(label, kind="email", max_length=254, **more)


def phone_number(label: str, **more: Any) -> MappedColumn[Any]:
    """A phone number, kept in international form."""
    return text(label, kind="phone", max_length=40, **more)


def url(label: str, **more: Any) -> MappedColumn[Any]:
    """A web address."""
    return text(label, kind="url", max_length=300, **more)


def tax_number(label: str, **more: Any) -> MappedColumn[Any]:
    """NIF, RFC or another country's tax id; validated by the record's country."""
    return text(label, kind="tax_id", max_length=30, **more)


def postcode(label: str, **more: Any) -> MappedColumn[Any]:
    """A postal code, kept as text because of its leading zeros."""
    return text(label, kind="postal_code", max_length=12, **more)


def country_code(label: str, **more: Any) -> MappedColumn[Any]:
    """An ISO 3166 two-letter country code."""
    return column("country", label, String(2), **({"default": "@country"} | more))


def currency_code(label: str, **more: Any) -> MappedColumn[Any]:
    """An ISO 4217 currency code."""
    return column("currency", label, String(3), **({"default": "@currency"} | more))


def choice(label: str, choices: type[Choice], **more: Any) -> MappedColumn[Any]:
    """One of a closed list."""
    return column("choice", label, ChoiceType(choices), choices=choices, **more)


def link(label: str, target: str, *, on_delete: str = "restrict", **more: Any) -> MappedColumn[Any]:
    """A reference to a record of ``target``.

    ``on_delete`` says what happens to this record when the target is deleted: ``restrict`` refuses, ``cascade``
    deletes it in the same operation, ``keep`` leaves the reference (the name stays readable).
    ``within="client"`` offers only records whose ``client`` equals this record's; ``only=(("status", "active"),)`` only
    those whose field has that value when they are chosen. ``closes_circle`` marks one of two modules that point to each
    other, whose key is made after both tables.
    """
    key = ForeignKey(f"{target}.id", use_alter=bool(more.pop("closes_circle", False)))
    options = {"targets": (target,), "on_delete": on_delete, "index": not more.get("unique")} | more
    return column("link", label, Integer, key, **options)


def either(label: str, *, required: bool = False, default: str | None = None, help: str = "", **parts: str) -> Any:
    """A reference to one of several modules, spread over hidden link columns: ``product_id="product"``.

    Its value is ``"product:5"``.
    """
    field = Field("either", label, required=required, parts=tuple(parts), targets=tuple(parts.values()),
                  default=default, help=help)  # fmt: skip
    return Either(field)


def any_record(label: str, *tables: str, **more: Any) -> MappedColumn[Any]:
    """A reference to a record of any listed module (or of those named), kept as its key: ``"client:5"``.

    No foreign key watches over it: records are never removed from their tables, only marked as deleted.
    """
    return column("either", label, String(80), index=True, targets=tables, **more)


class Either:
    """Descriptor of an ``either`` field: reads and writes the one column that is filled."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = replace(self.field, name=name, attr=name)

    def __get__(self, record: Any, owner: type) -> Any:
        if record is None:
            return self
        for part, target in zip(self.field.parts, self.field.targets, strict=True):
            if (value := getattr(record, part)) is not None:
                return f"{target}:{value}"
        return None

    def __set__(self, record: Any, value: str | None) -> None:
        target, _, ident = (value or "").partition(":")
        for part, part_target in zip(self.field.parts, self.field.targets, strict=True):
            setattr(record, part, int(ident) if part_target == target else None)


class Computed:
    """A read-only value worked out inside the query from the (aliased) class."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __set_name__(self, owner: type, name: str) -> None:
        self.field = replace(self.field, name=name, attr=name)


def computed(label: str, kind: str, expression: Callable[[Any], Any], **more: Any) -> Any:
    """A column of lists and heads that the database works out, e.g. the date of the last contact."""
    return Computed(Field(kind, label, read_only=True, expression=expression, mass_edit=False, **more))


def children(label: str, table: str, through: str) -> Any:
    """The line records of ``table`` as one value: a filter over their ``through`` field, a joined text in columns."""
    return Computed(Field("children", label, read_only=True, mass_edit=False, via=(table, through)))


def day(label: str, **more: Any) -> MappedColumn[Any]:
    """A civil date."""
    return column("day", label, Date, **more)


def clock(label: str, **more: Any) -> MappedColumn[Any]:
    """A local wall time, to the minute."""
    return column("clock", label, Time, **more)


def instant(label: str, **more: Any) -> MappedColumn[Any]:
    """A point in time, aware and in UTC."""
    return column("instant", label, UtcInstant, **more)


def minutes(label: str, **more: Any) -> MappedColumn[Any]:
    """A duration in whole minutes."""
    return column("minutes", label, Integer, minimum=0, **more)


def integer(label: str, **more: Any) -> MappedColumn[Any]:
    """A whole number."""
    return column("integer", label, Integer, **more)


def file_size(label: str, **more: Any) -> MappedColumn[Any]:
    """A size in bytes, shown as kB or MB (powers of 1,000)."""
    return column("file_size", label, BigInteger, minimum=0, **more)


def number(label: str, *, decimals: int = 4, **more: Any) -> MappedColumn[Any]:
    """A Decimal amount of something, kept as a scaled whole number."""
    return column("quantity", label, Scaled(decimals), decimals=decimals, **more)


RATE_DECIMALS = 6


def exchange_rate() -> MappedColumn[Any]:
    """Units of the company's currency for one of another."""
    return number("Tipo de cambio", decimals=RATE_DECIMALS, mass_edit=False, short="T. de cambio",
                  help="Unidades de la moneda de la empresa por una de esta.")  # fmt: skip


def in_company(attr: str) -> Any:
    """An amount of the record at its own exchange rate, in the company's currency: what the foot of a list adds up."""

    def worth(record: Any) -> Any:
        return type_coerce(at_rate(getattr(record, attr), record.exchange_rate), Scaled(MONEY_DECIMALS))

    return computed("Importe en la moneda de la empresa", "money", worth, hidden=True)


def percent(label: str, **more: Any) -> MappedColumn[Any]:
    """A percentage with two decimals; 21 means 21 %."""
    return column("percent", label, Scaled(2), decimals=2, **({"minimum": 0, "maximum": 100} | more))


def money(label: str, **more: Any) -> MappedColumn[Any]:
    """An amount of money."""
    return column("money", label, Money(), decimals=2, **more)


def yes_no(label: str, *, default: bool = False, **more: Any) -> MappedColumn[Any]:
    """True or false, never empty."""
    return column("yes_no", label, Boolean, default=default, nullable=False, **more)


def image(label: str, **more: Any) -> MappedColumn[Any]:
    """A small picture (PNG or JPEG bytes, already scaled down); loaded only when asked for."""
    return mapped_column(LargeBinary, deferred=True, info={"field": Field("image", label, mass_edit=False, **more)})


def json_data() -> MappedColumn[Any]:
    """A dictionary without a field of its own, e.g. the values of campos parametrizables."""
    return mapped_column(JSON(none_as_null=True), nullable=False, default=dict)
