"""What is kept on disk from one process to the next: drawings and the libraries that draw, by content.

Nothing here is needed: a folder that cannot be read or written keeps nothing, a file that is not whole is made again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from kurskdata import disk

_LIMIT = 1 << 30

active: Path | None = None
"""The folder that keeps drawings from one process to the next; None keeps them in memory alone."""

_PACKAGE = Path(__file__).parents[1]

_drawn: dict[str, bytes] = {}
_DRAWN = 24
"""How many drawings stay in memory: an edition of the report asks again for a few of its twenty."""


def folder() -> Path | None:
    """The folder: ``KURSKDATA_CACHE``, or one in the user's cache; None where "off" wants nothing kept."""
    chosen = os.environ.get("KURSKDATA_CACHE")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("kurskdata", appauthor=False) / "drawings"


def read(path: Path | None) -> bytes | None:
    """The content that is kept in a file, if it is whole: its hash stands in front."""
    try:
        whole = path.read_bytes() if path else b""
    except OSError:
        return None
    content = whole[64:]
    if path is None or hashlib.sha256(content).hexdigest().encode() != whole[:64]:
        return None
    with contextlib.suppress(OSError):  # what was unused for longest is dropped first
        os.utime(path)
    return content


def write(path: Path | None, content: bytes) -> None:
    """Keeps a content in a file."""
    if path is not None:
        with contextlib.suppress(OSError):
            disk.write(path, hashlib.sha256(content).hexdigest().encode() + content)


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


def drawn(kind: str, source: str, draw: Callable[[], bytes]) -> bytes:
    """What ``draw`` gives, drawn once for the same kind of picture, source, code, fonts and versions."""
    key = hashlib.sha256(f"{code()} {_versions()} {kind} {source}".encode()).hexdigest()
    if key not in _drawn:
        path = active / key[:2] / key if active else None
        content = read(path)
        if content is None:
            content = draw()
            write(path, content)
        if len(_drawn) >= _DRAWN:
            del _drawn[next(iter(_drawn))]
        _drawn[key] = content
    return _drawn[key]


@functools.cache
def code(package: Path = _PACKAGE) -> str:
    """The hash of what a drawing depends on in the package: the modules that draw and the fonts."""
    files = [*package.glob("drawing/*.py"), *package.glob("drawing/*.js"), *package.glob("fonts/*.ttf")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


@functools.cache
def _versions() -> str:
    from importlib.metadata import version

    libraries = ("vl-convert-python", "mini-racer", "thorvg-python", "uharfbuzz", "pillow")
    return " ".join(map(version, libraries))
