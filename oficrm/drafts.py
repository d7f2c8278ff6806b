"""A form's content on its way: what was loaded, what the user has typed, what has been accepted."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db.fields import Field

if TYPE_CHECKING:
    from oficrm.files.sources import Source
    from oficrm.mail.assuming import PendingMail

Values = dict[str, Any]


@dataclass(slots=True)
class LineDraft:
    """One line of a form (quote line, action to take...); ``id`` is None for a new one."""

    id: int | None = None
    values: Values = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The values of a form by field name, raw or typed.

    Only values that differ from ``original`` are written. ``preset`` holds typed values the user does not see
    (``previous``, ``contact``). ``lines`` holds, per line table, all lines that shall remain, in order; a table that is
    absent is left alone; ``original_lines`` are those the form was opened with, to notice that somebody else changed
    them meanwhile. ``accepted`` are the codes of confirmations already given. ``files`` are attached to the record, and
    the information of ``mail`` is taken over into it (contacts only), when it is saved and in the same transaction.
    """

    table: str
    id: int | None = None
    version: int = 0
    values: Values = field(default_factory=dict)
    original: Values = field(default_factory=dict)
    preset: Values = field(default_factory=dict)
    lines: dict[str, list[LineDraft]] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    original_lines: dict[str, list[LineDraft]] = field(default_factory=dict)
    files: "tuple[Source, ...]" = ()
    mail: "PendingMail | None" = None

    def accepting(self, code: str) -> "Draft":
        """Return the same draft with one more confirmation given."""
        return replace(self, accepted=self.accepted | {code})


@dataclass(slots=True)
class Loaded:
    """What a form opens with: the draft, the texts of its links, the fields it may show and what the head says.

    ``line_defaults`` holds, per line table, the values a new line starts with.
    """

    draft: Draft
    title: str = ""
    number: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    line_titles: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    line_defaults: dict[str, Values] = field(default_factory=dict)
    own_fields: tuple[Field, ...] = ()
    head: tuple[tuple[Field, Any], ...] = ()
    proposed: dict[str, str] = field(default_factory=dict)
    deleted: bool = False
    country: str = "ES"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Saved:
    """Outcome of saving a form."""

    id: int
    title: str
    version: int
    is_new: bool
    message: str = ""
    follow_up: Draft | None = None
