"""One save from pressing Aceptar to its end: what can go wrong on the way is settled inside the form."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from oficrm import related, restoring, saving
from oficrm.drafts import Draft, Saved
from oficrm.enclosures import FIELD as FILES
from oficrm.errors import Cancelled, Conflict, EnvironmentProblem, NeedsConfirmation, Refused, ValidationError
from oficrm.jobs import Done, Progress
from ui.forms.conflict_dialog import ConflictDialog
from ui.forms.links import EitherPicker
from ui.forms.message_bar import Answer
from ui.widgets.link_editor import LinkEditor

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm

Then = Callable[[Saved], object]
_BARS = ("problem", "confirm", "close", "conflict", "changed", "kept", "gone")


NAMED = 6
"""Files named that cannot be kept; the rest is counted."""


class _Stopped(Exception):
    """The save was cancelled and nothing of it is kept."""


class SaveRun(QObject):
    """Saves the draft of a form and settles confirmations, conflicts and failures.

    A save of large files runs beside the others: ``long`` says when it begins and ends, ``stepped`` how far it is.
    """

    long = Signal(bool)
    stepped = Signal(int, int)

    def __init__(self, form: DraftForm) -> None:
        super().__init__(form)
        self._form = form
        self._busy = False
        self._then: Then | None = None
        self._draft: Draft | None = None
        self._waiting: list[LinkEditor] = []
        self._wrong: set[str] = set()
        self._progress: Progress | None = None
        form.edited.connect(self._forgive)

    @property
    def is_busy(self) -> bool:
        """Whether a save is on its way."""
        return self._busy

    # --- on the way

    def start(self, then: Then | None) -> None:
        """Save what the editors hold. Accepting twice saves once."""
        form = self._form
        if self._busy or form.content is None or form.read_only:
            return
        self._then = then
        for bound in form.bound().values():
            focused = QApplication.focusWidget()
            if focused is not None and bound.editor.isAncestorOf(focused):
                bound.editor.commit()
        if self._wait_for_links():
            return
        for code in _BARS:
            form.bars.hide_message(code)
        self._write(form.draft())

    def _wait_for_links(self) -> bool:
        """A picker that is still searching settles first; saving goes on by itself."""
        pickers = [editor.picker if isinstance(editor, EitherPicker) else editor
                   for editor in (bound.editor for bound in self._form.bound().values())]  # fmt: skip
        pending = [picker for picker in pickers if isinstance(picker, LinkEditor) and picker.pump.pending()]
        if not pending or self._waiting:
            return bool(self._waiting)
        self._waiting = pending
        for picker in pending:
            picker.line.clearFocus()  # so that it takes what can only be meant instead of listing it
            picker.pump.arrived.connect(self._settled)
            picker.pump.hurry()
        return True

    def _settled(self) -> None:
        if any(picker.pump.pending() for picker in self._waiting):
            return
        for picker in self._waiting:
            picker.pump.arrived.disconnect(self._settled)
        self._waiting = []
        self.start(self._then)

    def _write(self, draft: Draft) -> None:
        self._busy, self._draft = True, draft
        form = self._form
        progress = None
        if form.held.is_long():
            self._progress = progress = Progress(self.stepped.emit)
            self.long.emit(True)

        def job(session: Any) -> Saved:
            try:
                return saving.save(session, draft, progress)
            except Cancelled as error:  # which the bridge keeps to itself; the form must know that it may go on
                raise _Stopped from error

        form.context.bridge.write(job, self._done, form, failed=self._failed, slow=progress is not None)

    def cancel(self) -> bool:
        """Stop a long save; False when there is none. It ends with a message, or went through already."""
        if self._progress is None:
            return False
        self._progress.cancel()
        return True

    def _end(self) -> None:
        self._busy = False
        if self._progress is not None:
            self._progress = None
            self.long.emit(False)

    def _done(self, done: Done[Saved]) -> None:
        self._end()
        saved = done.value
        facts = self._form.model.module
        verb = ("añadid" if saved.is_new else "guardad") + ("a" if facts.feminine else "o")
        text = f"{facts.label} {verb}: {saved.title.rstrip('.')}." if saved.title else f"{facts.label} {verb}."
        if done.changes.operation_id is not None:
            self._form.context.notices.show(f"{text} {saved.message}".strip(), done.changes.operation_id)
        elif saved.message:
            self._form.context.notices.show(saved.message)
        self._form.after_save(saved, self._then)

    def _failed(self, error: Exception) -> None:
        self._end()
        match error:
            case _Stopped():
                self._form.bars.show_message(
                    "problem", "Cancelado: no se ha guardado nada; lo escrito sigue aquí.", "today"
                )
            case ValidationError():
                self.show_errors(error.errors)
            case NeedsConfirmation():
                self._confirm(error)
            case Conflict():
                self._compare(error)
            case Refused():
                self._form.bars.show_message("problem", str(error), "overdue")
            case EnvironmentProblem():
                again = Answer("Reintentar", self._again, "button_retry", True)
                text = f"No se ha guardado; lo escrito sigue aquí. {error}"
                self._form.bars.show_message("problem", text, "overdue", [again]).focus()
            case _:
                self._form.bars.show_message("problem", "No se ha guardado; lo escrito sigue aquí.", "overdue")
                self.report(error)

    def _again(self) -> None:
        self.start(self._then)

    def report(self, error: Exception) -> None:
        """An error of ours: the window that shows reports takes it."""
        self._form.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    # --- errors

    def show_errors(self, errors: dict[str, list[str]]) -> None:
        """Put each message where it belongs and go to the first."""
        form = self._form
        rest = dict(errors)
        wrong: set[str] = set()
        for name, bound in form.bound().items():
            texts = rest.pop(name, [])
            if texts or bound.editor.error():
                bound.set_error(" ".join(texts) or None)
            if texts:
                wrong.add(name)
        for table, part in form.parts().items():
            mine = {key: rest.pop(key) for key in list(rest) if key.startswith(f"{table}.")}
            part.set_errors({key.removeprefix(f"{table}."): texts for key, texts in mine.items()})
            if mine:
                wrong.add(table)
        if self._show_files(rest.pop(FILES, [])):
            wrong.add(FILES)
        self._show_rest(rest)
        self._wrong = set(wrong)
        form.problems_changed.emit(wrong)
        self._focus_first(wrong)

    def _forgive(self, name: str) -> None:
        """What is being corrected no longer counts as wrong; saving will tell."""
        if name in self._wrong:
            self._wrong.discard(name)
            if name == FILES:
                self._form.bars.hide_message("files")
            self._form.problems_changed.emit(set(self._wrong))

    def _show_files(self, texts: list[str]) -> bool:
        """Files that cannot be kept, each on its line; they wait on, to be taken off or put right."""
        if texts:
            more = [f"Y {len(texts) - NAMED} más."] if len(texts) > NAMED else []
            text = "\n".join(["No se ha guardado: hay archivos que no se pueden añadir.", *texts[:NAMED], *more])
            self._form.bars.show_message("files", text, "overdue")
        else:
            self._form.bars.hide_message("files")
        return bool(texts)

    def _show_rest(self, rest: dict[str, list[str]]) -> None:
        form = self._form
        texts = []
        for name, found in rest.items():
            field = form.model.fields.get(name)
            texts += [f"{field.label}: {text}" if field else text for text in found]
        if texts:
            form.bars.show_message("", " ".join(texts), "overdue")
        else:
            form.bars.hide_message("")

    def _focus_first(self, wrong: set[str]) -> None:
        form = self._form
        for name, bound in form.bound().items():
            if name in wrong:
                bound.editor.focus()
                return
        for table, part in form.parts().items():
            if table in wrong:
                part.focus_error()
                return

    # --- questions

    def _confirm(self, question: NeedsConfirmation) -> None:
        assert self._draft is not None
        answers = [
            Answer(question.accept, partial(self._accept, question.code), "button_confirm_accept", True),
            Answer("Cancelar", lambda: self._form.bars.hide_message("confirm"), "button_confirm_cancel"),
        ]
        self._form.bars.show_message("confirm", question.text, "today", answers).focus()

    def _accept(self, code: str) -> None:
        """Save what the editors hold now, with one more confirmation given."""
        assert self._draft is not None
        given = self._draft.accepted | {code}
        draft = self._form.draft()
        draft.accepted = given
        self._form.bars.hide_message("confirm")
        self._write(draft)

    def _compare(self, conflict: Conflict) -> None:
        """Look up the names behind the links of both sides, then show them side by side."""
        form, draft = self._form, self._draft
        assert draft is not None
        names = [each.field for each in conflict.differences]
        mine = {each.field: each.mine for each in conflict.differences}
        theirs = {each.field: each.theirs for each in conflict.differences}
        original = {each.field: each.original for each in conflict.differences}

        def show(found: list[dict[str, str]]) -> None:
            dialog = ConflictDialog(form, conflict, found[0], found[1], found[2], form.owner.window())
            dialog.accepted.connect(lambda: self._write(saving.with_version(draft, conflict, dialog.keep_mine())))
            dialog.open()

        form.context.bridge.read(
            lambda s: [related.titles(s, form.table, names, values) for values in (original, mine, theirs)], show, form
        )

    # --- out of the trash

    def recover(self) -> None:
        """Bring the record back out of the trash, with what was deleted along with it."""
        form = self._form
        assert form.ident is not None
        table, ident = form.table, form.ident

        def back(done: Done[str]) -> None:
            form.context.notices.show(done.value, done.changes.operation_id)
            form.open(ident)

        form.context.bridge.write(lambda s: restoring.restore_deleted(s, table, ident), back, form, failed=self._failed)
