"""Moments as people say them."""

from __future__ import annotations

import datetime as dt

from oficrm.rules import dates


def moment(at: dt.datetime, today: dt.date) -> str:
    """Return "hoy 10:32", "ayer 9:05", "lun 16 nov 17:40"."""
    here = at.astimezone()
    day = here.date()
    near = {0: "hoy", 1: "ayer"}.get((today - day).days)
    return f"{near or dates.short_date(day, today)} {dates.short_time(here.time())}"


def long_moment(at: dt.datetime) -> str:
    """Return "lunes 16 de noviembre de 2026, 17:40"."""
    here = at.astimezone()
    return f"{dates.long_date(here.date())}, {dates.short_time(here.time())}"


def counted(count: int, one: str, many: str) -> str:
    """Return "1 cambio", "1.234 cambios"."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}".replace(",", ".")
