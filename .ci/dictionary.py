"""Write docs/data-dictionary.md from the declarations of db/models; `--check` only says whether it is up to date."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from db.contents import Content, ContentPiece  # noqa: E402  only found once the root is on the path
from db.counters import Counter  # noqa: E402
from db.fields import KINDS, Field  # noqa: E402
from db.filed import COUNTERS  # noqa: E402
from db.history import Change, Operation  # noqa: E402
from db.notification import Notification  # noqa: E402
from db.record import Base, Record  # noqa: E402
from db.registry import MENUS, children, module, modules  # noqa: E402
from oficrm import settings  # noqa: E402

PATH = ROOT / "docs" / "data-dictionary.md"
HEAD = """# Diccionario de datos

Lo escribe `make dictionary` a partir de las declaraciones de `db/models`; no se edita a mano.

- **Nombre** es el del campo en el programa; entre paréntesis, el de su columna cuando es otro.
- **Obligatorio**: sin él no se guarda. **Único**: no puede repetirse entre los registros que no están en la papelera.
- Un enlace dice qué pasa con el registro cuando se borra aquel al que apunta: *lo impide*, *se borra con él* o *lo
  conserva* (se sigue leyendo su nombre).
- Los campos calculados no se guardan: los resuelve la consulta. Además de los que se citan, todo módulo del menú
  cuenta sus archivos: `files_total`, `files_pending`, `files_valid` y `files_rejected` (total = pendientes + válidos +
  rechazados).
"""

# kind -> (name, what it is and how it is stored)
KIND_WORDS = {
    "text": ("texto", "Una línea. `VARCHAR`"),
    "long_text": ("texto largo", "Varias líneas. `TEXT`"),
    "email": ("correo", "Dirección de correo, en minúsculas. `VARCHAR(254)`"),
    "phone": ("teléfono", "En forma internacional: `+34961234567`. `VARCHAR(40)`"),
    "url": ("web", "Dirección web. `VARCHAR(300)`"),
    "tax_id": ("identificación fiscal", "NIF, CIF, NIE, RFC… comprobada según el país. `VARCHAR(30)`"),
    "postal_code": ("código postal", "Texto, por sus ceros a la izquierda. `VARCHAR(12)`"),
    "country": ("país", "Código ISO 3166 de dos letras. `VARCHAR(2)`"),
    "currency": ("moneda", "Código ISO 4217 de tres letras. `VARCHAR(3)`"),
    "choice": ("opción", "Uno de los valores de una lista cerrada; se guarda su clave. `VARCHAR(40)`"),
    "options": ("lista de valores", "Uno de los valores que definió el usuario. Texto"),
    "link": ("enlace", "Número (`id`) de un registro de otra tabla. `INTEGER`"),
    "either": ("enlace a una de varias", "Se reparte en una columna de enlace por tabla, de las que se llena una"),
    "children": ("líneas", "Los registros de una tabla de líneas, como texto separado por comas. Calculado"),
    "day": ("fecha", "Día civil, sin hora ni zona. `DATE`"),
    "clock": ("hora", "Hora local, al minuto. `TIME`"),
    "instant": ("instante", "Momento exacto, en UTC. `TIMESTAMP`"),
    "minutes": ("duración", "Minutos enteros. `INTEGER`"),
    "integer": ("entero", "Número sin decimales. `INTEGER`"),
    "file_size": ("tamaño", "En bytes; se muestra en kB o MB (potencias de 1.000). `BIGINT`"),
    "quantity": ("número", "Entero de la última cifra decimal: con 4 decimales, 1,5 es 15000. `BIGINT`"),
    "percent": ("porcentaje", "Con dos decimales: 21 % es 2100. `BIGINT`"),
    "money": ("importe", "Entero de diezmilésimas: 10,05 es 100500. `BIGINT`"),
    "yes_no": ("sí o no", "Nunca vacío. `BOOLEAN`"),
    "image": ("imagen", "PNG o JPG, de 5 MB como máximo. `BLOB`"),
}
ON_DELETE = {"restrict": "lo impide", "cascade": "se borra con él", "keep": "lo conserva"}
DEFAULTS = {
    "@number": "siguiente de su serie",
    "@today": "hoy",
    "@today+15": "hoy + días de validez de Parámetros (15)",
    "@today+30": "hoy + 30 días",
    "@country": "país de la empresa",
    "@currency": "moneda de la empresa",
    "@salesperson": "vendedor del usuario",
    "@contact_type": "el primero con icono de teléfono",
    "@tax_rate": "IVA habitual",
    "@today+365": "hoy + 365 días",
    "@now": "ahora",
    "@user": "usuario del puesto",
    "@warehouse": "almacén predeterminado",
    "@quote_terms": "términos de Parámetros",
}
COMMON = {
    "id": "Número interno del registro",
    "version": "Sube con cada cambio; con ella se descubre que dos personas cambiaron lo mismo",
    "title": "Lo que nombra al registro en enlaces y listas",
    "sort_key": "`title` preparado para el orden del español (ñ tras n, sin acentos)",
    "search_text": "Los textos en los que se busca, sin acentos ni mayúsculas",
    "extra": "Valores de los campos parametrizables, por clave `x_` y su `id`",
    "created_at": "Fecha de creación",
    "created_by": "Creado por",
    "modified_at": "Fecha de modificación",
    "modified_by": "Modificado por",
    "capture_source": "Origen de captura: Manual, Ejemplo…",
    "deleted_at": "Cuándo pasó a la papelera; vacío mientras no está en ella",
}
PLAIN_TABLES: dict[type[Base], tuple[str, dict[str, str]]] = {
    Operation: (
        "Cada cosa que hizo una persona. Solo se añade: ni se cambia ni se borra.",
        {
            "id": "Número de la operación",
            "at": "Cuándo, en UTC",
            "user_name": "Quién",
            "label": "Qué, en palabras: «Cambiar fecha de 37 contactos»",
            "kind": "`write` cambio, `undo` deshacer, `redo` rehacer, `start` primer inicio, `daily` lo que hace solo",
            "undoes_id": "La operación que esta deshace o rehace",
        },
    ),
    Change: (
        "Cada dato que cambió una operación. Un alta o un borrado guarda el registro entero.",
        {
            "id": "Número del cambio",
            "operation_id": "Operación a la que pertenece",
            "table_name": "Tabla del registro",
            "record_id": "`id` del registro",
            "action": "`insert` alta, `update` modificación, `delete` borrado, `restore` recuperación",
            "field": "Columna que cambió; vacía cuando es el registro entero",
            "old_value": "Valor anterior, en JSON",
            "new_value": "Valor nuevo, en JSON",
        },
    ),
    Counter: (
        "El último número dado en cada serie (`CLI`, `COT`, `OPO`…).",
        {"series": "Prefijo de la serie", "value": "Último número dado"},
    ),
    Notification: (
        "Los avisos de la campana. Se muestran mientras vive el registro del que tratan.",
        {
            "id": "Número del aviso",
            "user_id": "A qué usuario",
            "text": "Qué se le dice",
            "record": "Clave del registro: `support_case:5`",
            "occasion": "Con qué motivo, para no decir dos veces lo mismo; vacío cuando puede repetirse",
            "at": "Cuándo, en UTC",
            "read_at": "Cuándo lo leyó",
        },
    ),
    Content: (
        "Lo que contienen los archivos y los correos, una sola vez cada contenido. No cambia ni se borra.",
        {
            "sha256": "Huella SHA-256 del contenido, en hexadecimal",
            "size": "Bytes",
            "words": "Las palabras que hay dentro, una vez cada una, sin acentos; vacío mientras no se mire",
            "words_problem": "Por qué no se pudo leer por dentro",
        },
    ),
    ContentPiece: (
        "Los trozos de un contenido, de 256 kB menos el último.",
        {"sha256": "A qué contenido pertenece", "position": "Su lugar, desde 0", "data": "Los bytes"},
    ),
}


SERIES_OF_SETTINGS = {
    "client": "serie según el Estado, con los prefijos de Parámetros",
    "quote": "serie con el prefijo de Parámetros",
}
# Columns without a label, since no form shows them
BARE = {
    ("saved_view", "value"): "Criterios, orden y columnas de la lista",
    ("setting", "value"): "El valor, del tipo que diga su clave",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table and an empty one after it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def number(value: Any) -> str:
    """A declared bound or default as Spaniards write it."""
    return f"{Decimal(value):,f}".translate(str.maketrans(",.", ".,"))


def default(field: Field) -> str:
    """The value a new record starts with, in words."""
    value = field.default
    if field.is_computed:
        return ""
    if field.kind == "yes_no":
        return "sí" if value else "no"
    if isinstance(value, str) and value.startswith("@"):
        return DEFAULTS[value]
    if field.choices is not None and value is not None:
        return field.choices(value).label
    return "" if value is None else number(value) if isinstance(value, int | Decimal) else f"`{value}`"


def kind(field: Field) -> str:
    """The kind in words, with the length of texts and the target of links."""
    words = KIND_WORDS[field.kind][0]
    if field.kind in ("text", "long_text") and field.max_length:
        words += f" ({number(field.max_length)})"
    if field.kind == "quantity":
        words += f" ({field.decimals} decimales)"
    if field.names_any_record:
        return "enlace a cualquier módulo"
    if field.targets:
        words += " → " + " o ".join(f"[{module(name).module.plural}](#{name})" for name in field.targets)
    return f"{words}, calculado" if field.is_computed else words


def bounds(field: Field) -> str:
    """Least and greatest value in words."""
    least = "" if field.minimum is None else f"desde {number(field.minimum)}"
    most = "" if field.maximum is None else f"hasta {number(field.maximum)}"
    return " ".join(part for part in (least, most) if part)


def details(field: Field) -> str:
    """Everything else that is declared, as one cell."""
    notes: list[str] = []
    if field.kind == "link":
        notes.append(f"al borrar el enlazado: {ON_DELETE[field.on_delete]}")
    if field.names_any_record:
        notes.append("se guarda su clave: `client:5`")
    elif field.kind == "either":
        notes.append("columnas " + ", ".join(f"`{part}`" for part in field.parts))
    if field.via:
        notes.append(f"de las líneas `{field.via[0]}`")
    if field.within:
        notes.append(f"solo del mismo `{field.within}`")
    if field.choices is not None:
        notes.append(", ".join(f"`{option.value}` {option.label}" for option in field.choices))
    if limits := bounds(field):
        notes.append(limits)
    if field.repeatable:
        notes.append("pueden repetirse " + ", ".join(field.repeatable))
    if field.search:
        notes.append("se busca en él")
    if field.read_only and not field.is_computed and not field.via:
        notes.append("lo pone el programa")
    if field.help:
        notes.append(field.help.rstrip("."))
    return "; ".join(notes)


def row(field: Field, unique: bool = True) -> list[str]:
    """One field as a row."""
    name = f"`{field.name}`" + (f" (`{field.attr}`)" if field.attr not in ("", field.name) else "")
    cells = [field.label, name, kind(field), "sí" if field.required else ""]
    return [*cells, *(["sí" if field.unique else ""] if unique else []), default(field), details(field)]


def stored(model: type[Base]) -> Table:
    """The table behind a class."""
    found = model.__table__
    assert isinstance(found, Table)
    return found


def bare_rows(model: type[Record]) -> Iterator[list[str]]:
    """The columns of a module that carry no declaration. Raises KeyError for one that nobody described."""
    declared = {attr for field in model.fields.values() for attr in (field.attr, *field.parts)} | set(COMMON)
    for column in stored(model).columns:
        if column.name not in declared:
            yield ["", f"`{column.name}`", "JSON", "", "", "", BARE[model.module.table, column.name]]


def own_fields(model: type[Record]) -> list[Field]:
    """The fields of a module without those that every record has."""
    return [field for field in model.fields.values() if field.attr not in COMMON and field.name not in COUNTERS]


FIELD_HEAD = ("Etiqueta", "Nombre", "Tipo", "Oblig.", "Único", "Valor inicial", "Detalles")


def module_lines(model: type[Record], level: str) -> Iterator[str]:
    """Yield the section of a module and of its line tables."""
    facts = model.module
    yield f'{level} <a id="{facts.table}"></a>{facts.plural} (`{facts.table}`)'
    yield ""
    told = [f"serie `{facts.prefix}`"] if facts.prefix else []
    if facts.table in SERIES_OF_SETTINGS:
        told = [SERIES_OF_SETTINGS[facts.table]]
    if model.screens.tabs:
        told.append("relacionados: " + ", ".join(module(name).module.plural for name in model.screens.tabs))
    if facts.owner:
        told.append(f"líneas de [{module(facts.owner).module.plural}](#{facts.owner})")
    if told:
        sentence = "; ".join(told)
        yield f"{sentence[0].upper()}{sentence[1:]}."
        yield ""
    yield from table(FIELD_HEAD, [*(row(field) for field in own_fields(model)), *bare_rows(model)])
    for child in children(facts.table):
        yield from module_lines(child, f"{level}#")


def menu_lines() -> Iterator[str]:
    """Yield the modules group by group, as the program shows them."""
    heads = [model for model in modules() if not model.module.owner]
    unknown = {model.module.menu for model in heads} - {*MENUS, ""}
    assert not unknown, f"a menu the dictionary does not know: {unknown}"
    for menu in (*MENUS, ""):
        yield f"## {menu or 'Sin menú'}"
        yield ""
        mine = [model for model in heads if model.module.menu == menu]
        for model in sorted(mine, key=lambda each: each.module.position):
            yield from module_lines(model, "###")


def settings_lines() -> Iterator[str]:
    """Yield what Parámetros may hold."""
    yield "## Claves de Parámetros"
    yield ""
    yield "Cada una es un registro de `setting`; las que no están valen lo que dice «Valor inicial»."
    yield ""
    for group in settings.GROUPS:
        yield f"### {group.tab}: {group.title}"
        yield ""
        head = [name for name in FIELD_HEAD if name != "Único"]
        yield from table(head, (row(field, unique=False) for field in group.fields))


def plain_lines() -> Iterator[str]:
    """Yield the tables that are no modules: history and counters."""
    yield "## Histórico, numeración y contenido de los archivos"
    yield ""
    for model, (text, words) in PLAIN_TABLES.items():
        yield f"### `{stored(model).name}`"
        yield ""
        yield text
        yield ""
        yield from table(("Columna", "Oblig.", "Qué es"), column_rows(stored(model).columns, words))


def column_rows(columns: Iterable[Column[Any]], words: dict[str, str]) -> list[list[str]]:
    """Columns with what is said of each. Raises KeyError for one that nobody described."""
    return [[f"`{column.name}`", "" if column.nullable else "sí", words[column.name]] for column in columns]


def common_rows() -> list[list[str]]:
    """The columns that every module has, of whatever module."""
    tables = [stored(model) for model in modules()]
    shared = set.intersection(*(set(each.columns.keys()) for each in tables))
    return column_rows([column for column in tables[0].columns if column.name in shared], COMMON)


def render() -> str:
    """The whole dictionary."""
    assert set(KIND_WORDS) == KINDS, f"kinds to describe: {set(KIND_WORDS) ^ KINDS}"
    lines = [HEAD, "## Tipos de campo", ""]
    lines += table(("Tipo", "Clave", "Qué es y cómo se guarda"),
                   ([words, f"`{key}`", text] for key, (words, text) in KIND_WORDS.items()))  # fmt: skip
    lines += ["## Campos de todos los registros", ""]
    lines += table(("Columna", "Oblig.", "Qué es"), common_rows())
    lines += [*menu_lines(), *settings_lines(), *plain_lines()]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    text = render()
    if sys.argv[1:] == ["--check"]:
        if PATH.is_file() and PATH.read_text(encoding="utf-8") == text:
            print("data dictionary: up to date")
            return 0
        print("docs/data-dictionary.md is not what the declarations say now: run `make dictionary`", file=sys.stderr)
        return 1
    PATH.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
