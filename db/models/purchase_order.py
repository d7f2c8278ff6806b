"""Compras: purchase orders and their lines."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, exists, literal, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import children, choice, computed, day, link, long_text, text
from db.flow import Flow, Verb
from db.models.priced import LINE_COLUMNS, LINE_FIELDS, Priced, PricedLine, line_screens
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType


class PurchaseStatus(Choice):
    """What was done with a purchase; what has come of it is PurchaseState."""

    CREATED = "created", "Creada", "quiet"
    APPROVED = "approved", "Aprobada", "info"
    CANCELLED = "cancelled", "Cancelada", "lost"


class PurchaseState(Choice):
    """Where a purchase stands, by what was done with it and what has come."""

    CREATED = "created", "Creada", "quiet"
    APPROVED = "approved", "Aprobada", "info"
    PARTLY_RECEIVED = "partly_received", "Recibida parcial", "today"
    RECEIVED = "received", "Recibida", "won"
    CANCELLED = "cancelled", "Cancelada", "lost"


class ContactRole(Choice):
    """What the person had to do with a purchase."""

    REQUESTED = "requested", "Solicitó"
    AUTHORIZED = "authorized", "Autorizó"
    VENDOR = "vendor", "Contacto del proveedor"


def received_of(line: Any) -> Any:
    """What applied receipts brought of a line."""
    from db.models.stock_movement import MovementType, moved_of

    return moved_of(line, "purchase_order_line_id", MovementType.IN)


def _state(order: Any) -> Any:
    """An approved purchase is received as far as its products have come; services do not pass through a warehouse."""
    some, missing = aliased(PurchaseOrderLine), aliased(PurchaseOrderLine)
    has_come = exists().where(some.purchase_order_id == order.id, some.deleted_at.is_(None),
                              some.product_id.is_not(None), received_of(some) > 0)  # fmt: skip
    waits = exists().where(missing.purchase_order_id == order.id, missing.deleted_at.is_(None),
                           missing.product_id.is_not(None), received_of(missing) < missing.quantity)  # fmt: skip
    state = case(
        (order.status != "approved", order.status),
        (~has_come, literal("approved")),
        (waits, literal("partly_received")),
        else_=literal("received"),
    )
    return type_coerce(state, ChoiceType(PurchaseState))


class PurchaseOrder(
    Priced, table="purchase_order", label="Compra", plural="Compras", menu="Compras", icon="purchase", position=20,
    prefix="COM", feminine=True, indexes="date sort_key",
):  # fmt: skip
    """An order to a vendor."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    subject: Mapped[str] = text("Título", required=True, search=True)
    vendor_id: Mapped[int] = link("Proveedor", "vendor", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", on_delete="keep", help="Quien la pidió o la autorizó.")
    contact_role: Mapped[str | None] = choice("Rol de la persona", ContactRole)
    status: Mapped[str] = choice("Estado", PurchaseStatus, required=True, default=PurchaseStatus.CREATED,
                                 mass_edit=False)  # fmt: skip
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    delivery_date: Mapped[dt.date | None] = day("Fecha de entrega", short="Entrega")
    warehouse_id: Mapped[int | None] = link("Almacén de destino", "warehouse", default="@warehouse")
    notes: Mapped[str | None] = long_text("Descripción", search=True)
    items = children("Productos y servicios", "purchase_order_line", "item")

    state = computed("Situación", "choice", _state, choices=PurchaseState)

    screens = Screens(
        columns="number date vendor subject state total delivery_date person",
        filters="vendor subject state date",
        more_filters="items number person total warehouse delivery_date status",
        sort="-date",
        form=[
            Section("Compra", "subject vendor status date delivery_date warehouse person contact_role"),
            Section("Importes", "currency exchange_rate discount_percent"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement lot_serial cash_flow_entry comment email_message document",
        lines="purchase_order_line",
        picker="number vendor total",
        head="vendor total delivery_date",
        state="state",
        total="company_total",
        afresh="delivery_date",
        empty="Todavía no hay compras. Añada la primera.",
    )
    flow = Flow(
        "status",
        {
            PurchaseStatus.CREATED: "approved cancelled",
            PurchaseStatus.APPROVED: "created cancelled",
        },
        verbs={
            PurchaseStatus.APPROVED: Verb("Aprobar", "accept"),
            PurchaseStatus.CREATED: Verb("Volver a abrir", "undo"),
            PurchaseStatus.CANCELLED: Verb("Cancelar la compra", "lost", "¿Cancelar la compra?"),
        },
        closed={
            PurchaseStatus.APPROVED: "La compra está aprobada: lo pedido no se cambia. Vuelva a abrirla antes.",
            PurchaseStatus.CANCELLED: "La compra está cancelada. Duplíquela para volver a empezar.",
        },
        free="notes delivery_date warehouse person contact_role",
    )

    def title_text(self) -> str:
        """Number and title."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """Nothing is delivered before it is ordered."""
        if self.delivery_date is not None and self.delivery_date < self.date:
            yield Problem("delivery_date", "La entrega no puede ser anterior a la compra.")


class PurchaseOrderLine(
    PricedLine, table="purchase_order_line", label="Línea", plural="Líneas", owner="purchase_order", feminine=True
):
    """What is bought, and how much of it has come."""

    purchase_order_id: Mapped[int] = link("Compra", "purchase_order", required=True, on_delete="cascade")

    received = computed("Recibido", "quantity", received_of, decimals=4)

    screens = line_screens(columns=f"{LINE_COLUMNS} received", fields=f"{LINE_FIELDS} received")
