"""Links whose words say another place than they lead to."""

import pytest

from ui.mail import links


@pytest.mark.parametrize(("words", "target"), [
    ("www.banco.es", "https://malo.com/banco.es"), ("https://banco.es/entrar", "http://banco.es.malo.com/"),
    ("banco.es", "https://xn--bnco-5na.es/"), ("  www.banco.es  ", "https://192.168.0.1/"),
    ("Entre aquí", "https://banco.es@malo.com/"),
])  # fmt: skip
def test_a_lie_is_noticed(words, target):
    found = links.compare(words, target)
    assert found is not None
    assert found.leads in found.sentence()
    assert found.leads == links.host_of(target)


@pytest.mark.parametrize(("words", "target"), [
    ("www.banco.es", "https://banco.es/a"), ("banco.es", "https://www.banco.es/"),
    ("https://banco.es/entrar", "https://clientes.banco.es/entrar"), ("Ver catálogo", "https://x.es/c"),
    ("1.240,00 €", "https://x.es/"), ("ana@banco.es", "https://x.es/"), ("banco.es", "mailto:a@x.es"), ("", ""),
])  # fmt: skip
def test_the_truth_is_no_lie(words, target):
    assert links.compare(words, target) is None


def test_the_lies_of_a_page_by_target():
    html = ('<a href="https://malo.com/?a=1&amp;b=2" rel="noopener"><b>www.banco.es</b></a>'
            '<a title="x" href="https://banco.es/">banco.es</a>')  # fmt: skip
    assert set(links.lies(html)) == {"https://malo.com/?a=1&b=2"}


def test_targets_are_shown_spelt_out():
    assert links.shown("https://b\u0430nco.es/") == "https://xn--bnco-53d.es/"  # a Cyrillic a
    assert links.shown("mailto:a@x.es?subject=hola") == "Escribir a a@x.es"
    assert len(links.shown("https://x.es/" + "a" * 500)) == 160
