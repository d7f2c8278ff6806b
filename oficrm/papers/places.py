"""The places that a template may show, as a tree to choose from, made from the data of a record itself."""

from dataclasses import dataclass, field
from typing import Any

from oficrm.papers.values import Facts

_EXAMPLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A field, a group of fields, or a list: its name, what is put into the template for it, and an example."""

    name: str
    insert: str
    example: str = ""
    inside: list["Place"] = field(default_factory=list)


def places(facts: Facts) -> list[Place]:
    """Return everything that a template can show with these data."""
    return [_place(name, name, value) for name, value in facts.items()]


def singular(name: str) -> str:
    """The name that an entry of a list goes by: ``lineas`` holds ``linea``."""
    return name.removesuffix("s")


def _place(name: str, path: str, value: Any) -> Place:
    if isinstance(value, dict):
        return Place(name, "", "", [_place(inner, f"{path}.{inner}", part) for inner, part in value.items()])
    if isinstance(value, list):
        entry = singular(name)
        first = value[0] if value else ""
        inside = [_place(entry, entry, first)] if not isinstance(first, dict) else (
            [_place(inner, f"{entry}.{inner}", part) for inner, part in first.items()]
        )  # fmt: skip
        shown = "" if not value else inside[0].insert
        return Place(name, f"{{% for {entry} in {path} %}}\n{shown}\n{{% endfor %}}", _count(len(value)), inside)
    if isinstance(value, bool):
        return Place(name, f"{{% if {path} %}}{{% endif %}}", "Sí" if value else "No")
    several = isinstance(value, str) and "\n" in value
    return Place(name, f"{{{{ {path} | nl2br }}}}" if several else f"{{{{ {path} }}}}", _short(value))


def _short(value: Any) -> str:
    return " ".join(str(value).split())[:_EXAMPLE_LENGTH]


def _count(number: int) -> str:
    return "lista vacía" if number == 0 else f"lista de {number}"
