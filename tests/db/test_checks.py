"""Mistakes in a declaration: each one provoked, each one named by number, class and option."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from db import registry
from db.checks import DeclarationError, check
from db.fields import Field
from db.flow import Flow
from db.models.client import ClientStatus
from db.record import Module
from db.screens import Screens, Section

FIELDS = {
    "name": Field("text", "Nombre", name="name", attr="name", required=True),
    "status": Field("choice", "Estado", name="status", attr="status", choices=ClientStatus),
    "client": Field("link", "Cliente", name="client", attr="client_id", targets=("client",)),
}
SCREENS = Screens(columns="name status client.name", filters="client.name", sort="-name client.name",
                  form=[Section("Muestra", "name status client")], lines="sample_line", tabs="client")  # fmt: skip


def _model(table: str, fields: dict[str, Field], screens: Screens | None, owner: str = "") -> Any:
    module = Module(table, "Muestra", "Muestras", "", "", 1, "", owner, False, "muestras")
    made = SimpleNamespace(__name__=table.title(), module=module, fields=fields, flow=None)
    if screens is not None:
        made.screens = screens
    return made


def _problems(fields: dict[str, Field] = FIELDS, screens: Screens | None = SCREENS, owner: str = "sample") -> list[str]:
    sample = _model("sample", fields, screens)
    classes = {
        "sample": sample,
        "client": _model("client", {"name": FIELDS["name"]}, Screens("name")),
        "sample_line": _model("sample_line", {}, Screens("name"), owner),
    }
    return list(check(sample, classes))


def _flow_problems(flow: Flow, screens: Screens = SCREENS) -> list[str]:
    sample = _model("sample", FIELDS, screens)
    sample.flow = flow
    classes = {"sample": sample, "client": _model("client", FIELDS, SCREENS), "sample_line": _model("sample_line", {},
               Screens("name"), "sample")}  # fmt: skip
    return list(check(sample, classes))


@pytest.mark.parametrize(
    ("number", "name", "flow"),
    [
        ("OFI030", "'name'", Flow("name", {})),
        ("OFI031", "'unheard'", Flow("status", {"client": "unheard"})),
        ("OFI031", "'unheard'", Flow("status", {"unheard": "client"})),
        ("OFI031", "'unheard'", Flow("status", {}, closed={"unheard": "No."})),
        ("OFI032", "'colour'", Flow("status", {}, free="colour")),
    ],
)
def test_mistakes_in_flows(number, name, flow):
    (problem,) = _flow_problems(flow)
    assert problem.startswith(number)
    assert name in problem


def test_a_sound_flow_has_no_problem():
    assert _flow_problems(Flow("status", {"potential": "client inactive"}, free="name sample_line")) == []


def _changed(name: str, **more: Any) -> dict[str, Field]:
    return FIELDS | {name: replace(FIELDS[name], **more)}


def test_a_sound_declaration_has_no_problem():
    assert _problems() == []


SCREEN_MISTAKES = [
    ("OFI010", "columns", Screens("name colour")),
    ("OFI010", "filters", Screens("name", filters="client.colour")),
    ("OFI010", "more_filters", Screens("name", more_filters="name.client")),
    ("OFI010", "picker", Screens("name", picker="colour")),
    ("OFI010", "head", Screens("name", head="colour")),
    ("OFI011", "sort", Screens("name", sort="-colour")),
    ("OFI012", "section 'Uno'", Screens("name", form=[Section("Uno", "name colour")])),
    ("OFI013", "section 'Dos'", Screens("name", form=[Section("Uno", "name"), Section("Dos", "name")])),
    ("OFI014", "state", Screens("name", state="colour")),
    ("OFI014", "narrow", Screens("name", narrow="colour")),
    ("OFI014", "total", Screens("name", total="colour")),
    ("OFI015", "'colours'", Screens("name", tabs="colours")),
    ("OFI015", "'colours'", Screens("name", lines="colours")),
    ("OFI017", "'name'", Screens("name", form=[Section("Uno", "status")])),
]


@pytest.mark.parametrize(("code", "option", "screens"), SCREEN_MISTAKES)
def test_mistakes_in_screens(code, option, screens):
    found = [text for text in _problems(screens=screens) if code in text]
    assert len(found) == 1
    assert "Sample" in found[0]
    assert option in found[0]


FIELD_MISTAKES = [
    ("OFI020", "name", {"kind": "colour"}),
    ("OFI021", "name", {"label": ""}),
    ("OFI022", "client", {"targets": ("colours",)}),
    ("OFI023", "client", {"within": "colour"}),
    ("OFI024", "client", {"on_delete": "explode"}),
    ("OFI025", "status", {"choices": None}),
    ("OFI026", "name", {"via": ("colours", "item")}),
    ("OFI026", "name", {"via": ("client", "item")}),
]


@pytest.mark.parametrize(("code", "name", "mistake"), FIELD_MISTAKES)
def test_mistakes_in_fields(code, name, mistake):
    found = [text for text in _problems(_changed(name, **mistake)) if code in text]
    assert len(found) == 1
    assert f"Sample.{name}" in found[0]


def test_lines_that_belong_to_somebody_else():
    assert [text[:6] for text in _problems(owner="client")] == ["OFI016"]


def test_a_module_without_screens():
    assert _problems(screens=None) == ["OFI001 Sample: screens is missing"]


def test_a_required_field_is_filled_by_form_default_or_owner():
    screens = Screens("name", form=[Section("Uno", "status client")])
    for filled in ({"default": "x"}, {"read_only": True}, {"hidden": True}, {"required": False}):
        assert _problems(_changed("name", **filled), screens) == []


def test_all_problems_of_all_modules_are_told_at_once(monkeypatch):
    monkeypatch.setattr(registry, "check", lambda model, _: [f"OFI999 {model.__name__}"])
    registry._by_table.cache_clear()
    try:
        with pytest.raises(DeclarationError) as told:
            registry.modules()
    finally:
        monkeypatch.undo()
        registry._by_table.cache_clear()
    assert {"OFI999 Client", "OFI999 Contact"} <= set(str(told.value).splitlines())


def test_the_program_s_own_declarations_are_sound():
    assert {"client", "contact", "salesperson", "quote_line"} <= {model.module.table for model in registry.modules()}
    assert all(model.module.menu for model in registry.listed_modules())
