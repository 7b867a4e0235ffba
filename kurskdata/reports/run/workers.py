"""The processes behind a build: one that reports are forked from, and converters that draw and write.

A thread of the build has a converter of its own and does one thing at a time, so that as many threads as cores keep
the machine busy and no more.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from kurskdata.errors import KurskdataError
from kurskdata.reports.run import fork_client
from kurskdata.reports.run.fork_client import Fork, ReportEndedError, Warm, started

_PATIENCE = 300.0
"""Seconds that a converter may take for one edition."""

_LIFETIME = 32
"""Calls after which a converter is started anew: the drawing engine grows by tens of megabytes over hundreds."""


class Converter:
    """A process that draws and writes; started on first use, again if it should die, and after its lifetime."""

    def __init__(self, process: Callable[[], Fork | Started], lifetime: int = _LIFETIME) -> None:
        self._new_process, self._lifetime = process, lifetime
        self._process: Fork | Started | None = None
        self._stopped = False
        self._calls = 0

    def start(self) -> None:
        """Starts the process, so that the first call need not wait as long."""
        with contextlib.suppress(ReportEndedError):
            self._ready()

    def call(self, function: str, *arguments: Any, patience: float = _PATIENCE) -> Any:
        """The result of a function, named as ``module:function``, there; raises what it raised.

        Raises ReportEndedError when the process ends twice, or takes longer than ``patience`` in seconds twice.
        """
        for _ in range(2):
            process = self._ready()
            limit = threading.Timer(patience, process.kill)
            limit.start()
            try:
                process.send((function, arguments))
                fine, value = process.recv()
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                self._end()
                continue
            finally:
                limit.cancel()
            self._calls += 1
            if self._calls % self._lifetime == 0:
                self._end()
            if fine:
                return value
            raise value
        raise ReportEndedError("the process that draws charts ended")

    def _ready(self) -> Fork | Started:
        if self._stopped:
            raise ReportEndedError("the build was stopped")
        if self._process is None:
            self._process = self._new_process()
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


class Started:
    """A converter where nothing can fork, a process started anew; as a `Fork`, but over its stdin and stdout."""

    def __init__(self) -> None:
        self._process = started(__spec__.name, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.kill = self._process.kill

    def send(self, message: Any) -> None:
        assert self._process.stdin
        pickle.dump(message, self._process.stdin)
        self._process.stdin.flush()

    def recv(self) -> Any:
        assert self._process.stdout
        return pickle.load(self._process.stdout)

    def end(self) -> None:
        with contextlib.suppress(OSError), self._process:
            self.kill()


class Lanes:
    """One warm process, and a converter for every thread that asks for one."""

    def __init__(self) -> None:
        self.warm = Warm()
        self._converters: dict[int, Converter] = {}

    @property
    def converter(self) -> Converter:
        """The converter of this thread."""
        return self._converters.setdefault(threading.get_ident(), Converter(self._process))

    def _process(self) -> Fork | Started:
        return self.warm.fork({"serve": __spec__.name}) if fork_client.AVAILABLE else Started()

    def stop(self) -> None:
        """Ends all processes, now."""
        self.warm.stop()
        for converter in list(self._converters.values()):
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
        ending, _lanes = _lanes, None
    if ending is not None:
        ending.stop()


def serve(receive: Callable[[], Any], send: Callable[[bytes], Any]) -> None:
    """The converter's side: answers calls, one after the other, until there are no more; what it sends is pickled."""
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            function, arguments = receive()
            try:
                answer = pickle.dumps((True, pkgutil.resolve_name(function)(*arguments)))
            except Exception as fault:
                try:
                    answer = pickle.dumps((False, fault))
                    pickle.loads(answer)
                except Exception:
                    answer = pickle.dumps((False, RuntimeError(f"{type(fault).__name__}: {fault}")))
            send(answer)


def answer(connection: Connection) -> None:
    """The converter as a fork of the warm process."""
    from kurskdata.drawing import vega_engine

    os.dup2(2, 1)
    with contextlib.suppress(KurskdataError):  # whoever draws is told
        vega_engine.engine()
    gc.freeze()  # or the first collection copies what is shared with the other processes
    serve(connection.recv, connection.send_bytes)


def main() -> None:
    """The converter as a process of its own."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(text: bytes) -> None:
        wire.write(text)
        wire.flush()

    serve(lambda: pickle.load(sys.stdin.buffer), send)


if __name__ == "__main__":
    main()
