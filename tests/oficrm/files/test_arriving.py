"""Files on their way in: folders, names that are taken, and all answers in one operation."""

import pytest
from sqlalchemy import select

from db.models.document import Document
from oficrm import history, undo
from oficrm.errors import Cancelled
from oficrm.files import arriving, keeping
from oficrm.files.sources import Source
from oficrm.jobs import Progress


def look(cabinet, *sources, place=None):
    return cabinet.read(lambda s: arriving.look_at(s, place or cabinet.key(), sources))


def test_a_folder_gives_its_files_without_hidden_ones_and_links(cabinet, tmp_path):
    folder = tmp_path / "Fotos"
    (folder / "b").mkdir(parents=True)
    for name in ("z.txt", "b/a.txt", ".oculto", "b/.git"):
        (folder / name).write_text(name)
    (folder / "b" / "lazo").symlink_to(folder)
    (folder / "otra.txt").symlink_to(folder / "z.txt")
    arrival = look(cabinet, Source(path=folder), Source(path=folder / "z.txt"))
    assert [source.title() for source in arrival.sources] == ["z.txt"]
    (found,) = arrival.folders
    assert [path.relative_to(folder).as_posix() for path in found.files] == ["z.txt", "b/a.txt"]
    assert not found.is_cut


def test_of_a_huge_folder_the_first_are_offered(cabinet, tmp_path, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_OF_FOLDER", 3)
    for number in range(4):
        (tmp_path / f"{number}").write_text("")
    (found,) = look(cabinet, Source(path=tmp_path)).folders
    assert len(found.files) == 3
    assert found.is_cut


def test_a_taken_name_counts_here_and_with_other_bytes_only(cabinet, tmp_path):
    ident = cabinet.file("oferta.txt", b"primera")
    (tmp_path / "oferta.txt").write_bytes(b"segunda")
    other = Source(path=tmp_path / "oferta.txt")
    arrival = look(cabinet, other, Source(name="oferta.txt", data=b"primera"))
    assert [(each.source, each.document_id, each.name) for each in arrival.namesakes] == [(other, ident, "oferta.txt")]
    assert [source.data for source in arrival.sources] == [b"primera"], "the same bytes are told when taken in"
    for place in (cabinet.key(1), None):
        assert cabinet.read(lambda s, place=place: arriving.look_at(s, place, [other])).namesakes == ()
    cabinet.write(lambda s: keeping.take_off(s, [ident], cabinet.key()))
    assert look(cabinet, other).namesakes == ()


def test_what_cannot_be_read_is_told_when_it_is_taken_in(cabinet, tmp_path):
    cabinet.file("oferta.txt", b"primera")
    gone = Source(path=tmp_path / "oferta.txt")
    arrival = look(cabinet, gone)
    assert (arrival.sources, arrival.namesakes) == ((gone,), ())
    attached = cabinet.write(lambda s: arriving.take_in(s, cabinet.key(), arrival.sources))
    assert attached.left_out == (("oferta.txt", "Ya no está en su sitio."),)


def test_pasted_pictures_of_one_minute_get_names_of_their_own(cabinet):
    cabinet.file("Captura 10.30.png", b"1")
    cabinet.file("sin punto", b"1")
    pasted = [Source(name="Captura 10.30.png", data=data, is_ours=True) for data in (b"2", b"3")]
    arrival = look(cabinet, *pasted, Source(name="sin punto", data=b"2", is_ours=True))
    assert [source.title() for source in arrival.sources] == [
        "Captura 10.30 (2).png", "Captura 10.30 (3).png", "sin punto (2)",
    ]  # fmt: skip


def test_new_files_and_new_versions_are_one_operation(cabinet):
    ident = cabinet.file("oferta.txt", b"primera")
    before = len(cabinet.read(history.activity))
    versions = [
        arriving.Namesake(Source(name="oferta.txt", data=data), ident, "oferta.txt")
        for data in (b"segunda", b"segunda")
    ]
    done = cabinet.done(lambda s: arriving.take_in(s, cabinet.key(), [Source(name="plano.txt", data=b"x")], versions))
    assert len(done.value.ids) == 2
    assert done.value.left_out == (("oferta.txt", "Es igual que la versión que ya hay."),)
    assert cabinet.counters()[0] == 2
    assert len(cabinet.read(history.activity)) == before + 1
    cabinet.write(lambda s: undo.undo(s, done.changes.operation_id))
    assert cabinet.read(lambda s: keeping.read(s, keeping.facts(s, ident).sha256)) == b"primera"
    assert cabinet.counters()[0] == 1


def test_versions_alone_are_named_after_their_file(cabinet):
    ident = cabinet.file("oferta.txt", b"primera")
    one = arriving.Namesake(Source(name="oferta.txt", data=b"segunda"), ident, "oferta.txt")
    done = cabinet.done(lambda s: arriving.take_in(s, cabinet.key(), [], [one]))
    assert done.changes.label == "Nueva versión de «oferta.txt»"


def test_cancelled_nothing_is_kept(cabinet):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        cabinet.write(lambda s: arriving.take_in(s, None, [Source(name="a.txt", data=b"1")], (), progress))
    assert cabinet.read(lambda s: list(s.scalars(select(Document.id)))) == []
