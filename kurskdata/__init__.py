"""kurskdata: sourced claims on the Kursk campaign of 2024-25, as tidy tables.

The loaders (``area``, ``retaken``, ``sources`` ...) return the tables as they are; the views (``area_claims``,
``settlements_per_day`` ...) return what follows from them. All of them return DataFrames and need pandas alone. Checks,
charts and reports need extras: ``pip install 'kurskdata[all]'``. Each part is loaded on first use, from the
home that ``__init__.pyi`` names.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

_STUB = ast.parse(Path(__file__).with_suffix(".pyi").read_text("utf-8"))
_HOMES = {
    alias.name: str(node.module)
    for node in _STUB.body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}

__all__ = sorted({*_HOMES} - {"charts", "check_claims", "display"})  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in ("charts", "display"):
        return import_module(f"kurskdata.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("kurskdata")
    raise AttributeError(f"module 'kurskdata' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*_HOMES, "__version__"]
