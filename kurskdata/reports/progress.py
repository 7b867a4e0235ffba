"""How a build tells what it does: pages on stdout; a bar, or a line now and then, on stderr; JSON for machines."""

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


class Progress:
    """Counts outcomes and tells them. A terminal gets a bar, a log plain lines, CI neither."""

    def __init__(self, total: int, out: Path, *, as_json: bool) -> None:
        self.total, self.out, self.as_json = total, out, as_json
        self.made, self.kept = 0, 0
        self.errors: list[str] = []
        self._failed = 0
        self._bar: Any = None
        self._begun = self._said = time.monotonic()

    def add(self, outcome: Outcome) -> None:
        """Tells what became of one edition."""
        if outcome.error:
            self._failed += 1
            self.errors.append(outcome.error)
        elif outcome.pages:
            self.made += 1
        else:
            self.kept += 1
        if self.as_json:
            self._line(outcome)
        else:
            for page in outcome.pages:
                click.echo(page)
        if outcome.pages or outcome.error:
            self._step(outcome.edition.name)

    def _line(self, outcome: Outcome) -> None:
        status = "failed" if outcome.error else "made" if outcome.pages else "kept"
        told = {"edition": outcome.edition.name, "status": status, "reasons": outcome.reasons}
        pages = [str(page) for page in outcome.pages]
        click.echo(json.dumps({**told, "pages": pages, "error": outcome.error or None}))

    def _step(self, name: str) -> None:
        if sys.stderr.isatty() and not self.as_json:
            if self._bar is None:
                from tqdm import tqdm

                left = self.total - self.kept
                self._bar = tqdm(total=left, unit="edition", file=sys.stderr, dynamic_ncols=True)
            self._bar.set_postfix_str(name, refresh=False)
            self._bar.update()
        elif time.monotonic() - self._said > _EVERY and not self.as_json and "CI" not in os.environ:
            self._said = time.monotonic()
            done, left = self.made + self._failed, self.total - self.kept - self.made - self._failed
            rate = done / (self._said - self._begun)
            click.echo(
                f"kursk: {done} of {done + left} done, {rate:.2f} a second, {left / rate:.0f} s left",
                err=True,
            )

    def close(self) -> int:
        """Tells the end; returns the exit code."""
        if self._bar is not None:
            self._bar.close()
        counts = {"made": self.made, "kept": self.kept, "failed": self._failed}
        if self.as_json:
            click.echo(json.dumps({"summary": counts, "index": str(self.out / "index.html")}))
            return 1 if self.errors else 0
        click.echo(self.out / "index.html")
        if self.kept == self.total:
            click.echo(f"kursk: nothing to do, {_editions(self.kept)} as the inputs say", err=True)
        elif self.kept:
            click.echo(f"kursk: {self.made} made, {self.kept} stood as the inputs say", err=True)
        if self.errors:
            click.echo(f"kursk: {self._failed} of {self.total} editions failed", err=True)
            for error in self.errors:
                click.echo("  " + error.replace("\n", "\n  "), err=True)
        return 1 if self.errors else 0

    def stopped(self) -> int:
        """Tells that the build was stopped; returns the exit code."""
        if self._bar is not None:
            self._bar.close()
        done = self.made + self.kept
        click.echo(
            f"kursk: stopped; {done} of {self.total} editions stand, the next build carries on", err=True
        )
        return 130


def follow(outcomes: Any, total: int, out: Path, *, as_json: bool) -> int:
    """Runs the outcomes of `batch.build` to their end and shows its progress; returns the exit code. SIGTERM is treated like Ctrl-C."""
    progress = Progress(total, out, as_json=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                progress.add(outcome)
    except KeyboardInterrupt:
        return progress.stopped()
    except BuildError:
        progress.close()
        raise
    return progress.close()


def _editions(count: int) -> str:
    return f"{count} edition stands" if count == 1 else f"{count} editions stand"
