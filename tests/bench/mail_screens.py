"""What the user waits for with mail and files: the window of a message, and the tab Archivos of a client."""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.filed import FILES, key_of
from db.history import operation
from db.models.client import Client
from oficrm.files import attaching
from oficrm.files.sources import Source
from oficrm.jobs import Jobs
from oficrm.mail import filing
from oficrm.mail.reading import read_message
from tests.bench import letters
from tests.bench.figures import Figure
from tests.bench.screens import FORM_MS, ROUNDS, Round, both
from tests.bench.stage import Paints, Stage
from tests.support.documents import pdf
from ui.files.page import FilesPage
from ui.files.preview import WAIT_MS
from ui.forms.record_window import RecordWindow

FILED = 200
KINDS = ("correo", "texto", "PDF", "imagen")
"""In turn, from the newest file on."""
MESSAGES = 100_000
"""Where the messages of this begin to count: no other has the same Message-ID."""


def figures(jobs: Jobs, folder: Path) -> Iterator[Figure]:
    """Messages short and long, then a client with its files."""
    short = jobs.write(lambda s: [_file(s, letters.short(MESSAGES + place)) for place in range(ROUNDS + 1)]).result()
    long = jobs.write(lambda s: [_file(s, letters.newsletter(MESSAGES * 2 + place)) for place in range(ROUNDS + 1)])
    client = jobs.write(_fill).result().value
    stage = Stage(jobs, folder / "mail_profile")
    try:
        yield from messages(stage, "corto", short.value)
        yield from messages(stage, "con boletín de 200 kB", long.result().value)
        yield from files(stage, client)
    finally:
        stage.close()


def _file(session: Session, data: bytes) -> int:
    message = read_message(data)
    with operation(session, "Medida"):
        return filing.file_message(session, data, message, "boletín.eml", [], filing.match(session, message))


def messages(stage: Stage, name: str, ids: Sequence[int]) -> Iterator[Figure]:
    """From asking for a message until it is painted, itself included; the first time and later."""
    yield Figure(f"abrir correo {name}, la primera vez", _open(stage, ids[0])[0])
    yield from both(f"abrir correo {name}", [_open(stage, ident) for ident in ids[1:]], FORM_MS)


def _open(stage: Stage, ident: int) -> Round:
    stage.pulse.start()
    started = time.perf_counter()
    window = stage.window.windows.open_record("email_message", ident)
    paints = Paints(window)
    stage.until(window.is_ready)  # type: ignore[attr-defined]
    seen = paints.count
    stage.until(lambda: paints.count > seen)
    taken = (time.perf_counter() - started) * 1000
    stage.rest(100)
    stall = stage.pulse.stop()
    window.close()
    stage.rest(60)
    return taken, stall


def _fill(session: Session) -> int:
    """A client with two hundred files: pictures, documents, texts."""
    ident = session.scalars(select(Client.id).order_by(Client.id).limit(1)).one()
    chance = random.Random(9)
    sources = [_source(place, chance) for place in range(FILED)]
    attached = attaching.attach(session, [key_of("client", ident)], sources)
    assert len(attached.ids) == FILED
    return ident


def _source(place: int, chance: random.Random) -> Source:
    name = f"Oferta {place:03}"
    match place % len(KINDS):
        case 0:
            return Source(data=_picture(chance), name=f"{name}.png")
        case 1:
            return Source(data=pdf(f"Oferta {place}", "Condiciones"), name=f"{name}.pdf")
        case 2:
            return Source(data=f"{name}\n{'Una línea de texto. ' * 500}".encode(), name=f"{name}.txt")
        case _:
            return Source(data=letters.short(MESSAGES * 3 + place), name=f"{name}.eml")


def _picture(chance: random.Random) -> bytes:
    """A picture of half a million points that no packing makes smaller, as PNG."""
    image = QImage(chance.randbytes(4 * 800 * 600), 800, 600, QImage.Format.Format_RGB32)
    store = QBuffer()
    image.save(store, "PNG")  # type: ignore[call-overload]
    return bytes(store.data().data())


def files(stage: Stage, client: int) -> Iterator[Figure]:
    """From a click on the tab until the rows are painted; from choosing a row until its preview is."""
    found = [_tab(stage, client) for _ in range(ROUNDS)]
    yield Figure(f"pestaña Archivos con {FILED} archivos, la primera vez", found[0][0][0])
    yield from both(f"pestaña Archivos con {FILED} archivos", [tab for tab, _ in found[1:]], FORM_MS)
    for place, kind in enumerate(KINDS):
        shown = [previews[place] for _, previews in found[1:]]
        yield from both(f"vista previa ({kind}), tras {WAIT_MS} ms de calma", shown, FORM_MS)


def _tab(stage: Stage, client: int) -> tuple[Round, list[Round]]:
    window = stage.window.windows.open_record("client", client)
    assert isinstance(window, RecordWindow)
    stage.until(window.is_ready)
    stage.rest(150)
    paints = Paints(window)
    stage.pulse.start()
    started = time.perf_counter()
    window.tabs.show_tab(FILES)
    page = window.tabs.page(FILES)
    assert isinstance(page, FilesPage)
    assert page.list is not None
    rows = page.list
    stage.until(lambda: rows.is_ready() and rows.model.rowCount() == FILED and not rows.is_loading())
    seen = paints.count
    stage.until(lambda: paints.count > seen)
    taken = (time.perf_counter() - started) * 1000
    stage.rest(60)
    tab = taken, stage.pulse.stop()
    previews = [_preview(stage, page, place) for place in range(len(KINDS))]
    window.close()
    stage.rest(60)
    return tab, previews


def _preview(stage: Stage, page: FilesPage, row: int) -> Round:
    """From choosing a row until what is in its file is painted, less the time in which nothing is asked for."""
    assert page.list is not None
    assert page.part is not None
    preview, table = page.part.preview, page.list.table
    shown: list[int] = []
    paints = Paints(page.window())
    link = preview.shown.connect(lambda: shown.append(paints.count))
    stage.pulse.start()
    started = time.perf_counter()
    table.selectRow(row)
    stage.until(lambda: shown and paints.count > shown[0])
    taken = (time.perf_counter() - started) * 1000 - WAIT_MS
    stage.rest(20)
    preview.shown.disconnect(link)
    return taken, stage.pulse.stop()
