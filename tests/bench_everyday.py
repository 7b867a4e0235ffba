"""What everyday use costs, side by side in one run: an export, a notebook's import cell, Altair loaded both ways.

    python tests/bench_everyday.py             best of 5
    python tests/bench_everyday.py --quick     best of 2

Times are also given in units of ``python -c 'import pandas'`` ("base"), so that machines compare. Every run is a
process of its own; the ways take turns, so that a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
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


def seconds(arguments: tuple[str, ...], folder: Path) -> float:
    """One run in a process of its own; a command that ends with ``-o`` gets an empty folder."""
    given = (*arguments, str(folder / f"{time.monotonic_ns()}")) if arguments[-1] == "-o" else arguments
    begun = time.perf_counter()
    subprocess.run([sys.executable, *given], check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 2 if parser.parse_args().quick else 5
    best = dict.fromkeys(WAYS, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for way, arguments in WAYS.items():
                best[way] = min(best[way], seconds(arguments, Path(folder)))
    base = best["base: import pandas"]
    for way, time_taken in best.items():
        limit = f"  (at most {AT_MOST[way]:.1f} s)" if way in AT_MOST else ""
        print(f"{way:<28} {time_taken:6.2f} s  {time_taken / base:5.1f} base{limit}")
    ratio = best["import altair"] / best["kurskdata's load_altair"]
    print(f"Altair loads {ratio:.1f} times faster through kurskdata")
    return 1 if any(best[way] > limit for way, limit in AT_MOST.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
