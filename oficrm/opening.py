"""Opening the program's database at start-up."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from db.engine import database_url
from db.examine import Unusable
from db.history import Actor
from db.migrate import sqlite_path, upgrade
from oficrm.jobs import Jobs, translate


def open_jobs(where: str | Path, actor: Actor) -> Jobs:
    """Check, create or bring up to date a database, and return the lanes over it.

    Raises Unusable with one clear line when it cannot be opened; a file is then left untouched.
    """
    try:
        upgrade(where)
    except DBAPIError as error:
        raise Unusable(_reason(where, error)) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise Unusable(f"«{where}» no es una dirección de base de datos que OfiCRM entienda.") from error
    except OSError as error:
        raise Unusable(f"No se puede abrir «{where}»: {error.strerror or error}.") from error
    return Jobs(where, actor)


def _reason(where: str | Path, error: DBAPIError) -> str:
    if sqlite_path(where) is None:
        server = make_url(database_url(where)).set(query={}).render_as_string(hide_password=True)
        first = str(error.orig).strip().splitlines()[0]
        return f"No se puede abrir «{server}»: compruebe la dirección, la red y el permiso ({first})."
    told = translate(error)
    return str(told) if told is not error else f"No se puede abrir «{where}»: {error.orig}."
