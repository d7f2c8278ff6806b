"""Vincular: channels filed under one more record."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from oficrm.chat import talk
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Done
from ui.context import Context
from ui.history.words import counted
from ui.mail.link_dialog import ChooseRecord


class LinkChannels(ChooseRecord):
    """Choose a record; the channels hang on it too."""

    def __init__(self, context: Context, channel_ids: Sequence[int], parent: QWidget | None = None) -> None:
        self._ids = tuple(channel_ids)
        what = "este canal" if len(self._ids) == 1 else counted(len(self._ids), "canal", "canales")
        super().__init__(context, "Vincular a otro registro", f"Mostrar {what} también en:", "Vincular", parent)

    def _take(self, key: str, title: str) -> None:
        self._writing = True
        self._show_foot()
        ids = self._ids
        self._context.bridge.write(lambda s: talk.link(s, ids, [key]), self._done, self, failed=self._failed)

    def _done(self, done: Done[str]) -> None:
        self._writing = False
        self._context.notices.show(done.value, done.changes.operation_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._writing = False
        self._show_foot()
        known = isinstance(error, Refused | EnvironmentProblem)
        self.bars.show_message("problem", str(error) if known else "No se ha vinculado.", "overdue")
        if not known:
            self._context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
