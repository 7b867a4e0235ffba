"""How a build reports on its work: pages on stdout; a bar, or a line now and then, on stderr; JSON for machines."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click

from kurskdata.errors import BuildError
from kurskdata.reports.batch import Outcome

_EVERY = 15.0
"""Seconds between lines in a log."""


def follow(outcomes: Any, total: int, out: Path, *, as_json: bool) -> int:
    """Runs the outcomes of `batch.build` to their end and shows its progress; returns the exit code.

    SIGTERM is treated like Ctrl-C.
    """
    progress = Progress(total, out, as_json=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with progress.closing, contextlib.closing(outcomes):
            for outcome in outcomes:
                progress.add(outcome)
    except KeyboardInterrupt:
        done = progress.counts["made"] + progress.counts["kept"]
        _say(f"stopped; {done} of {total} editions are done, the next build carries on")
        return 130
    except BuildError:
        progress.finished()
        raise
    return progress.finished()


class Progress:
    """Counts outcomes and prints them. A terminal gets a bar, a log plain lines, CI neither."""

    def __init__(self, total: int, out: Path, *, as_json: bool) -> None:
        self.total, self.out, self.as_json = total, out, as_json
        self.counts = {"made": 0, "kept": 0, "failed": 0}
        self.errors: list[str] = []
        self.closing = contextlib.ExitStack()  # closes the bar, if one is shown
        self._bar: Any = None
        self._begun = self._last_line = time.monotonic()

    def add(self, outcome: Outcome) -> None:
        """Prints what became of one edition."""
        status = "failed" if outcome.error else "made" if outcome.pages else "kept"
        self.counts[status] += 1
        if outcome.error:
            self.errors.append(outcome.error)
        if self.as_json:
            line = {
                "edition": outcome.edition.name,
                "status": status,
                "reasons": outcome.reasons,
                "pages": [str(page) for page in outcome.pages],
                "error": outcome.error or None,
            }
            click.echo(json.dumps(line))
            return
        for page in outcome.pages:
            click.echo(page)
        if status != "kept":
            self._step(outcome.edition.name)

    def _step(self, name: str) -> None:
        work = self.total - self.counts["kept"]
        if sys.stderr.isatty():
            if self._bar is None:
                from tqdm import tqdm

                self._bar = self.closing.enter_context(tqdm(total=work, unit="edition", dynamic_ncols=True))
            self._bar.set_postfix_str(name, refresh=False)
            self._bar.update()
        elif time.monotonic() - self._last_line > _EVERY and "CI" not in os.environ:
            self._last_line = time.monotonic()
            done = self.counts["made"] + self.counts["failed"]
            rate = done / (self._last_line - self._begun)
            _say(f"{done} of {work} done, {rate:.2f} a second, {(work - done) / rate:.0f} s left")

    def finished(self) -> int:
        """Prints the summary; returns the exit code."""
        index = str(self.out / "index.html")
        made, kept, failed = self.counts.values()
        click.echo(json.dumps({"summary": self.counts, "index": index}) if self.as_json else index)
        if not self.as_json:
            if kept == self.total:
                _say(f"nothing to do, {kept} edition{' is' if kept == 1 else 's are'} up to date")
            elif kept:
                _say(f"{made} made, {kept} up to date")
            if failed:
                _say(f"{failed} of {self.total} editions failed")
            for error in self.errors:
                click.echo("  " + error.replace("\n", "\n  "), err=True)
        return 1 if failed else 0


def _say(text: str) -> None:
    click.echo(f"kursk: {text}", err=True)
