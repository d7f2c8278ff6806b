"""Account numbers with check digits: the Mexican CLABE and the IBAN (ISO 13616)."""

import re

from oficrm.rules.problems import Invalid

_CLABE_WEIGHTS = (3, 7, 1)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", re.ASCII)


def check_clabe(text: str) -> str:
    """Return a CLABE as its 18 digits. Raises Invalid where length or check digit are wrong.

    Each of the first 17 digits is weighted 3, 7, 1 in turn, modulo 10; the last completes their sum to a multiple of
    10 (Banco de México, "Clave Bancaria Estandarizada").
    """
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{18}", digits, re.ASCII) is None:
        raise Invalid("La CLABE tiene 18 cifras.")
    total = sum(int(digit) * _CLABE_WEIGHTS[place % 3] % 10 for place, digit in enumerate(digits[:17]))
    if -total % 10 != int(digits[17]):
        raise Invalid("La CLABE no es correcta: no cuadra su dígito de control.")
    return digits


def check_account(text: str) -> str:
    """Return an account number; what begins like an IBAN is one, and is written in groups of four.

    Raises Invalid where an IBAN is wrong.
    """
    from stdnum import iban  # it reads its table of countries, which few sessions need
    from stdnum.exceptions import ValidationError

    compact = re.sub(r"[\s-]", "", text).upper()
    if _IBAN.fullmatch(compact) is None:
        return text
    try:
        return str(iban.format(iban.validate(compact)))
    except ValidationError as error:
        raise Invalid("El IBAN no es correcto: revise sus cifras.") from error
