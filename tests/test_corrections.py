"""Corrections: no published cell changes, and no row goes, without its entry. Needs no history of the repository."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import corrections
import pytest
from conftest import Kursk

import kurskdata as kd
from kurskdata.errors import InputError
from kurskdata.tables import changes, descriptor

Edit = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data that was released as it is, and is read in place of ours."""
    copy = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(copy))
    (copy / "corrections.csv").write_text("date,version,table,key,column,old,new,reason,source_id\n", "utf-8")
    (copy / "released.json").write_text(corrections.released("9.0.0"), "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## Unreleased\n\n### Code\n- x.\n\n### Corrections\n- None.\n\n"
        "## 9.0.0\n\n### Corrections\n- None.\n",
        "utf-8",
    )
    assert corrections.faults() == []
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    def replace(old: str, new: str, table: str = "area") -> None:
        path = folder / f"{table}.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())

    return replace


@pytest.fixture
def enter(folder: Path) -> Edit:
    def append(*cells: str, version: str = "unreleased") -> None:
        with (folder / "corrections.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(["2026-11-27", version, *cells])

    return append


ISW = "2024-08-07-isw-depth-10"


def test_every_change_since_the_release_has_its_entry_and_every_entry_its_change() -> None:
    assert corrections.faults() == []


def test_the_changelog_has_the_entries(root: Path) -> None:
    text = (root / "CHANGELOG.md").read_text("utf-8")
    assert corrections.changelog(text) == text, "make corrections writes it again"


def test_the_last_release_is_known_whole() -> None:
    known = changes.released()
    assert f"\n## {known['version']}\n" in (descriptor.data_folder().parent / "CHANGELOG.md").read_text(
        "utf-8"
    )
    assert set(known["tables"]) == set(descriptor.names()) - {"corrections"}
    for table in known["tables"].values():
        assert {len(text) for text in table["rows"].values()} == {5 * len(table["columns"])}
    assert sum(len(table["rows"]) for table in known["tables"].values()) == 2224


def test_entries_have_a_reason_and_differ_from_what_they_correct() -> None:
    entries = kd.corrections()
    assert (entries["reason"].str.len() > 10).all()
    assert (entries["old"].fillna("") != entries["new"].fillna("")).all()


def test_a_changed_cell_needs_an_entry_with_both_values(edit: Edit, enter: Edit) -> None:
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    (said,) = corrections.faults()
    assert said.startswith(f"area.csv: {ISW} value: cell changed since 9.0.0")
    enter("area", ISW, "value", "11", "12", "Misread.", "")
    assert len(corrections.faults()) == 2  # the old value is another one


def test_an_entry_with_both_values_will_do(edit: Edit, enter: Edit) -> None:
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    enter("area", ISW, "value", "10", "12", "Misread.", "")
    assert corrections.faults() == []


def test_an_entry_without_its_change_is_a_fault(enter: Edit) -> None:
    enter("area", ISW, "value", "10", "12", "Misread.", "")
    (said,) = corrections.faults()
    assert said == f"corrections.csv: area {ISW} value: the tables do not differ from 9.0.0 in this way"


@pytest.mark.parametrize("new", ["", "2024-08-07-isw-depth-11"])
def test_a_row_that_goes_or_gets_another_id_needs_an_entry(folder: Path, enter: Edit, new: str) -> None:
    path = folder / "area.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert lines[1].startswith(ISW)
    lines[1] = lines[1].replace(ISW, new) if new else ""
    path.write_bytes("".join(lines).encode())
    (said,) = corrections.faults()
    assert f"{ISW}: row gone since" in said
    enter("area", ISW, "", ISW, "2024-08-07-isw-depth-12", "The new id is none.", "")
    assert len(corrections.faults()) == 2
    (folder / "corrections.csv").write_text(
        "date,version,table,key,column,old,new,reason,source_id\n", "utf-8"
    )
    enter("area", ISW, "", ISW, new, "Counted twice.", "")
    assert corrections.faults() == []


def test_new_rows_new_columns_and_further_sources_need_none_and_a_column_that_goes_does(
    folder: Path, enter: Edit
) -> None:
    path = folder / "article.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    for row in rows:
        row.append("more" if row is rows[0] else "")
    rows.append([*rows[1]])
    rows[-1][0] = "zz-new"
    rows[1][rows[0].index("source_ids")] += ";rbc-2025-03-12-gerasimov"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    found = changes.diff("9.0.0", str(folder))
    assert [one.change for one in found] == ["row added", "column added", "sources added"]
    assert {one.entry for one in found} == {"not needed"}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[:1] + row[2:] for row in rows])
    assert [line.partition(" since")[0] for line in corrections.faults()] == [
        "article.csv: paragraph: column gone"
    ]
    enter("article", "", "paragraph", "paragraph", "", "Said nothing.", "")
    assert corrections.faults() == []


def test_sources_that_are_replaced_need_an_entry(edit: Edit) -> None:
    edit("espreso-2024-08-08-isw-10-km,confirmed", "espreso-2024-08-08-isw-10-km-2,confirmed")
    (said,) = corrections.faults()
    assert f"{ISW} source_ids: cell changed" in said


def test_a_release_closes_the_entries_and_keeps_the_cells(folder: Path, edit: Edit, enter: Edit) -> None:
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    assert corrections.main(["--release", "9.1.0"]) == 1, "without its entry nothing is released"
    assert changes.released()["version"] == "9.0.0"
    enter("area", ISW, "value", "10", "12", "Misread.", "politico-2024-08-08-kursk")
    log = folder.parent / "CHANGELOG.md"
    assert corrections.main(["--check"]) == 1
    assert corrections.main([]) == corrections.main(["--check"]) == 0
    line = f"- `area` {ISW}, value, `10` to `12`: Misread (politico-2024-08-08-kursk).\n"
    assert f"### Corrections\n{line}\n## 9.0.0" in log.read_text("utf-8")
    log.write_text(log.read_text("utf-8").replace("## Unreleased", "## 9.1.0"), "utf-8")
    assert corrections.main(["--release", "9.1.0"]) == 0
    assert corrections.main(["--check"]) == 0
    assert kd.corrections()["version"].tolist() == ["9.1.0"]
    assert changes.diff("9.1.0", str(folder)) == []
    assert line in log.read_text("utf-8")


def test_two_corrections_of_one_cell_lead_from_release_to_release(
    folder: Path, edit: Edit, enter: Edit
) -> None:
    before = str(shutil.copytree(folder, folder.parent / "before"))
    enter("area", ISW, "value", "10", "11", "Misread.", "", version="9.1.0")
    enter("area", ISW, "value", "11", "12", "Misread again.", "")
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    assert [one.entry for one in changes.diff(before, str(folder))] == ["yes"]


def test_the_command_lists_changes_and_says_whether_all_have_their_entry(
    kursk: Kursk, folder: Path, edit: Edit, enter: Edit
) -> None:
    here = str(folder)
    done = kursk("data", "diff", "9.0.0", folder)
    assert (done.returncode, done.stdout) == (0, "")
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    done = kursk("data", "diff", KURSKDATA_DATA=here)
    assert (done.returncode, done.stderr) == (1, "kursk: 1 changes, 1 without an entry in corrections.csv\n")
    assert done.stdout == f"entry missing: cell changed: area {ISW} value '(not kept)' to '12'\n"
    enter("area", ISW, "value", "10", "12", "Misread.", "")
    done = kursk("data", "diff", "--format", "json", KURSKDATA_DATA=here)
    (row,) = json.loads(done.stdout)
    assert (done.returncode, row["old"], row["new"], row["entry"]) == (0, "10", "12", "yes")
    done = kursk("data", "diff", "--format", "csv", KURSKDATA_DATA=here)
    assert done.stdout == f"change,table,key,column,old,new,entry\ncell changed,area,{ISW},value,10,12,yes\n"


def test_a_wheel_and_a_revision_are_states_too(folder: Path, edit: Edit, tmp_path: Path) -> None:
    wheel = tmp_path / "kurskdata-9.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in folder.glob("*.*"):
            archive.write(path, f"kurskdata/data/{path.name}")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q"], ["add", "data"], ["commit", "-q", "-m", "x"]):
        subprocess.run(
            [*git, *words], check=True, env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        )
    edit(",depth,10,km,at_most,", ",depth,12,km,at_most,")
    for place in (str(wheel), "HEAD"):
        (one,) = changes.diff(place, str(folder))
        assert (one.change, one.key, one.old, one.new, one.entry) == (
            "cell changed",
            ISW,
            "10",
            "12",
            "missing",
        )


@pytest.mark.parametrize("place", ["nowhere", "--output=x", "{tmp}", "{tmp}/note.txt"])
def test_anything_else_is_refused(folder: Path, place: str) -> None:
    (folder.parent / "note.txt").write_text("x", "utf-8")
    with pytest.raises(InputError, match=r"not a folder, wheel or zip archive with datapackage.json, nor"):
        changes.diff(place.format(tmp=folder.parent), str(folder))
