"""Proveedores: those we buy from."""

from sqlalchemy.orm import Mapped

from db.fields import (
    country_code,
    email_address,
    integer,
    long_text,
    phone_number,
    postcode,
    tax_number,
    text,
    url,
    yes_no,
)
from db.record import Record
from db.screens import FILES_SECTION, Screens, Section


class Vendor(
    Record, table="vendor", label="Proveedor", plural="Proveedores", menu="Compras", icon="vendor", position=10,
    prefix="PRO",
):  # fmt: skip
    """A company that sells to us."""

    number: Mapped[str] = text("Código", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Proveedor", required=True, search=True)
    legal_name: Mapped[str | None] = text("Razón social", search=True)
    tax_id: Mapped[str | None] = tax_number("Identificación fiscal", search=True, unique=True, short="NIF/RFC")
    phone: Mapped[str | None] = phone_number("Teléfono principal", search=True, short="Teléfono")
    email: Mapped[str | None] = email_address("Correo electrónico principal", search=True, short="Correo")
    website: Mapped[str | None] = url("Sitio web")
    contact_name: Mapped[str | None] = text("Persona de contacto", max_length=120, search=True)
    street: Mapped[str | None] = text("Dirección", span=2)
    postal_code: Mapped[str | None] = postcode("Código postal", short="C. P.")
    city: Mapped[str | None] = text("Población", max_length=120, search=True)
    province: Mapped[str | None] = text("Provincia o estado", max_length=120)
    country: Mapped[str | None] = country_code("País")
    credit_days: Mapped[int | None] = integer("Días de crédito", minimum=0, maximum=3650)
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmarcado, deja de ofrecerse pero se conserva.")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="number name phone email city is_active",
        filters="name tax_id city is_active",
        more_filters="number legal_name phone email country created_at",
        sort="name",
        form=[
            Section("Proveedor", "name legal_name tax_id phone email website contact_name credit_days is_active"),
            Section("Dirección", "street postal_code city province country"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="purchase_order asset calendar_item comment document",
        picker="number city phone",
        head="phone email",
        empty="Todavía no hay proveedores. Añada el primero.",
    )
