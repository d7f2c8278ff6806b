"""Almacenes: where stock is kept."""

from sqlalchemy.orm import Mapped

from db.fields import text, yes_no
from db.models.masters import Master, master_screens


class Warehouse(
    Master, table="warehouse", label="Almacén", plural="Almacenes", menu="Inventario", icon="warehouse", position=30,
    prefix="ALM",
):  # fmt: skip
    """A place with stock; one of them is the usual one."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    address: Mapped[str | None] = text("Dirección", span=2)
    manager: Mapped[str | None] = text("Responsable", max_length=120)
    is_default: Mapped[bool] = yes_no("Predeterminado", help="Con él empiezan los documentos.")
    allow_negative: Mapped[bool] = yes_no("Admite existencias negativas", short="Admite negativas",
                                          help="Deja salir lo que todavía no consta como entrado.")  # fmt: skip

    screens = master_screens(
        columns="address manager is_default allow_negative", fields="address manager is_default allow_negative",
        title="Almacén", tabs="lot_serial asset",
    )  # fmt: skip
