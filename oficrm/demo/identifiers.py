"""Tax ids, telephones and addresses that pass the program's own checks, and reach nobody's mailbox.

E-mail and web addresses lie in the top-level domain `.example`, which is reserved and never delivered. There is no
such reserve for Spanish and Mexican tax ids and telephones: these are random numbers of the right shape.
"""

import datetime as dt
from random import Random

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_RFC_ALPHABET = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_CONSONANTS = "BCDFGHJKLMNPRSTVXZ"
_HOMOCLAVE = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
# The first place of the homoclave stops at V.
_HOMOCLAVE_FIRST = _HOMOCLAVE[:-4]


def spanish_company_id(rng: Random, letter: str) -> str:
    """A CIF with its control figure, for a legal form written with `letter` (A, B, F...)."""
    digits = f"{rng.randint(1, 52):02}{rng.randint(0, 99999):05}"
    doubled = sum(sum(divmod(2 * int(figure), 10)) for figure in digits[::2])
    total = doubled + sum(map(int, digits[1::2]))
    return f"{letter}{digits}{-total % 10}"


def spanish_person_id(rng: Random) -> str:
    """A NIF with its control letter."""
    number = rng.randint(10_000_000, 79_999_999)
    return f"{number}{_NIF_LETTERS[number % 23]}"


def mexican_id(rng: Random, letters: int) -> str:
    """An RFC with its check digit: 3 letters for a company, 4 for a person."""
    begun = dt.date(
        rng.randint(1955, 1999) if letters == 4 else rng.randint(1975, 2022), rng.randint(1, 12), rng.randint(1, 28)
    )
    # Consonants only: the tax authority bars words, and every one of those has a vowel.
    name = "".join(rng.choice(_CONSONANTS) for _ in range(letters))
    body = f"{name}{begun:%y%m%d}{rng.choice(_HOMOCLAVE_FIRST)}{rng.choice(_HOMOCLAVE)}"
    padded = f"{body:>12}"
    total = sum((13 - place) * _RFC_ALPHABET.index(char) for place, char in enumerate(padded))
    return body + "0123456789A"[-total % 11]


def landline(rng: Random, country: str, area: str) -> str:
    """A stored (E.164) fixed line within an area."""
    if country == "MX":
        return f"+52{area}{_figures(rng, 10 - len(area))}"
    # Spanish fixed lines take 9xx and a figure that no special service uses.
    return f"+34{area}{rng.choice('234567') if len(area) == 2 else ''}{_figures(rng, 6)}"


def mobile(rng: Random, country: str, area: str) -> str:
    """A stored (E.164) mobile; in Mexico they share the numbers of their area."""
    if country == "MX":
        return landline(rng, country, area)
    return f"+346{rng.randint(0, 9)}{rng.randint(0, 9)}{_figures(rng, 6)}"


def _figures(rng: Random, count: int) -> str:
    first = rng.randint(2, 9)
    return f"{first}{rng.randrange(10 ** (count - 1)):0{count - 1}}"
