"""The shape of documents with priced lines: quotes, sales, purchases, invoices, credit notes, subscriptions."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import currency_code, either, exchange_rate, in_company, integer, link, money, number, percent, text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice

MAX_AMOUNT = Decimal(10) ** 12
"""Of a line and of a document; far above any sale, far below what a column holds."""
LINE_COLUMNS = "item description quantity unit_price discount_percent tax_rate line_total"
LINE_FIELDS = "item description quantity unit_price discount_percent tax_rate comment"
MONEY_FIELDS = "price_list currency exchange_rate discount_percent"


class PaymentMethod(Choice):
    """Método de pago of the SAT (catalogue c_MetodoPago)."""

    SINGLE = "PUE", "PUE · Pago en una sola exhibición"
    DEFERRED = "PPD", "PPD · Pago en parcialidades o diferido"


class PaymentForm(Choice):
    """Forma de pago of the SAT (catalogue c_FormaPago), as far as sales people meet it."""

    CASH = "01", "01 · Efectivo"
    CHEQUE = "02", "02 · Cheque nominativo"
    TRANSFER = "03", "03 · Transferencia"
    CREDIT_CARD = "04", "04 · Tarjeta de crédito"
    WALLET = "05", "05 · Monedero electrónico"
    DEBIT_CARD = "28", "28 · Tarjeta de débito"
    SERVICE_CARD = "29", "29 · Tarjeta de servicios"
    UNDEFINED = "99", "99 · Por definir"


class CfdiUse(Choice):
    """Uso de CFDI of the SAT (catalogue c_UsoCFDI), the common ones."""

    GOODS = "G01", "G01 · Adquisición de mercancías"
    RETURNS = "G02", "G02 · Devoluciones, descuentos o bonificaciones"
    EXPENSES = "G03", "G03 · Gastos en general"
    EQUIPMENT = "I04", "I04 · Equipo de cómputo y accesorios"
    PAYMENTS = "CP01", "CP01 · Pagos"
    NO_EFFECT = "S01", "S01 · Sin efectos fiscales"


class BillingPeriod(Choice):
    """How often something falls due."""

    WEEKLY = "weekly", "Semanal"
    MONTHLY = "monthly", "Mensual"
    BIMONTHLY = "bimonthly", "Bimestral"
    QUARTERLY = "quarterly", "Trimestral"
    HALF_YEARLY = "half_yearly", "Semestral"
    YEARLY = "yearly", "Anual"


MONTHS: dict[str, int] = {"monthly": 1, "bimonthly": 2, "quarterly": 3, "half_yearly": 6, "yearly": 12}
"""Months in each period; a week is counted as 12/52 of a month."""


class TaxRegime(Choice):
    """Régimen fiscal of the SAT (catalogue c_RegimenFiscal), the common ones."""

    GENERAL = "601", "601 · General de ley personas morales"
    NON_PROFIT = "603", "603 · Personas morales con fines no lucrativos"
    SALARIES = "605", "605 · Sueldos y salarios"
    LEASING = "606", "606 · Arrendamiento"
    BUSINESS = "612", "612 · Personas físicas con actividades empresariales"
    NO_OBLIGATIONS = "616", "616 · Sin obligaciones fiscales"
    INCORPORATION = "621", "621 · Incorporación fiscal"
    TRUST = "626", "626 · Régimen simplificado de confianza"


class Priced(Record):
    """What a document with priced lines states, and what they come to. Hooks work the totals out at saving."""

    __abstract__ = True

    price_list_id: Mapped[int | None] = link("Lista de precios", "price_list", only=(("is_active", True),))
    currency: Mapped[str | None] = currency_code("Moneda", mass_edit=False)
    exchange_rate: Mapped[Decimal | None] = exchange_rate()
    discount_percent: Mapped[Decimal | None] = percent("Descuento global %", mass_edit=False)
    subtotal: Mapped[Decimal] = money("Base imponible", read_only=True, default=Decimal(0), nullable=False)
    discount_total: Mapped[Decimal] = money("Descuento", read_only=True, default=Decimal(0), nullable=False)
    tax_total: Mapped[Decimal] = money("IVA", read_only=True, default=Decimal(0), nullable=False)
    total: Mapped[Decimal] = money("Total", read_only=True, default=Decimal(0), nullable=False)

    company_total = in_company("total")


class PricedLine(Record):
    """A product or service in a document. Amounts follow the calculation precision of Parámetros.

    Without a tax rate it is exempt.
    """

    __abstract__ = True

    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    product_id: Mapped[int | None] = link("Inventariable", "product", hidden=True)
    service_id: Mapped[int | None] = link("No inventariable", "service", hidden=True)
    item = either("Producto o servicio", product_id="product", service_id="service")
    description: Mapped[str] = text("Descripción", required=True, max_length=500)
    quantity: Mapped[Decimal] = number("Cantidad", required=True, default=Decimal(1))
    unit_price: Mapped[Decimal] = money("Precio", required=True, default=Decimal(0))
    discount_percent: Mapped[Decimal] = percent("Dto. %", default=Decimal(0), nullable=False)
    tax_rate: Mapped[Decimal | None] = percent("IVA %", default="@tax_rate", help="Vacío: exento.")
    comment: Mapped[str | None] = text("Comentario", max_length=300)
    line_total: Mapped[Decimal] = money("Importe", read_only=True, default=Decimal(0), nullable=False)

    def title_text(self) -> str:
        """The text of the line."""
        return self.description or ""

    def problems(self) -> Iterator[Problem]:
        """A line is about something, for an amount that can be kept."""
        if self.quantity <= 0:
            yield Problem("quantity", "La cantidad debe ser mayor que cero.")
        elif abs(self.quantity * self.unit_price) >= MAX_AMOUNT:
            yield Problem("unit_price", "El importe de la línea es demasiado grande.")


def line_screens(columns: str = LINE_COLUMNS, fields: str = LINE_FIELDS, afresh: str = "") -> Screens:
    """The grid of the lines of a document."""
    return Screens(columns=columns, sort="position", form=[Section("Línea", fields)], afresh=afresh)
