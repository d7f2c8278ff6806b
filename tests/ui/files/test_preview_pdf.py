"""The first page of a PDF beside the list, made by a process apart."""

import pytest

from oficrm.files import apart
from tests.support import documents
from tests.support.desk import Desk
from tests.ui.files.conftest import Attach
from tests.ui.files.test_preview import ROOM, view
from ui.files.looking import Wanted, look


def test_the_first_page_as_wide_as_the_room_and_how_many_there_are(desk: Desk, attach: Attach) -> None:
    one, two = attach(a__pdf=documents.pdf("Hola"), b__pdf=documents.pdf("Hola", "Adiós"))
    made = view(desk, one)
    assert made.picture is not None
    assert made.picture.width() == ROOM.width()
    assert made.picture.pixelColor(2, 2).name() == "#ffffff"
    assert made.picture.pixelColor(5, made.picture.height() - 5).name() == "#808080"
    assert made.facts.endswith(" · 1 página")
    assert view(desk, two).facts.endswith(" · 2 páginas")


def test_why_there_is_none_is_said(desk: Desk, attach: Attach) -> None:
    (ident,) = attach(a__pdf=documents.pdf("a", encrypted=True))
    assert view(desk, ident).problem == "Está protegido con contraseña."


def test_a_page_nobody_waits_for_any_more_is_given_up(
    desk: Desk, attach: Attach, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ident,) = attach(a__pdf=documents.pdf("Hola"))
    wanted, real = Wanted(), apart.page

    def page(*given: object, cancel: object, **more: object) -> apart.Page:
        wanted.next()
        return real(*given, cancel=cancel, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(apart, "page", page)
    made = desk.read(lambda session: look(session, ident, ROOM, wanted, 0))
    assert made is not None
    assert made.picture is None
