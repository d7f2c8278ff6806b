"""A process that issues documents or creates records at the same time as others; run by the tests of folios."""

import sys
from functools import partial

from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import commands, records, saving
from oficrm.jobs import Jobs


def issue(session: Session, ident: int) -> None:
    """Issue an invoice."""
    commands.advance(session, "invoice", [ident], "issued")


def create(session: Session, ident: int) -> None:
    """Create a quote of a client."""
    preset = {"subject": "A la vez", "client": ident}
    saving.save(session, records.blank(session, "quote", preset).draft)


def main() -> None:
    """``url what id...``: one transaction for each id, as soon as a line arrives on standard input."""
    url, what, *ids = sys.argv[1:]
    jobs = Jobs(url, Actor("ana"))
    jobs.read(lambda session: records.blank(session, "quote")).result()  # everything loaded before the start
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for ident in map(int, ids):
        jobs.write(partial(issue if what == "issue" else create, ident=ident)).result()
    jobs.close()


if __name__ == "__main__":
    main()
