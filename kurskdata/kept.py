"""What is kept on disk from one process to the next: drawings and the libraries that draw, by content.

Nothing here is needed: a folder that cannot be read or written keeps nothing, a file that is not whole is made again.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LIMIT = 1 << 30


def folder() -> Path | None:
    """The folder: ``KURSKDATA_CACHE``, or one in the user's cache; None where "off" wants nothing kept."""
    chosen = os.environ.get("KURSKDATA_CACHE")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kurskdata" / "drawings"


def place(folder: Path | None, key: str) -> Path | None:
    """Where the content of a key, a hash as hex text, is kept."""
    return folder / key[:2] / key if folder else None


def read(path: Path | None) -> bytes | None:
    """The content that is kept there, if it is whole: its hash stands in front."""
    try:
        found = path.read_bytes() if path else b""
    except OSError:
        return None
    content = found[64:]
    if path is None or hashlib.sha256(content).hexdigest().encode() != found[:64]:
        return None
    os.utime(path)  # what was unused for longest is dropped first
    return content


def write(path: Path | None, content: bytes) -> None:
    """Keeps a content there."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
        aside.replace(path)
    except OSError:
        return


def prune(folder: Path | None, limit: int = _LIMIT) -> None:
    """Drops what was not used for the longest time, down to nine tenths of the limit, in bytes."""
    if folder is None or not folder.is_dir():
        return
    files = [(s.st_mtime, s.st_size, p) for p in folder.glob("??/*") for s in [p.stat()]]
    total = sum(size for _, size, _ in files)
    if total <= limit:
        return
    for _, size, path in sorted(files):
        path.unlink(missing_ok=True)
        total -= size
        if total <= limit * 0.9:
            return
