"""Prepare what a command needs: `python3 .ci/setup.py run`, `... dev`, `... ci`. Quick when there is nothing to do.

This file only finds a Python that is new enough, and says so when there is none; it must therefore itself run on an
old one. The work is in environment.py.
"""

import os
import shutil
import sys

NEEDED = (3, 11)


def find_newer() -> "str | None":
    """A Python that will do: the one our environment was made with, or the newest on the PATH; None without any."""
    ours = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), ".venv", "bin", "python")
    if os.access(ours, os.X_OK):
        return ours
    for minor in range(19, NEEDED[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return found
    return None


def main() -> None:
    if sys.version_info >= NEEDED:
        from environment import prepare

        sys.exit(prepare(sys.argv[1:]))
    other = find_newer()
    if other:
        os.execv(other, [other, *sys.argv])
    found = "%d.%d" % sys.version_info[:2]
    sys.exit(
        "OfiCRM necesita Python 3.11 o posterior y aquí hay %s. Instálelo y pruebe con: make PYTHON=python3.11" % found
    )


if __name__ == "__main__":
    main()
