"""Categorías: the tree of products and services."""

from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import choice, link, text
from db.models.masters import Master, master_screens
from db.record import Problem
from db.types import Choice


class CategoryKind(Choice):
    """What a category is for."""

    PRODUCT = "product", "Productos"
    SERVICE = "service", "Servicios"
    BOTH = "both", "Productos y servicios"


class Category(
    Master, table="category", label="Categoría", plural="Categorías", menu="Catálogos", icon="category", prefix="CAT",
    position=50, feminine=True,
):  # fmt: skip
    """A group of products or services; groups may hold groups."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    parent_id: Mapped[int | None] = link("Dentro de", "category", on_delete="restrict")
    kind: Mapped[str] = choice("Para", CategoryKind, required=True, default=CategoryKind.BOTH)

    screens = master_screens(columns="parent kind", fields="parent kind", title="Categoría",
                             tabs="product service category")  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        """It needs a name, and does not lie in itself."""
        yield from super().problems()
        if self.id and self.parent_id == self.id:
            yield Problem("parent", "Una categoría no puede estar dentro de sí misma.")
