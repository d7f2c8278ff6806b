"""Messages in a list page, be it Emails or the tab of a record: importing, dropping, and what its actions do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from oficrm.files.sources import Source
from ui import icons
from ui.files.drop import DropTarget
from ui.forms.message_bar import MessageBars
from ui.lists.companions import Companion
from ui.lists.emptiness import Emptiness
from ui.mail.import_dialog import open_import
from ui.mail.import_head import WAYS
from ui.mail.import_sources import Way, choose
from ui.mail.linking import link_emails
from ui.mail.originals import OriginalOpening, OriginalsOut

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class EmailsPart(Companion):
    """Makes a list page of ``email_message`` the place of messages."""

    def __init__(self, page: ListPage) -> None:
        super().__init__(page)
        self.page = page
        self.above = self.bars = MessageBars(page)
        self.corner = QWidget(page)
        self.corner.hide()
        self.opening = OriginalOpening(page.context, self.bars, self)
        self.saving = OriginalsOut(page.context, page.bar, self)
        self.drops = DropTarget(page, self.import_sources, sentence=self._drop_sentence)

    @property
    def places(self) -> tuple[str, ...]:
        """The key of the record whose messages these are, none for all messages."""
        key = self.page.fixed.get("records")
        return (str(key),) if key else ()

    def body(self, rows: QWidget) -> QWidget:
        """The rows alone."""
        return rows

    def hidden_columns(self) -> tuple[str, ...]:
        """In the tab of a client its own name would stand in every row."""
        tables = {key.partition(":")[0] for key in self.places}
        return ("client", "person") if "person" in tables else ("client",) if "client" in tables else ()

    def emptiness(self, state: Emptiness) -> Emptiness:
        """Messages can be dropped too."""
        sentence = "Todavía no hay correos archivados. Impórtelos, o suéltelos aquí."
        return Emptiness(state.icon, sentence, "Importar correos…", "add")

    def _drop_sentence(self) -> str:
        return "Suelte aquí los correos (.eml, .msg, carpetas, buzones) para importarlos"

    # --- messages coming in

    def import_sources(self, sources: Sequence[Source]) -> None:
        """Offer these to be imported, under the record of this place if it is one's."""
        if sources:
            open_import(self.page.context, sources, self.places)

    def _import(self, way: Way) -> None:
        paths: list[Path] = choose(self.page.context.memory, way, self.page)
        self.import_sources([Source(path=path) for path in paths])

    def import_menu(self) -> QMenu:
        """Files, a folder, a mailbox."""
        menu = QMenu(self.page)
        menu.setObjectName("menu_import")
        for way, words, icon in WAYS:
            action = menu.addAction(icons.icon(icon), "Archivos .eml o .msg…" if way == "files" else words)
            action.setObjectName(f"action_import_{way}")
            action.triggered.connect(lambda _on=False, way=way: self._import(way))
        return menu

    def _show_import_menu(self) -> None:
        menu, action = self.import_menu(), self.page.actions_.all["add"]
        button = next((each for each in self.page.findChildren(QToolButton) if each.defaultAction() is action), None)
        inside = button is not None and button.isVisible()
        at = button.mapToGlobal(QPoint(0, button.height())) if button is not None and inside else QCursor.pos()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])

    # --- actions

    def run(self, name: str) -> bool:
        """Do an action of messages; those of every list are left to the page."""
        match name:
            case "add":
                self._show_import_menu()
            case "link" | "original" | "save_original":
                self._with_messages(name)
            case _:
                return False
        return True

    def _with_messages(self, name: str) -> None:
        ids, current = self.page.selected_ids(), self.page.current_id()
        if not ids:
            return
        one = current if current in ids else ids[0]
        assert one is not None
        match name:
            case "link":
                link_emails(self.page.context, ids, self.page)
            case "original":
                self.opening.open(one)
            case "save_original":
                self.saving.save(ids)
