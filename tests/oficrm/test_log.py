"""Bitácora: entries stay, corrections refer to them, changes of state are noted by themselves."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models.log_entry import LogEntry
from db.registry import module
from oficrm import commands, corrections, deleting, records, saving, undo
from oficrm.errors import Refused, ValidationError
from tests.support.office import fill, open_jobs


@pytest.fixture
def jobs(started_url):
    with open_jobs(started_url) as made:
        made.write(lambda s: fill(s, 3)).result()
        yield made


def save(jobs: Any, table: str, ident: int | None = None, **values: Any) -> int:
    def job(session: Any) -> int:
        draft = (records.load(session, table, ident) if ident else records.blank(session, table)).draft
        draft.values |= values
        return saving.save(session, draft).id

    return int(jobs.write(job).result().value)


def entries(jobs: Any) -> list[LogEntry]:
    wanted = select(LogEntry).where(LogEntry.deleted_at.is_(None)).order_by(LogEntry.id)
    return list(jobs.read(lambda s: s.scalars(wanted).all()).result())


def test_an_entry_is_written_once(jobs: Any) -> None:
    ident = save(jobs, "log_entry", summary="Acordado el plazo", kind="decision", record="client:1")
    assert entries(jobs)[0].author_id == 1
    with pytest.raises(ValidationError, match="Corregir"):
        save(jobs, "log_entry", ident, summary="Otra cosa")
    with pytest.raises(Refused, match="no se borra"):
        jobs.write(lambda s: deleting.delete(s, "log_entry", [ident])).result()
    assert entries(jobs)[0].summary == "Acordado el plazo"


def test_a_correction_is_a_further_entry_that_refers(jobs: Any) -> None:
    ident = save(jobs, "log_entry", summary="Acordado el plazo", kind="decision", record="client:1")
    made = jobs.read(lambda s: corrections.correction(s, ident)).result()
    assert made.titles["record"] == "Talleres Ruiz"
    jobs.write(lambda s: saving.save(s, made.draft)).result()
    first, second = entries(jobs)
    assert (second.corrects_id, second.record, second.kind) == (first.id, "client:1", "decision")
    assert second.summary == "Corrección: Acordado el plazo"


def test_nobody_writes_in_the_name_of_the_program(jobs: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        save(jobs, "log_entry", summary="x", kind="system")
    assert set(caught.value.errors) == {"kind"}


def test_changes_of_state_are_noted_and_nothing_else(jobs: Any) -> None:
    quote = save(jobs, "quote", subject="Oferta", client=1)
    save(jobs, "quote", quote, subject="Oferta de otoño")
    assert entries(jobs) == []
    flow = module("quote").flow
    assert flow is not None
    state = next(iter(flow.verbs))
    jobs.write(lambda s: commands.advance(s, "quote", [quote], state)).result()
    [entry] = entries(jobs)
    assert (entry.kind, entry.source, entry.record) == ("system", "automatic", f"quote:{quote}")
    assert "→" in entry.summary
    jobs.write(undo.undo_last).result()
    assert entries(jobs) == []
