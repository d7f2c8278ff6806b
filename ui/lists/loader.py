"""Loads a list in steps, fetches the rows in sight, and follows what others write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from oficrm import loading
from oficrm.jobs import Changes
from oficrm.lists import ListFilter
from oficrm.loading import Listing, Refresh
from ui.bridge import Bridge
from ui.lists.model import ListModel
from ui.lists.order import Which

REST_AFTER_MS = 20
"""All ids are asked for once the first rows are painted: read meanwhile, they would slow the painting down threefold,
for both need the interpreter."""
NOT_SHOWN = frozenset({"saved_view", "setting"})
"""Tables whose records no list shows a value of."""


class Loader(QObject):
    """Loads ``wanted`` into the model. ``began``, then ``shown`` with the first rows, then ``ended`` with all ids."""

    began = Signal()
    shown = Signal()
    ended = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, model: ListModel, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._model = bridge, model
        self.wanted: ListFilter | None = None
        self._asked: ListFilter | None = None
        self._serial = 0
        self._loading = False
        self._touched: frozenset[int] = frozenset()
        self._pending: frozenset[int] = frozenset()
        self._is_stale = False
        self.is_awake = True
        model.needed.connect(self._fetch)
        bridge.changed.connect(self._changed)

    def is_loading(self) -> bool:
        """Whether ids are still on their way."""
        return self._loading

    # --- loading

    def load(self, wanted: ListFilter, which: Which, *, fresh: bool = True) -> None:
        """Load a filter; not ``fresh`` (another order), rows that fit no longer are kept until the next fresh one."""
        self._serial += 1
        serial, self._loading = self._serial, True
        self._asked = wanted
        kept = frozenset[int]() if fresh else self._touched
        if fresh:
            self._touched = frozenset()
        names = self._model.fetched_names()
        self.began.emit()
        self._bridge.read(
            lambda session: loading.first(session, wanted, names),
            lambda listing: self._first(serial, wanted, which, kept, listing),
            self, failed=lambda error: self._failed(serial, error), purpose="first",
        )  # fmt: skip

    def _first(self, serial: int, wanted: ListFilter, which: Which, kept: frozenset[int], listing: Listing) -> None:
        if serial != self._serial:
            return
        self.wanted = wanted
        self._pending, self._is_stale = frozenset(), False
        self._model.sorted_by = wanted.sort
        self._model.show_first(listing, which)
        self.shown.emit()
        if listing.is_whole and not kept:
            self._end()
        else:
            QTimer.singleShot(REST_AFTER_MS, self, lambda: self._read_rest(serial, wanted, kept))

    def _read_rest(self, serial: int, wanted: ListFilter, kept: frozenset[int]) -> None:
        if serial != self._serial:
            return
        self._bridge.read(
            lambda session: loading.everything(session, wanted, kept),
            lambda whole: self._all(serial, whole),
            self, failed=lambda error: self._failed(serial, error), purpose="all",
        )  # fmt: skip

    def _all(self, serial: int, whole: Listing) -> None:
        if serial == self._serial:
            self._model.show_all(whole.found)
            self._end()

    def _end(self) -> None:
        self._loading = False
        self.ended.emit()
        self.catch_up()

    def _failed(self, serial: int, error: Exception) -> None:
        if serial == self._serial:
            self._loading = False
            self.failed.emit(error)

    def reload(self, sort: tuple[str, ...]) -> None:
        """Load the same filter in another order."""
        base = self.wanted or self._asked
        if base is not None:
            self.load(replace(base, sort=sort), self._model.order.which, fresh=False)

    def forget(self) -> None:
        """Nothing is loaded."""
        self._serial += 1
        self._loading = False
        self.wanted = None
        self._model.clear()

    # --- rows

    def _fetch(self, ids: Sequence[int]) -> None:
        version, names, table = self._model.version(), self._model.fetched_names(), self._model.facts.table
        self._bridge.read(
            lambda session: loading.page(session, table, ids, names),
            lambda rows: self._model.deliver(version, rows), self,
        )  # fmt: skip

    # --- what others write

    def _changed(self, changes: Changes, _initiator: Any) -> None:
        if self.wanted is None and not self._loading:
            return
        if not NOT_SHOWN.issuperset(changes.tables):
            self._is_stale = True
        self._pending |= changes.shown(self._model.facts.table)
        if self.is_awake:
            self.catch_up()

    def catch_up(self) -> None:
        """Take what was written since; a list that is not on the screen does so when it is shown again."""
        if self._loading or self.wanted is None or not self.is_awake:
            return
        pending, self._pending = self._pending, frozenset()
        if pending:
            self._touched |= pending
            serial, wanted, loaded = self._serial, self.wanted, self._model.order.found.ids
            self._bridge.read(
                lambda session: loading.refresh(session, wanted, loaded, pending),
                lambda refresh: self._take(serial, refresh), self,
            )  # fmt: skip
        elif self._is_stale:
            self._is_stale = False
            self._model.mark_stale()

    def refresh_rows(self) -> None:
        """Fetch the rows on the screen again."""
        self._model.mark_stale()

    def _take(self, serial: int, refresh: Refresh) -> None:
        if serial == self._serial:
            known = set(self._model.order.found.ids) if refresh.added.ids else set()
            if not known.intersection(refresh.added.ids):
                self._model.take(refresh)
            self._is_stale = False
            self._model.mark_stale()
