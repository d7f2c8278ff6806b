"""The tab of comments in a record's window: reading, publishing, answering, changing, mentions, speed."""

import time
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from db.history import Actor, operation
from db.models.comment import Comment
from oficrm import comments, records, saving, undo
from oficrm.files.sources import Source
from tests.support.desk import WAIT, Desk
from ui.comments.tab import CommentsTab
from ui.forms.record_window import RecordWindow


def say(desk: Desk, body: str, user: str = "ana", **more: Any) -> int:
    def job(session: Any) -> int:
        session.info["actor"] = Actor(user)
        return comments.publish(session, "client:1", body, **more)

    return int(desk.jobs.write(job).result().value)


def add_luis(desk: Desk) -> None:
    def job(session: Any) -> None:
        draft = records.blank(session, "user").draft
        draft.values |= {"name": "Luis Prado", "login": "luis"}
        saving.save(session, draft)

    desk.jobs.write(job).result()


def opened(desk: Desk, ready: Any = lambda tab: True) -> CommentsTab:
    window = RecordWindow(desk.context, "client", 1)
    window.resize(1100, 680)
    desk.show(window)
    window.tabs.show_tab("comment")
    tab = window.tabs.page("comment")
    assert isinstance(tab, CommentsTab)
    desk.qtbot.waitUntil(lambda: bool(tab.compose.box.handles) and ready(tab), timeout=WAIT)
    return tab


def text(tab: CommentsTab) -> str:
    return tab.view.toPlainText()


def test_a_comment_is_written_and_shown_at_once(desk: Desk) -> None:
    tab = opened(desk)
    assert tab.empty.isVisible()
    tab.compose.box.insertPlainText("Han pedido más plazo")
    desk.qtbot.keyClick(tab.compose.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: "Han pedido más plazo" in text(tab), timeout=WAIT)
    assert tab.compose.text() == ""
    notice, operation_id = desk.noted.notices[-1]
    assert notice == "Comentario publicado."
    desk.context.bridge.write(lambda s: undo.undo(s, operation_id), lambda _done: None, desk.context.bridge)  # type: ignore[arg-type]
    desk.qtbot.waitUntil(tab.empty.isVisible, timeout=WAIT)


def test_answers_changes_and_deleting(desk: Desk) -> None:
    ident = say(desk, "Primero")
    tab = opened(desk, lambda tab: "Primero" in text(tab))
    tab.view.anchorClicked.emit(QUrl(f"reply:{ident}"))
    assert "Respuesta a ana" in tab.compose.about.text()
    tab.compose.box.setPlainText("Una respuesta")
    tab.compose.button.click()
    desk.qtbot.waitUntil(lambda: len(tab.stream.remarks[0].replies) == 1, timeout=WAIT)
    tab.view.anchorClicked.emit(QUrl(f"edit:{ident}"))
    assert tab.compose.text() == "Primero"
    tab.compose.box.setPlainText("Segundo")
    tab.compose.button.click()
    desk.qtbot.waitUntil(lambda: "editado" in text(tab) and "Segundo" in text(tab), timeout=WAIT)
    tab.view.anchorClicked.emit(QUrl(f"delete:{ident}"))
    desk.qtbot.waitUntil(tab.empty.isVisible, timeout=WAIT)


def test_others_comments_offer_no_change(desk: Desk) -> None:
    add_luis(desk)
    ident = say(desk, "De Luis", "luis")
    tab = opened(desk, lambda tab: "De Luis" in text(tab))
    assert "Editar" not in text(tab)
    tab.edit(ident)
    assert tab.compose.text() == ""


def test_typing_an_at_offers_users(desk: Desk) -> None:
    add_luis(desk)
    tab = opened(desk)
    box = tab.compose.box
    box.setFocus()
    desk.qtbot.keyClicks(box, "hola @lu")
    desk.qtbot.waitUntil(box.is_listing, timeout=WAIT)
    desk.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.toPlainText() == "hola @Luis Prado "
    assert not box.is_listing()


def test_html_is_only_text_and_links_are_asked_about(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: went.append(url.toString()))
    say(desk, "<img src=x><b>no</b> https://example.com/x")
    tab = opened(desk, lambda tab: "<b>no</b>" in text(tab))
    tab.view.anchorClicked.emit(QUrl("https://example.com/x"))
    assert went == []
    tab.bars.bar("link").buttons[0].click()
    assert went == ["https://example.com/x"]


def test_files_go_along(desk: Desk) -> None:
    tab = opened(desk)
    tab.compose._set_files([Source(name="plano.txt", data=b"hola")])
    tab.compose.box.setPlainText("Con plano")
    tab.compose.button.click()
    desk.qtbot.waitUntil(lambda: "1 archivo" in text(tab), timeout=WAIT)
    assert tab.compose.sources == []


def test_a_thousand_comments_are_shown_within_a_second(desk: Desk) -> None:
    def job(session: Any) -> None:
        with operation(session, "Muchos"):
            session.add_all(Comment(record="client:1", body=f"Comentario **{at}**\n- uno\n- dos", is_internal=True,
                                    author_id=1, extra={}) for at in range(1000))  # fmt: skip

    desk.jobs.write(job).result()
    tab = opened(desk, lambda tab: tab.stream.older == 800)
    assert "Ver 800 anteriores" in text(tab)
    tab.view.anchorClicked.emit(QUrl("older:0"))
    desk.qtbot.waitUntil(lambda: len(tab.stream.remarks) == 800, timeout=WAIT)
    tab.view.anchorClicked.emit(QUrl("older:0"))
    desk.qtbot.waitUntil(lambda: len(tab.stream.remarks) == 1000, timeout=WAIT)
    began = time.perf_counter()
    tab._write()
    tab.view.document().size()
    assert time.perf_counter() - began < 3  # seconds, on a busy machine; a tenth of it on a quiet one
