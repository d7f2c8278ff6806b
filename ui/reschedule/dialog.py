"""Cambiar fecha: the selection frozen, three ways, every row before and after, and one button that does just that."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from oficrm import clock, reschedule
from oficrm.errors import EnvironmentProblem, Refused
from oficrm.jobs import Changes, Done
from oficrm.reschedule import Overtaken, Preview, Selection, Shift, Wish
from oficrm.rules.problems import Invalid
from ui import theme
from ui.context import Context
from ui.forms.message_bar import MessageBars
from ui.reschedule.loads import LoadPanel
from ui.reschedule.model import AFTER, ALL, BEFORE, CLIENT, DAYS, MOVES, PERSON, REMARK, STAYS, SUBJECT, PreviewModel
from ui.reschedule.options import Options
from ui.reschedule.outcome import Outcome, count_text, planned, sentence
from ui.reschedule.overtaken import OvertakenPanel
from ui.reschedule.ways import Ways
from ui.widgets.bars import SegmentedButtons, StickyFoot
from ui.widgets.feedback import BusyBar
from ui.widgets.padded import PaddedDelegate
from ui.widgets.writing_dialog import WritingDialog

MEMORY_KEY = "change_date"
MANY = 2_000
"""Contacts from which typing waits a little before planning, and from which the slow lane does it."""
WAIT_MS = 150
_WIDTHS = {CLIENT: 190, PERSON: 136, BEFORE: 172, AFTER: 206, DAYS: 58, REMARK: 236}


class ChangeDateDialog(WritingDialog):
    """Changes the dates of the contacts ``ids``, or of all ``loaded`` ones when those are given too.

    ``applied`` carries the ids whose date changed.
    """

    applied = Signal(object)

    def __init__(
        self, context: Context, ids: Sequence[int], loaded: Sequence[int] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_change_date")
        self.context = context
        self._today = clock.today()
        self._scopes = {"selected": tuple(ids), "loaded": tuple(loaded) if len(loaded) > len(ids) else ()}
        self._selection: Selection | None = None
        self._outcome: Outcome | None = None
        self._wish: Wish | None = None
        self._marked: frozenset[int] = frozenset()
        self._restored = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._plan)
        self._build()
        self.resize(1180, 690)
        self._set_title(len(ids))
        self._load()
        context.bridge.changed.connect(self._changed_elsewhere)

    # --- parts

    def _build(self) -> None:
        self.busy = BusyBar(self)
        self.bars = MessageBars(self)
        self.ways = Ways(self._today, self)
        self.ways.changed.connect(self._wished)
        self.options = Options(self)
        self.options.changed.connect(self._wished)
        self.overtaken = OvertakenPanel(self)
        self.overtaken.again.connect(self._load)
        self.loads = LoadPanel(self)
        self.model = PreviewModel(self._today, self)
        self.foot = StickyFoot(self)
        self.cancel = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.cancel.clicked.connect(self.reject)
        self.accept_button = self.foot.add_button("Cambiar", name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self.accept_button.clicked.connect(self._apply)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_S, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_S)
        body.addLayout(self._make_head())
        body.addWidget(self.ways)
        body.addWidget(self.options)
        body.addWidget(self.overtaken)
        body.addWidget(self.loads)
        body.addLayout(self._make_filter())
        body.addWidget(self._make_table(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.busy, self.bars):
            column.addWidget(part)
        column.addLayout(body, 1)
        column.addWidget(self.foot)
        self._show_outcome()

    def _make_head(self) -> QHBoxLayout:
        self.title = QLabel(self)
        self.title.setObjectName("title")
        theme.set_role(self.title, "title")
        self.scope = SegmentedButtons(self)
        self.scope.add("selected", "&Seleccionados", name="scope_selected")
        self.scope.add("loaded", "Todos los de la &lista", name="scope_loaded")
        for key, ids in self._scopes.items():
            self.scope.set_count(key, len(ids))
        self.scope.setVisible(bool(self._scopes["loaded"]))
        self.scope.changed.connect(lambda _key: self._load())
        row = QHBoxLayout()
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.scope)
        return row

    def _make_filter(self) -> QHBoxLayout:
        self.which = SegmentedButtons(self)
        for key, text in ((ALL, "Todos"), (MOVES, "Cambian"), (STAYS, "Se quedan")):
            self.which.add(key, text, name=f"show_{key}")
        self.which.changed.connect(self.model.show_only)
        row = QHBoxLayout()
        row.addWidget(self.which)
        row.addStretch(1)
        return row

    def _make_table(self) -> QTableView:
        self.table = QTableView(self)
        self.table.setObjectName("table")
        self.table.setAccessibleName("Contactos, antes y después")
        self.table.setModel(self.model)
        self.table.setItemDelegate(PaddedDelegate(self.table))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in _WIDTHS.items():
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        return self.table

    # --- the selection

    def _ids(self) -> tuple[int, ...]:
        return self._scopes[self.scope.current()]

    def _load(self) -> None:
        """Freeze what is in scope as it stands now."""
        ids = self._ids()
        self._set_title(len(ids))
        self._wish = self._outcome = None
        self._show_outcome()
        self.busy.start()

        self.context.bridge.read(
            lambda session: reschedule.frozen(session, ids), self._loaded, self,
            purpose="selection", slow=len(ids) > MANY, failed=self._not_loaded,
        )  # fmt: skip

    def _not_loaded(self, error: Exception) -> None:
        self.busy.stop()
        self._report(error)

    def _loaded(self, selection: Selection) -> None:
        self.busy.stop()
        self._selection = selection
        if self.overtaken.isVisible():
            self.overtaken.hide()
            self.loads.show()
            self.ways.focus()
        self._set_title(len(selection.subjects))
        if not self._restored:
            self._restore(selection)
        if selection.gone:
            text = "Un contacto ya no existe." if selection.gone == 1 else f"{selection.gone} contactos ya no existen."
            self.bars.show_message("gone", text, "today")
        self.model.set_selection(selection, self._marked)
        self.table.setColumnHidden(PERSON, len({subject.salesperson_id for subject in selection.subjects}) < 2)
        self._wished(at_once=True)

    def _restore(self, selection: Selection) -> None:
        kept = self.context.memory.get(MEMORY_KEY, {})
        self._restored = True
        self.ways.restore(kept, selection.diary, self._today)
        self.options.restore(kept)
        self.ways.focus()

    def _changed_elsewhere(self, changes: Changes, initiator: object) -> None:
        """A contact of the selection was written by another window: show it as it is now."""
        touched = changes.tables.get("contact", frozenset()) & frozenset(self._ids())
        if touched and initiator is not self and self._selection is not None and not self._writing:
            self._marked |= touched
            self._load()

    # --- the plan

    def _wished(self, *, at_once: bool = False) -> None:
        """Something that may mean another plan was changed."""
        if self._selection is None or self._writing:
            return
        self.options.describe(self._selection, counts_workdays=self.ways.counts_workdays())
        spec = self.ways.spec(avoid=self.options.holidays.isChecked())
        self._wish = None if spec is None else self.options.wish(spec)
        self._outcome = None
        self._show_foot()
        if self._wish is None:
            self._timer.stop()
            self._show_outcome()
        elif at_once or not self._is_long():
            self._plan()
        else:
            self._timer.start(WAIT_MS)

    def _is_long(self) -> bool:
        assert self._selection is not None
        spec = self._wish.spec if self._wish else None
        far = isinstance(spec, Shift) and abs(spec.amount) > 60
        return far or len(self._selection.subjects) > MANY

    def _plan(self) -> None:
        selection, wish = self._selection, self._wish
        if selection is None or wish is None:
            return

        def then(outcome: Outcome | Invalid) -> None:
            self._planned(wish, outcome)

        self.context.bridge.read(lambda _session: planned(selection, wish), then, self, purpose="plan",
                                 slow=self._is_long())  # fmt: skip

    def _planned(self, wish: Wish, outcome: Outcome | Invalid) -> None:
        if wish is not self._wish:
            return  # typed on meanwhile: a newer answer comes
        if isinstance(outcome, Invalid):
            self.ways.refuse(outcome.message)
            self._wish = None
        else:
            self._outcome = outcome
        self._show_outcome()

    def preview(self) -> Preview | None:
        """What the screen shows and the button will write; None while it is being worked out."""
        return self._outcome.preview if self._outcome else None

    def is_ready(self) -> bool:
        """Whether the preview on the screen is the one of what is typed."""
        return self._outcome is not None and not self._writing

    # --- what is shown

    def _set_title(self, count: int) -> None:
        text = reschedule.operation_label(count)
        self.title.setText(text)
        self.setWindowTitle(text)

    def _show_outcome(self) -> None:
        outcome = self._outcome
        self.model.set_outcome(outcome)
        self.loads.set_outcome(outcome)
        for key, found in ((ALL, None), (MOVES, outcome.moves if outcome else None),
                           (STAYS, outcome.stays if outcome else None)):  # fmt: skip
            total = len(self._selection.subjects) if self._selection else None
            self.which.set_count(key, total if key == ALL else len(found) if found is not None else None)
        self._show_foot()

    def _show_foot(self) -> None:
        outcome = self._outcome
        moves = len(outcome.moves) if outcome else 0
        text = "Cambiando…" if self._writing else "Cambiar" if not moves else (
            "Cambiar 1 fecha" if moves == 1 else f"Cambiar {count_text(moves)} fechas")  # fmt: skip
        self.accept_button.setText(f"{text}   Ctrl+↵")
        self.accept_button.setAccessibleName(text)
        self.accept_button.setEnabled(bool(moves) and not self._writing and self.overtaken.isHidden())
        self.foot.set_sentence(sentence(outcome) if outcome else "")

    # --- writing

    def _apply(self) -> None:
        preview = self.preview()
        if preview is None or self._writing:
            return
        self._writing = True
        self._lock(True)
        self.bars.clear()
        self.busy.start()
        self.context.bridge.write(lambda session: reschedule.apply(session, preview), self._applied, self,
                                  failed=self._failed)  # fmt: skip

    def _lock(self, locked: bool) -> None:
        for part in (self.ways, self.options, self.scope, self.cancel):
            part.setEnabled(not locked)
        self._show_foot()

    def _applied(self, done: Done[tuple[int, ...]]) -> None:
        self._writing = False
        self.busy.stop()
        self.context.memory.put(MEMORY_KEY, self.ways.state() | self.options.state())
        count = len(done.value)
        text = "Una fecha cambiada." if count == 1 else f"{count_text(count)} fechas cambiadas."
        self.context.notices.show(text, done.changes.operation_id)
        self.applied.emit(done.value)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._writing = False
        self.busy.stop()
        if isinstance(error, Overtaken):
            self._marked |= frozenset(contact.id for contact in error.contacts)
            self.loads.hide()
            self.overtaken.show_error(error)
        else:
            self._report(error)
        self._lock(False)

    def _report(self, error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            self.bars.show_message("problem", f"No se ha cambiado nada. {error}", "overdue")
        else:
            self.bars.show_message("problem", "No se ha cambiado nada.", "overdue")
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))
