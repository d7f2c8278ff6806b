"""What the screens of messages say, in words alone."""

from __future__ import annotations

import datetime as dt

from oficrm.rules import dates


def bare_name(address: str) -> str:
    """The name of an address as a list has room for it: "Marta Ruiz <m@r.es>" is Marta Ruiz."""
    name, bracket, rest = address.rpartition(" <")
    return name.strip('" ') if bracket and name.strip('" ') else rest.rstrip(">") or "(sin remitente)"


def first_names(addresses: str) -> str:
    """Recipients as a list has room for them: the first ones by name."""
    found = [bare_name(each.strip()) for each in addresses[:400].split(">,") if each.strip()]
    flat = [name for each in found for name in ([each] if "@" not in each else each.split(", "))]
    return ", ".join(name for name in flat[:3] if name)


def long_moment(moment: dt.datetime | None) -> str:
    """An instant in full, in local time."""
    if moment is None:
        return "sin fecha"
    local = moment.astimezone()
    return f"{dates.long_date(local.date())}, {local:%H:%M}"


def problems_line(text: str | None) -> tuple[str, str]:
    """What could not be read of a message, as one line, and all of it for the tooltip."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if not lines:
        return "", ""
    more = f" Y {len(lines) - 1} más." if len(lines) > 1 else ""
    return f"No se pudo leer del todo: {lines[0][0].lower()}{lines[0][1:]}{more}", "\n".join(lines)
