"""The house: no room imports from a room above it, and the package stays small enough to be read.

Files have at most 400 lines, functions at most 60 with their docstring, and statements are nested at most 6 deep.
"""

import ast
from pathlib import Path

import pytest

import kurskdata

PACKAGE = Path(kurskdata.__file__).parent

ROOMS = (
    "errors", "disk", "tables", "words", "editions", "prose", "drawing", "templates", "check",
    "charts/style", "charts/map", "charts",
    "display", "sentences", "rests_on", "embed", "reports/edition", "reports/run", "reports", "changes", "commands", "cli", "",
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


LINES_OF_A_FILE, LINES_OF_A_FUNCTION, LEVELS = 400, 60, 6
LINES_IN_ALL = 14_744
BLOCKS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
    ast.Match,
)


def source(place: str) -> str:
    return (PACKAGE / place).read_text("utf-8")


def levels(node: ast.AST) -> int:
    """How deep the blocks of a file are nested; an ``elif`` is no deeper than its ``if``."""
    below = 0
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse
        below = max(below, levels(child) - is_elif)
    return below + isinstance(node, BLOCKS)


@pytest.mark.parametrize("place", FILES)
def test_a_file_can_be_read_in_a_sitting(place: str) -> None:
    assert len(source(place).splitlines()) <= LINES_OF_A_FILE
    tree = ast.parse(source(place))
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    lengths = {n.name: (n.end_lineno or 0) - n.lineno + 1 for n in functions}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FUNCTION} == {}
    assert levels(tree) <= LEVELS


def test_the_measure_of_nesting_counts_blocks_and_not_lines() -> None:
    code = "def f():\n  for a in b:\n    if a:\n      pass\n    elif b:\n      pass\n    else:\n      while c:\n        pass"
    assert levels(ast.parse(code)) == 4


def test_the_package_stays_thin() -> None:
    assert len(FILES) > 50
    assert sum(len(source(place).splitlines()) for place in FILES) <= LINES_IN_ALL
