"""Executes the notebooks in place, as the project keeps them: ``python tests/rerun_notebooks.py``."""

from __future__ import annotations

import nbformat
from nbclient import NotebookClient

from kurskdata.reports.edition.notebooks import folder, tidy


def main() -> None:
    """Runs each notebook of the folder in a kernel of its own and writes it with the outputs of now."""
    for path in sorted(folder().glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        place = {"metadata": {"path": str(path.parent)}}
        quiet = ["--IPKernelApp.log_level=40"]
        NotebookClient(notebook, resources=place, record_timing=False, extra_arguments=quiet).execute()
        path.write_text(nbformat.writes(tidy(notebook), version=4).rstrip("\n") + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
