"""The processes behind a build: one that reports are forked from, and converters that live as long as it does.

A `Lane` does one thing at a time, so that as many lanes as cores keep the machine busy and no more. What a
converter has once drawn is kept by content (`kept`), for other editions and later builds.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from kurskdata.reports.run import fork_client
from kurskdata.reports.run.fork_client import ReportEndedError, Served, Warm, settled

_PATIENCE = 300.0
"""Seconds that a converter may take for one edition."""


_LIFETIME = 32
"""Calls after which a converter is started anew: the drawing engine grows by tens of megabytes over hundreds."""


class Converter:
    """A process that draws and writes; started on first use, again if it should die, and after its lifetime.

    Where processes can fork it is a fork of the warm one, which has loaded all that it needs.
    """

    def __init__(self, warm: Warm) -> None:
        self._warm = warm
        self._process: Served | _Started | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._calls = 0

    def start(self) -> None:
        """Starts the process, so that the first call need not wait as long."""
        with contextlib.suppress(ReportEndedError):
            self._ready()

    def call(self, name: str, *arguments: Any, patience: float | None = _PATIENCE) -> Any:
        """The result of a function of ``_FUNCTIONS`` there; raises what it raised."""
        for attempt in (1, 2):
            process = self._ready()
            late = threading.Timer(patience, process.kill) if patience else None
            try:
                if late:
                    late.start()
                process.send((name, arguments))
                fine, value = process.recv()
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                self._end()
                if attempt == 2 or self._stopped:
                    raise ReportEndedError("the process that draws charts ended", 0) from None
                continue
            finally:
                if late:
                    late.cancel()
            self._calls += 1
            if self._calls % _LIFETIME == 0:
                self._end()
            if fine:
                return value
            raise value
        return None

    def _ready(self) -> Served | _Started:
        with self._lock:
            if self._stopped:
                raise ReportEndedError("the build was stopped", 0)
            if self._process is None:
                self._process = (
                    self._warm.serve("kurskdata.reports.run.workers") if fork_client.AVAILABLE else _Started()
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
            process.end()


class _Started:
    """A converter that was started anew."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kurskdata.reports.run.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=settled(os.environ),
            # Ctrl-C is for the build, which ends its converters.
            start_new_session=True,
        )

    def send(self, what: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()

    def recv(self) -> Any:
        assert self._process.stdout is not None
        return pickle.load(self._process.stdout)

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
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
            self._own.converter = Converter(self.warm)
            self._all.append(self._own.converter)
        found: Converter = self._own.converter
        return found

    def stop(self) -> None:
        """Ends all processes, now."""
        self.warm.stop()
        for converter in self._all:
            converter.stop()


_lanes: Lanes | None = None
_guard = threading.Lock()


def lanes() -> Lanes:
    """The processes of this machine, shared by the threads of this process."""
    global _lanes  # noqa: PLW0603
    with _guard:
        if _lanes is None:
            _lanes = Lanes()
        return _lanes


def stop() -> None:
    """Ends the processes of this machine."""
    global _lanes
    with _guard:
        found, _lanes = _lanes, None
    if found is not None:
        found.stop()


def _execute(request: Mapping[str, Any], timeout: float | None) -> Any:
    from kurskdata.reports.run.kernel import execute

    return execute(request, timeout)


def _finish(*arguments: Any) -> Any:
    from kurskdata.reports.edition.files import finish

    return finish(*arguments)


_FUNCTIONS = {"execute": _execute, "finish": _finish}


def serve(receive: Callable[[], Any], send: Callable[[bytes], Any]) -> None:
    """Answers calls, one after the other, until there are no more; what it sends is pickled."""
    while True:
        try:
            name, arguments = receive()
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
            send(answer)
        except BrokenPipeError:
            return


def answer(connection: Connection) -> None:
    """The converter as a fork of the warm process: calls and answers travel over the connection."""
    from kurskdata import embed  # noqa: F401
    from kurskdata.drawing import svg  # noqa: F401
    from kurskdata.drawing.svg import warm_up
    from kurskdata.reports.edition import (
        files,  # noqa: F401
        page,  # noqa: F401
    )

    gc.freeze()  # what is loaded stays
    os.dup2(2, 1)
    warm_up()
    serve(connection.recv, connection.send_bytes)


def main() -> None:
    """The converter as a process of its own: calls on stdin, answers on stdout."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(text: bytes) -> None:
        wire.write(text)
        wire.flush()

    serve(lambda: pickle.load(sys.stdin.buffer), send)


if __name__ == "__main__":
    main()
