"""Usuarios: people of ours who work with the program."""

from sqlalchemy.orm import Mapped

from db.fields import choice, email_address, link, phone_number, text
from db.models.masters import Master, master_screens
from db.types import Choice


class Role(Choice):
    """What somebody does in the firm."""

    ADMIN = "admin", "Administración"
    SALES = "sales", "Ventas"
    SUPPORT = "support", "Soporte"
    WAREHOUSE = "warehouse", "Almacén"
    FINANCE = "finance", "Finanzas"
    READER = "reader", "Consulta"


class User(
    Master, table="user", label="Usuario", plural="Usuarios", menu="Configuración", icon="user", prefix="USU",
    position=10,
):  # fmt: skip
    """Somebody who uses the program: cases are assigned to users, who get their notices."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    login: Mapped[str | None] = text(
        "Usuario del equipo", max_length=80, unique=True, short="Usuario",
        help="El nombre con que entra en su ordenador: por él le conoce el programa y recibe sus avisos.",
    )  # fmt: skip
    email: Mapped[str | None] = email_address("Correo electrónico", search=True)
    phone: Mapped[str | None] = phone_number("Teléfono", search=True)
    role: Mapped[str] = choice("Función", Role, required=True, default=Role.SALES)
    salesperson_id: Mapped[int | None] = link("Vendedor", "salesperson", help="Si también vende.")

    screens = master_screens(
        columns="login email role salesperson", fields="login email phone role salesperson", title="Usuario",
        tabs="team support_case",
        empty="Todavía no hay usuarios. Añada uno por persona, con el nombre con que entra en su ordenador.",
    )  # fmt: skip
