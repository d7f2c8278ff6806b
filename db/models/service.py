"""No inventariables: services."""

from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import choice, link, long_text, money, number, percent, text, yes_no
from db.models.priced import BillingPeriod
from db.record import Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class ServiceUnit(Choice):
    """Unit in which a service is sold."""

    HOUR = "hour", "Hora"
    DAY = "day", "Día"
    MONTH = "month", "Mes"
    EVENT = "event", "Evento"
    SERVICE = "service", "Servicio"


class Service(
    Record, table="service", label="No inventariable", plural="No inventariables", menu="Catálogos", icon="service",
    position=20,
):  # fmt: skip
    """Something we do for clients, with no stock."""

    name: Mapped[str] = text("Nombre", required=True, search=True, span=2)
    code: Mapped[str] = text("Clave o SKU", max_length=40, required=True, search=True, unique=True, short="Clave")
    category_id: Mapped[int | None] = link("Categoría", "category")
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmárquelo si ya no se ofrece, en vez de borrarlo.")
    price: Mapped[Decimal] = money("Precio", required=True, default=Decimal(0), minimum=0)
    cost: Mapped[Decimal | None] = money("Costo", minimum=0)
    unit: Mapped[str] = choice("Unidad", ServiceUnit, required=True, default=ServiceUnit.HOUR)
    tax_rate: Mapped[Decimal] = percent("Impuesto (IVA)", required=True, default="@tax_rate", short="IVA")
    standard_duration_hours: Mapped[Decimal | None] = number("Duración estándar (horas)", minimum=0, decimals=2)
    sat_product_key: Mapped[str | None] = text("Clave SAT", max_length=8)
    sat_unit_key: Mapped[str | None] = text("Unidad SAT", max_length=3, default="E48")
    is_recurring: Mapped[bool] = yes_no("Recurrente")
    billing_period: Mapped[str | None] = choice("Periodicidad", BillingPeriod)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="code name category unit price tax_rate is_recurring is_active",
        filters="name code category is_active",
        more_filters="price is_recurring billing_period",
        sort="name",
        form=[
            Section("Servicio", "name code category standard_duration_hours is_active"),
            Section("Precio", "price cost unit tax_rate sat_product_key sat_unit_key is_recurring billing_period"),
            Section("Textos", "notes"),
            FILES_SECTION,
        ],
        tabs="service_link interest quote sales_order subscription opportunity invoice purchase_order price_list "
        "support_case comment document",
        picker="code category price",
        head="code price",
        empty="Todavía no hay servicios. Añada el primero.",
    )

    def derive(self) -> None:
        """A recurring service is billed monthly unless told otherwise."""
        if self.is_recurring and self.billing_period is None:
            self.billing_period = BillingPeriod.MONTHLY
