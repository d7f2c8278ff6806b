"""What else may be asked for: free days skipped, days off too, closed contacts as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from oficrm.reschedule import Selection, Spec, Wish
from ui import theme
from ui.reschedule.outcome import count_text


class Options(QWidget):
    """A row of boxes to tick."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_L)
        self.holidays, self.days_off, self.include_done = (
            self._check(row, f"check_{name}") for name in ("holidays", "days_off", "done"))  # fmt: skip
        self.holidays.setChecked(True)
        self.days_off.setChecked(True)
        self.days_off.hide()
        self.include_done.hide()
        row.addStretch(1)
        for check in (self.holidays, self.days_off, self.include_done):
            check.clicked.connect(lambda _on: self.changed.emit())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _check(self, row: QHBoxLayout, name: str) -> QCheckBox:
        check = QCheckBox(self)
        check.setObjectName(name)
        row.addWidget(check)
        return check

    def describe(self, selection: Selection, *, counts_workdays: bool) -> None:
        """Say what each box means for these contacts; those that mean nothing are not shown."""
        what = "fes&tivos" if counts_workdays else "fes&tivos y fines de semana"
        self.holidays.setText(f"Saltar {what} ({selection.diary.place})")
        away = [selection.salespeople.get(ident, "") for ident in selection.diary.days_off]
        whose = f"de {away[0]}" if len(away) == 1 else f"de {len(away)} vendedores"
        self.days_off.setText(f"Saltar &días libres {whose}")
        self.days_off.setVisible(bool(away))
        self.days_off.setEnabled(counts_workdays or self.holidays.isChecked())
        done = selection.done
        self.include_done.setText("&Incluir 1 realizado" if done == 1 else f"&Incluir {count_text(done)} realizados")
        self.include_done.setVisible(bool(done))

    def wish(self, spec: Spec) -> Wish:
        """What is asked for in all."""
        return Wish(spec, self.holidays.isChecked(), self.days_off.isChecked(), self.include_done.isChecked())

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Tick what was ticked last; closed contacts are asked for anew each time."""
        self.holidays.setChecked(bool(kept.get("holidays", True)))
        self.days_off.setChecked(bool(kept.get("days_off", True)))

    def state(self) -> dict[str, Any]:
        """What to remember."""
        return {"holidays": self.holidays.isChecked(), "days_off": self.days_off.isChecked()}
