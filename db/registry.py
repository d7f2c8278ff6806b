"""All modules of the program, found by importing every file of ``db.models``."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from sqlalchemy.orm import configure_mappers

from db.checks import DeclarationError, check
from db.fields import Field
from db.record import Record

MASTERS, SETTINGS = "Ficheros maestros", "Configuración"
"""Groups of the menu whose records serve others."""
MENUS = ("Ventas", "Catálogos", "Operaciones", "Compras", "Facturación", "Inventario", "Finanzas", "Herramientas",
         "Relaciones", MASTERS, SETTINGS)  # fmt: skip
"""Order of the groups of the menu; a module may name a new one, which stands behind these."""


@cache
def _by_table() -> dict[str, type[Record]]:
    import db.models as package

    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
    configure_mappers()
    classes = {model.module.table: model for model in _concrete(Record)}
    _name_targets(classes)
    problems = [text for model in classes.values() for text in check(model, classes)]
    if problems:
        raise DeclarationError("\n".join(problems))
    ordered = sorted(classes.values(), key=lambda model: (model.module.menu, model.module.position, model.module.table))
    return {model.module.table: model for model in ordered}


def _name_targets(classes: dict[str, type[Record]]) -> None:
    """A reference to any record may point to every listed module, which are only known now; clients come first."""
    facts = [model.module for model in classes.values() if model.module.menu and model.module.menu != SETTINGS]
    facts.sort(key=lambda each: (each.table != "client", each.menu == MASTERS, each.menu != "Ventas", each.position))
    listed = [each.table for each in facts]
    for model in classes.values():
        for name, field in model.fields.items():
            if field.names_any_record:
                own = (model.module.owner, model.module.table)
                named = field.targets or tuple(table for table in listed if table not in own)
                model.fields[name] = replace(field, targets=named)


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


@cache
def filed_by(table: str) -> Field | None:
    """Return the field that says under which records one of ``table`` is filed, None where there is no such thing."""
    for field in module(table).fields.values():
        if field.via and module(field.via[0]).fields[field.via[1]].names_any_record:
            return field
    return None


def owner_link(child: type[Record]) -> Field:
    """Return the link field by which a line table hangs on its owner."""
    owner = child.module.owner
    return next(field for field in child.fields.values() if field.kind == "link" and field.target == owner)
