"""What salespeople write: the reason of a contact, sometimes a remark below it, and actions to take."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from oficrm.demo.vocabulary import home, words

_STAGES = ("opening", "follow_up", "planned")


class Notes:
    """Note texts of one country. Every method is a pure function of the generator and the slots given."""

    def __init__(self, country: str) -> None:
        data = words("notes")
        self._fixed: Mapping[str, str] = data["words"][home(country)]
        self._by_type: dict[str, dict[str, list[str]]] = {
            stage: {kind: self._prepared(texts) for kind, texts in data[stage].items()} for stage in _STAGES
        }
        self._endings = {ending: self._prepared(data[ending]) for ending in ("won", "lost")}
        self._details = self._prepared(data["details"])
        self._free_actions = self._prepared(data["free_actions"])
        self._months: Sequence[str] = data["months"]
        self._days: Sequence[str] = data["days"]
        names = words("names")[home(country)]
        self._colleagues: Sequence[str] = [*names["men"], *names["women"]]

    def slots(self, rng: Random, person: str | None, item: str, month: int) -> dict[str, Any]:
        """The changing words of the notes about one matter; `month` (1-12) is when it takes place."""
        return {
            "person": person or "su responsable",
            "item": _inside(item),
            "units": rng.randint(2, 24),
            "years": rng.randint(5, 18),
            "discount": rng.choice((3, 5, 5, 8, 10, 12, 15)),
            "terms": rng.choice((30, 60, 90)),
            "month": self._months[(month + rng.randint(0, 2)) % 12],
            "day": rng.choice(self._days),
            "colleague": rng.choice(self._colleagues),
        }

    def reason(self, rng: Random, stage: str, kind: str, slots: Mapping[str, Any]) -> str:
        """The notes of a contact: `stage` is opening, follow_up, planned, won or lost; `kind` the type's icon key."""
        by_type = self._by_type.get(stage)
        if by_type is None:
            texts = self._endings[stage]
        else:
            texts = by_type.get(kind) or by_type["other"]
        text = rng.choice(texts).format_map(slots)
        text = text[:1].upper() + text[1:]
        if stage in ("opening", "follow_up") and rng.random() < 0.4:
            text = f"{text}.\n{rng.choice(self._details).format_map(slots)}"
        return text

    def free_action(self, rng: Random, slots: Mapping[str, Any]) -> str:
        """An action that is not in the catalogue."""
        return rng.choice(self._free_actions).format_map(slots)

    def phrase(self, rng: Random, name: str, **slots: str) -> str:
        """One of the texts of list `name` of the vocabulary (quote_subjects, opportunities, next_steps)."""
        text: str = rng.choice(words("notes")[name]).format_map(
            {**self._fixed, **{slot: _inside(value) for slot, value in slots.items()}}
        )
        return text[:1].upper() + text[1:]

    def _prepared(self, texts: Sequence[str]) -> list[str]:
        """The texts with the country's own words filled in once, so that writing one is a single substitution."""
        return [text.format_map(_Partly(self._fixed)) for text in texts]


class _Partly(dict[str, Any]):
    """Leaves unknown slots as they are."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _inside(name: str) -> str:
    """A name as it stands within a sentence; abbreviations keep their capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def action_names() -> list[str]:
    """The catalogue of actions to take."""
    return list(words("notes")["actions"])


def quote_terms(country: str) -> str:
    """Terms printed at the foot of a quote."""
    return str(words("notes")["quote_terms"][home(country)])
