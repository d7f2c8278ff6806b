"""What the screens need to know of a module, written beside its columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field


def names(text: str | Sequence[str]) -> tuple[str, ...]:
    """Split a declaration string such as ``"number name client"``."""
    return tuple(text.split()) if isinstance(text, str) else tuple(text)


@dataclass(frozen=True, init=False)
class Section:
    """A card of the form: a title and the fields it holds, laid out on ``columns`` columns."""

    title: str
    fields: tuple[str, ...]
    columns: int

    def __init__(self, title: str, fields: str | Sequence[str], columns: int = 3) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "fields", names(fields))
        object.__setattr__(self, "columns", columns)


FILES_SECTION = Section("Archivos", "files_total files_pending files_valid files_rejected", columns=4)
"""The counters that every listed module has."""


@dataclass(frozen=True, init=False)
class Screens:
    """List, filter panel, form and related tabs of a module.

    ``columns``, ``filters`` and ``more_filters`` (folded away at first) name fields; a filter may look through
    a link (``client.status``). ``sort`` lists fields, ``-`` in front for descending. ``tabs`` names the related
    modules in their default order. ``lines`` names the child tables edited inside the form. ``picker`` names the
    fields of the dim second line in pickers. ``head`` names the fields shown in the head of the record window.
    ``state`` names the field whose value becomes the coloured chip. ``narrow`` names a computed yes/no field by
    which a loaded list can be narrowed at once; ``total`` a number that the foot of the list adds up; ``running`` a
    computed amount that lists work out themselves, by adding ``total`` up over what is loaded while it is sorted by the
    first field of ``sort``. ``content``
    names the field that holds the hash of the file the record keeps, so that texts are looked for inside it too;
    ``inside`` names the child table whose own texts are looked through as well.
    ``archive`` says what puts a record out of use (``"status:inactive"``); a field ``is_active`` does so by itself.
    ``joins`` names the link that a record of a mere relation stands for, seen from elsewhere: the asset of an
    assignment.
    ``afresh`` names what a duplicate does not take over: what the record was made from, when it falls due, what it was
    applied to; numbers, dates of the day and the state are given anew without being named.
    ``tree`` names the link by which records lie inside others of the module: a filter by one finds what lies deeper
    too.
    ``dependents`` is what the records are called that hang on another of the same module: the Filiales of a client.
    ``made_by_hand`` is False where records come from outside (files, messages): nothing offers a blank form of them or
    a duplicate.
    """

    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    more_filters: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    form: tuple[Section, ...] = field(default=())
    tabs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    picker: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    state: str = ""
    narrow: str = ""
    total: str = ""
    running: str = ""
    content: str = ""
    inside: str = ""
    load_at_open: bool = False
    made_by_hand: bool = True
    empty: str = ""
    archive: str = ""
    joins: str = ""
    afresh: tuple[str, ...] = ()
    tree: str = ""
    dependents: str = ""

    def __init__(
        self,
        columns: str | Sequence[str],
        filters: str | Sequence[str] = "",
        more_filters: str | Sequence[str] = "",
        sort: str | Sequence[str] = "",
        form: Sequence[Section] = (),
        tabs: str | Sequence[str] = "",
        lines: str | Sequence[str] = "",
        picker: str | Sequence[str] = "",
        head: str | Sequence[str] = "",
        state: str = "",
        narrow: str = "",
        total: str = "",
        running: str = "",
        content: str = "",
        inside: str = "",
        load_at_open: bool = False,
        made_by_hand: bool = True,
        empty: str = "",
        archive: str = "",
        joins: str = "",
        afresh: str | Sequence[str] = "",
        tree: str = "",
        dependents: str = "",
    ) -> None:
        for name, value in (
            ("columns", columns),
            ("filters", filters),
            ("more_filters", more_filters),
            ("sort", sort),
            ("tabs", tabs),
            ("lines", lines),
            ("picker", picker),
            ("head", head),
            ("afresh", afresh),
        ):
            object.__setattr__(self, name, names(value))
        plain = {"form": tuple(form), "state": state, "narrow": narrow, "total": total, "running": running,
                 "content": content, "inside": inside, "load_at_open": load_at_open, "made_by_hand": made_by_hand,
                 "empty": empty, "archive": archive, "joins": joins, "tree": tree,
                 "dependents": dependents}  # fmt: skip
        for name, fact in plain.items():
            object.__setattr__(self, name, fact)
