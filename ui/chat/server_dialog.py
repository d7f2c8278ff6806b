"""Servidor de chat: where it is, who we are there, and leaving it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from oficrm.chat import connecting, servers, tokens
from oficrm.chat.connecting import Entered
from oficrm.rules.problems import Invalid
from ui import theme
from ui.chat import accounts
from ui.chat.network import Network
from ui.context import Context
from ui.forms.message_bar import MessageBars
from ui.widgets.bars import SegmentedButtons, StickyFoot
from ui.widgets.field_row import FieldRow
from ui.widgets.text_editors import LineEditor

PASSWORD, TOKEN = "password", "token"
ABOUT = ("Rocket.Chat. La dirección y el usuario se recuerdan en este equipo; el token, solo en el almacén de "
         "contraseñas del sistema. La contraseña no se guarda.")  # fmt: skip


class ServerDialog(QDialog):
    """``dialog_chat_server``. ``entered`` once a server has let us in, ``left`` after leaving it."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_chat_server")
        self.setWindowTitle("Servidor de chat")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._memory = context.memory
        self.network = Network(context.bridge, self)
        self.bars = MessageBars(self)
        self.rows = {
            name: FieldRow(name, label, LineEditor(placeholder=hint), required=True)
            for name, label, hint in (
                ("server", "Dirección", "https://chat.empresa.es"),
                ("user", "Usuario o correo", ""), ("password", "Contraseña", ""),
                ("user_id", "Id de usuario", ""), ("token", "Token de acceso personal", ""),
            )
        }  # fmt: skip
        for name in ("password", "token"):
            self._line(name).setEchoMode(QLineEdit.EchoMode.Password)
        self.way = SegmentedButtons(self)
        self.way.add(PASSWORD, "Usuario y contraseña", name="way_password")
        self.way.add(TOKEN, "Token de acceso personal", name="way_token",
                     tip="En Rocket.Chat: Mi cuenta, Tokens de acceso personal")  # fmt: skip
        self.way.changed.connect(self._show_way)
        self.pages = QStackedWidget(self)
        self.foot = StickyFoot(self)
        self.leave_button = self.foot.add_button("Desconectar", name="button_leave")
        self.close_button = self.foot.add_button("Cerrar", name="button_cancel", shortcut="Esc")
        self.accept_button = self.foot.add_button("Conectar", name="button_accept", kind="primary",
                                                  shortcut="Ctrl+Return")  # fmt: skip
        self._lay_out()
        self.leave_button.clicked.connect(self.leave)
        self.close_button.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.enter)
        for name in self.rows:
            self._line(name).returnPressed.connect(self.enter)
        self.network.busy.connect(lambda _busy: self._show_state())
        self._fill()
        self.resize(660, 410)

    def _line(self, name: str) -> QLineEdit:
        editor = self.rows[name].editor
        assert isinstance(editor, LineEditor)
        return editor.line

    def _lay_out(self) -> None:
        about = QLabel(ABOUT, self)
        about.setWordWrap(True)
        theme.set_role(about, "dim")
        for names in (("user", "password"), ("user_id", "token")):
            page = QWidget(self.pages)
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.SPACE_S)
            for name in names:
                column.addWidget(self.rows[name])
            column.addStretch(1)
            self.pages.addWidget(page)
        body = QVBoxLayout()
        body.setContentsMargins(theme.SPACE_L, theme.SPACE_M, theme.SPACE_L, theme.SPACE_M)
        body.setSpacing(theme.SPACE_M)
        for part in (about, self.rows["server"], self.way, self.pages):
            body.addWidget(part)
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bars)
        column.addLayout(body, 1)
        column.addWidget(self.foot)

    def _fill(self) -> None:
        known = accounts.account(self._memory)
        self.rows["server"].editor.set_value(accounts.server(self._memory))
        if known is not None:
            self.rows["user"].editor.set_value(known.username)
            self.rows["user_id"].editor.set_value(known.user_id)
        self._show_state()
        self.rows["password" if known else "server"].editor.focus()

    def _show_way(self, key: str) -> None:
        self.pages.setCurrentIndex(0 if key == PASSWORD else 1)

    def _show_state(self) -> None:
        busy, known = self.network.is_busy(), accounts.account(self._memory)
        self.accept_button.setEnabled(not busy)
        self.leave_button.setVisible(known is not None)
        self.leave_button.setEnabled(not busy)
        where = servers.host_of(accounts.server(self._memory))
        self.foot.set_sentence(
            "Conectando…" if busy else f"Conectado a {where} como {known.username}." if known else "Sin servidor."
        )

    # --- entering and leaving

    def enter(self) -> None:
        """Ask the server to let us in."""
        if self.network.is_busy():
            return
        self.bars.clear()
        names = ("user", "password") if self.way.current() == PASSWORD else ("user_id", "token")
        texts = {name: str(self.rows[name].editor.value() or "") for name in ("server", *names)}
        for name, text in texts.items():
            self.rows[name].set_error(None if text else "Falta este dato.")
        try:
            server = servers.address(texts["server"])
        except Invalid as error:
            if texts["server"]:
                self.rows["server"].set_error(error.message)
            return
        if not all(texts.values()):
            return
        user, secret = (texts[name] if name == "password" else texts[name].strip() for name in names)
        call = partial(connecting.enter, server, user, secret, is_token=self.way.current() == TOKEN)
        self.network.run(lambda work: call(work=work), self._entered, self._failed)

    def _entered(self, found: Entered) -> None:
        accounts.remember(self._memory, found.server, found.account)
        for name in ("password", "token"):
            self.rows[name].editor.set_value(None)
        self.rows["server"].editor.set_value(found.server)
        self._show_state()
        self.entered.emit(found.server)
        if found.is_kept:
            self.accept()
        else:
            self.bars.show_message("keyring", f"Conectado. {tokens.NO_KEYRING}", "today")

    def _failed(self, words: str) -> None:
        self.bars.show_message("problem", words, "overdue")

    def leave(self) -> None:
        """Forget server, user and token at this computer."""
        server = accounts.server(self._memory)
        accounts.forget(self._memory)
        self.network.run(lambda _work: tokens.forget(server), lambda _none: self._has_left(), self._failed)

    def _has_left(self) -> None:
        self._show_state()
        self.left.emit()
        self.bars.show_message("left", "Desconectado. Lo traído se conserva.", "done")

    def done(self, result: int) -> None:
        """An answer on its way is not waited for."""
        self.network.cancel()
        super().done(result)
