"""Picks a record by typing part of its name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from oficrm.rules.text import plain
from ui.widgets.editor import Editor, Line
from ui.widgets.popup import opens_list
from ui.widgets.suggest import NEW, Entry, Option, Search, SearchPump, SuggestPopup

Resolve = Callable[[int, Callable[[Option | None], None]], None]
"""Finds the name of a record of which only the id is known."""


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LIST_KEYS = (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down)


class LinkEditor(Editor):
    """A link to a record. Delivers its id, None, or what was typed when nothing was picked.

    Type, arrows, Enter or Tab takes; Down or F4 lists without typing; Ctrl+Enter inside the list is left to the form.
    ``creatable`` adds "Nuevo…", which asks for a record through ``create_requested``; the screen makes it and gives it
    back with ``pick``.
    """

    create_requested = Signal(str)
    open_requested = Signal(int)

    def __init__(
        self,
        search: Search,
        parent: QWidget | None = None,
        *,
        creatable: bool = False,
        openable: bool = True,
        resolve: Resolve | None = None,
        placeholder: str = "Escriba para buscar",
        clearable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._creatable, self._openable, self._clearable = creatable, openable, clearable
        self._resolve = resolve
        self._option: Option | None = None
        self._resolving = False
        self._eager = False
        self._matches = 0
        self._placeholder = placeholder
        self.line = Line(self)
        self.line.setPlaceholderText(placeholder)
        self.line.setMinimumWidth(96)
        self._clear_button = self.line.add_button("clear", "Quitar", self._clear)
        self._open_button = self.line.add_button("open", "Abrir la ficha (Ctrl+O)", self.open_record)
        self._search_button = self.line.add_button("search", "Buscar (F4)", self.open_list)
        self._popup: SuggestPopup | None = None
        self.pump = SearchPump(search, self)
        self._row(self.line)
        self._adopt(self.line)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self.commit)
        self.pump.arrived.connect(self._arrived)
        self._show_buttons()

    @property
    def popup(self) -> SuggestPopup:
        """The list, made when first needed: most links of a form are never searched."""
        if self._popup is None:
            self._popup = SuggestPopup(self.line)
            self._popup.taken.connect(self._take)
        return self._popup

    def is_listing(self) -> bool:
        """Whether the list is open."""
        return self._popup is not None and self._popup.isVisible()

    def _hide_list(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    # --- the value

    def value(self) -> int | str | None:
        if self._option is not None and self.line.text() == self._option.title:
            return self._option.id
        return self.line.text().strip() or None

    def option(self) -> Option | None:
        """The record picked, with its name."""
        return self._option if isinstance(self.value(), int) else None

    def set_value(self, value: Option | int | str | None) -> None:
        """An Option, an id (its name is fetched through ``resolve``), None, or a text as typed."""
        self.pump.drop()
        self._hide_list()
        if isinstance(value, int):
            if self._option is not None and self._option.id == value:
                value = self._option
            else:
                value = self._named(value)
        self._option = value if isinstance(value, Option) else None
        self.line.setText(value.title if isinstance(value, Option) else value or "")
        self.line.setCursorPosition(0)
        self.line.setToolTip("\n".join(filter(None, (value.title, value.detail))) if isinstance(value, Option) else "")
        self._show_buttons()

    def _named(self, id: int) -> Option:
        found: list[Option | None] = []

        def deliver(option: Option | None) -> None:
            found.append(option)
            if option is not None and self._option is not None and self._option.id == id and not self._resolving:
                self.set_value(option)

        if self._resolve is not None:
            self._resolving = True
            self._resolve(id, deliver)
            self._resolving = False
        return (found[0] if found else None) or Option(id, f"n.º {id}")

    def pick(self, option: Option | None) -> None:
        """Take a record as the user would: ``changed`` is emitted."""
        self.set_value(option)
        self.changed.emit()

    def problem(self) -> str | None:
        if isinstance(self.value(), str) and not self.pump.pending():
            if self._matches > 1:
                return f"Hay {self._matches} que coinciden: elija uno de la lista (F4)."
            return "No hay ninguno con ese nombre." + (" Puede crearlo con F4." if self._creatable else "")
        return None

    # --- searching

    def open_list(self) -> None:
        """List what matches the text, or the recent ones."""
        if not self.is_read_only():
            self.line.setFocus()
            self.pump.now("" if self.option() is not None else self.line.text().strip())

    def _typed(self) -> None:
        self._eager, self._matches = False, 0
        self._show_buttons()
        text = self.line.text().strip()
        if text:
            self.pump.soon(text)
        else:
            self.pump.drop()
            self._hide_list()
        self.changed.emit()

    def _arrived(self, text: str, options: list[Option]) -> None:
        self._matches = len(options) if text else 0
        if self._eager and options:
            self._eager = False
            self.pick(options[0])
            self.commit()
        elif self.line.hasFocus():
            self.popup.show_entries(options, text, creatable=self._creatable)
        else:
            self._settle(text, options)
            self.committed.emit()

    def _settle(self, text: str, options: list[Option]) -> None:
        """The answer came after the user went on: take what can only be meant."""
        if isinstance(self.value(), str):
            same = [option for option in options if plain(option.title) == plain(text)]
            sure = same if len(same) == 1 else options if len(options) == 1 else []
            if sure:
                self.pick(sure[0])

    def _take(self, entry: Entry) -> None:
        if entry == NEW:
            text = "" if self.option() is not None else self.line.text().strip()
            self.create_requested.emit(text)
        elif isinstance(entry, Option):
            self.pick(entry)
            self.line.selectAll()  # who goes on typing means another one, not more of this name

    def commit(self) -> None:
        self._hide_list()
        if isinstance(self.value(), str) and self.pump.pending():
            self.pump.hurry()  # a quick typist: the answer settles it and commits again
        super().commit()

    # --- keys and buttons

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys go to the list while it is open."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if (
            watched is self.line
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _LIST_KEYS
            and self.is_listing()
        ):
            event.accept()  # Escape closes the list, not the form
            return True
        if event.type() == QEvent.Type.FocusOut and watched is self.line and not self.line.hasFocus():
            self._hide_list()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        if opens_list(event):
            self.open_list()
            return True
        if key == Qt.Key.Key_O and held == Qt.KeyboardModifier.ControlModifier:
            self.open_record()
            return True
        if held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in _ENTER and self.pump.pending():
            self._eager = True  # the list on the screen is of an older text: take the first of the one to come
            self.pump.hurry()
            return True
        if self.is_listing():
            return self._key_in_list(key)
        if key == Qt.Key.Key_Down:
            self.open_list()
            return True
        return False

    def _key_in_list(self, key: int) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.popup.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key == Qt.Key.Key_Escape:
            self._hide_list()
            return True
        if key in _ENTER:
            self.popup.take()
            return True
        typed = isinstance(self.value(), str) and not self.pump.pending()
        if key == Qt.Key.Key_Tab and typed and isinstance(self.popup.current(), Option):
            self.popup.take()  # and the focus goes on; Tab never creates a record by accident
        return False

    def open_record(self) -> None:
        """Ask for the form of the record picked."""
        option = self.option()
        if option is not None and self._openable:
            self.open_requested.emit(option.id)

    def _clear(self) -> None:
        self.pick(None)
        self.line.setFocus()

    def _show_buttons(self) -> None:
        picked = self.option() is not None
        self.line.show_button(self._clear_button, self._clearable and picked and not self.is_read_only())
        self.line.show_button(self._open_button, self._openable and picked)
        self.line.show_button(self._search_button, not picked and not self.is_read_only())

    def _lock(self, locked: bool) -> None:
        self.line.setReadOnly(locked)
        self.line.setPlaceholderText("" if locked else self._placeholder)
        self._show_buttons()
