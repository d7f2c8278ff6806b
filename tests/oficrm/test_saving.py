"""Saving a form of any module: what is checked, what is numbered, who wins, and what is left behind."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.client import ClientStatus
from db.models.custom_field import CustomKind
from oficrm import deleting, history, records, saving, settings
from oficrm.drafts import Draft, LineDraft, Saved
from oficrm.errors import Conflict, NeedsConfirmation, Refused, ValidationError
from oficrm.jobs import Done, Jobs


class Desk:
    """A fresh company; forms opened and saved as the screens do."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    def read(self, job: Any) -> Any:
        return self.jobs.read(job).result()

    def open(self, table: str, ident: int | None = None, **values: Any) -> Draft:
        draft: Draft = self.read(lambda s: records.load(s, table, ident) if ident else records.blank(s, table)).draft
        draft.values |= values
        return draft

    def done(self, draft: Draft, user: str = "ana") -> Done[Saved]:
        def job(session: Session) -> Saved:
            session.info["actor"] = Actor(user)
            return saving.save(session, draft)

        return self.jobs.write(job).result()

    def save(self, table: str, ident: int | None = None, **values: Any) -> int:
        return self.done(self.open(table, ident, **values)).value.id

    def values(self, table: str, ident: int) -> dict[str, Any]:
        return self.open(table, ident).values

    def errors(self, table: str, ident: int | None = None, **values: Any) -> dict[str, list[str]]:
        with pytest.raises(ValidationError) as caught:
            self.save(table, ident, **values)
        return caught.value.errors


@pytest.fixture
def desk(started_url: str) -> Iterator[Desk]:
    jobs = Jobs(started_url, Actor("ana"))
    yield Desk(jobs)
    jobs.close()


def test_what_is_typed_is_cleaned(desk: Desk) -> None:
    ident = desk.save("client", name="  Talleres   Ruíz ", phone="961 23 45 67", email="Info@Ruiz.ES",
                      tax_id="b-46644050", annual_revenue="1.240,50")  # fmt: skip
    stored = desk.values("client", ident)
    assert (stored["name"], stored["phone"], stored["email"]) == ("Talleres Ruíz", "+34961234567", "info@ruiz.es")
    assert stored["annual_revenue"] == Decimal("1240.5")


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    errors = desk.errors("client", name="", email="malo", postal_code="x", credit_days="-1")
    assert set(errors) == {"name", "email", "postal_code", "credit_days"}


def test_each_estado_has_its_numbers_and_a_number_is_never_given_twice(desk: Desk) -> None:
    first, second = desk.save("client", name="Uno"), desk.save("client", name="Dos")
    other = desk.save("client", name="Tres", status=ClientStatus.CLIENT)
    codes = [desk.values("client", ident)["code"] for ident in (first, second, other)]
    assert codes == ["POT-000001", "POT-000002", "CLI-000001"]
    desk.jobs.write(lambda s: deleting.delete(s, "client", [second])).result()
    assert desk.values("client", desk.save("client", name="Cuatro"))["code"] == "POT-000003"


def test_a_number_typed_by_hand_is_passed_over(desk: Desk) -> None:
    desk.save("client", name="A mano", code="POT-000001")
    assert desk.values("client", desk.save("client", name="Siguiente"))["code"] == "POT-000002"


def test_the_proposed_number_is_the_one_given(desk: Desk) -> None:
    proposed = desk.read(lambda s: records.blank(s, "client")).proposed
    assert proposed == {"code": desk.values("client", desk.save("client", name="Uno"))["code"]}


def test_the_branch_enters_the_code_when_so_set(desk: Desk) -> None:
    desk.jobs.write(lambda s: settings.save(s, {"branch_in_code": True})).result()
    branch = desk.save("branch", name="Valencia", code="VAL")
    assert desk.values("client", desk.save("client", name="Uno", branch=branch))["code"] == "POT-VAL-000001"


def test_unique_values_name_who_has_them(desk: Desk) -> None:
    desk.save("client", name="Ruiz", email="info@ruiz.es", code="R-1")
    errors = desk.errors("client", name="Otro", email="INFO@ruiz.es", code="r-1")
    assert errors == {"email": ["Ya lo tiene «Ruiz»."], "code": ["Ya lo tiene «Ruiz»."]}


def test_what_lies_in_the_trash_can_be_used_again(desk: Desk) -> None:
    ident = desk.save("client", name="Ruiz", email="info@ruiz.es")
    desk.jobs.write(lambda s: deleting.delete(s, "client", [ident])).result()
    assert desk.save("client", name="Ruiz nuevo", email="info@ruiz.es") != ident


def test_generic_tax_ids_may_repeat(desk: Desk) -> None:
    for name in ("Público uno", "Público dos"):
        desk.save("client", name=name, country="MX", tax_id="XAXX010101000")
    assert "tax_id" in desk.errors("client", name="Malo", country="MX", tax_id="XAXX0101010")


def test_a_second_client_of_the_same_name_needs_a_word(desk: Desk) -> None:
    desk.save("client", name="Muñoz")
    draft = desk.open("client", name="MUÑOZ")
    with pytest.raises(NeedsConfirmation) as caught:
        desk.done(draft)
    assert desk.done(draft.accepting(caught.value.code)).value.is_new


def test_a_client_cannot_hang_on_itself_nor_in_a_circle(desk: Desk) -> None:
    first = desk.save("client", name="Matriz")
    second = desk.save("client", name="Filial", parent_client=first)
    assert "parent_client" in desk.errors("client", first, parent_client=first)
    assert "parent_client" in desk.errors("client", first, parent_client=second)


def test_links_must_live_and_belong_together(desk: Desk) -> None:
    first, second = desk.save("client", name="Uno"), desk.save("client", name="Dos")
    person = desk.save("person", first_name="Marta", last_name="Gil", client=second)
    assert "person" in desk.errors("opportunity", name="Venta", client=first, person=person)
    assert "client" in desk.errors("opportunity", name="Venta", client=999_999)
    assert "client" in desk.errors("opportunity", name="Venta", client="Talleres")
    desk.jobs.write(lambda s: deleting.delete(s, "person", [person])).result()
    assert "person" in desk.errors("opportunity", name="Venta", client=second, person=person)


def test_a_link_that_went_to_the_trash_later_stays(desk: Desk) -> None:
    client = desk.save("client", name="Uno")
    person = desk.save("person", first_name="Marta", last_name="Gil", client=client)
    sale = desk.save("opportunity", name="Venta", client=client, person=person)
    desk.jobs.write(lambda s: deleting.delete(s, "person", [person])).result()
    desk.save("opportunity", sale, name="Venta grande")
    loaded = desk.read(lambda s: records.load(s, "opportunity", sale))
    assert (loaded.draft.values["person"], loaded.titles["person"]) == (person, "Marta Gil")


def test_changes_of_different_fields_join_and_of_the_same_ask(desk: Desk) -> None:
    ident = desk.save("client", name="Ruiz", city="Elche")
    mine, theirs = desk.open("client", ident, city="Alcoy", notes="mías"), desk.open("client", ident, city="Gandia")
    desk.done(theirs, "luis")
    with pytest.raises(Conflict) as caught:
        desk.done(mine)
    conflict = caught.value
    found = [(each.field, each.original, each.mine, each.theirs) for each in conflict.differences]
    assert found == [("city", "Elche", "Alcoy", "Gandia")]
    assert conflict.who == "luis"
    desk.done(saving.with_version(mine, conflict, set()))
    stored = desk.values("client", ident)
    assert (stored["city"], stored["notes"]) == ("Gandia", "mías")


def test_lines_changed_by_two_people_ask_too(desk: Desk) -> None:
    client = desk.save("client", name="Ruiz")
    draft = desk.open("quote", subject="Oferta", client=client)
    draft.lines["quote_line"] = [LineDraft(None, {"description": "Uno", "quantity": 1, "unit_price": 10,
                                                  "tax_rate": 21})]  # fmt: skip
    ident = desk.done(draft).value.id
    mine, theirs = desk.open("quote", ident), desk.open("quote", ident)
    theirs.lines["quote_line"][0].values["description"] = "Uno de ellos"
    mine.lines["quote_line"].append(LineDraft(None, {"description": "Dos", "quantity": 1, "unit_price": 5,
                                                     "tax_rate": 21}))  # fmt: skip
    desk.done(theirs, "luis")
    with pytest.raises(Conflict) as caught:
        desk.done(mine)
    assert [each.field for each in caught.value.differences] == ["quote_line"]
    desk.done(saving.with_version(mine, caught.value, set()))
    lines = desk.open("quote", ident).lines["quote_line"]
    assert [line.values["description"] for line in lines] == ["Uno de ellos"]


def test_lines_that_only_the_others_changed_are_left_to_them(desk: Desk) -> None:
    client = desk.save("client", name="Ruiz")
    ident = desk.save("quote", subject="Oferta", client=client)
    mine, theirs = desk.open("quote", ident, notes="mías"), desk.open("quote", ident)
    theirs.lines["quote_line"] = [LineDraft(None, {"description": "Suya", "quantity": 1, "unit_price": 10,
                                                   "tax_rate": 21})]  # fmt: skip
    desk.done(theirs, "luis")
    desk.done(mine)
    loaded = desk.open("quote", ident)
    assert loaded.values["notes"] == "mías"
    assert len(loaded.lines["quote_line"]) == 1


def test_a_record_deleted_meanwhile_comes_back_only_when_asked(desk: Desk) -> None:
    ident = desk.save("origin", name="Mercado")
    draft = desk.open("origin", ident, name="Mercado central")
    desk.jobs.write(lambda s: deleting.delete(s, "origin", [ident])).result()
    with pytest.raises(NeedsConfirmation) as caught:
        desk.done(draft)
    desk.done(draft.accepting(caught.value.code))
    assert desk.values("origin", ident)["name"] == "Mercado central"


def test_accepting_without_changes_leaves_no_operation(desk: Desk) -> None:
    ident = desk.save("client", name="Ruiz")
    before = desk.read(history.activity)
    assert desk.done(desk.open("client", ident)).changes.tables == {}
    assert desk.read(history.activity) == before


def test_nothing_is_half_saved(desk: Desk) -> None:
    client = desk.save("client", name="Ruiz")
    draft = desk.open("quote", subject="Oferta", client=client)
    right = {"description": "Bien", "quantity": 1, "unit_price": 1, "tax_rate": 21}
    wrong = {"description": "Mal", "quantity": "x", "unit_price": 1}
    draft.lines["quote_line"] = [LineDraft(None, right), LineDraft(None, wrong)]
    before = desk.read(history.activity)
    with pytest.raises(ValidationError) as caught:
        desk.done(draft)
    assert set(caught.value.errors) == {"quote_line.1.quantity"}
    assert desk.read(history.activity) == before


def test_own_fields_are_checked_kept_and_remembered(desk: Desk) -> None:
    desk.save("custom_field", module_table="client", name="Zona", kind=CustomKind.LIST, options="Norte\nSur",
              is_required=True)  # fmt: skip
    field = desk.save("custom_field", module_table="client", name="Socios", kind=CustomKind.NUMBER, default_value="3")
    draft = desk.open("client", name="Ruiz")
    zone = next(name for name in draft.values if name.startswith("x_") and name != f"x_{field}")
    assert draft.values[f"x_{field}"] == Decimal(3)
    with pytest.raises(ValidationError) as caught:
        desk.done(draft)
    assert set(caught.value.errors) == {zone}
    draft.values |= {zone: "Norte", f"x_{field}": "muchos"}
    with pytest.raises(ValidationError) as caught:
        desk.done(draft)
    assert set(caught.value.errors) == {f"x_{field}"}
    draft.values[f"x_{field}"] = "12,5"
    ident = desk.done(draft).value.id
    stored = desk.values("client", ident)
    assert (stored[zone], stored[f"x_{field}"]) == ("Norte", Decimal("12.5"))


def test_a_default_that_no_longer_fits_is_left_out(desk: Desk) -> None:
    field = desk.save("custom_field", module_table="client", name="Saludo", kind=CustomKind.TEXT, default_value="@hola")
    assert desk.open("client").values[f"x_{field}"] == "@hola"


def test_a_record_that_is_not_there_cannot_be_opened(desk: Desk) -> None:
    with pytest.raises(Refused, match="ya no existe"):
        desk.open("client", 999_999)
