"""Compras: purchase orders and their lines."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import children, choice, day, link, long_text, number, text
from db.flow import Flow, Verb
from db.models.priced import LINE_COLUMNS, LINE_FIELDS, MONEY_FIELDS, Priced, PricedLine, line_screens
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class PurchaseStatus(Choice):
    """Where a purchase stands; receiving moves it on by itself."""

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

    screens = Screens(
        columns="number date vendor subject status total delivery_date person",
        filters="vendor subject status date",
        more_filters="items number person total warehouse delivery_date",
        sort="-date",
        form=[
            Section("Compra", "subject vendor person contact_role status date delivery_date warehouse"),
            Section("Importes", MONEY_FIELDS, columns=4),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="stock_movement lot_serial cash_flow_entry comment email_message document",
        lines="purchase_order_line",
        picker="number vendor total",
        head="vendor total delivery_date",
        state="status",
        total="total",
        empty="Todavía no hay compras. Añada la primera.",
    )
    flow = Flow(
        "status",
        {
            PurchaseStatus.CREATED: "approved cancelled",
            PurchaseStatus.APPROVED: "created partly_received received cancelled",
            PurchaseStatus.PARTLY_RECEIVED: "approved received",
            PurchaseStatus.RECEIVED: "partly_received approved",
        },
        verbs={
            PurchaseStatus.APPROVED: Verb("Aprobar", "accept"),
            PurchaseStatus.CANCELLED: Verb("Cancelar la compra", "lost", "¿Cancelar la compra?"),
        },
        closed={
            PurchaseStatus.PARTLY_RECEIVED: "Ya se recibió parte: lo pedido no se cambia.",
            PurchaseStatus.RECEIVED: "Ya se recibió: lo pedido no se cambia.",
            PurchaseStatus.CANCELLED: "La compra está cancelada. Duplíquela para volver a empezar.",
        },
        free="notes delivery_date person contact_role",
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
    received: Mapped[Decimal] = number("Recibido", read_only=True, default=Decimal(0), nullable=False)

    screens = line_screens(columns=f"{LINE_COLUMNS} received", fields=f"{LINE_FIELDS} received")
