"""One build at a time in an output folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kurskdata.errors import BuildError
from kurskdata.reports.stale import LOCAL


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Holds the folder. Raises BuildError when another build holds it; a build that was killed holds nothing."""
    path = out / LOCAL / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _hold(file)
        except OSError:
            file.seek(0)
            who = file.read().decode("utf-8", "replace") or "unknown"
            raise BuildError(
                f"{out}: another build (process {who}) is writing to this folder; wait for it, or choose another with -o"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def _hold(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(1 << 20)  # beyond what stands in the file, which others may read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        file.seek(0)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
