"""The filter panel of a list: criteria side by side, further ones on demand, and the button that loads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.registry import module
from oficrm import loading
from oficrm.lists import Criterion
from oficrm.loading import PageFacts
from ui import icons, theme
from ui.bridge import Bridge
from ui.lists.filter_fields import ChoicesFilter, Filter, LinkFilter, Maker, entry_choices
from ui.lists.filter_grid import LABEL_HEIGHT, FilterGrid
from ui.widgets.field_row import FieldRow
from ui.widgets.multi_choice import MultiChoiceEditor
from ui.widgets.text_editors import LineEditor

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def search_labels(table: str) -> list[str]:
    """What the one search field looks in; nothing where a single field would do."""
    labels = [found.header for found in module(table).fields.values() if found.search and found.kind != "long_text"]
    if module(table).screens.content:
        labels.insert(2, "lo que dice por dentro")
    return labels if len(labels) > 1 else []


def lowered(label: str) -> str:
    """A label inside a sentence; NIF stays NIF."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class FilterPanel(QFrame):
    """Criteria of one list. Asks to load (``load_asked``) by its button and by Enter in any field."""

    load_asked = Signal()
    edited = Signal()
    folded_changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter_panel")
        self.setAccessibleName("Filtro")
        theme.set_surface(self, "panel")
        self.filters: dict[str, Filter] = {}
        self._bridge = bridge
        self._page: PageFacts | None = None
        self._is_open, self._is_more = True, False
        self._hidden_criteria: list[Criterion] = []
        self._search: FieldRow | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        self.fold_button = self._tool("expand", "Filtro", "Plegar o desplegar el filtro", self.toggle)
        self.fold_button.setObjectName("button_fold")
        self.summary = QLabel(self)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.set_role(self.summary, "dim")
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.SPACE_S)
        self.head.addWidget(self.fold_button)
        self.head.addWidget(self.summary, 1)
        self.grid = FilterGrid(self._make_buttons(), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_M, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_S)
        column.setSpacing(theme.SPACE_XS)
        column.addLayout(self.head)
        column.addWidget(self.grid)

    def _tool(self, icon: str, text: str, tip: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setIcon(icons.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(run)
        return button

    def _make_buttons(self) -> QWidget:
        box = QWidget(self)
        self.more_button = QPushButton("Más criterios", box)
        self.more_button.setObjectName("button_more")
        self.more_button.setIcon(icons.icon("right"))
        theme.set_kind(self.more_button, "quiet")
        self.more_button.clicked.connect(lambda: self.show_more(not self._is_more))
        self.clear_button = QPushButton("Limpiar", box)
        self.clear_button.setObjectName("button_clear")
        theme.set_kind(self.clear_button, "quiet")
        self.clear_button.clicked.connect(self.clear)
        self.load_button = QPushButton("Cargar   F5", box)
        self.load_button.setObjectName("button_load")
        self.load_button.setAccessibleName("Cargar")
        self.load_button.setIcon(icons.icon("load", "accent_text"))
        theme.set_kind(self.load_button, "primary")
        self.load_button.clicked.connect(self.load_asked)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, LABEL_HEIGHT, 0, 0)  # level with the fields, whose labels stand above them
        row.setSpacing(theme.SPACE_S)
        row.addWidget(self.more_button)
        row.addStretch(1)
        row.addWidget(self.clear_button)
        row.addWidget(self.load_button)
        for button in (self.more_button, self.clear_button, self.load_button):
            button.setAutoDefault(False)
        return box

    # --- fields

    def build(self, page: PageFacts) -> None:
        """Make the fields of a list, keeping what was typed in those that were there before."""
        before = self.criteria() if self.filters else []
        self._page = page
        self.grid.clear()
        self.filters = {}
        self._search = None
        if searched := search_labels(page.facts.table):
            self._add_search(searched)
        self._add(page.facts.filters)
        self.more_button.setVisible(bool(page.facts.more_filters))
        more, self._is_more = self._is_more, False
        self.put(before)
        if more:
            self.show_more(True)

    def _add(self, names: Sequence[str]) -> None:
        assert self._page is not None
        maker = Maker(self._page, self._bridge)
        for name in names:
            made = maker.make(name) if name not in self.filters else None
            if made is not None:
                self.filters[name] = made
                self.grid.add(made.row, made.span)
                made.editor.changed.connect(self._edited)
                if isinstance(made.editor, MultiChoiceEditor):
                    made.editor.button.installEventFilter(self)
                if isinstance(made, LinkFilter) and made.field.within:
                    made.within = partial(self._within, made)
        self._order_tabs()

    def _add_search(self, labels: Sequence[str]) -> None:
        """One field that looks in all that identifies a record."""
        text = self.text()
        editor = LineEditor(placeholder=", ".join(lowered(label) for label in labels))
        self._search = FieldRow("text", "Buscar", editor, tooltip=f"Busca en: {', '.join(labels)}")
        editor.setObjectName("filter_text")
        editor.set_value(text)
        editor.changed.connect(self._edited)
        self.grid.add(self._search, 3)

    def text(self) -> str:
        """What to look for in all that identifies a record."""
        return (self._search.editor.value() or "").strip() if self._search is not None else ""

    def set_text(self, text: str) -> None:
        """Look for this."""
        if self._search is not None:
            self._search.editor.set_value(text)
            self._edited()

    def _within(self, asking: LinkFilter) -> tuple[str, int] | None:
        """The client chosen, whose people alone are then offered."""
        other = self.filters.get(asking.field.within)
        value = other.editor.value() if isinstance(other, LinkFilter) else None
        return (asking.field.within, value) if isinstance(value, int) else None

    def _order_tabs(self) -> None:
        before: QWidget = self.fold_button
        rows = ([self._search] if self._search else []) + [each.row for each in self.filters.values()]
        for row in rows:
            QWidget.setTabOrder(before, row.editor)
            before = row.editor
        for button in (self.more_button, self.clear_button, self.load_button):
            QWidget.setTabOrder(before, button)
            before = button

    def update_catalogues(self, page: PageFacts) -> None:
        """Offer the entries there are now."""
        self._page = page
        for each in self.filters.values():
            if isinstance(each, ChoicesFilter) and (table := loading.catalogue_of(each.field)):
                each.set_choices(entry_choices(page, table))

    def show_more(self, more: bool) -> None:
        """Unfold the further criteria, or fold away those that are empty."""
        if self._page is None:
            return
        self._is_more = more
        rest = self._page.facts.more_filters
        if more:
            self._add(rest)
        for name in rest:
            if name in self.filters:
                self.filters[name].row.setVisible(more or bool(self.filters[name].criteria()))
        self.grid.arrange()
        self.more_button.setText("Menos criterios" if more else "Más criterios")
        self.more_button.setIcon(icons.icon("collapse" if more else "right"))

    def is_more(self) -> bool:
        """Whether the further criteria are unfolded."""
        return self._is_more

    # --- criteria

    def criteria(self) -> list[Criterion]:
        """What is asked for, as typed."""
        found = [criterion for each in self.filters.values() for criterion in each.criteria()]
        return found + self._hidden_criteria

    def put(self, criteria: Sequence[Criterion]) -> None:
        """Show criteria; those whose field is folded away unfold it, those without a field here stay in force."""
        assert self._page is not None
        known = (*self._page.facts.filters, *self._page.facts.more_filters)
        self._add([name for name in dict.fromkeys(item.field for item in criteria) if name in known])
        for name, each in self.filters.items():
            each.put([item for item in criteria if item.field == name])
            each.row.set_error(None)
            if name in self._page.facts.more_filters:
                each.row.setVisible(self._is_more or bool(each.criteria()))
        self._hidden_criteria = [item for item in criteria if item.field not in self.filters]
        self.grid.arrange()
        self._edited()

    def clear(self) -> None:
        """Ask for everything."""
        self.set_text("")
        self.put([])

    def problems(self) -> bool:
        """Show beside each field why it cannot be asked for; True when there is one."""
        first: Filter | None = None
        for each in self.filters.values():
            text = each.problem()
            each.row.set_error(text)
            first = first or (each if text else None)
        if first is not None:
            self.set_open(True)
            first.editor.focus()
        return first is not None

    def show_errors(self, errors: dict[str, list[str]]) -> str:
        """Show messages under their fields; return those that belong to none."""
        rest: list[str] = []
        for name, texts in errors.items():
            if name in self.filters:
                self.set_open(True)
                self.filters[name].row.setVisible(True)
                self.filters[name].row.set_error(" ".join(texts))
                self.filters[name].editor.focus()
            else:
                rest += texts
        return " ".join(rest)

    def words(self) -> str:
        """What is asked for, in words: "Fecha: esta semana · Tipo: Visita, Email"."""
        parts = [(each.row.label.text(), each.words()) for each in self.filters.values()]
        if text := self.text():
            parts.insert(0, ("Buscar", f"«{text}»"))
        return " · ".join(f"{label}: {words}" for label, words in parts if words)

    def _edited(self) -> None:
        self._summarise()
        self.edited.emit()

    # --- folding and keys

    def is_open(self) -> bool:
        """Whether the fields are to be seen."""
        return self._is_open

    def toggle(self) -> None:
        """Fold or unfold."""
        self.set_open(not self._is_open)
        self.folded_changed.emit()

    def set_open(self, is_open: bool) -> None:
        """Show the fields, or only what is asked for in words."""
        self._is_open = is_open
        self.grid.setVisible(is_open)
        self.fold_button.setIcon(icons.icon("expand" if is_open else "right"))
        self._summarise()

    def _summarise(self) -> None:
        text = "" if self._is_open else self.words() or "sin criterios"
        self.summary.setText(text)
        self.summary.setToolTip(text)

    def has_focus(self) -> bool:
        """Whether one of the fields or buttons has the focus."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def focus_first(self) -> None:
        """Go to the first field."""
        self.set_open(True)
        first = self._search or next((each.row for each in self.filters.values()), None)
        if first is not None:
            first.editor.focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field loads."""
        if event.key() in _ENTER and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
        ):  # fmt: skip
            self.load_asked.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a field of several entries loads like in any other; Space and Down drop its list down."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            self.load_asked.emit()
            return True
        return super().eventFilter(watched, event)
