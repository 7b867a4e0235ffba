"""What the ways to run a notebook have in common: parameters, what counts as an error, what is left out."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import functools
import json
import re
import shutil
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.editions import PARAMETERS, Edition
from kurskdata.errors import InputError

Failure = Mapping[str, Any]
"""What stopped a report, as `failure` gives it."""

LATER = "kurskdata:later"
"""Stands in an output for a drawing that the converters make."""


@dataclasses.dataclass(frozen=True)
class Executed:
    """A report on its way: the text of its notebook, the folder that it ran in, the tables that it read, if known, and
    what stopped it."""

    stem: str
    text: str = ""
    folder: str = ""
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


def workplace(given: Path | None) -> Path:
    """The folder in which a user edits notebooks, with all of ours in it; by default that of the checkout or, away from
    one, ``kurskdata-notebooks`` here. What is there already is left as it is, so that nobody's edits are lost."""
    own = folder()
    if given is None and own.parent != Path(__file__).parents[2]:
        return own
    target = given or Path("kurskdata-notebooks")
    disk.make_folder(target, "folder for notebooks")
    for path in sorted(own.glob("*.ipynb")):
        if not (target / path.name).exists():
            shutil.copyfile(path, target / path.name)
    return target


def check_parameters(path: Path) -> None:
    """Refuses a notebook that has no parameters cell or lacks one of the parameters that a build sets."""
    try:
        cells = disk.read_json(path, {"cells": [{"source?": object, "metadata?": dict}]})["cells"]
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

    ``failed`` are texts of errors that left no output, by number of the cell. A cell tagged ``raises-exception`` may
    raise, as for nbclient.
    """
    for index, cell in enumerate(notebook.cells):
        if "raises-exception" in cell.metadata.get("tags", []):
            continue
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
            specs = [part for kind, part in data.items() if kind.startswith("application/vnd.vega")]
            if specs and data.get("image/svg+xml", LATER) == LATER:
                drawing, reason = attempted(specs[0])
                if drawing:
                    data["image/svg+xml"] = drawing
                elif data.pop("image/svg+xml", None):
                    data["text/plain"] += f" (no drawing: {reason})"
    return notebook


def marks(cell: Any) -> set[str]:
    """What a cell asks for by tags, metadata of Jupyter and nbsphinx, or options of Quarto, as Jupyter Book writes it:
    remove-cell, remove-output, hide-cell, hide-output and others."""
    found = {str(tag).replace("_", "-").lower() for tag in cell.metadata.get("tags", [])}
    head = re.match(r"(?:[ \t]*#\|[^\n]*\n?)*", cell.source)
    options = set(re.findall(r"#\|[ \t]*(include|output)[ \t]*:[ \t]*false\b", head[0] if head else ""))
    if options & {"include"} or found & {"hide", "remove"} or cell.metadata.get("nbsphinx") == "hidden":
        found.add("remove-cell")
    if options & {"output"} or found & {"remove-all-outputs", "remove-outputs"}:
        found.add("remove-output")
    if cell.metadata.get("jupyter", {}).get("outputs_hidden") or cell.metadata.get("collapsed"):
        found.add("hide-output")
    return found


def shown(notebook: Any) -> Iterator[tuple[Any, set[str], list[Any]]]:
    """The cells that a page shows, each with its `marks` and the outputs that it shows."""
    for cell in notebook.cells:
        asked = marks(cell)
        if "remove-cell" not in asked:
            yield cell, asked, [] if "remove-output" in asked else cell.get("outputs", [])


def joined(notebook: Any) -> Any:
    """The notebook with one stream of each name in a cell, and lines overwritten where a progress bar did so.

    As nbclient's ``coalesce_streams``, which takes the square of the time and mistakes displays that are updated later.
    """
    for cell in notebook.cells:
        outputs: dict[Any, Any] = {}
        for number, output in enumerate(cell.get("outputs", [])):
            key = output.name if output.output_type == "stream" else number
            outputs.setdefault(key, []).append(output)
        for name in {"stdout", "stderr"} & set(outputs):
            text = "".join(output.text for output in outputs[name])
            outputs[name][0].text = re.sub(r"(?m)^.*\r(?=[^\n])", "", text)
        order = [*outputs]
        if "stderr\nstdout" in "\n".join(map(str, order)):  # the two are not in step: errors come second
            at = order.index("stderr")
            order[at : at + 2] = ["stdout", "stderr"]
        if outputs:
            cell["outputs"] = [outputs[key][0] for key in order]
    return notebook


def tidy(notebook: Any, cwd: str = "") -> Any:
    """Takes out what differs from run to run and from machine to machine: times, durations, process numbers, random ids
    of cells and of tables that pandas styles, places in memory, and folders; ``cwd`` is the one that it ran in."""
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
        for place, output in enumerate(cell.get("outputs", [])):
            if output.output_type == "stream":
                output["text"] = without_places(output["text"], cwd)
            elif output.output_type == "error":
                output["evalue"] = without_places(output["evalue"], cwd)
                output["traceback"] = [without_places(line, cwd) for line in output["traceback"]]
            for kind, text in output.get("data", {}).items():
                if kind.startswith("text/") and isinstance(text, str):
                    key = f"{cell['id']}-{place}"
                    output["data"][kind] = _with_settled_ids(without_places(text, cwd), key)
    return notebook


def without_places(text: str, cwd: str = "") -> str:
    """A text without what only this machine or this process knows: folders, numbers of processes, places in memory."""
    text = re.sub(r"(?<![^\s'\"])[^\s'\"]*ipykernel_\d+[/\\](\d+\.py)", r"ipykernel/\1", text)
    text = re.sub(r"\bat 0x[0-9a-fA-F]{6,}", "at 0x0", text).encode(errors="replace").decode()
    short, home = {"": ".", "/": "", "\\": ""}, str(Path.home())
    return _folders(cwd).sub(lambda f: f"~{f[2]}" if f[1] == home else short[f[2]], text)


@functools.lru_cache
def _folders(cwd: str) -> re.Pattern[str]:
    """The folders of Python, of the package, of a notebook and of the user, the longest first."""
    places = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "data")}
    places |= {str(Path(__file__).parents[3]), str(Path.home()), cwd} - {""}
    known = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True) if len(place) > 3)
    # Not inside a web address; colours may stand before a path.
    return re.compile(rf"(?:(?<![\w.~-])|(?<=\x1b\[\dm)|(?<=\x1b\[\d\dm))({known})([/\\]|(?![\w.-]))")


def _with_settled_ids(html: str, key: str) -> str:
    """A table of pandas' Styler with the id ``key`` in the place of its random one."""
    ids: dict[str, str] = {}
    for found in re.findall(r'\bid="(T_[0-9a-f]{5,32})"', html):
        ids.setdefault(found, f"T_{key}-{len(ids)}")
    return re.sub(r"\bT_[0-9a-f]{5,32}(?![0-9a-f])", lambda found: ids.get(found[0], found[0]), html)


def epoch(edition: Edition) -> str:
    """Midnight UTC of the edition's day, in seconds since 1970: what its files take for now."""
    return str(int(dt.datetime(*edition.as_of.timetuple()[:3], tzinfo=dt.UTC).timestamp()))
