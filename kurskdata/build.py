"""Editions x notebooks -> reports: executes notebooks with papermill and writes pages, charts and the index.

An edition is made in a folder beside its place and moved there when it is whole, so that a build that stops
leaves what was finished.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kurskdata.editions import PARAMETERS, Edition
from kurskdata.errors import BuildError, InputError

_META = "edition.json"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one edition: the pages written, or the error that stopped it."""

    edition: Edition
    pages: tuple[Path, ...] = ()
    error: str = ""


def notebooks_folder() -> Path:
    """The folder of the notebooks: inside the installed package or, in a checkout, beside it."""
    packaged = Path(__file__).parent / "notebooks"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "notebooks"


def notebook(name: str) -> Path:
    """The notebook of that name or path. Raises InputError that lists the notebooks there are."""
    own = notebooks_folder() / f"{name}.ipynb"
    if own.is_file():
        return own
    if Path(name).suffix == ".ipynb" and Path(name).is_file():
        return Path(name)
    known = sorted(path.stem for path in notebooks_folder().glob("*.ipynb"))
    raise InputError(
        f"notebook: {name!r} is not known; allowed: {', '.join(known)}, or the path of an .ipynb file"
    )


def check_parameters(path: Path) -> None:
    """Refuses a notebook that has no parameters cell or lacks one of the parameters that a build sets."""
    import papermill

    known = papermill.inspect_notebook(str(path))
    missing = [name for name in PARAMETERS if name not in known]
    if missing:
        raise InputError(f"{path}: the cell tagged 'parameters' lacks {', '.join(missing)}")


def build(editions: Iterable[Edition], notebooks: Iterable[Path], out: Path) -> Iterator[Outcome]:
    """Makes every edition and yields what became of each; at the end writes the index over all."""
    paths = list(notebooks)
    for path in paths:
        check_parameters(path)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(f"{out}: cannot be used as output folder ({fault.strerror})") from None
    for edition in editions:
        try:
            yield Outcome(edition, tuple(_make(edition, paths, out)))
        except BuildError as fault:
            yield Outcome(edition, error=str(fault))
    write_index(out)


def _make(edition: Edition, notebooks: list[Path], out: Path) -> list[Path]:
    """One edition, made aside and moved to its place."""
    from kurskdata import embed, report

    aside, place = out / f".{edition.name}.part", out / edition.name
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    meta: dict[str, Any] = {
        "name": edition.name,
        "parameters": edition.parameters(),
        "reports": [],
        "charts": [],
    }
    written: dict[str, Any] = {}
    for path in notebooks:
        executed = run(path, edition)
        page = report.page(executed, edition, notebook_name=path.name, version=version())
        (aside / f"{path.stem}.html").write_text(page, "utf-8", newline="\n")
        _write_notebook(executed, aside / path.name)
        meta["reports"].append(
            {"title": report.title(executed), "page": f"{path.stem}.html", "notebook": path.name}
        )
        for spec in report.charts(executed):
            told = spec["usermeta"]["kurskdata"]
            name = (
                told["chart"] if written.get(told["chart"], spec) == spec else f"{path.stem}-{told['chart']}"
            )
            if name not in written:
                written[name] = spec
                embed.write(spec, aside / "charts" / name)
                meta["charts"].append({"name": name, "title": told["title"], "alt": told["alt"]})
    (aside / _META).write_text(
        json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n"
    )
    shutil.rmtree(place, ignore_errors=True)
    aside.rename(place)
    return [place / f"{path.stem}.html" for path in notebooks]


def run(path: Path, edition: Edition) -> Any:
    """The notebook executed with the parameters of the edition. Raises BuildError with cell and error."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from kurskdata import report

    try:
        executed = papermill.execute_notebook(
            str(path),
            None,
            parameters=edition.parameters(),
            kernel_name="python3",
            progress_bar=False,
            cwd=str(path.parent),
            # Kernels of one machine need no advice on transport encryption.
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
    except PapermillExecutionError as fault:
        raise BuildError(
            f"{path.name}, {edition.name}, cell {fault.cell_index + 1}: {fault.ename}: {fault.evalue}"
        ) from None
    return report.tidy(executed)


def _write_notebook(executed: Any, path: Path) -> None:
    import nbformat

    text = nbformat.writes(executed, version=4)
    path.write_text(text.rstrip("\n") + "\n", "utf-8", newline="\n")


def write_index(out: Path) -> Path:
    """The page over all editions that stand in a folder."""
    from kurskdata import report

    editions = [json.loads(path.read_text("utf-8")) for path in sorted(out.glob(f"*/{_META}"))]
    page = report.templates().get_template("index.html").render(editions=editions)
    target = out / "index.html"
    aside = out / ".index.html.part"
    aside.write_text(page, "utf-8", newline="\n")
    aside.replace(target)
    return target


def version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version as installed

    return installed("kurskdata")
