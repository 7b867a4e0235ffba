"""The house: no room imports from a room above it, and every file stays one that can be read in a sitting."""

import ast
from pathlib import Path

import pytest

import kurskdata

PACKAGE = Path(kurskdata.__file__).parent

ROOMS = (
    "errors", "days", "disk", "tables", "words", "editions", "drawing", "templates", "check",
    "charts/style", "charts/map", "charts",
    "display", "sentences", "embed", "reports/edition", "reports/run", "reports", "cli", "reference", "",
)  # fmt: skip
"""From the ground up: the folders of the package and the modules that lie beside them."""

FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def room(place: str) -> int:
    """The floor of a module: that of its folder or, beside the folders, its own."""
    folder, _, name = place.removesuffix(".py").removesuffix("__init__").rstrip("/").rpartition("/")
    return ROOMS.index(f"{folder}/{name}".strip("/") if f"{folder}/{name}".strip("/") in ROOMS else folder)


def imported(place: str) -> set[str]:
    """The modules of the package that a file imports, whether at its top or in a function."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / place).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kurskdata":
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            paths = [name.partition(".")[2].replace(".", "/") for name in names]
            module = str(node.module).partition(".")[2].replace(".", "/")
            found |= {p if f"{p}.py" in FILES or f"{p}/__init__.py" in FILES else module for p in paths}
    return found


@pytest.mark.parametrize("place", FILES)
def test_no_import_runs_upward(place: str) -> None:
    own = room(place)
    above = [other for other in imported(place) if room(other) > own]
    assert not above
