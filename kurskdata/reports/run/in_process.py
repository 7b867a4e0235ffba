"""Runs the cells of a notebook inside this process, with the outputs that a kernel of its own would record.

The kernel is ipykernel's; papermill and nbclient collect the outputs; a list replaces the sockets between them. For a
process that runs one notebook and ends.
"""

from __future__ import annotations

import asyncio
import functools
import io
import logging
import os
import sys
import tempfile
import types
from collections.abc import Callable
from typing import Any, cast

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from kurskdata.reports.edition import notebooks

Notebook = Any
Report = Callable[..., None]


class _Outbox(Session):
    """Keeps the messages of a kernel as a client would receive them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.messages: list[dict[str, Any]] = []

    def send(  # type: ignore[override]
        self,
        stream: Any,  # noqa: ARG002
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        **_: Any,
    ) -> Any:
        msg = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        # Through JSON, as over a socket: what a report keeps must not change when its objects do.
        self.messages.append({**msg, "content": self.unpack(self.pack(msg["content"]))})
        return msg

    def taken(self) -> list[dict[str, Any]]:
        messages, self.messages = self.messages, []
        return messages


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell, with what programs write to the file descriptor."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, name: str, fd: int, send: Callable[[str, str], None]) -> None:
        self.name, self._fd, self._send = name, fd, send
        self._parts: list[str] = []
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(self._file.fileno(), fd)

    def fileno(self) -> int:
        return self._fd

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._drain()
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        self._drain()
        text = "".join(self._parts).encode(errors="replace").decode()
        self._parts.clear()
        if text:
            self._send(self.name, text)

    def _drain(self) -> None:
        """Programs share the position in the file with us: what lies before it is new."""
        end = os.lseek(self._fd, 0, os.SEEK_CUR)
        if end:
            raw = os.pread(self._fd, end, 0)
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.ftruncate(self._fd, 0)
            self._parts.append(raw.decode("utf-8", "replace"))


@functools.cache
def kernel() -> tuple[Any, _Outbox]:
    """The kernel of this process and where it leaves its messages; a fork has the one that was made before it."""
    # Nobody attaches a debugger to a report, and loading it writes to stderr.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    config = Config()
    config.HistoryManager.enabled = False  # no file in the home folder of the user
    outbox = _Outbox()
    made: Any = IPythonKernel.instance(
        session=outbox, user_ns=None, config=config, log=logging.getLogger(__name__)
    )
    made.shell_channel_thread = types.SimpleNamespace(parent_thread=None)
    made._execute_sleep = 0  # no socket that a message could still be on its way to
    return made, outbox


class _Client:
    """The client's end: hands a cell to the kernel and waits for it."""

    def __init__(self) -> None:
        self.kernel, self.outbox = kernel()
        self.shell = cast("Any", self.kernel.shell)
        sys.stdout = _Stream("stdout", 1, self._stream)
        sys.stderr = _Stream("stderr", 2, self._stream)
        sys.displayhook = self.shell.displayhook
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        sys.path.insert(0, "")

    def _stream(self, name: str, text: str) -> None:
        parent = self.shell.parent_header
        self.outbox.send(None, "stream", {"name": name, "text": text}, parent)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:  # noqa: ARG002
        # There is no queue of requests that an error could stop.
        content = {"code": code, "store_history": store_history, "stop_on_error": False}
        request = self.outbox.msg("execute_request", {**content, "allow_stdin": False})
        self.kernel.set_parent(b"", request)
        self.outbox.send(None, "status", {"execution_state": "busy"}, request)
        await self.kernel.execute_request(None, b"", request)
        self.outbox.send(None, "status", {"execution_state": "idle"}, request)
        return str(request["header"]["msg_id"])


class _Notebook(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client on a kernel in this process."""

    async def _async_poll_kernel_alive(self) -> None:
        """The kernel is this process."""

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: Any, cell_index: int) -> None:  # noqa: ARG002
        self.reply = None
        for message in self.kc.outbox.taken():
            if message["msg_type"] == "execute_reply":
                self.reply = message
            elif message["content"].get("execution_state") != "idle":
                self.process_message(message, cell, cell_index)

    async def _async_poll_for_reply(self, *arguments: Any) -> Any:
        await arguments[3]
        return self.reply


def execute(notebook: Notebook, report: Report, **options: Any) -> Notebook:
    """The notebook with the outputs of its cells, up to the first error.

    ``report`` is called with "start", the number of a cell and its source, then "cell" with number and cell, and in
    between with "exception" and its text where it failed. ``options`` are those of nbclient.
    """
    manager = types.SimpleNamespace(
        nb=notebook,
        cell_start=lambda cell, index: report("start", index, cell.source),
        cell_exception=lambda _, cell_index, exception: report("exception", cell_index, str(exception)),
        cell_complete=lambda cell, cell_index: report("cell", cell_index, cell),
        autosave_cell=lambda: None,  # whoever asked for the notebook saves it
    )
    join = options.pop("coalesce_streams", False)
    client = _Notebook(manager, **options)
    client.reset_execution_trackers()
    client.kc = _Client()
    client.papermill_execute_cells()
    notebook.metadata["language_info"] = client.kc.kernel.language_info
    client.set_widgets_metadata()
    asyncio.set_event_loop(None)
    return notebooks.joined(notebook) if join else notebook
