"""Proyectos: their tasks, milestones and participants."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Mapped, aliased

from db.agenda import AGENDA_SECTIONS, HasAgenda
from db.fields import choice, computed, day, integer, link, long_text, money, number, percent, text, yes_no
from db.record import Problem, Record
from db.screens import FILES_SECTION, Screens, Section
from db.types import Choice, Scaled


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
    done = type_coerce(task.progress, Scaled(0))
    return (
        select(type_coerce(func.coalesce(func.sum(done) / func.nullif(func.count(task.id), 0), 0), Scaled(2)))
        .where(task.project_id == project.id, task.deleted_at.is_(None)).correlate(project).scalar_subquery()
    )  # fmt: skip


class Project(
    HasAgenda, Record, table="project", label="Proyecto", plural="Proyectos", menu="Operaciones", icon="project",
    position=30, prefix="PRY", indexes="sort_key start_date",
):  # fmt: skip
    """Work for a client with a beginning and an end."""

    number: Mapped[str] = text("Número de proyecto", max_length=20, search=True, read_only=True, unique=True,
                               default="@number", short="Número")  # fmt: skip
    name: Mapped[str] = text("Nombre del proyecto", required=True, search=True)
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="keep")
    salesperson_id: Mapped[int | None] = link("Responsable", "salesperson", default="@salesperson")
    status: Mapped[str] = choice("Estado", ProjectStatus, required=True, default=ProjectStatus.PLANNED)
    type: Mapped[str | None] = choice("Tipo", ProjectType)
    priority: Mapped[str | None] = choice("Prioridad", Priority)
    start_date: Mapped[dt.date] = day("Fecha de inicio", required=True, default="@today", short="Inicio")
    target_end_date: Mapped[dt.date | None] = day("Fecha estimada de fin", short="Fin estimado")
    actual_end_date: Mapped[dt.date | None] = day("Fecha real de fin", short="Fin real")
    budget: Mapped[Decimal | None] = money("Presupuesto", minimum=0)
    actual_cost: Mapped[Decimal | None] = money("Costo real", minimum=0)
    billed_total: Mapped[Decimal | None] = money("Facturado", minimum=0)
    notes: Mapped[str | None] = long_text("Descripción", search=True)

    progress = computed("Avance %", "percent", _progress, decimals=2)

    screens = Screens(
        columns="number name client status progress start_date target_end_date salesperson",
        filters="name client status salesperson start_date",
        more_filters="number type priority target_end_date budget",
        sort="-start_date",
        form=[
            Section("Proyecto", "name client salesperson status type priority"),
            Section("Fechas y avance", "start_date target_end_date actual_end_date progress", columns=4),
            Section("Importes", "budget actual_cost billed_total"),
            Section("Descripción", "notes"),
            *AGENDA_SECTIONS,
            FILES_SECTION,
        ],
        tabs="project_task project_participant support_case calendar_item comment document",
        lines="project_milestone",
        picker="number client status",
        head="client target_end_date progress",
        state="status",
        archive="status:archived",
        empty="Todavía no hay proyectos. Añada el primero.",
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
            self.actual_end_date = max(self.start_date, dt.datetime.now().astimezone().date())


class ProjectMilestone(Record, table="project_milestone", label="Hito", plural="Hitos", owner="project"):
    """Something to be reached by a day."""

    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    position: Mapped[int] = integer("Orden", default=0, hidden=True, nullable=False)
    name: Mapped[str] = text("Hito", required=True)
    date: Mapped[dt.date] = day("Fecha", required=True, default="@today")
    is_reached: Mapped[bool] = yes_no("Alcanzado")

    screens = Screens(columns="name date is_reached", sort="position", form=[Section("Hito", "name date is_reached")])


class ProjectTask(
    Record, table="project_task", label="Tarea de proyecto", plural="Tareas de proyecto", menu="Operaciones",
    icon="task", position=35, feminine=True, indexes="due_date sort_key",
):  # fmt: skip
    """A piece of work in a project."""

    name: Mapped[str] = text("Tarea", required=True, search=True)
    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    assigned_user_id: Mapped[int | None] = link("Asignada a", "user", on_delete="keep")
    status: Mapped[str] = choice("Estado", TaskStatus, required=True, default=TaskStatus.NOT_STARTED)
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

    def derive(self) -> None:
        """What is completed is wholly done, what has not begun is not."""
        if self.status == TaskStatus.COMPLETED:
            self.progress = Decimal(100)
        elif self.status == TaskStatus.NOT_STARTED:
            self.progress = Decimal(0)

    def problems(self) -> Iterator[Problem]:
        """It does not end before it begins."""
        if self.start_date and self.due_date and self.due_date < self.start_date:
            yield Problem("due_date", "El vencimiento no puede ser anterior al inicio.")


class ProjectParticipant(
    Record, table="project_participant", label="Participante", plural="Participantes de proyectos", menu="Relaciones",
    icon="people", position=50,
):  # fmt: skip
    """A person with a role in a project."""

    project_id: Mapped[int] = link("Proyecto", "project", required=True, on_delete="cascade")
    person_id: Mapped[int] = link("Persona", "person", required=True, on_delete="cascade")
    role: Mapped[str | None] = choice("Rol", ParticipantRole)
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="project person role",
        filters="project person role",
        sort="project",
        form=[Section("Participante", "project person role"), Section("Notas", "notes")],
        picker="role",
        joins="project",
        empty="Todavía no participa nadie.",
    )

    def title_text(self) -> str:
        """Named by project and person, which the lists join."""
        return "Participante"
