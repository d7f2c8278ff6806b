"""What the head of the contact form says."""

from __future__ import annotations

import datetime as dt

from oficrm import clock
from oficrm.contact_form import Extras
from oficrm.rules import dates
from ui.forms.draft_form import DraftForm
from ui.theme import Kind


def describe_head(form: DraftForm, extras: Extras | None, is_chained: bool, reach: str) -> tuple[str, str, str]:
    """Title, the dim line below it (how to reach the client, what this contact follows), and the icon of the type."""
    client = form.title("client") if isinstance(form.value("client"), int) else ""
    if is_chained or (extras and extras.chained_from and form.ident is None):
        title = f"Próximo contacto de {client}" if client else "Próximo contacto"
    else:
        title = "Nuevo contacto" if form.ident is None else "Contacto"
        title += f" · {client}" if client else ""
    follows = f"Sigue al del {extras.chained_from}" if extras and extras.chained_from else ""
    return title, "   ·   ".join(part for part in (reach, follows) if part), _icon(form, extras)


def _icon(form: DraftForm, extras: Extras | None) -> str:
    known = {ident: icon for ident, _name, icon in extras.vocabulary.types} if extras else {}
    return known.get(form.value("type"), "contact")


def describe_state(form: DraftForm) -> tuple[str, Kind]:
    """The state as it would be saved: realizado, or how the open one stands to today."""
    if form.content is None:
        return "", Kind.NEUTRAL
    if form.value("result") is not None and isinstance(form.value("closed_on"), dt.date):
        return "Realizado", Kind.DONE
    day = form.value("date")
    if form.ident is None or not isinstance(day, dt.date):
        return "", Kind.NEUTRAL
    if day < clock.today():
        return "Vencido", Kind.OVERDUE
    return ("Hoy", Kind.TODAY) if day == clock.today() else (dates.short_date(day, clock.today()), Kind.NEUTRAL)
