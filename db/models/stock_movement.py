"""Mov. de almacén: goods that come, go, change place or are counted anew. Only applied ones change the stock."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import children, choice, instant, integer, link, long_text, money, number, text
from db.flow import Flow, Verb
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, Scaled

QUANTITY_DECIMALS = 4


class MovementType(Choice):
    """Which way goods go."""

    IN = "in", "Entrada", "won"
    OUT = "out", "Salida", "today"
    TRANSFER = "transfer", "Traspaso", "info"
    ADJUSTMENT = "adjustment", "Ajuste", "quiet"


class MovementStatus(Choice):
    """Whether a movement counts."""

    DRAFT = "draft", "Borrador", "quiet"
    APPLIED = "applied", "Aplicado", "won"
    CANCELLED = "cancelled", "Cancelado", "lost"


def counts(movement: Any, line: Any) -> ColumnElement[bool]:
    """The criterion that a line of a movement tells in the stock: applied, and not in the trash."""
    return and_(line.deleted_at.is_(None), movement.deleted_at.is_(None), movement.status == MovementStatus.APPLIED)


def signed(movement: Any, line: Any) -> ColumnElement[Decimal]:
    """What a line adds to the stock of all warehouses together."""
    amount = case((movement.type == MovementType.OUT, -line.quantity), (movement.type == MovementType.TRANSFER, 0),
                  else_=line.quantity)  # fmt: skip
    return type_coerce(amount, Scaled(QUANTITY_DECIMALS))


def moved_of(record: Any, link_name: str, direction: MovementType | None = None) -> Any:
    """What applied movements leave of a product or lot; with a direction, what they moved for a line of a document.

    ``link_name`` is the column of the movement lines that points to the record.
    """
    line, movement = aliased(StockMovementLine), aliased(StockMovement)
    amount = signed(movement, line) if direction is None else line.quantity
    statement = (
        select(func.coalesce(func.sum(amount), 0, type_=Scaled(QUANTITY_DECIMALS)))
        .join(movement, movement.id == line.stock_movement_id)
        .where(getattr(line, link_name) == record.id, counts(movement, line))
    )
    if direction is not None:
        statement = statement.where(movement.type == direction)
    return statement.correlate(record).scalar_subquery()


class StockMovement(
    Record, table="stock_movement", label="Movimiento de almacén", plural="Mov. de almacén",
    several="movimientos de almacén", menu="Inventario",
    icon="stock_movement", position=10, prefix="MOV", indexes="moved_at sort_key id+status+deleted_at+type",
):  # fmt: skip
    """Goods on their way. Cancelling an applied one takes its effect back."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    type: Mapped[str] = choice("Tipo", MovementType, required=True, default=MovementType.IN, mass_edit=False)
    status: Mapped[str] = choice("Estado", MovementStatus, required=True, default=MovementStatus.DRAFT,
                                 mass_edit=False)  # fmt: skip
    moved_at: Mapped[dt.datetime] = instant("Fecha", required=True, default="@now")
    from_warehouse_id: Mapped[int | None] = link("Almacén de origen", "warehouse", short="Origen",
                                                 help="De salidas y traspasos.")  # fmt: skip
    to_warehouse_id: Mapped[int | None] = link("Almacén de destino", "warehouse", short="Destino",
                                               default="@warehouse",
                                               help="De entradas, traspasos y ajustes.")  # fmt: skip
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", on_delete="keep")
    purchase_order_id: Mapped[int | None] = link("Compra", "purchase_order", on_delete="keep")
    credit_note_id: Mapped[int | None] = link("Nota de crédito", "credit_note", on_delete="keep")
    transfer_invoice_id: Mapped[int | None] = link("F. traslado", "transfer_invoice", on_delete="keep")
    concept: Mapped[str | None] = text("Concepto", search=True)
    notes: Mapped[str | None] = long_text("Descripción", search=True)
    products = children("Productos", "stock_movement_line", "product")
    lots = children("Lotes y series", "stock_movement_line", "lot_serial")

    screens = Screens(
        columns="number moved_at type status client products from_warehouse to_warehouse concept",
        filters="client type status moved_at products",
        more_filters="number lots from_warehouse to_warehouse sales_order purchase_order concept",
        sort="-moved_at",
        form=[
            Section("Movimiento", "type status moved_at from_warehouse to_warehouse client concept"),
            Section("Documento", "sales_order purchase_order credit_note transfer_invoice", columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        lines="stock_movement_line",
        picker="number moved_at client",
        head="moved_at client",
        state="status",
        afresh="sales_order purchase_order credit_note transfer_invoice",
        empty="Todavía no hay movimientos. Reciba una compra, entregue una venta o añada el primero.",
    )
    flow = Flow(
        "status",
        {MovementStatus.DRAFT: "applied cancelled", MovementStatus.APPLIED: "cancelled"},
        verbs={
            MovementStatus.APPLIED: Verb("Aplicar", "accept"),
            MovementStatus.CANCELLED: Verb("Cancelar el movimiento", "lost", "¿Cancelar? Se deshace su efecto."),
        },
        closed={
            MovementStatus.APPLIED: "El movimiento está aplicado: no se cambia. Cancélelo y haga otro.",
            MovementStatus.CANCELLED: "El movimiento está cancelado.",
        },
        free="notes concept",
    )

    def title_text(self) -> str:
        """Number and concept."""
        return f"{self.number or ''} {self.concept or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """Each type says where from and where to."""
        if self.type in (MovementType.OUT, MovementType.TRANSFER) and self.from_warehouse_id is None:
            yield Problem("from_warehouse", "Indique de qué almacén sale.")
        if self.type != MovementType.OUT and self.to_warehouse_id is None:
            yield Problem("to_warehouse", "Indique a qué almacén entra.")
        if self.from_warehouse_id is not None and self.from_warehouse_id == self.to_warehouse_id:
            yield Problem("to_warehouse", "Origen y destino deben ser distintos.")

    def derive(self) -> None:
        """A type keeps only the places it knows; goods that only leave do so where the form proposed a place."""
        if self.type in (MovementType.IN, MovementType.ADJUSTMENT):
            self.to_warehouse_id = self.to_warehouse_id or self.from_warehouse_id
            self.from_warehouse_id = None
        if self.type == MovementType.OUT:
            self.from_warehouse_id = self.from_warehouse_id or self.to_warehouse_id
            self.to_warehouse_id = None


class StockMovementLine(
    Record, table="stock_movement_line", label="Partida", plural="Partidas", owner="stock_movement", feminine=True,
    indexes="product_id+deleted_at+stock_movement_id+quantity lot_serial_id+deleted_at+stock_movement_id+quantity",
):  # fmt: skip
    """So much of a product, of a lot where it is told apart. An adjustment may take away: it alone may be negative."""

    stock_movement_id: Mapped[int] = link("Movimiento", "stock_movement", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    product_id: Mapped[int] = link("Inventariable", "product", required=True, index=False)
    quantity: Mapped[Decimal] = number("Cantidad", required=True, default=Decimal(1))
    lot_serial_id: Mapped[int | None] = link("Lote o serie", "lot_serial", within="product", index=False)
    lot_code: Mapped[str | None] = text(
        "Códigos leídos o nuevos", max_length=2000, short="Códigos",
        help="Códigos de lote o serie, tecleados o leídos: A1, A2, A3 o A1..A9. Al aplicar, cada serie queda en su "
             "partida; los que faltan se crean si la mercancía entra.",
    )  # fmt: skip
    unit_cost: Mapped[Decimal | None] = money("Costo unitario", minimum=0, short="Costo")
    sales_order_line_id: Mapped[int | None] = link("Línea de la venta", "sales_order_line", hidden=True,
                                                   on_delete="keep")  # fmt: skip
    purchase_order_line_id: Mapped[int | None] = link("Línea de la compra", "purchase_order_line", hidden=True,
                                                      on_delete="keep")  # fmt: skip

    screens = Screens(
        columns="product quantity lot_serial lot_code unit_cost",
        sort="position",
        form=[Section("Partida", "product quantity lot_serial lot_code unit_cost sales_order_line "
                                 "purchase_order_line")],
        afresh="lot_serial lot_code sales_order_line purchase_order_line",
    )  # fmt: skip

    def title_text(self) -> str:
        """Named by its product, which the grid shows."""
        return "Partida"

    def problems(self) -> Iterator[Problem]:
        """Something moves."""
        if self.quantity == 0:
            yield Problem("quantity", "La cantidad no puede ser cero.")
