"""Relations between clients: parent and subsidiary, partners, franchises."""

from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import choice, link, long_text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class ClientTie(Choice):
    """What the other client is to this one."""

    PARENT = "parent", "Matriz"
    SUBSIDIARY = "subsidiary", "Filial"
    ASSOCIATE = "associate", "Asociado"
    FRANCHISEE = "franchisee", "Franquicia"
    FRANCHISOR = "franchisor", "Franquiciador"
    OTHER = "other", "Otro"


INVERSE: dict[str, str] = {
    ClientTie.PARENT: ClientTie.SUBSIDIARY, ClientTie.SUBSIDIARY: ClientTie.PARENT,
    ClientTie.ASSOCIATE: ClientTie.ASSOCIATE, ClientTie.FRANCHISEE: ClientTie.FRANCHISOR,
    ClientTie.FRANCHISOR: ClientTie.FRANCHISEE, ClientTie.OTHER: ClientTie.OTHER,
}  # fmt: skip
"""The same relation seen from the other side."""


class ClientLink(
    Record, table="client_link", label="Relación entre clientes", plural="Relaciones entre clientes",
    menu="Relaciones", icon="link", position=60, feminine=True, indexes="created_at sort_key",
):  # fmt: skip
    """What another client is to this one. Each has its mirror, seen from the other side."""

    client_id: Mapped[int] = link("Cliente", "client", required=True, on_delete="cascade")
    kind: Mapped[str] = choice("Es su", ClientTie, required=True, default=ClientTie.SUBSIDIARY, mass_edit=False)
    other_client_id: Mapped[int] = link("Otro cliente", "client", required=True, on_delete="cascade")
    mirror_id: Mapped[int | None] = link("La misma, desde el otro", "client_link", on_delete="cascade", read_only=True,
                                         hidden=True)  # fmt: skip
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="client kind other_client",
        filters="client other_client kind",
        sort="-created_at",
        form=[Section("Relación", "client kind other_client"), Section("Notas", "notes")],
        picker="kind",
        head="client other_client",
        state="kind",
        empty="Sin relaciones con otros clientes.",
    )

    def title_text(self) -> str:
        """Named by both clients, which the lists join."""
        return "Relación entre clientes"

    def problems(self) -> Iterator[Problem]:
        """Two different clients."""
        if self.client_id == self.other_client_id:
            yield Problem("other_client", "Elija otro cliente: no puede relacionarse consigo mismo.")
