"""A list page over a small office, in a real window."""

from types import SimpleNamespace

import pytest

from oficrm import clock
from tests.support.desk import WAIT
from tests.support.office import TODAY, open_jobs
from ui import theme
from ui.bridge import Bridge
from ui.context import Context
from ui.memory import Memory


class Notices:
    """Keeps what would be shown."""

    def __init__(self):
        self.shown = []

    def show(self, text, undo_operation=None):
        self.shown.append((text, undo_operation))


class Opened:
    """Keeps what would be opened."""

    def __init__(self):
        self.records: list = []
        self.others: list = []

    def open_record(self, table, ident=None, *, preset=None, read_only=False, then=None, parent=None, duplicate=False,
                    made=None):  # fmt: skip
        self.records.append(SimpleNamespace(table=table, id=ident, preset=preset, read_only=read_only, then=then,
                                            duplicate=duplicate))  # fmt: skip

    def open_history(self, table, ident, parent=None):
        self.others.append(("history", table, ident))

    def open_change_date(self, ids, parent=None, loaded=()):
        self.others.append(("change_date", list(ids)))

    def open_mass_edit(self, table, ids, parent=None):
        self.others.append(("mass_edit", table, list(ids)))


@pytest.fixture
def today(monkeypatch):
    """The Saturday on which the office stands still."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    return TODAY


@pytest.fixture
def jobs(office_url, today):
    with open_jobs(office_url) as lanes:
        yield lanes


@pytest.fixture
def context(qapp, jobs, tmp_path):
    theme.apply(qapp, "light")
    bridge = Bridge(jobs)
    trouble = []
    bridge.failed.connect(lambda _error, details: trouble.append(details))
    yield Context(bridge, Memory(tmp_path / "memory"), Notices(), Opened())
    assert trouble == []


@pytest.fixture
def make_page(qtbot, context):
    """Opens a list and waits until it can be used."""
    from ui.lists.page import ListPage

    def make(table="contact", *, load=False, **options):
        page = ListPage(context, table, **options)
        qtbot.addWidget(page)
        page.resize(1166, 690)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.is_ready)
        if load:
            load_page(qtbot, page)
        return page

    return make


@pytest.fixture
def page(make_page):
    """The contacts, not loaded."""
    return make_page()


@pytest.fixture
def loaded(make_page):
    """The contacts, loaded."""
    return make_page(load=True)


def load_page(qtbot, page):
    """Press Cargar and wait for all rows."""
    with qtbot.waitSignal(page.loaded, timeout=WAIT):
        page.load()


@pytest.fixture
def load(qtbot):
    return lambda page: load_page(qtbot, page)


@pytest.fixture
def write(qtbot, context):
    """Writes as another window would, and waits until everybody was told."""

    def run(job):
        got: list = []
        with qtbot.waitSignal(context.bridge.changed):
            context.bridge.write(job, got.append, context.bridge)
        qtbot.waitUntil(lambda: got != [])
        return got[0].value

    return run
