"""Where a chat server is, who we are there, and what may go wrong on the way to it."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from oficrm.errors import EnvironmentProblem
from oficrm.rules.problems import Invalid

_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,250}[a-z0-9])?\.?")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this computer: nothing sent to them crosses a network, so that they may do without TLS."""


class Unreachable(EnvironmentProblem):
    """The server does not answer, or not to the end."""


class Untrusted(EnvironmentProblem):
    """What answers cannot prove to be that server."""


class SignedOut(EnvironmentProblem):
    """User, password or token do not hold (any more)."""


class Denied(EnvironmentProblem):
    """The server refuses this one thing; others may go on."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are at a server: ``token`` opens it without the password and is as good as one."""

    user_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the server calls us."""

    user_id: str
    username: str
    name: str


def address(typed: str) -> str:
    """Return the address of a server in one form: scheme, host, port where given, path without a slash at its end.

    ``https`` is meant where nothing is said. Raises Invalid for what is no web address, holds a user or a password, or
    would send the token uncovered over a network (``http`` to anything but this computer).
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:  # UnicodeError of a host too
        raise Invalid("No es una dirección web. Por ejemplo: https://chat.empresa.es") from error
    if not host or parts.scheme not in ("http", "https") or any(char.isspace() for char in text):
        raise Invalid("No es una dirección web. Por ejemplo: https://chat.empresa.es")
    if parts.username is not None or parts.password is not None:
        raise Invalid("Escriba la dirección sin usuario ni contraseña.")
    if parts.scheme == "http" and host not in HERE:
        raise Invalid("Con http:// la contraseña viajaría sin cifrar. Use https://")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _host(name: str) -> str:
    """A host as the network writes it. Raises ValueError (a UnicodeError is one)."""
    if ":" in name:
        return str(ip_address(name))
    plain = name.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(plain):
        raise ValueError(name)
    return plain


def host_of(server: str) -> str:
    """Return the host of an address, for sentences."""
    return urlsplit(server).netloc or server
