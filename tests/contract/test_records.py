"""What every module promises without a screen: save, reload, history, undo, redo, delete, restore, list, export."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.fields import KINDS, Field
from db.history import Actor
from db.query import OPERATORS_BY_KIND
from db.registry import module, modules
from oficrm import (
    cleaning,
    copies,
    deleting,
    display,
    export,
    history,
    keys,
    lists,
    loading,
    records,
    related,
    restoring,
    saving,
    undo,
)
from oficrm.errors import NeedsConfirmation, Refused, ValidationError
from oficrm.jobs import Jobs, Progress
from oficrm.rules.problems import Invalid
from tests.contract.samples import ACCEPTED, ANEW, DERIVED, FORMS, OUTSIDE, PNG, UNCHANGEABLE, Sampler, changed

JUNK: tuple[Any, ...] = (
    "x" * 30_000, "\x00\x07\x1b", "a\u202eb\ufeff", "😀🎉👩‍👩‍👧", "'; DROP TABLE client; --", "%_\\", "1e999",
    "-99999999999999999", Decimal("NaN"), Decimal("Infinity"), "product:²", 0,
    "31/02/2026", "01/01/0001", "NaN", "Infinity", "½", "١٢٣", "client:1", "product:999999", True, -1, 10**40,
    Decimal("1e30"), Decimal("-0.00001"), b"\x89PNG", b"GIF89a", "\ud800", "   ", "\n\n\t",
)  # fmt: skip

ON_ONE_ENGINE = pytest.mark.parametrize("started_url", ["sqlite"], indirect=True)
"""For what the pipeline does before it comes to the database, which is the same over both."""


@pytest.fixture
def jobs(started_url: str) -> Iterator[Jobs]:
    made = Jobs(started_url, Actor("ana"))
    yield made
    made.close()


def read(jobs: Jobs, job: Any) -> Any:
    return jobs.read(job).result()


def write(jobs: Jobs, job: Any) -> Any:
    return jobs.write(job).result().value


def sample(jobs: Jobs, table: str) -> int:
    return int(write(jobs, lambda s: Sampler(s).save(table)))


@pytest.mark.parametrize("table", FORMS)
def test_a_record_lives_its_whole_life(jobs: Jobs, table: str) -> None:
    drafts: list[Any] = []

    def make(session: Session) -> int:
        draft = Sampler(session).draft(table)
        drafts.append(draft)
        return saving.save(session, draft.accepting(saving.DUPLICATE)).id

    ident = write(jobs, make)
    loaded = read(jobs, lambda s: records.load(s, table, ident))
    sent = drafts[-1]
    for name, value in sent.values.items():
        field = module(table).fields[name]
        if (table, name) not in DERIVED and field.default != "@number" and not field.read_only:
            assert loaded.draft.values[name] == value, name
    for child, lines in sent.lines.items():
        stored = loaded.draft.lines[child][0].values
        assert {name: stored[name] for name in lines[0].values} == lines[0].values
    assert loaded.title or table in ("interest",)

    if table in UNCHANGEABLE:
        return  # its own tests say how it is refused
    name, value = changed(module(table))
    before = loaded.draft.values[name]

    def change(session: Session) -> None:
        draft = records.load(session, table, ident).draft
        draft.values[name] = value
        saving.save(session, draft)

    def now() -> Any:
        return read(jobs, lambda s: records.load(s, table, ident)).draft.values[name]

    write(jobs, change)
    assert now() == value
    label = module(table).fields[name].label
    newest = next(row for row in read(jobs, lambda s: history.record_history(s, table, ident)) if row.field == label)
    assert (newest.after, newest.user) == (str(value or ""), "ana")
    write(jobs, undo.undo_last)
    assert now() == before
    write(jobs, undo.redo_last)
    assert now() == value

    write(jobs, lambda s: deleting.delete(s, table, [ident], frozenset({deleting.DEPENDENTS})))
    assert read(jobs, lambda s: records.load(s, table, ident)).deleted
    assert ident not in read(jobs, lambda s: lists.load_ids(s, lists.ListFilter(table))).ids
    write(jobs, lambda s: restoring.restore_deleted(s, table, ident))
    back = read(jobs, lambda s: records.load(s, table, ident))
    assert not back.deleted
    assert back.draft.values[name] == value
    assert back.draft.lines == loaded.draft.lines


@ON_ONE_ENGINE
@pytest.mark.parametrize("table", FORMS)
def test_accepting_without_changes_writes_nothing(jobs: Jobs, table: str) -> None:
    ident = sample(jobs, table)

    def accept(session: Session) -> None:
        saving.save(session, records.load(session, table, ident).draft)

    before = read(jobs, history.activity)
    write(jobs, accept)
    assert read(jobs, history.activity) == before


@ON_ONE_ENGINE
@pytest.mark.parametrize("table", FORMS)
def test_an_empty_form_names_each_missing_field(jobs: Jobs, table: str) -> None:
    """A blank one, or for what comes from outside one that was emptied."""
    ident = sample(jobs, table) if table in OUTSIDE else None

    def blank(session: Session) -> None:
        loaded = records.load(session, table, ident) if ident else records.blank(session, table)
        draft = loaded.draft
        for name, field in module(table).fields.items():
            if name in draft.values and field.kind != "yes_no":
                draft.values[name] = None
        saving.save(session, draft)

    shown = {name for section in module(table).screens.form for name in section.fields}
    required = {name for name in shown if module(table).fields[name].required}
    if not required:
        assert table == "email_message"  # whatever it must have came with the message
        write(jobs, blank)
        return
    with pytest.raises(ValidationError) as caught:
        write(jobs, blank)
    assert required <= set(caught.value.errors)
    assert all(texts and all(text.strip() for text in texts) for texts in caught.value.errors.values())


@pytest.mark.parametrize("table", FORMS)
def test_junk_gives_messages_and_nothing_else(jobs: Jobs, table: str) -> None:
    """In every field at once, and where a field takes it, on its way into the database."""
    fields = module(table).fields
    shown = [name for section in module(table).screens.form for name in section.fields]
    for junk in JUNK:
        taken = {name: junk for name in shown if _message(fields[name], junk) is None}

        def attempt(session: Session, junk: Any = junk, taken: dict[str, Any] = taken) -> None:
            draft = Sampler(session).draft(table)
            draft.values |= taken
            for lines in draft.lines.values():
                lines[0].values = dict.fromkeys(lines[0].values, junk)
            saving.save(session, draft)

        with suppress(ValidationError, NeedsConfirmation):
            write(jobs, attempt)


def _message(field: Field, junk: Any) -> str | None:
    """What cleaning says of a value, None when it takes it; always words, never another error."""
    try:
        cleaning.clean(field, junk, cleaning.Context("ES"))
    except Invalid as error:
        return error.message or "no words"
    return None


@ON_ONE_ENGINE
@pytest.mark.parametrize("table", FORMS)
def test_a_copy_can_be_saved(jobs: Jobs, table: str) -> None:
    ident = sample(jobs, table)
    if table in OUTSIDE:  # the same file is filed under one more record instead
        with pytest.raises(Refused, match="rellenando un formulario"):
            read(jobs, lambda s: copies.duplicate(s, table, ident))
        return

    def copy(session: Session) -> int:
        draft = copies.duplicate(session, table, ident).draft
        assert draft.id is None
        sampler = Sampler(session)
        for name, field in module(table).fields.items():
            is_own = field.unique and field.default != "@number" and draft.values.get(name) is None
            if name in draft.values and (is_own or ANEW.get(table) == name):
                draft.values[name] = sampler.another(table, field, draft.values)
        if table == "custom_field":
            draft.values["name"] = "Otro nombre"
        draft.accepted |= ACCEPTED
        return saving.save(session, draft).id

    assert write(jobs, copy) != ident


@pytest.mark.parametrize("table", FORMS)
def test_lists_show_filter_and_export_every_field(jobs: Jobs, table: str, tmp_path: Path) -> None:
    ident = sample(jobs, table)
    facts = read(jobs, lambda s: loading.page_facts(s, table)).facts
    values = read(jobs, lambda s: records.load(s, table, ident)).draft.values
    for name in (*facts.filters, *facts.more_filters):
        assert OPERATORS_BY_KIND[facts.fields[name].kind], name
    own = [name for name, field in module(table).fields.items() if field.kind != "image"]
    row = read(jobs, lambda s: lists.load_rows(s, table, [ident], own))[ident]
    for name, value in zip(own, row, strict=True):
        assert isinstance(display.show(module(table).fields[name], value), str), name
    for name, value in values.items():
        _find_by(jobs, table, name, value, ident)
    sheet = export.Sheet(table, [ident], tuple(own), module(table).module.plural)
    jobs_progress = Progress()
    path = tmp_path / "out.csv"
    assert read(jobs, lambda s: export.to_csv(s, sheet, path, jobs_progress)) == 1
    head = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert module(table).fields[own[0]].label in head
    assert read(jobs, lambda s: export.to_xlsx(s, sheet, tmp_path / "out.xlsx", jobs_progress)) == 1


def _find_by(jobs: Jobs, table: str, name: str, value: Any, ident: int) -> None:
    """A record is found by each of its values, with the first operator of the kind."""
    field = module(table).fields[name]
    op = OPERATORS_BY_KIND[field.kind][0]
    if value is None or field.kind == "image":
        criterion = lists.Criterion(name, "empty", value is None) if "empty" in OPERATORS_BY_KIND[field.kind] else None
    elif op == "in":
        criterion = lists.Criterion(name, op, (value,))
    elif op == "contains":
        criterion = lists.Criterion(name, op, str(value).splitlines()[0].upper())
    elif field.kind == "instant":
        criterion = lists.Criterion(name, op, value.astimezone().date())  # asked for by the day
    else:
        criterion = lists.Criterion(name, op, value)
    if criterion is not None:
        found = read(jobs, lambda s: lists.load_ids(s, lists.ListFilter(table, (criterion,))))
        assert ident in found.ids, name


@ON_ONE_ENGINE
@pytest.mark.parametrize("table", FORMS)
def test_related_modules_start_with_the_link_back(jobs: Jobs, table: str) -> None:
    ident = sample(jobs, table)
    values = read(jobs, lambda s: records.load(s, table, ident)).draft.values
    counts = read(jobs, lambda s: related.counts(s, table, ident))
    for relation in related.related(table):
        preset = related.preset(relation, table, ident, values)
        assert counts[relation.table] >= 0
        if relation.table in OUTSIDE:  # added to the record instead: its key is all that is needed
            assert preset == {relation.whole: f"{table}:{ident}"}
            [title] = read(jobs, lambda s, preset=preset: keys.titles(s, preset.values())).values()
            assert title
            continue
        blank = read(jobs, lambda s, each=relation, preset=preset: records.blank(s, each.table, preset))
        linked, title = blank.draft.values.get(relation.whole), blank.titles.get(relation.whole)
        via = module(relation.table).fields[relation.link].via
        if via is not None:
            [line], [titles] = blank.draft.lines[via[0]], blank.line_titles[via[0]]
            linked, title = line.values[via[1]], titles.get(via[1])
        assert linked in (ident, f"{table}:{ident}")
        assert title or table == "interest"


def test_every_kind_has_its_part_in_every_layer() -> None:
    used = {field.kind for model in modules() for field in model.fields.values()}
    assert used <= KINDS
    for kind in KINDS - {"children"}:
        assert kind in cleaning._CLEANERS, kind
    for kind in used - {"json"}:
        assert kind in OPERATORS_BY_KIND, kind


def test_pictures_survive(jobs: Jobs) -> None:
    ident = sample(jobs, "person")
    assert read(jobs, lambda s: records.load(s, "person", ident)).draft.values["photo"] == PNG
