"""Delegaciones: branch offices, which may become part of client codes (Parámetros)."""

from sqlalchemy.orm import Mapped

from db.fields import text
from db.models.masters import Master, master_screens


class Branch(
    Master, table="branch", label="Delegación", plural="Delegaciones", menu="Ficheros maestros", icon="branch",
    prefix="DEL", position=60, feminine=True,
):  # fmt: skip
    """A branch office of our own company."""

    code: Mapped[str | None] = text(
        "Clave para códigos", max_length=6, search=True,
        help="Letras que entran en el código del cliente si así se elige en Parámetros.",
    )  # fmt: skip

    screens = master_screens(columns="code", fields="code")
