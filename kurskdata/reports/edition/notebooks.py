"""What the ways to run a notebook have in common: parameters, what counts as an error, what is left out."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kurskdata.editions import PARAMETERS, Edition
from kurskdata.errors import InputError

Failure = Mapping[str, Any]
"""What stopped a report, as `failure` gives it."""

LATER = "kurskdata:later"
"""Stands in an output for a drawing that the converters make."""


@dataclasses.dataclass(frozen=True)
class Executed:
    """A report on its way: the text of its notebook, the tables that it read, if known, and what stopped it."""

    stem: str
    text: str = ""
    tables: Sequence[str] | None = None
    error: Failure | None = None
    kept: Mapping[str, Any] | None = None
    """Its entry in the manifest where the notebook stands from an earlier build."""


def folder() -> Path:
    """The folder of the notebooks: inside the installed package or, in a checkout, beside it."""
    package = Path(__file__).parents[2]
    packaged = package / "notebooks"
    return packaged if packaged.is_dir() else package.parent / "notebooks"


def find(name: str) -> Path:
    """The notebook of that name or path. Raises InputError that lists the notebooks there are."""
    own = folder() / f"{name}.ipynb"
    if own.is_file():
        return own
    if Path(name).suffix == ".ipynb" and Path(name).is_file():
        return Path(name)
    known = sorted(path.stem for path in folder().glob("*.ipynb"))
    raise InputError(
        f"notebook: {name!r} is not known; allowed: {', '.join(known)}, or the path of an .ipynb file"
    )


def check_parameters(path: Path) -> None:
    """Refuses a notebook that has no parameters cell or lacks one of the parameters that a build sets."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
        nodes = [node for cell in tagged for node in ast.walk(ast.parse("".join(cell["source"])))]
    except SyntaxError as fault:
        raise InputError(f"{path}: the parameters cell is not Python ({fault})") from None
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise InputError(f"{path}: not a notebook ({fault})") from None
    known = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    missing = [name for name in PARAMETERS if name not in known]
    if missing:
        raise InputError(f"{path}: the cell tagged 'parameters' lacks {', '.join(missing)}")


def without_outputs(path: Path) -> str:
    """The text of a notebook without the outputs of its last run, which a new one drops: they can be large."""
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = []
    return json.dumps(notebook, ensure_ascii=False)


def parameterized(notebook: Any, parameters: Mapping[str, str]) -> Any:
    """The notebook with a cell of these parameters, as papermill writes it."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    return parameterize_notebook(load_notebook_node(notebook), dict(parameters), kernel_name="python3")


def error(notebook: Any, failed: Mapping[int, str] | None = None) -> dict[str, Any] | None:
    """The first error in an executed notebook by papermill's rules, as `failure` gives it.

    ``failed`` are texts of errors that left no output, by number of the cell.
    """
    for index, cell in enumerate(notebook.cells):
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        place = {"cell": index, "source": cell.source}
        for stop in errors:
            if stop.ename != "SystemExit" or stop.evalue not in ("", "0"):
                return failure(stop.ename, stop.evalue, stop.traceback, **place)
        if not errors and failed and index in failed:
            return failure("CellExecutionError", failed[index], **place)
    return None


def failure(ename: str, evalue: str, traceback: Iterable[str] = (), **place: Any) -> dict[str, Any]:
    """What stopped a report: name, text and traceback of the error and, where it was one, its cell and source."""
    return {**place, "ename": ename, "evalue": evalue, "traceback": list(traceback)}


def error_line(error: Failure) -> str:
    """What stopped a report in one line, with the number of its cell from 1."""
    where = f"cell {error['cell'] + 1}: " if "cell" in error else ""
    name = f"{error['ename']}: " if error["ename"] else ""
    return f"{where}{name}{error['evalue']}"


def draw(notebook: Any) -> Any:
    """Puts the drawings where the reports left their places; what cannot be drawn says why in its text."""
    from kurskdata.drawing.svg import attempted

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            spec = next(
                (part for kind, part in data.items() if kind.startswith("application/vnd.vega")), None
            )
            if spec and data.get("image/svg+xml", LATER) == LATER:
                drawing, reason = attempted(spec)
                if drawing:
                    data["image/svg+xml"] = drawing
                elif data.pop("image/svg+xml", None):
                    data["text/plain"] += f" (no drawing: {reason})"
    return notebook


def tidy(notebook: Any) -> Any:
    """Takes out what differs from run to run: times, durations, process numbers and random cell ids."""
    for name in ("papermill", "widgets"):
        notebook.metadata.pop(name, None)
    for number, cell in enumerate(notebook.cells):
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            cell.source = re.sub(r"\A# Parameters\n", "# Parameters of this edition\n", cell.source)
        elif not cell.get("id"):
            cell["id"] = f"cell-{number}"
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output["text"] = _without_process_numbers(output["text"])
            elif output.output_type == "error":
                output["traceback"] = [_without_process_numbers(line) for line in output["traceback"]]
    return notebook


def _without_process_numbers(text: str) -> str:
    return re.sub(r"[^\s'\"]*ipykernel_\d+[/\\](\d+\.py)", r"ipykernel/\1", text)


def epoch(edition: Edition) -> str:
    """Midnight UTC of the edition's day, in seconds since 1970: what its files take for now."""
    return str(int(dt.datetime(*edition.as_of.timetuple()[:3], tzinfo=dt.UTC).timestamp()))
