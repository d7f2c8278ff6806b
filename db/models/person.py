"""Personas: the people at our clients with whom we deal."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import (
    choice,
    country_code,
    day,
    email_address,
    image,
    link,
    long_text,
    phone_number,
    postcode,
    text,
    yes_no,
)
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice


class Salutation(Choice):
    """How a person is addressed."""

    MR = "mr", "Sr."
    MRS = "mrs", "Sra."
    LIC = "lic", "Lic."
    ENGINEER = "engineer", "Ing."
    DOCTOR_M = "doctor_m", "Dr."
    DOCTOR_F = "doctor_f", "Dra."
    DON = "don", "D."
    DONA = "dona", "D.ª"


class LeadSource(Choice):
    """Channel that produced a person or an opportunity."""

    REFERRAL = "referral", "Referencia"
    WEBSITE = "website", "Sitio web"
    EVENT = "event", "Evento"
    COLD_CALL = "cold_call", "Llamada en frío"
    SOCIAL = "social", "Redes sociales"
    ADVERTISING = "advertising", "Publicidad"
    DIRECT_MAIL = "direct_mail", "Correo directo"
    EMPLOYEE = "employee", "Empleado"
    PARTNER = "partner", "Socio"
    OTHER = "other", "Otro"


class Person(
    HasAgenda, Record, table="person", label="Persona", plural="Personas", menu="Ventas", icon="person", position=30,
    prefix="CON", feminine=True,
):  # fmt: skip
    """Somebody at a client, or an independent person."""

    number: Mapped[str] = text("Persona Id", max_length=20, search=True, read_only=True, unique=True, default="@number")
    salutation: Mapped[str | None] = choice("Título (saludo)", Salutation, short="Título")
    first_name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True)
    last_name: Mapped[str] = text("Apellidos", max_length=120, required=True, search=True)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="cascade")
    job_title: Mapped[str | None] = text("Cargo", max_length=120, search=True)
    salesperson_id: Mapped[int | None] = link("Asignado a", "salesperson", default="@salesperson")
    mobile_phone: Mapped[str | None] = phone_number("Tel. móvil", search=True)
    home_phone: Mapped[str | None] = phone_number("Tel. particular", search=True)
    email: Mapped[str | None] = email_address("Correo electrónico principal", search=True, unique=True, short="Correo")
    birth_date: Mapped[dt.date | None] = day("Fecha de nacimiento")
    photo: Mapped[bytes | None] = image("Imagen de la persona")
    portal_user: Mapped[bool] = yes_no("Usuario de portal", help="Tiene acceso al portal de clientes.")
    email_opt_out: Mapped[bool] = yes_no("No enviar correos", help="Pidió no recibir correo.")
    lead_source: Mapped[str | None] = choice("Origen de prospecto", LeadSource)
    from_prospect: Mapped[bool] = yes_no("Creado a partir de prospecto", read_only=True)
    default_shipping_address_id: Mapped[int | None] = link(
        "Dirección de envío pred.", "address", on_delete="keep", span=2, closes_circle=True,
        help="Una de las suyas; al elegirla se copia abajo.",
    )  # fmt: skip
    shipping_street: Mapped[str | None] = text("Dirección (envío)")
    shipping_exterior_number: Mapped[str | None] = text("Núm. ext. (envío)", max_length=20)
    shipping_interior_number: Mapped[str | None] = text("Núm. int. (envío)", max_length=20)
    shipping_neighborhood: Mapped[str | None] = text("Colonia (envío)", max_length=120)
    shipping_postal_code: Mapped[str | None] = postcode("Código postal (envío)")
    shipping_municipality: Mapped[str | None] = text("Deleg./Mpio. (envío)", max_length=120,
                                                      help="Población o municipio.")  # fmt: skip
    shipping_state: Mapped[str | None] = text("Estado (envío)", max_length=120)
    shipping_country: Mapped[str | None] = country_code("País (envío)")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="number title client job_title mobile_phone email salesperson",
        filters="first_name last_name client job_title salesperson",
        more_filters="email mobile_phone lead_source email_opt_out client.status created_at",
        sort="title",
        form=[
            Section("Información básica", "salutation first_name last_name"),
            Section("Información de contacto", "email mobile_phone home_phone"),
            Section("Cargo y relación", "client job_title salesperson"),
            Section("Preferencias", "portal_user email_opt_out lead_source"),
            Section("Datos personales", "birth_date photo"),
            Section("Detalles de la dirección",
                    "default_shipping_address shipping_street shipping_exterior_number shipping_interior_number "
                    "shipping_neighborhood "
                    "shipping_postal_code shipping_municipality shipping_state shipping_country"),
            Section("Descripción", "notes"),
            Section("Otros", "number from_prospect"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="contact asset_assignment project_participant address service_link service_contract sales_order quote "
             "purchase_order product_link calendar_item opportunity comment support_case email_message document "
             "campaign_member chat_channel interest",
        picker="job_title client mobile_phone email",
        head="client job_title",
        empty="Todavía no hay personas. Añada la primera desde aquí o desde la ficha de su cliente.",
    )  # fmt: skip

    def title_text(self) -> str:
        """First and last name."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip()

    def problems(self) -> Iterator[Problem]:
        """Nobody is born tomorrow; the portal writes to an e-mail address."""
        if self.birth_date and self.birth_date > dt.datetime.now().astimezone().date():
            yield Problem("birth_date", "La fecha de nacimiento no puede ser futura.")
        if self.portal_user and not self.email:
            yield Problem("email", "Un usuario de portal necesita correo electrónico.")
