"""F. traslado: documents of goods moved between places. Their amount is always nothing."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import choice, computed, instant, integer, link, long_text, number, text
from db.flow import Flow, Verb
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, Scaled


class TransferStatus(Choice):
    """Where the goods are."""

    DRAFT = "draft", "Borrador", "quiet"
    ISSUED = "issued", "Emitida", "info"
    IN_TRANSIT = "in_transit", "En tránsito", "today"
    DELIVERED = "delivered", "Entregada", "won"
    CANCELLED = "cancelled", "Cancelada", "lost"


def _weight(transfer: Any) -> Any:
    goods = aliased(TransferGoods)
    # Both factors are whole numbers of ten-thousandths: the sum is brought back to that unit.
    total = func.coalesce(
        func.sum(type_coerce(goods.quantity, Scaled(0)) * type_coerce(goods.unit_weight, Scaled(0))), 0
    )
    return (
        select(type_coerce(total / 10_000, Scaled(4)))
        .where(goods.transfer_invoice_id == transfer.id, goods.deleted_at.is_(None))
        .correlate(transfer).scalar_subquery()
    )  # fmt: skip


class TransferInvoice(
    Record, table="transfer_invoice", label="Factura de traslado", plural="F. traslado",
    several="facturas de traslado", menu="Facturación",
    icon="truck", position=40, prefix="T", feminine=True, indexes="departure_at sort_key",
):  # fmt: skip
    """Goods on the road, with who carries them. Its number is given when it is issued."""

    number: Mapped[str | None] = text("Serie y folio", max_length=30, search=True, read_only=True, unique=True,
                                      short="Folio")  # fmt: skip
    client_id: Mapped[int | None] = link("Cliente", "client")
    status: Mapped[str] = choice("Estado", TransferStatus, required=True, default=TransferStatus.DRAFT,
                                 mass_edit=False)  # fmt: skip
    origin_address_id: Mapped[int] = link("Origen", "address", required=True)
    destination_address_id: Mapped[int] = link("Destino", "address", required=True)
    origin_warehouse_id: Mapped[int | None] = link("Almacén de origen", "warehouse")
    destination_warehouse_id: Mapped[int | None] = link("Almacén de destino", "warehouse")
    departure_at: Mapped[dt.datetime] = instant("Salida", required=True, default="@now")
    arrival_at: Mapped[dt.datetime | None] = instant("Llegada")
    carrier: Mapped[str | None] = text("Transportista", max_length=120, search=True)
    vehicle_plate: Mapped[str | None] = text("Placas o matrícula", max_length=20, search=True)
    driver_name: Mapped[str | None] = text("Operador", max_length=120, search=True)
    fiscal_uuid: Mapped[str | None] = text("Folio fiscal (UUID)", max_length=36, search=True, unique=True)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    total_weight = computed("Peso total (kg)", "quantity", _weight, decimals=4)

    screens = Screens(
        columns="number departure_at status origin_address destination_address carrier client total_weight",
        filters="client status departure_at carrier",
        more_filters="number vehicle_plate driver_name fiscal_uuid arrival_at",
        sort="-departure_at",
        form=[
            Section("Traslado", "client status number departure_at arrival_at fiscal_uuid"),
            Section("Lugares", "origin_address destination_address origin_warehouse destination_warehouse", columns=2),
            Section("Transporte", "carrier vehicle_plate driver_name total_weight", columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement comment document",
        lines="transfer_goods",
        picker="client departure_at",
        head="client departure_at",
        state="status",
        afresh="fiscal_uuid arrival_at",
        empty="Todavía no hay facturas de traslado. Añada la primera.",
    )
    flow = Flow(
        "status",
        {
            TransferStatus.DRAFT: "issued cancelled",
            TransferStatus.ISSUED: "in_transit delivered cancelled",
            TransferStatus.IN_TRANSIT: "delivered cancelled",
            TransferStatus.DELIVERED: "cancelled",
        },
        verbs={
            TransferStatus.ISSUED: Verb("Emitir", "accept", "Al emitirla recibe su folio y ya no se cambia."),
            TransferStatus.IN_TRANSIT: Verb("Marcar en tránsito", "truck"),
            TransferStatus.DELIVERED: Verb("Marcar entregada", "done"),
            TransferStatus.CANCELLED: Verb(
                "Cancelar el traslado", "lost", "¿Cancelar? La mercancía vuelve a contar donde estaba."
            ),
        },
        closed={
            TransferStatus.ISSUED: "El traslado está emitido: no se cambia. Cancélelo y haga otro.",
            TransferStatus.IN_TRANSIT: "La mercancía está en camino: el traslado no se cambia.",
            TransferStatus.DELIVERED: "El traslado está entregado.",
            TransferStatus.CANCELLED: "El traslado está cancelado.",
        },
        free="notes fiscal_uuid arrival_at carrier vehicle_plate driver_name",
    )

    def title_text(self) -> str:
        """Series and folio, or that it is a draft."""
        return self.number or "Traslado en borrador"

    def problems(self) -> Iterator[Problem]:
        """Two different places, and no arrival before the departure."""
        if self.origin_address_id == self.destination_address_id:
            yield Problem("destination_address", "Origen y destino deben ser distintos.")
        if self.origin_warehouse_id is not None and self.origin_warehouse_id == self.destination_warehouse_id:
            yield Problem("destination_warehouse", "Los almacenes deben ser distintos.")
        if self.arrival_at is not None and self.arrival_at < self.departure_at:
            yield Problem("arrival_at", "La llegada no puede ser anterior a la salida.")


class TransferGoods(
    Record, table="transfer_goods", label="Mercancía", plural="Mercancías", owner="transfer_invoice", feminine=True
):
    """So much of a product on the road."""

    transfer_invoice_id: Mapped[int] = link("Traslado", "transfer_invoice", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    product_id: Mapped[int] = link("Inventariable", "product", required=True)
    lot_serial_id: Mapped[int | None] = link("Lote o serie", "lot_serial", within="product")
    quantity: Mapped[Decimal] = number("Cantidad", required=True, default=Decimal(1))
    unit_weight: Mapped[Decimal] = number("Peso unitario (kg)", short="Peso (kg)", default=Decimal(0), minimum=0,
                                         nullable=False, help="Vacío o cero: el del producto.")  # fmt: skip

    screens = Screens(
        columns="product lot_serial quantity unit_weight",
        sort="position",
        form=[Section("Mercancía", "product lot_serial quantity unit_weight")],
    )

    def title_text(self) -> str:
        """Named by its product, which the grid shows."""
        return "Mercancía"

    def problems(self) -> Iterator[Problem]:
        """Something is moved."""
        if self.quantity <= 0:
            yield Problem("quantity", "La cantidad debe ser mayor que cero.")
