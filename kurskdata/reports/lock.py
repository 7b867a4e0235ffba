"""One build at a time in an output folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from kurskdata import disk
from kurskdata.errors import BuildError
from kurskdata.reports.stale import LOCAL


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Holds the folder. Raises BuildError when another build holds it; a build that was killed holds nothing."""
    from filelock import FileLock, Timeout

    holder = out / LOCAL / "process"  # not in the lock itself, which some versions of filelock empty
    holder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / LOCAL / "lock", timeout=0, thread_local=False)
    try:
        held = lock.acquire()
    except Timeout:
        number = holder.read_text("utf-8") if holder.is_file() else "unknown"
        raise BuildError(
            f"{out}: another build (process {number}) is writing to this folder; wait for it, or choose another with -o"
        ) from None
    with held:
        disk.write(holder, str(os.getpid()))
        yield
