"""Turns executed notebooks into the files of an edition: drawings, page, notebook, charts, manifest.

Runs in a process that lives as long as the build (see `kurskdata.reports.run.workers`), because the converter takes half a
second to start.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurskdata import disk
from kurskdata.display import MIME
from kurskdata.drawing import cache
from kurskdata.drawing.svg import render_svg
from kurskdata.editions import Edition
from kurskdata.errors import KurskdataError
from kurskdata.reports.edition import manifest, notebooks

if TYPE_CHECKING:
    from kurskdata.embed.page import Described

_META = "edition.json"


def finish(
    edition: Edition,
    reports: list[notebooks.Executed],
    aside: Path,
    now: manifest.Inputs,
    drawings: Path | None,
    environment: Mapping[str, str],
) -> dict[str, str]:
    """Writes the files of an edition into a folder; returns the errors of reports that failed, by name."""
    cache.active = drawings
    os.environ.update(environment)
    meta: dict[str, Any] = {"name": edition.name, "parameters": edition.parameters()}
    meta |= {"reports": [], "charts": []}
    charts = _Charts(aside / "charts", meta["charts"])
    entries, errors = {}, {}
    for report in reports:
        entry = dict(report.kept or manifest.entry(report.stem, report.tables, now))
        failed = report.error or _written(edition, report, aside, charts, meta)
        if failed:
            entry["error"] = errors[report.stem] = _line(failed)
            _write_failure(edition, report, failed, aside)
            meta["reports"].append(_told(report.stem, f"{report.stem}: failed"))
        entries[report.stem] = entry
    disk.write(aside / _META, manifest.text(meta), synced=True)
    made = manifest.manifest(edition, now, entries, manifest.outputs(aside))
    disk.write(aside / manifest.NAME, manifest.text(made), synced=True)
    _settle(aside)
    return errors


def _written(
    edition: Edition, report: notebooks.Executed, aside: Path, charts: _Charts, meta: dict[str, Any]
) -> Mapping[str, Any] | None:
    """Writes page, notebook and charts of one report; returns what went wrong, if anything did."""
    from kurskdata.reports.edition import page as pages

    try:
        notebook = executed(report.text)
        version = manifest.installed().get("kurskdata", "unknown")
        shown = charts.write(report.stem, pages.charts(notebook))
        name = f"{report.stem}.ipynb"
        page = pages.page(notebook, edition, notebook_name=name, version=version, shown=shown)
    except OSError:
        raise
    except KurskdataError as fault:
        return {"ename": "", "evalue": str(fault), "traceback": []}
    except Exception as fault:
        told = traceback.format_exc().splitlines()
        return {"ename": type(fault).__name__, "evalue": str(fault), "traceback": told}
    disk.write(aside / f"{report.stem}.html", page, synced=True)
    disk.write(aside / f"{report.stem}.ipynb", _text(notebook), synced=True)
    meta["reports"].append(_told(report.stem, pages.title(notebook)))
    return None


def _told(stem: str, title: str) -> dict[str, str]:
    return {"title": title, "page": f"{stem}.html", "notebook": f"{stem}.ipynb"}


def executed(text: str) -> Any:
    """The notebook of that text, tidied, with its charts drawn."""
    from nbformat import v4

    # Without a check against the schema, which whoever made the text has made.
    return draw(notebooks.tidy(v4.reads(text)))


def draw(notebook: Any) -> Any:
    """Puts the drawings where the reports left their places."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if data.get("image/svg+xml") == notebooks.LATER:
                data["image/svg+xml"] = render_svg(data[MIME])
    return notebook


def _text(notebook: Any) -> str:
    """A notebook as JSON with a cell a line; indented, as nbformat writes it, it takes as long as to draw a chart."""
    cells = ",\n".join(_json(cell) for cell in notebook["cells"])
    rest = _json({name: part for name, part in notebook.items() if name != "cells"})
    return f'{{"cells": [\n{cells}\n], {rest[1:]}\n'


def _json(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True)


class _Charts:
    """The chart folders of an edition: charts of one name that differ get the notebook's name in front."""

    def __init__(self, folder: Path, told: list[dict[str, Any]]) -> None:
        self._folder, self._told = folder, told
        self._written: dict[str, tuple[dict[str, Any], Described]] = {}

    def write(self, stem: str, specs: list[dict[str, Any]]) -> list[tuple[str, Described]]:
        """Writes what does not stand yet; returns for each its folder and what its page says."""
        from kurskdata import embed

        shown = []
        for spec in specs:
            about = spec["usermeta"]["kurskdata"]
            name = about["chart"]
            if name in self._written and self._written[name][0] != spec:
                name = f"{stem}-{name}"
            if name not in self._written:
                try:
                    described = embed.write(spec, self._folder / name, notebook=f"../../{stem}.ipynb")
                except Exception:
                    shutil.rmtree(self._folder / name, ignore_errors=True)
                    raise
                self._written[name] = (spec, described)
                self._told.append({"name": name, "title": about["title"], "alt": about["alt"]})
            shown.append((name, self._written[name][1]))
        return shown


def _line(failed: Mapping[str, Any]) -> str:
    """An error in one line."""
    where = f"cell {failed['cell'] + 1}: " if "cell" in failed else ""
    name = f"{failed['ename']}: " if failed["ename"] else ""
    return f"{where}{name}{failed['evalue']}"


def _write_failure(
    edition: Edition, report: notebooks.Executed, failed: Mapping[str, Any], aside: Path
) -> None:
    """The page of a report that failed, and its notebook as far as it came."""
    import nbformat

    from kurskdata.templates import templates

    far = notebooks.tidy(nbformat.reads(report.text, as_version=4))
    disk.write(aside / f"{report.stem}.ipynb", _text(far), synced=True)

    told = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(failed.get("traceback", [])))
    page = templates().get_template("failed.html")
    cell = failed.get("cell")
    text = page.render(
        stem=report.stem,
        edition=edition.name,
        parameters=edition.parameters(),
        error=_line(failed),
        cell=None if cell is None else cell + 1,
        source=failed.get("source", ""),
        traceback=_plain_paths(told),
    )
    disk.write(aside / f"{report.stem}.html", text + "\n", synced=True)


def _plain_paths(text: str) -> str:
    """Tracebacks without the folders of this machine."""
    return re.sub(r"[^\s'\"(]*[/\\](?=[\w.-]+\.py\b)", "", text)


def _settle(folder: Path) -> None:
    """Makes sure that the files are on the disk before the folder gets its final name."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for path in [*folder.rglob("*"), folder]:
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
