"""Files that are here: versions, validation, names, taking off, copies on disk, and the undo of each."""

import tracemalloc

import pytest
from sqlalchemy import select, update

from db import contents
from db.contents import AT_ONCE, PIECE, ContentPiece
from db.history import operation
from db.models.document import Document, DocumentLink, DocumentVersion
from oficrm import deleting, history, restoring, settings, undo
from oficrm.errors import Cancelled, EnvironmentProblem, Refused, ValidationError
from oficrm.files import attaching, keeping
from oficrm.files.sources import Source, SourceProblem
from oficrm.jobs import Progress


@pytest.fixture
def ident(cabinet):
    return cabinet.file("oferta.txt", b"primera")


def get(cabinet, ident):
    return cabinet.read(lambda s: s.get(Document, ident))


def data(cabinet, ident, version_id=None):
    return cabinet.read(lambda s: keeping.read(s, keeping.facts(s, ident, version_id).sha256))


def versions(cabinet, ident):
    return [(row.revision, row.file_name, row.size) for row in cabinet.read(lambda s: keeping.revisions(s, ident))]


def renew(cabinet, ident, text, name="oferta.txt"):
    return cabinet.write(lambda s: keeping.new_version(s, ident, Source(name=name, data=text)))


def test_a_new_version_is_pending_and_the_old_one_stays(cabinet, ident):
    cabinet.write(lambda s: keeping.validate(s, [ident]))
    assert cabinet.counters() == (1, 0, 1, 0)
    assert renew(cabinet, ident, b"segunda, mejor", "oferta v2.txt") == "«oferta v2.txt»: versión 2."
    found = get(cabinet, ident)
    assert (found.revision, found.name, found.status, found.validated_by) == (2, "oferta v2.txt", "pending", None)
    assert data(cabinet, ident) == b"segunda, mejor"
    assert versions(cabinet, ident) == [(2, "oferta v2.txt", 14), (1, "oferta.txt", 7)]
    first = cabinet.read(lambda s: keeping.revisions(s, ident))[1]
    assert data(cabinet, ident, first.version_id) == b"primera"
    assert first.at == found.created_at
    assert cabinet.counters() == (1, 1, 0, 0)
    with pytest.raises(Refused, match="Es igual que la versión que ya hay"):
        renew(cabinet, ident, b"segunda, mejor")


def test_a_subject_that_was_given_stays_with_a_new_version(cabinet, ident):
    def give(session):
        with operation(session, "Asunto"):
            session.get_one(Document, ident).name = "Oferta definitiva"

    cabinet.write(give)
    renew(cabinet, ident, b"segunda", "v2.txt")
    assert (get(cabinet, ident).name, get(cabinet, ident).file_name) == ("Oferta definitiva", "v2.txt")


def test_a_large_file_is_attached_and_copied_out_in_little_memory(cabinet, tmp_path):
    cabinet.write(lambda s: settings.save(s, {"file_limit": 300}))
    with (tmp_path / "g.bin").open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    try:
        done = cabinet.write(lambda s: attaching.attach(s, [cabinet.key()], [Source(path=tmp_path / "g.bin")]))
        out(cabinet, done.ids[0], tmp_path / "salida.bin")
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert (tmp_path / "salida.bin").stat().st_size == 200_000_000


def test_versions_are_undone_and_restored(cabinet, ident):
    renew(cabinet, ident, b"segunda")
    cabinet.write(undo.undo_last)
    assert (get(cabinet, ident).revision, data(cabinet, ident)) == (1, b"primera")
    assert versions(cabinet, ident) == [(1, "oferta.txt", 7)]
    cabinet.write(undo.redo_last)
    assert versions(cabinet, ident) == [(2, "oferta.txt", 7), (1, "oferta.txt", 7)]
    renew(cabinet, ident, b"tercera", "otra.txt")
    oldest = cabinet.read(lambda s: keeping.revisions(s, ident))[-1]
    said = cabinet.write(lambda s: keeping.restore_version(s, ident, oldest.version_id))
    assert said == "«oferta.txt» vuelve a ser como en la versión 1."
    assert (data(cabinet, ident), get(cabinet, ident).name) == (b"primera", "oferta.txt")
    assert [row[0] for row in versions(cabinet, ident)] == [4, 3, 2, 1]
    with pytest.raises(Refused, match="Es igual"):
        cabinet.write(lambda s: keeping.restore_version(s, ident, oldest.version_id))
    other = cabinet.file("otro.txt", b"otro")
    for call in (keeping.restore_version, keeping.facts):
        with pytest.raises(Refused, match="Esa versión ya no existe"):
            cabinet.write(lambda s, call=call: call(s, other, oldest.version_id))


def test_a_new_version_that_cannot_be_read_changes_nothing(cabinet, ident, tmp_path):
    for path in (tmp_path, tmp_path / "nada"):
        with pytest.raises(SourceProblem):
            cabinet.write(lambda s, path=path: keeping.new_version(s, ident, Source(path=path)))
    assert versions(cabinet, ident) == [(1, "oferta.txt", 7)]
    assert cabinet.read(lambda s: s.scalars(select(DocumentVersion)).all()) == []


def test_validation(cabinet, ident):
    other = cabinet.file("otra.txt", b"otra")
    assert cabinet.write(lambda s: keeping.validate(s, [ident])) == "Validado: «oferta.txt»."
    found = get(cabinet, ident)
    assert (found.status, found.validated_by) == ("valid", "ana")
    assert found.validated_at is not None
    done = cabinet.done(lambda s: keeping.validate(s, [ident]))
    assert done.changes.operation_id is None  # it was valid: nothing to undo
    assert cabinet.write(lambda s: keeping.reject(s, [ident, other], " no se\n lee ")) == "Rechazado: 2 archivos."
    assert [get(cabinet, each).rejection_reason for each in (ident, other)] == ["no se lee", "no se lee"]
    assert cabinet.counters() == (2, 0, 0, 2)
    assert cabinet.write(lambda s: keeping.reopen(s, [other])) == "Pendiente de validar: «otra.txt»."
    found = get(cabinet, other)
    assert (found.status, found.rejection_reason, found.validated_by, found.validated_at) == ("pending", *[None] * 3)
    assert cabinet.counters() == (2, 1, 0, 1)
    for _ in range(3):
        cabinet.write(undo.undo_last)
    assert cabinet.counters() == (2, 2, 0, 0)


def test_a_rejection_says_why(cabinet, ident):
    for reason in ("", " \n "):
        with pytest.raises(ValidationError) as caught:
            cabinet.write(lambda s, reason=reason: keeping.reject(s, [ident], reason))
        assert caught.value.errors == {"rejection_reason": ["Diga por qué se rechaza."]}
    assert get(cabinet, ident).status == "pending"


@pytest.mark.parametrize(("typed", "name"), [
    ("acta", "acta.txt"), ("acta.md", "acta.md"), ("acta.TXT", "acta.TXT"), ("tarifa 1.2", "tarifa 1.2.txt"),
    ("para el Sr. Gil", "para el Sr. Gil.txt"), ("acta.final", "acta.final.txt"), ("../acta.pdf", "acta.pdf"),
    (" acta ", "acta.txt"),
])  # fmt: skip
def test_renaming_keeps_the_ending(cabinet, ident, typed, name):
    said = cabinet.write(lambda s: keeping.rename(s, ident, typed))
    assert said == f"«oferta.txt» se llama ahora «{name}»."
    found = get(cabinet, ident)
    assert (found.file_name, found.name) == (name, name)
    cabinet.write(undo.undo_last)
    assert get(cabinet, ident).file_name == "oferta.txt"


def test_renaming_needs_a_name_and_leaves_the_subject_somebody_wrote(cabinet, ident):
    with pytest.raises(ValidationError):
        cabinet.write(lambda s: keeping.rename(s, ident, "  "))
    cabinet.write(lambda s: entitle(s, ident))
    cabinet.write(lambda s: keeping.rename(s, ident, "nueva"))
    assert (get(cabinet, ident).name, get(cabinet, ident).file_name) == ("La oferta buena", "nueva.txt")
    renew(cabinet, ident, b"segunda", "v2.txt")
    assert (get(cabinet, ident).name, get(cabinet, ident).file_name) == ("La oferta buena", "v2.txt")


def entitle(session, ident):
    with operation(session, "Asunto"):
        session.get_one(Document, ident).name = "La oferta buena"


def live_places(cabinet, ident):
    wanted = select(DocumentLink.record).where(DocumentLink.document_id == ident, DocumentLink.deleted_at.is_(None))
    return set(cabinet.read(lambda s: s.scalars(wanted).all()))


def test_taken_off_one_of_two_records(cabinet):
    first, second = cabinet.key(0), cabinet.key(1)
    ident = cabinet.file(places=(first, second))
    done = cabinet.done(lambda s: keeping.take_off(s, [ident], first))
    assert (done.value, done.changes.label) == ("Quitado: «nota.txt».", "Quitar «nota.txt» de Talleres Ruiz")
    assert (live_places(cabinet, ident), get(cabinet, ident).deleted_at) == ({second}, None)
    cabinet.write(lambda s: keeping.take_off(s, [ident], second))  # the last place: into the trash
    assert get(cabinet, ident).deleted_at is not None
    assert (cabinet.counters(0), cabinet.counters(1)) == ((0, 0, 0, 0), (0, 0, 0, 0))
    with pytest.raises(Refused, match="ya no existen"):
        cabinet.write(lambda s: keeping.take_off(s, [ident], None))
    cabinet.write(undo.undo_last)
    assert (live_places(cabinet, ident), get(cabinet, ident).deleted_at) == ({second}, None)
    cabinet.write(lambda s: keeping.take_off(s, [ident], None))
    assert (live_places(cabinet, ident), get(cabinet, ident).deleted_at is None) == (set(), False)


def test_a_file_goes_to_the_trash_with_its_places_and_comes_back_with_them(cabinet, ident):
    renew(cabinet, ident, b"segunda")
    assert cabinet.write(lambda s: deleting.delete(s, "document", [ident])) == "Se ha borrado 1 archivo."
    assert cabinet.counters() == (0, 0, 0, 0)
    for call in (keeping.validate, keeping.reopen):
        with pytest.raises(Refused, match="ya no existen"):
            cabinet.write(lambda s, call=call: call(s, [ident]))
    cabinet.write(lambda s: restoring.restore_deleted(s, "document", ident))
    assert cabinet.counters() == (1, 1, 0, 0)
    assert len(versions(cabinet, ident)) == 2


def test_the_history_of_a_file_is_told_in_words(cabinet, ident):
    cabinet.write(lambda s: keeping.reject(s, [ident], "borroso"))
    renew(cabinet, ident, b"segunda")
    rows = cabinet.read(lambda s: history.record_history(s, "document", ident))
    told = {(row.field, row.before, row.after) for row in rows}
    assert {("Estado de validación", "Pendiente", "Rechazado"), ("Motivo de rechazo", "", "borroso"),
            ("Versión", "1", "2")} <= told  # fmt: skip
    assert any("Talleres Ruiz" in f"{row.field} {row.before} {row.after} {row}" for row in rows)
    assert not any("client:" in f"{row.before} {row.after}" for row in rows)


def test_what_the_program_keeps_in_step_is_not_restored_by_itself(cabinet, ident):
    renew(cabinet, ident, b"segunda")
    rows = cabinet.read(lambda s: history.record_history(s, "document", ident))
    change = next(row for row in rows if row.field == "Huella SHA-256")
    with pytest.raises(Refused, match="Restaurar versión"):
        cabinet.write(lambda s: restoring.restore_value(s, change.change_id))
    first = next(row for row in rows if row.action == "Alta" and row.table == "document")
    cabinet.write(lambda s: restoring.restore_version(s, first.change_id))
    assert (get(cabinet, ident).revision, data(cabinet, ident)) == (1, b"primera")
    assert versions(cabinet, ident) == [(1, "oferta.txt", 7)]


def test_undoing_what_was_worked_on_since_is_refused(cabinet):
    done = cabinet.done(lambda s: attach_note(s, cabinet))
    [ident] = done.value.ids
    cabinet.write(lambda s: keeping.validate(s, [ident]))
    with pytest.raises(Refused, match=r"«nota.txt» cambió después: Validar «nota.txt», ana"):
        cabinet.write(lambda s: undo.undo(s, done.changes.operation_id))
    cabinet.write(undo.undo_last)
    cabinet.write(lambda s: undo.undo(s, done.changes.operation_id))
    assert cabinet.counters() == (0, 0, 0, 0)


def attach_note(session, cabinet):
    return attaching.attach(session, [cabinet.key()], [Source(name="nota.txt", data=b"hola")])


def out(cabinet, ident, path, progress=None):
    return cabinet.read(lambda s: keeping.copy_out(s, keeping.facts(s, ident), path, progress))


def test_a_copy_on_disk(cabinet, tmp_path):
    content = bytes(range(256)) * (PIECE // 128)
    ident = cabinet.file("a.bin", content)
    seen: list[tuple[int, int]] = []
    path = out(cabinet, ident, tmp_path / "a.bin", Progress(lambda *at: seen.append(at)))
    assert path.read_bytes() == content
    assert seen[-1] == (2 * len(content), 2 * len(content))


def test_a_copy_never_writes_over_another_file(cabinet, ident, tmp_path):
    path = tmp_path / "mío.txt"
    path.write_text("mío")
    with pytest.raises(EnvironmentProblem, match="No se pudo escribir"):
        out(cabinet, ident, path)
    assert path.read_text() == "mío"


def test_a_copy_that_does_not_come_to_its_end_leaves_nothing(cabinet, tmp_path, monkeypatch):
    ident = cabinet.file("a.bin", bytes(PIECE * AT_ONCE))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        out(cabinet, ident, tmp_path / "a.bin", progress)
    with pytest.raises(EnvironmentProblem, match="No se pudo escribir"):
        out(cabinet, ident, tmp_path / "nada" / "a.bin")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(contents, "copy_to", full)
        with pytest.raises(EnvironmentProblem, match="No space left"):
            out(cabinet, ident, tmp_path / "a.bin")
    cabinet.write(lambda s: s.execute(update(ContentPiece).where(ContentPiece.position == 3).values(data=b"x")))
    for call in (lambda: out(cabinet, ident, tmp_path / "a.bin"), lambda: data(cabinet, ident)):
        with pytest.raises(EnvironmentProblem, match="dañado"):
            call()
    assert list(tmp_path.glob("*.bin")) == []
