"""The window of a record of any module: head, General and related tabs, foot; made from the declaration alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.filed import FILES
from oficrm import copies, related
from oficrm.drafts import Loaded, Saved, Values
from oficrm.jobs import Changes
from oficrm.related import Related
from ui import icons, theme
from ui.context import Context
from ui.forms import foot_words, kept, window_place
from ui.forms.draft_form import DraftForm
from ui.forms.file_drops import FileDrops
from ui.forms.files_tab import FilesTab
from ui.forms.general_tab import GeneralTab
from ui.forms.record_actions import RecordActions
from ui.forms.record_head import NUMBER_FIELDS, RecordHead
from ui.forms.related_tabs import GENERAL, RelatedTabs
from ui.forms.save_gauge import SaveGauge
from ui.widgets.bars import StickyFoot

LARGE, SMALL = QSize(1140, 690), QSize(680, 560)
FEW_FIELDS = 7
COMMENTS = "comment"


class RecordWindow(QWidget):
    """``form_<table>``: Añadir, Modificar or Consultar a record.

    ``preset`` fills a new record by field names; ``duplicate`` begins a new one from ``ident``; ``made`` is one that
    the program has filled in; ``restore`` goes on with a kept draft; ``then`` follows a save.
    """

    def __init__(
        self, context: Context, table: str, ident: int | None = None, *, preset: Values | None = None,
        read_only: bool = False, duplicate: bool = False, restore: kept.Kept | None = None,
        then: Callable[[Saved], None] | None = None, made: Loaded | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(f"form_{table}")
        self.context, self._then = context, then
        self._wrong: set[str] = set()
        self._is_shown = False
        self.form = DraftForm(context, table, self)
        if duplicate and ident is not None:
            self.form.open(job=partial(copies.duplicate, table=table, ident=ident))
        elif made is not None:
            self.form.open(job=lambda _session: made)
        else:
            self.form.open(ident, preset, restore=restore, read_only=read_only)
        self._facts = self.form.model.module
        self.relations = related.related(table)
        self.head = RecordHead(self._facts.icon, self)
        self.general = self._make_general()
        is_new = duplicate or (ident if restore is None else restore.id) is None
        self.tabs = RelatedTabs(
            context.memory, table, self.relations, self.general, self._make_page, self, is_new=is_new
        )
        self.foot = StickyFoot(self)
        self.files = FilesTab(self.form, self.tabs, self)
        self.drops = FileDrops(self, self.files.add, self.files.takes)
        self._add_buttons()
        self._lay_out()
        self.actions_menu = RecordActions(self)
        SaveGauge(self.form, self.foot, (self.tabs, self.head, self.form.bars, self.accept_button))
        self._connect()
        self.setWindowIcon(icons.icon(icons.known(self._facts.icon)))
        self._new_words = self._name_new(duplicate)
        self.setWindowTitle(self._new_words if ident is None or duplicate else self._facts.label)
        self._set_mode(read_only)
        self._placed = window_place.restore(self, context.memory, f"form_{table}", self._first_size())

    def _make_general(self) -> GeneralTab:
        """The first tab; windows of modules with a form of their own make theirs."""
        return GeneralTab(self.form, self)

    def more_actions(self) -> Sequence[tuple[str, str, str, Callable[[], object], str]]:
        """What a form of its own offers besides: name, words, icon, what it does, shortcut."""
        return ()

    def _name_new(self, duplicate: bool) -> str:
        words = ("Nueva" if self._facts.feminine else "Nuevo") + f" {self._facts.named(1)}"
        return f"{words} (copia)" if duplicate else words

    def _first_size(self) -> QSize:
        screens = self.form.model.screens
        fields = sum(len(section.fields) for section in screens.form)
        return SMALL if fields <= FEW_FIELDS and not screens.tabs and not screens.lines else LARGE

    def _fit(self) -> None:
        """The first window of a module is no taller than its fields."""
        if not self._placed and not self.isMaximized() and self.general.cards.is_whole():
            around = self.head.sizeHint().height() + self.foot.sizeHint().height()
            tabs = self.tabs.top.sizeHint().height() if self.relations else 0
            least = self._first_size().height() // 2
            needed = self.general.cards.needed_height(self.general.viewport().width()) + around + tabs + theme.SPACE_S
            window_place.shrink(self, max(least, needed))

    def _add_buttons(self) -> None:
        self.edit_button = self.foot.add_button("Modificar", name="button_edit", shortcut="Ctrl+E")
        self.cancel_button = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.accept_button = self.foot.add_button(
            "Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return"
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.form.bars)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        form = self.form
        form.ready.connect(self.general.build)
        form.loaded.connect(self._show_record)
        form.edited.connect(self._edited)
        form.renumbered.connect(self._recounted)
        form.saved.connect(self._saved)
        form.finished.connect(self.close)
        form.problems_changed.connect(self._show_problems)
        self.accept_button.clicked.connect(lambda _on=False: form.save())
        self.cancel_button.clicked.connect(self.close)
        self.edit_button.clicked.connect(self.modify)
        self.context.bridge.changed.connect(self._changed_elsewhere)
        self.tabs.opened.connect(self._tab_opened)
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self, partial(self.tabs.step, by))

    # --- what is shown

    def _show_record(self) -> None:
        content = self.form.content
        assert content is not None
        self.general.attach()
        first, self._is_shown = not self._is_shown, True
        is_new = content.draft.id is None
        title = self._new_words if is_new else content.title or self._facts.label
        values = content.draft.values
        code = content.number or next((str(values[name]) for name in NUMBER_FIELDS if values.get(name)), "")
        self.head.show_record(content, title, "" if is_new or title.startswith(code) else code)
        self.head.set_state(values.get(self.form.model.screens.state))
        self.setWindowTitle(title if is_new else f"{title} · {self._facts.label}")
        self.tabs.set_new(is_new)
        self._set_mode(self.form.read_only)
        self._write_foot()
        self._count()
        if first:
            self.drops.watch(self.general)
            QTimer.singleShot(0, self.general, self._fit)  # Qt shows the cards first: hidden they count for nothing
            self._focus_first()

    def is_ready(self) -> bool:
        """True once the record is shown."""
        return self._is_shown

    def _focus_first(self) -> None:
        """An existing record begins at its first field; a new one at the first that must be filled in."""
        bound = [each for each in self.form.bound().values() if not each.editor.is_read_only()]
        empty = [each for each in bound if each.field.required and each.editor.value() is None]
        if self.form.read_only:
            self.edit_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif empty or bound:
            (empty or bound)[0].editor.focus()

    def _set_mode(self, read_only: bool) -> None:
        self.files.refresh()
        self.actions_menu.refresh()
        self.edit_button.setVisible(read_only and not (self.form.content and self.form.content.deleted))
        self.accept_button.setVisible(not read_only)
        self.cancel_button.setText(f"{'Cerrar' if read_only else 'Cancelar'}   Esc")

    def _edited(self, name: str) -> None:
        if name == self.form.model.screens.state:
            field = self.form.fields[name]
            self.head.set_state(next((each for each in field.choices or () if each == self.form.value(name)), None))
        self._write_foot()

    def _recounted(self) -> None:
        """What is worked out around the record, or the number it will get, has become another."""
        self._write_foot()
        if self.form.content is not None:
            self.head.show_facts(self.form.content)

    def _write_foot(self) -> None:
        if not self._wrong:
            self.foot.set_sentence(*foot_words.sentence(self.form))

    def _show_problems(self, wrong: set[str]) -> None:
        fields = wrong - {FILES}
        self.tabs.set_wrong(len(fields))
        self.tabs.set_wrong(len(wrong - fields), FILES)
        if wrong:
            self.general.cards.show_all()
            if not self._wrong:
                self.tabs.reveal(GENERAL if fields else FILES)
            self.foot.set_sentence(foot_words.problems(len(wrong)), "error")
        self._wrong = wrong

    # --- related modules

    def related_preset(self, relation: Related) -> Values:
        """What a new record of a related module starts with."""
        form = self.form
        assert form.ident is not None
        return related.preset(relation, form.table, form.ident, form.values())

    def _make_page(self, relation: Related) -> QWidget:
        if relation.table == FILES:
            return self.files.make_page()
        if relation.table == COMMENTS:
            from ui.comments.tab import CommentsTab

            return CommentsTab(self, relation)
        from ui.forms.related_page import RelatedPage  # lists are loaded when one is wanted

        return RelatedPage(self, relation)

    def _tab_opened(self, name: str) -> None:
        """In a related list its own keys hold: Ctrl+Enter consults a row, Ctrl+H is the history of that row."""
        in_general = name == GENERAL or self.form.ident is None
        for key in self.accept_button.findChildren(QShortcut):
            key.setEnabled(in_general)
        self.actions_menu.set_history_key(in_general)

    def _count(self) -> None:
        form = self.form
        ident = form.ident
        if ident is not None and self.relations:
            self.context.bridge.read(
                lambda s: related.counts(s, form.table, ident), self.tabs.set_counts, form, purpose="counts"
            )

    def _changed_elsewhere(self, changes: Changes, _initiator: object) -> None:
        if any(changes.shown(relation.table) for relation in self.relations):
            self._count()

    # --- actions

    def modify(self) -> None:
        """From Consultar to Modificar."""
        self.form.set_read_only(False)
        self._set_mode(False)
        self._write_foot()
        self._focus_first()

    def print_paper(self, template: int | None = None) -> None:
        """Print the record; what is not saved yet is saved first."""
        self._with_paper("send_to_printer", template)

    def save_pdf(self, template: int | None = None) -> None:
        """Save the record as PDF; what is not saved yet is saved first."""
        self._with_paper("save_as_pdf", template)

    def _with_paper(self, what: str, template: int | None) -> None:
        from ui.papers import output  # printing is loaded when it is wanted

        def run(ident: int) -> None:
            output.put_on_paper(self, ident, template, getattr(output, what))

        if self.form.is_dirty() and not self.form.read_only:
            self.form.save(lambda saved: run(saved.id))
        elif self.form.ident is not None:
            run(self.form.ident)

    def _saved(self, saved: Saved) -> None:
        if self._then is not None:
            self._then(saved)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Unsaved edits are asked about inside the window."""
        if self.form.saving.is_busy or not self.form.request_close():
            self.form.saving.cancel()
            event.ignore()
            return
        window_place.remember(self, self.context.memory, f"form_{self.form.table}")
        event.accept()
