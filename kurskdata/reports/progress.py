"""How a build reports on its work: pages on stdout; a bar, or a line now and then, on stderr; JSON for machines."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from kurskdata.errors import BuildError

_EVERY = 15.0
"""Seconds between lines in a log."""


def follow(outcomes: Any, total: int, out: Path, *, as_json: bool) -> int:
    """Runs the outcomes of `batch.build` to their end and shows its progress; returns the exit code.

    SIGTERM is treated like Ctrl-C.
    """
    counts = {"made": 0, "kept": 0, "failed": 0}
    errors: list[str] = []

    def finished() -> int:
        index, (made, kept, failed) = str(out / "index.html"), counts.values()
        click.echo(json.dumps({"summary": counts, "index": index}) if as_json else index)
        if not as_json:
            if kept == total:
                _say(f"nothing to do, {kept} edition{' is' if kept == 1 else 's are'} up to date")
            elif kept:
                _say(f"{made} made, {kept} up to date")
            if failed:
                _say(f"{failed} of {total} editions failed")
            for error in errors:
                click.echo("  " + error.replace("\n", "\n  "), err=True)
        return 1 if failed else 0

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.closing(outcomes), _steps() as step:
            for outcome in outcomes:
                status = "failed" if outcome.error else "made" if outcome.pages else "kept"
                counts[status] += 1
                if outcome.error:
                    errors.append(outcome.error)
                if as_json:
                    told = {"edition": outcome.edition.name, "status": status, "reasons": outcome.reasons}
                    pages = [str(page) for page in outcome.pages]
                    click.echo(json.dumps({**told, "pages": pages, "error": outcome.error or None}))
                    continue
                for page in outcome.pages:
                    click.echo(page)
                if status != "kept":
                    step(outcome.edition.name, counts["made"] + counts["failed"], total - counts["kept"])
    except KeyboardInterrupt:
        done = counts["made"] + counts["kept"]
        _say(f"stopped; {done} of {total} editions are done, the next build carries on")
        return 130
    except BuildError:
        finished()
        raise
    return finished()


@contextlib.contextmanager
def _steps() -> Iterator[Callable[[str, int, int], None]]:
    """Shows that an edition is done, the how manieth of how many: a terminal gets a bar, a log plain lines, CI neither."""
    bar: Any = None
    begun = last_line = time.monotonic()

    def step(name: str, done: int, work: int) -> None:
        nonlocal bar, last_line
        if sys.stderr.isatty():
            if bar is None:
                from tqdm import tqdm

                bar = tqdm(total=work, unit="edition", dynamic_ncols=True)
            bar.set_postfix_str(name, refresh=False)
            bar.update()
        elif time.monotonic() - last_line > _EVERY and "CI" not in os.environ:
            last_line = time.monotonic()
            rate = done / (last_line - begun)
            _say(f"{done} of {work} done, {rate:.2f} a second, {(work - done) / rate:.0f} s left")

    try:
        yield step
    finally:
        if bar is not None:
            bar.close()


def _say(text: str) -> None:
    click.echo(f"kursk: {text}", err=True)
