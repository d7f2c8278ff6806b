"""What else there is of the client, beside the form: contacts before and after, quotes, and what starts from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from oficrm.contact_form import Around
from oficrm.contacts import Neighbour
from ui import icons, theme
from ui.contact.rows import RowsList
from ui.contact.timeline import QuotesList, Timeline
from ui.widgets.feedback import EmptyState
from ui.widgets.field_row import Card

WIDTH = 336
_NO_CLIENT = "Elija un cliente y aquí verá sus contactos y presupuestos."
_NO_OTHERS = "Es el primer contacto con este cliente."


class SidePanel(QWidget):
    """Shows an ``Around``; emits what the user asks to open."""

    contact_requested = Signal(int, bool)
    """Id of a contact, and whether only to be viewed."""
    quote_requested = Signal(int, bool)
    quote_wanted = Signal()
    opportunity_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel_context")
        self.setFixedWidth(WIDTH)
        self.timeline = Timeline(self)
        self.quotes = QuotesList(self)
        self.reason = _reading("selected_notes", "Motivo del contacto seleccionado", 3, self)
        self.taken = _reading("selected_actions", "Acciones a tomar del contacto seleccionado", 1, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_S)
        column.addWidget(self._contacts_card(), 1)
        column.addWidget(self._quotes_card())
        self.timeline.selected.connect(self._show_selected)
        self.show_around(Around(), has_client=False)

    # --- building

    def _contacts_card(self) -> Card:
        card = Card("Información de contactos", self)
        self._stack = QStackedWidget(card)
        self._empty = EmptyState("client", _NO_CLIENT)
        self._empty.sentence.setMinimumWidth(0)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.timeline)
        card.add(self._stack, 1)
        self._details = QWidget(card)
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, 0, 0)
        details.setSpacing(2)
        for words, box in (
            ("Motivo del contacto seleccionado", self.reason),
            ("Acciones a tomar del cont. selecc.", self.taken),
        ):
            label = QLabel(words, self)
            theme.set_role(label, "label")
            label.setBuddy(box)
            details.addWidget(label)
            details.addWidget(box)
        details.addSpacing(theme.SPACE_XS)
        self._contact_buttons = self._open_buttons("neighbour", self.timeline)
        details.addLayout(_side_by_side(*self._contact_buttons))
        card.add(self._details)
        self.timeline.edit_requested.connect(lambda ident: self.contact_requested.emit(ident, False))
        self.timeline.view_requested.connect(lambda ident: self.contact_requested.emit(ident, True))
        return card

    def _quotes_card(self) -> QFrame:
        card = Card("Presupuestos del cliente", self)
        self._no_quotes = QLabel("Sin presupuestos todavía.", card)
        theme.set_role(self._no_quotes, "dim")
        card.add(self._no_quotes)
        card.add(self.quotes)
        self._quote_buttons = self._open_buttons("quote", self.quotes)
        self._quote_row = QWidget(card)
        self._quote_row.setLayout(_side_by_side(*self._quote_buttons))
        card.add(self._quote_row)
        self.new_quote = _button(
            "Presupuesto",
            "add",
            "button_new_quote",
            "Presupuesto nuevo para este cliente (Ctrl+Mayús+P)",
            "Ctrl+Shift+P",
        )
        self.new_opportunity = _button(
            "Oportunidad",
            "add",
            "button_new_opportunity",
            "Oportunidad nueva de este cliente (Ctrl+Mayús+O)",
            "Ctrl+Shift+O",
        )
        self.new_quote.clicked.connect(self.quote_wanted)
        self.new_opportunity.clicked.connect(self.opportunity_wanted)
        card.body.addLayout(_side_by_side(self.new_quote, self.new_opportunity))
        self.quotes.edit_requested.connect(lambda ident: self.quote_requested.emit(ident, False))
        self.quotes.view_requested.connect(lambda ident: self.quote_requested.emit(ident, True))
        self.quotes.selected.connect(self._enable_quote_buttons)
        return card

    def _open_buttons(self, what: str, rows: RowsList) -> tuple[QPushButton, QPushButton]:
        edit = _button("Modificar", "edit", f"button_{what}_edit", "Abrir el seleccionado para modificarlo (Enter)")
        view = _button("Consultar", "view", f"button_{what}_view", "Abrir el seleccionado para leer (Mayús+Enter)")
        edit.clicked.connect(lambda: rows.ask(rows.edit_requested))
        view.clicked.connect(lambda: rows.ask(rows.view_requested))
        return edit, view

    # --- showing

    def show_around(self, around: Around, *, has_client: bool) -> None:
        """Show what there is; without a client, what to do."""
        self._empty.set("client" if not has_client else "contact", _NO_OTHERS if has_client else _NO_CLIENT)
        self._stack.setCurrentWidget(self.timeline if around.neighbours else self._empty)
        self._details.setVisible(bool(around.neighbours))
        self.timeline.show_neighbours(around.neighbours)
        self.quotes.show_quotes(around.quotes)
        self.quotes.setVisible(bool(around.quotes))
        self._quote_row.setVisible(bool(around.quotes))
        self._no_quotes.setVisible(not around.quotes)
        self.new_quote.setEnabled(has_client)
        self.new_opportunity.setEnabled(has_client)

    def _show_selected(self, each: Neighbour | None) -> None:
        self.reason.setPlainText(each.notes if each else "")
        self.reason.setPlaceholderText("" if each else "Seleccione un contacto de la lista")
        self.taken.setPlainText("\n".join(each.actions) if each else "")
        for button in self._contact_buttons:
            button.setEnabled(each is not None)

    def _enable_quote_buttons(self, quote: object) -> None:
        for button in self._quote_buttons:
            button.setEnabled(quote is not None)


def _reading(name: str, words: str, rows: int, parent: QWidget) -> QPlainTextEdit:
    """A box that is only read, with room for some lines."""
    box = QPlainTextEdit(parent)
    box.setObjectName(name)
    box.setAccessibleName(words)
    box.setReadOnly(True)
    box.setTabChangesFocus(True)
    box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    box.setFixedHeight(box.fontMetrics().lineSpacing() * rows + 2 * theme.SPACE_S + theme.SPACE_XS)
    return box


def _button(text: str, icon: str, name: str, tip: str, shortcut: str = "") -> QPushButton:
    button = QPushButton(icons.icon(icon), text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    if shortcut:
        button.setShortcut(shortcut)
    return button


def _side_by_side(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_S)
    for button in buttons:
        row.addWidget(button)
    return row
