"""A quote as the document a firm sends: an HTML page filled from the template in ``resources/templates``.

Every value is escaped; the screen layer only puts it on paper.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import Any

from sqlalchemy.orm import Session

from db.models.client import Client
from db.models.person import Person
from db.models.quote import Quote, QuoteLine
from db.models.salesperson import Salesperson
from oficrm import quotes, records, settings
from oficrm.rules import countries, identity, numbers
from oficrm.rules import money as money_rules

TEMPLATE = Path(__file__).resolve().parents[1] / "resources" / "templates" / "quote.html"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_NAME_LENGTH = 120
_LETTER_COUNTRIES = frozenset({"MX", "US", "CA", "CL", "CO", "GT", "PA", "PR", "SV", "VE"})


@dataclass(frozen=True, slots=True)
class QuotePaper:
    """A quote ready for paper: page, foot, and the name and folder a PDF is proposed with."""

    html: str
    title: str
    foot: str
    file_name: str
    folder: str
    is_letter: bool


def quote_paper(session: Session, ident: int) -> QuotePaper:
    """Return the document of a quote. Raises Refused when the quote does not exist."""
    quote = records.get(session, Quote, ident)
    assert isinstance(quote, Quote)
    values = settings.read(session)
    client = session.get_one(Client, quote.client_id)
    person = session.get(Person, quote.person_id) if quote.person_id else None
    seller = session.get(Salesperson, quote.salesperson_id) if quote.salesperson_id else None
    lines = [line for line in records.lines_of(session, QuoteLine, ident) if isinstance(line, QuoteLine)]
    page = _Page(values, quote.currency or values.currency)
    text = page.fill(quote, client, person, seller, lines)
    company = values["company_name"] or ""
    foot = " · ".join(part for part in (company, values["company_tax_id"], quote.number) if part)
    name = " ".join(_UNSAFE.sub(" ", f"{quote.number} {client.name}").split())[:_NAME_LENGTH].strip(" .")
    return QuotePaper(
        text,
        f"{quote.number} {quote.subject}",
        foot,
        f"{name}.pdf",
        values["reports_folder"] or "",
        values.country in _LETTER_COUNTRIES,
    )


class _Page:
    """Fills the template for one company and currency."""

    def __init__(self, values: settings.Settings, currency: str) -> None:
        self._values, self._currency = values, currency
        self._country = values.country
        self._tax_name = "IVA"

    def fill(
        self, quote: Quote, client: Client, person: Person | None, seller: Salesperson | None, lines: list[QuoteLine]
    ) -> str:
        """Return the HTML of the quote."""
        sums = quotes.totals([_numbers(line) for line in lines], self._values)
        discounted = any(line.discount_percent for line in lines)
        rows: dict[str, Iterable[Mapping[str, str]]] = {
            "company_line": [{"text": _escape(text)} for text in self._company()],
            "date_line": [{"label": "Fecha", "text": f"{quote.date:%d/%m/%Y}"},
                          {"label": "Válido hasta", "text": f"{quote.valid_until:%d/%m/%Y}"}],
            "client_line": [{"text": _escape(text)} for text in self._client(client, person)],
            "discount_head": [{}] if discounted else [],
            "line": [self._line(line, discounted) for line in lines],
            "sum": self._sums(sums),
            "block": self._blocks(quote, seller),
        }  # fmt: skip
        plain = {
            "company": _escape(self._values["company_name"] or "Nuestra empresa"), "kind": self._kind(),
            "number": _escape(quote.number), "client": _escape(client.legal_name or client.name),
            "subject": _escape(quote.subject), "tax_name": self._tax_name,
            "description_width": "46%" if discounted else "52%",
            "total": _escape(self._money(sums.total, self._values["quote_decimals"])),
        }  # fmt: skip
        return fill_template(TEMPLATE.read_text(encoding="utf-8"), plain, rows)

    def _kind(self) -> str:
        return "COTIZACIÓN" if self._country == "MX" else "PRESUPUESTO"

    def _tax_label(self) -> str:
        return "RFC" if self._country == "MX" else "NIF"

    def _money(self, value: Decimal, decimals: int = 2) -> str:
        return money_rules.format_amount(value, self._currency, decimals)

    def _company(self) -> list[str]:
        known = self._values
        place = " ".join(part for part in (known["company_postal_code"], known["company_city"]) if part)
        province = known["company_province"]
        if province and province != known["company_city"]:
            place = f"{place} ({province})" if place else province
        phone = identity.format_phone(known["company_phone"], self._country) if known["company_phone"] else ""
        tax = f"{self._tax_label()} {known['company_tax_id']}" if known["company_tax_id"] else ""
        reach = " · ".join(part for part in (phone, known["company_email"], known["company_website"]) if part)
        return [part for part in (tax, known["company_street"], place, reach) if part]

    def _client(self, client: Client, person: Person | None) -> list[str]:
        place = " ".join(part for part in (client.postal_code, client.city) if part)
        if client.province and client.province != client.city:
            place = f"{place} ({client.province})" if place else client.province
        abroad = client.country and client.country != self._country
        tax = f"{self._tax_label()} {client.tax_id}" if client.tax_id and not abroad else client.tax_id
        attention = f"A la atención de {person.title}" if person else ""
        return [part for part in (tax, client.street, place, countries.country_name(client.country)
                if abroad and client.country else "", attention) if part]  # fmt: skip

    def _line(self, line: QuoteLine, discounted: bool) -> dict[str, str]:
        amount = quotes.line_total(_numbers(line), self._values) or Decimal(0)
        discount = numbers.format_percent(line.discount_percent, self._country) if line.discount_percent else ""
        return {
            "description": _escape(line.description), "quantity": numbers.format_decimal(line.quantity, self._country),
            "price": _escape(self._money(line.unit_price, _decimals(line.unit_price))),
            "discount": f'<td class="line" align="right">{discount}</td>' if discounted else "",
            "tax": numbers.format_percent(line.tax_rate, self._country), "amount": _escape(self._money(amount)),
        }  # fmt: skip

    def _sums(self, sums: money_rules.Totals) -> list[dict[str, str]]:
        rows = [("Importe sin descuento", sums.gross), ("Descuento", -sums.discount)] if sums.discount else []
        rows.append(("Base imponible", sums.base))
        for group in sums.taxes:
            rate = numbers.format_percent(group.rate or Decimal(0), self._country)
            rows.append((f"{self._tax_name} {rate} sobre {self._money(group.base)}", group.tax))
        return [{"label": _escape(label), "amount": _escape(self._money(value))} for label, value in rows]

    def _blocks(self, quote: Quote, seller: Salesperson | None) -> list[dict[str, str]]:
        blocks = [("TÉRMINOS Y CONDICIONES", quote.terms)]
        if seller is not None:
            phone = identity.format_phone(seller.phone, self._country) if seller.phone else ""
            blocks.append(("LE ATIENDE", " · ".join(part for part in (seller.name, phone, seller.email) if part)))
        return [{"title": title, "text": _escape(text).replace("\n", "<br/>")} for title, text in blocks if text]


def _numbers(line: QuoteLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("quantity", "unit_price", "discount_percent", "tax_rate")}


def _decimals(price: Decimal) -> int:
    """Prices show their cents, and up to four decimals where they have them."""
    exponent = price.normalize().as_tuple().exponent
    return max(2, min(4, -exponent)) if isinstance(exponent, int) else 2


def _escape(text: str) -> str:
    return html.escape(text, quote=True)


def fill_template(text: str, plain: Mapping[str, str], rows: Mapping[str, Iterable[Mapping[str, str]]]) -> str:
    """Fill ``$name`` places, and repeat what stands between ``<!--name-->`` and ``<!--/name-->`` for each row.

    Values are put in as they are: escape them first. Raises KeyError for a place without value.
    """
    for name, values in rows.items():
        opening, closing = f"<!--{name}-->", f"<!--/{name}-->"
        before, _, rest = text.partition(opening)
        part, _, after = rest.partition(closing)
        repeated = "".join(Template(part).substitute(each) for each in values)
        text = before + repeated.replace("$", "$$") + after
    return Template(text).substitute(plain)
