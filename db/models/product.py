"""Inventariables: physical products."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, String, and_, case, cast, false, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, image, integer, link, long_text, money, number, percent, text, yes_no
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType, Scaled


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


PROMISING = ("reserved", "authorized")
"""States of a sale whose goods are set aside until they are delivered: Apartado and Autorizado."""


def _moved(product: Any) -> Any:
    """What applied movements leave in all warehouses."""
    from db.models.stock_movement import moved_of

    return moved_of(product, "product_id")


def _promised(product: Any) -> Any:
    """What sales have set aside: all that sales in Apartado or Autorizado ask for, less what was delivered for them."""
    from db.models.sales_order import SalesOrder, SalesOrderLine
    from db.models.stock_movement import MovementType, StockMovement, StockMovementLine, counts

    line, order = aliased(SalesOrderLine), aliased(SalesOrder)
    sold = (
        select(func.coalesce(func.sum(line.quantity), 0, type_=Scaled(4)))
        .join(order, order.id == line.sales_order_id)
        .where(line.product_id == product.id, line.deleted_at.is_(None), order.deleted_at.is_(None),
               order.status.in_(PROMISING))
        .correlate(product).scalar_subquery()
    )  # fmt: skip
    line, order = aliased(SalesOrderLine), aliased(SalesOrder)
    sent, movement = aliased(StockMovementLine), aliased(StockMovement)
    delivered = (
        select(func.coalesce(func.sum(sent.quantity), 0, type_=Scaled(4)))
        .join(movement, movement.id == sent.stock_movement_id)
        .join(line, line.id == sent.sales_order_line_id).join(order, order.id == line.sales_order_id)
        .where(sent.product_id == product.id, sent.sales_order_line_id.is_not(None),
               movement.type == MovementType.OUT, counts(movement, sent), line.deleted_at.is_(None),
               order.deleted_at.is_(None), order.status.in_(PROMISING))
        .correlate(product).scalar_subquery()
    )  # fmt: skip
    return type_coerce(sold - delivered, Scaled(4))


class StockLevel(Choice):
    """What there is of a product against what there should be."""

    ENOUGH = "enough", "Suficiente", "won"
    LOW = "low", "Bajo mínimo", "overdue"
    OUT = "out", "Agotado", "lost"
    OVER = "over", "Sobre máximo", "today"


def _level(product: Any) -> Any:
    there = _moved(product)
    level = case(
        (there <= 0, literal("out")),
        (and_(product.reorder_point.is_not(None), there <= product.reorder_point), literal("low")),
        (and_(product.max_stock.is_not(None), there > product.max_stock), literal("over")),
        else_=literal("enough"),
    )
    return type_coerce(level, ChoiceType(StockLevel))


def _by_warehouse(product: Any) -> Any:
    """Each warehouse where there is some, and how much: «Central 4,5 · Tienda 2»."""
    from db.models.stock_movement import StockMovement, StockMovementLine, counts
    from db.models.warehouse import Warehouse

    place, line, movement = aliased(Warehouse), aliased(StockMovementLine), aliased(StockMovement)
    moved = case((movement.to_warehouse_id == place.id, line.quantity), else_=-line.quantity)
    total = type_coerce(
        select(func.coalesce(func.sum(moved), 0))
        .join(movement, movement.id == line.stock_movement_id)
        .where(line.product_id == product.id, counts(movement, line),
               or_(movement.to_warehouse_id == place.id, movement.from_warehouse_id == place.id))
        .correlate(product, place).scalar_subquery(), Integer
    )  # fmt: skip
    part = func.abs(total) % 10_000
    decimals = case((part == 0, ""), else_=literal(",").concat(
        func.rtrim(func.substr(cast(part + 10_000, String), 2), "0")))  # fmt: skip
    sign = case((total < 0, "-"), else_="")
    amount = sign.concat(cast(func.abs(total) // 10_000, String)).concat(decimals)
    text_of = place.name.concat(" ").concat(amount)
    return (
        select(func.aggregate_strings(text_of, " · ")).where(place.deleted_at.is_(None), total != 0)
        .correlate(product).scalar_subquery()
    )  # fmt: skip


def _is_low(product: Any) -> Any:
    """At or below the minimum."""
    return case((product.reorder_point.is_(None), false()), else_=_moved(product) <= product.reorder_point)


class Product(
    Record, table="product", label="Inventariable", plural="Inventariables", menu="Catálogos", icon="product",
    position=10,
):  # fmt: skip
    """A physical product in stock."""

    name: Mapped[str] = text("Nombre", required=True, search=True, span=2)
    sku: Mapped[str] = text("SKU", max_length=40, required=True, search=True, unique=True)
    category_id: Mapped[int | None] = link("Producto y servicio", "category", short="Categoría")
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmárquelo si está obsoleto, en vez de borrarlo.")
    sales_description: Mapped[str | None] = long_text("Descripción en venta o factura")
    sale_price: Mapped[Decimal] = money("Precio de venta", required=True, default=Decimal(0), minimum=0, short="Precio")
    cost: Mapped[Decimal | None] = money("Costo", minimum=0)
    unit: Mapped[str] = choice("Unidad", ProductUnit, required=True, default=ProductUnit.PIECE)
    tax_rate: Mapped[Decimal] = percent("Impuesto (IVA)", required=True, default="@tax_rate", short="IVA")
    sat_product_key: Mapped[str | None] = text("Clave SAT", max_length=8)
    sat_unit_key: Mapped[str | None] = text("Unidad SAT", max_length=3)
    reorder_point: Mapped[Decimal | None] = number("Mínimo", minimum=0,
                                                   help="Avisa al llegar a esta existencia.")  # fmt: skip
    max_stock: Mapped[Decimal | None] = number("Máximo", minimum=0)
    tracking: Mapped[str] = choice("Control", Tracking, required=True, default=Tracking.NONE,
                                   help="Por lote o por serie, cada entrada y salida dice cuáles.")  # fmt: skip
    brand: Mapped[str | None] = text("Marca", max_length=80, search=True)
    model: Mapped[str | None] = text("Modelo", max_length=80, search=True)
    weight: Mapped[Decimal | None] = number("Peso (kg)", minimum=0)
    warranty_months: Mapped[int | None] = integer("Garantía (meses)", minimum=0, maximum=1200)
    photo: Mapped[bytes | None] = image("Imagen")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    stock_on_hand = computed("Existencia", "quantity", _moved, decimals=4)
    stock_reserved = computed("Apartado", "quantity", _promised, decimals=4)
    stock_available = computed(
        "Disponible",
        "quantity",
        lambda product: type_coerce(_moved(product) - _promised(product), Scaled(4)),
        decimals=4,
    )
    stock_level = computed("Nivel", "choice", _level, choices=StockLevel)
    stock_by_warehouse = computed("Existencia por almacén", "text", _by_warehouse, span=2, short="Por almacén")
    is_low = computed("Bajo mínimo", "yes_no", _is_low, help="En el mínimo o por debajo.")

    screens = Screens(
        columns="sku name category sale_price stock_on_hand stock_reserved stock_available stock_level unit is_active",
        filters="name sku category is_active is_low",
        more_filters="brand model sale_price tracking stock_level stock_available",
        sort="name",
        form=[
            Section("Producto", "name sku category brand model is_active"),
            Section("Precio", "sale_price cost unit tax_rate sat_product_key sat_unit_key"),
            Section("Existencias", "stock_on_hand stock_reserved stock_available stock_by_warehouse reorder_point "
                    "max_stock tracking warranty_months weight photo"),
            Section("Textos", "sales_description notes"),
            FILES_SECTION,
        ],
        tabs="product_link interest sales_order quote purchase_order invoice opportunity stock_movement lot_serial "
             "asset price_list support_case subscription comment document",
        picker="sku category sale_price",
        head="sku sale_price stock_available",
        state="stock_level",
        empty="Todavía no hay productos. Añada el primero.",
    )  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        """The minimum lies below the maximum."""
        if self.reorder_point is not None and self.max_stock is not None and self.max_stock < self.reorder_point:
            yield Problem("max_stock", "El máximo no puede ser menor que el mínimo.")
