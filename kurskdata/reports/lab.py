"""JupyterLab on the notebooks: in a checkout where they lie, from an installed package on copies of the user's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from kurskdata import disk
from kurskdata.reports.edition.notebooks import folder as notebooks_folder


def prepare(folder: Path | None) -> Path:
    """The folder to open, with every notebook in it.

    Without a folder it is that of the checkout or, away from one, ``kurskdata-notebooks`` here. A notebook that
    is there already is left as it is, so that nobody's edits are lost.
    """
    own = notebooks_folder()
    packaged = own.parent == Path(__file__).parents[1]
    if folder is None and not packaged:
        return own
    target = folder or Path("kurskdata-notebooks")
    disk.make_folder(target, "folder for notebooks")
    for path in sorted(own.glob("*.ipynb")):
        if not (target / path.name).exists():
            shutil.copyfile(path, target / path.name)
    return target


def start(folder: Path, arguments: tuple[str, ...]) -> int:
    """Runs JupyterLab on a folder until it is closed; returns its exit code."""
    command = [sys.executable, "-m", "jupyterlab", str(folder), *arguments]
    return subprocess.run(command, check=False).returncode
