"""Tipos de contacto: the ways of communicating, kept as a catalogue."""

from sqlalchemy.orm import Mapped

from db.fields import choice, yes_no
from db.models.masters import Master, master_screens
from db.types import Choice


class ContactIcon(Choice):
    """The pictures a type of contact can carry."""

    PHONE = "phone", "Teléfono"
    EMAIL = "email", "Correo electrónico"
    VISIT = "visit", "Visita"
    POST = "post", "Correo postal"
    FAX = "fax", "Fax"
    DEMO = "demo", "Demostración"
    FAIR = "fair", "Feria"
    WEB = "web", "Web"
    CHAT = "chat", "Mensaje"
    MEETING = "meeting", "Reunión"
    OTHER = "other", "Otro"


class ContactType(
    Master, table="contact_type", label="Tipo de contacto", plural="Tipos de contacto", menu="Ficheros maestros",
    icon="contact_type", prefix="TIP", position=40,
):  # fmt: skip
    """A way of communicating with a client: call, visit, e-mail..."""

    icon: Mapped[str] = choice("Icono", ContactIcon, required=True, default=ContactIcon.OTHER)
    is_email: Mapped[bool] = yes_no(
        "Es correo electrónico", help="Sus contactos pueden asumir la información de un correo."
    )

    screens = master_screens(columns="icon is_email", fields="icon is_email")
