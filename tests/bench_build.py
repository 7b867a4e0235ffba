"""What a batch costs, side by side in one run: a shell loop, papermill's API, and `kursk build`.

    python tests/bench_build.py           14 editions of the report, then 140
    python tests/bench_build.py --quick   3 editions, then 12
    python tests/bench_build.py --full    and 1,400

Times are also given in units of ``python -c 'import pandas, altair'`` ("base"), so that machines compare.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from kurskdata.drawing import vega_engine
from kurskdata.editions import Edition, matrix
from kurskdata.reports.edition import notebooks
from kurskdata.reports.run import workers

REPORT = notebooks.find("report")
EXPORT = """
import sys, pathlib, nbformat
from kurskdata import embed
from kurskdata.reports.edition import page
for spec in page.charts(nbformat.read(sys.argv[1], as_version=4)):
    embed.write(spec, pathlib.Path(sys.argv[2]) / spec["usermeta"]["kurskdata"]["chart"])
"""


def editions(count: int) -> list[Edition]:
    """So many editions: days back from 14 March 2025, then other units and themes."""
    days = [dt.date(2025, 3, 14) - dt.timedelta(n) for n in range(min(count, 200))]
    found = matrix(days, ("km2", "sq_mi"), ("en",), ("light", "dark"))
    ordered = sorted(found, key=lambda e: (e.units, e.theme, -e.as_of.toordinal()))
    starts = [dt.date(2025, 1, 1) + dt.timedelta(n) for n in range(30)]
    ordered += [Edition(e.as_of, e.units, e.language, e.theme, s) for s in starts for e in ordered[:40]]
    return ordered[:count]


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def papermill_cli(edition: Edition, target: Path) -> None:
    given = [part for name, value in edition.parameters().items() for part in ("-r", name, value)]
    python = (sys.executable, "-m", "papermill", "--no-progress-bar", "--cwd", REPORT.parent, "-k", "python3")
    run(*python, REPORT, target, *given)


def loop(batch: list[Edition], out: Path) -> None:
    """A shell loop: papermill, nbconvert, and a script that writes the charts."""
    for edition in batch:
        folder = out / edition.name
        folder.mkdir(parents=True)
        papermill_cli(edition, folder / "report.ipynb")
        run(sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", folder / "report.ipynb")
        run(sys.executable, "-c", EXPORT, folder / "report.ipynb", folder / "charts")


def one_by_api(edition: Edition, out: Path) -> None:
    """One edition by papermill's API: notebook, page, charts."""
    import papermill
    from nbconvert import HTMLExporter

    from kurskdata import embed
    from kurskdata.reports.edition import page

    folder = out / edition.name
    folder.mkdir(parents=True)
    target = str(folder / "report.ipynb")
    options = {"kernel_name": "python3", "progress_bar": False, "cwd": str(REPORT.parent)}
    done = papermill.execute_notebook(str(REPORT), target, edition.parameters(), **options)
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(done)
    (folder / "report.html").write_text(html, "utf-8")
    for spec in page.charts(done):
        embed.write(spec, folder / "charts" / spec["usermeta"]["kurskdata"]["chart"])


def by_converter() -> None:
    """Has this process draw with vl-convert, as Altair saves charts; what only the package's own renderer makes, the
    drawings for pages and for editors, comes from there."""
    import usual_renderer

    from kurskdata.drawing import png

    own = vega_engine.svg

    def both(source: str, sides: str = "null") -> str:
        usual = usual_renderer.svg(source)
        return usual if sides == "null" else json.dumps({**json.loads(own(source, sides)), "svg": usual})

    vega_engine.svg = both
    png.pixels_of = usual_renderer.pixels


def api(batch: list[Edition], out: Path, prepare: Callable[[], None] | None = None) -> None:
    """papermill's API in a pool of two processes."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, initializer=prepare) as pool:
        for future in [pool.submit(one_by_api, edition, out) for edition in batch]:
            future.result()


def kursk(batch: list[Edition], out: Path, *options: str) -> None:
    """`kursk build` for any editions, in a process of its own."""
    code = (
        "import sys, json, pathlib; from kurskdata import editions; from kurskdata.reports import batch;"
        "from kurskdata.reports.progress import follow;"
        "wanted = [editions.edition(p) for p in json.load(open(sys.argv[1]))];"
        "out = pathlib.Path(sys.argv[2]);"
        "outcomes = batch.build(wanted, [batch.notebook('report')], out, batch.Options(jobs=2));"
        "sys.exit(follow(outcomes, len(wanted), out, as_json=True))"
    )
    told = out.with_suffix(".json")
    told.write_text(json.dumps([edition.parameters() for edition in batch]))
    run(sys.executable, "-c", code, told, out, *options)


def alone(batch: list[Edition]) -> float:
    """Executes the notebooks of a batch two at a time, nothing written; the seconds that their cells took."""
    text = notebooks.without_outputs(REPORT)

    def one(edition: Edition) -> float:
        request = {
            "notebook": text, "parameters": edition.parameters(), "cwd": str(REPORT.parent),
            "environment": {"KURSKDATA_SVG": notebooks.LATER}, "options": {"coalesce_streams": True}, "cells": True,
        }  # fmt: skip
        began, took = 0.0, 0.0

        def heard(kind: str, _index: int, _what: Any) -> None:
            nonlocal began, took
            if kind == "start":
                began = time.perf_counter()
            elif kind == "cell":
                took += time.perf_counter() - began

        workers.lanes().warm.run(request, timeout=120, heard=heard)
        return took

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(one, batch))


def drawn(out: Path) -> float:
    """Draws every chart of a build once more, as its files need it, in one warm process; the seconds that took."""
    from kurskdata.drawing import cache
    from kurskdata.drawing.png import render_png
    from kurskdata.drawing.svg import editors_svg, narrow_drawing
    from kurskdata.embed import card, page

    specs = [json.loads(path.read_text("utf-8")) for path in sorted(out.glob("*/charts/*/chart.vl.json"))]

    def draw(spec: dict[str, Any]) -> None:
        page.drawing(spec)
        page.drawing(narrow_drawing(spec) or spec)
        render_png(editors_svg(spec))
        render_png(card.svg(spec), 1)

    for spec in specs[:12]:
        draw(spec)
    cache._drawn.clear()
    return timed(lambda: [draw(spec) for spec in specs])


class Watch:
    """The largest memory of all processes below this one, each page counted once (PSS), and the first page."""

    def __init__(self, out: Path) -> None:
        self.out, self.peak, self.first = out, 0, 0.0
        self._begun, self._end = time.perf_counter(), threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        beat = 0
        while not self._end.wait(0.1):
            if not self.first and any(self.out.glob("*/report.html")):
                self.first = time.perf_counter() - self._begun
            beat += 1
            if beat % 10 == 0:
                self.peak = max(self.peak, sum(self._sizes()))

    def _sizes(self) -> Iterator[int]:
        for process in psutil.Process().children(recursive=True):
            try:
                yield process.memory_full_info().pss
            except psutil.Error:
                continue


def nothing_kept(cache: Path) -> None:
    """Starts with no drawing kept. All find the drawing libraries put together, which a machine does once."""
    os.environ["KURSKDATA_CACHE"] = str(cache)
    vega_engine.script.cache_clear()
    vega_engine.script()


def row(name: str, seconds: float, count: int, base: float, note: str = "") -> None:
    each = seconds / count
    print(f"{name:<52} {seconds:8.1f} s {each:7.2f} s {each / base:7.2f} base  {note}", flush=True)


def idle(out: Path, count: int) -> float:
    """A build with nothing to do, over so many editions: copies of one under other names."""
    batch = editions(count)
    (model,) = [p.parent for p in out.glob("*/manifest.json")][:1]
    told = json.loads((model / "manifest.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "out"
        for edition in batch:
            shutil.copytree(model, place / edition.name)
            mine = told | {"edition": edition.name, "parameters": edition.parameters()}
            (place / edition.name / "manifest.json").write_text(json.dumps(mine), "utf-8")
        kursk(batch, place)
        return min(timed(lambda: kursk(batch, place)) for _ in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    count, larger = (3, [12]) if given.quick else (14, [140, 1400] if given.full else [140])
    base = min(timed(lambda: run(sys.executable, "-c", "import pandas, altair")) for _ in range(3))
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; base, python -c 'import pandas, altair': {base:.2f} s"
    )
    batch = editions(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"\n{count} editions of the report with all exports     {'total':>14} {'each':>9}")
        nothing_kept(folder / "kept")
        slow = timed(lambda: loop(batch, folder / "loop"))
        row("loop of papermill, nbconvert and an export script", slow, count, base)
        pooled = timed(lambda: api(batch, folder / "api"))
        row("papermill's API, two processes", pooled, count, base)
        saved = timed(lambda: api(batch, folder / "saved", by_converter))
        row("  with charts drawn by vl-convert, as Altair saves", saved, count, base)
        with Watch(folder / "kursk") as watch:
            ours = timed(lambda: kursk(batch, folder / "kursk"))
        note = f"first page {watch.first:.1f} s, memory {watch.peak / 2**20:.0f} MB"
        row("kursk build -j 2", ours, count, base, note)
        drawing = drawn(folder / "kursk") / 2
        row("  of which the drawings (over two cores)", drawing, count, base)
        print(f"\nExecution alone, {count} editions")
        cli = timed(lambda: [papermill_cli(edition, folder / "x.ipynb") for edition in batch])
        row("loop of papermill", cli, count, base)
        workers.lanes().warm.start()
        alone(batch[:1])
        cells: list[float] = []
        executed = timed(lambda: cells.append(alone(batch)))
        row("engine kursk, two at a time, warm", executed, count, base)
        row("  of which the cells themselves (over two cores)", cells[0] / 2, count, base)
        floor = drawing + cells[0] / 2
        print(
            f"The floor of kursk build, cells and drawings alone: {floor:.1f} s, {ours / floor:.2f} of it taken"
        )
        workers.stop()
        print("\nNothing to do")
        for number in (20, 1000):
            row(f"kursk build, {number} editions that stand", idle(folder / "kursk", number), 1, base)
        print("\nLinear")
        for number in larger:
            nothing_kept(folder / f"kept-{number}")
            with Watch(folder / str(number)) as watch:
                seconds = timed(lambda: kursk(editions(number), folder / str(number)))  # noqa: B023
            row(
                f"kursk build -j 2, {number} editions",
                seconds,
                number,
                base,
                f"memory {watch.peak / 2**20:.0f} MB",
            )
            shutil.rmtree(folder / str(number))
    print("\nRatios (target)")
    print(f"  against the loop            {slow / ours:5.1f} (15)")
    print(
        f"  against the API in a pool   {pooled / ours:5.1f} (8); {saved / ours:.1f} where vl-convert draws"
    )
    print(f"  execution alone             {cli / executed:5.1f} (20)")


if __name__ == "__main__":
    main()
