"""Files on disk: written whole or not at all, and read again only when they change. Standard library only."""

from __future__ import annotations

import functools
import json
import os
import threading
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from kurskdata.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")


def write(path: Path, content: str | bytes) -> None:
    """Writes a file beside its place and moves it there, so that no reader ever meets half a file.

    Text is written in UTF-8 with the line ends that it has; missing folders are made. Raises OSError as the file
    system does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        aside.write_bytes(content.encode() if isinstance(content, str) else content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def make_folder(path: Path, purpose: str) -> None:
    """Makes a folder that a user named, if it is missing. Raises InputError that names its purpose."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(f"{path}: cannot be used as {purpose} ({fault.strerror})") from None


def kept_until_changed(files: Callable[P, Iterable[Path]]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a function of hashable arguments: its results are kept until a file that it reads changes.

    ``files`` names these files from the same arguments. A call raises InputError for a missing file.
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        kept = functools.lru_cache(16)(lambda _state, *args, **kwargs: function(*args, **kwargs))

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return kept(tuple(map(_stamp, files(*args, **kwargs))), *args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorated


def _stamp(path: Path) -> tuple[Path, int, int]:
    try:
        status = path.stat()
    except OSError:
        raise InputError(f"{path}: the file is missing") from None
    return path, status.st_mtime_ns, status.st_size


@functools.cache
def packaged(name: str) -> Any:
    """A JSON or TOML file of the package, by its path in it."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    return tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
