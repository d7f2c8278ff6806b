"""The generic window: head, tabs, actions, places; the flows a salesperson sees."""

from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from sqlalchemy import select

from db.models.client import Client
from db.models.custom_field import CustomKind
from oficrm import commands, records, saving
from oficrm.drafts import LineDraft
from tests.support.desk import WAIT, Desk
from ui.forms.record_window import RecordWindow


def client(desk: Desk, place: int = 0) -> int:
    return desk.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id))))[place]


def opened(desk: Desk, table: str, ident: int | None = None, **more: Any) -> RecordWindow:
    window = RecordWindow(desk.context, table, ident, **more)
    desk.show(window)
    desk.qtbot.waitUntil(lambda: desk.context.bridge._running == 0, timeout=WAIT)
    return window


def action(window: RecordWindow, name: str) -> QAction:
    found = window.findChild(QAction, f"action_{name}")
    assert isinstance(found, QAction)
    return found


def test_the_head_says_who_it_is_and_what_matters(desk: Desk) -> None:
    window = opened(desk, "client", client(desk))
    assert window.windowTitle() == "Talleres Ruiz · Cliente"
    assert window.head.title.text() == "Talleres Ruiz"
    assert window.head.code.text() == "CLI-000"
    assert window.head.chip.text() == "Probable"
    for name in ("last_contact", "next_contact", "salesperson"):
        label = window.findChild(QLabel, f"head_{name}")
        assert label is not None
        assert label.text()
    window.form.put("status", "client")
    assert window.head.chip.text() == "Cliente"
    window.form.discard()


def test_related_tabs_count_and_load_when_looked_at(desk: Desk) -> None:
    window = opened(desk, "client", client(desk))
    texts = [window.tabs.bar.tabText(index) for index in range(window.tabs.bar.count())]
    assert texts[0] == "General"
    assert "Contactos 6" in texts
    assert window.tabs.page("contact") is None
    window.tabs.show_tab("contact")
    page = window.findChild(QWidget, "tab_contact")
    assert page is not None
    listed: Any = page.findChild(QWidget, "list_contact")
    desk.qtbot.waitUntil(lambda: len(listed.model.shown_ids()) == 6, timeout=WAIT)
    desk.save("contact", client=client(desk), notes="Otro más")
    desk.context.bridge.announce(desk.jobs.write(lambda s: None).result().changes)
    window.form.discard()


def test_new_related_records_are_linked_back(desk: Desk) -> None:
    ident = client(desk)
    window = opened(desk, "client", ident)
    action(window, "add_opportunity").trigger()
    assert desk.noted.opened[-1][1:] == ("opportunity", None, {"preset": {"client": ident}, "parent": window})
    window.tabs.show_tab("person")
    page = window.findChild(QWidget, "tab_person")
    assert page is not None
    listed: Any = page.findChild(QWidget, "list_person")
    listed.add_requested.emit("person", {"client": ident})
    assert desk.noted.opened[-1][3]["preset"] == {"client": ident}
    window.form.discard()


def test_an_interest_of_a_product_names_the_product(desk: Desk) -> None:
    product = desk.save("product", name="Taladro", sku="T-1", sale_price="100", tax_rate="21")
    window = opened(desk, "product", product)
    action(window, "add_interest").trigger()
    assert desk.noted.opened[-1][3]["preset"] == {"item": f"product:{product}"}
    window.form.discard()


def test_deleting_names_what_goes_along_and_can_be_undone(desk: Desk) -> None:
    ident = client(desk)
    window = opened(desk, "client", ident)
    action(window, "delete").trigger()
    desk.qtbot.waitUntil(lambda: window.form.bars.has("delete"), timeout=WAIT)
    assert "6 contactos" in window.form.bars.bar("delete").label.text()
    window.form.bars.bar("delete").buttons[0].click()
    desk.qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert desk.read(lambda s: records.load(s, "client", ident)).deleted
    assert desk.noted.notices[-1][1] is not None


def test_copying_the_card_and_opening_the_history(desk: Desk) -> None:
    ident = client(desk)
    window = opened(desk, "client", ident)
    action(window, "copy_card").trigger()
    desk.qtbot.waitUntil(lambda: "Talleres Ruiz (CLI-000)" in QGuiApplication.clipboard().text(), timeout=WAIT)
    action(window, "history").trigger()
    assert desk.noted.opened[-1] == ("history", "client", ident)
    window.form.discard()


def test_a_duplicate_is_a_new_record(desk: Desk) -> None:
    ident = desk.save("client", client(desk), email="uno@ejemplo.es", legal_name="Talleres Ruiz, S.L.")
    window = opened(desk, "client", ident, duplicate=True)
    assert window.form.ident is None
    assert window.form.value("legal_name") == "Talleres Ruiz, S.L."
    assert window.form.value("email") is None
    assert window.form.value("code") is None
    assert "Nuevo cliente" in window.windowTitle()
    window.form.discard()


def test_own_fields_get_a_card_of_their_own(desk: Desk) -> None:
    window = opened(desk, "client", client(desk))
    assert "Campos propios" not in [card.accessibleName() for card in window.findChildren(QWidget)]
    window.form.discard()
    desk.save("custom_field", module_table="client", name="Zona de reparto", kind=CustomKind.LIST,
              options="Norte\nSur", default_value="Sur", is_required=True)  # fmt: skip
    desk.save("custom_field", module_table="client", name="Lema", kind=CustomKind.TEXT, default_value="@hola")
    again = opened(desk, "client")
    assert "Campos propios" in [card.accessibleName() for card in again.findChildren(QWidget)]
    own = [name for name, field in again.form.fields.items() if field.custom_id]
    assert [again.form.value(name) for name in own] == ["@hola", "Sur"] or [
        again.form.value(name) for name in own] == ["Sur", "@hola"]  # fmt: skip
    again.form.put("name", "Con zona")
    zone = next(name for name in own if again.form.value(name) == "Sur")
    again.form.put(zone, "Norte")
    again.accept_button.click()
    desk.qtbot.waitUntil(lambda: not again.isVisible(), timeout=WAIT)
    made = desk.read(lambda s: s.scalars(select(Client.id).where(Client.name == "Con zona")).one())
    assert desk.read(lambda s: records.load(s, "client", made)).draft.values[zone] == "Norte"


def test_the_place_of_a_window_is_kept(desk: Desk) -> None:
    window = opened(desk, "origin")
    window.resize(QSize(555, 444))
    window.close()
    again = opened(desk, "origin")
    assert again.size() == QSize(555, 444)
    again.close()


def test_the_foot_says_what_accepting_does(desk: Desk) -> None:
    window = opened(desk, "client", client(desk))
    assert window.foot.sentence.text() == "Sin cambios."
    window.form.put("city", "Elda")
    window.form.put("notes", "algo")
    assert window.foot.sentence.text() == "Al aceptar se guarda: Población, Notas."
    window.form.discard()
    new = opened(desk, "person")
    assert new.foot.sentence.text().startswith("Al aceptar se añade la persona")
    new.form.discard()


@pytest.mark.parametrize("table", ["client", "person", "quote", "salesperson", "custom_field"])
def test_windows_fit_a_small_screen(desk: Desk, table: str) -> None:
    window = opened(desk, table)
    hint = window.minimumSizeHint()
    assert hint.width() <= 1366
    assert hint.height() <= 700
    window.form.discard()


def test_the_head_follows_what_happens_around_the_record(desk: Desk) -> None:
    ident = client(desk)
    window = opened(desk, "client", ident)

    def shown() -> str:
        label = window.head.findChild(QLabel, "head_balance")
        return label.text().replace("\xa0", " ") if label is not None else ""

    assert shown() == "0,00 €"
    window.form.put("notes", "Sin guardar")

    def invoice(session: Any) -> None:
        draft = records.blank(session, "invoice", {"client": ident}).draft
        draft.lines["invoice_line"] = [LineDraft(None, {"description": "Obra", "quantity": "1", "unit_price": "100",
                                                        "discount_percent": "0", "tax_rate": "21"})]  # fmt: skip
        commands.advance(session, "invoice", [saving.save(session, draft).id], "issued")

    desk.context.bridge.write(invoice, lambda _done: None, window)
    desk.qtbot.waitUntil(lambda: shown() == "121,00 €", timeout=WAIT)
    assert window.form.value("notes") == "Sin guardar"
    window.form.discard()
