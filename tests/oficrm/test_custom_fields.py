"""Campos parametrizables: they work in form, filter, column and history at once, and keep their data when hidden."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from oficrm import clock, custom_fields, history, lists, loading, records, saving, undo
from oficrm.errors import ValidationError
from oficrm.jobs import Jobs
from oficrm.lists import Criterion, ListFilter
from tests.support.office import TODAY, fill, open_jobs

SAMPLES: dict[str, tuple[Any, Any]] = {
    "text": (" Zona  norte ", "Zona norte"), "long_text": ("uno\ndos", "uno\ndos"),
    "quantity": ("1.234,5", Decimal("1234.5")), "day": ("15/3/2026", dt.date(2026, 3, 15)), "yes_no": (True, True),
    "options": ("Alta", "Alta"),
}  # fmt: skip


@pytest.fixture
def jobs(started_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with open_jobs(started_url) as opened:
        opened.write(fill).result()
        yield opened


def define(jobs: Jobs, kind: str, name: str = "", **more: Any) -> int:
    def job(session: Session) -> int:
        draft = records.blank(session, "custom_field", {"module_table": "client"}).draft
        draft.values |= {"name": name or f"Campo {kind}", "kind": kind, **more}
        if kind == "options":
            draft.values["options"] = "Alta\n\nMedia\nAlta\nBaja"
        return saving.save(session, draft).id

    return jobs.write(job).result().value


def put(jobs: Jobs, ident: int, **values: Any) -> None:
    def job(session: Session) -> None:
        draft = records.load(session, "client", ident).draft
        draft.values |= values
        saving.save(session, draft)

    jobs.write(job).result()


def clients(jobs: Jobs) -> list[int]:
    return jobs.read(lambda s: lists.load_ids(s, ListFilter("client", sort=("code",)))).result().ids.tolist()


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_works_everywhere(jobs: Jobs, kind: str) -> None:
    own = custom_fields.field_name(define(jobs, kind))
    typed, value = SAMPLES[kind]
    ident = clients(jobs)[3]
    put(jobs, ident, **{own: typed})
    assert jobs.read(lambda s: records.load(s, "client", ident)).result().draft.values[own] == value
    assert jobs.read(lambda s: loading.page(s, "client", [ident], [own])).result()[ident] == (value,)
    assert own in jobs.read(lambda s: lists.facts(s, "client")).result().more_filters
    criteria = {"text": ("contains", "ZONA"), "long_text": ("contains", "dos"), "quantity": ("from", "1000"),
                "day": ("to", "31/12/2026"), "yes_no": ("is", True), "options": ("in", ("Alta", "Baja"))}  # fmt: skip
    wanted = ListFilter("client", (Criterion(own, *criteria[kind]),), sort=(own,))
    assert jobs.read(lambda s: lists.load_ids(s, wanted)).result().ids.tolist() == [ident]
    entry = jobs.read(lambda s: history.record_history(s, "client", ident)).result()[0]
    assert (entry.field, entry.before) == (f"Campo {kind}", "")
    assert entry.after
    jobs.write(undo.undo_last).result()
    assert not jobs.read(lambda s: records.load(s, "client", ident)).result().draft.values[own]


def test_bad_values_are_said_beside_the_field(jobs: Jobs) -> None:
    names = {kind: custom_fields.field_name(define(jobs, kind)) for kind in ("quantity", "day", "options", "text")}
    bad = {"quantity": "muchos", "day": "31/02/2026", "options": "Otra", "text": "x" * 301}
    with pytest.raises(ValidationError) as caught:
        put(jobs, clients(jobs)[0], **{names[kind]: value for kind, value in bad.items()})
    assert caught.value.errors.keys() == set(names.values())


def test_required_and_default(jobs: Jobs) -> None:
    own = custom_fields.field_name(define(jobs, "text", is_required=True, default_value="por defecto"))
    assert jobs.read(lambda s: records.blank(s, "client")).result().draft.values[own] == "por defecto"
    with pytest.raises(ValidationError) as caught:
        put(jobs, clients(jobs)[0], **{own: None})
    assert caught.value.errors == {own: ["Falta este dato."]}


def test_hidden_fields_keep_their_data(jobs: Jobs) -> None:
    ident = define(jobs, "text", "Zona")
    own, client = custom_fields.field_name(ident), clients(jobs)[0]
    put(jobs, client, **{own: "Norte"})
    said = jobs.write(lambda s: custom_fields.switch(s, ident, False)).result().value
    assert "sus datos se conservan" in said
    assert own not in jobs.read(lambda s: records.load(s, "client", client)).result().draft.values
    put(jobs, client, city="Elda")
    entries = jobs.read(lambda s: history.record_history(s, "client", client)).result()
    assert "Zona" in {entry.field for entry in entries}
    jobs.write(lambda s: custom_fields.switch(s, ident, True)).result()
    assert jobs.read(lambda s: records.load(s, "client", client)).result().draft.values[own] == "Norte"


def test_the_order_is_what_the_user_says(jobs: Jobs) -> None:
    ids = [define(jobs, "text", name) for name in ("Uno", "Dos", "Tres")]
    jobs.write(lambda s: custom_fields.reorder(s, [ids[2], ids[0], ids[1]])).result()

    def names(session: Session) -> list[str]:
        return [each.field.label for each in custom_fields.defined(session, "client")]

    assert jobs.read(names).result() == ["Tres", "Uno", "Dos"]
    jobs.write(undo.undo_last).result()
    assert jobs.read(names).result() == sorted(["Uno", "Dos", "Tres"])
    assert jobs.write(lambda s: custom_fields.reorder(s, [])).result().changes.operation_id is None


def test_a_definition_that_makes_no_sense_is_refused(jobs: Jobs) -> None:
    def refused(**values: Any) -> dict[str, list[str]]:
        with pytest.raises(ValidationError) as caught:
            define(jobs, values.pop("kind", "text"), **values)
        return caught.value.errors

    assert refused(module_table="nada").keys() == {"module_table"}
    assert refused(kind="quantity", default_value="mucho").keys() == {"default_value"}
    assert refused(kind="options", default_value="Otra").keys() == {"default_value"}
    define(jobs, "text", "Zona")
    assert refused(name="ZONA").keys() == {"name"}
    assert refused(position="-1").keys() == {"position"}
