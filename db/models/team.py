"""Equipos: users who attend to something together."""

from sqlalchemy.orm import Mapped

from db.fields import children, link, text, yes_no
from db.models.masters import Master, master_screens
from db.record import Record
from db.screens import Screens, Section


class Team(
    Master, table="team", label="Equipo", plural="Equipos", menu="Configuración", icon="people", prefix="EQU",
    position=12,
):  # fmt: skip
    """A group of users; what is assigned to it belongs to all of them."""

    name: Mapped[str] = text("Nombre", max_length=120, required=True, search=True, unique=True)
    members = children("Miembros", "team_member", "user")

    screens = master_screens(
        columns="members", title="Equipo", lines="team_member", tabs="support_case",
        empty="Todavía no hay equipos. Lo que se asigna a un equipo lo reciben todos sus miembros.",
    )  # fmt: skip


class TeamMember(Record, table="team_member", label="Miembro", plural="Miembros", owner="team"):
    """A user in a team."""

    team_id: Mapped[int] = link("Equipo", "team", required=True, on_delete="cascade")
    user_id: Mapped[int] = link("Usuario", "user", required=True, on_delete="cascade")
    is_leader: Mapped[bool] = yes_no("Responsable")

    screens = Screens(columns="user is_leader", form=[Section("Miembro", "user is_leader")])

    def title_text(self) -> str:
        """Named by its user, which the grid shows."""
        return "Miembro"
