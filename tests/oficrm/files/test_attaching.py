"""Taking files in: whatever is dropped, what cannot be taken is named, and all of it is one operation."""

import hashlib
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import contents
from db.contents import AT_ONCE, PIECE, Content, ContentPiece
from db.engine import WRITES, open_engine
from db.history import Actor, operation
from db.models.client import Client
from db.models.document import Document, DocumentLink
from oficrm import deleting, history, restoring, settings, trash, undo
from oficrm.errors import Cancelled, NeedsConfirmation, Refused
from oficrm.files import arriving, attaching, sources
from oficrm.files.sources import Source, SourceProblem
from oficrm.jobs import Progress

LONG = PIECE * AT_ONCE


def totals(cabinet):
    """Rows of contents, pieces, documents, places and operations."""
    models = (Content, ContentPiece, Document, DocumentLink)
    found = cabinet.read(lambda s: [s.scalar(select(func.count()).select_from(model)) for model in models])
    return [*found, len(cabinet.read(history.activity))]


def names(cabinet):
    return cabinet.read(lambda s: list(s.scalars(select(Document.file_name).order_by(Document.id))))


def test_several_files_are_one_operation(cabinet, tmp_path):
    first, second = tmp_path / "uno.txt", tmp_path / "dos.pdf"
    first.write_text("uno")
    second.write_bytes(b"%PDF-1.7\n")
    attached = cabinet.attach(Source(path=first, description="El primero"), Source(path=second))
    assert attached.sentence() == "2 archivos añadidos."
    rows = cabinet.read(lambda s: s.scalars(select(Document).order_by(Document.id)).all())
    assert [row.id for row in rows] == list(attached.ids)
    assert [(row.name, row.file_name, row.size, row.status, row.revision) for row in rows] == [
        ("uno.txt", "uno.txt", 3, "pending", 1), ("dos.pdf", "dos.pdf", 9, "pending", 1)
    ]  # fmt: skip
    assert [row.number for row in rows] == ["ARC-000001", "ARC-000002"]
    assert [row.mime_type for row in rows] == ["text/plain", "application/pdf"]
    assert rows[0].description == "El primero"
    [newest, *_] = cabinet.read(history.activity)
    assert newest.label == "Adjuntar 2 archivos a Talleres Ruiz"
    assert cabinet.counters() == (2, 2, 0, 0)
    cabinet.write(undo.undo_last)
    assert cabinet.counters() == (0, 0, 0, 0)
    cabinet.write(undo.redo_last)
    assert cabinet.counters() == (2, 2, 0, 0)


def test_an_empty_file_is_a_file(cabinet):
    ident = cabinet.file("vacío.txt", b"")
    found = cabinet.read(lambda s: s.get(Document, ident))
    assert (found.size, found.sha256) == (0, hashlib.sha256().hexdigest())
    assert cabinet.read(lambda s: contents.read(s, found.sha256)) == b""


def test_what_cannot_be_taken_in_is_named_and_the_others_are(cabinet, tmp_path):
    folder = tmp_path / "carpeta"
    folder.mkdir()
    os.mkfifo(tmp_path / "tubo")
    (tmp_path / "bien.txt").write_text("bien")
    paths = [folder, tmp_path / "tubo", tmp_path / "nada.txt", tmp_path / "bien.txt", Path(f"{tmp_path}/a\0b")]
    attached = cabinet.attach(*(Source(path=path) for path in paths))
    assert names(cabinet) == ["bien.txt"]
    assert attached.left_out == (
        ("carpeta", "Es una carpeta: añada los archivos que contiene."),
        ("tubo", "No es un archivo corriente."),
        ("nada.txt", "Ya no está en su sitio."),
        ("ab", "Su nombre no es el de un archivo."),
    )
    assert attached.sentence() == (
        "Archivo añadido. carpeta: Es una carpeta: añada los archivos que contiene. tubo: No es un archivo corriente. "
        "nada.txt: Ya no está en su sitio. Y 1 más."
    )


def test_one_that_may_not_be_read_is_named(cabinet, tmp_path, monkeypatch):
    (tmp_path / "mío.txt").write_text("secreto")

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # who runs the tests may read everything
    attached = cabinet.attach(Source(path=tmp_path / "mío.txt"))
    assert attached.left_out == (("mío.txt", "No tiene permiso para leerlo."),)
    assert attached.sentence() == "No se añadió nada. mío.txt: No tiene permiso para leerlo."


def test_nothing_taken_in_leaves_no_operation(cabinet, tmp_path):
    before = totals(cabinet)
    done = cabinet.done(lambda s: attaching.attach(s, [cabinet.key()], [Source(path=tmp_path)]))
    assert done.changes.operation_id is None
    assert totals(cabinet) == before


def test_the_limit_of_parametros(cabinet, tmp_path):
    cabinet.write(lambda s: settings.save(s, {"file_limit": 1}))
    (tmp_path / "justo.bin").write_bytes(bytes(1_000_000))
    (tmp_path / "grande.bin").write_bytes(bytes(1_000_001))
    attached = cabinet.attach(Source(path=tmp_path / "justo.bin"), Source(path=tmp_path / "grande.bin"),
                              Source(name="en memoria.bin", data=bytes(2_000_000)))  # fmt: skip
    assert names(cabinet) == ["justo.bin"]
    said = "Pesa {} y el límite por archivo es de 1 MB (Parámetros)."
    assert attached.left_out == (("grande.bin", said.format("1 MB")), ("en memoria.bin", said.format("2 MB")))


class Growing:
    """A log that somebody goes on writing to; opened as the file it was."""

    def __init__(self, start, most):
        self.left, self.start, self.most = start, start, most

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, count):
        self.left, found = self.left - min(count, self.left), min(count, self.left)
        return bytes(found)

    def seek(self, _position, _whence=0):
        self.left = self.most
        return 0


@pytest.mark.parametrize(("start", "most", "limit", "said"), [
    (3_000_000, 9_000_000, 20, None),
    (3_000_000, 90_000_000, 20, "Pesa 20,2 MB y el límite por archivo es de 20 MB (Parámetros)."),
])  # fmt: skip
def test_a_file_that_grows_is_taken_as_it_is_then_or_not_at_all(cabinet, monkeypatch, start, most, limit, said):
    cabinet.write(lambda s: settings.save(s, {"file_limit": limit}))
    monkeypatch.setattr(Source, "open", lambda *_: (Growing(start, most), start))
    before = totals(cabinet)
    attached = cabinet.attach(Source(name="registro.log", data=b""))
    if said is None:
        assert cabinet.read(lambda s: s.get(Document, attached.ids[0])).size == most
    else:
        [(name, reason)] = attached.left_out
        assert (name, reason[:6], reason[-40:]) == ("registro.log", said[:6], said[-40:])
        assert totals(cabinet) == before


def test_a_file_that_changes_while_read_is_left_out_whole(cabinet, tmp_path, monkeypatch):
    path = tmp_path / "largo.bin"
    path.write_bytes(bytes(LONG + PIECE))
    stored = contents._write

    def meddle(session, sha256, position, pieces):
        stored(session, sha256, position, pieces)
        with path.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"x")

    monkeypatch.setattr(contents, "_write", meddle)
    before = totals(cabinet)
    attached = cabinet.attach(Source(path=path), Source(name="otra.txt", data=b"otra"))
    assert attached.left_out == (("largo.bin", attaching.CHANGED),)
    assert names(cabinet) == ["otra.txt"]
    assert totals(cabinet)[:2] == [before[0] + 1, before[1] + 1]


def test_the_same_file_twice(cabinet):
    once = Source(name="acta.txt", data=b"acta")
    assert cabinet.attach(once, once).left_out == (("acta.txt", attaching.ALREADY_HERE),)
    assert cabinet.attach(once).left_out == (("acta.txt", "Ya estaba aquí."),)
    assert len(cabinet.attach(Source(name="otro nombre.txt", data=b"acta")).ids) == 1
    assert len(cabinet.attach(Source(name="acta.txt", data=b"otra acta")).ids) == 1
    assert cabinet.counters() == (3, 3, 0, 0)
    assert totals(cabinet)[0] == 2  # contents
    assert cabinet.attach(once, once, places=()).left_out == (("acta.txt", attaching.ALREADY_HERE),)


def test_several_places(cabinet):
    first, second = cabinet.key(0), cabinet.key(1)
    cabinet.file("a.txt", b"a", (first, second, first))
    assert (cabinet.counters(0), cabinet.counters(1)) == ((1, 1, 0, 0), (1, 1, 0, 0))
    assert totals(cabinet)[2:4] == [1, 2]
    cabinet.file("b.txt", b"b", (first,))
    cabinet.file("b.txt", b"b", (first, second))  # hangs in one of them already: only where it is new
    assert (cabinet.counters(0)[0], cabinet.counters(1)[0]) == (2, 2)
    other = cabinet.file("c.txt", b"c", ())
    with_second = cabinet.write(lambda s: _file_under(s, [other, other], second))
    assert (with_second, cabinet.counters(1)[0]) == (1, 3)
    assert cabinet.write(lambda s: _file_under(s, [other], second)) == 0


def _file_under(session, ids, key):
    with operation(session, "Archivar"):
        return attaching.file_under(session, ids, key)


def test_names_are_cleaned(cabinet):
    cabinet.attach(Source(name="../../etc/factura\u202efdp.exe", data=b"MZ"), Source(name="  \n ", data=b"x"),
                   Source(name="a" * 300 + ".pdf", data=b"%PDF-1.4"))  # fmt: skip
    first, second, third = names(cabinet)
    assert (first, second) == ("facturafdp.exe", "archivo")
    assert third.endswith("aa.pdf")
    assert len(third) <= 200


@pytest.mark.parametrize("after", [0, 1, 5, 9])
def test_cancelling_keeps_nothing(cabinet, after):
    before = totals(cabinet)
    seen: list[int] = []

    class Impatient(Progress):
        def step(self, done, total):
            if len(seen) == after:
                self.cancel()
            seen.append(done)
            super().step(done, total)

    sources_ = [Source(name=f"{at}.bin", data=bytes([at]) * (LONG + 5 if at == 1 else 9)) for at in range(4)]

    with pytest.raises(Cancelled):
        cabinet.write(lambda s: attaching.attach(s, [cabinet.key()], sources_, Impatient()))
    assert totals(cabinet) == before


def test_progress_comes_to_its_end(cabinet, tmp_path):
    seen: list[tuple[int, int]] = []
    (tmp_path / "a.bin").write_bytes(bytes(LONG + 7))
    given = [Source(path=tmp_path / "a.bin"), Source(name="b.txt", data=b"b"), Source(path=tmp_path)]
    cabinet.write(lambda s: attaching.attach(s, [], given, Progress(lambda *at: seen.append(at))))
    assert seen[-1] == (2 * (LONG + 8), 2 * (LONG + 8))
    assert seen == sorted(seen)


def test_a_record_in_the_trash_takes_nothing(cabinet):
    cabinet.write(lambda s: deleting.delete(s, "client", [cabinet.clients[0]], frozenset({"dependents"})))
    before = totals(cabinet)
    with pytest.raises(Refused, match="«Talleres Ruiz» está en la papelera: recupérelo antes"):
        cabinet.file()
    with pytest.raises(Refused, match="Este cliente ya no existe"):
        cabinet.file(places=("client:999",))
    with pytest.raises(ValueError, match="no key"):
        cabinet.file(places=("nonsense:1",))
    assert totals(cabinet) == before


def test_files_of_a_deleted_record_go_and_come_back_with_it(cabinet):
    client, other = cabinet.clients[:2]
    alone, shared = cabinet.file("a.txt"), cabinet.file("b.txt", places=(f"client:{client}", f"client:{other}"))
    with pytest.raises(NeedsConfirmation, match="1 archivo"):
        cabinet.write(lambda s: deleting.delete(s, "client", [client]))
    cabinet.write(lambda s: deleting.delete(s, "client", [client], frozenset({"dependents"})))
    assert cabinet.read(lambda s: s.get(Document, alone)).deleted_at is not None
    assert cabinet.read(lambda s: s.get(Document, shared)).deleted_at is None
    (gone,) = [each for each in cabinet.read(lambda s: trash.deleted(s)) if each.table in ("client", "document")]
    assert (gone.table, gone.record_id) == ("client", client)
    assert gone.along == 3, "its two people and its file, which is no line of its own in the trash"
    cabinet.write(lambda s: restoring.restore_deleted(s, "client", client))
    assert cabinet.counters() == (2, 2, 0, 0)


def test_a_record_deleted_while_files_are_read_takes_nothing(cabinet, somebody_else):
    """Somebody else deletes the client between the first look and the end."""
    before = totals(cabinet)
    real = attaching._take_all

    def slow(session, given, progress):
        found = real(session, given, progress)
        with somebody_else() as other, other.begin(), operation(other, "Borrar"):
            other.get_one(Client, cabinet.clients[0]).deleted_at = func.now()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attaching, "_take_all", slow)
        with pytest.raises(Refused, match="está en la papelera"):
            cabinet.file()
    assert totals(cabinet)[:4] == before[:4]


@pytest.fixture
def somebody_else(request, started_url):
    """Another person's session; SQLite has one writer at a time, so there is nothing to try."""
    if started_url.startswith("sqlite"):
        pytest.skip("one writer at a time")
    engine = open_engine(started_url, pooled=False)
    yield lambda: Session(engine.execution_options(**{WRITES: True}), info={"actor": Actor("eva")})
    engine.dispose()


def test_nobody_deletes_it_between_the_last_look_and_the_end(cabinet, somebody_else):
    with somebody_else() as first:
        attaching.attach(first, [cabinet.key()], [Source(name="a.txt", data=b"a")])
        thread = threading.Thread(
            target=lambda: cabinet.write(
                lambda s: deleting.delete(s, "client", [cabinet.clients[0]], frozenset({"dependents"}))
            )
        )
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()  # it waits until the files are there
        first.commit()
        thread.join(20)
        assert not thread.is_alive()
    assert totals(cabinet)[2:4] == [1, 1]


def test_inside_another_operation_its_name_stays(cabinet):
    def job(session):
        with operation(session, "Guardar cliente"):
            attaching.attach(session, [cabinet.key()], [Source(name="a.txt", data=b"a")])

    assert cabinet.done(job).changes.label == "Guardar cliente"


def test_a_private_copy_goes_once_it_is_taken_in(tmp_path):
    ours, theirs = tmp_path / "ours.png", tmp_path / "theirs.png"
    for path in (ours, theirs):
        path.write_bytes(b"x")
    Source(path=ours, is_ours=True).forget()
    Source(path=ours, is_ours=True).forget()
    Source(path=theirs).forget()
    assert (ours.exists(), theirs.exists()) == (False, True)


def test_a_disk_that_fails_is_said(tmp_path):
    assert sources.said(OSError(5, "Input/output error")) == "No se puede leer (Input/output error)."
    assert sources.said(IsADirectoryError()) == "Es una carpeta: añada los archivos que contiene."
    with pytest.raises(SourceProblem, match="Ya no está"):
        Source(path=tmp_path / "nada").open(10)


def test_the_limit_is_50_mb_until_somebody_says_otherwise(cabinet):
    done = cabinet.write(lambda s: attaching.attach(s, [cabinet.key()], [Source(name="a.bin", data=bytes(50_000_001))]))
    assert done.ids == ()
    assert done.left_out[0][1].endswith("el límite por archivo es de 50 MB (Parámetros).")


def test_files_that_are_only_added_are_called_so_in_the_history(cabinet):
    """However they come in: by a drop with or without namesakes to ask about."""
    done = cabinet.done(lambda s: arriving.take_in(s, cabinet.key(), [Source(name="a.txt", data=b"a")]))
    assert done.changes.label == "Adjuntar «a.txt» a Talleres Ruiz"
