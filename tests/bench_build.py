"""What a batch costs, side by side in one run: papermill's API, and `kursk build`, which draw with the same renderer.

    python tests/bench_build.py           14 editions of the report, then 140
    python tests/bench_build.py --quick   3 editions, then 12
    python tests/bench_build.py --full    and 1,400

Times are also given in units of ``python -c 'import pandas, altair'`` ("base"), so that machines compare. A chart is
four pictures: its drawing for pages and editors and that for phones, a PNG, and a card; what a day without news leaves
as it was is drawn once.
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
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from kurskdata.drawing import vega_engine
from kurskdata.editions import Edition, matrix
from kurskdata.reports.edition import notebooks

REPORT = notebooks.find("report")


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


def api(batch: list[Edition], out: Path) -> None:
    """papermill's API in a pool of two processes."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
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
    print(f"{name:<40} {count:5} {seconds:8.1f} s {each:7.2f} s {each / base:6.2f} base  {note}", flush=True)


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


def built(count: int, folder: Path, base: float) -> float:
    """Builds so many editions with nothing kept from before, and tells what that took."""
    kept, out = folder / f"kept-{count}", folder / str(count)
    nothing_kept(kept)
    with Watch(out) as watch:
        seconds = timed(lambda: kursk(editions(count), out))
    asked, drawn = 4 * len([*out.glob("*/charts/*/chart.vl.json")]), len([*kept.glob("??/*")])
    note = f"first page {watch.first:.1f} s, memory {watch.peak / 2**20:.0f} MB, "
    row("kursk build -j 2", seconds, count, base, f"{note}{drawn:,} of {asked:,} pictures drawn")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    count, larger = (3, [12]) if given.quick else (14, [140, 1400] if given.full else [140])
    base = min(timed(lambda: run(sys.executable, "-c", "import pandas, altair")) for _ in range(3))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; base: {base:.2f} s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nothing_kept(folder / "kept")
        pooled = timed(lambda: api(editions(count), folder / "api"))
        row("papermill's API, two processes", pooled, count, base)
        ours = built(count, folder, base)
        print(f"  kursk build is {pooled / ours:.1f} times faster")
        for number in larger:
            seconds = built(number, folder, base)
            print(f"  {number / count:.0f} times the editions take {seconds / ours:.1f} times as long")
            shutil.rmtree(folder / str(number))
        print("Nothing to do")
        for number in (20, 1000):
            row(f"kursk build of {number:,} that stand", idle(folder / str(count), number), 1, base)


if __name__ == "__main__":
    main()
