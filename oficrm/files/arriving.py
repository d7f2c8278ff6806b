"""Files on their way in: what has to be asked before they are taken in, and taking them in with the answers."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.document import Document, DocumentLink
from oficrm.errors import Refused
from oficrm.files import attaching, keeping
from oficrm.files.attaching import Attached
from oficrm.files.sources import Source, SourceProblem
from oficrm.jobs import Progress

MOST_OF_FOLDER = 1000
"""Files of one folder that are offered; who has more of them means to keep a backup, not files of a record."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder among what comes: the files it holds, those of the folders in it too. ``is_cut`` when there are more."""

    path: Path
    files: tuple[Path, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Namesake:
    """A file that is called like one that is here already, and says something else."""

    source: Source
    document_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes: files that can be taken in at once, folders, and files whose name is taken."""

    sources: tuple[Source, ...]
    folders: tuple[Folder, ...] = ()
    namesakes: tuple[Namesake, ...] = ()


def look_at(session: Session, place: str | None, sources: Sequence[Source]) -> Arrival:
    """Tell what comes for a record (``client:5``), or for none. Reads those files whose name is taken there."""
    folders = [_look_into(source.path) for source in sources if source.path is not None and source.path.is_dir()]
    paths = {folder.path for folder in folders}
    here = _names_here(session, place) if place else {}
    plain: list[Source] = []
    namesakes: list[Namesake] = []
    taken = set(here)
    for source in sources:
        if source.path in paths:
            continue
        name = source.title()
        if source.is_ours and name in taken:  # two screenshots in one minute
            name = _free(name, taken)
            plain.append(replace(source, name=name))
        elif name in here and not _is_same(source, here[name][1]):
            namesakes.append(Namesake(source, here[name][0], name))
        else:
            plain.append(source)
        taken.add(name)
    return Arrival(tuple(plain), tuple(folders), tuple(namesakes))


def take_in(
    session: Session, place: str | None, sources: Sequence[Source], versions: Sequence[Namesake] = (),
    progress: Progress | None = None,
) -> Attached:  # fmt: skip
    """Attach files to a record, or to none, and take others as new versions of their namesakes, as one operation.

    What cannot be taken in is left out and named. Raises Refused, Cancelled (nothing is kept), EnvironmentProblem.
    """
    if not versions:
        return attaching.attach(session, [place] if place else [], sources, progress)
    left_out: list[tuple[str, str]] = []
    ids: tuple[int, ...] = ()
    label = f"Nueva versión de «{versions[0].name}»" if len(versions) == 1 else "Nuevas versiones de archivos"
    with operation(session, label):
        if sources:
            attached = attaching.attach(session, [place] if place else [], sources, progress)
            ids, left_out = attached.ids, list(attached.left_out)
        for each in versions:
            try:
                keeping.new_version(session, each.document_id, each.source, progress)
                ids += (each.document_id,)
            except (SourceProblem, Refused) as problem:
                left_out.append((each.name, str(problem)))
    return Attached(ids, tuple(left_out))


def _look_into(folder: Path) -> Folder:
    found: list[Path] = []
    for path in _files_below(folder):
        if len(found) == MOST_OF_FOLDER:
            return Folder(folder, tuple(found), is_cut=True)
        found.append(path)
    return Folder(folder, tuple(found))


def _files_below(folder: Path) -> Iterator[Path]:
    """No hidden ones, nothing a link leads to (perhaps to the folder itself). What may not be read is passed by."""
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _names_here(session: Session, place: str) -> dict[str, tuple[int, str]]:
    """The id and the hash of the newest file of each name."""
    rows = session.execute(
        select(Document.file_name, Document.id, Document.sha256)
        .join(DocumentLink, DocumentLink.document_id == Document.id)
        .where(DocumentLink.record == place, DocumentLink.deleted_at.is_(None), Document.deleted_at.is_(None))
        .order_by(Document.id)
    )
    return {name: (ident, sha256) for name, ident, sha256 in rows}


def _is_same(source: Source, sha256: str) -> bool:
    """Whether a source holds these bytes; what cannot be read is told when it is taken in."""
    if source.data is not None:
        return hashlib.sha256(source.data).hexdigest() == sha256
    assert source.path is not None
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return True


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number = 2
    while (found := f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})") in taken:
        number += 1
    return found
