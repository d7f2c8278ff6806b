"""Records as templates see them: plain texts under Spanish names, written as the country writes them.

The name of a field in templates is its label without accents and spaces: «Válido hasta» is ``valido_hasta``. A
number is also called ``numero``, whatever its label.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.fields import Field
from db.registry import module
from db.text import search_fold
from oficrm import clock, custom_fields, display, lists, settings
from oficrm.rules import countries, identity

Facts = dict[str, Any]
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
FORMER_NAMES: dict[str, dict[str, str]] = {"support_case": {"tipo_soporte": "category"}}
"""Names in templates, and their fields, of labels that have changed since: what users wrote goes on working."""
ORDERED_BY = ("position", "start_date", "due_date", "date")
"""By the first of these that it has, what hangs on a record is put in order."""


@dataclass(frozen=True, slots=True)
class Look:
    """How values are written: settings of the company, and the currency of the document."""

    session: Session
    values: settings.Settings
    currency: str

    @property
    def country(self) -> str:
        """Country of the company."""
        return self.values.country

    def show(self, field: Field, value: Any) -> str | bool:
        """A value as people read it; yes and no as such, for templates decide by them."""
        if field.kind == "yes_no":
            return bool(value)
        return display.show(field, value, self.country, self.currency)


def name_of(label: str) -> str:
    """A label as the name that templates use for it."""
    return _NOT_LETTERS.sub("_", search_fold(label)).strip("_")


def fields_of(session: Session, table: str) -> dict[str, Field]:
    """Return the fields that templates may show, by their names in templates; the first one of a name has it."""
    model = module(table)
    own = custom_fields.fields_of(session, table)
    found: dict[str, Field] = {}
    for field in (*model.fields.values(), *own):
        skipped = field.kind == "image" or field.hidden or field.name == "title" or field.name.startswith("files_")
        if not skipped and (name := name_of(field.label)):
            found.setdefault(name, field)
    also = {"numero": "number"} | FORMER_NAMES.get(table, {})
    return {name: model.fields[of] for name, of in also.items() if of in model.fields} | found


def records(look: Look, table: str, ids: Sequence[int]) -> list[Facts]:
    """Return records as templates see them, in the order of ``ids``; ``titulo`` and ``nombre`` name each."""
    fields = fields_of(look.session, table)
    names = [field.name for field in fields.values()]
    rows = lists.load_rows(look.session, table, list(ids), ["title", *names]) if ids else {}
    return [
        _named(rows[ident][0] or "")
        | {name: look.show(field, value) for (name, field), value in zip(fields.items(), rows[ident][1:], strict=True)}
        for ident in ids if ident in rows
    ]  # fmt: skip


def _named(title: str) -> Facts:
    """What names a record, under two names that every module has; a field of its own with that name goes first."""
    return {"titulo": title, "nombre": title}


def record(look: Look, table: str, ident: int | None) -> Facts:
    """Return one record; without it, the same names with nothing in them."""
    found = records(look, table, [ident]) if ident is not None else []
    if found:
        return found[0]
    return _named("") | {name: look.show(field, None) for name, field in fields_of(look.session, table).items()}


def example(look: Look, table: str, number: int = 1) -> Facts:
    """Return a record that does not exist, for a look at a template before there is any."""
    title = f"{module(table).module.label} de ejemplo"
    fields = fields_of(look.session, table)
    return _named(title) | {name: _example(look, field, title, number) for name, field in fields.items()}


def _example(look: Look, field: Field, title: str, number: int) -> str | bool:
    if field.kind in ("link", "either", "children"):
        return f"{module(field.target).module.label} de ejemplo" if field.target else field.label
    if field.kind == "choice" and field.choices is not None:
        return next(iter(field.choices)).label
    if field.name == "name":
        return title
    made: Any = {
        "day": clock.today(), "clock": dt.time(9 + number, 30), "instant": clock.now(), "minutes": 30 * number,
        "integer": number, "file_size": 120_000, "quantity": Decimal(number), "percent": Decimal(10),
        "money": Decimal("1240.5"), "yes_no": True, "country": look.country, "currency": look.currency,
        "phone": "+34961234567", "email": "nombre@ejemplo.es", "url": "https://ejemplo.es",
        "long_text": f"{field.label}: un texto de ejemplo.\nSegunda línea.",
    }.get(field.kind, f"{field.label} {number}")  # fmt: skip
    return look.show(field, made)


def ids_under(session: Session, table: str, through: str, key: str) -> list[int]:
    """Return the live records of ``table`` whose field ``through`` names the record of ``key``, in their order."""
    model = module(table)
    field = model.fields[through]
    wanted: Any = key if field.kind == "either" else int(key.partition(":")[2])
    order = [getattr(model, name) for name in ORDERED_BY if name in model.fields]
    found = select(model.id).where(getattr(model, field.attr) == wanted, model.deleted_at.is_(None))
    return list(session.scalars(found.order_by(*order, model.id)))


def company(look: Look) -> Facts:
    """Return what templates know of one's own company; ``datos`` are the lines under its name."""
    known = look.values
    place = {"codigo_postal": "company_postal_code", "poblacion": "company_city", "provincia": "company_province"}
    made: Facts = {
        "nombre": known["company_name"] or "Nuestra empresa", "identificacion_fiscal": known["company_tax_id"] or "",
        "direccion": known["company_street"] or "",
        **{name: known[setting] or "" for name, setting in place.items()},
        "pais": countries.country_name(look.country),
        "telefono": identity.format_phone(known["company_phone"], look.country) if known["company_phone"] else "",
        "correo_electronico": known["company_email"] or "", "sitio_web": known["company_website"] or "",
    }  # fmt: skip
    reach = " · ".join(_filled(made["telefono"], made["correo_electronico"], made["sitio_web"]))
    made["datos"] = _filled(tax_line(look, made["identificacion_fiscal"]), made["direccion"], place_line(made), reach)
    return made


def party_lines(look: Look, party: Facts) -> list[str]:
    """Return the lines under the name of a client or vendor: tax id, street, place, and the country when abroad."""
    abroad = party["es_extranjero"]
    tax = party["identificacion_fiscal"] if abroad else tax_line(look, party["identificacion_fiscal"])
    place = place_line(party | {"provincia": party["provincia_o_estado"]})
    return _filled(tax, party["direccion"], place, party["pais"] if abroad else "")


def tax_line(look: Look, tax_id: str) -> str:
    """The tax id behind the name it has in the country of the company."""
    return f"{'RFC' if look.country == 'MX' else 'NIF'} {tax_id}" if tax_id else ""


def place_line(of: Facts) -> str:
    """Postal code, town, and the province where it has another name."""
    place = " ".join(_filled(of["codigo_postal"], of["poblacion"]))
    province = of["provincia"]
    if province and province != of["poblacion"]:
        place = f"{place} ({province})" if place else province
    return place


def _filled(*parts: str) -> list[str]:
    return [part for part in parts if part]
