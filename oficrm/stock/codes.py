"""Codes of lots and series as they are typed or read by a scanner: "A1, A2; A3", or a run of them as "A08..A12"."""

import re

RUN = re.compile(r"^(?P<head>.*?)(?P<first>\d+)\s*\.\.\s*(?P<tail>.*?)(?P<last>\d+)$")
MOST = 1000
"""Codes in one field; more are a slip of the keyboard."""


class BadCodes(ValueError):
    """The text names no codes that could be meant; the Spanish sentence says why."""


def parse(text: str | None) -> list[str]:
    """Return the codes that a text names, in its order. Raises BadCodes for a run that cannot be counted out."""
    found: list[str] = []
    for part in re.split(r"[,;\n\t]+", text or ""):
        code = " ".join(part.split())
        if code:
            found += _run(code) if ".." in code else [code]
        if len(found) > MOST:
            raise BadCodes(f"Son más de {MOST} códigos: repártalos en varias partidas.")
    return found


def _run(code: str) -> list[str]:
    match = RUN.match(code)
    if match is None:
        raise BadCodes(f"«{code}» no es un tramo: escriba el primer código y el último, como A08..A12.")
    head, first, last = match["head"], match["first"], match["last"]
    if match["tail"] not in ("", head) or int(last) < int(first):
        raise BadCodes(f"«{code}» no es un tramo: el último código debe seguir al primero.")
    if int(last) - int(first) >= MOST:
        raise BadCodes(f"«{code}» son más de {MOST} códigos: repártalos en varias partidas.")
    return [f"{head}{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]
