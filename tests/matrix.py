"""Other Pythons and other versions of the dependencies: ``make matrix`` installs the lowest that pyproject.toml allows, the
locked and the newest, on the oldest Python and the newest installed, runs the fast tests and prints a table.

PYTHONS names interpreters, with commas; without it, every python3.11 to python3.20 on the PATH or known to uv counts, of which
the first and the last are taken. Needs a package index; environments and logs are in ``build/matrix``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "matrix"
UV = [sys.executable, "-m", "uv"]
SETS = ("lowest-direct", "locked", "highest")


def pythons() -> list[str]:
    """The oldest and the newest Python there is."""
    if chosen := os.environ.get("PYTHONS"):
        return chosen.split(",")
    told = subprocess.run(
        [*UV, "python", "list", "--only-installed"], capture_output=True, text=True, check=True
    ).stdout
    found = {int(minor) for minor in re.findall(r"^cpython-3\.(\d+)\.\d+-", told, re.M) if int(minor) >= 11}
    return [f"3.{minor}" for minor in dict.fromkeys((min(found), max(found)))]


def ready(python: str, versions: str, home: Path) -> None:
    """An environment with this Python and these versions; the tools of the tests are as new as they go with them."""
    install = [*UV, "pip", "install", "--quiet", "--python", home / "bin" / "python"]
    for command in [
        [*UV, "venv", "--quiet", "--clear", "--python", python, home],
        *(
            [[*install, "--require-hashes", "--requirement", "requirements.lock"]]
            if versions == "locked"
            else [
                [*UV, "pip", "compile", "--quiet", "--python-version", python, "--all-extras", "--resolution", versions,
                 "--output-file", home / "versions.txt", "pyproject.toml"],
                [*install, "--group", "dev", "--requirement", home / "versions.txt", "--constraint", home / "versions.txt"],
            ]
        ),
        [*install, "--no-deps", "--no-build-isolation", "--editable", "."],
    ]:  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)


def main() -> int:
    failed = 0
    form = "{:<8} {:<14} {:<40} {:>8}"
    print(form.format("python", "versions", "fast tests", "seconds"))
    for python in pythons():
        for versions in SETS:
            home, begun = PLACE / f"{python}-{versions}", time.monotonic()
            try:
                ready(python, versions, home)
                command = [
                    home / "bin" / "python",
                    "-m",
                    "pytest",
                    "-q",
                    "-n",
                    "2",
                    "--dist",
                    "loadfile",
                    "-p",
                    "no:cacheprovider",
                    "-m",
                    "not slow and not browser",
                ]
                done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                (home / "log.txt").write_text(done.stdout + done.stderr, "utf-8")
                told, code = re.sub(r" in .*", "", done.stdout.strip().splitlines()[-1]), done.returncode
            except subprocess.CalledProcessError as fault:
                told, code = f"cannot be installed: {fault.stderr.strip().splitlines()[-1]}", 1
            failed += bool(code)
            print(form.format(python, versions, told, f"{time.monotonic() - begun:.0f}"), flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
