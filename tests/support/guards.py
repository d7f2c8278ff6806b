"""What no test may do, watched in every test: use the network, run SQL for a screen on the GUI thread, log trouble.

A guard raises where the slip happens and also fails the test at its end, since the code under test may have swallowed
the exception.
"""

import ipaddress
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

UI = str(Path(__file__).resolve().parents[2] / "ui") + "/"
LOCAL_NAMES = {"", "localhost", socket.gethostname()}


class ForbiddenInTest(AssertionError):
    """The code under test did what a test must not do."""


_slips: list[str] = []


def _slip(text: str) -> ForbiddenInTest:
    _slips.append(text)
    return ForbiddenInTest(text)


# The network

_original: dict[str, Callable[..., Any]] = {
    "connect": socket.socket.connect,
    "connect_ex": socket.socket.connect_ex,
    "sendto": socket.socket.sendto,
    "getaddrinfo": socket.getaddrinfo,
}


def is_local(host: object) -> bool:
    """Whether a host, as sockets take it, is this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _check_address(address: object) -> None:
    if isinstance(address, tuple) and not is_local(address[0]):
        raise _slip(f"network used in a test: {address}")


def _connect(self: socket.socket, address: Any) -> None:
    _check_address(address)
    _original["connect"](self, address)


def _connect_ex(self: socket.socket, address: Any) -> int:
    _check_address(address)
    result: int = _original["connect_ex"](self, address)
    return result


def _sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
    _check_address(rest[-1])
    sent: int = _original["sendto"](self, data, *rest)
    return sent


def _getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
    if host is not None and not is_local(host):
        raise _slip(f"name looked up in a test: {host}")
    return _original["getaddrinfo"](host, *args, **options)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _connect)
    patch.setattr(socket.socket, "connect_ex", _connect_ex)
    patch.setattr(socket.socket, "sendto", _sendto)
    patch.setattr(socket, "getaddrinfo", _getaddrinfo)
    yield
    patch.undo()


# SQL on the GUI thread


def _no_sql_for_screens(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    """Refuse a statement that the main thread runs on behalf of a screen; a test preparing data is free to."""
    if threading.current_thread() is not threading.main_thread():
        return
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.startswith(UI):
            where = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            raise _slip(f"SQL on the GUI thread, called from {where}: {statement[:200]}")
        frame = frame.f_back  # type: ignore[assignment]


@pytest.fixture(scope="session", autouse=True)
def _no_sql_on_gui_thread() -> Iterator[None]:
    event.listen(Engine, "before_cursor_execute", _no_sql_for_screens)
    yield
    event.remove(Engine, "before_cursor_execute", _no_sql_for_screens)


# Log records


class _Trouble(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self.seen.append(text)


@pytest.fixture(autouse=True)
def _slips_and_log_fail_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    _slips.clear()
    trouble = _Trouble()
    logging.getLogger().addHandler(trouble)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(trouble)
    if _slips:
        pytest.fail("\n".join(_slips), pytrace=False)
    if trouble.seen and request.node.get_closest_marker("logs_warnings") is None:
        pytest.fail("unexpected log records:\n" + "\n".join(trouble.seen), pytrace=False)
