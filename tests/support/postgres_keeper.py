"""Run a private PostgreSQL server for as long as somebody holds our standard input open.

A process apart, with nothing but the standard library, so that the server also ends when the tests are killed
outright: the kernel closes the pipe, the read below returns, the server is stopped and its folder removed.
Writes `ready` into the folder when the server answers, or `failed` with the reason.

    python postgres_keeper.py FOLDER BINARIES [USER]
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

START_SECONDS = 60

# Nothing here has to survive a power cut. A Spanish collation and a far time zone, because a team's server has them
# and a query that silently relies on byte order or on UTC must fail here, not there.
INITDB = [
    "--auth=trust",
    "--username=oficrm",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=icu",
    "--icu-locale=es-ES",
    "--no-sync",
    "--no-instructions",
]
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "America/Mexico_City",
}


class ServerFailed(Exception):
    """The server did not come up; the text holds what it said."""


def as_user(name: str | None) -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights: PostgreSQL refuses to run with them."""
    if name is None:
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def make_cluster(folder: Path, binaries: Path, user: str | None) -> None:
    """Create the data folder under `folder`, owned by `user`."""
    if user is not None:
        shutil.chown(folder, user)
    command = [str(binaries / "initdb"), *INITDB, "-D", str(folder / "data")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_user(user))
    if done.returncode != 0:
        raise ServerFailed(done.stdout + done.stderr)


def start(folder: Path, binaries: Path, user: str | None) -> subprocess.Popen[bytes]:
    """Start the server and return once it accepts connections."""
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_user(user)
        )
    until = time.monotonic() + START_SECONDS
    while not answers(folder):
        if server.poll() is not None or time.monotonic() > until:
            stop(server)
            raise ServerFailed((folder / "server.log").read_text(errors="replace"))
        time.sleep(0.02)
    return server


def answers(folder: Path) -> bool:
    """Whether the server says in its pid file that it accepts connections."""
    try:
        return "ready" in (folder / "data" / "postmaster.pid").read_text(errors="replace")
    except FileNotFoundError:
        return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server: politely, then at once, then by force."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue


def tell(folder: Path, name: str, text: str = "") -> None:
    """Write a file that appears whole: readers poll for it."""
    part = folder / (name + ".part")
    part.write_text(text)
    part.rename(folder / name)


def leave(*_: object) -> None:
    raise SystemExit(0)


def main() -> None:
    folder, binaries = Path(sys.argv[1]), Path(sys.argv[2])
    user = sys.argv[3] if len(sys.argv) > 3 else None
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests; they close the pipe when they are done
    server = None
    try:
        make_cluster(folder, binaries, user)
        server = start(folder, binaries, user)
        tell(folder, "ready")
        sys.stdin.buffer.read()
    except (ServerFailed, OSError) as error:
        tell(folder, "failed", str(error))
        sys.stdin.buffer.read()
    finally:
        if server is not None:
            stop(server)
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
