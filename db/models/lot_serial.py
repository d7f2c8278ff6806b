"""Lotes y series: goods that are told apart, from purchase to client."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, day, link, long_text, number, text
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, Scaled


class LotKind(Choice):
    """A lot is many alike, a serial is one."""

    LOT = "lot", "Lote"
    SERIAL = "serial", "Serie"


class LotStatus(Choice):
    """What became of it."""

    AVAILABLE = "available", "Disponible", "won"
    RESERVED = "reserved", "Apartado", "today"
    DELIVERED = "delivered", "Entregado", "info"
    IN_WARRANTY = "in_warranty", "En garantía", "today"
    WITHDRAWN = "withdrawn", "Retirado", "lost"
    EXPIRED = "expired", "Caduco", "overdue"


def available_of(lot: Any) -> Any:
    """What applied movements leave of it in all warehouses."""
    from db.models.stock_movement import StockMovement, StockMovementLine

    line, movement = aliased(StockMovementLine), aliased(StockMovement)
    signed = case((movement.type == "out", -line.quantity), (movement.type == "transfer", 0), else_=line.quantity)
    return (
        select(type_coerce(func.coalesce(func.sum(signed), 0), Scaled(4)))
        .join(movement, movement.id == line.stock_movement_id)
        .where(line.lot_serial_id == lot.id, line.deleted_at.is_(None), movement.deleted_at.is_(None),
               movement.status == "applied")
        .correlate(lot).scalar_subquery()
    )  # fmt: skip


class LotSerial(
    Record, table="lot_serial", label="Lote o serie", plural="Lotes y series", menu="Inventario", icon="lot",
    position=20, indexes="sort_key product_id+code",
):  # fmt: skip
    """A lot or a single unit of a product, and to whom it went."""

    code: Mapped[str] = text("Lote o serie", max_length=60, required=True, search=True)
    product_id: Mapped[int] = link("Inventariable", "product", required=True)
    kind: Mapped[str] = choice("Clase", LotKind, required=True, default=LotKind.LOT)
    status: Mapped[str] = choice("Estado", LotStatus, required=True, default=LotStatus.AVAILABLE)
    quantity: Mapped[Decimal] = number("Cantidad", required=True, default=Decimal(1), minimum=0)
    manufactured_on: Mapped[dt.date | None] = day("Fabricación")
    expires_on: Mapped[dt.date | None] = day("Caducidad")
    warehouse_id: Mapped[int | None] = link("Almacén", "warehouse", help="El del último movimiento.")
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep", help="El de la última entrega.")
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", on_delete="keep")
    purchase_order_id: Mapped[int | None] = link("Compra", "purchase_order", on_delete="keep")
    delivered_on: Mapped[dt.date | None] = day("Fecha de entrega", short="Entregado el")
    warranty_end: Mapped[dt.date | None] = day("Fin de garantía", read_only=True,
                                               help="Entrega más los meses de garantía del producto.")  # fmt: skip
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    available = computed("Disponible", "quantity", available_of, decimals=4)

    screens = Screens(
        columns="code product kind status available client delivered_on warranty_end expires_on",
        filters="code product client status expires_on",
        more_filters="kind warehouse sales_order purchase_order delivered_on warranty_end",
        sort="code",
        form=[
            Section("Lote o serie", "code product kind status quantity available manufactured_on expires_on warehouse"),
            Section("Procedencia y entrega", "purchase_order sales_order client delivered_on warranty_end"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement support_case comment document",
        picker="product status available",
        head="product client warranty_end",
        state="status",
        empty="Todavía no hay lotes ni series. Se crean al recibir una compra o aquí.",
    )

    def title_text(self) -> str:
        """The code."""
        return self.code or ""

    def derive(self) -> None:
        """A serial is one unit."""
        if self.kind == LotKind.SERIAL:
            self.quantity = Decimal(1)

    def problems(self) -> Iterator[Problem]:
        """It does not expire before it is made."""
        if self.manufactured_on and self.expires_on and self.expires_on < self.manufactured_on:
            yield Problem("expires_on", "La caducidad no puede ser anterior a la fabricación.")
