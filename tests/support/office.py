"""A small office to test lists on: clients, people and contacts, written as the program writes them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from db.history import Actor, operation
from db.models.client import Client, ClientStatus
from db.models.contact import Contact, MadeBy
from db.models.contact_type import ContactType
from db.models.person import Person
from db.models.result import Result
from db.models.salesperson import Salesperson
from oficrm import start
from oficrm.jobs import Jobs

TODAY = dt.date(2026, 11, 21)
COMPANY = "Comercial Levante, S. L."
NAMES = ("Talleres Ruiz", "Hotel Azahar", "Ávila Hermanos", "Muñoz y Zúñiga", "Ñandú Textil", "Nube Digital",
         "Bodegas del Turia", "Clínica Dental Ribera", "Zapatos Elda", "Óptica Central")  # fmt: skip
NOTES = (
    "Llamar por la oferta de otoño\nQuieren precio antes del viernes",
    "Visita para enseñar el catálogo",
    "No contesta; probar por la tarde",
    "Confirma el pedido de noviembre",
    "Pregunta por el plazo de entrega",
)


@contextmanager
def open_jobs(url: str, user: str = "ana") -> Iterator[Jobs]:
    """The lanes over a database, closed in the end."""
    jobs = Jobs(url, Actor(user))
    try:
        yield jobs
    finally:
        jobs.close()


def fill(session: Session, contacts: int = 60, country: str = "ES") -> None:
    """Catalogues, ten clients with a person each, and contacts around ``TODAY``; every third one is still open."""
    start.begin(session, country, COMPANY)
    with operation(session, "Datos de prueba"):
        clients = [
            Client(name=name, code=f"CLI-{place:03}", status=list(ClientStatus)[place % 5], extra={},
                   city="Valencia" if place % 2 else "Alcoy", phone=f"+3496123450{place}")
            for place, name in enumerate(NAMES)
        ]  # fmt: skip
        session.add_all(clients)
        session.flush()
        people = [
            Person(number=f"CON-{place:03}", first_name="Marta", last_name=f"Gil {place}", client_id=client.id,
                   extra={}, portal_user=False, email_opt_out=False, from_prospect=False)
            for place, client in enumerate(clients)
        ]  # fmt: skip
        session.add_all(people)
        session.flush()
        types = session.query(ContactType).order_by(ContactType.id).all()
        results = session.query(Result).order_by(Result.id).all()
        seller = session.query(Salesperson).one()
        for place in range(contacts):
            day = TODAY - dt.timedelta(days=place // 2 - 6)
            done = place % 3 != 0 and day <= TODAY
            session.add(
                Contact(client_id=clients[place % 10].id, person_id=people[place % 10].id, date=day,
                        time=dt.time(9 + place % 9, 30) if place % 4 else None, duration=(None, 10, 15, 90)[place % 4],
                        salesperson_id=seller.id, type_id=types[place % len(types)].id,
                        made_by=MadeBy.THEM if place % 5 == 0 else MadeBy.US, notes=NOTES[place % 5],
                        next_at=TODAY + dt.timedelta(days=7) if place % 7 == 0 else None,
                        closed_on=day if done else None, result_id=results[place % 4].id if done else None, extra={})
            )  # fmt: skip
