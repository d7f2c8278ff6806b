"""Listas de precios: what products and services cost to those clients who have the list."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import children, currency_code, day, either, link, money, text
from db.models.masters import Master, master_screens
from db.record import Problem, Record
from db.screens import Screens, Section


class PriceList(
    Master, table="price_list", label="Lista de precios", plural="Listas de precios", menu="Catálogos",
    icon="price_list", prefix="LIS", position=60, feminine=True,
):  # fmt: skip
    """Prices of a group of clients, in one currency."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    currency: Mapped[str] = currency_code("Moneda", required=True)
    valid_until: Mapped[dt.date | None] = day("Vigente hasta")

    items = children("Productos y servicios", "price_list_line", "item")

    screens = master_screens(
        columns="currency valid_until", fields="currency valid_until", title="Lista", lines="price_list_line",
        tabs="client quote sales_order",
    )  # fmt: skip


class PriceListLine(Record, table="price_list_line", label="Precio", plural="Precios", owner="price_list"):
    """The price of one product or service in a list."""

    price_list_id: Mapped[int] = link("Lista de precios", "price_list", required=True, on_delete="cascade")
    product_id: Mapped[int | None] = link("Inventariable", "product", hidden=True, on_delete="cascade")
    service_id: Mapped[int | None] = link("No inventariable", "service", hidden=True, on_delete="cascade")
    item = either("Producto o servicio", product_id="product", service_id="service", required=True)
    price: Mapped[Decimal] = money("Precio", required=True, minimum=0)

    screens = Screens(columns="item price", form=[Section("Precio", "item price")])

    def title_text(self) -> str:
        """A price is named by its item, which the grid shows."""
        return "Precio"

    def problems(self) -> Iterator[Problem]:
        """A price is for something."""
        if self.product_id is None and self.service_id is None:
            yield Problem("item", "Elija un producto o servicio.")
