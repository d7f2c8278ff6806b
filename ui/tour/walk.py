"""The walk: what a person would do on the first morning, in order."""

import datetime as dt
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QWidget

from db.history import Actor
from db.registry import listed_modules
from oficrm import lists
from oficrm.jobs import Jobs
from oficrm.opening import open_jobs
from oficrm.profile import Profile
from ui.app import Application, make_qt
from ui.main_window import ACTIVITY, MainWindow
from ui.tour.correspondence import Correspondence
from ui.tour.driver import SIZE, Driver, StepFailed, innermost, quiet_offscreen_platform

CONTACTS = 600
MOVED = 12
DEMO_MS = 120_000
"""A year of business takes its time to write, on a slow computer above all."""
THESE_DAYS = lists.ListFilter("contact", (lists.Criterion("date", "from", "-9d"), lists.Criterion("date", "to", "+3d")))


def walk(folder: Path) -> int:
    """Walk through everything; return 0 only if every step worked."""
    quiet_offscreen_platform()
    with tempfile.TemporaryDirectory(prefix="oficrm-recorrido-", ignore_cleanup_errors=True) as home:
        profile = Profile(home)
        profile.make()
        jobs = open_jobs(profile.database, Actor("ana"))
        driver = Driver(folder)
        try:
            Walk(driver, jobs, profile).take()
        finally:
            jobs.close()
    return 1 if driver.failed else 0


class Walk:
    """The steps over one application."""

    def __init__(self, driver: Driver, jobs: Jobs, profile: Profile) -> None:
        self.driver = driver
        self.jobs = jobs
        qt = make_qt()
        qt.setCursorFlashTime(0)
        self.application = Application(qt, jobs, profile)
        self.application.memory.put("theme", "light")
        self.moved: dict[int, dt.date] = {}

    @property
    def window(self) -> MainWindow:
        """The main window, once it is open."""
        window = self.application.main_window
        if window is None:
            raise StepFailed("the main window is not open")
        return window

    def take(self) -> None:
        """Take every step."""
        step = self.driver.step
        if not step("primer inicio con datos de ejemplo", self.first_start):
            return
        step("contactos: filtro vacío", partial(self.driver.picture, self.window, "contactos-sin-cargar"))
        step("contactos: filtrar y cargar", self.load_contacts)
        step("contactos: solo los no realizados", self.narrow)
        step("contacto: apuntar una llamada", self.log_contact)
        step("contacto: el próximo, encadenado", self.chain_next)
        step("contactos: cambiar doce fechas", self.change_dates)
        step("contactos: deshacer el cambio", self.undo_dates)
        step("contacto: histórico", self.history)
        mail = Correspondence(self)
        step("cliente: sus archivos", mail.client_files)
        step("contacto: asumir un correo", mail.assume_mail)
        step("emails: importar una carpeta", mail.import_folder)
        for model in listed_modules():
            if model.module.table != "contact":
                step(f"{model.module.plural.lower()}: lista y ficha", partial(self.visit, model.module.table))
        step("actividad", self.activity)
        step("parámetros", self.settings)
        step("buscar o mandar", self.palette)
        step("aspecto oscuro", self.dark)
        step("cerrar", self.close)

    def first_start(self) -> None:
        """Choose the country and example data, and come to the main window."""
        self.application.start()
        dialog = cast(Any, self.driver.window("dialog_first_start"))
        self.driver.picture(dialog, "primer-inicio")
        dialog.example_rows = CONTACTS
        dialog.company.setText("Comercial Levante S.L.")
        self.driver.click("button_demo", dialog)
        self.driver.wait(lambda: self.application.main_window is not None, "the main window", DEMO_MS)
        self.window.resize(*SIZE)
        self.driver.window("main_window")

    def _page(self, key: str) -> Any:
        return cast(Any, self.window.open_place(key))

    def _table(self, page: QWidget) -> QTableView:
        return self.driver.find(QTableView, "table", page)

    def _load(self, page: Any) -> int:
        """Press Cargar and wait until all rows are known; return how many."""
        loaded: list[bool] = []
        page.loaded.connect(lambda *_: loaded.append(True))
        page.load()
        self.driver.wait(lambda: loaded, "the list")
        return self._rows(page)

    def _rows(self, page: QWidget) -> int:
        return self._table(page).model().rowCount()

    def load_contacts(self) -> None:
        """Load the contacts of these days, then all of them."""
        page = self._page("contact")
        if self._rows(page):
            raise StepFailed("contacts were listed before Cargar")
        page.set_filter(THESE_DAYS)
        some = self._load(page)
        self.driver.picture(self.window, "contactos")
        page.set_filter(lists.ListFilter("contact"))
        if self._load(page) <= some or not some:
            raise StepFailed("the filter made no difference")
        self.driver.picture(self.window, "contactos-todos")

    def narrow(self) -> None:
        """Narrow the loaded list at once."""
        page = self._page("contact")
        everything = self._rows(page)
        self.driver.click("quick_open", page)
        self.driver.wait(lambda: 0 < self._rows(page) < everything, "fewer rows")
        self.driver.picture(self.window, "contactos-no-realizados")
        self.driver.click("quick_all", page)
        self.driver.wait(lambda: self._rows(page) == everything, "all rows again")

    def log_contact(self) -> None:
        """Log a call by the keyboard, with a follow-up in a week."""
        self.driver.trigger("action_add", self._page("contact"))
        form = cast(Any, self.driver.window("form_contact"))
        self.driver.wait(form.is_ready, "the form")
        client = self.driver.find(QWidget, "field_client", form)
        self.driver.type_into(client, "a")
        self.driver.wait(lambda: self._suggested(client), "clients to choose from")
        QTest.keyClick(innermost(client), Qt.Key.Key_Return)
        self.driver.wait(lambda: form.panel.timeline.model().rowCount() > 1, "the client's other contacts")
        self.driver.type_into(self.driver.find(QWidget, "field_notes", form), "Llamada por la oferta: pide una visita")
        action = self.driver.find(QWidget, "field_contact_action", form)
        self.driver.type_into(action, "Enviar muestras con el catálogo")
        QTest.keyClick(innermost(action), Qt.Key.Key_Tab)
        self.driver.type_into(self.driver.find(QWidget, "field_next_at", form), "+1s")
        self.driver.picture(form, "contacto")
        self.driver.click("button_accept", form)

    def _suggested(self, editor: Any) -> bool:
        return editor.is_listing() and bool(editor.popup.options())

    def chain_next(self) -> None:
        """The next contact opens by itself; accept it."""
        self.driver.wait(lambda: self._next_form() is not None, "the form of the next contact")
        form = self._next_form()
        assert form is not None
        self.driver.picture(form, "contacto-proximo")
        self.driver.click("button_accept", form)
        self.driver.wait(lambda: not self.open_forms("form_contact"), "the form to close")

    def open_forms(self, name: str) -> list[QWidget]:
        """Return the open windows of that name."""
        return [window for window in self.window.windows.open_windows() if window.objectName() == name]

    def _next_form(self) -> QWidget | None:
        forms = cast(list[Any], self.open_forms("form_contact"))
        return next((form for form in forms if form.is_follow_up() and form.is_ready()), None)

    def _select(self, page: Any, count: int) -> list[int]:
        """Select the first rows as Ctrl-clicking them would."""
        table = self._table(page)
        model, selection = table.model(), table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.clearSelection()
        for row in range(count):
            selection.select(model.index(row, 0), flags)
        ids: list[int] = page.selected_ids()
        if len(ids) != count:
            raise StepFailed(f"{len(ids)} rows selected instead of {count}")
        return ids

    def _dates(self, ids: list[int]) -> dict[int, dt.date]:
        rows = self.jobs.read(lambda session: lists.load_rows(session, "contact", ids, ["date"])).result()
        return {ident: row[0] for ident, row in rows.items()}

    def change_dates(self) -> None:
        """Move twelve open contacts by five working days, as previewed."""
        page = self._page("contact")
        self.driver.click("quick_open", page)
        self._load(page)
        ids = self._select(page, MOVED)
        self.moved = self._dates(ids)
        self.driver.trigger("action_change_date", page)
        dialog = cast(Any, self.driver.window("dialog_change_date"))
        self.driver.wait(dialog.is_ready, "the preview")
        self.driver.picture(dialog, "cambiar-fecha")
        self.driver.click("button_accept", dialog)
        self.driver.wait(lambda: self._dates(ids) != self.moved, "the new dates")
        self.driver.picture(self.window, "contactos-movidos")

    def undo_dates(self) -> None:
        """Ctrl+Z brings every date back."""
        self.driver.trigger("action_undo", self.window)
        self.driver.wait(lambda: self._dates(list(self.moved)) == self.moved, "the old dates")
        self.driver.picture(self.window, "contactos-deshecho")

    def history(self) -> None:
        """Open the Histórico of a moved contact."""
        self.window.windows.open_history("contact", next(iter(self.moved)))
        dialog = cast(Any, self.driver.window("dialog_history"))
        self.driver.wait(dialog.is_ready, "the history")
        self.driver.picture(dialog, "historico")
        dialog.close()

    def visit(self, table: str) -> None:
        """Load a module's list and open its first record."""
        page = self._page(table)
        rows = self._load(page)
        self.driver.picture(self.window, f"lista-{table}")
        if not rows:
            return
        self._select(page, 1)
        self.driver.trigger("action_edit", page)
        form = cast(Any, self.driver.window(f"form_{table}"))
        self.driver.wait(form.is_ready, f"the form of {table}")
        self.driver.picture(form, "cliente" if table == "client" else f"ficha-{table}")
        form.close()
        self.driver.wait(lambda: not self.open_forms(f"form_{table}"), "the form to close")

    def activity(self) -> None:
        """Open the activity view."""
        page = self._page(ACTIVITY)
        self.driver.wait(page.is_ready, "the activity")
        self.driver.picture(self.window, "actividad")

    def settings(self) -> None:
        """Open Parámetros."""
        self.window.open_settings()
        dialog = cast(Any, self.driver.window("dialog_settings"))
        self.driver.wait(dialog.is_ready, "the settings")
        self.driver.picture(dialog, "parametros")
        dialog.close()

    def palette(self) -> None:
        """Find a client by a few letters."""
        self.window.open_palette()
        palette = cast(Any, self.driver.window("dialog_palette"))
        before = palette.results.count()
        QTest.keyClicks(palette.line, "a")
        self.driver.wait(lambda: palette.results.count() not in (0, before), "results")
        self.driver.picture(palette, "buscar")
        palette.close()

    def dark(self) -> None:
        """Switch to the dark palette and back."""
        self.window.set_theme("dark")
        page = self._page("contact")
        self.driver.click("quick_all", page)
        page.set_filter(THESE_DAYS)
        self._load(page)
        self._select(page, 3)
        self.driver.picture(self.window, "oscuro")
        self.window.windows.open_record("contact", page.loaded_ids()[0])
        form = cast(Any, self.driver.window("form_contact"))
        self.driver.wait(form.is_ready, "the form")
        self.driver.picture(form, "contacto-oscuro")
        form.close()
        self.window.set_theme("light")

    def close(self) -> None:
        """Leave; nothing stands in the way."""
        if not self.window.close():
            raise StepFailed("a window did not let itself be closed")
