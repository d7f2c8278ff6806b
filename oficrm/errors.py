"""What may go wrong, as data. Errors of ours are any other exception."""

from dataclasses import dataclass, field
from typing import Any


class ValidationError(Exception):
    """Values that break rules: ``{field: [text]}``, "" for the whole record, ``table.0.field`` for lines."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(text for texts in errors.values() for text in texts))
        self.errors = errors


class NeedsConfirmation(Exception):
    """Something to be asked first; the same call with ``code`` among the accepted codes goes through."""

    def __init__(self, code: str, text: str, accept: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.accept = accept


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people changed: what it was, what I want, what somebody else wrote (as shown)."""

    field: str
    label: str
    original: Any
    mine: Any
    theirs: Any


class Conflict(Exception):
    """The record changed since the form was opened, in fields that the form changed too."""

    def __init__(self, differences: list[Difference], version: int, who: str, values: dict[str, Any]) -> None:
        super().__init__(f"{len(differences)} fields changed by {who}")
        self.differences = differences
        self.version = version
        self.who = who
        self.values = values


class Refused(Exception):
    """The program will not do this, and the Spanish text says why."""


class EnvironmentProblem(Exception):
    """Disk, lock or network: not the user's fault nor ours; the Spanish text says what to do."""


class Cancelled(Exception):
    """The user cancelled a long piece of work; nothing of it was kept."""


@dataclass(slots=True)
class Collected:
    """Errors gathered while checking a record."""

    errors: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        """Note a problem of a field, once."""
        texts = self.errors.setdefault(name, [])
        if text not in texts:
            texts.append(text)

    def raise_if_any(self) -> None:
        """Raise ValidationError when something was noted."""
        if self.errors:
            raise ValidationError(self.errors)
