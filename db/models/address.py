"""Direcciones: places of clients and persons, for shipping, invoices and visits."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.fields import country_code, link, long_text, number, phone_number, postcode, text, yes_no
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section


class Address(
    Record, table="address", label="Dirección", plural="Direcciones", menu="Catálogos", icon="address", position=40,
    feminine=True,
):  # fmt: skip
    """A place. Of each use a client or person has at most one that is the usual one."""

    alias: Mapped[str | None] = text("Alias", max_length=60, search=True, help="Almacén, oficina, casa…")
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="cascade")
    street: Mapped[str] = text("Calle", required=True, search=True)
    exterior_number: Mapped[str | None] = text("Número exterior", max_length=20, short="Núm. ext.")
    interior_number: Mapped[str | None] = text("Número interior", max_length=20, short="Núm. int.")
    neighborhood: Mapped[str | None] = text("Colonia", max_length=120, search=True)
    postal_code: Mapped[str | None] = postcode("Código postal", short="C. P.", search=True)
    city: Mapped[str] = text("Ciudad", max_length=120, required=True, search=True)
    state: Mapped[str | None] = text("Estado o provincia", max_length=120, search=True, short="Estado")
    country: Mapped[str | None] = country_code("País")
    phone: Mapped[str | None] = phone_number("Teléfono", search=True)
    is_shipping: Mapped[bool] = yes_no("Envío", default=True)
    is_billing: Mapped[bool] = yes_no("Facturación")
    is_visit: Mapped[bool] = yes_no("Visita")
    is_default: Mapped[bool] = yes_no("Predeterminada", help="La usual de su dueño para lo marcado.")
    directions: Mapped[str | None] = long_text("Referencias", search=True, help="Lo que ayuda a encontrarla.")
    latitude: Mapped[Decimal | None] = number("Latitud", decimals=6, minimum=-90, maximum=90)
    longitude: Mapped[Decimal | None] = number("Longitud", decimals=6, minimum=-180, maximum=180)

    screens = Screens(
        columns="alias client person street exterior_number neighborhood postal_code city state is_default",
        filters="alias client person city postal_code",
        more_filters="street neighborhood state country is_shipping is_billing is_visit is_default",
        sort="title",
        form=[
            Section("Dirección", "alias client person street exterior_number interior_number neighborhood postal_code "
                    "city state country phone"),
            Section("Uso", "is_shipping is_billing is_visit is_default", columns=4),
            Section("Cómo llegar", "directions latitude longitude"),
            FILES_SECTION,
        ],
        tabs="document",
        picker="client city postal_code",
        head="client person city",
        empty="Todavía no hay direcciones. Añada la primera.",
    )  # fmt: skip

    def title_text(self) -> str:
        """Alias, then street with its numbers, neighbourhood, post code, city and state."""
        street = " ".join(part for part in (self.street, self.exterior_number, self.interior_number) if part)
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        place = ", ".join(part for part in (street, self.neighborhood, town, self.state) if part)
        return f"{self.alias} — {place}" if self.alias else place

    def problems(self) -> Iterator[Problem]:
        """A place is given by both coordinates or none."""
        if (self.latitude is None) != (self.longitude is None):
            yield Problem(
                "longitude" if self.longitude is None else "latitude", "Faltan las dos coordenadas o ninguna."
            )
