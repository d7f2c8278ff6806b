"""What other programs do on the same database; run by ``processes.at_once``."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import clock, commands, records, saving, subscriptions
from oficrm.errors import Refused
from oficrm.jobs import Jobs


@contextmanager
def _program(url: str, user: str = "ana") -> Iterator[Jobs]:
    jobs = Jobs(url, Actor(user))
    try:
        yield jobs
    finally:
        jobs.close()


def _each(url: str, idents: Sequence[int], work: Callable[[Session, int], object]) -> None:
    with _program(url) as jobs:
        for ident in idents:
            jobs.write(partial(_turned, work, ident)).result()


def _turned(work: Callable[[Session, int], object], ident: int, session: Session) -> None:
    work(session, ident)


def issue_invoices(url: str, idents: Sequence[int]) -> None:
    """Issue invoices, one transaction for each."""
    _each(url, idents, lambda session, ident: commands.advance(session, "invoice", [ident], "issued"))


def create_quotes(url: str, clients: Sequence[int]) -> None:
    """Create a quote of each client, one transaction for each."""

    def create(session: Session, client: int) -> None:
        saving.save(session, records.blank(session, "quote", {"subject": "A la vez", "client": client}).draft)

    _each(url, clients, create)


def bill(url: str, day: dt.date) -> int:
    """Bill the subscriptions due on a day; return how many invoices were made."""
    clock.today = lambda: day
    with _program(url, "luis") as jobs:
        return len(jobs.write(subscriptions.bill_due).result().value.invoices)


def apply_movement(url: str, movement: int) -> str:
    """Apply a stock movement; return why it was refused, or ""."""
    try:
        with _program(url) as jobs:
            jobs.write(lambda session: commands.advance(session, "stock_movement", [movement], "applied")).result()
    except Refused as refused:
        return str(refused)
    return ""
