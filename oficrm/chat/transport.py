"""Requests to a chat server: JSON there and back, with time-outs, limits, checked certificates, and patience.

Nothing is followed to another place: a redirection would carry the token there.
"""

import datetime as dt
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from oficrm import __version__
from oficrm.chat.servers import Denied, Login, SignedOut, Unreachable, Untrusted, host_of
from oficrm.chat.work import MOST_WAIT, Work

CONNECT_SECONDS, READ_SECONDS = 10, 30
MOST_BYTES = 64 * 1024 * 1024
"""Of one answer. A page of messages has some hundred kilobytes."""
PATIENCE = 6
"""How often one request is asked to come back later before it is given up."""
_STEP = 65_536
_WAIT_WORDS = re.compile(r"wait (\d{1,6}) seconds", re.IGNORECASE)
_DENIED = ("not-allowed", "unauthorized", "room-not-found", "invalid-room", "action-not-allowed", "not-authorized")

Answer = dict[str, Any]


class _Certificates(HTTPAdapter):
    """Trusts what this computer trusts, so that the certificate of a company's own authority holds.

    Reading is tried once more where a connection kept open has been closed meanwhile.
    """

    def __init__(self) -> None:
        again = Retry(total=1, connect=0, read=1, status=0, redirect=0, other=0, allowed_methods={"GET"},
                      respect_retry_after_header=False)  # fmt: skip
        super().__init__(max_retries=again)

    def init_poolmanager(self, *args: Any, **options: Any) -> Any:
        """Hand the system's certificates over."""
        return super().init_poolmanager(*args, ssl_context=ssl.create_default_context(), **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """The same behind a proxy."""
        return super().proxy_manager_for(proxy, ssl_context=ssl.create_default_context(), **options)


class Transport:
    """Talks to one server; ``login`` is sent once it is known. For one thread at a time."""

    def __init__(
        self, server: str, work: Work, login: Login | None = None, *, read_seconds: float = READ_SECONDS
    ) -> None:
        self.server, self.login = server, login
        self._work, self._seconds = work, (CONNECT_SECONDS, read_seconds)
        self._session = requests.session()
        self._session.mount("https://", _Certificates())
        self._session.mount("http://", _Certificates())
        self._session.auth = lambda request: request  # else a ~/.netrc would add a password of its own
        self._session.headers.update({"Accept": "application/json", "User-Agent": f"OfiCRM/{__version__}"})

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def get(self, what: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read. Raises Unreachable, Untrusted, SignedOut, Denied, Cancelled."""
        return self._ask("GET", what, {"params": params or {}})

    def post(self, what: str, body: Mapping[str, Any]) -> Answer:
        """Write. Raises as ``get`` does; after Unreachable it may have been done all the same."""
        return self._ask("POST", what, {"json": body})

    def _ask(self, method: str, what: str, options: dict[str, Any]) -> Answer:
        for _ in range(PATIENCE):
            self._work.go_on()
            status, headers, data = self._fetch(method, f"{self.server}/api/v1/{what}", options)
            if status != 429:
                return self._understand(status, headers, data)
            seconds = pause(headers, data)
            if seconds > MOST_WAIT:
                break
            self._work.wait(seconds)
        raise Unreachable(f"«{host_of(self.server)}» recibe demasiadas peticiones. Inténtelo dentro de unos minutos.")

    def _fetch(self, method: str, url: str, options: dict[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        host = host_of(self.server)
        headers = {"X-Auth-Token": self.login.token, "X-User-Id": self.login.user_id} if self.login else {}
        try:
            with self._session.request(
                method, url, headers=headers, timeout=self._seconds, allow_redirects=False, stream=True, **options
            ) as answer:
                return answer.status_code, answer.headers, b"".join(self._body(answer))
        except requests.exceptions.SSLError as error:
            raise Untrusted(
                f"El certificado de «{host}» no es de fiar, o no es suyo: no se le envía nada. "
                "Pida a quien lo administra que lo arregle."
            ) from error
        except requests.exceptions.Timeout as error:
            raise Unreachable(f"«{host}» no responde. Compruebe la red y vuelva a intentarlo.") from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise Unreachable(
                f"No se puede hablar con «{host}». Compruebe la dirección y la red, y vuelva a intentarlo."
            ) from error

    def _body(self, answer: requests.Response) -> Iterator[bytes]:
        held = 0
        for part in answer.iter_content(_STEP):
            self._work.go_on()
            held += len(part)
            if held > MOST_BYTES:
                raise Unreachable(f"«{host_of(self.server)}» responde con más datos de los que caben.")
            yield part

    def _understand(self, status: int, headers: Mapping[str, str], data: bytes) -> Answer:
        host = host_of(self.server)
        if 300 <= status < 400:
            raise Denied(f"«{host}» envía a otra dirección: {headers.get('Location', '')[:200]} Escriba esa.")
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            if status >= 500:
                raise Unreachable(f"«{host}» tiene un problema (HTTP {status}). Inténtelo más tarde.")
            raise Denied(f"Lo que responde «{host}» no es un servidor Rocket.Chat (HTTP {status}).")
        said = _words(answer)
        if status == 401:
            raise SignedOut(_sign_in_words(said, has_login=self.login is not None))
        if status >= 400 or answer.get("success") is False or answer.get("status") == "error":
            kind = f"{answer.get('errorType', '')} {said}".lower()
            if status == 403 or any(word in kind for word in _DENIED):
                raise Denied(f"El servidor no lo permite: {said}")
            if status >= 500:
                raise Unreachable(f"«{host}» tiene un problema: {said}")
            raise Denied(f"El servidor dice: {said}")
        return answer


def _words(answer: Answer) -> str:
    """What the server says went wrong, as plain text of a bearable length."""
    text = answer.get("error") or answer.get("message") or "sin más explicación"
    return " ".join(str(text).split())[:200]


def _sign_in_words(said: str, *, has_login: bool) -> str:
    if "totp" in said.lower():
        return "Esa cuenta pide un segundo factor: entre con un token de acceso personal."
    if has_login:
        return "La sesión con el servidor de chat ya no vale: vuelva a conectar en Servidor de chat."
    return "Usuario o contraseña incorrectos."


def pause(headers: Mapping[str, str], data: bytes) -> float:
    """Return the seconds that an answer 429 asks to wait, at least one.

    From Retry-After (seconds or a date), else X-RateLimit-Reset (milliseconds since 1970), else its words.
    """
    now = dt.datetime.now(dt.UTC)
    after, reset = headers.get("Retry-After", "").strip(), headers.get("X-RateLimit-Reset", "").strip()
    seconds: float | None = None
    if after.isascii() and after.isdigit():
        seconds = float(after[:9])
    elif after:
        try:
            moment = parsedate_to_datetime(after)
            seconds = (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - now).total_seconds()
        except ValueError:
            seconds = None
    if seconds is None and reset.isascii() and reset.isdigit():
        seconds = int(reset[:15]) / 1000 - now.timestamp()
    if seconds is None:
        found = _WAIT_WORDS.search(data[:2_000].decode("utf-8", "replace"))
        seconds = float(found[1]) if found else 10.0
    return max(1.0, seconds)
