"""The data dictionary: generated from the descriptor, complete, and without drift."""

from __future__ import annotations

import doctest
import inspect
import json
import re
import shutil
from pathlib import Path

import dictionary
import processes
import pytest

import kurskdata
from kurskdata.errors import InputError
from kurskdata.tables import descriptor, export, reader, views

TABLES = descriptor.names()
FIELDS = [(table, field["name"]) for table in TABLES for field in descriptor.fields(table)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data that the package reads in place of its own."""
    copy = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(copy))
    return copy


def test_nothing_has_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    code = dictionary.main(["--check"])
    assert (capsys.readouterr().out, code) == ("", 0)


def test_the_command_says_so_without_a_warning(root: Path) -> None:
    done = processes.python("-W", "error", "tests/dictionary.py", "--check", cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_changed_table_is_drift_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "places.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    before = {p.name: p.read_bytes() for p in folder.glob("*.*")}
    assert dictionary.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert f"--- {folder / 'README.md'}" in said
    assert "+File `places.csv`; 104 rows, each identified by `place_id`." in said
    assert f"--- {folder / 'datapackage.json'}" in said
    assert re.search(r'^\+      "hash": "sha256:', said, re.MULTILINE)
    assert {p.name: p.read_bytes() for p in folder.glob("*.*")} == before


def test_a_changed_meaning_is_drift(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(
        path.read_text("utf-8").replace('"Day of the map (UTC)."', '"Day of the survey."'), "utf-8"
    )
    found = {p.name: text for p, text in dictionary.texts().items()}
    assert "Day of the survey." in found["README.md"]


def test_rewriting_brings_the_data_folder_up_to_date(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "places.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    (folder / "README.md").unlink()
    # The modules stay out of it, so that a failing test cannot rewrite the package.
    texts = dictionary.texts
    monkeypatch.setattr(dictionary, "texts", lambda: {p: t for p, t in texts().items() if p.parent == folder})
    assert dictionary.main([]) == 0
    assert dictionary.main(["--check"]) == 0
    written = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert written == [str(folder / "README.md"), str(folder / "datapackage.json")]
    resource = next(
        r
        for r in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
        if r["name"] == "places"
    )
    assert resource["bytes"] == path.stat().st_size


@pytest.mark.parametrize(("table", "column"), FIELDS)
def test_every_column_is_described_with_a_title_and_a_full_sentence(table: str, column: str) -> None:
    field = next(f for f in descriptor.fields(table) if f["name"] == column)
    assert field["title"]
    assert field["description"].endswith(".")
    assert f"| {column} | " in dictionary.describe(table)
    assert field["description"] in dictionary.describe(table)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_described_with_rows_key_and_labels(table: str) -> None:
    text = dictionary.describe(table)
    resource = descriptor.resource(table)
    assert text.startswith(f"## {table}\n\n{resource['title']}. {resource['description']}\n")
    assert (
        f"; {len(reader.load(table)):,} rows, each identified by `{resource['schema']['primaryKey'][0]}`"
        in text
    )
    for field in resource["schema"]["fields"]:
        for category in field.get("categories", []):
            assert f"\n- `{category['value']}`: {category['label']}\n" in text
        if "unit" in field:
            assert re.search(rf"\| {field['name']} \| [\w ]+ \[{field['unit']}\]", text)


def test_references_between_tables_are_told() -> None:
    assert "`place_id` refers to `place_id` of `places`." in dictionary.describe("retaken")
    assert "`variant_of` refers to `claim_id` of `area`." in dictionary.describe("area")


def test_every_line_of_a_markdown_table_has_the_cells_of_its_head() -> None:
    for line in dictionary.readme().splitlines():
        if line.startswith("|"):
            assert line.count("|") == 4, line


def test_the_page_has_every_table_licence_and_citation() -> None:
    text = (descriptor.data_folder() / "README.md").read_text("utf-8")
    for table in TABLES:
        assert dictionary.describe(table) in text
        assert f"| [{table}](#{table}) | {len(reader.load(table)):,} | " in text
    found = descriptor.descriptor()
    assert found["licenses"][0]["path"] in text
    assert f"> The kurskdata authors (2026). {found['title']}. Version {found['version']}." in text


def test_the_page_links_to_files_that_exist() -> None:
    folder = descriptor.data_folder()
    for target in re.findall(r"\]\(([^)#:]+)\)", (folder / "README.md").read_text("utf-8")):
        assert (folder / target).stat().st_size > 0, target


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(InputError, match="table: 'battles' is not known; allowed: sources, places"):
        kurskdata.describe("battles")


def test_describe_is_the_one_of_the_dictionary() -> None:
    assert kurskdata.describe("area") == dictionary.describe("area")


@pytest.mark.parametrize("table", TABLES)
def test_a_loader_returns_its_table_and_documents_every_column(table: str) -> None:
    loader = getattr(kurskdata, table)
    frame = loader()
    assert len(frame) == len(reader.load(table))
    assert set(frame.columns) == set(reader.load(table).columns)
    text = inspect.getdoc(loader) or ""
    listed = re.findall(r"^- `(\w+)` \(", text.split("\nColumns:\n")[1], re.MULTILINE)
    assert listed == list(reader.load(table).columns)


@pytest.mark.parametrize("table", [table for table in TABLES if table != "timeline"])
def test_the_first_line_of_a_loader_says_what_a_row_is(table: str) -> None:
    assert (inspect.getdoc(getattr(export, table)) or "").startswith("One row per ")


def test_there_is_one_timeline() -> None:
    assert not hasattr(export, "timeline")
    assert kurskdata.timeline is views.timeline


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_of_a_docstring_say_what_the_descriptor_says(table: str) -> None:
    text = re.sub(r"\s+", " ", inspect.getdoc(getattr(kurskdata, table)) or "")
    for field in descriptor.fields(table):
        assert f"- `{field['name']}` ({descriptor.kind_of(field)}): {field['description']}" in text


def test_a_broken_descriptor_is_an_error_of_the_call_and_not_of_the_import(folder: Path) -> None:
    (folder / "datapackage.json").write_text("nothing", "utf-8")
    code = "import kurskdata as kd\ntry: kd.area()\nexcept kd.InputError as fault: print(fault)"
    assert (
        processes.python("-c", code)
        .stdout.rstrip()
        .endswith("not a JSON file (Expecting value: line 1 column 1 (char 0))")
    )


def test_the_examples_of_the_loaders_run() -> None:
    failed, tried = doctest.testmod(export)
    assert failed == 0
    assert tried >= 3 * (len(TABLES) - 1)
