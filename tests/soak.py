"""A build of many editions under fire, and what is left of it: ``tests/trust.py`` runs it.

While the build runs, a process of it is killed every few seconds; the whole build is killed five times, the disk is full
once and the clock is set back once. After one more build everything must be there as in a build that nobody disturbed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from batches import command, files, notebook, until
from test_faults import running

FIRST = dt.date(2024, 9, 1)
EACH_DAY = ("--units", "km2", "--units", "sq_mi", "--language", "en", "--language", "de", "--language", "uk", "--language", "ru", "--theme", "light", "--theme", "dark")  # fmt: skip
PER_DAY = 16
KILLS = 5


def started(words: list[str], out: Path) -> subprocess.Popen[str]:
    """A build whose processes can be told by their environment, whoever their parent is."""
    environment = {**os.environ, "KURSKDATA_CACHE": "off", "BUILD_OF_TEST": str(out)}
    with (out.parent / "told").open("a") as told:
        return subprocess.Popen(
            words, stdout=told, stderr=told, text=True, env=environment, start_new_session=True
        )


def standing(out: Path) -> int:
    return len(list(out.glob("2*/manifest.json")))


def measured(process: subprocess.Popen[str], out: Path) -> list[tuple[float, int, int]]:
    """Every two seconds until a build ends: MiB of memory that are its own, open files, processes."""
    taken = []
    while process.poll() is None:
        memory = opened = count = 0
        for one in running(out):
            with contextlib.suppress(psutil.Error):
                memory, opened, count = memory + one.memory_full_info().uss, opened + one.num_fds(), count + 1
        taken.append((memory / 2**20, opened, count))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
    return taken


def flat(taken: list[tuple[float, int, int]]) -> list[str]:
    """What grew from the second fifth of a build to its fourth: memory by more than a quarter, files and processes at all
    but the few that come and go."""
    fifth = len(taken) // 5
    if fifth < 3:
        return []
    early, late = taken[fifth : 2 * fifth], taken[3 * fifth : 4 * fifth]
    found = []
    for name, place, factor, slack in (
        ("MiB", 0, 1.25, 50),
        ("open files", 1, 1, 24),
        ("processes", 2, 1, 2),
    ):
        before, after = (sorted(row[place] for row in rows)[len(rows) // 2] for rows in (early, late))
        if after > before * factor + slack:
            found.append(f"{name} grew from {before:.0f} to {after:.0f}")
    return found


def killed_in_between(
    process: subprocess.Popen[str], out: Path, done: Callable[[], bool], rng: random.Random
) -> int:
    """Kills a process of a build every few seconds, until the build ends or is done; returns how many."""
    count, last = 0, time.monotonic()
    while process.poll() is None and not done():
        time.sleep(0.1)
        if time.monotonic() - last < 3:
            continue
        last = time.monotonic()
        below = [one for one in running(out) if one.pid != process.pid]
        if below:
            with contextlib.suppress(psutil.Error):
                rng.choice(below).kill()
                count += 1
    return count


@contextlib.contextmanager
def disk(place: Path) -> Iterator[Callable[[int], bool]]:
    """A small disk of our own at a place, and what sets how many bytes are free on it; False where none can be mounted."""
    mounted = os.geteuid() == 0 and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8g", "none", place], capture_output=True, check=False).returncode  # fmt: skip

    def free(count: int) -> bool:
        used = shutil.disk_usage(place).used
        size = f"remount,size={(used + count) >> 10}k"
        return (
            mounted
            and not subprocess.run(["mount", "-o", size, place], capture_output=True, check=False).returncode
        )

    try:
        yield free
    finally:
        if mounted:
            subprocess.run(["umount", "-l", place], check=True)


def soak(editions: int) -> dict[str, Any]:
    """The whole of it: figures, and what was lost, a line each."""
    begun, lost, told = time.monotonic(), [], []
    rng = random.Random(editions)
    place = Path(tempfile.mkdtemp(prefix="kursk-soak-"))
    faults = 0
    try:
        last = FIRST + dt.timedelta(max(editions // PER_DAY, 1) - 1)
        path = notebook(place / "n.ipynb", chart=True)

        def words(out: Path) -> list[str]:
            return command("-n", path, "--as-of", f"{FIRST}..{last}", *EACH_DAY, "-o", out)

        (place / "plain").mkdir()
        whole = place / "plain" / "out"
        process = started(words(whole), whole)
        taken = measured(process, whole)
        lost += flat(taken)
        if process.returncode:
            lost.append(f"the undisturbed build ended with {process.returncode}")
        total = standing(whole)
        told.append(
            f"{total} editions; {max(t[0] for t in taken):.0f} MiB, {max(t[1] for t in taken)} open files, {max(t[2] for t in taken)} processes at most"
        )
        (place / "disk").mkdir()
        with disk(place / "disk") as free:
            out = place / "disk" / "out"
            slowest = 0.0
            for number in range(1, KILLS + 1):
                process = started(words(out), out)
                faults += killed_in_between(
                    process, out, lambda n=number: standing(out) >= total * n // (KILLS + 2), rng
                )
                process.send_signal(signal.SIGKILL)
                process.wait()
                faults, ended = faults + 1, time.monotonic()
                until(lambda: not running(out), 30)
                slowest = max(slowest, time.monotonic() - ended)
            told.append(f"children of a killed build gone within {slowest:.2f} s")
            if slowest > 1:
                lost.append(f"children outlived the killed build by {slowest:.1f} s")
            if free(1 << 20):
                process = started(words(out), out)
                process.wait()
                faults += 1
                if process.returncode != 1:
                    lost.append(f"on the full disk the build ended with {process.returncode}")
                free(8 << 30)
            else:
                told.append("full disk: skipped, no disk can be mounted here")
            ahead = time.time() + 86_400  # the clock was set back: everything there is of tomorrow
            for one in out.rglob("*"):
                os.utime(one, (ahead, ahead))
            faults += 1
            process = started(words(out), out)
            process.wait()
            again = started(
                words(out), out
            )  # what was failing is made again above; this one must have nothing to do
            again.wait()
            if process.returncode or again.returncode:
                lost.append(f"the last builds ended with {process.returncode} and {again.returncode}")
            one, other = files(whole), files(out)
            lost += [
                f"{name}: differs or is missing"
                for name in sorted(one.keys() | other.keys())
                if one.get(name) != other.get(name)
            ]
            left = running(out) + running(whole)
            lost += [f"still running: {process.pid}" for process in left]
            spoken = (place / "disk" / "told").read_text() if (place / "disk" / "told").is_file() else ""
            lost += ["a traceback was shown"] if "Traceback" in spoken else []
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return {
        "inputs": total,
        "faults": faults,
        "lost": [(line, "") for line in lost],
        "told": told,
        "seconds": time.monotonic() - begun,
    }
