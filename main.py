"""OfiCRM: parse the arguments, open the database, start Qt."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from oficrm import __version__

DEMO_ROWS = 2000


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"oficrm: {message}. Pruebe --help.\n")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line. Exits with 2 and one line when it cannot be read."""
    parser = _OneLineParser("oficrm", description="CRM de escritorio para equipos comerciales.", add_help=False)
    parser.add_argument("--database", metavar="RUTA|URL", help="archivo SQLite o dirección de PostgreSQL")
    parser.add_argument("--profile", metavar="CARPETA", help="guarda todas las carpetas del programa en esta")
    parser.add_argument("--demo", nargs="?", type=_rows, const=DEMO_ROWS, metavar="FILAS",
                        help=f"abre datos de ejemplo con estos contactos ({DEMO_ROWS})")  # fmt: skip
    parser.add_argument("--tour", metavar="CARPETA", help="recorre el programa sin pantalla y guarda imágenes aquí")
    parser.add_argument("--version", action="version", version=f"OfiCRM {__version__}", help="muestra la versión")
    parser.add_argument("--help", "-h", action="help", help="muestra esta ayuda")
    return parser.parse_args(arguments)


def _rows(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 5_000_000:
        raise argparse.ArgumentTypeError("FILAS debe ser un número de 1 a 5000000")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    options = parse(arguments)
    from ui import launch

    if options.tour:
        return launch.tour(options.tour)
    if (reason := launch.missing_display()) is not None:
        print(reason, file=sys.stderr)  # noqa: T201
        return launch.tour_without_display()
    return launch.program(options.database, options.profile, options.demo)


if __name__ == "__main__":
    sys.exit(main())
