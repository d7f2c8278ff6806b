"""Filling templates: what they can do, what they cannot reach, what they may cost, and what is said of mistakes."""

from time import thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.papers import budget
from oficrm.papers.filling import fill
from oficrm.papers.problem import TemplateProblem

FACTS: dict[str, Any] = {
    "cliente": {"nombre": "Ruiz <& Hijos>", "notas": "uno\ndos", "items": "no es un método"},
    "lineas": [{"descripcion": "Sierra", "importe": "10,00 €"}, {"descripcion": "Clavos & cola", "importe": "2,00 €"}],
    "cuenta": 3, "vacio": "", "nada": None, "con_descuentos": False,
}  # fmt: skip


def problem(body: str, facts: Any = FACTS) -> TemplateProblem:
    with pytest.raises(TemplateProblem) as caught:
        fill(body, facts)
    return caught.value


@pytest.mark.parametrize(("body", "text"), [
    ("{{ cliente.nombre }}", "Ruiz &lt;&amp; Hijos&gt;"),
    ("{{ cliente.items }}", "no es un método"),
    ("{% for linea in lineas %}{{ loop.index }}.{{ linea.descripcion }} {% endfor %}", "1.Sierra 2.Clavos &amp; cola "),
    ("{{ lineas | join(', ', attribute='importe') }}", "10,00 €, 2,00 €"),
    ("{{ cliente.notas | nl2br }}", "uno<br/>dos"),
    ("{{ '<b>' ~ cliente.nombre | upper }}", "&lt;b&gt;RUIZ &lt;&amp; HIJOS&gt;"),
    ("{% if vacio %}sí{% else %}no{% endif %}{{ nada }}", "no"),
    ("{{ cuenta * 2 + 1 }}", "7"),
    ("{% set suma = namespace(n=0) %}{% for l in lineas %}{% set suma.n = suma.n + 1 %}{% endfor %}{{ suma.n }}", "2"),
    ("{% macro fila(a) %}<td>{{ a }}</td>{% endmacro %}{{ fila('<') }}", "<td>&lt;</td>"),
    ("{{ (lineas | first).descripcion }} {{ lineas[1].importe }} {{ cliente.nombre[:4] }}", "Sierra 2,00 € Ruiz"),
    ("{{ falta is defined }} {{ falta | default('-') }}", "No -"),
    ("{{ ['a', vacio, 'b'] | select | join(' · ') }}", "a · b"),
    ("{% for g, suyas in lineas | groupby('importe') %}{{ g }}{{ suyas | length }}{% endfor %}", "10,00 €12,00 €1"),
    ("{{ cliente.nombre[:4] }}{{ (lineas[1:] | first).importe }}{{ 'abc'[::-1] }}", "Ruiz2,00 €cba"),
    ("{{ 'a-b' | replace('-', '<') }} {{ loop is defined }}", "a&lt;b No"),
])  # fmt: skip
def test_what_templates_can_do(body: str, text: str) -> None:
    assert fill(body, FACTS) == text


def test_a_foot_is_plain_text() -> None:
    assert fill("{{ cliente.nombre }}", FACTS, escaping=False) == "Ruiz <& Hijos>"


@pytest.mark.parametrize(("body", "line", "words"), [
    ("\n\n{{ cliente.nombrre }}", 3, "no existe «nombrre»; ¿quiso decir «nombre»?"),
    ("{{ clinte.nombre }}", 1, "¿quiso decir «cliente»?"),
    ("a\n{% for l in lineas %}\n{{ l.precio }}{% endfor %}", 3, "no existe «precio»"),
    ("{% for l in lineas %}", 1, "acaba sin «endfor»"),
    ("\n{% fro l in lineas %}", 2, "no existe la orden «fro»"),
    ("{% if vacio %}\n{% endfor %}", 2, "sobra «endfor»; aquí falta «elif» o «else» o «endif»"),
    ("{{ cliente.nombre | mayusculas }}", 1, "no existe el filtro «mayusculas»"),
    ("{% if vacio is raro %}{% endif %}", 1, "no existe la comprobación «raro»"),
    ("{{ cliente.nombre ", 1, "acaba a medias"),
    ("{{ cliente nombre }}", 1, "se esperaba «}}» y viene «nombre»"),
    ("{{ 1 + }}", 1, "sobra «}}»"),
    ("{# sin final", 1, "falta el final del comentario"),
    ("\n\n\n{{ 1 / 0 }}", 4, "se divide entre cero"),
    ("{{ lineas }}", 1, "no un texto"),
    ("{% for letra in cliente.nombre %}{% endfor %}", 1, "no se puede recorrer"),
    ("{{ 'a' + 1 }}", 1, "esa operación no se puede hacer"),
    ("\n{% block a %}{% endblock %}{% block a %}{% endblock %}", 2, "el bloque «a» está dos veces"),
])  # fmt: skip
def test_mistakes_are_named_with_their_line(body: str, line: int, words: str) -> None:
    found = problem(body)
    assert words in found.text
    assert found.line == line
    assert str(found) == f"Línea {line}: {found.text}"


@pytest.mark.parametrize("body", [
    "{{ ''.__class__ }}", "{{ ''['__class__'] }}", "{{ cliente.__class__ }}", "{{ cliente.keys() }}",
    "{{ lineas.append(1) }}", "{{ lineas.__len__() }}", "{{ range.__self__ }}", "{{ namespace.__init__ }}",
    "{{ namespace()._Namespace__attrs }}", "{{ lineas | map(attribute='__class__') | join }}",
    "{{ lineas | map('format') | join }}", "{{ cliente.nombre | attr('__class__') }}", "{{ cliente.nombre | safe }}",
    "{{ '%s' | format(1) }}", "{{ '{0.__class__}'.format(1) }}", "{{ cliente.nombre | xmlattr }}", "{{ self.x() }}",
    "{% macro f() %}{% endmacro %}{{ f.__globals__ }}", "{% macro f() %}{% endmacro %}{{ f._func }}",
    "{% for l in lineas %}{{ loop._iterator }}{% endfor %}", "{% for l in lineas %}{{ loop.__init__ }}{% endfor %}",
    "{{ cliente[1:] }}", "{{ 1.5[1:] }}", "{{ 'a'[::0] }}", "{% for l in lineas %}{{ loop[1:] }}{% endfor %}",
    "{{ cycler('a') }}", "{{ lipsum() }}", "{{ dict(a=1) }}", "{{ joiner(',') }}",
    "{{ open('/etc/passwd') }}",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% from 'os' import path %}", "{% extends 'x' %}",
    "{% autoescape false %}{{ cliente.nombre }}{% endautoescape %}", "{% do lineas.clear() %}", "{% debug %}",
    "{% set cliente.nombre = 'x' %}", "{{ caller() }}", "{{ super() }}", "{{ environment }}", "{{ context }}",
])  # fmt: skip
def test_nothing_beyond_the_data_is_reached(body: str) -> None:
    problem(body)
    assert FACTS["cliente"]["nombre"] == "Ruiz <& Hijos>"
    assert len(FACTS["lineas"]) == 2


DOUBLED = "{% set ns = namespace(x='ab', y=[1], z=[1]) %}{% for i in range(200) %}"


@pytest.mark.parametrize("body", [
    "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "{% for a in range(10**9) %}{% endfor %}", "{{ range(10000000) | join }}", "{{ 'a' * 10000000000 }}",
    "{{ 9 ** 9 ** 9 }}", "{{ 999999999999999 * 999999999999999 * 999999999999999 }}", "{{ '%99999999d' % 1 }}",
    DOUBLED + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    DOUBLED + "{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
    DOUBLED + "{% set ns.x = [ns.x, ns.x] | join %}{% endfor %}{{ ns.x }}",
    DOUBLED + "{% set ns.x = ns.x | replace('a', ns.x) %}{% endfor %}{{ ns.x }}",
    DOUBLED + "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}{{ ns.x }}",
    DOUBLED + "{% set ns.y = [ns.y, ns.y] %}{% set ns.z = (ns.z, ns.z) %}{% endfor %}{{ ns.y == ns.z }}",
    DOUBLED + "{% set ns.y = {'a': ns.y, 'b': ns.y} %}{% endfor %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% for a in lineas recursive %}{{ loop(lineas) }}{{ loop(lineas) }}{% endfor %}",
    "{% set t = 'x' * 3 %}", "{{ " + "(" * 5000, "{{ " + "[" * 5000, "{{ " + "1 + " * 20_000 + "1 }}",
    "{{ " + "not " * 20_000 + "1 }}", "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
    "{% for a in lineas %}" * 40 + "{% endfor %}" * 40, "{{ " + "9" * 9000 + " }}",
    "{% for a in range(9999) %}{{ range(9999) | sort | join }}{% endfor %}",
])  # fmt: skip
def test_what_would_never_end_ends_soon(body: str) -> None:
    began = thread_time()
    problem(body)
    assert thread_time() - began < budget.MAX_SECONDS + 5


PIECES = st.sampled_from([
    "{{", "}}", "{%", "%}", "{#", "#}", " cliente.nombre ", " lineas ", "for l in lineas", "endfor", "if", "else",
    "endif", "|", "join", "(", ")", "[", "]", "'", '"', ".", "~", "+", "**", " range ", "(9)", "set x = ", "macro f()",
    "endmacro", "f()", "loop", "__class__", "\n", "raw", "endraw", "block a", "endblock", "<td>", "not", " in ", "is",
    "namespace", "call f()", "endcall", "filter upper", "endfilter", "ñ", "\x00", "\ud800", "-", ":", ",", "{", "}",
    "0x", "1e9", "9", "with", "endwith", "recursive", "nl2br", "groupby", "('x')", "sort", "1e400",
    "[:3]", "[::0]", "1.5", "*lineas", "**cliente", "self", "varargs", "caller()", "%", "/", "<",
])  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)))
def test_junk_is_a_problem_or_a_text(body: str) -> None:
    made: str | TemplateProblem
    try:
        made = fill(body, FACTS)
    except TemplateProblem as found:
        made = found
    if isinstance(made, TemplateProblem):
        assert made.text
        assert 0 <= made.line <= len(body.splitlines()) + 1


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_values_come_out_as_they_are_but_harmless(value: str) -> None:
    from html import unescape

    made = fill("{{ v }}", {"v": value})
    assert unescape(made) == unescape(value) or unescape(made) == value
    assert not set("<>\"'") & set(made)
