"""What the tests of builds share: small notebooks, their own copy of the data, the command."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import processes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kurskdata.reports.batch import LOCAL
from kurskdata.reports.edition import manifest
from kurskdata.tables import descriptor

PARAMETERS = "\n".join(
    f'{name}: str = "{value}"'
    for name, value in {
        "as_of": "2025-03-14", "start": "", "end": "", "units": "km2", "language": "en", "theme": "light",
    }.items()
)  # fmt: skip

SETUP = """import kurskdata as kd
from kurskdata import charts, display
display.enable()
edition = kd.edition(as_of=as_of, start=start, end=end, units=units, language=language, theme=theme)"""

CHART = """days = kd.settlements_per_day(as_of=edition.as_of, start=edition.since(days=10), end=edition.end)
charts.settlements(days, edition)"""


def notebook(path: Path, *cells: str, chart: bool = False) -> Path:
    """A notebook with the parameters of a build, these cells, and a chart where one is wanted."""
    sources = [SETUP, *cells, *([CHART] if chart else [])]
    made = [new_markdown_cell("# A test", id="title"), new_code_cell(PARAMETERS, id="parameters")]
    made[1].metadata["tags"] = ["parameters"]
    made += [new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=made, metadata=kernel), path)
    return path


def own_data(folder: Path) -> Path:
    """A copy of the data that a test may change."""
    folder.mkdir()
    for path in descriptor.data_folder().glob("*.*"):
        shutil.copy(path, folder)
    return folder


def command(*arguments: str | Path) -> list[str]:
    """The words of `kursk build`, for a test that watches it run."""
    return [sys.executable, "-m", "kurskdata.cli", "build", *map(str, arguments)]


def build(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `kursk build`, with a cache for drawings that is switched off."""
    return processes.kursk("build", *arguments, **{"KURSKDATA_CACHE": "off", **environment})


def files(out: Path) -> dict[str, str]:
    """The results in a folder by path, as hashes."""
    return {
        path.relative_to(out).as_posix(): manifest.digest(path.read_bytes())
        for path in sorted(out.rglob("*"))
        if path.is_file() and LOCAL not in path.parts
    }


def until(happened: Callable[[], object], seconds: float = 60) -> None:
    """Waits for an event; fails where it does not come."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.005)
