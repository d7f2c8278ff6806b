"""Inventariables: physical products."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import choice, image, integer, long_text, money, number, percent, text, yes_no
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class ProductUnit(Choice):
    """Unit in which a product is sold."""

    PIECE = "piece", "Pieza"
    BOX = "box", "Caja"
    KILOGRAM = "kg", "kg"
    LITRE = "l", "l"
    METRE = "m", "m"
    SERVICE = "service", "Servicio"


class Tracking(Choice):
    """How units are told apart in stock."""

    NONE = "none", "Ninguno"
    LOT = "lot", "Lote"
    SERIAL = "serial", "Serie"


class Product(
    Record, table="product", label="Inventariable", plural="Inventariables", menu="Catálogos", icon="product",
    position=10,
):  # fmt: skip
    """A physical product in stock."""

    name: Mapped[str] = text("Nombre", required=True, search=True)
    sku: Mapped[str] = text("SKU", max_length=40, required=True, search=True, unique=True)
    category: Mapped[str | None] = text("Categoría", max_length=80, search=True)
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmárquelo si está obsoleto, en vez de borrarlo.")
    sales_description: Mapped[str | None] = long_text("Descripción en venta o factura")
    sale_price: Mapped[Decimal] = money("Precio de venta", required=True, default=Decimal(0), minimum=0, short="Precio")
    cost: Mapped[Decimal | None] = money("Costo", minimum=0)
    unit: Mapped[str] = choice("Unidad", ProductUnit, required=True, default=ProductUnit.PIECE)
    tax_rate: Mapped[Decimal] = percent("Impuesto (IVA)", required=True, default="@tax_rate", short="IVA")
    sat_product_key: Mapped[str | None] = text("Clave SAT", max_length=8)
    sat_unit_key: Mapped[str | None] = text("Unidad SAT", max_length=3)
    reorder_point: Mapped[Decimal | None] = number("Mínimo", minimum=0)
    max_stock: Mapped[Decimal | None] = number("Máximo", minimum=0)
    tracking: Mapped[str] = choice("Control", Tracking, required=True, default=Tracking.NONE)
    brand: Mapped[str | None] = text("Marca", max_length=80, search=True)
    model: Mapped[str | None] = text("Modelo", max_length=80, search=True)
    weight: Mapped[Decimal | None] = number("Peso (kg)", minimum=0)
    warranty_months: Mapped[int | None] = integer("Garantía (meses)", minimum=0, maximum=1200)
    photo: Mapped[bytes | None] = image("Imagen")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="sku name category unit sale_price tax_rate brand is_active",
        filters="name sku category is_active",
        more_filters="brand model sale_price tracking",
        sort="name",
        form=[
            Section("Producto", "name sku category brand model is_active"),
            Section("Precio", "sale_price cost unit tax_rate sat_product_key sat_unit_key"),
            Section("Existencias", "reorder_point max_stock tracking weight warranty_months photo"),
            Section("Textos", "sales_description notes"),
            Section("Archivos", "files_total files_pending files_valid files_rejected", columns=4),
        ],
        tabs="interest",
        picker="sku category sale_price",
        head="sku sale_price",
        empty="Todavía no hay productos. Añada el primero.",
    )

    def problems(self) -> Iterator[Problem]:
        """The minimum lies below the maximum."""
        if self.reorder_point is not None and self.max_stock is not None and self.max_stock < self.reorder_point:
            yield Problem("max_stock", "El máximo no puede ser menor que el mínimo.")
