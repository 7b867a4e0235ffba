"""Other machines, as far as they can be simulated: no fork and spawn only, Windows' modules, names and line ends."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kurskdata
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.reports import batch
from kurskdata.reports.edition import manifest
from kurskdata.tables import descriptor, reader, validation

PACKAGE = Path(kurskdata.__file__).parent
UNIX_ONLY = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "posix", "syslog"}
WITHOUT_FORK = """
import multiprocessing, os, socket
for module, names in ((os, ("fork", "forkpty", "setsid", "killpg", "getuid", "sched_getaffinity", "O_DIRECTORY")), (socket, ("send_fds",))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
multiprocessing.set_start_method("spawn", force=True)
"""
FORKS = {"reports/run/fork_server.py"}


def kursk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process that cannot fork, nor can any process that it starts."""
    (folder / "machine").mkdir(exist_ok=True)
    (folder / "machine" / "sitecustomize.py").write_text(WITHOUT_FORK)
    environment = {**os.environ, "PYTHONPATH": str(folder / "machine")}
    command = [sys.executable, "-m", "kurskdata.cli", *arguments]
    return subprocess.run(
        command, check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_nothing_that_windows_lacks_is_imported_but_by_the_process_that_forks() -> None:
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
            assert not names & UNIX_ONLY or place in FORKS, place


@pytest.mark.slow
def test_a_machine_that_cannot_fork_makes_the_same_files(tmp_path: Path, root: Path) -> None:
    notebook = str(root / "notebooks" / "area.ipynb")
    done = kursk(tmp_path, "build", "-n", notebook, "--as-of", "2025-03-12", "-o", "spawned", "-j", "2")
    assert done.returncode == 0, done.stderr
    usual = subprocess.run(
        [sys.executable, "-m", "kurskdata.cli", "build", "-n", notebook, "--as-of", "2025-03-12", "-o", "forked"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert usual.returncode == 0, usual.stderr
    files = {
        p.relative_to(tmp_path / "forked")
        for p in (tmp_path / "forked" / "2025-03-12-en-km2").rglob("*")
        if p.is_file()
    }
    assert len(files) > 9
    for name in files:
        if name.name != "manifest.json":  # a plain kernel does not tell which tables it read
            assert (tmp_path / "spawned" / name).read_bytes() == (tmp_path / "forked" / name).read_bytes(), (
                name
            )


@pytest.mark.slow
def test_a_machine_that_cannot_fork_measures_and_exports(tmp_path: Path) -> None:
    ring = [[51.1, 35.0], [51.1, 35.1], [51.2, 35.1], [51.2, 35.0], [51.1, 35.0]]
    for day in range(20240801, 20240821):
        (tmp_path / f"{day}.json").write_text(json.dumps({"areas_ua": [ring], "areas": []}))
    done = kursk(tmp_path, "measure", "owlmaps", str(tmp_path), "-j", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(",77.84,") == 20
    done = kursk(tmp_path, "export", "settlements", "-o", "chart")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "chart" / "index.html").is_file()


def test_two_notebooks_that_some_file_systems_take_for_one_are_refused(tmp_path: Path, root: Path) -> None:
    paths = [tmp_path / "a" / "Area.ipynb", tmp_path / "b" / "area.ipynb"]
    for path in paths:
        path.parent.mkdir()
        shutil.copyfile(root / "notebooks" / "area.ipynb", path)
    with pytest.raises(InputError, match="two notebooks of one name, in capitals or not"):
        list(batch.build([Edition()], paths, tmp_path / "out"))


def test_outputs_of_an_edition_differ_by_more_than_capitals() -> None:
    names = [edition.name for edition in batch_of_all()]
    assert len({name.casefold() for name in names}) == len(names)


def batch_of_all() -> list[Edition]:
    from kurskdata.editions import days, matrix

    return matrix(
        days("2025-03-12..2025-03-14"), ["km2", "sq_mi"], ["en", "de", "ru", "uk"], ["light", "dark"]
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["CRLF", "CRLF and byte order mark"])
def test_tables_with_the_line_ends_of_windows_are_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: bytes
) -> None:
    usual = {name: reader.load(name) for name in descriptor.names()}
    inputs = manifest.inputs([])
    shutil.copytree(descriptor.data_folder(), tmp_path / "data")
    for path in (tmp_path / "data").rglob("*.*"):
        if path.suffix in (".csv", ".json", ".md"):
            start = mark if path.suffix == ".csv" else b""
            path.write_bytes(start + path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv("KURSKDATA_DATA", str(tmp_path / "data"))
    for name, frame in usual.items():
        assert reader.load(name).equals(frame)
    assert validation.faults() == []
    assert manifest.inputs([]) == inputs
    assert descriptor.own_tables() == []


def test_checkouts_have_the_line_ends_of_the_repository(root: Path) -> None:
    assert "* text=auto eol=lf" in (root / ".gitattributes").read_text("utf-8").splitlines()
