"""What is kept on disk from one process to the next: drawings and the libraries that draw, by content.

Nothing here is needed: a folder that cannot be read or written keeps nothing, a file that is not whole is made again.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from kurskdata import disk

_LIMIT = 1 << 30

active: Path | None = None
"""The folder that keeps drawings from one process to the next; None keeps them in memory alone."""

_drawn: OrderedDict[str, bytes] = OrderedDict()
_DRAWN = 24
"""How many drawings stay in memory: an edition of the report asks again for a few of its twenty."""

_BESIDE = ("embed/card.py", "charts/style/theme.py")
"""Modules outside of this room that decide how a picture looks."""


def folder() -> Path | None:
    """The folder: ``KURSKDATA_CACHE``, or one in the user's cache; None where "off" wants nothing kept."""
    chosen = os.environ.get("KURSKDATA_CACHE")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("kurskdata", appauthor=False) / "drawings"


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
        disk.write(path, hashlib.sha256(content).hexdigest().encode() + content)
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


def drawn(kind: str, source: str, draw: Callable[[], bytes]) -> bytes:
    """What ``draw`` gives, drawn once for the same kind of picture, source, fonts and versions."""
    key = hashlib.sha256(f"{_salt()} {kind} {source}".encode()).hexdigest()
    if key not in _drawn:
        path = place(active, key)
        content = read(path)
        if content is None:
            content = draw()
            write(path, content)
        _drawn[key] = content
        if len(_drawn) > _DRAWN:
            _drawn.popitem(last=False)
    return _drawn[key]


@functools.cache
def _salt() -> str:
    """What a drawing depends on besides its source: the modules that draw, the libraries, the fonts."""
    from importlib.metadata import version

    from kurskdata.drawing.fonts import FONTS

    hashed = hashlib.sha256()
    modules = [*Path(__file__).parent.glob("*.py"), *(Path(__file__).parents[1] / name for name in _BESIDE)]
    for path in [*sorted(modules), *sorted(FONTS.glob("*.ttf"))]:
        hashed.update(path.read_bytes())
    libraries = ("vl-convert-python", "mini-racer", "thorvg-python", "resvg-py", "uharfbuzz", "pillow")
    return " ".join([hashed.hexdigest(), *map(version, libraries)])
