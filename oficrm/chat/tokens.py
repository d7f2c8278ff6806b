"""Tokens of chat servers: in the keyring of the system; where there is none, only until the program ends. No files."""

import json
import logging
import threading

from oficrm.chat.servers import Login

SERVICE = "OfiCRM Rocket.Chat"
NO_KEYRING = (
    "Este equipo no tiene un almacén de contraseñas que se pueda usar: el token vale hasta cerrar el programa, "
    "y después habrá que volver a conectar."
)
_log = logging.getLogger(__name__)
_for_now: dict[str, Login] = {}
_lock = threading.Lock()


def keep(server: str, login: Login) -> bool:
    """Keep what opens a server; False where it could only be kept until the program ends. May wait for the system."""
    with _lock:
        _for_now[server] = login
        return _write(server, json.dumps([login.user_id, login.token]))


def find(server: str) -> Login | None:
    """Return what opens a server, None when it is not known (any more). May wait for the system to be unlocked."""
    with _lock:
        if server in _for_now:
            return _for_now[server]
        login = _parsed(_read(server))
        if login is not None:
            _for_now[server] = login
        return login


def forget(server: str) -> None:
    """Forget what opens a server, here and in the keyring."""
    with _lock:
        _for_now.pop(server, None)
        _write(server, None)


def _parsed(kept: str | None) -> Login | None:
    try:
        found = json.loads(kept or "null")
    except ValueError:
        return None
    if isinstance(found, list) and len(found) == 2 and all(isinstance(part, str) and part for part in found):
        return Login(found[0], found[1])
    return None


def _read(server: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, server) if _is_safe() else None
    except (KeyringError, OSError, RuntimeError) as error:
        _log.info("the keyring cannot be read: %s", error)
        return None


def _write(server: str, value: str | None) -> bool:
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if not _is_safe():
            return False
        if value is not None:
            keyring.set_password(SERVICE, server, value)
            return keyring.get_password(SERVICE, server) == value
        keyring.delete_password(SERVICE, server)
    except PasswordDeleteError:
        return True  # there was none
    except (KeyringError, OSError, RuntimeError) as error:
        _log.info("the keyring cannot be written: %s", error)
        return False
    return True


def _is_safe() -> bool:
    """False for no keyring at all, and for those of other packages that keep passwords in a file."""
    import keyring

    chosen = keyring.get_keyring()
    every = getattr(chosen, "backends", None) or [chosen]  # a chain writes into the first that takes it
    return all(each.priority > 0 and not type(each).__module__.startswith("keyrings.") for each in every)
