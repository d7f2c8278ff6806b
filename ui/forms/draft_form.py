"""The machinery of every form: loads a record into editors, knows what was changed, saves, and keeps what is written.

The owner (a window) makes its editors in the slot of ``ready`` with ``row`` or ``bind``, puts ``bars`` on top, and
closes itself on ``finished``. Everything else happens here, for the generic window and for forms of their own alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from db.fields import Field
from db.filed import FILES
from db.registry import module
from oficrm import records
from oficrm.drafts import Draft, LineDraft, Loaded, Saved, Values
from oficrm.errors import Refused
from oficrm.jobs import Changes
from ui.context import Context
from ui.forms import closed, editors, kept, numbering, within
from ui.forms.filling import Filling
from ui.forms.held import FOLDER, Held
from ui.forms.message_bar import Answer, MessageBars
from ui.forms.parts import Bound, LinesPart
from ui.forms.save_run import SaveRun
from ui.widgets.editor import Editor
from ui.widgets.field_row import FieldRow

MAIL = "email_message"
"""What stands for files and a mail that wait, among the names of what was changed."""
KEEP_AFTER_MS = 600
BREATH_MS = 1
"""Between making, placing and filling a form the window gets to breathe: three short steps, not a long one."""


class DraftForm(QObject):
    """One record being looked at or edited. A child of its window."""

    ready = Signal()
    """The first answer is here: ``fields`` and ``content`` are known. Make the editors now; they are filled next."""
    loaded = Signal()
    """The editors show a record: after opening, after reloading, after saving without closing."""
    edited = Signal(str)
    """The user changed a field, or a line table (its table name)."""
    dirty_changed = Signal(bool)
    saved = Signal(object)
    """A Saved; emitted before the form closes or reloads."""
    finished = Signal()
    """Saved or given up: the window may close."""
    renumbered = Signal()
    """The number that the record would get is another one now (``content.proposed``)."""
    problems_changed = Signal(object)
    """The names of the fields in error, a set; empty once all is right."""

    def __init__(self, context: Context, table: str, owner: QWidget) -> None:
        super().__init__(owner)
        self.context, self.table, self.owner = context, table, owner
        self.model = module(table)
        self.kit = editors.Kit(context, owner, other=self.value)
        self.bars = MessageBars(owner)
        self.fields: dict[str, Field] = {}
        self.content: Loaded | None = None
        self.read_only = False
        self._bound: dict[str, Bound] = {}
        self._parts: dict[str, LinesPart] = {}
        self._line_base: dict[str, list[LineDraft]] = {}
        self._touched: set[str] = set()
        self._filling = Filling(self)
        self._kept: kept.Kept | None = None
        self._key = ""
        self._is_ready = False
        self._gone = False
        self.held = Held(context.memory.folder.parent / FOLDER, self)
        self.held.changed.connect(self._held_changed)
        self.saving = SaveRun(self)
        self._keeper = QTimer(self)
        self._keeper.setSingleShot(True)
        self._keeper.setInterval(KEEP_AFTER_MS)
        self._keeper.timeout.connect(self.keep_now)
        context.bridge.changed.connect(self._changed_elsewhere)

    # --- opening

    def open(
        self, ident: int | None = None, preset: Values | None = None, *, job: Callable[[Any], Loaded] | None = None,
        restore: kept.Kept | None = None, read_only: bool = False,
    ) -> None:  # fmt: skip
        """Load a record, or begin a new one with ``preset`` (field names). ``job`` replaces the read; ``restore``
        goes on with a kept draft."""  # noqa: D209
        self._kept, self.read_only = restore, read_only
        self._key = restore.key if restore else kept.new_key(self.table, ident)
        if restore is not None:
            job = partial(kept.reopen, kept=restore)
        elif job is None and ident is not None:
            job = partial(records.load, table=self.table, ident=ident)
        elif job is None:
            job = partial(records.blank, table=self.table, preset=preset)
        self.context.bridge.read(job, self._arrived, self, failed=self._not_opened, purpose="open")

    def reload(self) -> None:
        """Show the record as it stands in the database; what was typed here is given up."""
        if self.ident is not None:
            self._drop_kept()
            self.open(self.ident, read_only=self.read_only)

    def _arrived(self, content: Loaded) -> None:
        self.content = content
        own = {field.name: field for field in content.own_fields}
        self.fields = {name: own.get(name) or self.model.fields[name] for name in content.draft.values}
        # Amounts are shown in the money of the record, where it has one of its own.
        self.kit.country, self.kit.currency = content.country, content.draft.values.get("currency") or content.currency
        if self._is_ready:
            self._show(content)
            return
        self._is_ready = True
        self.ready.emit()
        QTimer.singleShot(BREATH_MS, self, partial(self._show, content))

    def _show(self, content: Loaded) -> None:
        if content is not self.content:
            return
        self._fill(content)
        for code in ("changed", "record", "conflict", "problem"):
            self.bars.hide_message(code)
        if self._kept is not None:
            self._show_kept(self._kept)
        if content.deleted:
            self._say_deleted()
        self.set_read_only(self.read_only or content.deleted)
        self.loaded.emit()

    def _fill(self, content: Loaded) -> None:
        for name, bound in self._bound.items():
            editors.show_value(bound.editor, bound.field, content.draft.values.get(name), content.titles.get(name, ""))
            bound.baseline = bound.seen = bound.editor.value()
        for table, part in self._parts.items():
            part.set_lines(content.draft.lines.get(table, []), content.line_titles.get(table, []))
            self._line_base[table] = part.lines()
        self.held.clear()
        self._filling.begin()
        numbering.show(self, content.proposed)
        self._set_touched(set())
        self.show_errors({})

    def _show_kept(self, restored: kept.Kept) -> None:
        """Put what was typed before the crash over what is loaded."""
        self._kept = None
        for name, value in restored.values.items():
            if bound := self._bound.get(name):
                editors.show_value(bound.editor, bound.field, value, restored.titles.get(name, ""))
        for table, lines in restored.lines.items():
            if part := self._parts.get(table):
                part.set_lines(lines, restored.line_titles.get(table, []))
        self._set_touched((set(restored.values) & set(self._bound)) | (set(restored.lines) & set(self._parts)))
        self._show_held(restored)
        when = f" {restored.at.astimezone():%d/%m/%Y %H:%M}" if restored.at else ""
        answers = [Answer("Seguir", lambda: self.bars.hide_message("kept"), "button_keep", True),
                   Answer("Descartar", self.discard, "button_discard_kept")]  # fmt: skip
        self.bars.show_message("kept", f"Recuperado: lo que estaba escribiendo{when} sin guardar.", "accent", answers)

    def _show_held(self, restored: kept.Kept) -> None:
        """Files and mail wait again; those that are no longer on the disk are named."""
        files, mail, gone = kept.there(restored)
        self.held.set_files(files)
        self.held.set_mail(mail)
        if gone:
            text = f"Sin añadir, porque ya no está en su sitio: {', '.join(gone)}."
            answers = [Answer("Entendido", lambda: self.bars.hide_message("gone"), "button_gone_files")]
            self.bars.show_message("gone", text, "overdue", answers)

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self.bars.show_message("record", str(error), "overdue", [Answer("Cerrar", self.discard, "button_gone")])
        else:
            self.saving.report(error)

    # --- editors

    def row(self, name: str, *, label: str = "", help: str = "", tooltip: str = "") -> FieldRow:
        """Make and bind the labelled editor of a field (``field_<name>``, ``error_<name>``)."""
        field = self.fields[name]
        editor = editors.make(field, self.kit)
        required = field.required and field.kind != "yes_no"
        made = FieldRow(name, label or field.label, editor, required=required, help=help, tooltip=tooltip)
        self.bind(name, editor, made)
        return made

    def bind(self, name: str, editor: Editor, row: FieldRow | None = None) -> None:
        """Let the form fill, watch and collect an editor made elsewhere."""
        self._bound[name] = Bound(self.fields[name], editor, row)
        editor.changed.connect(partial(self._edited, name))
        if editor.is_read_only():
            self._bound[name].locked = True

    def bind_lines(self, table: str, part: LinesPart) -> None:
        """Let the form fill, watch and collect the lines of a child table."""
        self._parts[table] = part
        part.changed.connect(partial(self._lines_edited, table))

    def editor(self, name: str) -> Editor:
        """The editor bound to a field. Raises KeyError."""
        return self._bound[name].editor

    def bound(self) -> dict[str, Bound]:
        """The bound editors by field name, in the order they were made."""
        return self._bound

    def parts(self) -> dict[str, LinesPart]:
        """The bound line tables."""
        return self._parts

    # --- values

    @property
    def ident(self) -> int | None:
        """The id of the record, None for a new one."""
        return self.content.draft.id if self.content else None

    def value(self, name: str) -> Any:
        """The value of a field now: typed, None, or raw text; also of fields that have no editor."""
        if name in self._bound:
            return self._bound[name].editor.value()
        if self.content is None:
            return None
        draft = self.content.draft
        return draft.values.get(name, draft.preset.get(name))

    def values(self) -> Values:
        """All values now."""
        return {name: self.value(name) for name in self.fields}

    def title(self, name: str) -> str:
        """The text shown for a link."""
        editor = self._bound[name].editor if name in self._bound else None
        line = getattr(editor, "line", None)
        return line.text() if line is not None else (self.content.titles.get(name, "") if self.content else "")

    def put(self, name: str, value: Any, title: str = "") -> None:
        """Set a field as the user would; links want their title too."""
        bound = self._bound[name]
        editors.show_value(bound.editor, bound.field, value, title)
        bound.editor.changed.emit()

    def draft(self) -> Draft:
        """The draft as it stands now, to be saved; a copy that may cross threads."""
        assert self.content is not None
        base = self.content.draft
        values = dict(base.values) | {name: self.value(name) for name in self._touched if name in self._bound}
        lines = {table: part.lines() for table, part in self._parts.items() if table in self._touched or not base.id}
        made = Draft(self.table, base.id, base.version, values, dict(base.original), dict(base.preset), lines,
                     base.accepted, base.original_lines)  # fmt: skip
        return replace(made, files=self.held.files, mail=self.held.mail.mail if self.held.mail else None)

    # --- what was changed

    def is_dirty(self) -> bool:
        """Whether there is something to save or to lose."""
        return bool(self._touched)

    def touched(self) -> set[str]:
        """The names of the fields and line tables that were changed; "document" and "email_message" for what waits."""
        return set(self._touched)

    def _edited(self, name: str) -> None:
        bound = self._bound[name]
        self._mark(name, bound.editor.value() != bound.baseline)
        within.follow(self, name)
        self._filling.follow(name)
        numbering.follow(self, name)
        self.edited.emit(name)

    def _lines_edited(self, table: str) -> None:
        self._mark(table, self._parts[table].lines() != self._line_base[table])
        self.edited.emit(table)

    def _held_changed(self) -> None:
        for name, waits in ((FILES, bool(self.held.files)), (MAIL, self.held.mail is not None)):
            self._mark(name, waits)
            self.edited.emit(name)

    def _mark(self, name: str, is_changed: bool) -> None:
        self._set_touched(self._touched | {name} if is_changed else self._touched - {name})
        self._keeper.start()

    def _set_touched(self, names: set[str]) -> None:
        before, self._touched = bool(self._touched), names
        if before != bool(names):
            self.dirty_changed.emit(bool(names))

    # --- errors, saving, closing

    def show_errors(self, errors: dict[str, list[str]]) -> None:
        """Show ``{field: [text]}``: beside the fields, in the cells of the lines, the rest in a bar on top."""
        self.saving.show_errors(errors)

    def save(self, then: Callable[[Saved], object] | None = None) -> None:
        """Save. Closes by ``finished``, or with ``then`` stays open, reloads, and calls it."""
        self.saving.start(then)

    def request_close(self) -> bool:
        """Return True when the window may close now; with unsaved edits a bar asks and False is returned."""
        if self._gone or not self.is_dirty() or self.read_only:
            self._drop_kept()
            return True
        if not self.bars.has("close"):
            answers = [Answer("Guardar", self.save, "button_close_save", True),
                       Answer("Descartar", self.discard, "button_close_discard"),
                       Answer("Seguir", self._stay, "button_close_stay")]  # fmt: skip
            self.bars.show_message("close", "Hay cambios sin guardar.", "today", answers)
        self.bars.bar("close").focus()
        return False

    def _stay(self) -> None:
        self.bars.hide_message("close")
        if self._bound:
            next(iter(self._bound.values())).editor.focus()

    def discard(self) -> None:
        """Give up what was written and let the window close."""
        self._gone = True
        self.held.clear()
        self._drop_kept()
        self.finished.emit()

    def after_save(self, saved: Saved, then: Callable[[Saved], object] | None) -> None:
        """What follows a save that went through."""
        self.held.clear()
        self._drop_kept()
        self._set_touched(set())
        self.saved.emit(saved)
        if then is None:
            self._gone = True
            self.finished.emit()
            return
        self.content = None  # nothing to save again until the record as it stands is here
        self.open(saved.id, read_only=self.read_only)
        then(saved)

    def set_read_only(self, read_only: bool) -> None:
        """Consultar (True) or Modificar (False)."""
        self.read_only = read_only
        for name, bound in self._bound.items():
            bound.editor.set_read_only(read_only or bound.locked or closed.keeps(self, name))
        for table, part in self._parts.items():
            part.set_read_only(read_only or closed.keeps(self, table))

    # --- what happens elsewhere

    def _changed_elsewhere(self, changes: Changes, initiator: object) -> None:
        if self.content is None or self.ident is None or initiator is self or self._gone:
            return
        mine = self.ident in changes.tables.get(self.table, frozenset())
        ours = mine or any(table in changes.tables for table in self._parts)
        if ours and not self.is_dirty():
            self.open(self.ident, read_only=self.read_only and not self.content.deleted)
            return
        if changes.tables or changes.counted:
            numbering.recount(self)  # what is worked out for it may come from any other record: balances, totals
        if mine:
            stay = Answer("Seguir con lo mío", lambda: self.bars.hide_message("changed"), "button_changed_keep", True)
            answers = [stay, Answer("Ver lo nuevo", self.reload, "button_changed_reload")]
            text = "Ha cambiado en otro sitio. Al guardar podrá elegir, dato por dato, si los dos tocaron lo mismo."
            self.bars.show_message("changed", text, "today", answers)

    def _say_deleted(self) -> None:
        self.bars.show_message(
            "record",
            f"{self.model.module.label} en la papelera.",
            "today",
            [Answer("Recuperar", self.saving.recover, "button_recover", True)],
        )

    # --- what survives a crash

    def keep_now(self) -> None:
        """Write the draft into the profile; called by itself shortly after each change."""
        if self.content is None or self._gone or not self._touched:
            self._drop_kept()
            return
        titles = {name: self.title(name) for name, bound in self._bound.items()
                  if bound.field.kind in ("link", "either")}  # fmt: skip
        line_titles = {table: part.titles() for table, part in self._parts.items()}
        kept.keep(
            self.context.memory,
            replace(
                kept.from_draft(self._key, self.draft(), self._touched & set(self._bound), titles, line_titles),
                files=self.held.files,
                mail=self.held.mail,
            ),
        )

    def _drop_kept(self) -> None:
        self._keeper.stop()
        if self._key:
            kept.drop(self.context.memory, self._key)
