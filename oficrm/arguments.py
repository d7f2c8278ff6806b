"""The command line, in Spanish."""

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from oficrm import __version__

DEMO_ROWS = 2000
MOST_ROWS = 5_000_000
BAD_ARGUMENTS = 2
_WORDS = {
    "unrecognized arguments": "opción desconocida",
    "expected one argument": "falta su valor",
    "expected at most one argument": "sobran valores",
    "ambiguous option": "opción ambigua",
    "could match": "puede ser",
    "argument --": "--",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        for english, spanish in _WORDS.items():
            message = message.replace(english, spanish)
        self.exit(BAD_ARGUMENTS, f"oficrm: {' '.join(message.split())}. Pruebe --help.\n")


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "uso: ")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line. Exits with 2 and one line when it cannot be read."""
    parser = _Parser("oficrm", description="CRM de escritorio para equipos comerciales.", add_help=False,
                     allow_abbrev=False, formatter_class=_Help)  # fmt: skip
    option = parser.add_argument_group("opciones").add_argument
    option("--database", type=_filled, metavar="RUTA|URL", help="archivo SQLite o dirección de PostgreSQL")
    option("--profile", type=_filled, metavar="CARPETA", help="guarda todas las carpetas del programa en esta")
    option("--demo", nargs="?", type=_rows, const=DEMO_ROWS, metavar="FILAS",
           help=f"abre datos de ejemplo con estos contactos ({DEMO_ROWS})")  # fmt: skip
    option("--tour", type=_filled, metavar="CARPETA", help="recorre el programa sin pantalla y guarda imágenes aquí")
    option("--version", action="version", version=f"OfiCRM {__version__}", help="muestra la versión")
    option("--help", "-h", action="help", help="muestra esta ayuda")
    return parser.parse_args(arguments)


def _rows(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_ROWS):
        raise argparse.ArgumentTypeError(f"FILAS debe ser un número de 1 a {MOST_ROWS}")
    return int(text)


def _filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("falta su valor")
    return text
