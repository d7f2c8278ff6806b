"""The report of an import as a file for a spreadsheet."""

import csv
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from oficrm import export, settings
from oficrm.mail.importing import Row
from oficrm.rules import numbers

HEADER = ("Archivo", "Fecha", "De", "Asunto", "Resultado", "Detalle")


def to_csv(session: Session, rows: Iterable[Row], path: Path) -> int:
    """Write lines of a report and return how many. Raises EnvironmentProblem; then no file is left."""
    comma = numbers.decimal_mark(settings.read(session).country) == ","
    count = 0
    with export.replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if comma else ",")
        writer.writerow(HEADER)
        for row in rows:
            when = row.sent_at.astimezone().strftime("%d/%m/%Y %H:%M") if row.sent_at else ""
            texts = (row.name, when, row.sender, row.subject, row.outcome.value, row.detail)
            writer.writerow([export.guarded(text) for text in texts])
            count += 1
    return count
