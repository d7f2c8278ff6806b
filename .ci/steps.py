"""The steps of `make check` and of continuous integration. All of them run, whatever fails; the end says which did.

.venv/bin/python .ci/steps.py check|all
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TOUR = ROOT / "build" / "tour"


@dataclass(frozen=True)
class Step:
    """One command. `minutes` ends it when it hangs, so that the steps after it still run."""

    name: str
    command: list[str]
    minutes: float = 5
    quick: bool = True


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


STEPS = [
    Step("ruff check", tool("ruff", "check", ".")),
    Step("ruff format", tool("ruff", "format", "--check", ".")),
    Step("own rules", tool("python", ".ci/checks.py")),
    Step("import layers", tool("lint-imports")),
    Step("types", tool("mypy", "--strict"), minutes=10),
    Step("types of .ci", tool("mypy", "--strict", *sorted(map(str, Path(".ci").glob("*.py"))))),
    Step("migrations", tool("alembic", "check")),
    Step("data dictionary", tool("python", ".ci/dictionary.py", "--check"), minutes=1),
    Step("window", tool("python", ".ci/window.py"), minutes=1, quick=False),
    Step("tests", ["make", "test"], minutes=40, quick=False),
    Step("tour", tool("python", "main.py", "--tour", str(TOUR)), minutes=10, quick=False),
]


def run(step: Step) -> bool:
    """Run one step with its output passed through. True when it succeeded in time."""
    print(f"\n=== {step.name}", flush=True)
    started = time.monotonic()
    try:
        with subprocess.Popen(step.command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                code = process.wait(step.minutes * 60)
                outcome = "ok" if code == 0 else f"FAILED with code {code}"
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # with all it started: nothing may slow down the steps after it
                code, outcome = -1, f"FAILED: not done after {step.minutes:g} minutes"
    except OSError as error:
        code, outcome = -1, f"FAILED: {error}"
    print(f"--- {step.name}: {outcome}, {time.monotonic() - started:.1f} s", flush=True)
    return code == 0


def main() -> int:
    everything = sys.argv[1:] == ["all"]
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    shutil.rmtree(TOUR, ignore_errors=True)
    results = {step.name: run(step) for step in STEPS if everything or step.quick}
    failed = [name for name, passed in results.items() if not passed]
    print(f"\nsteps: {len(results) - len(failed)} passed, {len(failed)} failed" + "".join(f"\n  {x}" for x in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
