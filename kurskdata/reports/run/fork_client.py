"""The build's end of the warm process: `Warm` starts it and asks it for forks. Needs a system that can fork."""

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

_SETTLED = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
"""What must not differ from machine to machine while a report runs."""

_MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(4 << 20), "MALLOC_TRIM_THRESHOLD_": str(8 << 20)}
"""Has glibc return the memory of pictures to the system, where it would keep room for the largest."""

_PATIENCE = 300.0
"""Seconds until the first cell must have begun: the warm process may still be loading, on a busy machine."""

Heard = Callable[[str, int, Any], None]


class ReportEndedError(Exception):
    """The process of a report ended before the report did, or was stopped, in the cell of that number (from 0) and
    source."""

    def __init__(self, why: str, cell: int = 0, source: str = "") -> None:
        super().__init__(why)
        self.cell, self.source = cell, source


def started(module: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """A module of the package as a process of its own, in the environment that reports run in."""
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={**kept, **_MALLOC, **_SETTLED},
        start_new_session=True,  # Ctrl-C is for the build, which ends its processes
        **options,
    )


class Fork(Connection):
    """A fork of the warm process, seen from the build: a connection to it, and its number once it has told it."""

    pid = 0

    def recv(self, timeout: float | None = None) -> Any:
        """The next message. Raises EOFError or OSError when the process has ended, TimeoutError when none comes."""
        if not self.poll(timeout):
            raise TimeoutError
        return super().recv()

    def kill(self) -> None:
        """Ends the process and whatever it started; who waits for a message is told."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Ends the process and gives up the connection."""
        self.kill()
        self.close()


class Warm:
    """The process that reports are forked from. Started on first use, again if it should die."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._running: set[Fork] = set()
        self._stopped = False

    def run(
        self, request: Mapping[str, Any], *, timeout: float | None = None, heard: Heard | None = None
    ) -> Any:
        """What the report answers to the request (see `kurskdata.reports.run.fork_server.run`).

        ``timeout`` is in seconds for each cell. Raises ReportEndedError when there is no answer.
        """
        cell, source, begun, fork = 0, "", False, self.fork(dict(request))
        self._running.add(fork)
        try:
            while True:
                kind, value, more = fork.recv(timeout if begun else _PATIENCE)
                if kind == "done":
                    return value
                cell = value
                if kind == "start":
                    begun, source = True, more
                if heard:
                    heard(kind, cell, more)
        except TimeoutError:
            limit = f"the cell ran longer than {timeout:g} s" if begun and timeout else "it did not begin"
            raise ReportEndedError(f"stopped: {limit}", cell, source) from None
        except (EOFError, OSError):
            why = "its process ended: exit, crash, or more memory than it is allowed"
            raise ReportEndedError(why, cell, source) from None
        finally:
            self._running.discard(fork)
            fork.end()

    def fork(self, request: Mapping[str, Any]) -> Fork:
        """A new fork at work on a request: a report, or ``{"serve": module}`` for one whose function ``answer`` gets
        the connection. Raises ReportEndedError when there is none to be had."""
        fork = self._forked()
        try:
            fork.send(request)
            fork.pid = fork.recv(_PATIENCE)
        except (EOFError, OSError):
            fork.end()
            raise ReportEndedError("no process could be started") from None
        return fork

    def _forked(self) -> Fork:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            for _ in range(2):
                with self._lock:
                    try:
                        socket.send_fds(self._started(), [b"f"], [theirs.fileno()])
                        return Fork(ours.detach())
                    except OSError:
                        self._end()
        raise ReportEndedError("no process could be started")

    def start(self) -> None:
        """Starts loading, so that the first report need not wait as long."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._stopped:
            raise ReportEndedError("the build was stopped")
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            ours, theirs = socket.socketpair()
            with theirs:
                module, fd = "kurskdata.reports.run.fork_server", theirs.fileno()
                self._process = started(module, str(fd), pass_fds=[fd], stdin=subprocess.DEVNULL)
            self._control = ours
        return self._control

    def stop(self) -> None:
        """Ends the running reports and the warm process; whoever waits for a report is told."""
        self._stopped = True
        for fork in list(self._running):
            fork.kill()
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._control and self._process:
            self._control.close()
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
