"""Activos: equipment, tools and licences, and who holds them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, day, link, long_text, money, text
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, ChoiceType


class AssetCategory(Choice):
    """What kind of thing it is."""

    COMPUTER = "computer", "Equipo de cómputo"
    TOOL = "tool", "Herramienta"
    VEHICLE = "vehicle", "Vehículo"
    FURNITURE = "furniture", "Mobiliario"
    LICENCE = "licence", "Licencia de software"
    OTHER = "other", "Otro"


class AssetCondition(Choice):
    """What the user says of it; whether somebody holds it follows from its assignments."""

    WORKING = "working", "En servicio"
    IN_MAINTENANCE = "in_maintenance", "En mantenimiento", "today"
    OUT_OF_SERVICE = "out_of_service", "Fuera de servicio", "overdue"
    RETIRED = "retired", "Baja", "lost"


class AssetState(Choice):
    """Where an asset stands."""

    AVAILABLE = "available", "Disponible", "won"
    ASSIGNED = "assigned", "Asignado", "info"
    IN_MAINTENANCE = "in_maintenance", "En mantenimiento", "today"
    OUT_OF_SERVICE = "out_of_service", "Fuera de servicio", "overdue"
    RETIRED = "retired", "Baja", "lost"


class AssignmentStatus(Choice):
    """How the holder has it."""

    IN_USE = "in_use", "En uso", "won"
    PENDING = "pending", "Pendiente", "today"
    IN_MAINTENANCE = "in_maintenance", "En mantenimiento", "overdue"
    RESERVED = "reserved", "Reservado", "info"


def _open(asset: Any, column: Any) -> Any:
    """A column of the assignment that holds today, the latest where there are several; it is over on its last day."""
    held = aliased(AssetAssignment)
    today = moments.today()
    return (
        select(column(held))
        .where(held.asset_id == asset.id, held.deleted_at.is_(None), held.start_date <= today,
               or_(held.end_date.is_(None), held.end_date > today))
        .order_by(held.start_date.desc(), held.id.desc()).limit(1).correlate(asset).scalar_subquery()
    )  # fmt: skip


def _person(asset: Any) -> Any:
    from db.models.person import Person

    person = aliased(Person)
    return select(person.title).where(person.id == _open(asset, lambda held: held.person_id)).scalar_subquery()


def _client(asset: Any) -> Any:
    from db.models.client import Client

    client = aliased(Client)
    return select(client.title).where(client.id == _open(asset, lambda held: held.client_id)).scalar_subquery()


def _holder(asset: Any) -> Any:
    return func.coalesce(_person(asset), _client(asset))


def _state(asset: Any) -> Any:
    held = _open(asset, lambda assignment: assignment.status)
    state = case(
        (asset.condition != "working", asset.condition),
        (held == "in_maintenance", literal("in_maintenance")),
        (held.is_not(None), literal("assigned")),
        else_=literal("available"),
    )
    return type_coerce(state, ChoiceType(AssetState))


class Asset(
    HasAgenda, Record, table="asset", label="Activo", plural="Activos", menu="Catálogos", icon="asset", position=30,
    prefix="ACT",
):  # fmt: skip
    """Equipment, tool or licence that a client or person holds."""

    number: Mapped[str] = text("Activo Id", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Nombre del activo", required=True, search=True, span=2)
    serial_number: Mapped[str | None] = text("Número de serie", max_length=80, search=True, unique=True)
    product_id: Mapped[int | None] = link("Producto", "product", help="El modelo.")
    category: Mapped[str | None] = choice("Categoría", AssetCategory)
    condition: Mapped[str] = choice("Condición", AssetCondition, required=True, default=AssetCondition.WORKING)
    warehouse_id: Mapped[int | None] = link("Almacén", "warehouse")
    sales_order_id: Mapped[int | None] = link("Venta", "sales_order", on_delete="keep")
    subscription_id: Mapped[int | None] = link("Renta", "subscription", on_delete="keep")
    vendor_id: Mapped[int | None] = link("Proveedor", "vendor")
    purchase_date: Mapped[dt.date | None] = day("Fecha de compra")
    cost: Mapped[Decimal | None] = money("Costo", minimum=0)
    in_service_date: Mapped[dt.date | None] = day("Puesta en servicio")
    warranty_end: Mapped[dt.date | None] = day("Fin de garantía")
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    state = computed("Estado", "choice", _state, choices=AssetState)
    holder = computed("Responsable", "text", _holder)
    client = computed("Cliente", "text", _client)

    screens = Screens(
        columns="number name serial_number state holder client category warranty_end",
        filters="name serial_number state holder client category",
        more_filters="number condition product warehouse vendor warranty_end",
        sort="name",
        form=[
            Section("Activo", "name serial_number category product condition warehouse state holder client"),
            Section("Compra y garantía", "vendor purchase_date cost in_service_date warranty_end sales_order "
                    "subscription"),
            Section("Descripción", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="asset_assignment support_case calendar_item comment document",
        picker="number serial_number state",
        head="serial_number holder warranty_end",
        state="state",
        archive="condition:retired",
        empty="Todavía no hay activos. Añada el primero.",
    )  # fmt: skip

    def problems(self) -> Iterator[Problem]:
        """The warranty does not end before the purchase."""
        if self.purchase_date and self.warranty_end and self.warranty_end < self.purchase_date:
            yield Problem("warranty_end", "La garantía no puede terminar antes de la compra.")


class AssignmentTerm(Choice):
    """Whether an assignment holds today, as its dates say."""

    CURRENT = "current", "Vigente", "won"
    UPCOMING = "upcoming", "Futura", "info"
    ENDED = "ended", "Finalizada", "done"


def _term(assignment: Any) -> Any:
    today = moments.today()
    term = case(
        (assignment.start_date > today, literal("upcoming")),
        (and_(assignment.end_date.is_not(None), assignment.end_date <= today), literal("ended")),
        else_=literal("current"),
    )
    return type_coerce(term, ChoiceType(AssignmentTerm))


class AssetAssignment(
    Record, table="asset_assignment", label="Asignación de activo", plural="Asignaciones", menu="Relaciones",
    icon="assignment", position=10, feminine=True, indexes="start_date sort_key asset_id+start_date",
):  # fmt: skip
    """An asset in the charge or use of a person or client, for a while. Past ones are kept."""

    asset_id: Mapped[int] = link("Activo", "asset", required=True, on_delete="cascade", span=3,
                                 help="Se busca por nombre, número de serie o Activo Id.")  # fmt: skip
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="cascade")
    start_date: Mapped[dt.date] = day("Fecha de inicio", required=True, default="@today", short="Inicio")
    end_date: Mapped[dt.date | None] = day("Fecha de fin", short="Fin",
                                           help="El día en que se devuelve. Vacía: sigue asignado.")  # fmt: skip
    status: Mapped[str] = choice("Estado", AssignmentStatus, required=True, default=AssignmentStatus.IN_USE)
    comments: Mapped[str | None] = long_text(
        "Comentarios", search=True, help="Condiciones de uso, estado físico al entregarlo, restricciones, permisos."
    )  # fmt: skip
    previous_id: Mapped[int | None] = link("Transferido de", "asset_assignment", read_only=True, on_delete="keep",
                                           mass_edit=False)  # fmt: skip

    term = computed("Vigencia", "choice", _term, choices=AssignmentTerm)

    screens = Screens(
        columns="asset person client status start_date end_date term",
        filters="asset client person status term start_date",
        more_filters="end_date",
        sort="-start_date",
        form=[
            Section("Activo", "asset start_date end_date status comments"),
            Section("A cargo de", "person client term"),
        ],
        picker="status start_date end_date",
        head="asset start_date end_date term",
        state="status",
        joins="asset",
        afresh="end_date",
        empty="Sin activos asignados.",
    )

    def title_text(self) -> str:
        """Named by asset and holder, which the lists join; alone it is just that."""
        return "Asignación"

    def problems(self) -> Iterator[Problem]:
        """Somebody holds it; it does not end before it begins."""
        if self.client_id is None and self.person_id is None:
            yield Problem("person", "Indique quién lo tiene: una persona o un cliente.")
        if self.end_date is not None and self.end_date < self.start_date:
            yield Problem("end_date", "El fin no puede ser anterior al inicio.")
