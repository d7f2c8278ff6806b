"""Write requirements.txt and requirements-dev.txt: the newest versions that pyproject.toml allows, exactly pinned.

    .venv/bin/python .ci/lock.py

Names no host and no hash, so that the same lock serves every platform and every mirror.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = "# Written by `make lock` from pyproject.toml; edit that, not this.\n"


def resolve(wanted: list[str]) -> dict[str, str]:
    """Every package that `wanted` brings, with the version pip chooses on an empty environment."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    said = subprocess.run([*command, *wanted], check=True, capture_output=True, text=True).stdout
    items = (item["metadata"] for item in json.loads(said)["install"])
    return {item["name"]: item["version"] for item in items}


def lines(wanted: list[str], known: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Lock lines for what `wanted` adds to `known`; packages of one platform keep their marker."""
    marked = {text.partition(";")[0].strip(): text.partition(";")[2].strip() for text in wanted}
    pins = [f"{name}=={version}" for name, version in known.items()]
    found = resolve([*pins, *marked])
    new = {name: version for name, version in found.items() if name not in known}
    markers = {name.lower(): marker for name, marker in marked.items() if marker}
    rows = []
    for name, version in sorted(new.items(), key=lambda item: item[0].lower()):
        marker = markers.get(name.lower())
        rows.append(f"{name}=={version}" + (f" ; {marker}" if marker else ""))
    return rows, found


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, known = lines(project["project"]["dependencies"], {})
    (ROOT / "requirements.txt").write_text(HEAD + "\n".join(runtime) + "\n")
    dev, _ = lines(project["dependency-groups"]["dev"], known)
    (ROOT / "requirements-dev.txt").write_text(HEAD + "-r requirements.txt\n" + "\n".join(dev) + "\n")


if __name__ == "__main__":
    main()
