"""All modules of the program, found by importing every file of ``db.models``."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from sqlalchemy.orm import configure_mappers

from db.checks import DeclarationError, check
from db.fields import Field
from db.record import Record


@cache
def _by_table() -> dict[str, type[Record]]:
    import db.models as package

    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
    configure_mappers()
    classes = {model.module.table: model for model in _concrete(Record)}
    problems = [text for model in classes.values() for text in check(model, classes)]
    if problems:
        raise DeclarationError("\n".join(problems))
    ordered = sorted(classes.values(), key=lambda model: (model.module.menu, model.module.position, model.module.table))
    return {model.module.table: model for model in ordered}


def _concrete(base: type[Record]) -> Iterator[type[Record]]:
    for model in base.__subclasses__():
        if "module" in vars(model):
            yield model
        yield from _concrete(model)


def modules() -> tuple[type[Record], ...]:
    """Return every module. Raises DeclarationError when a declaration is wrong."""
    return tuple(_by_table().values())


def listed_modules() -> tuple[type[Record], ...]:
    """Return the modules that have a place in the menu, in menu order."""
    return tuple(model for model in modules() if model.module.menu)


def module(table: str) -> type[Record]:
    """Return the module of ``table``. Raises KeyError for an unknown one."""
    return _by_table()[table]


def children(table: str) -> tuple[type[Record], ...]:
    """Return the line tables owned by ``table``."""
    return tuple(model for model in modules() if model.module.owner == table)


@cache
def referrers(table: str) -> tuple[tuple[type[Record], Field], ...]:
    """Return each (module, link field) that points to ``table``."""
    return tuple(
        (model, field)
        for model in modules()
        for field in model.fields.values()
        if field.kind == "link" and field.target == table
    )


def owner_link(child: type[Record]) -> Field:
    """Return the link field by which a line table hangs on its owner."""
    owner = child.module.owner
    return next(field for field in child.fields.values() if field.kind == "link" and field.target == owner)
