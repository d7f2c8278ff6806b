"""Acciones: the catalogue of actions to take after a contact."""

from db.models.masters import Master, master_screens


class ActionType(
    Master, table="action_type", label="Acción", plural="Acciones", menu="Ficheros maestros", icon="action",
    prefix="ACC", position=30, feminine=True,
):  # fmt: skip
    """Something that has to be done as a result of a contact."""

    screens = master_screens()
