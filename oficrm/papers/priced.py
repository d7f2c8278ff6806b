"""What documents with priced lines put on paper besides their fields: lines, taxes, sums, closing texts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from db.models.priced import PricedLine
from db.registry import module
from oficrm import pricing, records
from oficrm.papers import values
from oficrm.papers.values import Facts, Look
from oficrm.rules import money as money_rules
from oficrm.rules import numbers

NAMES = {"quote": "PRESUPUESTO", "sales_order": "PEDIDO", "invoice": "FACTURA", "credit_note": "NOTA DE CRÉDITO",
         "purchase_order": "ORDEN DE COMPRA"}  # fmt: skip
DATES = {
    "quote": ("date", "valid_until"), "sales_order": ("sale_date",), "invoice": ("date", "due_date"),
    "credit_note": ("date",), "purchase_order": ("date", "delivery_date"),
}  # fmt: skip
"""The dates in the head of the page, under the labels of their fields."""
CLOSING = {
    "quote": ("terms",),
    "sales_order": ("client_order_number", "shipping_address"),
    "invoice": ("cfdi_use", "payment_method", "payment_form", "fiscal_uuid"),
    "credit_note": ("invoice", "reason", "fiscal_uuid"),
    "purchase_order": ("warehouse", "notes"),
}
"""The fields printed under the lines, where they hold something."""
NUMBERS = ("quantity", "unit_price", "discount_percent", "tax_rate")
DRAFT = "BORRADOR"
_EXAMPLES = (("2", "120.50", "0", "21"), ("1", "1480", "10", "21"), ("12.5", "8.2550", "0", "10"))


def finish(look: Look, facts: Facts, table: str, ident: int | None) -> None:
    """Add ``lineas``, ``impuestos``, ``sumas``, ``fechas`` and ``bloques``, and to the document what is worked out."""
    child = module(module(table).screens.lines[0])
    made: Sequence[Any] = [_example_line(child, *each) for each in _EXAMPLES] if ident is None else (
        records.lines_of(look.session, child, ident)
    )  # fmt: skip
    document = facts["documento"]
    discount = None if ident is None else records.get(look.session, module(table), ident).discount_percent  # type: ignore[attr-defined]
    sums = pricing.totals([_numbers(line) for line in made], look.values, discount)
    facts["lineas"] = _lines(look, child.module.table, made, ident is None)
    facts["impuestos"] = [
        {"tipo": _rate(look, group.rate), "base": _money(look, group.base), "cuota": _money(look, group.tax)}
        for group in sums.taxes
    ]
    facts["sumas"] = _sums(look, sums)
    facts["destinatario"] = _billed_to(look, document, facts["destinatario"])
    facts["fechas"] = _labelled(look, table, document, DATES[table])
    facts["bloques"] = _closing(look, table, facts)
    document |= {
        "asunto": document.get("asunto", document["titulo"] if table == "purchase_order" else ""),
        "para": "PROVEEDOR" if "proveedor" in facts else "CLIENTE",
        "tipo": "COTIZACIÓN" if table == "quote" and look.country == "MX" else NAMES[table],
        "numero": document.get("numero") or document.get("serie_y_folio") or DRAFT,
        "total": _money(look, sums.total, look.values["quote_decimals"]),
        "con_descuentos": any(line.discount_percent for line in made),
    }


def _billed_to(look: Look, document: Facts, party: Facts) -> Facts:
    """Who receives it, under the name and tax id that the document itself states, where it does."""
    own = {name: document[name] for name in ("razon_social", "identificacion_fiscal") if document.get(name)}
    return party | own | {"datos": values.party_lines(look, party | own)}


def _example_line(child: Any, quantity: str, price: str, discount: str, tax: str) -> Any:
    made = dict(zip(NUMBERS, map(Decimal, (quantity, price, discount, tax)), strict=True))
    return child(description="Producto o servicio de ejemplo", **made)


def _numbers(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in NUMBERS}


def _lines(look: Look, table: str, made: Sequence[Any], is_example: bool) -> list[Facts]:
    if is_example:
        plain = [values.example(look, table, number) for number in range(1, len(made) + 1)]
    else:
        plain = values.records(look, table, [line.id for line in made])
    return [facts | _line(look, line) for facts, line in zip(plain, made, strict=True)]


def _line(look: Look, line: PricedLine) -> Facts:
    amount = pricing.line_total(_numbers(line), look.values) or Decimal(0)
    discount = numbers.format_percent(line.discount_percent, look.country) if line.discount_percent else ""
    return {
        "titulo": line.description, "descripcion": line.description,
        "cantidad": numbers.format_decimal(line.quantity, look.country),
        "precio": _money(look, line.unit_price, _decimals(line.unit_price)), "dto": discount,
        "iva": _rate(look, line.tax_rate), "importe": _money(look, amount),
    }  # fmt: skip


def _rate(look: Look, rate: Decimal | None) -> str:
    return "Exento" if rate is None else numbers.format_percent(rate, look.country)


def _sums(look: Look, sums: money_rules.Totals) -> list[Facts]:
    rows = [("Importe sin descuento", sums.gross), ("Descuento", -sums.discount)] if sums.discount else []
    if sums.global_discount:
        rows.append(("Descuento global", -sums.global_discount))
    rows.append(("Base imponible", sums.base))
    for group in sums.taxes:
        words = f"IVA {_rate(look, group.rate)}" if group.rate is not None else "Exento de IVA"
        rows.append((f"{words} sobre {_money(look, group.base)}", group.tax))
    return [{"concepto": words, "importe": _money(look, value)} for words, value in rows]


def _labelled(look: Look, table: str, document: Facts, names: Sequence[str]) -> list[Facts]:
    """Fields of the document with their labels, those left out that hold nothing."""
    labels = [module(table).fields[name].label for name in names]
    found = [{"nombre": label, "valor": document[values.name_of(label)]} for label in labels]
    return [each for each in found if each["valor"]]


def _closing(look: Look, table: str, facts: Facts) -> list[Facts]:
    found = _labelled(look, table, facts["documento"], CLOSING[table])
    blocks = [{"titulo": each["nombre"].upper(), "texto": each["valor"]} for each in found]
    seller = facts.get("vendedor")
    if seller and seller["titulo"]:
        text = " · ".join(filter(None, (seller["titulo"], seller["telefono"], seller["correo_electronico"])))
        blocks.append({"titulo": "LE ATIENDE", "texto": text})
    return blocks


def _money(look: Look, value: Decimal, decimals: int = 2) -> str:
    return money_rules.format_amount(value, look.currency, decimals, look.country)


def _decimals(price: Decimal) -> int:
    """Prices show their cents, and up to four decimals where they have them."""
    exponent = price.normalize().as_tuple().exponent
    return max(2, min(4, -exponent)) if isinstance(exponent, int) else 2
