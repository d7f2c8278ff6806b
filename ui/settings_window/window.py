"""Parámetros: the company, other data, and the user's own fields."""

from __future__ import annotations

import traceback
from typing import Any

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget

from oficrm import settings
from oficrm.errors import EnvironmentProblem, Refused, ValidationError
from oficrm.jobs import Changes, Done
from oficrm.settings import Settings
from ui import icons, theme
from ui.context import Context
from ui.forms.message_bar import Answer, MessageBars
from ui.settings_window.cards import SettingsTab
from ui.settings_window.own_fields import OwnFields
from ui.widgets.bars import StickyFoot

TAB_ICONS = {settings.COMPANY: "client", settings.OTHER: "settings"}


class SettingsWindow(QDialog):
    """Shows and saves the settings of the company."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_settings")
        self.setWindowTitle("Parámetros")
        self.context = context
        self._loaded = self._saving = False
        self.bars = MessageBars(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.cards = [SettingsTab(context, tab, self) for tab in (settings.COMPANY, settings.OTHER)]
        for tab, cards in zip((settings.COMPANY, settings.OTHER), self.cards, strict=True):
            self.tabs.addTab(cards, icons.icon(TAB_ICONS[tab]), tab)
            cards.edited.connect(self._edited)
        self.own_fields = OwnFields(context, self)
        self.tabs.addTab(self.own_fields, icons.icon("columns"), "Campos parametrizables")
        self.chat_button = QPushButton(icons.icon("chat"), "Servidor de chat…", self)
        self.chat_button.setObjectName("button_chat_server")
        self.chat_button.setAutoDefault(False)
        self.chat_button.setToolTip("El servidor Rocket.Chat de este equipo y su usuario")
        theme.set_kind(self.chat_button, "quiet")
        self.chat_button.clicked.connect(self.open_chat_server)
        self.tabs.setCornerWidget(self.chat_button)
        self.foot = StickyFoot(self)
        self.cancel = self.foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
        self.cancel.clicked.connect(self.reject)
        self.accept_button = self.foot.add_button("Aceptar", name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self.accept_button.clicked.connect(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bars, self.tabs, self.foot):
            column.addWidget(part, 1 if part is self.tabs else 0)
        self.resize(1000, 690)
        self._load()
        context.bridge.changed.connect(self._changed)

    # --- reading

    def is_ready(self) -> bool:
        """Whether all settings are shown."""
        return self._loaded and self.own_fields.is_ready()

    def _load(self) -> None:
        self.context.bridge.read(settings.read, self._show, self, purpose="settings")

    def _show(self, values: Settings) -> None:
        self._loaded = True
        for cards in self.cards:
            cards.show_values(values)
        self._edited()

    def _changed(self, changes: Changes, initiator: object) -> None:
        """Somebody else (or Deshacer) changed settings; what is being typed here is left alone."""
        if "setting" in changes.tables and initiator is not self and not self.changed():
            self._load()

    def changed(self) -> dict[str, Any]:
        """What was typed and is not saved yet."""
        return {name: value for cards in self.cards for name, value in cards.changed().items()}

    def _edited(self) -> None:
        count = len(self.changed()) if self._loaded else 0
        self.bars.hide_message("unsaved")
        self.accept_button.setEnabled(self._loaded and not self._saving)
        text = "Se guardará un cambio." if count == 1 else f"Se guardarán {count} cambios." if count else ""
        self.foot.set_sentence(text)

    def open_chat_server(self) -> None:
        """Where the chat server is and who we are there: of this computer, so it is no setting of the company."""
        from ui.chat.server_dialog import ServerDialog  # loaded when one is wanted

        ServerDialog(self.context, self).open()

    # --- saving

    def save(self) -> None:
        """Write what was changed, and close."""
        changed = self.changed()
        if self._saving or not self._loaded:
            return
        if not changed:
            self.accept()
            return
        self._saving = True
        self.bars.clear()
        self._edited()
        self.context.bridge.write(lambda s: settings.save(s, changed), self._saved, self, failed=self._failed)

    def _saved(self, done: Done[None]) -> None:
        self._saving = False
        if done.changes.operation_id is not None:
            self.context.notices.show("Parámetros guardados.", done.changes.operation_id)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._saving = False
        self._edited()
        if isinstance(error, ValidationError):
            self._show_errors(error.errors)
        elif isinstance(error, Refused | EnvironmentProblem):
            self.bars.show_message("problem", f"No se ha guardado; lo escrito sigue aquí. {error}", "overdue")
        else:
            self.bars.show_message("problem", "No se ha guardado; lo escrito sigue aquí.", "overdue")
            self.context.bridge.failed.emit(error, "".join(traceback.format_exception(error)))

    def _show_errors(self, errors: dict[str, list[str]]) -> None:
        found = [(cards, cards.show_errors(errors)) for cards in self.cards]
        cards, row = next(((cards, row) for cards, row in found if row is not None), (None, None))
        if cards is not None and row is not None:
            self.tabs.setCurrentWidget(cards)
            cards.ensureWidgetVisible(row)
            row.editor.focus()

    # --- leaving

    def reject(self) -> None:
        """Leave; unsaved changes are asked about inside the window."""
        if self._saving:
            return
        if self.changed() and not self.bars.has("unsaved"):
            answers = [Answer("Guardar", self.save, "button_save", True),
                       Answer("Descartar", super().reject, "button_discard"),
                       Answer("Seguir aquí", lambda: self.bars.hide_message("unsaved"), "button_stay")]  # fmt: skip
            self.bars.show_message("unsaved", "Hay cambios sin guardar.", "today", answers).focus()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross is Cancelar."""
        if self._saving or (self.changed() and not self.bars.has("unsaved")):
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)
