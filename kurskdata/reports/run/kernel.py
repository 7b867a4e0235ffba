"""Runs a notebook in a kernel of its own, by papermill: where nothing can fork, or when asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from kurskdata.reports.edition import notebooks


def execute(request: Mapping[str, Any], timeout: float | None) -> dict[str, Any]:
    """What `kurskdata.reports.run.fork_server.run` gives for the same request; the tables are not known."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.utils import chdir

    os.environ.update(request.get("environment", {}))
    given = nbformat.reads(request["notebook"], as_version=4)
    try:
        with chdir(request.get("cwd")):
            # Without papermill's own look at errors: it takes those for failures that a cell may raise.
            executed = papermill_engines.execute_notebook_with_engine(
                None,
                notebooks.parameterized(given, request["parameters"]),
                "python3",
                progress_bar=False,
                execution_timeout=timeout and int(timeout),
                extra_arguments=["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"],
            )
    except (CellTimeoutError, DeadKernelError) as fault:
        error = notebooks.failure(type(fault).__name__, str(fault).splitlines()[0])
        return {"notebook": "", "tables": None, "error": error}
    marks = [cell.metadata.get("papermill", {}).get("exception") for cell in executed.cells]
    stop = notebooks.error(notebooks.joined(executed), {n: "" for n, mark in enumerate(marks) if mark})
    return {"notebook": nbformat.writes(executed, version=4), "tables": None, "error": stop}
