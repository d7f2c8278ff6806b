"""Several things chosen, each as a chip, with a line to add more by typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from oficrm.rules.text import plain
from ui import theme
from ui.widgets.chips import Chip
from ui.widgets.editor import Editor, Line
from ui.widgets.flow import FlowLayout
from ui.widgets.popup import opens_list
from ui.widgets.suggest import FREE, Entry, Option, Search, SearchPump, SuggestPopup


@dataclass(frozen=True, slots=True)
class Tag:
    """Something chosen: an entry of the catalogue with its id, or a text of one's own without one."""

    id: int | None
    text: str


class _Field(QFrame):
    """Chips and the line, in one frame that looks like a field."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        theme.set_surface(self, "field")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the chips goes to the line."""
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setFocus(Qt.FocusReason.MouseFocusReason)


class TagsEditor(Editor):
    """Delivers a list of ``Tag`` ([] when none).

    Enter and Tab add what the list suggests; its last line is the text itself when ``free``. Leaving otherwise keeps a
    free text, too. Backspace in the empty line takes the last one away; Down and F4 list the catalogue. With
    ``creatable`` the list offers "Nuevo…" (``create_requested``); the screen gives the new entry back with ``add``.
    """

    create_requested = Signal(str)

    def __init__(
        self,
        search: Search,
        parent: QWidget | None = None,
        *,
        free: bool = True,
        creatable: bool = False,
        placeholder: str = "+ añadir",
    ) -> None:
        super().__init__(parent)
        self._free, self._creatable, self._placeholder = free, creatable, placeholder
        self._tags: list[Tag] = []
        self._chips: list[Chip] = []
        self._eager = False
        self._latest: list[Option] = []
        self.field = _Field(self)
        self._flow = FlowLayout(self.field, margin=3)
        self.line = Line(self.field)
        self.line.setPlaceholderText(placeholder)
        self.line.setMinimumWidth(88)
        self._flow.addWidget(self.line)
        self.field.setFocusProxy(self.line)
        self._popup: SuggestPopup | None = None
        self.pump = SearchPump(search, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self._adopt(self.line)
        self._parts.append(self.field)
        self.setSizePolicy(self.field.sizePolicy())
        self.line.textEdited.connect(self._typed)
        self.pump.arrived.connect(self._arrived)

    def sizeHint(self) -> QSize:
        """One line of chips at least."""
        return QSize(160, max(super().sizeHint().height(), theme.CONTROL_HEIGHT))

    @property
    def popup(self) -> SuggestPopup:
        """The list, made when first needed."""
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

    def value(self) -> list[Tag]:
        text = self.line.text().strip()
        return [*self._tags, self._named(text)] if text and self._free else list(self._tags)

    def set_value(self, value: Iterable[Tag] | None) -> None:
        self._tags = list(value or ())
        self.line.clear()
        self._rebuild()

    def add(self, tag: Tag) -> None:
        """Add as the user would; what is there already is not added twice."""
        self.line.clear()
        self.pump.drop()
        self._hide_list()
        if any(tag.id == old.id and (tag.id is not None or plain(old.text) == plain(tag.text)) for old in self._tags):
            return
        self._tags.append(tag)
        self._rebuild()
        self.changed.emit()

    def remove(self, tag: Tag) -> None:
        """Take away as the user would."""
        self._tags.remove(tag)
        self._rebuild()
        self.changed.emit()
        self.line.setFocus()

    def problem(self) -> str | None:
        text = self.line.text().strip()
        return f"«{text}» no está en la lista." if text and not self._free and not self.pump.pending() else None

    def commit(self) -> None:
        self._hide_list()
        text = self.line.text().strip()
        if text and self._free:
            self.pump.hurry()
            self._hide_list()
            self.add(self._named(text))
        super().commit()

    def _named(self, text: str) -> Tag:
        """What is typed: the entry of that very name where the latest answer has it, else a text of one's own."""
        same = [option for option in self._latest if plain(option.title) == plain(text)]
        return Tag(same[0].id, same[0].title) if same else Tag(None, text)

    def _rebuild(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for index, tag in enumerate(self._tags):
            kind = theme.Kind.ACCENT if tag.id is not None else theme.Kind.NEUTRAL
            chip = Chip(tag.text, kind, parent=self.field, removable=not self.is_read_only())
            chip.removed.connect(lambda tag=tag: self.remove(tag))
            self._flow.insert(index, chip)
            chip.show()
            self._chips.append(chip)
        self.line.setPlaceholderText("" if self.is_read_only() else self._placeholder)
        self.field.setAccessibleDescription(", ".join(tag.text for tag in self._tags))
        self.field.updateGeometry()
        self.updateGeometry()

    # --- searching

    def _typed(self) -> None:
        self._eager = False
        text = self.line.text().strip()
        if text:
            self.pump.soon(text)
        else:
            self.pump.drop()
            self._hide_list()
        self.changed.emit()

    def open_list(self) -> None:
        """List the catalogue."""
        if not self.is_read_only():
            self.line.setFocus()
            self.pump.now(self.line.text().strip())

    def _arrived(self, text: str, options: list[Option]) -> None:
        self._latest = options
        chosen = {tag.id for tag in self._tags}
        left = [option for option in options if option.id not in chosen]
        named = any(plain(option.title) == plain(text) for option in options)
        if self.line.hasFocus():
            self.popup.show_entries(
                left,
                text,
                creatable=self._creatable,
                free=self._free and not named,
                sentence="Nada coincide" if text else "No hay más",
            )
        if self._eager:
            self._eager = False
            self.popup.take()

    def _take(self, entry: Entry) -> None:
        if isinstance(entry, Option):
            self.add(Tag(entry.id, entry.title))
        elif entry == FREE:
            self.add(Tag(None, self.line.text().strip()))
        else:
            self.create_requested.emit(self.line.text().strip())

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame shows the focus of its line; keys go to the list while it is open."""
        if watched is self.line and isinstance(event, QFocusEvent):
            theme.set_property(self.field, "focused", "true" if event.gotFocus() else "false")
            if not event.gotFocus():
                self._hide_list()
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                if event.key() == Qt.Key.Key_Escape and self.is_listing():
                    event.accept()
                    return True
            elif event.type() == QEvent.Type.KeyPress:
                return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if opens_list(event):
            self.open_list()
            return True
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter()
        if key == Qt.Key.Key_Backspace and not self.line.text() and self._tags and not self.is_read_only():
            self.remove(self._tags[-1])
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if self.is_listing():
                self.popup.step(1 if key == Qt.Key.Key_Down else -1)
            else:
                self.open_list()
            return True
        if key == Qt.Key.Key_Escape and self.is_listing():
            self._hide_list()
            return True
        suggested = self.is_listing() and isinstance(self.popup.current(), Option) and not self.pump.pending()
        if key == Qt.Key.Key_Tab and suggested and self.line.text().strip():
            self.popup.take()  # and the focus goes on
        return False

    def _enter(self) -> bool:
        text = self.line.text().strip()
        if self.pump.pending():
            self._eager = True
            self.pump.hurry()
            return True
        if self.is_listing() and self.popup.take():
            return True
        if text and self._free:
            self.add(self._named(text))
        return bool(text)

    def _lock(self, locked: bool) -> None:
        self.line.setReadOnly(locked)
        self._rebuild()
