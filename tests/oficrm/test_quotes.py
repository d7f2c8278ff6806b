"""Quotes: two precisions, states that follow each other, copies, and the document a firm sends."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.history import Actor
from db.models.quote import Quote, QuoteStatus
from oficrm import copies, pricing, records, saving, settings, start
from oficrm.drafts import LineDraft
from oficrm.errors import ValidationError
from oficrm.papers import making


def line(description: str, quantity: Any = 1, price: Any = 10, discount: Any = 0, tax: Any = 21) -> LineDraft:
    return LineDraft(None, {"description": description, "quantity": quantity, "unit_price": price,
                            "discount_percent": discount, "tax_rate": tax})  # fmt: skip


class Book:
    """One client, and quotes made for it, in one open session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.client = self.save("client", name="Talleres <Ruiz> & Hijos", street="C/ Mayor 1", postal_code="46001",
                                city="Valencia", tax_id="B46644050")  # fmt: skip

    def save(self, table: str, ident: int | None = None, lines: list[LineDraft] | None = None, **values: Any) -> int:
        draft = (records.load(self.session, table, ident) if ident else records.blank(self.session, table)).draft
        draft.values |= values
        if lines is not None:
            draft.lines["quote_line"] = lines
        return saving.save(self.session, draft).id

    def quote(self, *lines: LineDraft, **values: Any) -> int:
        return self.save("quote", None, list(lines), **({"subject": "Oferta", "client": self.client} | values))

    def refused(self, ident: int, **values: Any) -> dict[str, list[str]]:
        with pytest.raises(ValidationError) as caught:
            self.save("quote", ident, **values)
        self.session.expire_all()  # a job that fails throws its session away
        return caught.value.errors

    def get(self, ident: int) -> Quote:
        return self.session.get_one(Quote, ident)


@pytest.fixture
def book(engine_url: str) -> Iterator[Book]:
    from db.engine import WRITES, open_engine

    engine = open_engine(engine_url).execution_options(**{WRITES: True})
    with Session(engine, expire_on_commit=False, info={"actor": Actor("ana")}) as session:
        start.begin(session, "ES", "Comercial «Levante», S.L.")
        yield Book(session)
    engine.dispose()


def test_the_total_is_rounded_once_whatever_the_calculation(book: Book) -> None:
    settings.save(book.session, {"calc_decimals": 4, "quote_decimals": 2})
    ident = book.quote(*(line(str(n), 1, "0,3333") for n in range(3)))
    quote = book.get(ident)
    assert (quote.subtotal, quote.tax_total, quote.total) == (Decimal("0.9999"), Decimal("0.21"), Decimal("1.21"))
    settings.save(book.session, {"calc_decimals": 2, "quote_decimals": 0})
    other = book.get(book.quote(*(line(str(n), 1, "10,555", "10") for n in range(3))))
    assert other.subtotal == Decimal("28.50")
    assert other.total == Decimal(35)  # 28.50 and 6.00 of tax


def test_changed_lines_change_the_totals(book: Book) -> None:
    ident = book.quote(line("Uno", 2, 50), line("Dos", 1, 100))
    draft = records.load(book.session, "quote", ident).draft
    lines = draft.lines["quote_line"]
    lines[0].values["quantity"] = Decimal(3)
    book.save("quote", ident, lines=lines[:1])
    quote = book.get(ident)
    assert (quote.subtotal, quote.total) == (Decimal(150), Decimal("181.5"))


@pytest.mark.parametrize(("quantity", "discount", "field"), [
    ("0", "0", "quantity"), ("-1", "0", "quantity"), ("mil", "0", "quantity"), ("1", "101", "discount_percent"),
    ("1", "-1", "discount_percent"),
])  # fmt: skip
def test_absurd_lines_are_refused_in_their_cell(book: Book, quantity: str, discount: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        book.quote(line("Bien"), line("Mal", quantity, 10, discount))
    assert set(caught.value.errors) == {f"quote_line.1.{field}"}


def test_amounts_beyond_all_measure_are_refused(book: Book) -> None:
    with pytest.raises(ValidationError) as caught:
        book.quote(line("Mucho", 10**12, 10**12))
    assert set(caught.value.errors) == {"quote_line.0.unit_price"}


def test_a_total_beyond_all_measure_is_refused(book: Book) -> None:
    with pytest.raises(ValidationError) as caught:
        book.quote(line("Mucho", 1, 6 * 10**11), line("Otro tanto", 1, 6 * 10**11))
    assert set(caught.value.errors) == {""}


def test_unfinished_and_impossible_lines_count_as_nothing(book: Book) -> None:
    values = settings.read(book.session)
    lines: list[dict[str, Any]] = [
        {"quantity": Decimal(2), "unit_price": Decimal(10), "tax_rate": Decimal(21)}, {"quantity": "dos"},
        {"quantity": Decimal(1), "unit_price": Decimal(9), "discount_percent": Decimal(150)},
    ]  # fmt: skip
    assert pricing.totals(lines, values).total == Decimal("24.20")
    assert pricing.line_total(lines[2], values) is None


def test_states_follow_each_other(book: Book) -> None:
    ident = book.quote(line("Uno"))
    assert QuoteStatus.SENT.label in book.refused(ident, status=QuoteStatus.ACCEPTED)["status"][0]
    book.save("quote", ident, status=QuoteStatus.SENT)
    book.save("quote", ident, status=QuoteStatus.ACCEPTED)
    assert "duplíquelo" in book.refused(ident, status=QuoteStatus.DRAFT)["status"][0]


def test_what_was_accepted_stays_as_it_was(book: Book) -> None:
    ident = book.quote(line("Sierra", 2), status="draft")
    for status in ("sent", "accepted"):
        book.save("quote", ident, status=status)
    present = records.load(book.session, "quote", ident).draft.lines["quote_line"]
    dearer = LineDraft(present[0].id, present[0].values | {"unit_price": 99})
    changes: tuple[dict[str, Any], ...] = (
        {"subject": "Otra"},
        {"valid_until": "+90d"},
        {"lines": [dearer]},
        {"lines": [*present, line("Más")]},
        {"lines": []},
    )
    for change in changes:
        assert list(book.refused(ident, **change)) == [""], change
    assert book.get(ident).total == Decimal("24.20")
    book.save("quote", ident, notes="Firmado el lunes", lines=present)
    assert book.get(ident).notes == "Firmado el lunes"


def test_validity_ends_after_the_quote_begins(book: Book) -> None:
    with pytest.raises(ValidationError) as caught:
        book.quote(line("Uno"), date=dt.date(2026, 5, 2), valid_until=dt.date(2026, 5, 1))
    assert set(caught.value.errors) == {"valid_until"}


def test_a_copy_starts_afresh(book: Book) -> None:
    ident = book.quote(line("Uno", 2, 50), line("Dos"), date=dt.date(2020, 1, 1), valid_until=dt.date(2020, 2, 1))
    book.save("quote", ident, status=QuoteStatus.SENT)
    loaded = copies.duplicate(book.session, "quote", ident)
    copy = saving.save(book.session, loaded.draft).id
    made, source = book.get(copy), book.get(ident)
    assert (made.status, made.duplicated_from_id, made.copy_number) == (QuoteStatus.DRAFT, ident, 2)
    assert made.number != source.number
    assert made.date > dt.date(2025, 1, 1)
    assert made.total == source.total
    lines = records.load(book.session, "quote", copy).draft.lines["quote_line"]
    assert [each.values["description"] for each in lines] == ["Uno", "Dos"]


def test_an_item_brings_what_a_line_takes_from_it(book: Book) -> None:
    product = book.save("product", name="Taladro", sku="T-1", sale_price="199,50", tax_rate="21",
                        sales_description="Taladro percutor 1100 W")  # fmt: skip
    brought = pricing.item_defaults(book.session, f"product:{product}", {})
    assert brought == {"description": "Taladro percutor 1100 W", "unit_price": Decimal("199.5"),
                       "tax_rate": Decimal(21)}  # fmt: skip


def test_the_document_escapes_all_it_shows(book: Book) -> None:
    terms = "Pago a 30 días\n<script>alert(1)</script> $total"
    sold = line("Cosa <b>buena</b> & $price", "2,5", "10,0555", "5")
    ident = book.quote(sold, subject='Oferta "de" otoño', terms=terms)
    paper = making.make(book.session, "quote", ident)
    assert "<script>" not in paper.html
    assert "Pago a 30 días<br/>&lt;script&gt;alert(1)&lt;/script&gt; $total" in paper.html
    assert "Cosa &lt;b&gt;buena&lt;/b&gt; &amp; $price" in paper.html
    assert "Talleres &lt;Ruiz&gt; &amp; Hijos" in paper.html
    for text in ("10,0555 €", "2,5", "5 %", "Base imponible", "IVA 21 % sobre", "46001 Valencia"):
        assert text in paper.html.replace("\xa0", " "), text
    assert paper.file_name == f"{book.get(ident).number} Talleres Ruiz & Hijos.pdf"
    assert not paper.is_letter


def test_the_document_has_no_discount_column_without_discounts(book: Book) -> None:
    assert "Dto." not in making.make(book.session, "quote", book.quote(line("Uno"))).html


def test_the_document_of_mexico(book: Book) -> None:
    settings.save(book.session, {"country": "MX", "currency": "MXN"})
    paper = making.make(book.session, "quote", book.quote(line("Uno", 1, 1240, 0, 16), currency="MXN"))
    assert "COTIZACIÓN" in paper.html
    assert "$1,438.40" in paper.html
    assert paper.is_letter
