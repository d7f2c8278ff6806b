"""Series and folio: unique and without gaps, with ten processes at once, whatever is undone and done again."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.history import Operation
from db.models.invoice import Invoice
from db.models.quote import Quote
from oficrm import commands, deleting, restoring, undo
from oficrm import settings as parameters
from oficrm.errors import Refused
from tests.support import elsewhere
from tests.support.processes import at_once
from tests.support.trade import Trade, line, open_trade

PROCESSES, EACH = 10, 2


def in_ten(ids: list[int]) -> list[list[int]]:
    """A share of the ids for each of ten processes."""
    return [ids[at::PROCESSES] for at in range(PROCESSES)]


def test_ten_processes_issue_without_gap_or_twin(started_url: str) -> None:
    with open_trade(started_url) as trade:
        ids = [trade.invoice(state="draft") for _ in range(PROCESSES * EACH)]
        trade.session.rollback()
        at_once(elsewhere.issue_invoices, [(started_url, share) for share in in_ten(ids)])
        numbers = sorted(filter(None, trade.session.scalars(select(Invoice.number))))
        assert numbers == [f"F-{at:06d}" for at in range(1, PROCESSES * EACH + 1)]


def test_ten_processes_create_without_gap_or_twin(started_url: str) -> None:
    with open_trade(started_url) as trade:
        shares = in_ten([trade.client] * (PROCESSES * EACH))
        at_once(elsewhere.create_quotes, [(started_url, share) for share in shares])
        numbers = sorted(trade.session.scalars(select(Quote.number)))
        assert numbers == [f"COT-{at:06d}" for at in range(1, PROCESSES * EACH + 1)]


def test_the_number_of_a_trashed_record_stays_its_own(trade: Trade) -> None:
    first = trade.save("quote", None, [line()], subject="Uno", client=trade.client)
    with trade.job() as session:
        deleting.delete(session, "quote", [first])
    second = trade.save("quote", None, [line()], subject="Dos", client=trade.client)
    assert trade.get("quote", second, "number") == "COT-000002"
    with trade.job() as session:
        restoring.restore_deleted(session, "quote", first)
    assert trade.get("quote", first, "number") == "COT-000001"


def test_a_draft_has_no_folio_and_a_cancelled_invoice_keeps_its_own(trade: Trade) -> None:
    draft = trade.invoice(state="draft")
    assert trade.get("invoice", draft, "number") is None
    trade.go("invoice", draft, "issued")
    trade.go("invoice", draft, "cancelled")
    other = trade.invoice(state="draft")
    trade.go("invoice", other, "cancelled")
    assert trade.get("invoice", other, "number") is None
    last = trade.invoice()
    assert [trade.get("invoice", each, "number") for each in (draft, last)] == ["F-000001", "F-000002"]


def test_series_and_start_are_parameters_and_modules_do_not_share_them(house: Trade) -> None:
    with house.job() as session:
        parameters.save(session, {"invoice_prefix": "A", "credit_note_prefix": "A", "first_number_invoice": 70})
    invoice = house.invoice()
    note = house.credit(invoice)
    other = house.invoice()
    numbers = [house.get("invoice", invoice, "number"), house.get("credit_note", note, "number"),
               house.get("invoice", other, "number")]  # fmt: skip
    assert numbers == ["A-000070", "A-000001", "A-000071"]


def test_undoing_the_last_issue_gives_its_folio_to_the_next(trade: Trade) -> None:
    first, second = trade.invoice(), trade.invoice(state="draft")
    trade.go("invoice", second, "issued")
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("invoice", second, "number") is None
    third = trade.invoice(state="draft")
    with trade.job() as session:
        undo.undo_last(session)  # the draft goes
        undo.undo(session, _last(session, "Deshacer: Emitir"))
    assert [trade.get("invoice", each, "number") for each in (first, second)] == ["F-000001", "F-000002"]
    assert trade.get("invoice", trade.invoice(), "number") == "F-000003"
    assert third


def test_a_folio_in_the_middle_is_not_given_back(trade: Trade) -> None:
    first = trade.invoice(state="draft")
    trade.go("invoice", first, "issued")
    trade.invoice()
    with pytest.raises(Refused, match="después de F-000001 se emitió F-000002"), trade.job() as session:
        undo.undo(session, _last(session, "Emitir: F-000001"))
    assert trade.get("invoice", first, "number") == "F-000001"


def test_a_folio_somebody_else_has_now_is_not_taken_again(trade: Trade) -> None:
    first, second = trade.invoice(state="draft"), trade.invoice(state="draft")
    trade.go("invoice", first, "issued")
    with trade.job() as session:
        undo.undo_last(session)
    trade.go("invoice", second, "issued")
    with pytest.raises(Refused), trade.job() as session:
        undo.undo(session, _last(session, "Deshacer: Emitir"))
    assert [trade.get("invoice", each, "number") for each in (first, second)] == [None, "F-000001"]


def test_many_issued_together_go_back_together(trade: Trade) -> None:
    ids = [trade.invoice(state="draft") for _ in range(25)]
    with trade.job() as session:
        commands.advance(session, "invoice", ids, "issued")
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("invoice", trade.invoice(), "number") == "F-000001"
    with pytest.raises(Refused), trade.job() as session:
        undo.undo(session, _last(session, "Deshacer: Emitir"))


def test_many_made_and_issued_at_once_go_back_set_based(trade: Trade) -> None:
    from db.history import operation
    from oficrm import records, saving

    with trade.job() as session, operation(session, "Facturas del mes"):
        for _ in range(25):
            draft = records.blank(session, "invoice", {"client": trade.client}).draft
            draft.lines["invoice_line"] = [line()]
            draft.values["status"] = "issued"
            saving.save(session, draft)
    with trade.job() as session:
        undo.undo_last(session)
    assert trade.get("invoice", trade.invoice(), "number") == "F-000001"


def test_a_version_without_folio_does_not_come_back_in_the_middle(trade: Trade) -> None:
    from db.history import Change

    first = trade.invoice(state="draft")
    trade.go("invoice", first, "issued")
    trade.invoice()
    made = trade.session.scalar(select(Change.id).where(Change.table == "invoice", Change.record_id == first,
                                                        Change.action == "insert"))  # fmt: skip
    assert made is not None
    with pytest.raises(Refused), trade.job() as session:
        restoring.restore_version(session, made)
    assert trade.get("invoice", first, "number") == "F-000001"


def _last(session: object, start: str) -> int:
    found = select(Operation.id).where(Operation.label.startswith(start)).order_by(Operation.id.desc()).limit(1)
    return int(session.scalar(found))  # type: ignore[attr-defined]


STEPS = st.lists(st.sampled_from(["issue", "issue", "cancel", "undo", "undo_any", "redo"]), min_size=4, max_size=14)


def test_the_series_never_has_a_gap(started_sqlite_url: str) -> None:
    """Issue, cancel, undo and do again in any order: the folios in use are always 1 to n."""
    with open_trade(started_sqlite_url) as trade:

        @settings(max_examples=12)
        @given(steps=STEPS, pick=st.integers(0, 5))
        def live(steps: list[str], pick: int) -> None:
            for step in steps:
                _step(trade, step, pick)
                numbers = trade.session.scalars(
                    select(Invoice.number).where(Invoice.deleted_at.is_(None), Invoice.number.is_not(None))
                ).all()
                assert sorted(map(str, numbers)) == [f"F-{at:06d}" for at in range(1, len(numbers) + 1)]
                trade.session.rollback()

        live()


def _step(trade: Trade, step: str, pick: int) -> None:
    issued = trade.session.scalars(select(Invoice.id).where(Invoice.status == "issued", Invoice.deleted_at.is_(None)))
    ids = list(issued)
    kinds = ("write", "redo") if step == "undo_any" else ("undo",)
    done = trade.session.scalars(
        select(Operation.id).where(Operation.kind.in_(kinds)).order_by(Operation.id.desc()).limit(6)
    ).all()
    trade.session.rollback()
    jobs: dict[str, Callable[[], object]] = {
        "issue": trade.invoice,
        "cancel": lambda: trade.go("invoice", ids[pick % len(ids)], "cancelled") if ids else None,
        "undo": lambda: _in_job(trade, undo.undo_last),
        "undo_any": lambda: _back(trade, done[pick % len(done)]) if done else None,
        "redo": lambda: _back(trade, done[pick % len(done)]) if done else None,
    }  # fmt: skip
    try:
        jobs[step]()
    except Refused:
        trade.session.rollback()  # a refusal leaves everything as it was: the caller looks at the numbers


def _back(trade: Trade, operation_id: int) -> None:
    _in_job(trade, lambda session: undo.undo(session, operation_id))


def _in_job(trade: Trade, job: Callable[..., object]) -> None:
    with trade.job() as session:
        job(session)
