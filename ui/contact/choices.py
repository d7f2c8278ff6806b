"""Choosing among the entries of a small catalogue: types of contact, results, salespeople."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oficrm.contacts import Vocabulary
from ui import icons
from ui.widgets.choice_editors import Choice, ChoiceEditor
from ui.widgets.suggest import Option

_PENDING = ("pending", "dim")
_TONES = {"won": ("won", "won"), "lost": ("lost", "lost"), "opening": ("info", "accent"),
          "follow_up": ("next", "today")}  # fmt: skip


class EntryEditor(ChoiceEditor):
    """One entry of a catalogue; delivers its id. An entry no longer offered stays shown by its name."""

    def value(self) -> Any:
        """The id, or None."""
        key = super().value()
        return int(key) if key is not None else None

    def set_value(self, value: Any) -> None:
        """An id, an Option (which names an entry that may not be offered any more), or None."""
        if not isinstance(value, Option):
            super().set_value(str(value) if value is not None else None)
            return
        if self.combo.findData(str(value.id)) < 0:
            self.combo.addItem(value.title, str(value.id))
        super().set_value(str(value.id))

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other entries; the value stays."""
        before, text = (self.value(), self.combo.currentText()) if self.combo.count() else (None, "")
        self.combo.blockSignals(True)
        self.combo.setCurrentIndex(-1)
        super().set_choices(choices)
        self.combo.blockSignals(False)
        self.set_value(Option(before, text) if before is not None else None)


def type_choices(vocabulary: Vocabulary) -> list[Choice]:
    """Types of contact with their pictures."""
    return [Choice(str(ident), name, icon if icons.has(icon) else "other") for ident, name, icon in vocabulary.types]


def result_choices(vocabulary: Vocabulary) -> list[Choice]:
    """Results with a mark for what they mean."""
    return [Choice(str(ident), name, *_TONES.get(tone, _PENDING))
            for ident, name, tone in vocabulary.results]  # fmt: skip


def salesperson_choices(vocabulary: Vocabulary) -> list[Choice]:
    """Salespeople by name."""
    return [Choice(str(ident), name) for ident, name in vocabulary.salespeople]
