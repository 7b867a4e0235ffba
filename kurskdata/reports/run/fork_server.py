"""The process that reports and converters are forked from: ``python -m kurskdata.reports.run.fork_server FD``.

Loads what reports need, then forks at every request on the socket FD. A fork leads a process group of its own
and ends, with all it started, when the other end of its connection does.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback
import types
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kurskdata.drawing.altair_import import load_altair
from kurskdata.reports.run import fork_client

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""The numbers of these settings in malloc.h."""


def load(meanwhile: Callable[[], None] = lambda: None) -> None:
    """Everything that a report is likely to load, and the tables; nothing that leaves a trace in a report.

    ``meanwhile`` is called now and then, first when all is there that draws and writes.
    """
    from kurskdata.drawing import vega_engine

    there = True
    with contextlib.suppress(ModuleNotFoundError):  # no charts without the extra of that name
        there = vega_engine.prepare()
    _load_pandas()
    with contextlib.suppress(ModuleNotFoundError):  # no charts without the extra of that name
        load_altair()
    from kurskdata import charts, check, display, embed, sentences  # noqa: F401
    from kurskdata.errors import InputError
    from kurskdata.reports.edition import (
        files,  # noqa: F401
        page,  # noqa: F401
    )
    from kurskdata.tables import descriptor, reader

    broken = contextlib.suppress(InputError)  # the report that reads the table says what is wrong with it
    with broken:
        for name in descriptor.names():
            reader.load(name)
    # A fork cannot wait for the process that puts the libraries together.
    meanwhile = meanwhile if there else lambda: None
    meanwhile()
    import papermill.iorw  # noqa: F401

    from kurskdata.reports.run import in_process  # noqa: F401

    meanwhile()
    with broken:
        _rehearse()
    reader.loaded.clear()
    with contextlib.suppress(ModuleNotFoundError):
        vega_engine.load()  # the engine starts in the forks


def _rehearse() -> None:
    """Makes a chart and a layer on scales and drops them: libraries set up at first use what every chart needs."""
    from kurskdata.charts import by_name
    from kurskdata.editions import Edition

    with contextlib.suppress(ModuleNotFoundError):  # no charts without the extra of that name
        by_name.chart("settlements", Edition())
        import altair as alt

        day = alt.X("day:T", axis=alt.Axis(tickCount="month"))
        alt.Chart(alt.InlineData(values=[{}])).mark_line().encode(x=day).to_dict(validate=False)


def _kernel() -> None:
    """The kernel that forks run their cells in, as new in each, and the check of notebooks, compiled."""
    import nbformat

    from kurskdata.reports.run import in_process

    nbformat.validate(nbformat.v4.new_notebook())
    in_process.kernel()


def _load_pandas() -> None:
    """pandas decides at import, once, whether it shows frames in a terminal or in a notebook."""
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    import pandas as pd  # noqa: F401

    del builtins.get_ipython  # type: ignore[attr-defined]


def serve(control: socket.socket) -> None:
    """Forks until nobody is there to ask for it."""
    while True:
        try:
            request, fds, _, _ = socket.recv_fds(control, 1, 1)
        except OSError:
            return
        if not request:
            return
        _fork(control, fds[0])


def _serve_early(control: socket.socket) -> None:
    """Forks for those who ask for a process that answers, up to the first who asks for a report."""
    with contextlib.suppress(OSError):  # nobody asks
        while control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == fork_client.SERVER:
            _, fds, _, _ = socket.recv_fds(control, 1, 1)
            _fork(control, fds[0])


def _fork(control: socket.socket, fd: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are reaped by the system
    if os.fork() == 0:
        # Whoever asked may be gone already: a build that is stopped closes its connections.
        with contextlib.suppress(OSError):
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            gc.freeze()  # or the first collection would touch, and so copy, all that is shared
            gc.enable()
            _answer(Connection(fd))
        os._exit(0)
    os.close(fd)


def _answer(connection: Connection) -> None:
    """Runs one report and tells what became of it."""
    os.setsid()
    connection.send(("pid", os.getpid()))
    try:
        request = connection.recv()
        if "serve" in request:
            try:
                importlib.import_module(request["serve"]).answer(connection)
            finally:
                os._exit(0)
        threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
        _limit(request.get("memory"))
        os.environ.update(request.get("environment", {}))
        if request.get("cwd"):
            os.chdir(request["cwd"])
        connection.send(("done", run(request, connection)))
        atexit._run_exitfuncs()
    except Exception:
        connection.send(("done", {"fault": traceback.format_exc()}))


def _end_with(connection: Connection) -> None:
    """Ends the report and whatever it started when the other end is closed."""
    connection.poll(None)
    os.killpg(0, signal.SIGKILL)


def _limit(memory: int | None) -> None:
    """At most so many bytes of data; and when the machine runs out, this process goes first."""
    import resource

    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with contextlib.suppress(OSError):  # not Linux
        Path("/proc/self/oom_score_adj").write_text("1000")


def run(request: dict[str, Any], connection: Connection) -> dict[str, Any]:
    """The notebook of the request, executed: its text, the tables it loaded, and the error that stopped it."""
    from nbformat import v4

    from kurskdata.reports.edition import notebooks
    from kurskdata.reports.run import in_process
    from kurskdata.tables import reader

    notebook = v4.reads(request["notebook"])
    if "parameters" in request:
        notebook = notebooks.parameterized(notebook, request["parameters"])
    failed: dict[int, str] = {}

    def report(kind: str, index: int, what: Any = None) -> None:
        if kind == "exception":
            failed[index] = what
        if kind == "start" or request.get("cells"):
            connection.send((kind, index, what))

    executed = in_process.execute(notebook, report, **request.get("options", {}))
    return {
        "notebook": json.dumps(executed, ensure_ascii=False),
        "tables": sorted(reader.loaded),
        "error": notebooks.error(executed, failed),
    }


def _hand_back() -> None:
    """Has the C library return freed pictures to the system at once, where glibc would keep room for the largest ones,
    and keep room for what is smaller, which comes again with every picture."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_MMAP_THRESHOLD, 4 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 8 << 20)


def main() -> None:
    """Loads, then serves."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _hand_back()
    gc.disable()  # what is loaded stays
    load(lambda: _serve_early(control))
    _kernel()
    gc.freeze()  # so that the collector of a fork leaves shared pages alone
    gc.enable()
    serve(control)


if __name__ == "__main__":
    main()
