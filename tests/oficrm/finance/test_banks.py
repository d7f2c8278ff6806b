"""Cash boxes and banks: balances, transfers with both their ends, reconciliation, check digits."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oficrm import commanded, deleting, records, restoring, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.finance import banks
from oficrm.rules import banking
from oficrm.rules.problems import Invalid
from tests.oficrm.finance.till import TODAY, Till


def move(till: Till, kind: str, amount: Any, **values: Any) -> int:
    given = {"bank_account": till.bank, "type": kind, "amount": amount, "date": TODAY} | values
    return till.save("bank_transaction", None, **given)


def balances(till: Till) -> tuple[Decimal, ...]:
    till.session.flush()
    return tuple(till.shown("bank_account", each, "balance")[0] for each in (till.bank, till.cash))


def test_each_movement_adds_or_takes(till: Till) -> None:
    till.save("bank_account", till.bank, opening_balance=100)
    move(till, "deposit", 50)
    move(till, "withdrawal", 20)
    move(till, "fee", 5)
    move(till, "transfer", 60, to_account=till.cash)
    assert balances(till) == (Decimal(65), Decimal(60))


def test_a_transfer_has_an_end_in_each_account_and_both_change_together(till: Till) -> None:
    ident = move(till, "transfer", 60, to_account=till.cash, concept="Cambio")
    [there] = till.moves(till.cash)
    assert (there.type, there.amount, there.concept, there.transfer_id) == ("transfer_in", Decimal(60), "Cambio", ident)
    till.save("bank_transaction", ident, amount=70)
    assert balances(till) == (Decimal(-70), Decimal(70))
    with pytest.raises(ValidationError, match="cuenta de la que sale"):
        till.save("bank_transaction", there.id, amount=10)
    till.session.expire_all()
    till.save("bank_transaction", ident, type="withdrawal")
    assert balances(till) == (Decimal(-70), Decimal(0))
    undo.undo_last(till.session)
    assert balances(till) == (Decimal(-70), Decimal(70))


def test_neither_end_of_a_transfer_goes_alone(till: Till) -> None:
    ident = move(till, "transfer", 60, to_account=till.cash)
    [there] = till.moves(till.cash)
    till.session.commit()
    with pytest.raises(Refused, match="transferencia"):
        deleting.delete(till.session, "bank_transaction", [there.id])
    till.session.rollback()
    deleting.delete(till.session, "bank_transaction", [ident], frozenset({deleting.DEPENDENTS}))
    assert balances(till) == (Decimal(0), Decimal(0))
    restoring.restore_deleted(till.session, "bank_transaction", ident)
    assert balances(till) == (Decimal(-60), Decimal(60))


def test_between_currencies_what_arrives_is_said(till: Till) -> None:
    dollars = till.save("bank_account", name="Dólares", currency="USD")
    with pytest.raises(ValidationError, match="cuántos USD llegan"):
        move(till, "transfer", 90, to_account=dollars)
    move(till, "transfer", 90, to_account=dollars, to_amount=100)
    assert till.shown("bank_account", dollars, "balance") == (Decimal(100),)
    with pytest.raises(ValidationError, match="Ya tiene movimientos"):
        till.save("bank_account", dollars, currency="EUR")


def test_what_is_reconciled_stays_as_it_is(till: Till) -> None:
    ident, other = move(till, "deposit", 50), move(till, "deposit", 30)
    assert till.shown("bank_account", till.bank, "to_reconcile", "reconciled_balance") == (2, Decimal(0))
    outcome = banks.reconcile(till.session, [ident, other])
    assert outcome.sentence == "Conciliar: 2 movimientos."
    assert till.shown("bank_account", till.bank, "to_reconcile", "reconciled_balance") == (0, Decimal(80))
    assert till.shown("bank_transaction", ident, "reconciled", "reconciled_on") == (True, TODAY)
    with pytest.raises(ValidationError, match="conciliado"):
        till.save("bank_transaction", ident, amount=51)
    till.session.expire_all()
    with pytest.raises(Refused, match="conciliado"):
        deleting.delete(till.session, "bank_transaction", [ident])
    till.save("bank_transaction", ident, reference="A-1")
    banks.reconcile(till.session, [ident], on=False)
    till.save("bank_transaction", ident, amount=51)


def test_a_reconciled_movement_keeps_its_payment_from_being_cancelled(till: Till) -> None:
    invoice = till.invoice(100)
    receipt = till.pay({invoice: 100})
    [moved] = till.moves()
    banks.reconcile(till.session, [moved.id])
    till.session.commit()
    with pytest.raises(Refused, match="conciliado"):
        till.advance("payment_receipt", receipt, "cancelled")
    till.session.rollback()
    till.check()
    banks.reconcile(till.session, [moved.id], on=False)
    with pytest.raises(Refused, match="sigue a la entrada"):
        deleting.delete(till.session, "bank_transaction", [moved.id])


def test_the_movement_of_an_entry_is_changed_there(till: Till) -> None:
    till.pay({till.invoice(100): 100})
    [moved] = till.moves()
    with pytest.raises(ValidationError, match="Sigue a su entrada"):
        till.save("bank_transaction", moved.id, amount=90)
    till.session.expire_all()
    till.save("bank_transaction", moved.id, reference="SEPA 7")
    till.check()


def test_nobody_writes_an_arrival_by_hand(till: Till) -> None:
    with pytest.raises(ValidationError, match="elija «Transferencia»"):
        move(till, "transfer_in", 10)


def test_the_first_account_is_made_with_the_first_payment(started_url: str) -> None:
    from tests.oficrm.finance.till import open_till

    with open_till(started_url, accounts=False) as till:
        till.pay({till.invoice(100): 100})
        [account] = till.ids("bank_account")
        assert till.shown("bank_account", account, "name", "kind", "balance") == ("Banco", "bank", Decimal(100))
        undo.undo_last(till.session)
        assert till.ids("bank_account") == []
        till.check()


def test_the_usual_account_is_the_only_one_of_its_kind(till: Till) -> None:
    usual = banks.usual_account
    assert (usual(till.session, "EUR", "03"), usual(till.session, None, "01")) == (till.bank, till.cash)
    dollars = till.save("bank_account", name="Dólares", currency="USD")
    assert usual(till.session, "USD", "03") == dollars
    assert usual(till.session, "MXN", "03") == till.bank
    till.save("bank_account", name="Otro", currency="EUR")
    assert usual(till.session, "EUR", "03") is None


def test_commands_open_a_movement_of_the_account(till: Till) -> None:
    kinds = []
    for command in commanded.own("bank_account"):
        assert command.blank is not None
        values = command.blank(till.session, till.bank).draft.values
        assert values["bank_account"] == till.bank
        kinds.append(str(values["type"]))
    assert kinds == ["deposit", "withdrawal", "transfer"]


def test_numbers_of_accounts_are_checked(till: Till) -> None:
    till.save("bank_account", till.bank, clabe="032 180 00011835971 9", account_number="es9121000418450200051332")
    found = records.load(till.session, "bank_account", till.bank).draft.values
    assert (found["clabe"], found["account_number"]) == ("032180000118359719", "ES91 2100 0418 4502 0005 1332")
    wrong: list[dict[str, Any]] = [
        {"clabe": "032180000118359718"},
        {"clabe": "123"},
        {"account_number": "ES9121000418450200051333"},
    ]
    for values in wrong:
        with pytest.raises(ValidationError):
            till.save("bank_account", till.bank, **values)
        till.session.expire_all()


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_of_a_clabe_is_noticed(digits: str, place: int, more: int) -> None:
    good = [whole for check in "0123456789" if _is_clabe(whole := digits + check)]
    assert len(good) == 1
    wrong = good[0][:place] + str((int(good[0][place]) + more) % 10) + good[0][place + 1 :]
    assert not _is_clabe(wrong)


def _is_clabe(text: str) -> bool:
    try:
        return banking.check_clabe(text) == text
    except Invalid:
        return False


@given(st.text(max_size=40))
def test_any_account_number_is_taken_or_refused_in_words(text: str) -> None:
    for check in (banking.check_account, banking.check_clabe):
        with suppress(Invalid):
            assert check(check(text)) == check(text)


steps = st.lists(
    st.tuples(st.sampled_from(["deposit", "withdrawal", "fee", "transfer", "change", "delete", "undo", "reconcile"]),
              st.integers(1, 500), st.integers(0, 5)), max_size=12,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_balances_are_always_those_of_a_recount(till: Till, plan: list[tuple[str, int, int]]) -> None:
    for what, amount, place in plan:
        till.session.commit()
        moves = [each for each in till.moves() if each.transfer_id is None]
        chosen = moves[place % len(moves)].id if moves else None
        try:
            if what == "undo":
                undo.undo_last(till.session)
            elif what in ("change", "delete", "reconcile"):
                if chosen is None:
                    continue
                if what == "change":
                    till.save("bank_transaction", chosen, amount=amount)
                elif what == "delete":
                    deleting.delete(till.session, "bank_transaction", [chosen], frozenset({deleting.DEPENDENTS}))
                else:
                    banks.reconcile(till.session, [chosen], on=amount % 2 == 0)
            else:
                move(till, what, amount, **({"to_account": till.cash} if what == "transfer" else {}))
        except (Refused, ValidationError, NeedsConfirmation):
            till.session.rollback()
        till.check()
    while True:
        till.session.commit()
        try:
            undo.undo_last(till.session)
        except Refused:
            till.session.rollback()
            break
        if not till.ids("bank_account"):
            break
        till.check()
    undo.redo_last(till.session)
