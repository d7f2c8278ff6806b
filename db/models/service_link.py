"""No inventariables of clients and persons: services of interest, contracted or given, and how content they are."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import choice, day, integer, link, long_text
from db.record import Problem, Record
from db.screens import Screens, Section
from db.types import Choice


class ServiceTie(Choice):
    """What ties a service to somebody."""

    INTEREST = "interest", "De interés", "info"
    CONTRACTED = "contracted", "Contratado", "won"
    GIVEN = "given", "Prestado", "done"


class ServiceLink(
    Record, table="service_link", label="No inventariable de cliente", plural="No inventariables de clientes",
    menu="Relaciones", icon="service", position=30,
):  # fmt: skip
    """A service and the client or person it has to do with."""

    service_id: Mapped[int] = link("No inventariable", "service", required=True, on_delete="cascade")
    client_id: Mapped[int | None] = link("Cliente", "client", on_delete="cascade")
    person_id: Mapped[int | None] = link("Persona", "person", within="client", on_delete="cascade")
    status: Mapped[str] = choice("Estado", ServiceTie, required=True, default=ServiceTie.INTEREST)
    since: Mapped[dt.date] = day("Desde", required=True, default="@today")
    until: Mapped[dt.date | None] = day("Hasta")
    satisfaction: Mapped[int | None] = integer("Satisfacción (1-5)", minimum=1, maximum=5,
                                                 help="De 1, nada contento, a 5, muy contento.")  # fmt: skip
    notes: Mapped[str | None] = long_text("Notas", search=True)

    screens = Screens(
        columns="service client person status since until satisfaction",
        filters="service client person status since",
        more_filters="satisfaction until",
        sort="-since",
        form=[Section("No inventariable de cliente", "service client person status since until satisfaction"),
              Section("Notas", "notes")],
        picker="status since",
        head="service client",
        state="status",
        joins="service",
        empty="Sin servicios. Selecciónelos del catálogo o añada el primero.",
    )  # fmt: skip

    def title_text(self) -> str:
        """Named by service and client, which the lists join."""
        return "No inventariable de cliente"

    def problems(self) -> Iterator[Problem]:
        """It is somebody's; it does not end before it begins."""
        if self.client_id is None and self.person_id is None:
            yield Problem("client", "Indique el cliente o la persona.")
        if self.until is not None and self.until < self.since:
            yield Problem("until", "No puede acabar antes de empezar.")
        if self.satisfaction is not None and self.status == ServiceTie.INTEREST:
            yield Problem("satisfaction", "Se valora lo contratado o prestado, no lo que solo interesa.")
