"""What a process writes outside one folder, and whom it calls: told by Python itself, for every process that has this
folder in PYTHONPATH. A line in the file WATCH_LOG is a breach; the folder WATCH_ROOM is where writing is allowed."""

from __future__ import annotations

import os
import sys
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PATHS = {
    "os.mkdir": 1, "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.link": 2, "os.symlink": 2, "os.truncate": 1,
    "os.chmod": 1, "os.utime": 1,
}  # fmt: skip
"""Events that change a folder, and how many of their arguments are paths."""

_busy = False


def breach(event: str, arguments: tuple[Any, ...]) -> str:
    """What an event does that it may not; empty for all others."""
    if event in ("socket.connect", "socket.getaddrinfo"):
        local = event == "socket.connect" and not isinstance(arguments[1], tuple)
        return "" if local else f"{event} {arguments[-1]!r}"
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        paths = arguments[:1]
    else:
        paths = arguments[: PATHS.get(event, 0)]
    room = os.environ["WATCH_ROOM"]
    for path in paths:
        if isinstance(path, (str, bytes, os.PathLike)):
            real = os.path.realpath(os.fsdecode(path))
            if not real.startswith((f"{room}/", "/dev/", "/proc/")) and real != room:
                return f"{event} {real}"
    return ""


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    global _busy  # noqa: PLW0603
    if (
        _busy
        or "WATCH_LOG" not in os.environ
        or not (event in PATHS or event.startswith(("open", "socket.")))
    ):
        return
    _busy = True
    try:
        if told := breach(event, arguments):
            with open(os.environ["WATCH_LOG"], "a", encoding="utf-8", errors="replace") as log:  # noqa: PTH123
                log.write(f"{told}\n")
    except ValueError:  # a path that is none, such as one with NUL
        pass
    finally:
        _busy = False


sys.addaudithook(hook)
