"""Commands are tried in real windows over the small office, with some made up for a client."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy.orm import Session

from db.history import operation
from oficrm import commanded, commands, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Loaded
from oficrm.errors import NeedsConfirmation, Refused
from tests.support.desk import desk

__all__ = ["desk"]


def _call_all(session: Session, ids: Sequence[int], accepted: frozenset[str]) -> Outcome:
    """Write a note into each client; a client of Alcoy is asked about, one without phone refused."""
    if len(ids) > 5:
        raise Refused("Son demasiados.")
    titles = []
    with operation(session, "Llamar"):
        for ident in ids:
            draft = records.load(session, "client", ident).draft
            if draft.values["city"] == "Alcoy" and "far" not in accepted:
                raise NeedsConfirmation("far", f"{draft.values['name']} está lejos.", "Llamar igual")
            draft.values["notes"] = f"Llamado: {draft.values['notes'] or ''}".strip()
            titles.append(commands.save(session, draft).title)
    return Outcome(f"Llamado: {', '.join(titles)}.", ("client", ids[0]))


def _quote(session: Session, ident: int) -> Loaded:
    return records.blank(session, "opportunity", {"client": ident, "name": "Gran venta"})


CALL = Command("call", "Llamar", "phone", run=_call_all, many=True, key="Ctrl+Shift+L")
ASKED = Command("ask", "Preguntar…", "phone", run=_call_all, question="¿Seguro que quiere llamar?")
OFFER = Command("offer", "Ofrecer", "quote", blank=_quote)
NEVER = Command("never", "Nunca", "quote", run=_call_all, states=frozenset({"nowhere"}))


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    own = commanded.own
    monkeypatch.setattr(
        commanded, "own", lambda table: (CALL, ASKED, OFFER, NEVER) if table == "client" else own(table)
    )
    commands.commands.cache_clear()
    yield
    commands.commands.cache_clear()
