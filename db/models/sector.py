"""Sectores: lines of business."""

from db.models.masters import Master, master_screens


class Sector(
    Master, table="sector", label="Sector", plural="Sectores", menu="Ficheros maestros", icon="sector", prefix="SEC",
    position=20,
):  # fmt: skip
    """A client's line of business."""

    screens = master_screens()
