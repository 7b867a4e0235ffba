"""A build is a function of its inputs: the same bytes wherever, whenever and however it runs."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import processes
import pytest
from batches import build, files, notebook
from click.testing import CliRunner

from kurskdata.cli import main
from kurskdata.editions import Edition, matrix
from kurskdata.errors import BuildError
from kurskdata.reports.batch import run, shard

pytestmark = pytest.mark.slow

DAYS = "2025-03-12..2025-03-14"

STATE = """import locale, time
print(sorted({"b", "a", "c", "d"}), list({"b", "a", "c", "d"}), time.tzname, locale.setlocale(locale.LC_ALL, ""))
kd.sources().head(2)"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small notebook and what a build made of it."""
    folder = tmp_path_factory.mktemp("first")
    path = notebook(folder / "small.ipynb", STATE, chart=True)
    done = build("-n", path, "--as-of", DAYS, "-o", folder / "out", "-j", "1")
    assert done.returncode == 0, done.stderr
    return path, folder / "out"


def test_one_notebook_can_be_run_alone(tmp_path: Path) -> None:
    drawn = run(notebook(tmp_path / "drawn.ipynb", "print(edition.name)", chart=True), Edition(language="de"))
    outputs = [output for cell in drawn.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.output_type == "stream"] == ["2025-03-14-de-km2\n"]
    assert any("<svg" in output.get("data", {}).get("image/svg+xml", "") for output in outputs)
    with pytest.raises(BuildError, match=r"broken\.ipynb, 2025-03-14-en-km2, cell \d+: ZeroDivisionError"):
        run(notebook(tmp_path / "broken.ipynb", "1 / 0"), Edition())


OTHERWISE = {
    "folder, jobs, time zone, locale and order of sets": (
        ("-j", "4"),
        {"TZ": "Asia/Vladivostok", "LC_ALL": "ru_RU.UTF-8", "LANG": "ru_RU.UTF-8", "PYTHONHASHSEED": "77"},
    ),
    "plain kernels": (("--engine", "ipykernel"), {}),
}


@pytest.mark.parametrize(("options", "environment"), OTHERWISE.values(), ids=OTHERWISE.keys())
def test_the_same_bytes_whatever_the_circumstances(
    first: tuple[Path, Path], tmp_path: Path, options: tuple[str, ...], environment: dict[str, str]
) -> None:
    path, out = first
    done = build("-n", path, "--as-of", DAYS, "-o", tmp_path / "elsewhere", *options, **environment)
    assert done.returncode == 0, done.stderr
    expected, found = files(out), files(tmp_path / "elsewhere")
    if "ipykernel" in options:  # a kernel does not tell which tables it read: all of them are inputs then
        told = ("manifest.json", "ro-crate-metadata.json")
        expected, found = ({k: v for k, v in d.items() if not k.endswith(told)} for d in (expected, found))
    assert found == expected


def test_verify_builds_again_and_compares(first: tuple[Path, Path], tmp_path: Path) -> None:
    path, out = first
    copy = shutil.copytree(out, tmp_path / "copy")
    assert build("-n", path, "--verify", copy).returncode == 0
    page = copy / "2025-03-13-en-km2" / "small.html"
    page.write_text(page.read_text("utf-8").replace("A test", "A lie"), "utf-8")
    done = build("-n", path, "--verify", copy)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["2025-03-13-en-km2/small.html: differs"]


def test_source_date_epoch_is_handed_on(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", "import os\nprint(os.environ['SOURCE_DATE_EPOCH'])")
    build("-n", path, "-o", tmp_path / "out")
    page = tmp_path / "out" / "2025-03-14-en-km2" / "n.html"
    assert str(int(dt.datetime(2025, 3, 14, tzinfo=dt.UTC).timestamp())) in page.read_text("utf-8")
    done = build("-n", path, "-o", tmp_path / "out", SOURCE_DATE_EPOCH="1000000000")
    assert done.returncode == 0
    assert "1000000000" in page.read_text("utf-8")


def test_shards_cover_the_batch_once_and_merge_by_copying(first: tuple[Path, Path], tmp_path: Path) -> None:
    path, out = first
    batch = matrix([dt.date(2025, 1, 1) + dt.timedelta(n) for n in range(60)], units=("km2", "sq_mi"))
    parts = [shard(batch, number, 7) for number in range(1, 8)]
    assert sorted(e for part in parts for e in part) == sorted(batch)
    assert shard(batch[10:30], 3, 7) == [e for e in batch[10:30] if e in set(parts[2])]
    merged = tmp_path / "merged"
    for number in ("1/2", "2/2"):
        done = build("-n", path, "--as-of", DAYS, "--shard", number, "-o", tmp_path / number[0])
        assert done.returncode == 0, done.stderr
        shutil.copytree(tmp_path / number[0], merged, dirs_exist_ok=True)
    done = build("-n", path, "--as-of", DAYS, "-o", merged, "--json")
    assert json.loads(done.stdout.splitlines()[-1])["summary"] == {"made": 0, "kept": 3, "failed": 0}
    assert files(merged) == files(out)


@pytest.mark.parametrize("given", ["0/2", "3/2", "2", "a/b"])
def test_a_shard_that_is_none_is_refused(given: str, tmp_path: Path) -> None:
    done = build("--shard", given, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "shard" in done.stderr


def test_json_tells_every_edition_and_a_summary(first: tuple[Path, Path], tmp_path: Path) -> None:
    done = build("-n", first[0], "--as-of", DAYS, "-o", tmp_path / "out", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in lines[:-1]] == ["made"] * 3
    assert lines[0]["reasons"] == ["missing"]
    assert lines[-1]["summary"] == {"made": 3, "kept": 0, "failed": 0}


def test_the_same_drawing_is_made_once(first: tuple[Path, Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for name in ("a", "b"):
        done = build("-n", first[0], "--as-of", DAYS, "-o", tmp_path / name, KURSKDATA_CACHE=str(cache))
        assert done.returncode == 0, done.stderr
        drawings = {p: p.stat().st_ino for p in cache.glob("??/*")}
        if name == "a":
            before = drawings
    assert drawings == before
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(first[1])
    for path in drawings:  # a damaged drawing is noticed and made again
        path.write_bytes(path.read_bytes()[:-1])
    build("-n", first[0], "--as-of", DAYS, "-o", tmp_path / "c", KURSKDATA_CACHE=str(cache))
    assert files(tmp_path / "c") == files(first[1])


def test_the_crate_says_what_made_what(first: tuple[Path, Path]) -> None:
    crate = json.loads((first[1] / "ro-crate-metadata.json").read_text("utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    root = entities["./"]
    assert root["conformsTo"]["@id"] == "https://w3id.org/ro/wfrun/process/0.5"
    assert {"name", "description", "datePublished", "license"} <= set(root)
    actions = [entities[a["@id"]] for a in root["mentions"]]
    assert len(actions) == 3
    for action in actions:
        assert entities[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
        assert {entities[r["@id"]]["@type"] for r in action["result"]} == {"File"}
        inputs = [entities[o["@id"]] for o in action["object"]]
        names = {entity["name"] for entity in inputs}
        assert {"Notebook small", "Table retaken", "Table sources", "as_of", "units"} <= names
        hashes = [entity["sha256"] for entity in inputs if "sha256" in entity]
        assert hashes
        assert {len(one) for one in hashes} == {64}
    listed = [e for e in crate["@graph"] if e["@type"] == "File"]
    assert len(listed) == 9  # page, notebook and manifest of three editions
    assert all((first[1] / entity["@id"]).is_file() for entity in listed)

    def references(value: object) -> list[str]:
        if isinstance(value, list):
            return [r for one in value for r in references(one)]
        if isinstance(value, dict):
            return (
                [value["@id"]]
                if set(value) == {"@id"}
                else [r for one in value.values() for r in references(one)]
            )
        return []

    outside = ("https://w3id.org/", "http://schema.org/")
    for reference in references([list(e.values()) for e in crate["@graph"]]):
        assert reference in entities or reference.startswith(outside), reference


def test_without_dask_nothing_of_dask_is_loaded(first: tuple[Path, Path]) -> None:
    path, out = first
    code = (
        "import sys\nfrom kurskdata.cli import main\n"
        f"try:\n    main(['build', '-n', {str(path)!r}, '--as-of', '{DAYS}', '-o', {str(out)!r}])\n"
        "except SystemExit as end:\n    print(end.code, sorted({m.split('.')[0] for m in sys.modules} & "
        "{'dask', 'distributed', 'pandas', 'altair', 'papermill', 'nbformat', 'jinja2', 'numpy', 'tqdm'}))"
    )
    done = processes.python("-c", code)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


def test_two_charts_of_one_name_are_told_apart_by_a_number() -> None:
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from kurskdata.display import MIME
    from kurskdata.reports.edition import page

    def shown(title: str) -> object:
        spec = {"usermeta": {"kurskdata": {"chart": "area", "title": title}}}
        return new_code_cell(outputs=[new_output("display_data", {MIME: spec})])

    found = page.charts(new_notebook(cells=[shown("one"), shown("two"), shown("one"), shown("three")]))
    names = [spec["usermeta"]["kurskdata"]["chart"] for spec in found]
    assert names == ["area", "area-2", "area-3"]


def test_a_relative_folder_is_that_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = notebook(tmp_path / "small.ipynb", "1 + 1")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        done = CliRunner().invoke(main, ["build", "-n", str(path), "--as-of", "2025-03-12", "-o", "out"])
        assert done.exit_code == 0, done.stderr
        assert (tmp_path / name / "out" / "2025-03-12-en-km2" / "small.html").is_file()
