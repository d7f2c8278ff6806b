"""Actividad and Papelera on the screen."""

import pytest

from db.models.client import Client
from oficrm import deleting
from tests.support.desk import WAIT, Desk
from ui.history import activity
from ui.history.activity import ActivityPage


@pytest.fixture
def clients(desk: Desk) -> list[int]:
    return [row[0] for row in desk.read(lambda s: s.query(Client.id).order_by(Client.id).limit(3).all())]


@pytest.fixture
def page(desk: Desk, clients: list[int]) -> ActivityPage:
    desk.save("client", clients[0], user="ana", city="Alboraya")
    desk.save("client", clients[1], user="luis", city="Alboraya")
    desk.save("client", clients[0], user="ana", city="Elche")
    made = ActivityPage(desk.context)
    desk.show(made)
    return made


def labels(page: ActivityPage) -> list[str]:
    return [part.label for part in page.list.parts()]


def show(desk: Desk, page: ActivityPage, scope: str) -> None:
    page.scope.buttons[scope].click()
    desk.qtbot.waitUntil(lambda: not page._loading, timeout=WAIT)


def test_mine_all_and_search(desk: Desk, page: ActivityPage) -> None:
    mine = labels(page)
    assert mine[:2] == ["Modificar cliente Talleres Ruiz"] * 2
    assert "Modificar cliente Hotel Azahar" not in mine
    show(desk, page, "all")
    assert labels(page)[1] == "Modificar cliente Hotel Azahar"
    page.search.setText("azahar")
    page.search.returnPressed.emit()
    desk.qtbot.waitUntil(lambda: labels(page) == ["Modificar cliente Hotel Azahar"], timeout=WAIT)


def test_undo_the_chosen_one(desk: Desk, page: ActivityPage, clients: list[int]) -> None:
    desk.qtbot.waitUntil(lambda: bool(page.changes.groups()), timeout=WAIT)
    assert page.changes.groups()[0].heading == "Talleres Ruiz"
    assert page.button.text() == "Des&hacer"
    page.button.click()
    desk.qtbot.waitUntil(lambda: labels(page)[0].startswith("Deshacer:"), timeout=WAIT)
    assert desk.read(lambda s: s.get_one(Client, clients[0]).city) == "Alboraya"
    assert desk.noted.notices[0][0].startswith("Deshecho:")
    desk.qtbot.waitUntil(page.state.isVisible, timeout=WAIT)  # still chosen, and marked
    assert page.button.isHidden()
    page.list.choose(page.list.parts()[0].id)  # type: ignore[union-attr]
    assert page.button.text() == "&Rehacer"
    page.button.click()
    desk.qtbot.waitUntil(lambda: labels(page)[0].startswith("Rehacer:"), timeout=WAIT)
    assert desk.read(lambda s: s.get_one(Client, clients[0]).city) == "Elche"


def test_a_refusal_is_said_in_place(desk: Desk, page: ActivityPage, clients: list[int]) -> None:
    page.list.choose(page.list.parts()[1].id)  # type: ignore[union-attr]
    page.button.click()
    desk.qtbot.waitUntil(page.error.isVisible, timeout=WAIT)
    assert "cambió después: Modificar cliente Talleres Ruiz, ana" in page.error.text()
    assert page.button.isEnabled()
    assert desk.read(lambda s: s.get_one(Client, clients[0]).city) == "Elche"


def test_pages_follow_while_scrolling(desk: Desk, clients: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "PAGE", 20)
    for number in range(45):
        desk.save("origin", name=f"Origen {number}", user="ana")
    page = ActivityPage(desk.context)
    page.resize(900, 300)
    desk.show(page)
    bar = page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    desk.qtbot.waitUntil(lambda: len(page.list.parts()) == 40, timeout=WAIT)
    bar.setValue(bar.maximum())
    desk.qtbot.waitUntil(lambda: len(page.list.parts()) > 45, timeout=WAIT)
    assert len({part.id for part in page.list.parts()}) == len(page.list.parts())  # type: ignore[union-attr]


def test_the_trash_gives_back(desk: Desk, page: ActivityPage, clients: list[int]) -> None:
    desk.jobs.write(lambda s: deleting.delete(s, "client", clients[:2], frozenset({"dependents"}))).result()
    show(desk, page, "trash")
    assert {getattr(part, "title", "") for part in page.list.parts()} == {"Talleres Ruiz", "Hotel Azahar"}
    assert page.list.choose(("client", clients[1]))
    assert page.button.text() == "&Recuperar"
    page.button.click()
    desk.qtbot.waitUntil(lambda: len(page.list.parts()) == 1, timeout=WAIT)
    assert desk.read(lambda s: s.get_one(Client, clients[1]).deleted_at) is None
    page.button.click()
    desk.qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty, timeout=WAIT)
    assert "vacía" in page.empty.sentence.text()


def test_a_hidden_page_reads_when_it_is_seen_again(desk: Desk, page: ActivityPage) -> None:
    page.hide()
    with desk.qtbot.waitSignal(desk.context.bridge.changed, timeout=WAIT):
        desk.context.bridge.write(lambda s: deleting.delete(s, "origin", [1]), lambda _done: None, page.busy)
    assert not labels(page)[0].startswith("Borrar")
    page.show()
    desk.qtbot.waitUntil(lambda: labels(page)[0].startswith("Borrar"), timeout=WAIT)


def test_enter_opens_the_record(desk: Desk, page: ActivityPage, clients: list[int]) -> None:
    desk.qtbot.waitUntil(lambda: bool(page.changes.groups()), timeout=WAIT)
    item = page.changes.topLevelItem(0)
    assert item is not None
    page.changes.itemActivated.emit(item, 0)
    assert desk.noted.opened[0][:3] == ("record", "client", clients[0])
