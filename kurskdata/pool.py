"""The processes behind a build: one that reports are forked from, and converters that live as long as it does.

A `Lane` does one thing at a time, so that as many lanes as cores keep the machine busy and no more. What a
converter has once drawn is kept by content in a folder (`cache_folder`), for other editions and later builds.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kurskdata.build.fresh import ReportEndedError, Warm, settled

_CACHE_BYTES = 1 << 30
_PATIENCE = 300.0
"""Seconds that a converter may take for one edition."""


class Converter:
    """A process that draws and writes; started on first use, and again if it should die."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def call(self, name: str, *arguments: Any, patience: float | None = _PATIENCE) -> Any:
        """The result of a function of ``_FUNCTIONS`` there; raises what it raised."""
        for attempt in (1, 2):
            process = self._started()
            late = threading.Timer(patience, process.kill) if patience else None
            try:
                if late:
                    late.start()
                assert process.stdin is not None
                assert process.stdout is not None
                pickle.dump((name, arguments), process.stdin)
                process.stdin.flush()
                fine, value = pickle.load(process.stdout)
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                self._end()
                if attempt == 2 or self._stopped:
                    raise ReportEndedError("the process that draws charts ended", 0) from None
                continue
            finally:
                if late:
                    late.cancel()
            if fine:
                return value
            raise value
        return None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise ReportEndedError("the build was stopped", 0)
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kurskdata.pool"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=settled(os.environ),
                # Ctrl-C is for the build, which ends its converters.
                start_new_session=True,
            )
        return self._process

    def stop(self) -> None:
        """Ends the process for good; who waits for it is told."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


class Lanes:
    """One warm process, and a converter for every thread that asks for one."""

    def __init__(self) -> None:
        self.warm = Warm()
        self._own = threading.local()
        self._all: list[Converter] = []

    @property
    def converter(self) -> Converter:
        """The converter of this thread."""
        if not hasattr(self._own, "converter"):
            self._own.converter = Converter()
            self._all.append(self._own.converter)
        found: Converter = self._own.converter
        return found

    def stop(self) -> None:
        """Ends all processes, now."""
        self.warm.stop()
        for converter in self._all:
            converter.stop()


def cache_folder() -> Path | None:
    """Where drawings are kept: ``KURSKDATA_CACHE``, or a folder in the user's cache; "off" keeps none."""
    chosen = os.environ.get("KURSKDATA_CACHE")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kurskdata" / "drawings"


def prune(folder: Path | None, limit: int = _CACHE_BYTES) -> None:
    """Drops the drawings that were not used for the longest time, down to nine tenths of the limit."""
    if folder is None or not folder.is_dir():
        return
    files = [(s.st_mtime, s.st_size, p) for p in folder.glob("??/*") for s in [p.stat()]]
    total = sum(size for _, size, _ in files)
    if total <= limit:
        return
    for _, size, path in sorted(files):
        path.unlink(missing_ok=True)
        total -= size
        if total <= limit * 0.9:
            return


def _execute(request: Mapping[str, Any], timeout: float | None) -> Any:
    from kurskdata.build.kernels import execute

    return execute(request, timeout)


def _finish(*arguments: Any) -> Any:
    from kurskdata.build.finish import finish

    return finish(*arguments)


_FUNCTIONS = {"execute": _execute, "finish": _finish}


def main() -> None:
    """Answers calls on stdin, one after the other, until there are no more; stdout is the wire."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            name, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = pickle.dumps((True, _FUNCTIONS[name](*arguments)))
        except Exception as fault:
            try:
                answer = pickle.dumps((False, fault))
                pickle.loads(answer)
            except Exception:
                answer = pickle.dumps((False, RuntimeError(f"{type(fault).__name__}: {fault}")))
        try:
            wire.write(answer)
            wire.flush()
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
