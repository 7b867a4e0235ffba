"""Files on disk: written whole or not at all, and read again only when they change; JSON of a known form. Standard library only."""

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


def read_json(path: Any, form: Any) -> Any:
    """The value in a JSON file, on disk or in an archive. Raises InputError for a file that is missing, not JSON, or not of the form.

    A form is a type; a list with the form of every entry; or a dict with the forms of its keys, those that may be missing
    with "?" at their end, or with ``str`` as key and the form of every value.
    """
    try:
        value = json.loads(path.read_bytes())
    except OSError as fault:
        raise InputError(f"{path}: cannot be read ({fault.strerror})") from None
    except (ValueError, RecursionError) as fault:
        raise InputError(f"{path}: not a JSON file ({fault})") from None
    if wrong := _unlike(value, form, "its value"):
        raise InputError(f"{path}: not of the form that it should have: {wrong}")
    return value


def _unlike(value: Any, form: Any, place: str) -> str:
    """Where a value is first not of a form, and what is needed there; empty where it is."""
    kind: Any = form if isinstance(form, type) else type(form)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        return f"{place} is {type(value).__name__}, {kind.__name__} is needed"
    inner: list[tuple[Any, Any, str]] = []
    if kind is list and form is not list:
        inner = [(one, form[0], f"{place}/{number}") for number, one in enumerate(value)]
    elif kind is dict and form is not dict:
        for key, own in form.items():
            needed = key is not str and not key.endswith("?")
            names = value if key is str else [key.removesuffix("?")]
            inner += [(value.get(n), own, f"{place}/{n}") for n in names if needed or n in value]
    return next(filter(None, (_unlike(*one) for one in inner)), "")


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
