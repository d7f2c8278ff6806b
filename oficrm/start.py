"""The first start: the company's country, and the catalogues every company begins with."""

from sqlalchemy.orm import Session

from db import counters
from db.history import operation
from db.models.action_type import ActionType
from db.models.contact_type import ContactIcon, ContactType
from db.models.document_folder import DocumentFolder
from db.models.masters import Master
from db.models.origin import Origin
from db.models.result import Result, ResultTone
from db.models.salesperson import Salesperson
from db.models.sector import Sector
from db.models.user import Role, User
from oficrm import clock, settings
from oficrm.jobs import Progress

CONTACT_TYPES = (
    ("Teléfono", ContactIcon.PHONE),
    ("Email", ContactIcon.EMAIL),
    ("Visita", ContactIcon.VISIT),
    ("Otros", ContactIcon.OTHER),
    ("Fax", ContactIcon.FAX),
    ("Demo", ContactIcon.DEMO),
    ("Feria", ContactIcon.FAIR),
    ("Web", ContactIcon.WEB),
    ("Correo", ContactIcon.POST),
)
RESULTS = (
    ("Informativo", ResultTone.OPENING),
    ("Seguimiento", ResultTone.FOLLOW_UP),
    ("Venta", ResultTone.WON),
    ("Nulo", ResultTone.LOST),
)
ACTIONS = ("Enviar catálogo", "Enviar presupuesto", "Llamar", "Visitar", "Preparar demostración")
ORIGINS = ("Recomendación", "Sitio web", "Feria", "Anuncio", "Llamada en frío", "Redes sociales")
FOLDERS = ("General",)
SECTORS = ("Industria", "Comercio", "Hostelería", "Construcción", "Servicios", "Sanidad", "Educación", "Agricultura")


def begin(
    session: Session, country: str, company: str = "", example: int = 0, progress: Progress | None = None
) -> None:
    """Set the country; create the first catalogues, the user as Usuario and salesperson, ``example`` invented contacts.

    Does nothing the second time.
    """
    if settings.read(session).is_configured:
        return
    with operation(session, "Primer inicio", kind="start"):
        settings.save(session, settings.defaults_for(country) | ({"company_name": company} if company else {}))
        digits = settings.read(session)["number_digits"]
        rows: list[Master] = [
            ContactType(name=name, icon=icon, is_email=icon is ContactIcon.EMAIL) for name, icon in CONTACT_TYPES
        ]
        rows += [Result(name=name, tone=tone) for name, tone in RESULTS]
        rows += [ActionType(name=name) for name in ACTIONS]
        rows += [Origin(name=name) for name in ORIGINS]
        rows += [Sector(name=name) for name in SECTORS]
        rows += [DocumentFolder(name=name) for name in FOLDERS]
        user = session.info["actor"].user
        seller = Salesperson(name=user, login=user)
        for row in (*rows, seller):
            _add(session, row, digits)
        session.flush()
        _add(session, User(name=user, login=user, role=Role.ADMIN, salesperson_id=seller.id), digits)
    if example:
        _add_example(session, country, example, progress)


def _add(session: Session, row: Master, digits: int) -> None:
    row.number = counters.next_number(session, row.module.prefix, digits)
    row.is_active, row.extra = True, {}
    session.add(row)


def _add_example(session: Session, country: str, contacts: int, progress: Progress | None) -> None:
    from oficrm.demo.build import build

    build(session, contacts, country, today=clock.today(), progress=progress.step if progress else None)
