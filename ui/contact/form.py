"""The entry form of a contacto: the screen a rep spends the day in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from oficrm import clock, contact_form, contacts, related
from oficrm.contact_form import Around, Extras, Opened
from oficrm.drafts import Draft, Saved, Values
from oficrm.errors import ValidationError
from oficrm.jobs import Changes, Done
from oficrm.related import Related
from ui import theme
from ui.contact.actions import Actions
from ui.contact.closing import ClosingProposal
from ui.contact.head import Head
from ui.contact.mail_place import MailPlace
from ui.contact.sections import Sections
from ui.contact.side_panel import SidePanel
from ui.contact.tabs import ContactTabs
from ui.contact.wording import describe_head, describe_state
from ui.context import Context
from ui.forms import foot_words, window_place
from ui.forms.draft_form import BREATH_MS, DraftForm
from ui.forms.kept import Kept
from ui.forms.save_gauge import SaveGauge
from ui.widgets.bars import StickyFoot

FOLDED, PLACE = "contact_panel_folded", "form_contact"
SIZE, LEAST = QSize(1280, 690), QSize(820, 480)
WITH_PANEL = 1140
"""Pixels of width from which the side panel has room."""
REFRESH_MS = 150
REST_MS = 300
"""After the next contact has opened, a second stroke of Ctrl+Enter meant for the first is not taken for it."""
CATALOGUES = frozenset({"contact_type", "result", "salesperson", "action_type"})
AROUND = frozenset({"contact", "contact_action", "quote"})


class ContactWindow(QWidget):
    """``form_contact``: one contacto, new or existing, to edit or to view.

    ``preset`` gives values of a new one by field name (``previous`` links it to the contact it follows). ``then`` is
    called with the first Saved. Accepting with a next date opens the next contact in the same window.
    """

    def __init__(
        self, context: Context, ident: int | None = None, *, preset: Values | None = None, read_only: bool = False,
        then: Callable[[Saved], None] | None = None, duplicate: bool = False, restore: Kept | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setObjectName("form_contact")
        self.context, self._then = context, then
        self._is_shown = False
        self._extras: Extras | None = None
        self._reach = ""
        self._is_chained = self._is_closed = False
        self.sections: Sections | None = None
        self.form = DraftForm(context, "contact", self)
        self.mail = MailPlace(context, self.form)
        self.head, self.panel, self.foot = Head(self), SidePanel(self), StickyFoot(self)
        self._build()
        self.menu = Actions(self, context)
        self._wire()
        self.setMinimumSize(LEAST)
        window_place.restore(self, context.memory, PLACE, SIZE)
        self._open(ident, preset, read_only=read_only, duplicate=duplicate, restore=restore)
        self._show_foot()

    def is_ready(self) -> bool:
        """True once the contact is shown."""
        return self._is_shown

    def is_follow_up(self) -> bool:
        """True while the next contact of one just accepted is being filled in."""
        return self._is_chained

    # --- building

    def _build(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QHBoxLayout()
        body.setContentsMargins(theme.SPACE_M, theme.SPACE_S, theme.SPACE_M, theme.SPACE_S)
        body.setSpacing(theme.SPACE_S)
        self.pages = ContactTabs(self, self._scroll)
        body.addWidget(self.pages.tabs, 1)
        body.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.form.bars):
            column.addWidget(part)
        column.addLayout(body, 1)
        column.addWidget(self.foot)
        self.edit_button = self.foot.add_button("Modificar", name="button_edit", kind="primary", shortcut="Ctrl+E")
        self.cancel_button = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.accept_button = self.foot.add_button(
            "Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return"
        )
        self.accept_button.setEnabled(False)
        for shortcut in self.accept_button.findChildren(QShortcut):
            shortcut.setAutoRepeat(False)  # a key held down accepts once
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        SaveGauge(self.form, self.foot, (self.pages.tabs, self.head, self.form.bars, self.panel))
        self._fold(bool(self.context.memory.get(FOLDED, False)))

    def _wire(self) -> None:
        form, panel = self.form, self.panel
        form.ready.connect(self._make_sections)
        form.loaded.connect(self._loaded)
        form.edited.connect(self._edited)
        form.finished.connect(self.close)
        form.problems_changed.connect(self._show_problems)
        form.bars.shown.connect(lambda _code: self._show_foot())
        self._refresh.timeout.connect(self._read_around)
        self._rest.timeout.connect(self._enable_accept)
        self.context.bridge.changed.connect(self._changed_elsewhere)
        self.accept_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.close)
        self.edit_button.clicked.connect(self.edit)
        self.head.fold_button.toggled.connect(lambda on: self._fold(not on))
        panel.contact_requested.connect(partial(self._open_other, "contact"))
        panel.quote_requested.connect(partial(self._open_other, "quote"))
        panel.quote_wanted.connect(lambda: self._begin_other("quote"))
        panel.opportunity_wanted.connect(lambda: self._begin_other("opportunity"))

    def _make_sections(self) -> None:
        assert self._given() is not None
        self.sections = Sections(self.form, self._given(), self._create_action, self)
        ClosingProposal(self.form, self.sections.end_card)
        QTimer.singleShot(BREATH_MS, self, self._place_sections)
        QShortcut("Ctrl+T", self, self.sections.toggle_timer)
        self.context.bridge.read(contact_form.calendar, self.sections.set_calendar, self, slow=True)

    def _place_sections(self) -> None:
        assert self.sections is not None
        self._scroll.setWidget(self.sections)
        self.sections.order_tabs()
        self.pages.drops.watch(self.sections)
        self.pages.drops.give(self.sections.notes.block, self.pages.take)

    def _fold(self, folded: bool) -> None:
        self.context.memory.put(FOLDED, folded)
        self.head.fold_button.setChecked(not folded)
        self._place_panel()

    def _place_panel(self) -> None:
        """The side panel gives way in a narrow window, and comes back with the room."""
        has_room = self.width() >= WITH_PANEL
        self.panel.setVisible(has_room and not self.context.memory.get(FOLDED, False))
        self.head.fold_button.setEnabled(has_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether there is room for the side panel."""
        super().resizeEvent(event)
        self._place_panel()

    # --- opening

    def _open(
        self, ident: int | None, preset: Values | None, *, read_only: bool, duplicate: bool, restore: Kept | None
    ) -> None:
        self._show_head()
        if restore is not None:
            self._open_kept(restore)
        elif duplicate and ident is not None:
            self.form.open(job=partial(contact_form.duplicate, ident=ident))
        else:
            job = partial(contact_form.open_form, ident=ident, preset=preset)
            self.form.open(ident, preset, job=job, read_only=read_only)

    def _open_kept(self, restore: Kept) -> None:
        """A kept draft is read by the form itself; what stands beside it comes first."""
        draft = Draft("contact", restore.id, values=restore.values, preset=restore.preset)

        def go_on(extras: Extras) -> None:
            self._extras = extras
            self.form.open(restore=restore)

        self.context.bridge.read(
            lambda s: contact_form.extras(s, draft), go_on, self, failed=lambda _error: self.form.open(restore=restore)
        )

    def _given(self) -> Extras:
        content = self.form.content
        if isinstance(content, Opened) and content.extras is not None:
            self._extras = content.extras
        assert self._extras is not None
        return self._extras

    def _loaded(self) -> None:
        self._is_shown = True
        if self._is_closed:
            return
        extras = self._given()
        assert self.sections is not None
        self.panel.timeline.setCurrentIndex(QModelIndex())  # another contact: begin with the one before it
        self._show_around(extras.around)
        self.pages.show_record()
        self.mail.show_record(self.sections, extras)
        if not isinstance(self.form.content, Opened):
            self._read_around()
        if self._is_chained:
            self._rest.start()
        self._show_foot()
        if self.form.read_only:
            self.edit_button.setFocus()
        else:
            self.sections.focus("notes" if self.form.value("client") is not None else "client")

    def _enable_accept(self) -> None:
        is_open = self.form.content is not None and not self._rest.isActive()
        self.accept_button.setEnabled(is_open and not self.form.saving.is_busy)

    # --- while it is written

    def _edited(self, name: str) -> None:
        self._show_foot()
        if name in ("client", "person", "date"):
            self._refresh.start()
        if name == "date":
            self._forget_present_time()
        if name in ("client", "type", "result", "closed_on", "date"):
            self._show_head()
        if name == "type":
            self._follow_mail()

    def _forget_present_time(self) -> None:
        """The time of a call of now says nothing about another day."""
        is_ours = self._extras is not None and self._extras.starts_now and "time" not in self.form.touched()
        if is_ours and self.form.value("date") != clock.today():
            self.form.put("time", None)

    def _read_around(self) -> None:
        values = {name: self.form.value(name) for name in ("client", "person", "date")}
        ident = self.form.ident
        self.context.bridge.read(
            lambda s: contact_form.around(s, values, exclude=ident), self._show_around, self, purpose="around"
        )

    def _show_around(self, around: Around) -> None:
        self._reach = around.reach
        self.panel.show_around(around, has_client=isinstance(self.form.value("client"), int))
        self._show_head()

    def _changed_elsewhere(self, changes: Changes, initiator: object) -> None:
        if self.sections is None or self._is_closed:
            return
        if not AROUND.isdisjoint(changes.tables):
            self._refresh.start()
        if not CATALOGUES.isdisjoint(changes.tables):
            self.context.bridge.read(contacts.vocabulary, self.sections.show_vocabulary, self, purpose="vocabulary")

    def _create_action(self, text: str) -> None:
        """A new action joins the catalogue at once and the tags of this contact."""
        sections = self.sections
        assert sections is not None

        def add(done: Done[tuple[int, str]]) -> None:
            sections.add_action(*done.value)

        def failed(error: Exception) -> None:
            if isinstance(error, ValidationError):
                sections.rows["contact_action"].set_error(str(error))
            else:
                self.form.saving.report(error)

        self.context.bridge.write(lambda s: contact_form.ensure_action(s, text), add, self, failed=failed)

    def _show_head(self) -> None:
        self.head.show_title(*describe_head(self.form, self._extras, self._is_chained, self._reach))
        self.head.show_state(*describe_state(self.form))
        self.setWindowTitle(self.head.title.text())

    def _show_foot(self) -> None:
        read_only = self.form.read_only
        self.edit_button.setVisible(read_only and not (self.form.content and self.form.content.deleted))
        self.accept_button.setVisible(not read_only)
        self.cancel_button.setText(
            self.cancel_button.text().replace("Cancelar", "Cerrar")
            if read_only
            else self.cancel_button.text().replace("Cerrar", "Cancelar")
        )
        self._enable_accept()
        if self.form.content is None:
            return
        has_next = bool(self._extras and self._extras.has_next)
        text = "Solo lectura." if read_only else contacts.sentence(self.form.values(), has_next=has_next)
        text += "" if read_only else foot_words.waiting(self.form)
        self.foot.set_sentence(text, "view" if read_only else "info")

    def _show_problems(self, names: set[str]) -> None:
        self._show_foot()
        self.pages.show_problems(names)
        if names:
            self.foot.set_sentence(foot_words.problems(len(names)), "error")

    def edit(self) -> None:
        """From Consultar to Modificar."""
        self.form.set_read_only(False)
        self._show_foot()
        self.pages.files.refresh()
        self._follow_mail()
        if self.sections is not None:
            self.sections.focus("notes")

    # --- accepting

    def accept(self) -> None:
        """Save; then open the next contact in place of this one, or close."""
        if not self.accept_button.isEnabled() or self.form.saving.is_busy or self.mail.is_busy():
            return
        if self.sections is not None:
            self.sections.stop_timer()
        self.form.save(self._accepted)
        self._enable_accept()

    def _accepted(self, saved: Saved) -> None:
        then, self._then = self._then, None
        if saved.follow_up is not None:
            self._chain(saved.follow_up)
        else:
            self._is_chained = False
            self.close()
        if then is not None:
            then(saved)

    def _chain(self, follow_up: Draft) -> None:
        self._is_chained, self._is_shown = True, False
        self.setProperty("window_key", "")
        preset = follow_up.values | follow_up.preset
        self.form.open(None, preset, job=partial(contact_form.open_form, preset=preset))
        self._enable_accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask when something would be lost; a next contact given up is still to be made, and that is said."""
        if self.form.saving.cancel() or not self.form.request_close():
            event.ignore()
            return
        self._is_closed = True
        self._refresh.stop()
        window_place.remember(self, self.context.memory, PLACE)
        event.accept()
        if self._is_chained and self.form.ident is None:
            self.context.notices.show("Guardado. El próximo queda sin crear.")

    def _follow_mail(self) -> None:
        if self.sections is not None and self._extras is not None:
            self.mail.follow(self.sections, self._extras)

    # --- related records

    def related_preset(self, relation: Related) -> Values:
        """What a new record of a related module starts with."""
        assert self.form.ident is not None
        return related.preset(relation, self.form.table, self.form.ident, self.form.values())

    def set_own_keys(self, active: bool) -> None:
        """While a list is open, Ctrl+Enter, Ctrl+H and Ctrl+D are its own."""
        for key in self.accept_button.findChildren(QShortcut):
            key.setEnabled(active)
        self.menu.set_own_keys(active)

    # --- other windows

    def _open_other(self, table: str, ident: int, read_only: bool) -> None:
        self.context.opener.open_record(table, ident, read_only=read_only, parent=self)

    def _begin_other(self, table: str) -> None:
        """A quote or an opportunity starts with the client, person and salesperson of this contact, linked to it."""
        values: dict[str, Any] = {name: self.form.value(name) for name in contacts.CARRIED}
        preset = {name: value for name, value in values.items() if isinstance(value, int)}
        if self.form.ident is not None:
            preset["contact"] = self.form.ident
        self.context.opener.open_record(table, preset=preset, parent=self)
