"""The process that reports and converters are forked from: ``python -m kurskdata.reports.run.fork_server FD``.

It forks at every request on the socket FD. A fork leads a process group of its own.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
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
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kurskdata.drawing.altair_import import load_altair
from kurskdata.errors import InputError
from kurskdata.tables import descriptor


def load() -> None:
    """Everything that a report is likely to load, and the tables; nothing that leaves a trace in a report."""
    from kurskdata.drawing import vega_engine

    with ThreadPoolExecutor(1) as aside:
        aside.submit(vega_engine.load)  # waits seconds for another process where no build has run before
        # pandas decides at import, once, whether it shows frames in a terminal or in a notebook.
        builtins.get_ipython = lambda: types.SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
        import pandas as pd  # noqa: F401

        del builtins.get_ipython  # type: ignore[attr-defined]
        load_altair()
        import nbformat
        import papermill.iorw  # noqa: F401

        from kurskdata import charts, check, display, embed, sentences  # noqa: F401
        from kurskdata.charts import by_name
        from kurskdata.editions import Edition
        from kurskdata.reports.edition import files, page  # noqa: F401
        from kurskdata.reports.run import in_process
        from kurskdata.tables import reader

        with contextlib.suppress(InputError):  # the report that reads the table says what is wrong with it
            for name in descriptor.names():
                reader.load(name)
            # Libraries set up at the first chart what every chart needs.
            by_name.chart("settlements", Edition()).to_dict(validate=False)
        reader.loaded.clear()  # a report tells those that it reads itself
        nbformat.validate(nbformat.v4.new_notebook())  # compiles the check of notebooks
        in_process.kernel()  # a fork runs its cells in it, as new


def serve(control: socket.socket) -> None:
    """Forks until nobody is there to ask for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are reaped by the system
    while True:
        try:
            request, fds, _, _ = socket.recv_fds(control, 1, 1)
        except OSError:
            return
        if not request:
            return
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _answer(Connection(fds[0]))
            finally:
                os._exit(0)
        os.close(fds[0])


def _answer(connection: Connection) -> None:
    """Runs one report and tells what became of it, or hands the connection to a module that serves."""
    from kurskdata.reports.edition import notebooks

    os.setsid()
    connection.send(os.getpid())
    request = connection.recv()
    if "serve" in request:
        importlib.import_module(request["serve"]).answer(connection)
        return
    threading.Thread(target=_end_with, args=(connection,), daemon=True).start()
    try:
        _limit(request.get("memory"))
        os.environ.update(request.get("environment", {}))
        if request.get("cwd"):
            os.chdir(request["cwd"])
        connection.send(("done", run(request, connection), None))
        atexit._run_exitfuncs()
    except Exception:
        lines = traceback.format_exc().splitlines()
        error = notebooks.failure("", lines[-1], lines)
        connection.send(("done", {"notebook": "", "tables": None, "error": error}, None))


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
    """The notebook of the request, executed: its text, the tables it loaded, and the error that stopped it.

    Where the run itself failed, the text is empty and the tables are None.
    """
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


if __name__ == "__main__":
    # Memory that forks share is copied where a collector touches it: what is loaded stays out of its sight.
    gc.disable()
    load()
    gc.freeze()
    gc.enable()
    serve(socket.socket(fileno=int(sys.argv[1])))
