"""The data of each module for paper: plain values, the same shape for records and for made-up ones."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.document_template import PrintedModule
from db.registry import module
from oficrm import records, saving, settings, start
from oficrm.errors import Refused, ValidationError
from oficrm.papers import making, templates
from oficrm.papers.filling import fill
from oficrm.papers.places import Place, places
from oficrm.papers.problem import TemplateProblem
from oficrm.papers.sources import SOURCES, gather
from oficrm.papers.values import Facts, name_of
from tests.support import paper_records
from tests.support.paper_records import put

TABLES = tuple(str(each) for each in PrintedModule)
PROMISED = {
    "quote": "documento.tipo documento.numero documento.asunto documento.fecha documento.valido_hasta documento.total "
             "cliente.nombre cliente.identificacion_fiscal persona.titulo vendedor.nombre linea.descripcion "
             "linea.cantidad linea.precio linea.dto linea.iva linea.importe impuesto.cuota suma.importe bloque.texto",
    "sales_order": "documento.numero documento.fecha_de_venta cliente.nombre linea.importe documento.total",
    "invoice": "documento.numero documento.vencimiento documento.saldo cliente.razon_social linea.importe",
    "credit_note": "documento.numero documento.motivo documento.por_aplicar cliente.nombre linea.importe",
    "purchase_order": "documento.numero documento.fecha_de_entrega proveedor.nombre linea.importe",
    "project": "proyecto.numero proyecto.nombre_del_proyecto proyecto.estado proyecto.avance cliente.nombre "
               "responsable.nombre tarea.tarea tarea.estado hito.hito hito.fecha participante.persona participante.rol",
    "support_case": "caso.numero caso.titulo caso.tipo_soporte "
                    "caso.prioridad caso.estado caso.descripcion caso.solucion cliente.nombre "
                    "persona.titulo poliza.numero caso.respuesta_limite comentario.comentario comentario.autor",
    "service_contract": "poliza.numero poliza.asunto poliza.unidades_usadas cliente.nombre caso.numero",
}  # fmt: skip
"""Names that templates of users rely on: a label that changes must not take them away."""


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    from db.engine import WRITES, open_engine

    engine = open_engine(sqlite_url).execution_options(**{WRITES: True})
    with Session(engine, expire_on_commit=False, info={"actor": Actor("ana")}) as made:
        start.begin(made, "ES", "Comercial «Levante», S.L.")
        yield made
    engine.dispose()


def shape(value: Any) -> Any:
    """Names all the way down; lists by their first entry, empty ones as such."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def alike(real: Any, made_up: Any) -> None:
    if isinstance(real, dict):
        assert real.keys() == made_up.keys()
        for name in real:
            alike(real[name], made_up[name])
    elif isinstance(real, list):
        assert isinstance(made_up, list)
        if real and made_up:
            alike(real[0], made_up[0])
    else:
        assert real == made_up


def only_plain(value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            assert name.isidentifier(), name
            only_plain(part)
    elif isinstance(value, list):
        for part in value:
            only_plain(part)
    else:
        assert type(value) in (str, bool, int)


def test_every_printed_module_has_its_data() -> None:
    assert set(SOURCES) == set(TABLES)
    for each in PrintedModule:
        assert each.label == module(each).module.plural


@pytest.mark.parametrize("table", TABLES)
def test_a_record_and_a_made_up_one_have_the_same_plain_data(session: Session, table: str) -> None:
    real = gather(session, table, paper_records.make(session, table))
    made_up = gather(session, table, None)
    only_plain(real)
    only_plain(made_up)
    alike(shape(real), shape(made_up))
    assert list(real) == list(made_up)


def all_inserts(found: list[Place]) -> Iterator[str]:
    for place in found:
        yield place.insert
        yield from all_inserts(place.inside)


@pytest.mark.parametrize("table", TABLES)
def test_the_promised_names_are_there(session: Session, table: str) -> None:
    inserts = " ".join(all_inserts(places(gather(session, table, None))))
    for name in PROMISED[table].split():
        assert f"{{{{ {name} }}}}" in inserts or f"{{{{ {name} | nl2br }}}}" in inserts, name


@pytest.mark.parametrize("table", TABLES)
def test_every_place_that_is_offered_can_be_filled_in(session: Session, table: str) -> None:
    facts = gather(session, table, None)

    def check(found: list[Place], opening: str, closing: str) -> None:
        for place in found:
            assert fill(opening + place.insert + closing, facts) is not None
            is_list = place.insert.startswith("{% for")
            first = place.insert.partition("\n")[0] if is_list else ""
            check(place.inside, opening + first, ("{% endfor %}" if is_list else "") + closing)

    check(places(facts), "", "")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("country", ["ES", "MX"])
def test_the_original_prints_every_module(session: Session, table: str, country: str) -> None:
    ident = paper_records.make(session, table)
    settings.save(session, {"country": country, "company_name": "Levante <& Hijos>"})
    for facts in (gather(session, table, ident), gather(session, table, None)):
        paper = making.compose(templates.original(table), templates.FOOT, facts, table, settings.read(session))
        assert "Levante &lt;&amp; Hijos&gt;" in paper.html
        assert paper.foot.startswith("Levante <& Hijos> · ")
        assert paper.file_name.endswith(".pdf")
        assert paper.is_letter == (country == "MX")


def test_internal_comments_stay_inside(session: Session) -> None:
    case = paper_records.make(session, "support_case")
    html = making.make(session, "support_case", case).html
    assert "Vamos el martes" in html
    assert "Cliente difícil" not in html
    assert [each["interno"] for each in gather(session, "support_case", case)["comentarios"]] == [False, True]


def test_own_fields_have_places_too(session: Session) -> None:
    put(session, "custom_field", module_table="client", name="Zona de reparto", kind="text")
    session.info.pop("custom_fields", None)
    client = put(session, "client", name="Ruiz", x_1="Norte")
    quote = put(session, "quote", subject="Oferta", client=client)
    assert gather(session, "quote", quote)["cliente"]["zona_de_reparto"] == "Norte"


def test_labels_become_names() -> None:
    assert name_of("Núm. ext. (envío)") == "num_ext_envio"
    assert name_of("Válido hasta") == "valido_hasta"


# --- which template is used


def template(session: Session, name: str = "Mía", body: str = "<p>{{ cliente.nombre }}</p>", **more: Any) -> int:
    return put(session, "document_template", **({"name": name, "printed": "quote", "body": body} | more))


def a_quote(session: Session) -> int:
    client = put(session, "client", name="Talleres Ruiz")
    return put(session, "quote", subject="Oferta", client=client)


def test_a_template_of_the_user_goes_before_the_original(session: Session) -> None:
    ident = a_quote(session)
    assert "Descripción" in making.make(session, "quote", ident).html
    own = template(session, foot="Pág. de {{ empresa.nombre }}")
    paper = making.make(session, "quote", ident)
    assert (paper.html, paper.foot) == ("<p>Talleres Ruiz</p>", "Pág. de Comercial «Levante», S.L.")
    assert [each.id for each in templates.offered(session, "quote")] == [own, templates.ORIGINAL]
    assert "Descripción" in making.make(session, "quote", ident, templates.ORIGINAL).html
    assert [each.id for each in templates.offered(session, "invoice")] == [templates.ORIGINAL]


def test_one_is_preferred_and_those_out_of_use_are_not_offered(session: Session) -> None:
    first = template(session, "Zeta", is_default=True)
    second = template(session, "Alfa")
    assert templates.offered(session, "quote")[0].id == first
    third = template(session, "Beta", is_default=True)
    offered = [each.id for each in templates.offered(session, "quote")]
    assert offered == [third, second, first, templates.ORIGINAL]
    assert not records.load(session, "document_template", first).draft.values["is_default"]
    draft = records.load(session, "document_template", third).draft
    draft.values["is_active"] = False
    saving.save(session, draft)
    assert third not in [each.id for each in templates.offered(session, "quote")]


def test_a_template_that_does_not_work_is_only_kept_out_of_use(session: Session) -> None:
    with pytest.raises(ValidationError) as caught:
        template(session, body="<p>\n{{ cliente.nombrre }}</p>", foot="{% if %}")
    assert set(caught.value.errors) == {"body", "foot"}
    assert caught.value.errors["body"][0].startswith("Línea 2: no existe «nombrre»")
    session.expunge_all()
    assert template(session, body="{{ cliente.nombrre }}", is_active=False)


def test_a_broken_template_is_refused_in_words(session: Session) -> None:
    ident = a_quote(session)
    broken = template(session, body="{{ lineas[0].importe }}")
    with pytest.raises(Refused, match="La plantilla no se puede usar"):
        making.make(session, "quote", ident, broken)
    with pytest.raises(Refused, match="ya no existe"):
        making.make(session, "quote", ident, 999)
    with pytest.raises(Refused, match="ya no existe"):
        making.make(session, "quote", 999)


def test_the_newest_record_is_the_sample(session: Session) -> None:
    assert making.sample(session, "quote").name == ""
    a_quote(session)
    newest = a_quote_with(session, "Otra oferta")
    found = making.sample(session, "quote")
    assert found.facts["documento"]["asunto"] == "Otra oferta"
    assert found.name == records.load(session, "quote", newest).title


def test_a_sample_is_short(session: Session) -> None:
    line = {"description": "Tornillo", "quantity": "1", "unit_price": "1", "tax_rate": "21"}
    client = paper_records.client(session)
    ident = put(session, "quote", {"quote_line": [line] * (making.SAMPLE_ROWS + 5)}, subject="Larga", client=client)
    assert len(making.sample(session, "quote").facts["lineas"]) == making.SAMPLE_ROWS
    assert making.make(session, "quote", ident).html.count("Tornillo") == making.SAMPLE_ROWS + 5


def a_quote_with(session: Session, subject: str) -> int:
    client = put(session, "client", name="Hotel Azahar")
    return put(session, "quote", subject=subject, client=client)


@pytest.mark.parametrize("body", ["<table>" * 30 + "x", "<table><tr><td colspan='900000'>x</td></tr></table>"])
def test_pages_that_would_not_be_laid_out_are_refused(session: Session, body: str) -> None:
    facts: Facts = gather(session, "quote", None)
    with pytest.raises(TemplateProblem):
        making.compose(body, "", facts, "quote", settings.read(session))


def test_an_invoice_names_who_it_is_made_out_to(session: Session) -> None:
    client = paper_records.client(session)
    ident = put(session, "invoice", client=client, legal_name="Ruiz Hermanos, S. A.", tax_id="A28015865")
    html = making.make(session, "invoice", ident).html
    assert "Ruiz Hermanos, S. A." in html
    assert "NIF A28015865" in html
    assert "B46644050" not in html


def test_a_client_abroad_has_its_country(session: Session) -> None:
    client = put(session, "client", name="Dupont", country="FR", city="Lyon", tax_id="FR40303265045")
    facts = gather(session, "quote", put(session, "quote", subject="Oferta", client=client))
    assert facts["cliente"]["datos"] == ["FR40303265045", "Lyon", "Francia"]
