"""Files of a record over the small office: a page in a shown window, files on disk, and a system that opens nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from oficrm.files import attaching
from oficrm.files.sources import Source
from tests.support.desk import WAIT, Desk, desk
from ui.files.desk import desk_of
from ui.files.page import FilesPage

__all__ = ["desk"]
PLACE = "client:1"
Attach = Callable[..., list[int]]
MakePage = Callable[..., FilesPage]


class System(QObject):
    """Stands in for the programs of the system: notes which files it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def system(qapp: object) -> Iterator[System]:
    made = System()
    QDesktopServices.setUrlHandler("file", made, "take")  # type: ignore[arg-type]  # a str is what it takes
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def attach(desk: Desk) -> Attach:
    """Files a record has already, by name and bytes."""

    def run(place: str = PLACE, **files: bytes) -> list[int]:
        sources = [Source(data=data, name=name.replace("__", ".")) for name, data in files.items()]
        job = desk.jobs.write(lambda session: attaching.attach(session, [place], sources))
        return list(job.result().value.ids)

    return run


@pytest.fixture
def make_page(desk: Desk) -> Iterator[MakePage]:
    """Shows the files of a record and waits until they are there."""

    def make(place: str | None = PLACE, width: int = 1100) -> FilesPage:
        window = QWidget()
        page = FilesPage(desk.context, place=place, parent=window)
        desk.qtbot.addWidget(window)
        window.resize(width, 600)
        page.resize(width, 600)
        window.show()
        window.activateWindow()
        page._window_kept = window  # type: ignore[attr-defined]
        if page.list is not None:
            shown = page.list
            desk.qtbot.waitUntil(lambda: shown.is_loaded() and not shown.is_loading(), timeout=WAIT)
        return page

    yield make
    desk_of(desk.context).clear_up()


@pytest.fixture
def page(make_page: MakePage) -> FilesPage:
    return make_page()
