"""A client on whom more modules hang than fit beside each other, and windows of it."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit
from sqlalchemy import select

from db.filed import FILES
from db.models.client import Client
from oficrm import related
from oficrm.related import Related
from tests.support.desk import WAIT, Desk
from ui.context import Context
from ui.forms.record_window import RecordWindow
from ui.memory import Memory

REAL = ("contact", "person", "opportunity", "quote")
OTHERS = ("product", "service", "origin", "sector", "action_type", "contact_type", "result", "branch",
          "document_folder", "custom_field", "saved_view", "setting", "email_message", "interest",
          "chat_channel")  # fmt: skip
"""Modules that are said to hang on a client; a plain page stands for what would be listed."""


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twenty related modules of a client: the real ones first, its files last; how many of each is told by nobody."""
    own = related.related
    known = {relation.table: relation for relation in own("client")}
    tables = [*REAL, *OTHERS, FILES]
    relations = tuple(known.get(table, Related(table, "client", "client")) for table in tables)
    monkeypatch.setattr(related, "related", lambda table: relations if table == "client" else own(table))
    monkeypatch.setattr(related, "counts", lambda _session, _table, _ident: {})
    make = RecordWindow._make_page
    monkeypatch.setattr(
        RecordWindow, "_make_page",
        lambda window, relation: QLineEdit() if relation.table in OTHERS else make(window, relation),
    )  # fmt: skip
    return tables


def opened(desk: Desk, memory: Memory | None = None, *, new: bool = False, size: tuple[int, int] = (1140, 690),
           **more: Any) -> RecordWindow:  # fmt: skip
    """The window of a client, shown, with nothing still to be read."""
    context = desk.context
    if memory is not None:
        context = Context(context.bridge, memory, context.notices, context.opener)
    ident = None if new else desk.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id))))[0]
    window = RecordWindow(context, "client", ident, **more)
    window.resize(*size)
    desk.show(window)
    desk.qtbot.waitUntil(lambda: context.bridge._running == 0, timeout=WAIT)
    return window


def restarted(window: RecordWindow) -> Memory:
    """What is remembered after the program was ended and begun again."""
    window.context.memory.flush()
    return Memory(window.context.memory.folder)
