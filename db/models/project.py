"""Proyectos: their tasks, milestones and participants."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db import moments
from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, day, integer, link, long_text, money, number, percent, text, yes_no
from db.flow import Flow, Verb
from db.ratios import Ratio, at_rate
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import MONEY_DECIMALS, Choice, Scaled


class ProjectStatus(Choice):
    """Where a project stands."""

    PROSPECT = "prospect", "Prospecto", "quiet"
    PLANNED = "planned", "Planeado", "info"
    IN_PROGRESS = "in_progress", "En progreso", "today"
    ON_HOLD = "on_hold", "En espera", "quiet"
    COMPLETED = "completed", "Completado", "won"
    CANCELLED = "cancelled", "Cancelado", "lost"
    ARCHIVED = "archived", "Archivado", "done"


class ProjectType(Choice):
    """For whom it is."""

    INTERNAL = "internal", "Interno"
    CLIENT = "client", "Cliente"
    IMPLEMENTATION = "implementation", "Implementación"
    MAINTENANCE = "maintenance", "Mantenimiento"


class Priority(Choice):
    """How urgent something is."""

    LOW = "low", "Baja", "quiet"
    MEDIUM = "medium", "Media", "info"
    HIGH = "high", "Alta", "today"


class TaskStatus(Choice):
    """Where a task of a project stands."""

    NOT_STARTED = "not_started", "No iniciada", "quiet"
    IN_PROGRESS = "in_progress", "En progreso", "today"
    COMPLETED = "completed", "Completada", "won"
    DEFERRED = "deferred", "Aplazada", "lost"


class ParticipantRole(Choice):
    """What somebody has to do with a project."""

    SPONSOR = "sponsor", "Patrocinador"
    RESPONSIBLE = "responsible", "Responsable"
    KEY_USER = "key_user", "Usuario clave"
    CONSULTANT = "consultant", "Consultor"
    OTHER = "other", "Otro"


def _progress(project: Any) -> Any:
    """The mean of its tasks' progress, nothing without tasks."""
    task = aliased(ProjectTask)
    done = func.sum(type_coerce(task.progress, BigInteger()), type_=BigInteger())
    mean = func.coalesce(Ratio(done, func.nullif(func.count(task.id), 0)), 0)
    return (
        select(type_coerce(mean, Scaled(2)))
        .where(task.project_id == project.id, task.deleted_at.is_(None)).correlate(project).scalar_subquery()
    )  # fmt: skip


def _tasks(*, is_open: bool) -> Callable[[Any], Any]:
    def expression(project: Any) -> Any:
        task = aliased(ProjectTask)
        counted = select(func.count(task.id)).where(task.project_id == project.id, task.deleted_at.is_(None))
        if is_open:
            counted = counted.where(task.status != TaskStatus.COMPLETED)
        return counted.correlate(project).scalar_subquery()

    return expression


def _milestones(*, is_reached: bool) -> Callable[[Any], Any]:
    def expression(project: Any) -> Any:
        stone = aliased(ProjectMilestone)
        counted = select(func.count(stone.id)).where(stone.project_id == project.id, stone.deleted_at.is_(None))
        if is_reached:
            counted = counted.where(stone.is_reached)
        return counted.correlate(project).scalar_subquery()

    return expression


def _billed(project: Any) -> Any:
    """What the issued invoices of its sales come to before tax, less what issued credit notes take off them.

    In the company's currency, as a whole number of ten-thousandths.
    """
    from db.models.credit_note import CreditNote
    from db.models.invoice import Invoice
    from db.models.sales_order import SalesOrder

    def net(document: Any) -> Any:
        base = type_coerce(document.total, BigInteger()) - type_coerce(document.tax_total, BigInteger())
        return func.coalesce(func.sum(at_rate(base, document.exchange_rate), type_=BigInteger()), 0)

    order, invoice = aliased(SalesOrder), aliased(Invoice)
    billed = (
        select(net(invoice)).join(order, order.id == invoice.sales_order_id)
        .where(order.project_id == project.id, order.deleted_at.is_(None), invoice.deleted_at.is_(None),
               invoice.status == "issued").correlate(project).scalar_subquery()
    )  # fmt: skip
    order, invoice, note = aliased(SalesOrder), aliased(Invoice), aliased(CreditNote)
    credited = (
        select(net(note)).join(invoice, invoice.id == note.invoice_id)
        .join(order, order.id == invoice.sales_order_id)
        .where(order.project_id == project.id, order.deleted_at.is_(None), note.deleted_at.is_(None),
               note.status == "issued").correlate(project).scalar_subquery()
    )  # fmt: skip
    return billed - credited


def _billed_total(project: Any) -> Any:
    return type_coerce(_billed(project), Scaled(MONEY_DECIMALS))


def _earned(project: Any) -> Any:
    return _billed(project) - func.coalesce(type_coerce(project.actual_cost, BigInteger()), 0)


def _profit(project: Any) -> Any:
    """What was billed beyond what it cost."""
    return type_coerce(_earned(project), Scaled(MONEY_DECIMALS))


def _margin(project: Any) -> Any:
    """The profit in per cent of what was billed; nothing while nothing was."""
    billed = _billed(project)
    ratio = Ratio(_earned(project), func.nullif(billed, 0), 10_000)
    return type_coerce(case((billed > 0, ratio), else_=None), Scaled(2))


class Project(
    HasAgenda, Record, table="project", label="Proyecto", plural="Proyectos", menu="Operaciones", icon="project",
    position=30, prefix="PRY", indexes="sort_key start_date",
):  # fmt: skip
    """Work for a client with a beginning and an end."""

    number: Mapped[str] = text("Número de proyecto", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    name: Mapped[str] = text("Nombre del proyecto", required=True, search=True, span=2)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Responsable", "salesperson", default="@salesperson")
    status: Mapped[str] = choice("Estado", ProjectStatus, required=True, default=ProjectStatus.PLANNED,
                                mass_edit=False)  # fmt: skip
    type: Mapped[str | None] = choice("Tipo", ProjectType)
    priority: Mapped[str | None] = choice("Prioridad", Priority)
    start_date: Mapped[dt.date] = day("Fecha de inicio", required=True, default="@today", short="Inicio")
    target_end_date: Mapped[dt.date | None] = day("Fecha estimada de fin", short="Fin estimado")
    actual_end_date: Mapped[dt.date | None] = day("Fecha real de fin", short="Fin real")
    budget: Mapped[Decimal | None] = money("Presupuesto", minimum=0)
    actual_cost: Mapped[Decimal | None] = money("Costo real", minimum=0)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    progress = computed("Avance %", "percent", _progress, decimals=2, help="La media de sus tareas.")
    tasks_total = computed("# tareas", "integer", _tasks(is_open=False))
    tasks_open = computed("# tareas abiertas", "integer", _tasks(is_open=True), short="Tareas abiertas")
    milestones_total = computed("# hitos", "integer", _milestones(is_reached=False))
    milestones_reached = computed("# hitos alcanzados", "integer", _milestones(is_reached=True), short="Hitos alcanz.")
    billed_total = computed(
        "Facturado", "money", _billed_total,
        help="Sin IVA: las facturas emitidas de sus ventas, menos sus notas de crédito.",
    )  # fmt: skip
    profit = computed("Rentabilidad", "money", _profit, help="Lo facturado menos el costo real.")
    margin = computed("Margen %", "percent", _margin, decimals=2, help="La rentabilidad en parte de lo facturado.")

    screens = Screens(
        columns="number name client status progress start_date target_end_date salesperson",
        filters="name client status salesperson start_date",
        more_filters="number type priority target_end_date budget tasks_open billed_total profit",
        sort="-start_date",
        form=[
            Section("Proyecto", "name client salesperson status type priority"),
            Section("Fechas e importes", "start_date target_end_date actual_end_date budget actual_cost"),
            Section("Avance y rentabilidad", "progress tasks_total tasks_open milestones_total milestones_reached "
                    "billed_total profit margin", columns=4),
            Section("Descripción", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="project_task project_participant sales_order support_case calendar_item comment document",
        lines="project_milestone",
        picker="number client status",
        head="client target_end_date progress",
        state="status",
        archive="status:archived",
        afresh="target_end_date actual_end_date actual_cost",
        empty="Todavía no hay proyectos. Añada el primero.",
    )  # fmt: skip
    flow = Flow(
        "status",
        {
            ProjectStatus.PROSPECT: "planned in_progress cancelled archived",
            ProjectStatus.PLANNED: "prospect in_progress on_hold cancelled archived",
            ProjectStatus.IN_PROGRESS: "planned on_hold completed cancelled",
            ProjectStatus.ON_HOLD: "in_progress completed cancelled archived",
            ProjectStatus.COMPLETED: "in_progress archived",
            ProjectStatus.CANCELLED: "planned archived",
            ProjectStatus.ARCHIVED: "planned in_progress",
        },
        verbs={
            ProjectStatus.IN_PROGRESS: Verb("Poner en marcha", "play"),
            ProjectStatus.ON_HOLD: Verb("Poner en espera", "busy"),
            ProjectStatus.COMPLETED: Verb("Completar", "accept"),
            ProjectStatus.CANCELLED: Verb("Cancelar el proyecto", "lost", "¿Cancelar el proyecto?"),
        },
    )

    def problems(self) -> Iterator[Problem]:
        """It does not end before it begins."""
        for name in ("target_end_date", "actual_end_date"):
            end = getattr(self, name)
            if end is not None and end < self.start_date:
                yield Problem(name, "El fin no puede ser anterior al inicio.")

    def derive(self) -> None:
        """What is completed ended some day."""
        if self.status == ProjectStatus.COMPLETED and self.actual_end_date is None:
            self.actual_end_date = max(self.start_date, moments.present().astimezone().date())


class ProjectMilestone(Record, table="project_milestone", label="Hito", plural="Hitos", owner="project"):
    """Something to be reached by a day."""

    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    name: Mapped[str] = text("Hito", required=True)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    is_reached: Mapped[bool] = yes_no("Alcanzado")

    screens = Screens(columns="name date is_reached", sort="position", form=[Section("Hito", "name date is_reached")],
                      afresh="is_reached")  # fmt: skip


class ProjectTask(
    Record, table="project_task", label="Tarea de proyecto", plural="Tareas de proyecto", menu="Operaciones",
    icon="task", position=35, feminine=True, indexes="due_date sort_key",
):  # fmt: skip
    """A piece of work in a project."""

    name: Mapped[str] = text("Tarea", required=True, search=True)
    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    assigned_user_id: Mapped[int | None] = link("Asignada a", "user", on_delete="keep")
    status: Mapped[str] = choice("Estado", TaskStatus, required=True, default=TaskStatus.NOT_STARTED,
                                mass_edit=False)  # fmt: skip
    start_date: Mapped[dt.date | None] = day("Inicio")
    due_date: Mapped[dt.date | None] = day("Vencimiento")
    hours: Mapped[Decimal | None] = number("Horas", minimum=0)
    progress: Mapped[Decimal] = percent("Avance %", default=Decimal(0), nullable=False)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    screens = Screens(
        columns="name project assigned_user status start_date due_date hours progress",
        filters="name project assigned_user status due_date",
        sort="due_date",
        form=[
            Section("Tarea", "name project assigned_user status start_date due_date hours progress"),
            Section("Descripción", "notes"),
            FILES_SECTION,
        ],
        tabs="comment document",
        picker="project status due_date",
        head="project due_date progress",
        state="status",
        empty="Todavía no hay tareas. Añada la primera desde su proyecto.",
    )
    flow = Flow(
        "status",
        {
            TaskStatus.NOT_STARTED: "in_progress completed deferred",
            TaskStatus.IN_PROGRESS: "not_started completed deferred",
            TaskStatus.COMPLETED: "not_started in_progress",
            TaskStatus.DEFERRED: "not_started in_progress completed",
        },
        verbs={TaskStatus.COMPLETED: Verb("Completar", "accept"), TaskStatus.DEFERRED: Verb("Aplazar", "busy")},
    )

    def derive(self) -> None:
        """What is completed is wholly done, what has not begun is not."""
        if self.status == TaskStatus.COMPLETED:
            self.progress = Decimal(100)
        elif self.status == TaskStatus.NOT_STARTED:
            self.progress = Decimal(0)

    def problems(self) -> Iterator[Problem]:
        """What is wholly done is completed; it does not end before it begins."""
        if self.status == TaskStatus.IN_PROGRESS and self.progress == 100:
            yield Problem("progress", "Al 100 % está completada: complétela o baje el avance.")
        if self.start_date and self.due_date and self.due_date < self.start_date:
            yield Problem("due_date", "El vencimiento no puede ser anterior al inicio.")


class ProjectParticipant(
    Record, table="project_participant", label="Participante", plural="Participantes", menu="Relaciones",
    icon="people", position=50, indexes="created_at sort_key",
):  # fmt: skip
    """A person with a role in a project."""

    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    person_id: Mapped[int] = link("Persona", "person", required=True, on_delete="cascade")
    role: Mapped[str | None] = choice("Rol", ParticipantRole)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="project person role",
        filters="project person role",
        sort="-created_at",
        form=[Section("Participante", "project person role"), Section("Notas", "notes")],
        picker="role",
        head="project person role",
        joins="project",
        empty="Todavía no participa nadie.",
    )

    def title_text(self) -> str:
        """Named by project and person, which the lists join."""
        return "Participante"
