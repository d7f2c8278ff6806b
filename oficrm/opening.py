"""Opening the program's database at start-up."""

import errno
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from db.engine import database_url
from db.examine import Unusable
from db.history import Actor
from db.migrate import check, sqlite_path, upgrade
from oficrm.jobs import Jobs, translate

_REASONS = {
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no hay permiso",
    errno.ENOENT: "no existe la carpeta",
    errno.ENOTDIR: "no está en una carpeta",
    errno.EISDIR: "es una carpeta",
    errno.ENOSPC: "el disco está lleno",
    errno.EROFS: "el disco es de solo lectura",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
}


def reason(error: OSError) -> str:
    """Return in Spanish why the system refused a file or folder."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


def open_jobs(where: str | Path, actor: Actor) -> Jobs:
    """Check, create or bring up to date a database, and return the lanes over it.

    Raises Unusable with one clear line when it cannot be opened; a file is then left untouched.
    """
    _try(where, upgrade)
    return Jobs(where, actor)


def check_usable(where: str | Path) -> None:
    """Look at a database without changing anything. Raises Unusable when it cannot be opened."""
    _try(where, check)


def _try(where: str | Path, job: Callable[[str | Path], None]) -> None:
    _check_address(where)
    try:
        job(where)
    except DBAPIError as error:
        raise Unusable(_reason(where, error)) from error
    except OSError as error:
        raise Unusable(f"No se puede abrir «{where}»: {reason(error)}.") from error


def _check_address(where: str | Path) -> None:
    try:
        url = make_url(database_url(where))
        known = url.get_backend_name() == "postgresql" or (sqlite_path(where) and url.database != ":memory:")
    except (ArgumentError, ValueError):
        known = False
    if not known or "\0" in str(where):
        raise Unusable(f"«{where}» no es una dirección de base de datos que OfiCRM entienda.")


def _reason(where: str | Path, error: DBAPIError) -> str:
    if sqlite_path(where) is None:
        server = make_url(database_url(where)).set(drivername="postgresql", query={}).render_as_string()
        first = str(error.orig).strip().splitlines()[0]
        return f"No se puede abrir «{server}»: compruebe la dirección, la red y el permiso ({first})."
    told = translate(error)
    return str(told) if told is not error else f"No se puede abrir «{where}»: {error.orig}."
