"""Resultados: outcomes of a contact."""

from sqlalchemy.orm import Mapped

from db.fields import choice
from db.models.masters import Master, master_screens
from db.types import Choice


class ResultTone(Choice):
    """What an outcome means for the sale."""

    OPENING = "opening", "Inicio de propuesta", "info"
    FOLLOW_UP = "follow_up", "Seguimiento", "today"
    WON = "won", "Ganado", "won"
    LOST = "lost", "Perdido", "lost"
    NEUTRAL = "neutral", "Neutro", "quiet"


class Result(
    Master, table="result", label="Resultado", plural="Resultados", menu="Ficheros maestros", icon="result",
    prefix="RES", position=50,
):  # fmt: skip
    """How a contact ended: Venta, Nulo, Informativo, Seguimiento."""

    tone: Mapped[str] = choice("Significado", ResultTone, required=True, default=ResultTone.NEUTRAL)

    screens = master_screens(columns="tone", fields="tone")
