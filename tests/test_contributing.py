"""CONTRIBUTING.md: every file, name and command in it exists, and its rooms are those that the house test holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from documents import commands, unknown
from test_house import ROOMS

PATH = re.compile(r"[\w.-]+(/[\w.*-]+)*/?")
MADE = (".venv/bin",)
"""What is not in a fresh checkout."""

EXPLAINED = ("observer", "--help")
"""Words between backticks that are neither a path nor a name in a file."""

NAMES = re.compile(r"((?:`[\w.]+`(?:, | and |, and ))*`[\w.]+`) in `([\w./-]+\.\w+)`")
"""Names said to be in a file: `check_claims` in `kurskdata/check/__init__.py`."""


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "CONTRIBUTING.md").read_text("utf-8")


@pytest.fixture(scope="module")
def guide(text: str) -> str:
    """The page from the first task on, without its line ends."""
    return " ".join(text.partition("## Where do I")[2].split())


def defined(path: Path) -> set[str]:
    """The functions, classes, methods and variables of a module; of another file, its words."""
    if path.suffix != ".py":
        return set(re.findall(r"\w+", path.read_text("utf-8")))
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        names |= _named(node)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for inner in node.body for name in _named(inner)}
    return names


def _named(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_it_is_one_page(text: str) -> None:
    assert len(text.splitlines()) <= 90


def test_its_rooms_are_those_of_the_house_in_their_order(text: str) -> None:
    listed = re.findall(r"^\| `([\w/`, ]+)` \|", text, re.M)
    assert [room for row in listed for room in row.split("`, `")] == [room for room in ROOMS if room]


def test_every_path_in_it_exists(root: Path, text: str) -> None:
    paths = [word for word in re.findall(r"`([^`]+)`", text) if PATH.fullmatch(word) and "/" in word]
    paths = [path for path in paths if path not in (*ROOMS, *MADE)]
    assert len(paths) >= 25
    assert [path for path in paths if not list(root.glob(path.rstrip("/")))] == []


def test_every_name_in_it_is_defined_in_the_file_that_it_names(root: Path, guide: str) -> None:
    pairs = [(name, path) for names, path in NAMES.findall(guide) for name in re.findall(r"[\w.]+", names)]
    pairs = [(name, path) for name, path in pairs if name != "and"]
    assert len(pairs) >= 12
    assert [(name, path) for name, path in pairs if name not in defined(root / path)] == []


def test_every_command_in_it_exists_with_its_options(text: str) -> None:
    typed = commands(text)
    assert len(typed) >= 12
    assert {line: unknown(line) for line in typed if unknown(line)} == {}


def test_nothing_that_looks_like_code_goes_unchecked(root: Path, guide: str) -> None:
    checked = {
        word for names, path in NAMES.findall(guide) for word in (*re.findall(r"`([\w.]+)`", names), path)
    }
    checked |= set(commands(guide))
    words = re.findall(r"`([^`]+)`", guide)
    checked |= {*MADE, *EXPLAINED}
    left = [
        w for w in words if w not in checked and not (PATH.fullmatch(w) and list(root.glob(w.rstrip("/"))))
    ]
    assert left == []
