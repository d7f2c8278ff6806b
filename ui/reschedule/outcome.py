"""A preview as the screen needs it, worked out away from the screen's thread."""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass

from oficrm import reschedule
from oficrm import reschedule_summary as summary
from oficrm.reschedule import Preview, Selection, Wish
from oficrm.rules import dates
from oficrm.rules.problems import Invalid


@dataclass(frozen=True, slots=True)
class Outcome:
    """A preview with what the screen needs of it, all worked out away from the screen's thread."""

    preview: Preview
    people: tuple[summary.Person, ...]
    moves: array[int]
    stays: array[int]
    first: dt.date | None
    last: dt.date | None

    @staticmethod
    def of(preview: Preview) -> Outcome:
        """Sum a preview up."""
        after = preview.after
        subjects = preview.selection.subjects
        moves = array("l", (place for place, subject in enumerate(subjects) if subject.id in after))
        stays = array("l", (place for place, subject in enumerate(subjects) if subject.id not in after))
        reached = after.values()
        return Outcome(preview, tuple(summary.people(preview)), moves, stays,
                       min(reached, default=None), max(reached, default=None))  # fmt: skip


def planned(selection: Selection, wish: Wish) -> Outcome | Invalid:
    """Return what a wish would do, or why it cannot be done."""
    try:
        return Outcome.of(reschedule.preview(selection, wish))
    except Invalid as problem:
        return problem


def count_text(number: int) -> str:
    """Return a number as people read it: 1.234."""
    return f"{number:,}".replace(",", ".")


def sentence(outcome: Outcome) -> str:
    """What the button will do, and who stays as they are."""
    preview = outcome.preview
    if outcome.first is None or outcome.last is None:
        text = "Ningún contacto cambia de fecha."
    elif outcome.first == outcome.last:
        text = f"Todo al {dates.short_date(outcome.first)}."
    else:
        text = f"Entre el {dates.short_date(outcome.first)} y el {dates.short_date(outcome.last)}."
    stays = []
    for many, one, words in (
        (len(preview.left_out), "1 realizado se queda", "realizados se quedan"),
        (len(preview.unchanged), "1 ya está en su fecha", "ya están en su fecha"),
        (len(preview.blocked), "1 no se puede mover", "no se pueden mover"),
    ):
        if many:
            stays.append(one if many == 1 else f"{count_text(many)} {words}")
    return f"{text} {', '.join(stays).capitalize()}." if stays else text
