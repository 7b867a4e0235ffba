"""A newsroom's own rows: a copy of the tables, added to, in every command, in notebooks and builds, and said so."""

from __future__ import annotations

import json
import os
import re
import textwrap
from pathlib import Path

import pytest
from conftest import Kursk

import kurskdata as kd
from kurskdata.errors import InputError
from kurskdata.tables import descriptor

SAID = "With the newsroom’s own rows in: Sources, Claims on territory."


@pytest.fixture
def example(root: Path) -> list[str]:
    """The worked example of the help, block by block: commands, and Python to run between them."""
    text = (root / "kurskdata" / "help" / "data-copy.md").read_text("utf-8")
    return [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+", text, re.M)]


@pytest.fixture
def mine(example: list[str], kursk: Kursk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the worked example makes."""
    copy, python, _ = example
    assert kursk(*copy.split()[1:]).returncode == 0
    monkeypatch.chdir(tmp_path)
    exec(python, {})
    return tmp_path / "mine"


@pytest.mark.usefixtures("mine")
def test_the_worked_example_leads_from_csv_to_chart(example: list[str], kursk: Kursk, tmp_path: Path) -> None:
    validate, export, _ = (line.split()[1:] for line in example[2].splitlines())
    done = kursk(*validate)
    assert (done.returncode, done.stdout, done.stderr) == (0, "all tables are valid\n", "")
    assert kursk(*export).returncode == 0
    assert "own-times-12" in (tmp_path / "chart" / "data.csv").read_text("utf-8")
    for name in ("index.html", "metadata.jsonld"):
        assert SAID in (tmp_path / "chart" / name).read_text("utf-8"), name
    assert kursk("export", "area", "-o", "ours", "--as-of", "2025-05-31").returncode == 0
    assert "newsroom" not in (tmp_path / "ours" / "index.html").read_text("utf-8"), (
        "the option ends with its command"
    )


def test_a_copy_without_own_rows_is_not_said_to_have_any(
    kursk: Kursk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kursk("data", "copy", "same").returncode == 0
    monkeypatch.setenv("KURSKDATA_DATA", str(tmp_path / "same"))
    assert descriptor.own_tables() == []


def test_nothing_is_overwritten(mine: Path, kursk: Kursk) -> None:
    done = kursk("data", "copy", mine)
    assert (done.returncode, done.stderr) == (2, f"kursk: {mine}: is not empty; nothing was copied\n")


@pytest.mark.parametrize(
    "words", [("check", "mine/claims.csv"), ("data", "list"), ("export", "area", "-o", "x"), ("build",)]
)
def test_a_folder_without_tables_is_refused(kursk: Kursk, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = kursk(*words, "--data", tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"kursk: {tmp_path}: no datapackage.json; kursk data copy makes a folder of the tables\n"
    )


def test_own_rows_enter_lists_exports_and_checks(mine: Path, kursk: Kursk, tmp_path: Path) -> None:
    listed = dict(line.split()[:2] for line in kursk("data", "list", "--data", mine).stdout.splitlines())
    assert int(listed["area"]) == len(kd.area()) + 1
    assert kursk("data", "export", "--format", "json", "-o", "all", "--data", mine).returncode == 0
    assert "own-times-12" in (tmp_path / "all" / "area.json").read_text("utf-8")
    (tmp_path / "claims.csv").write_text(
        "claim_id,measure,value,unit,as_of\nx,area_held,12,km2,2025-05-29\n", "utf-8"
    )
    assert "Example Times" in kursk("check", "claims.csv", "--data", mine).stdout
    done = kursk("data", "diff", "--data", mine, "--format", "csv")
    assert "row added,area,own-times-12,,,own-times-12,not needed" in done.stdout


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("area", ",12,km2,about,", ",12,hectares,about,", "area.csv: line {n}, column unit: 'hectares' is not allowed"),
        ("area", ",12,km2,about,", ",twelve,km2,about,", "area.csv: line {n}, column value: 'twelve' is not a number"),
        ("area", ",own-times,", ",own-other,", "area.csv: line {n}, column source_ids: 'own-other' is not in sources"),
        ("area", ",2025-05-30,,2025-05-29,", ",30 May,,2025-05-29,", "area.csv: line {n}, column reported: '30 May' is not a day"),
        ("sources", ",https://example.org/held,", ",example.org,", "sources.csv: line {n}, column url: 'example.org' does not"),
    ],
)  # fmt: skip
def test_faults_of_own_rows_are_named_by_file_line_and_column(
    mine: Path, kursk: Kursk, table: str, old: str, new: str, said: str
) -> None:
    path = mine / f"{table}.csv"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    done = kursk("data", "validate", "--data", mine)
    assert done.returncode == 2
    assert said.format(n=text[: text.index(old)].count("\n") + 1) in done.stderr


def test_nothing_is_drawn_from_a_row_without_its_page(mine: Path, kursk: Kursk, tmp_path: Path) -> None:
    path = mine / "area.csv"
    path.write_text(path.read_text("utf-8").replace(",own-times,", ",own-other,"), "utf-8")
    done = kursk("export", "area", "-o", "drawn", "--as-of", "2025-05-30", "--data", mine)
    assert done.returncode == 2
    assert not (tmp_path / "drawn").exists()
    assert "area.csv: own-times-12, column source_ids: 'own-other' is not in sources" in done.stderr


def test_a_notebook_turns_to_a_folder_and_back(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KURSKDATA_DATA", "")
    before = len(kd.area())
    kd.use_data("mine")
    assert Path(os.environ["KURSKDATA_DATA"]) == mine.resolve()
    assert len(kd.area()) == before + 1
    assert descriptor.own_tables() == ["sources", "area"]
    kd.use_data(None)
    assert len(kd.area()) == before
    monkeypatch.setenv("KURSKDATA_BUILD", "1")
    with pytest.raises(InputError, match="give the folder to kursk build --data"):
        kd.use_data("mine")


@pytest.mark.parametrize("engine", ["kursk", "ipykernel"])
def test_a_build_takes_the_folder_and_is_stale_when_it_changes(
    mine: Path, kursk: Kursk, tmp_path: Path, engine: str
) -> None:
    words = ("build", "-n", "area", "--as-of", "2025-05-31", "-o", "out", "--engine", engine)
    assert kursk(*words, "--data", mine).returncode == 0
    (edition,) = (path.parent for path in (tmp_path / "out").glob("*/manifest.json"))
    known = json.loads((edition / "manifest.json").read_text("utf-8"))
    assert known["own_tables"] == ["sources", "area"]
    assert SAID in (edition / "area.html").read_text("utf-8")
    assert "Example Times" in (edition / "area.html").read_text("utf-8")
    assert kursk(*words, "--data", mine, "--check").returncode == 0
    done = kursk(*words, "--check")
    assert (done.returncode, "table area changed" in done.stdout) == (1, True)
    path = mine / "area.csv"
    path.write_text(path.read_text("utf-8").replace(",12,km2,about,", ",13,km2,about,"), "utf-8")
    done = kursk(*words, "--data", mine, "--check")
    assert (done.returncode, "table area changed" in done.stdout) == (1, True)
