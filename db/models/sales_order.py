"""Ventas: sales orders and their lines, from creation to delivery."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, func, literal, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.fields import children, choice, computed, day, link, long_text, text
from db.flow import Flow, Verb
from db.models.priced import LINE_COLUMNS, LINE_FIELDS, MONEY_FIELDS, Priced, PricedLine, line_screens
from db.record import Problem
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class OrderStatus(Choice):
    """Where a sale stands."""

    CREATED = "created", "Creado", "quiet"
    RESERVED = "reserved", "Apartado", "today"
    AUTHORIZED = "authorized", "Autorizado", "won"
    CANCELLED = "cancelled", "Cancelado", "lost"


def _invoiced(order: Any) -> Any:
    """What the issued invoices of the sale come to; what credit notes take off them stands apart."""
    from db.models.invoice import Invoice

    invoice = aliased(Invoice)
    return (
        select(func.coalesce(func.sum(invoice.total), 0, type_=Scaled(MONEY_DECIMALS)))
        .where(invoice.sales_order_id == order.id, invoice.deleted_at.is_(None), invoice.status == "issued")
        .correlate(order).scalar_subquery()
    )  # fmt: skip


def _paid(order: Any) -> Any:
    """What issued payments apply to its invoices."""
    from db.models.payment_receipt import PaymentApplication, PaymentReceipt

    return _applied(order, PaymentApplication, PaymentReceipt, "payment_receipt_id")


def _credited(order: Any) -> Any:
    """What issued credit notes take off its invoices."""
    from db.models.credit_note import CreditApplication, CreditNote

    return _applied(order, CreditApplication, CreditNote, "credit_note_id")


def _applied(order: Any, lines: Any, documents: Any, owner: str) -> Any:
    from db.models.invoice import Invoice

    invoice, applied, document = aliased(Invoice), aliased(lines), aliased(documents)
    return (
        select(func.coalesce(func.sum(applied.amount), 0, type_=Scaled(MONEY_DECIMALS)))
        .join(document, document.id == getattr(applied, owner)).join(invoice, invoice.id == applied.invoice_id)
        .where(invoice.sales_order_id == order.id, invoice.deleted_at.is_(None), invoice.status == "issued",
               applied.deleted_at.is_(None), document.deleted_at.is_(None), document.status == "issued")
        .correlate(order).scalar_subquery()
    )  # fmt: skip


def _balance(order: Any) -> Any:
    """What is still to be paid of it, invoiced or not; nothing of a cancelled one."""
    left = order.total - _paid(order) - _credited(order)
    nothing = literal(0, Scaled(MONEY_DECIMALS))
    return type_coerce(case((order.status == "cancelled", nothing), else_=left), Scaled(MONEY_DECIMALS))


def delivered_of(line: Any) -> Any:
    """What applied deliveries took to the client of a line."""
    from db.models.stock_movement import MovementType, moved_of

    return moved_of(line, "sales_order_line_id", MovementType.OUT)


class SalesOrder(
    Priced, table="sales_order", label="Venta", plural="Ventas", menu="Ventas", icon="sale", position=55,
    prefix="VTA", feminine=True, indexes="sale_date sort_key client_id+sale_date",
):  # fmt: skip
    """An order of a client."""

    number: Mapped[str] = text("Número", max_length=20, search=True, read_only=True, unique=True, default="@number")
    subject: Mapped[str] = text("Asunto", required=True, search=True)
    client_id: Mapped[int] = link("Cliente", "client", required=True)
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="keep")
    quote_id: Mapped[int | None] = link("Presupuesto", "quote", within="client", on_delete="keep")
    opportunity_id: Mapped[int | None] = link("Oportunidad", "opportunity", within="client", on_delete="keep")
    project_id: Mapped[int | None] = link("Proyecto", "project", within="client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", default="@salesperson")
    status: Mapped[str] = choice("Estado", OrderStatus, required=True, default=OrderStatus.CREATED, mass_edit=False)
    sale_date: Mapped[dt.date] = day("Fecha de venta", required=True, default="@today", short="Fecha")
    expected_payment_date: Mapped[dt.date | None] = day(
        "Fecha estimada de pago",
        short="Pago previsto",
        help="Vacía: la de la venta más los días de crédito del cliente.",
    )
    client_order_number: Mapped[str | None] = text("Código del cliente", max_length=60, search=True,
                                                   help="El número de pedido que usa el cliente.")  # fmt: skip
    warehouse_id: Mapped[int | None] = link("Almacén", "warehouse", default="@warehouse")
    billing_address_id: Mapped[int | None] = link("Dirección de facturación", "address", within="client",
                                                  on_delete="keep")  # fmt: skip
    shipping_address_id: Mapped[int | None] = link("Dirección de envío", "address", within="client", on_delete="keep")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    invoiced_total = computed("Facturado", "money", _invoiced)
    paid_total = computed("Total pagado", "money", _paid)
    credited_total = computed("Abonado", "money", _credited)
    balance = computed("Saldo", "money", _balance)
    items = children("Productos y servicios", "sales_order_line", "item")

    screens = Screens(
        columns="number sale_date client subject status total invoiced_total balance salesperson",
        filters="client subject status salesperson sale_date",
        more_filters="items number total person project warehouse expected_payment_date client_order_number "
        "client.status",
        sort="-sale_date",
        form=[
            Section("Venta", "subject client person status sale_date expected_payment_date salesperson warehouse "
                    "client_order_number quote opportunity project"),
            Section("Importes", f"{MONEY_FIELDS} invoiced_total paid_total credited_total balance", columns=4),
            Section("Direcciones", "billing_address shipping_address", columns=2),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="invoice stock_movement lot_serial cash_flow_entry commission asset calendar_item comment email_message "
             "document",
        lines="sales_order_line",
        picker="number client total",
        head="client total balance",
        state="status",
        total="company_total",
        afresh="quote client_order_number expected_payment_date",
        empty="Todavía no hay ventas. Convierta un presupuesto aceptado o añada la primera.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            OrderStatus.CREATED: "reserved authorized cancelled",
            OrderStatus.RESERVED: "created authorized cancelled",
            OrderStatus.AUTHORIZED: "cancelled",
        },
        verbs={
            OrderStatus.RESERVED: Verb("Apartar existencias", "lock"),
            OrderStatus.AUTHORIZED: Verb("Autorizar", "accept"),
            OrderStatus.CREATED: Verb("Liberar lo apartado", "undo"),
            OrderStatus.CANCELLED: Verb("Cancelar la venta", "lost", "¿Cancelar? Se libera lo apartado."),
        },
        closed={
            OrderStatus.AUTHORIZED: "La venta está autorizada: lo acordado ya no se cambia. Cancélela y duplíquela.",
            OrderStatus.CANCELLED: "La venta está cancelada. Duplíquela para volver a empezar.",
        },
        free="notes salesperson person project expected_payment_date client_order_number shipping_address",
    )

    def title_text(self) -> str:
        """Number and subject."""
        return f"{self.number or ''} {self.subject or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """Nobody is expected to pay before the sale."""
        if self.expected_payment_date is not None and self.expected_payment_date < self.sale_date:
            yield Problem("expected_payment_date", "No puede ser anterior a la venta.")


class SalesOrderLine(
    PricedLine, table="sales_order_line", label="Línea", plural="Líneas", owner="sales_order", feminine=True,
    indexes="product_id+deleted_at+sales_order_id+quantity",
):  # fmt: skip
    """What is sold."""

    sales_order_id: Mapped[int] = link("Venta", "sales_order", required=True, on_delete="cascade")

    delivered = computed("Entregado", "quantity", delivered_of, decimals=4)

    screens = line_screens(columns=f"{LINE_COLUMNS} delivered", fields=f"{LINE_FIELDS} delivered")
