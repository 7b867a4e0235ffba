"""The papermill engine ``kursk``: ``papermill --engine kursk in.ipynb out.ipynb``.

Runs the notebook in a fresh process forked from a warm one, with the outputs of a plain kernel. For one notebook
that saves the start of a kernel; for many, call papermill's API several times in one process: the warm process
stays. Where nothing can fork, papermill's own engine runs the notebook.
"""

from __future__ import annotations

import os
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine as Base
from papermill.engines import NBClientEngine

from kurskdata.reports.edition import notebooks
from kurskdata.reports.run import fork_client, workers

_TRAITS = ("coalesce_streams", "record_timing", "allow_errors")


class Engine(Base):  # type: ignore[misc]
    """papermill's interface to the processes of a build."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: float | None = None, **options: Any
    ) -> Any:
        """Runs the notebook of a papermill manager and puts the results into it."""
        if not fork_client.AVAILABLE:
            given = {**options, "execution_timeout": execution_timeout}
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **given)
        request = {
            "notebook": nbformat.writes(nb_man.nb, version=4),
            "cwd": os.getcwd(),  # noqa: PTH109
            "environment": {"KURSKDATA_SVG": notebooks.LATER},
            "options": {name: options[name] for name in _TRAITS if name in options},
            "cells": True,
        }
        timeout = execution_timeout or options.get("timeout")

        def heard(kind: str, index: int, what: Any) -> None:
            cell = nb_man.nb.cells[index]
            if kind == "start":
                nb_man.cell_start(cell, index)
            elif kind == "exception":
                nb_man.cell_exception(cell, cell_index=index, exception=RuntimeError(what))
            else:
                # papermill's own marks are its manager's
                cell |= {key: what[key] for key in ("outputs", "execution_count") if key in what}
                if "execution" in what.metadata:
                    cell.metadata["execution"] = what.metadata["execution"]
                nb_man.cell_complete(cell, cell_index=index)

        executed = _executed(request, timeout, heard)
        # Displays of earlier cells may have been updated by later ones.
        for cell, done in zip(nb_man.nb.cells, executed.cells, strict=True):
            if "outputs" in done:
                cell["outputs"] = done.outputs
        for key in ("language_info", "widgets"):
            if key in executed.metadata:
                nb_man.nb.metadata[key] = executed.metadata[key]
        return notebooks.draw(nb_man.nb)


def _executed(request: dict[str, Any], timeout: float | None, heard: fork_client.Heard) -> Any:
    """The notebook as the report process answers; when there is no answer, the error of a plain kernel that dies."""
    try:
        answer = workers.lanes().warm.run(request, timeout=timeout, heard=heard)
    except fork_client.ReportEndedError as fault:
        kind = CellTimeoutError if "longer than" in str(fault) else DeadKernelError
        raise kind(f"cell {fault.cell + 1}: {fault}") from None
    if not answer["notebook"]:
        raise RuntimeError("\n".join(answer["error"]["traceback"]))
    return nbformat.reads(answer["notebook"], as_version=4)
