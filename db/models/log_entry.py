"""Bitácora: what happened, in order. Entries are added, never changed: a later one corrects."""

import datetime as dt

from sqlalchemy.orm import Mapped

from db.fields import any_record, choice, instant, link, long_text, text
from db.record import Record
from db.screens import Screens, Section
from db.types import Choice


class LogKind(Choice):
    """What kind of thing happened."""

    INTERACTION = "interaction", "Interacción", "info"
    DECISION = "decision", "Decisión", "today"
    EVENT = "event", "Evento", "won"
    SYSTEM = "system", "Cambio de sistema", "quiet"


class LogSource(Choice):
    """Who wrote it."""

    MANUAL = "manual", "Manual"
    AUTOMATIC = "automatic", "Automático"


class LogEntry(
    Record, table="log_entry", label="Entrada de bitácora", plural="Bitácora",
    several="entradas de bitácora", menu="Herramientas", icon="log",
    position=30, feminine=True, indexes="occurred_at+id sort_key record+occurred_at",
):  # fmt: skip
    """Something that happened with a record."""

    occurred_at: Mapped[dt.datetime] = instant("Fecha y hora", required=True, default="@now", mass_edit=False)
    kind: Mapped[str] = choice("Clase", LogKind, required=True, default=LogKind.INTERACTION, mass_edit=False)
    summary: Mapped[str] = text("Resumen", required=True, search=True, mass_edit=False, span=2)
    record: Mapped[str | None] = any_record("Relacionado con", mass_edit=False)
    author_id: Mapped[int | None] = link("Autor", "user", read_only=True, on_delete="keep")
    source: Mapped[str] = choice("Origen", LogSource, required=True, default=LogSource.MANUAL, read_only=True)
    corrects_id: Mapped[int | None] = link(
        "Corrige a", "log_entry", read_only=True, on_delete="keep", mass_edit=False, index=False
    )
    details: Mapped[str | None] = long_text("Detalle", search=True, mass_edit=False)

    screens = Screens(
        columns="occurred_at kind summary record author source",
        filters="occurred_at kind summary record",
        more_filters="source author created_by corrects",
        sort="-occurred_at",
        form=[
            Section("Entrada", "occurred_at kind record summary"),
            Section("Detalle", "details"),
        ],
        tabs="document",
        picker="occurred_at kind",
        head="occurred_at author source corrects",
        state="kind",
        empty="La bitácora está vacía. Anote lo que ocurra.",
    )

    def title_text(self) -> str:
        """The summary."""
        return self.summary or ""
