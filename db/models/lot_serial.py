"""Lotes y series: goods that are told apart, from purchase to client."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, exists, literal, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.fields import choice, computed, day, link, long_text, text, yes_no
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType


class LotKind(Choice):
    """A lot is many alike, a serial is one."""

    LOT = "lot", "Lote"
    SERIAL = "serial", "Serie"


class LotStatus(Choice):
    """What became of it, by what moved it and the day."""

    AVAILABLE = "available", "Disponible", "won"
    RESERVED = "reserved", "Apartado", "today"
    DELIVERED = "delivered", "Entregado", "info"
    IN_WARRANTY = "in_warranty", "En garantía", "info"
    WITHDRAWN = "withdrawn", "Retirado", "lost"
    EXPIRED = "expired", "Caduco", "overdue"
    ABSENT = "absent", "Sin existencia", "quiet"


def _available(lot: Any) -> Any:
    """What applied movements leave of it in all warehouses."""
    from db.models.stock_movement import moved_of

    return moved_of(lot, "lot_serial_id")


def _entered(lot: Any) -> Any:
    """What came in of it altogether."""
    from db.models.stock_movement import MovementType, moved_of

    return moved_of(lot, "lot_serial_id", MovementType.IN)


def _is_named_in_draft(lot: Any) -> Any:
    """Whether a delivery that is not applied yet names it."""
    from db.models.stock_movement import StockMovement, StockMovementLine

    line, movement = aliased(StockMovementLine), aliased(StockMovement)
    joined = select(line.id).join(movement, movement.id == line.stock_movement_id).where(
        line.lot_serial_id == lot.id, line.deleted_at.is_(None), movement.deleted_at.is_(None),
        movement.type == "out", movement.status == "draft",
    )  # fmt: skip
    return exists(joined.correlate(lot))


def _status(lot: Any) -> Any:
    """Withdrawn above all; what is there is expired, set aside or available; what is not there went to somebody."""
    sent = lot.delivered_on.is_not(None)
    # What there is of it is asked once: a list looks at every lot.
    there = case(
        (lot.expires_on < moments.today(), literal("expired")),
        (_is_named_in_draft(lot), literal("reserved")),
        else_=literal("available"),
    )
    state = case(
        (lot.is_withdrawn, literal("withdrawn")),
        (_available(lot) > 0, there),
        (and_(sent, lot.warranty_end >= moments.today()), literal("in_warranty")),
        (sent, literal("delivered")),
        else_=literal("absent"),
    )
    return type_coerce(state, ChoiceType(LotStatus))


class LotSerial(
    Record, table="lot_serial", label="Lote o serie", plural="Lotes y series", menu="Inventario", icon="lot",
    position=20, indexes="sort_key product_id+code",
):  # fmt: skip
    """A lot or a single unit of a product, and to whom it went.

    Where it is and to whom it went is written by the movements that are applied and cancelled.
    """

    code: Mapped[str] = text("Lote o serie", max_length=60, required=True, search=True, mass_edit=False)
    product_id: Mapped[int] = link("Inventariable", "product", required=True, mass_edit=False,
                                   help="Con control por lote o por serie.")  # fmt: skip
    kind: Mapped[str] = choice("Clase", LotKind, read_only=True, nullable=False, default=LotKind.LOT,
                               help="La del control del producto.")  # fmt: skip
    is_withdrawn: Mapped[bool] = yes_no("Retirado", read_only=True, help="Ya no se entrega a nadie.")
    manufactured_on: Mapped[dt.date | None] = day("Fabricación")
    expires_on: Mapped[dt.date | None] = day("Caducidad")
    warehouse_id: Mapped[int | None] = link("Almacén", "warehouse", read_only=True, on_delete="keep",
                                            help="El del último movimiento.")  # fmt: skip
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep", read_only=True,
                                         help="El de la última entrega; «Localizar clientes» da todos.")  # fmt: skip
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", on_delete="keep", read_only=True)
    purchase_order_id: Mapped[int | None] = link("Compra", "purchase_order", on_delete="keep", read_only=True)
    delivered_on: Mapped[dt.date | None] = day("Fecha de entrega", short="Entregado el", read_only=True)
    warranty_end: Mapped[dt.date | None] = day("Fin de garantía", read_only=True,
                                               help="Entrega más los meses de garantía del producto.")  # fmt: skip
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    status = computed("Estado", "choice", _status, choices=LotStatus)
    quantity = computed("Cantidad recibida", "quantity", _entered, decimals=4, short="Recibido")
    available = computed("Disponible", "quantity", _available, decimals=4)

    screens = Screens(
        columns="code product status available warehouse client delivered_on warranty_end expires_on",
        filters="code product client status expires_on",
        more_filters="kind warehouse sales_order purchase_order delivered_on warranty_end is_withdrawn",
        sort="title",
        form=[
            Section("Lote o serie", "code product kind manufactured_on expires_on warehouse quantity available"),
            Section("Procedencia y entrega", "purchase_order client sales_order delivered_on warranty_end"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement support_case comment document",
        picker="product status available",
        head="product client warranty_end",
        state="status",
        afresh="code",
        empty="Todavía no hay lotes ni series. Se crean al recibir una compra o aquí.",
    )

    def title_text(self) -> str:
        """The code."""
        return self.code or ""

    def problems(self) -> Iterator[Problem]:
        """It does not expire before it is made."""
        if self.manufactured_on and self.expires_on and self.expires_on < self.manufactured_on:
            yield Problem("expires_on", "La caducidad no puede ser anterior a la fabricación.")
