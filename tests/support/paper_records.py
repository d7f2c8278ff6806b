"""A record of each module that prints, with what hangs on it, saved as its form would."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.client import Client
from oficrm import records, saving
from oficrm.drafts import LineDraft

LINES: list[dict[str, Any]] = [
    {"description": "Sierra de mesa <1500 W>", "quantity": "2", "unit_price": "120,50", "tax_rate": "21"},
    {"description": "Montaje & puesta en marcha", "quantity": "1", "unit_price": "80", "tax_rate": "21",
     "discount_percent": "10"},
]  # fmt: skip
CLIENT, SUBJECT = "Talleres Ruiz & Hijos", "Equipo para el taller de Alcoy"


def put(session: Session, table: str, lines: dict[str, list[dict[str, Any]]] | None = None, **values: Any) -> int:
    """Save a record with these values and lines; return its id."""
    draft = records.blank(session, table).draft
    draft.values |= values
    for child, rows in (lines or {}).items():
        draft.lines[child] = [LineDraft(None, dict(row)) for row in rows]
    return saving.save(session, draft.accepting(saving.DUPLICATE)).id


def client(session: Session) -> int:
    """The client of all papers, made once."""
    known = session.scalar(select(Client.id).where(Client.name == CLIENT))
    return known or put(session, "client", name=CLIENT, street="C/ Mayor 1", postal_code="03801", city="Alcoy",
                        province="Alicante", tax_id="B46644050")  # fmt: skip


def make(session: Session, table: str) -> int:
    """Return a new record of a module that prints."""
    return int(_MAKERS[table](session))


def _priced(table: str, **more: Any) -> Any:
    def made(session: Session) -> int:
        party = {"vendor": put(session, "vendor", name=CLIENT)} if table == "purchase_order" else (
            {"client": client(session)}
        )  # fmt: skip
        return put(session, table, {f"{table}_line": LINES}, **party, **more)

    return made


def _project(session: Session) -> int:
    milestones = [{"name": "Entrega de la obra", "date": "01/02/2027", "is_reached": False}]
    made = put(session, "project", {"project_milestone": milestones}, name=SUBJECT, client=client(session))
    put(session, "project_task", name="Medir el local", project=made, status="in_progress", progress="50")
    person = put(session, "person", first_name="Marta", last_name="Gil", client=client(session))
    put(session, "project_participant", project=made, person=person, role="key_user")
    return made


def _case(session: Session) -> int:
    owner = put(session, "user", name="Ana Prats", login="ana.prats")
    made = put(session, "support_case", title_line=SUBJECT, client=client(session), priority="high",
               description="La sierra no arranca.\nHace un ruido.", solution="Se cambió el fusible.",
               assigned=f"user:{owner}")  # fmt: skip
    put(session, "comment", record=f"support_case:{made}", body="Vamos el martes", is_internal=False)
    put(session, "comment", record=f"support_case:{made}", body="Cliente difícil", is_internal=True)
    return made


def _contract(session: Session) -> int:
    return put(session, "service_contract", subject=SUBJECT, client=client(session), total_units="40")


_MAKERS = {
    "quote": _priced("quote", subject=SUBJECT), "sales_order": _priced("sales_order", subject=SUBJECT),
    "invoice": _priced("invoice"), "credit_note": _priced("credit_note"),
    "purchase_order": _priced("purchase_order", subject=SUBJECT), "project": _project, "support_case": _case,
    "service_contract": _contract,
}  # fmt: skip
