"""Orígenes: how contact with a client began."""

from db.models.masters import Master, master_screens


class Origin(
    Master, table="origin", label="Origen", plural="Orígenes", menu="Ficheros maestros", icon="origin", prefix="ORI",
    position=10,
):  # fmt: skip
    """How we came to know a client, e.g. an advertisement in a local paper."""

    screens = master_screens()
