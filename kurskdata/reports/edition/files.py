"""Turns executed notebooks into the files of an edition: drawings, page, notebook, charts, manifest.

Runs in a process that lives as long as the build (see `kurskdata.reports.run.workers`), because the converter
takes half a second to start.
"""

from __future__ import annotations

import functools
import json
import os
import re
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat

from kurskdata import disk, embed
from kurskdata.drawing import cache
from kurskdata.editions import Edition
from kurskdata.embed.page import Described
from kurskdata.errors import KurskdataError
from kurskdata.reports.edition import corrected, manifest, notebooks
from kurskdata.reports.edition import page as pages
from kurskdata.templates import filled

Spec = dict[str, Any]
Standing = dict[str, tuple[Spec, Described]]
"""The charts of an edition that are written, by the name of their folder, with what their page says."""


def finish(
    edition: Edition,
    reports: list[notebooks.Executed],
    aside: Path,
    now: manifest.Inputs,
    drawings: Path | None,
    environment: Mapping[str, str],
    marks: list[corrected.Mark],
) -> dict[str, str]:
    """Writes the files of an edition into a folder, with what its charts say of corrections; returns the errors of reports that failed, by name."""
    cache.active = drawings
    os.environ.update(environment)
    standing: Standing = {}
    entries, errors, listed = {}, {}, []
    address = f"{now.common['address']}{edition.name}/" if now.common["address"] else ""
    for report in reports:
        stem = report.stem
        entries[stem] = dict(report.kept or manifest.entry(stem, report.tables, now))
        title, failure = _written(edition, report, aside, standing, address, marks)
        if failure:
            entries[stem]["error"] = errors[stem] = notebooks.error_line(failure)
            _write_failure(edition, report, failure, aside)
        listed.append({"title": title, "page": f"{stem}.html", "notebook": f"{stem}.ipynb"})
    charts = [manifest.chart(name, described) for name, (_, described) in standing.items()]
    parameters = edition.parameters()
    held = {"name": edition.name, "parameters": parameters, "reports": listed, "charts": charts}
    held |= {"corrected": marks} if marks else {}
    disk.write(aside / manifest.CONTENTS, manifest.text(held))
    made = {"manifest": manifest.FORMAT, "edition": edition.name, "parameters": parameters, **now.common}
    made |= {"reports": entries, "outputs": manifest.outputs(aside)}
    disk.write(aside / manifest.NAME, manifest.text(made))
    _settle(aside)
    return errors


def _written(
    edition: Edition,
    report: notebooks.Executed,
    aside: Path,
    standing: Standing,
    address: str,
    marks: list[corrected.Mark],
) -> tuple[str, notebooks.Failure | None]:
    """Writes page, notebook and charts of one report; returns its title and what stopped it, if anything did."""
    failure = report.error
    try:
        if not failure:
            # Without a check against the schema, which whoever made the text has made.
            notebook = notebooks.draw(notebooks.tidy(nbformat.v4.reads(report.text), report.folder))
            version = manifest.installed().get("kurskdata", "unknown")
            specs = [_marked(spec, marks) for spec in pages.charts(notebook)]
            embeds = _embeds(report.stem, specs, aside / "charts", standing, address)
            name = f"{report.stem}.ipynb"
            page = pages.page(notebook, edition, name, version, embeds, address)
    except OSError:
        raise
    except KurskdataError as fault:
        failure = notebooks.failure("", str(fault))
    except Exception as fault:
        lines = traceback.format_exc().splitlines()
        failure = notebooks.failure(type(fault).__name__, str(fault), lines)
    if failure:
        return f"{report.stem}: failed", failure
    disk.write(aside / f"{report.stem}.html", page)
    disk.write(aside / name, _text(notebook))
    return pages.title(notebook), None


def _marked(spec: Spec, marks: list[corrected.Mark]) -> Spec:
    """A chart with what its page says of corrections."""
    meta = spec["usermeta"]["kurskdata"]
    told = corrected.lines([one for one in marks if one["chart"] == meta["chart"]], meta["language"])
    return {**spec, "usermeta": {"kurskdata": {**meta, "corrected": told}}} if told else spec


def _text(notebook: Any) -> str:
    """A notebook as JSON with a cell a line; indented, as nbformat writes it, it takes as long as to draw a chart."""
    dumps = functools.partial(json.dumps, ensure_ascii=False, sort_keys=True)
    cells = ",\n".join(map(dumps, notebook["cells"]))
    rest = dumps({name: part for name, part in notebook.items() if name != "cells"})
    return f'{{"cells": [\n{cells}\n], {rest[1:]}\n'


def _embeds(
    report: str, specs: list[Spec], folder: Path, standing: Standing, address: str
) -> list[tuple[str, Described]]:
    """The folder of each chart and what its page says, written where it does not stand yet.

    A chart that differs from another one of its name has the report's name in front.
    """
    embeds = []
    for spec in specs:
        name = spec["usermeta"]["kurskdata"]["chart"]
        if name in standing and standing[name][0] != spec:
            name = f"{report}-{name}"
        if name not in standing:
            at, behind = address and f"{address}charts/{quote(name)}", f"../../{quote(report)}.ipynb"
            standing[name] = spec, embed.write(spec, folder / name, address=at, notebook=behind)
        embeds.append((name, standing[name][1]))
    return embeds


def _write_failure(
    edition: Edition, report: notebooks.Executed, failure: notebooks.Failure, aside: Path
) -> None:
    """The page of a report that failed, and its notebook up to the error."""
    notebook = notebooks.tidy(nbformat.reads(report.text, as_version=4), report.folder)
    disk.write(aside / f"{report.stem}.ipynb", _text(notebook))
    lines = pages.plain("\n".join(failure["traceback"]))
    text = filled(
        "failed.html",
        stem=report.stem,
        edition=edition,
        error=pages.plain(notebooks.without_places(notebooks.error_line(failure), report.folder)),
        cell=failure["cell"] + 1 if "cell" in failure else None,
        source=failure.get("source", ""),
        traceback=re.sub(r"(?<![^\s'\"(])[^\s'\"(]*[/\\](?=[\w.-]+\.py\b)", "", lines),
    )
    disk.write(aside / f"{report.stem}.html", text + "\n")


def _settle(folder: Path) -> None:
    """Makes sure that the files are on the disk before the folder gets its final name; side by side, because each waits
    for the disk and a disk takes several at once."""
    if not hasattr(os, "O_DIRECTORY"):
        return

    def settle(path: Path) -> None:
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    with ThreadPoolExecutor(8) as side_by_side:
        list(side_by_side.map(settle, [*folder.rglob("*"), folder]))
