"""Runs a notebook in a kernel of its own, by papermill: where nothing can fork, or when asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from kurskdata.reports.edition import notebooks


def execute(request: Mapping[str, Any], timeout: float | None) -> dict[str, Any]:
    """What `kurskdata.reports.run.fork_server.run` gives for the same request; the tables are not known."""
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    os.environ.update(request.get("environment", {}))
    notebook = nbformat.reads(request["notebook"], as_version=4)
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(request["parameters"]),
            kernel_name="python3",
            progress_bar=False,
            cwd=request.get("cwd"),
            execution_timeout=timeout and int(timeout),
            extra_arguments=["--IPKernelApp.log_level=40", "--HistoryManager.enabled=False"],
            **request.get("options", {}),
        )
    except PapermillExecutionError as fault:
        place = {"cell": fault.cell_index, "source": fault.source}
        error = notebooks.failure(fault.ename, fault.evalue, fault.traceback, **place)
    except (CellTimeoutError, DeadKernelError) as fault:
        error = notebooks.failure(type(fault).__name__, str(fault).splitlines()[0])
    else:
        text = nbformat.writes(executed, version=4)
        return {"notebook": text, "tables": None, "error": notebooks.error(executed)}
    return {"notebook": "", "tables": None, "error": error}
