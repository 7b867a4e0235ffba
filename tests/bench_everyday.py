"""What everyday use costs, side by side in one run: an export, a notebook's import cell, Altair loaded both ways.

    python tests/bench_everyday.py             best of 5
    python tests/bench_everyday.py --quick     best of 2

Times are also given in units of ``python -c 'import pandas'`` ("base"), so that machines compare, and as time of the
processor, which other programs on the machine hardly change. Every run is a process of its own; the ways take turns.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CELL = "import kurskdata as kd; from kurskdata import charts, display, sentences"
WAYS = {
    "base: import pandas": ("-c", "import pandas"),
    "import altair": ("-c", "import altair"),
    "kurskdata's load_altair": (
        "-c", "from kurskdata.drawing.altair_import import load_altair; load_altair()",
    ),
    "import cell of a notebook": ("-c", CELL),
    "kursk export area": ("-m", "kurskdata.cli", "export", "area", "-o"),
    "kursk data list": ("-m", "kurskdata.cli", "data", "list"),
    "kursk --help": ("-m", "kurskdata.cli", "--help"),
}  # fmt: skip
AT_MOST = {"import cell of a notebook": 2.0, "kursk export area": 2.0}
"""Seconds that a user may wait, on a machine that does nothing else."""


def seconds(arguments: tuple[str, ...], folder: Path) -> tuple[float, float]:
    """Elapsed time and processor time of one run in a process of its own; a command that ends with ``-o`` gets an empty folder."""
    given = (*arguments, str(folder / f"{time.monotonic_ns()}")) if arguments[-1] == "-o" else arguments
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *given], check=True, capture_output=True)
    elapsed, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 2 if parser.parse_args().quick else 5
    best = dict.fromkeys(WAYS, (float("inf"), float("inf")))
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for way, arguments in WAYS.items():
                elapsed, processor = seconds(arguments, Path(folder))
                best[way] = (min(best[way][0], elapsed), min(best[way][1], processor))
    base = best["base: import pandas"][0]
    for way, (elapsed, processor) in best.items():
        limit = f"  (aim: at most {AT_MOST[way]:.1f} s)" if way in AT_MOST else ""
        print(f"{way:<28} {elapsed:6.2f} s {elapsed / base:6.1f} base {processor:6.2f} s processor{limit}")
    ratio = best["import altair"][1] / best["kurskdata's load_altair"][1]
    print(f"Altair loads with {ratio:.1f} times less processor time through kurskdata")


if __name__ == "__main__":
    main()
