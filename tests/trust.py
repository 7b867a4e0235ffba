"""The proof under fire: ``make trust`` tries every door with inputs that hypothesis makes, disturbs a build of many
editions, runs the notebooks again and again, and prints one table. It exits with 1 if anything was lost.

Variables: MINUTES for all doors together (10), EDITIONS of the soak (1,000), SEED of the inputs (0), and ONLY, some of
doors, soak, notebooks, referee and types, with commas. What was lost is in ``build/trust``, with its input.
"""

from __future__ import annotations

import collections
import json
import os
import random
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FINDS = ROOT / "build" / "trust"
SEED = int(os.environ.get("SEED", "0"))
TIMES = 10
Row = dict[str, Any]


def door(name: str, seconds: float) -> Row:
    """Tries one door for a time: how many inputs, how they were answered, and what was broken, each kind once with the
    shortest input that did it."""
    import doors
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import HypothesisWarning

    warnings.simplefilter("ignore", HypothesisWarning)
    codes: collections.Counter[int] = collections.Counter()
    lost: dict[str, tuple[str, str]] = {}
    doors.built()
    inputs, begun, number = 0, time.monotonic(), SEED

    def once(case: doors.Case) -> None:
        nonlocal inputs
        if time.monotonic() - begun > seconds:
            return
        inputs += 1
        code, said = doors.breaches(case)
        codes[code] += 1
        for breach in said:
            kind, shown = doors.signature(breach), repr(case)
            if kind not in lost or len(shown) < len(lost[kind][1]):
                lost[kind] = (breach, shown)

    quiet = settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    while time.monotonic() - begun < seconds:
        seed(number)(quiet(given(doors.DOORS[name])(once)))()
        number += 1
    told = f"{codes[0]} done, {codes[2]} refused, {codes[1]} failed"
    spent = time.monotonic() - begun
    return {"inputs": inputs, "faults": 0, "lost": list(lost.values()), "told": [told], "seconds": spent}


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def _counted(runs: Iterator[subprocess.CompletedProcess[str]]) -> Row:
    """A row over runs of other programs, of which none may fail."""
    begun, count, lost = time.monotonic(), 0, []
    for done in runs:
        count += 1
        if done.returncode:
            lost.append(
                (
                    f"{' '.join(done.args[2:4])}: exit code {done.returncode}",
                    done.stdout[-4000:] + done.stderr[-2000:],
                )
            )
    return {"inputs": count, "faults": 0, "lost": lost, "told": [], "seconds": time.monotonic() - begun}


def notebooks() -> Row:
    """nbval on all notebooks, ten times, in parallel and each time in another order."""
    files, rng = sorted((ROOT / "notebooks").glob("*.ipynb")), random.Random(SEED)

    def orders() -> Iterator[subprocess.CompletedProcess[str]]:
        for _ in range(TIMES):
            rng.shuffle(files)
            yield _run(
                "pytest", "-q", "-n", "2", "--dist", "loadfile", "--nbval", "-p", "no:cacheprovider", *files
            )

    return _counted(orders())


def referee() -> Row:
    """pytest-notebook on the same notebooks: another program that runs and compares them."""
    ignored = "/metadata/language_info /cells/*/execution_count /cells/*/outputs/*/execution_count /cells/*/metadata"
    words = (
        "pytest",
        "-q",
        "-p",
        "nb_regression",
        "--nb-test-files",
        "--nb-exec-timeout",
        "300",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:nbval",
    )
    each = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return _counted(
        _run(*words, "-o", f"nb_diff_ignore={ignored.replace(' ', chr(10))}", path) for path in each
    )


def types() -> Row:
    """mypy and pyright, both strict, over a file that uses the public interface."""
    path = Path("tests") / "api_typing.py"
    return _counted(
        iter([_run("mypy", "--strict", path), _run("pyright", "--project", "tests/pyrightconfig.json")])
    )


def soak() -> Row:
    """Many editions under fire."""
    import soak

    return soak.soak(int(os.environ.get("EDITIONS", "1000")))


def rows(only: list[str]) -> Iterator[tuple[str, Row]]:
    """What was asked for, one after the other."""
    import doors

    seconds = 60 * float(os.environ.get("MINUTES", "10")) / len(doors.DOORS)
    for name in doors.DOORS if "doors" in only else ():
        done = subprocess.run(
            [sys.executable, __file__, "door", name, str(seconds)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        broken = {
            "inputs": 0,
            "faults": 0,
            "lost": [(done.stderr[-300:], "")],
            "told": [],
            "seconds": seconds,
        }
        yield f"door: {name}", json.loads(done.stdout.splitlines()[-1]) if not done.returncode else broken
    steps: dict[str, Callable[[], Row]] = {
        "soak": soak,
        "notebooks": notebooks,
        "referee": referee,
        "types": types,
    }
    for name, step in steps.items():
        if name in only:
            yield name, step()


def main() -> int:
    only = os.environ.get("ONLY", "doors,soak,notebooks,referee,types").split(",")
    FINDS.mkdir(parents=True, exist_ok=True)
    form = "{:<18} {:>7} {:>7} {:>9} {:>5} {:>8}"
    print(form.format("tried", "inputs", "faults", "survived", "lost", "seconds"))
    lost, sums = [], [0, 0, 0, 0.0]
    for name, row in rows(only):
        figures = (row["inputs"], row["faults"], len(row["lost"]), row["seconds"])
        sums = [a + b for a, b in zip(sums, figures, strict=True)]
        survived = row["inputs"] + row["faults"] - len(row["lost"])
        print(
            form.format(name, *figures[:2], survived, figures[2], f"{figures[3]:.0f}"),
            *row["told"],
            flush=True,
        )
        lost += [f"{name}: {breach}\n{case}\n" for breach, case in row["lost"]]
        (FINDS / "lost.txt").write_text("\n".join(lost), "utf-8", "backslashreplace")
    print(form.format("in all", sums[0], sums[1], sums[0] + sums[1] - sums[2], sums[2], f"{sums[3]:.0f}"))
    if lost:
        print(f"what was lost: {(FINDS / 'lost.txt').relative_to(ROOT)}")
    return int(bool(lost))


if __name__ == "__main__":
    if sys.argv[1:2] == ["door"]:
        print(json.dumps(door(sys.argv[2], float(sys.argv[3]))))
        sys.exit(0)
    sys.exit(main())
