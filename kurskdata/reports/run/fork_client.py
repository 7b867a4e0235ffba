"""A fresh process for every report, forked from one that has loaded everything and done nothing.

`Warm` starts that process and asks it for forks; a report runs in a fork, tells how far it is, and ends with
it, so that nothing leaks from one report into the next. The warm process never draws: a converter that has
been started does not survive a fork. Needs a system that can fork; elsewhere reports run on plain kernels.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

AVAILABLE = hasattr(os, "fork") and hasattr(socket, "send_fds")

SETTLED = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "MPLBACKEND": ""}
"""What must not differ from machine to machine while a report runs."""

_PATIENCE = 300.0
"""Seconds until the first cell must have begun: the warm process may still be loading, on a busy machine."""

REPORT, SERVER = b"r", b"s"
"""What a fork is asked for: a report, which needs all that is loaded, or a process that answers, which can start
before that."""

Heard = Callable[[str, int, Any], None]


class ReportEndedError(Exception):
    """The process of a report ended before the report did, or was stopped; ``cell`` counts from 0."""

    def __init__(self, why: str, cell: int) -> None:
        super().__init__(why)
        self.cell = cell


def settled(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the processes that run reports."""
    found = {**environment, **SETTLED}
    del found["MPLBACKEND"]
    return found


class Warm:
    """The process that reports are forked from. Started on first use, again if it should die."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._running: dict[Connection, int] = {}
        self._stopped = False

    def run(
        self, request: Mapping[str, Any], *, timeout: float | None = None, heard: Heard | None = None
    ) -> Any:
        """What the report answers to the request, after at most ``timeout`` seconds a cell.

        Raises ReportEndedError when it gives no answer.
        """
        connection, cell, begun = self._fork(REPORT), 0, False
        try:
            self._running[connection] = 0
            connection.send(dict(request))
            while True:
                if not connection.poll(timeout if begun else _PATIENCE):
                    raise ReportEndedError(f"stopped: the cell ran longer than {timeout:g} s", cell)
                kind, value, *more = connection.recv()
                begun = begun or kind == "start"
                if kind == "pid":
                    self._running[connection] = value
                elif kind == "done":
                    return value
                else:
                    cell = value
                    if heard:
                        heard(kind, value, more[0] if more else None)
        except (EOFError, ConnectionError):
            raise ReportEndedError(
                "its process ended: exit, crash, or more memory than it is allowed", cell
            ) from None
        finally:
            _kill(self._running.pop(connection, 0))
            connection.close()

    def serve(self, module: str) -> Served:
        """A fork that lives on and answers: the function ``answer`` of the module has its end of the connection."""
        connection = self._fork(SERVER)
        try:
            _, pid = connection.recv()
            connection.send({"serve": module})
        except (EOFError, OSError):
            connection.close()
            raise ReportEndedError("no process could be started", 0) from None
        return Served(connection, pid)

    def _fork(self, kind: bytes) -> Connection:
        """A connection to a new fork."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            for _ in range(2):
                with self._lock:
                    try:
                        socket.send_fds(self._started(), [kind], [theirs.fileno()])
                    except OSError:
                        self._end()
                    else:
                        return Connection(ours.detach())
        raise ReportEndedError("no process could be started", 0)

    def start(self) -> None:
        """Starts loading, so that the first report need not wait as long."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._stopped:
            raise ReportEndedError("the build was stopped", 0)
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "kurskdata.reports.run.fork_server", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    env=settled(os.environ),
                    start_new_session=True,  # Ctrl-C is for us; we end it
                )
            self._control = ours
        return self._control

    def stop(self) -> None:
        """Ends the running reports and the warm process; whoever waits for a report is told."""
        self._stopped = True
        for connection, pid in list(self._running.items()):
            _kill(pid)
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Served:
    """A fork of the warm process that answers over a connection."""

    def __init__(self, connection: Connection, pid: int) -> None:
        self._connection, self._pid = connection, pid

    def send(self, what: Any) -> None:
        """Sends any object that can be pickled. Raises OSError when the process has ended."""
        self._connection.send(what)

    def recv(self) -> Any:
        """The next answer. Raises EOFError or OSError when the process has ended."""
        return self._connection.recv()

    def kill(self) -> None:
        """Ends the process; whoever waits for an answer is told."""
        _kill(self._pid)

    def end(self) -> None:
        """Ends the process and gives up the connection."""
        self.kill()
        self._connection.close()


def _kill(pid: int) -> None:
    """Ends a report and whatever it started."""
    if pid:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
