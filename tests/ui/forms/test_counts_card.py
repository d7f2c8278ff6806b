"""Figures that are worked out: one widget, true while anybody writes, reachable by name."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from db.models.client import Client
from oficrm import records, saving
from oficrm.drafts import LineDraft
from tests.support.desk import WAIT, Desk
from ui.forms.counts_card import CountsGrid, Figure
from ui.forms.record_window import RecordWindow


def opened(desk: Desk) -> tuple[RecordWindow, int]:
    ident = desk.read(lambda s: s.scalars(select(Client.id).order_by(Client.id)).first())
    assert ident is not None
    window = RecordWindow(desk.context, "client", ident)
    desk.show(window)
    desk.qtbot.waitUntil(lambda: desk.context.bridge._running == 0, timeout=WAIT)
    return window, ident


def figure(window: RecordWindow, name: str) -> Figure:
    found = window.findChild(QObject, f"field_{name}")
    assert isinstance(found, Figure)
    return found


def test_counters_need_one_widget_and_follow_what_others_write(desk: Desk) -> None:
    window, ident = opened(desk)
    grids = window.findChildren(CountsGrid)
    assert len(grids) >= 3
    assert all(not grid.findChildren(QWidget) for grid in grids)
    total, first = figure(window, "events_total"), figure(window, "first_event_date")
    assert (total.text(), first.text()) == ("0", "—")
    window.form.put("notes", "A medias")

    def job(session: object) -> None:
        draft = records.blank(session, "calendar_item", {"subject": "Visita", "date": "21/11/2026"}).draft  # type: ignore[arg-type]
        draft.lines["calendar_link"] = [LineDraft(None, {"record": f"client:{ident}"})]
        saving.save(session, draft)  # type: ignore[arg-type]

    desk.context.bridge.write(job, lambda _done: None, desk.context.bridge)
    desk.qtbot.waitUntil(lambda: total.text() == "1", timeout=WAIT)
    assert first.value() is not None
    grid = next(each for each in grids if total in each.figures)
    assert "# eventos: 1" in grid.accessibleDescription()
    assert window.form.value("notes") == "A medias"
    window.form.discard()


def test_it_makes_lines_of_as_many_columns_as_fit(desk: Desk) -> None:
    window, _ident = opened(desk)
    grid = next(each for each in window.findChildren(CountsGrid) if len(each.figures) == 6)
    assert grid.heightForWidth(200) > grid.heightForWidth(400) > grid.heightForWidth(800) - 1
    desk.qtbot.waitUntil(lambda: all(grid.rect().contains(grid.place(at)) for at in range(6)), timeout=WAIT)
    places = [grid.place(at) for at in range(6)]
    assert not any(one.intersects(other) for one in places for other in places if one != other)
    window.form.discard()
