"""Ids of a loaded list in order, with flags and totals beside them. Nothing here loops in Python over all rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate, compress, groupby
from typing import Any, Literal

from db.query import Found

Which = Literal["all", "done", "open"]
_FLIP = bytes((1, 0))


def _opposite(flags: bytearray) -> bytearray:
    return flags.translate(_FLIP + bytes(254))


@dataclass(slots=True)
class Order:
    """What is loaded (``found``), and the part of it that is shown. Arrays are replaced, never changed in place."""

    found: Found = field(default_factory=Found)
    which: Which = "all"
    ids: array[int] = field(default_factory=lambda: array("q"))
    totals: Sequence[Any] = ()
    _sums: tuple[Sequence[Any], list[Any]] = ((), [])

    def set(self, found: Found, which: Which = "all") -> None:
        """Take another loaded list."""
        self.found = found
        self.narrow(which)

    def narrow(self, which: Which) -> None:
        """Show all rows, or those done, or those not done. Without flags there is nothing to narrow by."""
        self.which = which if self.found.flags else "all"
        if self.which == "all":
            self.ids, self.totals = self.found.ids, self.found.totals
            return
        wanted = self.found.flags if self.which == "done" else _opposite(self.found.flags)
        self.ids = array("q", compress(self.found.ids, wanted))
        self.totals = list(compress(self.found.totals, wanted))

    def count(self, which: Which) -> int:
        """How many rows there are behind one of the quick buttons."""
        if which == "all" or not self.found.flags:
            return len(self.found.ids)
        done = self.found.flags.count(1)
        return done if which == "done" else len(self.found.ids) - done

    def total(self) -> Any:
        """The sum of what is shown."""
        return sum(self.totals)

    def running(self, row: int, *, upwards: bool) -> Any:
        """The sum of the rows from one end to ``row``: from the last one where ``upwards``, else from the first."""
        if self._sums[0] is not self.totals:
            self._sums = (self.totals, list(accumulate(self.totals)))
        so_far = self._sums[1]
        return so_far[-1] - so_far[row] + self.totals[row] if upwards else so_far[row]

    def ids_in(self, ranges: Iterable[tuple[int, int]]) -> array[int]:
        """The ids of rows given as first and last row."""
        chosen: array[int] = array("q")
        for first, last in ranges:
            chosen.extend(self.ids[first : last + 1])
        return chosen

    def total_in(self, ranges: Iterable[tuple[int, int]]) -> Any:
        """The sum of rows given as first and last row."""
        return sum(sum(self.totals[first : last + 1]) for first, last in ranges)

    def ranges_of(self, ids: Set[int]) -> list[tuple[int, int]]:
        """Where records stand, as first and last row of each run; those not shown are left out."""
        if not ids:
            return []
        if len(ids) == 1:
            row = self.row_of(next(iter(ids)))
            return [] if row is None else [(row, row)]
        return runs(compress(range(len(self.ids)), map(ids.__contains__, self.ids)))

    def row_of(self, ident: int) -> int | None:
        """The row of a record, None when it is not shown."""
        try:
            return self.ids.index(ident)
        except ValueError:
            return None

    def without(self, gone: Set[int]) -> None:
        """Take records out."""
        keep = bytearray(map(gone.__contains__, self.found.ids))
        keep = _opposite(keep)
        flags = bytearray(compress(self.found.flags, keep))
        totals = list(compress(self.found.totals, keep))
        shown = array("q", compress(self.ids, _opposite(bytearray(map(gone.__contains__, self.ids)))))
        self._replace(Found(array("q", compress(self.found.ids, keep)), flags, totals), shown, gone)

    def _replace(self, found: Found, shown: array[int], gone: Set[int]) -> None:
        if self.which == "all":
            self.set(found)
        else:
            hidden = list(map(gone.__contains__, self.ids))
            self.totals = [total for total, is_gone in zip(self.totals, hidden, strict=True) if not is_gone]
            self.found, self.ids = found, shown

    def put_first(self, added: Found) -> None:
        """Put new records before all others; they stay there until the user loads again."""
        found = Found(added.ids + self.found.ids, added.flags + self.found.flags, added.totals + self.found.totals)
        if self.which == "all":
            self.set(found)
        else:
            self.ids, self.totals = added.ids + self.ids, [*added.totals, *self.totals]
            self.found = found

    def update(self, flags: dict[int, bool], totals: dict[int, Any]) -> None:
        """Take new flags and totals. What is shown stays shown, also where it no longer fits the narrowing."""
        changed = flags.keys() | totals.keys()
        if not changed:
            return
        new_flags, new_totals = bytearray(self.found.flags), list(self.found.totals)
        for row in compress(range(len(self.found.ids)), map(changed.__contains__, self.found.ids)):
            ident = self.found.ids[row]
            if new_flags and ident in flags:
                new_flags[row] = flags[ident]
            if new_totals and ident in totals:
                new_totals[row] = totals[ident]
        self.found = Found(self.found.ids, new_flags, new_totals)
        if self.which == "all":
            self.totals = new_totals
        elif totals:
            shown = list(self.totals)
            for row in compress(range(len(self.ids)), map(totals.__contains__, self.ids)):
                shown[row] = totals[self.ids[row]]
            self.totals = shown


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers, given in ascending order."""
    found: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        members = [row for _, row in group]
        found.append((members[0], members[-1]))
    return found


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order without overlaps."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
