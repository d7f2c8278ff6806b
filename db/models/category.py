"""Categorías: the tree of products and services."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, link, text
from db.models.masters import Master, master_screens
from db.record import Problem
from db.types import Choice


class CategoryKind(Choice):
    """What a category is for."""

    PRODUCT = "product", "Productos"
    SERVICE = "service", "Servicios"
    BOTH = "both", "Productos y servicios"


def _path(category: Any) -> Any:
    """The categories above it, the outermost first, as far as the fourth: «Hidráulica › Bombas › Sumergibles»."""
    above = [aliased(Category) for _level in range(4)]
    names: Any = literal("")
    for each in reversed(above):
        names = names.concat(func.coalesce(each.name.concat(" › "), ""))
    statement = select(names).select_from(above[0])
    for lower, upper in pairwise(above):
        statement = statement.outerjoin(upper, upper.id == lower.parent_id)
    found = statement.where(above[0].id == category.parent_id).correlate(category).scalar_subquery()
    return func.coalesce(found, "").concat(category.name)


class Category(
    Master, table="category", label="Categoría", plural="Categorías", menu="Catálogos", icon="category", prefix="CAT",
    position=50, feminine=True,
):  # fmt: skip
    """A group of products or services; groups may hold groups."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    parent_id: Mapped[int | None] = link("Dentro de", "category", on_delete="restrict")
    kind: Mapped[str] = choice("Para", CategoryKind, required=True, default=CategoryKind.BOTH)

    path = computed("Ruta", "text", _path)

    screens = master_screens(columns="path kind", fields="parent kind", title="Categoría",
                             tabs="product service category", tree="parent", dependents="Subcategorías")  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        """It needs a name, and does not lie in itself."""
        yield from super().problems()
        if self.id and self.parent_id == self.id:
            yield Problem("parent", "Una categoría no puede estar dentro de sí misma.")
