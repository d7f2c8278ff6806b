"""What the program does not do: each is said clearly, and nothing of it is done. Compared by a dump of all tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from db.registry import listed_modules, module
from oficrm import commands, deleting, records, saving, undo
from oficrm.drafts import Draft
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.support import assets
from tests.contract.samples import ACCEPTED, FORMS, Sampler
from tests.support.dumps import differences, dump
from tests.support.trade import Trade, line, open_trade

D = Decimal
EARLY, LATE = "2026-03-01", "2026-03-02"
FLOWS = tuple(
    model.module.table for model in listed_modules() if model.flow is not None and model.module.table in FORMS
)


class Careful(Trade):
    """A trading house in which a refusal must leave all as it was."""

    def nothing(self, job: Callable[[], object]) -> str:
        """Try something that is refused or asked first; return what is said."""
        before = dump(self.session)
        with pytest.raises((Refused, ValidationError, NeedsConfirmation)) as caught:
            job()
        assert differences(before, dump(self.session)) == []
        return str(caught.value)

    def delete(self, table: str, *ids: int, accepted: str = "") -> str:
        with self.job() as session:
            return deleting.delete(session, table, ids, frozenset(accepted.split()))

    def undo(self) -> str:
        with self.job() as session:
            return undo.undo_last(session)


@contextmanager
def _open(url: str) -> Iterator[Careful]:
    with open_trade(url) as trade:
        trade.__class__ = Careful
        assert isinstance(trade, Careful)
        yield trade


@pytest.fixture
def trade(started_url: str) -> Iterator[Careful]:
    with _open(started_url) as made:
        yield made


# --- states


@pytest.mark.parametrize("table", FLOWS)
def test_no_module_takes_a_state_out_of_order(trade: Careful, table: str) -> None:
    """Every state that may not follow the one a new record is in, in the form and as a verb."""
    with trade.job() as session:
        ident = Sampler(session).save(table, is_whole=False)
    flow = module(table).flow
    assert flow is not None
    choices = module(table).fields[flow.field].choices
    assert choices is not None
    state = str(trade.get(table, ident, flow.field))
    for other in choices:
        if other != state and other not in flow.after(state):
            said = trade.nothing(partial(_put, trade, table, ident, flow.field, other))
            assert "no puede pasar a ese estado" in said
            if other in flow.verbs:
                assert "no puede pasar" in trade.nothing(partial(trade.go, table, ident, other, *ACCEPTED))


def _put(trade: Careful, table: str, ident: int, name: str, value: Any) -> None:
    with trade.job() as session:
        draft = records.load(session, table, ident).draft
        draft.values[name] = value
        draft.accepted = ACCEPTED
        commands.save(session, draft)


def test_what_is_closed_stays_as_it_is(trade: Careful) -> None:
    invoice = trade.invoice()
    assert "no se cambia" in trade.nothing(lambda: trade.save("invoice", invoice, date=LATE))
    assert "no se cambia" in trade.nothing(lambda: trade.save("invoice", invoice, [line(price=1)]))


# --- amounts and stock


def test_no_more_is_paid_than_is_owed(trade: Careful) -> None:
    invoice = trade.invoice()
    trade.pay({invoice: 100})
    draft = trade.pay({invoice: 21}, state="draft")
    assert "se deben 21,00" in trade.nothing(lambda: trade.pay({invoice: "21.01"})).replace("\xa0", " ")
    trade.go("payment_receipt", draft, "issued")
    assert trade.nothing(lambda: trade.pay({invoice: "0.01"}))
    assert trade.nothing(lambda: trade.pay({invoice: -5}))
    assert trade.get("invoice", invoice, "balance") == 0


def test_no_more_is_invoiced_than_was_sold(trade: Careful) -> None:
    sale = trade.sale(line(trade.drill, 2))
    loaded = trade.blank("sales_order", "invoice", sale)
    loaded.draft.lines["invoice_line"][0].values["quantity"] = D(3)
    assert "se vendieron 2 y se facturarían 3" in trade.nothing(lambda: trade.keep(loaded))
    trade.keep(trade.blank("sales_order", "invoice", sale))
    assert "ya está facturada entera" in trade.nothing(lambda: trade.blank("sales_order", "invoice", sale))


def test_stock_does_not_go_below_nothing(trade: Careful) -> None:
    trade.stock(trade.drill, 3)
    sale = trade.sale(line(trade.drill, 4), state="created")
    assert "se piden 4 y quedan 3 libres" in trade.nothing(lambda: trade.go("sales_order", sale, "reserved"))
    trade.go("sales_order", sale, "authorized")
    delivery = trade.blank("sales_order", "deliver", sale)
    assert "Taladro" in trade.nothing(lambda: trade.keep(delivery))
    assert trade.get("product", int(trade.drill.partition(":")[2]), "stock_on_hand") == 3


def test_what_was_taken_in_and_sold_is_not_taken_back(trade: Careful) -> None:
    taken = trade.stock(trade.drill, 3)
    sale = trade.sale(line(trade.drill, 2))
    trade.keep(trade.blank("sales_order", "deliver", sale))
    assert trade.nothing(lambda: trade.go("stock_movement", taken, "cancelled"))
    assert trade.nothing(lambda: trade.delete("stock_movement", taken))


# --- circles


def test_nobody_depends_on_itself(trade: Careful) -> None:
    middle = trade.save("client", name="Ávila", parent_client=trade.client)
    last = trade.save("client", name="Nube", parent_client=middle)
    for parent in (trade.client, middle, last):
        assert trade.nothing(partial(trade.save, "client", trade.client, parent_client=parent))
    assert "daría una vuelta" in trade.nothing(lambda: trade.save("client", trade.client, parent_client=last))


def test_firms_do_not_own_each_other_in_a_circle(trade: Careful) -> None:
    middle, last = trade.save("client", name="Ávila"), trade.save("client", name="Nube")
    trade.save("client_link", client=trade.client, kind="subsidiary", other_client=middle)
    trade.save("client_link", client=last, kind="parent", other_client=middle)
    for client, kind, other in ((last, "subsidiary", trade.client), (trade.client, "parent", last),
                                (middle, "subsidiary", trade.client)):  # fmt: skip
        tie = partial(trade.save, "client_link", client=client, kind=kind, other_client=other)
        assert "daría una vuelta" in trade.nothing(tie)
    trade.save("client_link", client=last, kind="associate", other_client=trade.client)


def test_categories_do_not_hold_each_other(trade: Careful) -> None:
    outer = trade.save("category", name="Herramienta")
    inner = trade.save("category", name="Eléctrica", parent=outer)
    assert trade.nothing(lambda: trade.save("category", outer, parent=inner))
    assert trade.nothing(lambda: trade.save("category", outer, parent=outer))


# --- days

ENDS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("project", {"name": "Obra"}, "start_date", "target_end_date"),
    ("project", {"name": "Obra"}, "start_date", "actual_end_date"),
    ("campaign", {"name": "Feria"}, "start_date", "expected_close_date"),
    ("service_contract", {"subject": "Póliza", "name": "Póliza"}, "start_date", "due_date"),
    ("subscription", {"name": "Renta", "subject": "Renta"}, "start_date", "end_date"),
    ("quote", {"subject": "Oferta"}, "date", "valid_until"),
    ("invoice", {}, "date", "due_date"),
    ("sales_order", {"subject": "Pedido"}, "sale_date", "expected_payment_date"),
    ("calendar_item", {"subject": "Visita"}, "date", "end_date"),
    ("product_link", {}, "date", "until"),
    ("service_link", {}, "since", "until"),
)


@pytest.mark.parametrize(("table", "values", "first", "last"), ENDS, ids=[f"{each[0]}-{each[3]}" for each in ENDS])
def test_nothing_ends_before_it_begins(
    trade: Careful, table: str, values: dict[str, Any], first: str, last: str
) -> None:
    fields = module(table).fields
    names = {"client": trade.client, "product": int(trade.drill.partition(":")[2]),
             "service": int(trade.visit.partition(":")[2])}  # fmt: skip
    given = {name: value for name, value in (names | values).items() if name in fields}
    with trade.job() as session:
        draft = records.blank(session, table, given).draft
    draft.values |= {first: LATE, last: EARLY}
    said = trade.nothing(partial(_save, trade, draft))
    assert "anterior a" in said or "antes de" in said


def _save(trade: Careful, draft: Draft) -> None:
    with trade.job() as session:
        saving.save(session, draft)


def test_an_asset_held_by_two_at_once_is_asked_about(trade: Careful) -> None:
    asset = trade.save("asset", name="Portátil", serial_number="S-1")
    other = trade.save("client", name="Nube")
    trade.save("asset_assignment", asset=asset, client=trade.client, start_date=EARLY, end_date="2026-06-30")

    def assign(*accepted: str) -> None:
        with trade.job() as session:
            draft = records.blank(session, "asset_assignment", {"asset": asset, "client": other}).draft
            draft.values |= {"start_date": "2026-06-29", "end_date": None}
            draft.accepted = frozenset(accepted)
            commands.save(session, draft)

    assert trade.nothing(assign)
    assign(assets.OVERLAP)


# --- what others refer to


def test_what_is_in_use_is_not_deleted_but_may_be_put_away(trade: Careful) -> None:
    product = int(trade.drill.partition(":")[2])
    sale = trade.sale(line(trade.drill, 1), state="created")
    asked = trade.asked(lambda: trade.delete("product", product))
    assert (asked.code, asked.accept) == (deleting.ARCHIVE, "Archivar")
    assert "«Taladro» se usa en 1 línea" in str(asked)
    assert trade.nothing(lambda: trade.delete("product", product)) == str(asked)
    assert trade.delete("product", product, accepted=deleting.ARCHIVE) == "Queda sin uso: 1 inventariable."
    assert not trade.get("product", product, "is_active")
    trade.undo()
    assert trade.get("product", product, "is_active")
    assert trade.get("sales_order", sale, "client") == "Hotel Azahar"


def test_a_client_with_sales_is_not_deleted_with_them(trade: Careful) -> None:
    trade.sale()
    said = trade.nothing(lambda: trade.delete("client", trade.client))
    assert "se usa en 1 venta" in said
    assert "dejar de usar" in said


def test_a_project_goes_with_its_tasks_after_it_is_said(trade: Careful) -> None:
    project = trade.save("project", name="Obra", client=trade.client)
    trade.save("project_task", name="Medir", project=project)
    assert trade.nothing(lambda: trade.delete("project", project)) == (
        "También se borrará lo que depende: 1 tarea de proyecto."
    )
    trade.delete("project", project, accepted=deleting.DEPENDENTS)
    trade.undo()
    assert trade.get("project", project, "tasks_total") == 1


def test_issued_documents_stay(trade: Careful) -> None:
    invoice = trade.invoice()
    assert "ya tiene folio: no se borra" in trade.nothing(lambda: trade.delete("invoice", invoice))


def test_several_at_once_go_all_or_none(trade: Careful) -> None:
    draft, issued = trade.invoice(state="draft"), trade.invoice()
    assert trade.nothing(lambda: trade.delete("invoice", draft, issued))
    first, second = trade.sale(state="created"), trade.sale(state="created")
    trade.go("sales_order", second, "cancelled")
    assert "no puede pasar" in trade.nothing(lambda: _advance(trade, first, second))


def _advance(trade: Careful, *ids: int) -> None:
    with trade.job() as session:
        commands.advance(session, "sales_order", ids, "authorized")
