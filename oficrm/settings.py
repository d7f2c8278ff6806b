"""Parámetros: every setting of the company with its type and default, and how it is read and written."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.fields import Field
from db.history import from_json, operation, to_json
from db.models.client import ClientStatus
from db.models.setting import Setting
from oficrm import cleaning
from oficrm.errors import Collected
from oficrm.rules import money as money_rules
from oficrm.rules import workdays
from oficrm.rules.problems import Invalid


@dataclass(frozen=True, slots=True)
class Group:
    """A card of the Parámetros window and the settings in it; those that ``begins`` names stand first in their row."""

    title: str
    tab: str
    fields: tuple[Field, ...]
    begins: tuple[str, ...] = ()


def _prefix(status: ClientStatus, letters: str) -> Field:
    label = {ClientStatus.CLIENT: "Cuenta de clientes", ClientStatus.PROBABLE: "Cuenta de probables",
             ClientStatus.POTENTIAL: "Cuenta de potenciales", ClientStatus.PRESCRIBER: "Cuenta de prescriptores",
             ClientStatus.INACTIVE: "Cuenta de inactivos"}[status]  # fmt: skip
    return Field("text", label, f"client_prefix_{status.value}", required=True, max_length=10, default=letters)


def _first_number(table: str, label: str = "Numerar desde") -> Field:
    """A counter is set by its floor: numbers already given never come back, and the change can be undone."""
    return Field("integer", label, f"first_number_{table}", required=True, default=1, minimum=1, maximum=999_999_999,
                 help="El contador sigue desde aquí si va por debajo.")  # fmt: skip


def _hours(priority: str, label: str, response: int, solution: int) -> tuple[Field, Field]:
    """Working hours until the first response and the solution of a case."""
    return tuple(
        Field("quantity", f"{label}: {words} (horas)", f"sla_{priority}_{name}", required=True, default=Decimal(hours),
              decimals=2, minimum=Decimal("0.05"), maximum=Decimal(2000))
        for name, words, hours in (("response", "respuesta", response), ("solution", "solución", solution))
    )  # type: ignore[return-value]  # fmt: skip


def _level(level: str, label: str, percent: int) -> Field:
    return Field("percent", label, f"sla_percent_{level}", required=True, default=Decimal(percent), decimals=2,
                 minimum=Decimal(1), maximum=Decimal(400),
                 help="De los tiempos de arriba, cuánto promete.")  # fmt: skip


def _series(table: str, prefix: str, label: str, first: str) -> tuple[Field, Field]:
    """The prefix of a module's numbers and from where they go on; each series counts without gaps."""
    return (Field("text", label, f"{table}_prefix", required=True, max_length=10, default=prefix),
            _first_number(table, first))  # fmt: skip


COMPANY, OTHER = "Datos de empresa", "Otros datos"
GROUPS: tuple[Group, ...] = (
    Group("Empresa", COMPANY, (
        Field("text", "Nombre de la empresa", "company_name", max_length=120),
        Field("tax_id", "Identificación fiscal", "company_tax_id", max_length=30),
        Field("text", "Dirección", "company_street", max_length=200),
        Field("postal_code", "Código postal", "company_postal_code", max_length=12),
        Field("text", "Población", "company_city", max_length=120),
        Field("text", "Provincia o estado", "company_province", max_length=120),
        Field("country", "País", "country", required=True, default="ES",
              help="Comprueba códigos postales, teléfonos e identificación fiscal, y trae los festivos."),
        Field("options", "Festivos de", "holiday_region",
              help="Comunidad o estado cuyos festivos se saltan al cambiar fechas."),
        Field("phone", "Teléfono", "company_phone", max_length=40),
        Field("email", "Correo electrónico", "company_email", max_length=254),
        Field("url", "Sitio web", "company_website", max_length=300),
    )),
    Group("Importes", COMPANY, (
        Field("integer", "Decimales importes", "calc_decimals", required=True, default=2, minimum=0, maximum=4,
              help="Precisión de los cálculos de presupuestos y oportunidades."),
        Field("currency", "Moneda", "currency", required=True, default="EUR"),
        Field("percent", "IVA habitual", "tax_rate", required=True, default=Decimal(21), decimals=2, minimum=0,
              maximum=100),
    )),
    Group("Código de cliente", OTHER, (
        _prefix(ClientStatus.CLIENT, "CLI"),
        _prefix(ClientStatus.PROBABLE, "PRB"),
        _prefix(ClientStatus.POTENTIAL, "POT"),
        _prefix(ClientStatus.PRESCRIBER, "PRE"),
        _prefix(ClientStatus.INACTIVE, "INA"),
        Field("integer", "Cifras del número", "number_digits", required=True, default=6, minimum=3, maximum=10),
        _first_number("client"),
        Field("yes_no", "Aplica delegación en clientes", "branch_in_code", default=False,
              help="La clave de la delegación entra en el código: CLI-VAL-000012."),
    )),
    Group("Presupuestos", OTHER, (
        Field("integer", "Decimales del total", "quote_decimals", required=True, default=2, minimum=0, maximum=4),
        Field("text", "Prefijo del número", "quote_prefix", required=True, max_length=10, default="COT"),
        _first_number("quote"),
        Field("integer", "Días de validez", "quote_days", required=True, default=15, minimum=0, maximum=365),
        Field("long_text", "Términos y condiciones", "quote_terms", max_length=5000, span=3,
              help="Se copian en cada presupuesto nuevo, donde pueden cambiarse."),
    )),
    Group("Ventas y facturación", OTHER, (
        *_series("sales_order", "VTA", "Prefijo de ventas", "Ventas desde el número"),
        *_series("invoice", "F", "Serie de facturas", "Facturas desde el folio"),
        *_series("payment_receipt", "P", "Serie de pagos", "Pagos desde el folio"),
        *_series("credit_note", "NC", "Serie de notas de crédito", "Notas desde el folio"),
        *_series("transfer_invoice", "T", "Serie de traslados", "Traslados desde el folio"),
    )),
    Group("Personas y oportunidades", OTHER, (
        Field("text", "Prefijo de personas", "person_prefix", required=True, max_length=10, default="CON"),
        _first_number("person", "Personas desde el número"),
        Field("text", "Prefijo de oportunidades", "opportunity_prefix", required=True, max_length=10, default="OPO"),
        _first_number("opportunity", "Oportunidades desde el número"),
    )),
    Group("Archivos y correo", OTHER, (
        Field("integer", "Límite por archivo (MB)", "file_limit", required=True, default=50, minimum=1, maximum=2000,
              help="Lo que pese más no se adjunta."),
        Field("text", "Prefijo de archivos", "document_prefix", required=True, max_length=10, default="ARC"),
        _first_number("document", "Archivos desde el número"),
        Field("text", "Direcciones de correo propias", "own_addresses", max_length=1000, span=2,
              help="Además de las de la empresa y los vendedores: ventas@casa.es, @casa.es. Dicen quién escribe."),
    )),
    Group("Casos (SLA)", OTHER, (
        *_hours("critical", "Crítica", 1, 4),
        *_hours("high", "Alta", 4, 8),
        *_hours("medium", "Media", 8, 24),
        *_hours("low", "Baja", 24, 72),
        Field("clock", "La jornada empieza", "sla_day_start", required=True, default=dt.time(9),
              help="Los tiempos se cuentan en horas laborables."),
        Field("clock", "La jornada termina", "sla_day_end", required=True, default=dt.time(18)),
        _level("basic", "Pólizas de nivel Básico", 100),
        _level("standard", "Pólizas de nivel Estándar", 75),
        _level("premium", "Pólizas de nivel Premium", 50),
    ), begins=("sla_high_response", "sla_medium_response", "sla_low_response", "sla_day_start", "sla_percent_basic")),
    Group("Comisiones", OTHER, (
        Field("yes_no", "Comisión al cobrar", "commission_when_paid", default=False,
              help="Nace cuando se paga la factura, y no al autorizar la venta."),
    )),
    Group("Informes", OTHER, (
        Field("text", "Carpeta de informes", "reports_folder", max_length=300, span=2,
              help="Donde se propone guardar listados y presupuestos; con varios puestos, una carpeta de red."),
    )),
)  # fmt: skip
FIELDS: dict[str, Field] = {field.name: field for group in GROUPS for field in group.fields}


class Settings(Mapping[str, Any]):
    """The values of all settings, defaults filled in; immutable, may cross threads."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = dict(stored)

    def __getitem__(self, name: str) -> Any:
        return self._stored[name] if self._stored.get(name) is not None else FIELDS[name].default

    def __iter__(self) -> Iterator[str]:
        return iter(FIELDS)

    def __len__(self) -> int:
        return len(FIELDS)

    @property
    def is_configured(self) -> bool:
        """True once the country was chosen at the first start."""
        return "country" in self._stored

    @property
    def country(self) -> str:
        """Country of the company (ISO 3166)."""
        return str(self["country"])

    @property
    def currency(self) -> str:
        """Currency of the company (ISO 4217)."""
        return str(self["currency"])

    @cached_property
    def calendar(self) -> workdays.WorkCalendar:
        """Working days of the company's country and region, nobody's days off counted."""
        region = self["holiday_region"] or ""
        # The region of another country (set by a newer program, or restored from the history) counts for nothing.
        return workdays.WorkCalendar(self.country, region if region in workdays.regions(self.country) else "")


def defaults_for(country: str) -> dict[str, Any]:
    """Return what the choice of a country at the first start implies."""
    tax = {"ES": Decimal(21), "MX": Decimal(16)}.get(country, Decimal(0))
    return {"country": country, "currency": money_rules.currency_of(country), "tax_rate": tax}


def read(session: Session) -> Settings:
    """Read all settings. Cached for the life of the session."""
    cached: Settings | None = session.info.get("settings")
    if cached is None:
        rows = session.execute(select(Setting.name, Setting.value).where(Setting.deleted_at.is_(None)))
        stored = {name: from_json(FIELDS[name].kind, value) for name, value in rows if name in FIELDS}
        cached = session.info["settings"] = Settings(stored)
    return cached


def save(session: Session, raw: Mapping[str, Any]) -> None:
    """Check and write settings as one operation; those not named stay as they are.

    A region is forgotten with the country it belongs to. Raises ValidationError with a text per setting.
    """
    country = _country(raw, read(session).country)
    context = cleaning.Context(country)
    problems, values = Collected(), {}
    for name, value in raw.items():
        try:
            values[name] = cleaning.clean(FIELDS[name], value, context)
        except Invalid as error:
            problems.add(name, error.message)
    region = values.get("holiday_region", read(session)["holiday_region"])
    if region and region not in workdays.regions(country):
        if "holiday_region" in raw and raw["holiday_region"] != read(session)["holiday_region"]:
            problems.add("holiday_region", "Elija una región de la lista.")
        values["holiday_region"] = None
    if "sla_day_start" not in problems.errors and "sla_day_end" not in problems.errors:
        starts, ends = (values.get(name, read(session)[name]) for name in ("sla_day_start", "sla_day_end"))
        if starts and ends and ends <= starts:
            problems.add("sla_day_end", "Debe terminar después de empezar.")
    problems.raise_if_any()
    with operation(session, "Cambiar parámetros"):
        records = {record.name: record for record in session.scalars(select(Setting))}
        for name, value in values.items():
            record = records.get(name)
            if record is None:
                if value is not None:
                    session.add(Setting(name=name, value=to_json(value)))
            elif record.value != to_json(value):
                record.value = to_json(value)
    session.info.pop("settings", None)


def _country(raw: Mapping[str, Any], present: str) -> str:
    """The country by whose rules the others are read: the one typed, where it can be read."""
    try:
        return str(cleaning.clean(FIELDS["country"], raw.get("country", present), cleaning.Context(present)))
    except Invalid:
        return present
