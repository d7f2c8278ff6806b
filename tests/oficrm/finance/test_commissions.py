"""Commissions: earned with a sale or its payment, taken back with it, paid as an outlay."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from db.models.commission import Commission
from oficrm import deleting, settings, undo
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.finance import commissions
from tests.oficrm.finance.till import TODAY, Till


def found(till: Till) -> list[Commission]:
    till.session.expire_all()
    live = select(Commission).where(Commission.deleted_at.is_(None)).order_by(Commission.id)
    return list(till.session.scalars(live))


def test_an_authorised_sale_earns_its_salesperson_a_part_of_the_base(till: Till) -> None:
    order = till.sale(1000, discount_percent=Decimal("12.5"), salesperson=till.seller)
    [earned] = found(till)
    assert (earned.base_amount, earned.rate_percent, earned.amount) == (Decimal(875), Decimal(10), Decimal("87.5"))
    assert (earned.sales_order_id, earned.salesperson_id, earned.client_id) == (order, till.seller, till.client)
    assert earned.status == "calculated"
    assert [entry for entry in till.entries() if entry.commission_id] == []


def test_who_has_no_rate_earns_none(till: Till) -> None:
    till.save("salesperson", till.seller, commission=None)
    till.sale(1000)
    assert found(till) == []


def test_a_cancelled_sale_takes_it_back(till: Till) -> None:
    order = till.sale(1000)
    till.advance("sales_order", order, "cancelled")
    assert [each.status for each in found(till)] == ["cancelled"]
    undo.undo_last(till.session)
    assert [each.status for each in found(till)] == ["calculated"]


def test_paid_it_is_a_real_outlay_once(till: Till) -> None:
    order = till.sale(1000)
    [earned] = found(till)
    till.advance("commission", earned.id, "authorized")
    till.advance("commission", earned.id, "paid")
    [outlay] = [entry for entry in till.entries("real") if entry.commission_id == earned.id]
    assert (outlay.kind, outlay.category, outlay.amount, outlay.date) == (
        "outlay",
        "commission",
        Decimal(100),
        found(till)[0].paid_on,
    )
    assert [(move.type, move.amount) for move in till.moves(till.bank)] == [("withdrawal", Decimal(100))]
    till.save("commission", earned.id, notes="Transferida")
    till.check()
    with pytest.raises(Refused, match="está pagada"):
        deleting.delete(till.session, "commission", [earned.id], frozenset({deleting.DEPENDENTS}))
    till.session.commit()
    with pytest.raises(NeedsConfirmation, match="ya está pagada"):
        till.advance("sales_order", order, "cancelled")
    till.session.rollback()
    till.advance("sales_order", order, "cancelled", frozenset({commissions.PAID_ALREADY}))
    assert [each.status for each in found(till)] == ["paid"]
    till.check()


def test_undoing_the_payment_takes_the_outlay_back(till: Till) -> None:
    till.sale(1000)
    [earned] = found(till)
    till.advance("commission", earned.id, "authorized")
    till.advance("commission", earned.id, "paid")
    undo.undo_last(till.session)
    assert (found(till)[0].status, till.amounts("real"), till.moves()) == ("authorized", [], [])


def test_earned_when_paid_if_parametros_say_so(till: Till) -> None:
    settings.save(till.session, {"commission_when_paid": True})
    order = till.sale(1000)
    assert found(till) == []
    invoice = till.invoice(1000, order, salesperson=till.seller)
    till.pay({invoice: 400})
    assert found(till) == []
    receipt = till.pay({invoice: 600})
    [earned] = found(till)
    assert (earned.invoice_id, earned.sales_order_id, earned.amount) == (invoice, order, Decimal(100))
    till.advance("payment_receipt", receipt, "cancelled")
    assert [each.status for each in found(till)] == ["cancelled"]
    till.pay({invoice: 600})
    assert [each.status for each in found(till)] == ["cancelled", "calculated"]


def test_changing_the_setting_between_sale_and_payment_earns_it_once(till: Till) -> None:
    order = till.sale(1000)
    settings.save(till.session, {"commission_when_paid": True})
    till.pay({till.invoice(1000, order): 1000})
    assert len(found(till)) == 1


def test_another_amount_is_explained_and_forgotten_when_recalculated(till: Till) -> None:
    till.sale(1000)
    [earned] = found(till)
    till.session.commit()
    with pytest.raises(ValidationError, match="Explique por qué"):
        till.save("commission", earned.id, other_amount=120)
    till.session.rollback()
    till.session.expire_all()
    till.save("commission", earned.id, other_amount=120, notes="Acordado")
    assert found(till)[0].amount == 120
    till.save("salesperson", till.seller, commission=Decimal("7.25"))
    commissions.recalculate(till.session, [earned.id])
    [anew] = found(till)
    assert (anew.amount, anew.other_amount, anew.rate_percent) == (Decimal("72.5"), None, Decimal("7.25"))


def test_what_is_authorised_is_not_changed(till: Till) -> None:
    till.sale(1000)
    [earned] = found(till)
    till.advance("commission", earned.id, "authorized")
    till.session.commit()
    with pytest.raises(ValidationError, match="autorizada"):
        till.save("commission", earned.id, rate_percent=50)
    till.session.rollback()
    till.session.expire_all()
    till.save("salesperson", till.seller, commission=Decimal(7))
    with pytest.raises(Refused, match="autorizada"):
        commissions.recalculate(till.session, [earned.id])


def test_a_referral_is_earned_by_a_person(till: Till) -> None:
    person = till.save("person", first_name="Marta", last_name="Gil", client=till.client)
    values = {"client": till.client, "base_amount": 500, "rate_percent": 5, "earned_on": TODAY}
    ident = till.save("commission", None, beneficiary=f"person:{person}", kind="referral", **values)
    assert till.session.get_one(Commission, ident).amount == 25
    with pytest.raises(ValidationError, match="la persona que lo trajo"):
        till.save("commission", None, beneficiary=f"salesperson:{till.seller}", kind="referral", **values)


def test_halves_of_a_cent_go_up(till: Till) -> None:
    ident = till.save("commission", None, beneficiary=f"salesperson:{till.seller}", client=till.client,
                      base_amount=Decimal("0.50"), rate_percent=Decimal(1), earned_on=TODAY)  # fmt: skip
    assert till.session.get_one(Commission, ident).amount == Decimal("0.01")
