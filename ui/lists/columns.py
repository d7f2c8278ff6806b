"""Columns of a list: which there are, which are shown, how wide they begin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.fields import NUMBER_KINDS, Field
from db.registry import module
from oficrm.lists import ListFacts
from oficrm.loading import catalogue_of

ACTIONS = ""
"""Name of the last column, which holds the button of each row's actions."""
ACTIONS_WIDTH = 32
LEAST_WIDTH = 32
LEAST_NAME, LEAST_STRETCH = 160, 120
LONGEST_LABEL = 18
_WIDTHS = {
    "day": 116, "clock": 58, "instant": 128, "minutes": 84, "integer": 80, "file_size": 80,
    "quantity": 88, "percent": 80, "money": 104,
    "yes_no": 76, "link": 124, "either": 160, "children": 180, "choice": 112, "long_text": 220, "email": 160,
    "phone": 116, "url": 150, "tax_id": 104, "postal_code": 76, "country": 96, "currency": 80, "options": 112,
}  # fmt: skip
_TELLING = {"subject": 170, "concept": 170, "title_line": 200, "asset": 160, "product": 160, "service": 160,
            "project": 160, "campaign": 170, "client": 140, "person": 140, "street": 150, "origin_address": 190,
            "destination_address": 190}  # fmt: skip
"""What tells rows apart is given more than others of its kind."""
_NARROWEST_CHIP, _WIDEST_CHIP, _CHIP_EDGES, _LETTER = 88, 150, 34, 7


@dataclass(frozen=True, slots=True)
class Column:
    """One column shown: the path of its field, and its width at first."""

    name: str
    field: Field
    width: int

    @property
    def is_right(self) -> bool:
        """Whether its values stand to the right."""
        return self.field.kind in NUMBER_KINDS


def label_of(facts: ListFacts, name: str) -> str:
    """The header of a column; a field seen through a link says through which."""
    found = facts.fields[name]
    link, _, rest = name.rpartition(".")
    if link and link in facts.fields and rest not in ("icon", "tone"):
        return f"{found.header} ({facts.fields[link].label.lower()})"
    return found.header


def filter_label(facts: ListFacts, name: str) -> str:
    """The words above a filter: the whole label where it is not too long for that."""
    found = facts.fields[name]
    return found.label if "." not in name and len(found.label) <= LONGEST_LABEL else label_of(facts, name)


def available(facts: ListFacts) -> list[str]:
    """The columns a user may choose from: those declared first, then all other fields by their label."""
    declared = [name for name in module(facts.table).screens.columns if name in facts.fields]
    others = [name for name, found in facts.fields.items() if name not in declared and _can_show(facts.table, found)]
    return declared + sorted(others, key=lambda name: label_of(facts, name).casefold())


def _can_show(table: str, found: Field) -> bool:
    if found.kind == "image" or found.hidden:
        return False
    # The title repeats what modules name otherwise
    return found.name != "title" or "name" not in module(table).fields


def chosen(
    facts: ListFacts, names: Iterable[str], first: Iterable[str] = (), hidden: Iterable[str] = ()
) -> tuple[Column, ...]:  # fmt: skip
    """The columns to show for remembered names: those that still exist, else ``first`` or the declared ones.

    ``hidden`` are left out of the latter.
    """
    kept = [name for name in dict.fromkeys(names) if name in facts.fields]
    if not kept:
        without = set(hidden)
        declared = tuple(first) or module(facts.table).screens.columns
        kept = [name for name in declared if name in facts.fields and name not in without]
    return tuple(Column(name, facts.fields[name], first_width(facts, name)) for name in kept)


def first_width(facts: ListFacts, name: str) -> int:
    """Width in pixels of a column that nobody has sized."""
    found = facts.fields[name]
    if name in ("name", "title"):
        return 210
    if name in _TELLING:
        return _TELLING[name]
    if found.kind == "choice" and found.choices is not None:
        longest = max(len(choice.label) for choice in found.choices) * _LETTER + _CHIP_EDGES
        return min(_WIDEST_CHIP, max(_NARROWEST_CHIP, len(found.header) * _LETTER + 20, longest))
    if found.kind == "text" and found.max_length is not None and found.max_length <= 40:
        return 96
    if found.kind == "link" and catalogue_of(found):
        return 104
    return _WIDTHS.get(found.kind, 118)


def stretching(columns: Iterable[Column]) -> str:
    """The column that takes what width is left: a long text, else a name, else what a relation joins, else a link."""
    shown = [column for column in columns if column.name]
    for fits in (
        lambda column: column.field.kind == "long_text",
        lambda column: column.name in ("name", "title", "title_line", "subject", "concept", "summary", "file_name"),
        lambda column: column.name in ("asset", "product", "service", "member", "origin_address"),
        lambda column: column.name == "client",
        lambda column: column.field.kind in ("either", "link"),
    ):
        for column in shown:
            if fits(column):
                return column.name
    return shown[-1].name if shown else ""


def next_sort(
    sort: tuple[str, ...], name: str, added: bool, real: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:  # fmt: skip
    """The order after a click on a head: by that column, turned round when it is the first already.

    ``added`` (Shift) puts it behind the order there is. ``real`` says what some columns really order by.
    """
    own = real.get(name, (name,))
    down = sort[:1] == (name,)
    if added:
        down = name in sort
    wanted = tuple(f"-{each}" if down else each for each in own)
    if not added:
        return wanted
    rest = tuple(each for each in sort if each.removeprefix("-") not in own)
    return (*rest, *wanted)


def fitted(first: Mapping[str, int], sized: Mapping[str, int], stretch: str, room: int) -> dict[str, int]:
    """Width of each column: what the user gave it, else its first one.

    What is left of ``room`` goes to the column ``stretch``; what lacks is taken, up to a seventh, from those that
    nobody sized, before the table has to be scrolled sideways.
    """
    widths = {name: sized.get(name, width) for name, width in first.items()}
    if stretch in sized or stretch not in widths:
        return widths
    least = LEAST_NAME if stretch in ("name", "title") else LEAST_STRETCH
    free = [name for name in widths if name not in sized and name != stretch]
    lacking = sum(width for name, width in widths.items() if name != stretch) + least - room
    if lacking > 0:
        most = sum(widths[name] for name in free)
        share = min(lacking / most, 1 / 7) if most else 0.0
        widths |= {name: widths[name] - math.ceil(widths[name] * share) for name in free}
    taken = sum(width for name, width in widths.items() if name != stretch)
    return widths | {stretch: max(least, room - taken)}
