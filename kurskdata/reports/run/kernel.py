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
    notebook = nbformat.reads(request["notebook"], as_version=4)
    notebook = notebooks.parameterized(notebook, request["parameters"])
    options = {**request.get("options", {})}
    join = options.pop("coalesce_streams", False)
    try:
        with chdir(request.get("cwd")):
            # Without papermill's own look at errors: it takes those for failures that a cell may raise.
            executed = papermill_engines.execute_notebook_with_engine(
                None,
                notebook,
                "python3",
                progress_bar=False,
                execution_timeout=timeout and int(timeout),
                extra_arguments=["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"],
                **options,
            )
    except (CellTimeoutError, DeadKernelError) as fault:
        error = notebooks.failure(type(fault).__name__, str(fault).splitlines()[0])
        return {"notebook": "", "tables": None, "error": error}
    marked = {
        number
        for number, cell in enumerate(executed.cells)
        if cell.metadata.get("papermill", {}).get("exception")
    }
    if join:
        executed = notebooks.joined(executed)
    stop = notebooks.error(executed, dict.fromkeys(marked, ""))
    return {"notebook": nbformat.writes(executed, version=4), "tables": None, "error": stop}
