"""What several tests need: the checkout, its notebooks, the command `kursk`, an edition."""

from __future__ import annotations

import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from kurskdata.drawing.altair_import import load_altair
from kurskdata.editions import Edition

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

Kursk = Callable[..., "subprocess.CompletedProcess[str]"]

load_altair()  # before a test module imports Altair the slow way, in every process of the suite


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def edition() -> Edition:
    return Edition()


@pytest.fixture
def kursk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kursk:
    """Runs the command in an empty folder, in this process: each start of a process would cost a second.

    Exit code, standard output and standard error are those of the command; an error that it does not catch gives
    exit code 1 and its traceback, as in Python.
    """
    from click.testing import CliRunner

    from kurskdata.cli import main

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as here:
            here.chdir(tmp_path)
            done = CliRunner().invoke(main, [str(one) for one in arguments], env=environment)
        stderr = done.stderr
        if done.exception and not isinstance(done.exception, SystemExit):
            stderr += "".join(traceback.format_exception(done.exception))
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, stderr)

    return run
