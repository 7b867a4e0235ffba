"""Only what changed is made again, and a check says what changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from batches import build, files, notebook, own_data

pytestmark = pytest.mark.slow

DAYS = "2025-03-13,2025-03-14"
EDITIONS = ["2025-03-13-en-km2", "2025-03-14-en-km2"]


class Desk:
    """Two notebooks that read different tables, data of their own, and an output folder."""

    def __init__(self, folder: Path) -> None:
        self.data = own_data(folder / "data")
        self.out = folder / "out"
        self.events = notebook(folder / "events.ipynb", "len(kd.timeline(as_of=edition.as_of))")
        self.places = notebook(folder / "places.ipynb", "len(kd.places())", chart=True)

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        return build(
            "-n", self.events, "-n", self.places, "--as-of", DAYS, "-o", self.out, *options,
            KURSKDATA_DATA=str(self.data),
        )  # fmt: skip

    def summary(self, *options: str) -> dict[str, int]:
        lines = self.build("--json", *options).stdout.splitlines()
        found: dict[str, int] = json.loads(lines[-1])["summary"]
        return found

    def check(self) -> list[str]:
        done = self.build("--check")
        assert done.returncode == (1 if done.stdout else 0), done.stderr
        return done.stdout.splitlines()

    def touch_table(self, name: str) -> None:
        """A change that keeps the table valid."""
        path = self.data / f"{name}.csv"
        path.write_bytes(path.read_bytes() + b"\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    # A newsroom's own tables from the start: which tables are its own is said below every chart.
    for name in ("timeline", "article"):
        desk.touch_table(name)
    assert desk.summary() == {"made": 2, "kept": 0, "failed": 0}
    return desk


@pytest.fixture
def desk(built: Desk, tmp_path: Path) -> Desk:
    """A copy of it, file times and all."""
    shutil.copytree(built.out.parent, tmp_path / "desk")
    found = object.__new__(Desk)
    found.data, found.out = tmp_path / "desk" / "data", tmp_path / "desk" / "out"
    found.events, found.places = tmp_path / "desk" / "events.ipynb", tmp_path / "desk" / "places.ipynb"
    return found


def test_a_second_build_does_nothing_and_says_so(desk: Desk) -> None:
    before = {path: path.stat().st_ino for path in desk.out.rglob("*.*") if ".kursk" not in path.parts}
    done = desk.build()
    assert done.returncode == 0
    assert "nothing to do, 2 editions are up to date" in done.stderr
    assert {
        path: path.stat().st_ino for path in desk.out.rglob("*.*") if ".kursk" not in path.parts
    } == before
    assert desk.check() == []


def test_a_changed_table_makes_just_the_reports_that_read_it(desk: Desk) -> None:
    desk.touch_table("timeline")
    assert desk.check() == [f"{name}, events: table timeline changed" for name in EDITIONS]
    kept = {name: (desk.out / name / "places.ipynb").read_bytes() for name in EDITIONS}
    lines = [json.loads(line) for line in desk.build("--json").stdout.splitlines()]
    assert lines[-1]["summary"] == {"made": 2, "kept": 0, "failed": 0}
    assert lines[0]["reasons"] == ["table timeline changed"]
    assert {name: (desk.out / name / "places.ipynb").read_bytes() for name in EDITIONS} == kept
    assert desk.check() == []


def test_a_table_that_no_report_reads_changes_nothing(desk: Desk) -> None:
    desk.touch_table("article")
    assert desk.check() == []


def test_every_report_names_the_pages_that_its_rows_are_cut_by(desk: Desk) -> None:
    for name in EDITIONS:
        reports = json.loads((desk.out / name / "manifest.json").read_text("utf-8"))["reports"]
        assert {"timeline", "sources"} <= {*reports["events"]["tables"]}


def test_a_table_that_becomes_a_newsrooms_own_makes_every_report(desk: Desk) -> None:
    desk.touch_table("area")
    assert desk.check() == [
        f"{name}, {stem}: own_tables changed" for name in EDITIONS for stem in ("events", "places")
    ]


def test_reports_that_are_kept_come_out_as_if_made(desk: Desk, tmp_path: Path) -> None:
    desk.touch_table("timeline")
    desk.build()
    incremental = files(desk.out)
    desk.out = tmp_path / "all"
    desk.build()
    assert files(desk.out) == incremental


def test_a_changed_notebook_makes_its_reports(desk: Desk) -> None:
    notebook(desk.events, "'changed'")
    assert desk.check() == [f"{name}, events: notebook events changed" for name in EDITIONS]


def test_altered_and_missing_outputs_are_named_and_made_again(desk: Desk) -> None:
    before = files(desk.out)
    names = ["events.html", "events.ipynb", "charts/settlements/chart.svg", "edition.json"]
    paths = [desk.out / EDITIONS[1] / name for name in names]

    def named() -> dict[str, set[str]]:
        """The reasons that the check gives for each report."""
        lines = [line.partition(": ") for line in desk.check()]
        return {report: set(reasons.split("; ")) for report, _, reasons in lines}

    reports = [f"{EDITIONS[1]}, {stem}" for stem in ("events", "places")]

    for path in paths:
        path.write_bytes(path.read_bytes()[:-2] + b"x\n")
        os.utime(path, ns=(1, 1))
    assert named() == {key: {f"{name} was altered" for name in names} for key in reports}
    for path in paths:
        path.unlink()
    assert named() == {key: {f"{name} is missing" for name in names} for key in reports}
    assert desk.summary() == {"made": 1, "kept": 1, "failed": 0}
    assert files(desk.out) == before


def test_a_missing_edition_and_a_damaged_manifest_are_made_again(desk: Desk) -> None:
    before = files(desk.out)
    shutil.rmtree(desk.out / EDITIONS[0])
    (desk.out / EDITIONS[1] / "manifest.json").write_text("{")
    assert desk.check() == [
        f"{name}, {report}: missing" for name in EDITIONS for report in ("events", "places")
    ]
    assert desk.summary() == {"made": 2, "kept": 0, "failed": 0}
    assert files(desk.out) == before


def test_copied_folders_need_no_build(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.out, tmp_path / "copied", copy_function=shutil.copyfile)
    shutil.rmtree(tmp_path / "copied" / ".kursk")
    desk.out = tmp_path / "copied"
    assert desk.summary() == {"made": 0, "kept": 2, "failed": 0}


def test_a_removed_index_is_written_again(desk: Desk) -> None:
    before = files(desk.out)
    (desk.out / "index.html").unlink()
    (desk.out / "ro-crate-metadata.json").write_text("{}")
    assert desk.summary() == {"made": 0, "kept": 2, "failed": 0}
    assert files(desk.out) == before


def test_force_makes_everything(desk: Desk) -> None:
    assert desk.summary("--force") == {"made": 2, "kept": 0, "failed": 0}


def test_another_package_or_lock_makes_everything(desk: Desk) -> None:
    for name in EDITIONS:
        path = desk.out / name / "manifest.json"
        told = json.loads(path.read_text("utf-8"))
        told["package"]["sha256"], told["versions"]["altair"], told["fonts"] = "0", "1.0", "0"
        path.write_text(json.dumps(told), "utf-8")
    expected = "package changed; versions changed; fonts changed"
    assert desk.check() == [
        f"{name}, {report}: {expected}" for name in EDITIONS for report in ("events", "places")
    ]
