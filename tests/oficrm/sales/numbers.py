"""A process that issues documents or creates records at the same time as others; run by the tests of folios."""

import sys

from sqlalchemy.orm import Session

from db.history import Actor
from oficrm import commands, records, saving
from oficrm.jobs import Jobs


def issue(session: Session, ident: int) -> None:
    """Issue an invoice."""
    commands.advance(session, "invoice", [ident], "issued")


def create(session: Session, client: int) -> None:
    """Create a quote."""
    preset = {"subject": "A la vez", "client": client}
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
        job = issue if what == "issue" else create
        jobs.write(lambda session, ident=ident, job=job: job(session, ident)).result()
    jobs.close()


if __name__ == "__main__":
    main()
