"""Rows of clients and persons go into a campaign together; its members are written to in the mail program."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from sqlalchemy import select

from db.models.campaign import CampaignMember
from db.models.person import Person
from tests.support.desk import WAIT, Desk, desk
from tests.ui.commands.test_commands import chosen, clients, found, listed, offered, settled, window_of
from tests.ui.commands.test_selecting import choose_all, dialog, tab_of
from ui.mail import writing

__all__ = ["desk"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    made: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        made.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return made


def campaign(desk: Desk) -> int:
    return desk.save("campaign", name="Feria de otoño", expected_close_date="31/12/2030")


def members(desk: Desk) -> list[tuple[int | None, int | None]]:
    wanted = select(CampaignMember.client_id, CampaignMember.person_id).where(CampaignMember.deleted_at.is_(None))
    return [(row[0], row[1]) for row in desk.read(lambda s: s.execute(wanted.order_by(CampaignMember.id)).all())]


def test_several_rows_of_a_list_are_added_to_a_campaign(desk: Desk) -> None:
    campaign(desk)
    some = clients(desk, "Valencia")[:3]
    page = chosen(listed(desk), *some)
    offered(page.actions_.row_menu(page))["action_add_to_campaign"].trigger()
    box = dialog(desk)
    assert box.windowTitle() == "Seleccionar campañas · 3 clientes"
    choose_all(desk)
    assert members(desk) == [(ident, None) for ident in some]
    assert desk.noted.notices[-1][0].startswith("Se han vinculado 3 clientes a «")


def test_the_tab_of_a_campaign_takes_many_clients_and_many_persons(desk: Desk) -> None:
    page = tab_of(desk, window_of(desk, "campaign", campaign(desk)), "campaign_member")
    for name in ("client", "person"):
        next(each for each in page.actions() if each.objectName() == f"action_select_campaign_member_{name}").trigger()
        choose_all(desk)
        desk.noted.notices.clear()
    there = members(desk)
    assert [sum(each is not None for each in side) for side in zip(*there, strict=True)] == [10, 10]


def test_the_members_are_written_to_without_seeing_each_other(desk: Desk, opened: list[QUrl]) -> None:
    ident = campaign(desk)
    people = desk.read(lambda s: list(s.scalars(select(Person.id).order_by(Person.id).limit(3))))
    for who, email, refuses in zip(people, ("a&subject=x@x.es", "b@x.es", "c@x.es"), (False, False, True), strict=True):
        desk.save("person", who, email=email, email_opt_out=refuses)
        desk.save("campaign_member", campaign=ident, member=f"person:{who}")
    found(window_of(desk, "campaign", ident), "write_to_members").trigger()
    desk.qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    settled(desk)
    link = bytes(opened[0].toEncoded().data()).decode()
    assert link == "mailto:?bcc=a%26subject%3Dx@x.es,b@x.es"
    assert desk.noted.notices == [
        ("Correo para 2 miembros, en copia oculta. Se salta 1 sin permiso para escribirles.", None)
    ]


def test_more_than_a_link_can_hold_is_copied(qapp: QGuiApplication, opened: list[QUrl]) -> None:
    many = [f"persona{at}@ejemplo.example" for at in range(200)]
    assert "copia oculta" in writing.write_to_all(many)
    assert opened == []
    assert QGuiApplication.clipboard().text().split(", ") == many


def test_without_a_mail_program_the_addresses_are_copied(
    qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    assert "están copiadas" in writing.write_to_all(["a@x.es"])
    assert QGuiApplication.clipboard().text() == "a@x.es"
