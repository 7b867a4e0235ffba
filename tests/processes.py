"""How the tests start another Python: one function, so that every test says only what differs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def python(
    *arguments: str | Path, cwd: str | Path | None = None, timeout: float | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs this Python with arguments, waits for its end, and returns exit code and output.

    ``environment`` is added to the variables of this process.
    """
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd, env={**os.environ, **environment}, timeout=timeout, capture_output=True, text=True, check=False,
    )  # fmt: skip


def kursk(
    *arguments: str | Path, cwd: str | Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command `kursk` in a process of its own, as a user would."""
    return python("-m", "kurskdata.cli", *arguments, cwd=cwd, **environment)
