"""The words of the example data, read once from resources/demo, and picking among them."""

import json
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "demo"
COUNTRIES = ("ES", "MX")

T = TypeVar("T")


@cache
def words(name: str) -> Any:
    """The content of resources/demo/<name>.json; its decimal numbers are Decimals."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)


def home(country: str) -> str:
    """The country whose words are used: Mexico's own, and Spain's for all others."""
    return country if country in COUNTRIES else "ES"


class Weighted(Generic[T]):
    """Values picked in proportion to their weights."""

    def __init__(self, pairs: Sequence[tuple[T, int]]) -> None:
        self.values = [value for value, _ in pairs]
        self._bounds = list(accumulate(weight for _, weight in pairs))

    def pick(self, rng: Random) -> T:
        """One value."""
        return rng.choices(self.values, cum_weights=self._bounds)[0]


def slug(text: str) -> str:
    """Letters and figures of `text` in lower case without accents, for addresses."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if char.isascii() and char.isalnum())
