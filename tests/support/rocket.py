"""A chat server on this computer that speaks the documented REST API of Rocket.Chat, with faults where asked for."""

import datetime as dt
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TOKEN, USER_ID, USER, PASSWORD = "RScctEHSmLGZGywfIhWyRpyofhKOiMoUIpimhvheU3f", "rbAXPnMktTFbNpwtJ", "ana", "secreta-1"
Raw = dict[str, Any]
_KEYS = {"channels.history": "c", "groups.history": "p", "im.history": "d"}


def stamp(at: dt.datetime) -> str:
    """An instant as the server writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Reply:
    """An answer out of turn: ``cut`` closes the connection in the middle of it."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Rocket:
    """The state of the server. Messages are kept oldest first; ``clock`` moves on with each change."""

    def __init__(self) -> None:
        self.rooms: dict[str, Raw] = {}
        self.messages: dict[str, list[Raw]] = {}
        self.removed: dict[str, list[Raw]] = {}
        self.most = 100
        """Items in one answer, whatever is asked for, as an administrator may set it."""
        self.clock = START + dt.timedelta(days=100)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.fault: Callable[[str, dict[str, str]], Reply | None] = lambda _path, _params: None
        self.token = TOKEN
        self.address = ""
        self._lock = threading.Lock()

    # --- what a test puts in

    def tick(self) -> dt.datetime:
        """A moment later."""
        self.clock += dt.timedelta(seconds=1)
        return self.clock

    def room(self, ident: str, kind: str = "c", **more: Any) -> str:
        """Add a room."""
        self.rooms[ident] = {"_id": ident, "t": kind, "name": ident.lower(), **more}
        self.messages[ident], self.removed[ident] = [], []
        return ident

    def say(self, room: str, text: str, *, by: str = "marta", at: dt.datetime | None = None, **more: Any) -> Raw:
        """Write a message; without ``at`` a minute after the last one."""
        last = self.messages[room][-1]["at"] if self.messages[room] else START
        when = at or last + dt.timedelta(minutes=1)
        ident = f"{room}-{len(self.messages[room]) + len(self.removed[room]):05}"
        made = {"_id": ident, "rid": room, "msg": text, "at": when, "updated": when,
                "u": {"_id": f"id-{by}", "username": by, "name": by.title()}} | more  # fmt: skip
        self.messages[room].append(made)
        return made

    def edit(self, message: Raw, text: str) -> None:
        """Change what a message says."""
        message["msg"], message["updated"] = text, self.tick()
        message["editedAt"] = stamp(message["updated"])

    def remove(self, message: Raw) -> None:
        """Delete a message, leaving nothing of it."""
        room = message["rid"]
        self.messages[room].remove(message)
        self.removed[room].append({"_id": message["_id"], "at": self.tick()})

    # --- what it answers

    def answer(self, method: str, path: str, params: dict[str, str], body: Raw, headers: Any) -> Reply:
        """Answer a request as the real server does."""
        with self._lock:
            self.asked.append((path, params))
            fault = self.fault(path, params)
            if fault is not None:
                return fault
            if path == "login":
                return self._login(body)
            if headers.get("X-Auth-Token") != self.token or headers.get("X-User-Id") != USER_ID:
                return Reply(401, {"status": "error", "message": "You must be logged in to do this."})
            return self._signed_in(method, path, params, body)

    def _login(self, body: Raw) -> Reply:
        if (body.get("user"), body.get("password")) != (USER, PASSWORD):
            return Reply(401, {"status": "error", "error": "Unauthorized", "message": "Unauthorized"})
        return Reply(200, {"status": "success", "data": {"userId": USER_ID, "authToken": self.token}})

    def _signed_in(self, method: str, path: str, params: dict[str, str], body: Raw) -> Reply:
        match path:
            case "me":
                return Reply(200, {"_id": USER_ID, "username": USER, "name": "Ana Pérez", "success": True})
            case "channels.list" | "groups.list" | "im.list":
                return self._list(path, params)
            case "livechat/rooms":
                return Reply(
                    403, {"success": False, "error": "User does not have the permissions [error-unauthorized]"}
                )
            case "chat.syncMessages":
                return self._sync(params)
            case "chat.postMessage" if method == "POST":
                return Reply(200, {"success": True, "message": self._shown(self._post(body))})
        if path in _KEYS:
            return self._history(_KEYS[path], params)
        return Reply(404, {"success": False, "error": "API endpoint not found"})

    def _list(self, path: str, params: dict[str, str]) -> Reply:
        kind, key = {"channels.list": ("c", "channels"), "groups.list": ("p", "groups"), "im.list": ("d", "ims")}[path]
        every = [{**room, "msgs": len(self.messages[room["_id"]])} for room in self.rooms.values() if room["t"] == kind]
        offset = int(params.get("offset", 0))
        page = every[offset : offset + min(int(params.get("count", 50)), self.most)]
        return Reply(200, {key: page, "count": len(page), "offset": offset, "total": len(every), "success": True})

    def _history(self, kind: str, params: dict[str, str]) -> Reply:
        room = self.rooms.get(params.get("roomId", ""))
        if room is None or room["t"] != kind:
            error = 'The required "roomId" does not match any channel [error-room-not-found]'
            return Reply(400, {"success": False, "error": error, "errorType": "error-room-not-found"})
        inclusive = params.get("inclusive") == "true"
        latest = dt.datetime.fromisoformat(params["latest"]) if "latest" in params else None
        found = [each for each in sorted(self.messages[room["_id"]], key=lambda each: each["at"], reverse=True)
                 if latest is None or each["at"] < latest or (inclusive and each["at"] == latest)]  # fmt: skip
        count = min(int(params.get("count", 20)), self.most)
        return Reply(200, {"messages": [self._shown(each) for each in found[:count]], "success": True})

    def _sync(self, params: dict[str, str]) -> Reply:
        since = dt.datetime.fromisoformat(params["lastUpdate"])
        room = params["roomId"]
        updated = [self._shown(each) for each in self.messages[room] if each["updated"] > since]
        deleted = [{"_id": each["_id"], "_deletedAt": stamp(each["at"])} for each in self.removed[room]
                   if each["at"] > since]  # fmt: skip
        return Reply(200, {"result": {"updated": updated, "deleted": deleted}, "success": True})

    def _post(self, body: Raw) -> Raw:
        return self.say(body["roomId"], body["text"], by=USER, at=self.tick())

    def _shown(self, message: Raw) -> Raw:
        shown = {name: value for name, value in message.items() if name not in ("at", "updated")}
        return {"ts": stamp(message["at"]), "_updatedAt": stamp(message["updated"])} | shown


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rocket: Rocket

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        path = parts.path.removeprefix("/api/v1/")
        reply = self.rocket.answer(method, path, dict(parse_qsl(parts.query)), body, self.headers)
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if reply.cut else data)
        self.close_connection = reply.cut or self.close_connection

    def do_GET(self) -> None:
        """Read."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Write."""
        self._serve("POST")

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up in the middle is no news."""


@contextmanager
def serving(rocket: Rocket | None = None, certificate: Path | None = None) -> Iterator[Rocket]:
    """Run a server on a free port of this computer; with ``certificate`` (key and all) behind TLS."""
    rocket = rocket or Rocket()
    handler = type("Handler", (_Handler,), {"rocket": rocket})
    with _Server(("127.0.0.1", 0), handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https" if certificate is not None else "http"
        rocket.address = f"{scheme}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
        thread.start()
        try:
            yield rocket
        finally:
            server.shutdown()
            thread.join()
