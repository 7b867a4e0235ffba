"""The command `kursk`: what it prints, what it refuses, and its exit codes."""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import processes
import pytest
import reference

import kurskdata
from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.check import check_claims
from kurskdata.cli import main
from kurskdata.reports import batch
from kurskdata.tables import reader

REFUSED = {
    "unknown day": (("build", "--as-of", "2025-02-30"), "as_of: '2025-02-30' is not a day"),
    "words for a day": (("build", "--as-of", "yesterday"), "as_of: 'yesterday' is not a day"),
    "too early": (("build", "--as-of", "2024-08-01"), "outside the period of the data, 2024-08-06 to 2025-05-31"),
    "days reversed": (("build", "--as-of", "2025-03-14..2025-03-08"), "write the earlier day first"),
    "unknown parameter": (("build", "-p", "colour=red"), "parameter not known: colour; allowed: as_of, start, end"),
    "parameter without value": (("build", "-p", "start"), "is not of the form NAME=VALUE"),
    "unknown unit": (("build", "-p", "units=acres"), "units: 'acres' is not known; allowed: km2, sq_mi"),
    "unknown unit option": (("build", "--units", "acres"), "'acres' is not one of 'km2', 'sq_mi'"),
    "unknown notebook": (("build", "-n", "maps"), "notebook: 'maps' is not known; allowed: area"),
    "start after end": (("build", "-p", "start=2025-03-10", "-p", "end=2025-03-01"), "start: 2025-03-10 is after the end"),
    "unknown table": (("data", "describe", "maps"), "table: 'maps' is not known; allowed: sources, places"),
    "unknown format": (("data", "export", "--format", "xlsx"), "'xlsx' is not one of"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_wrong_input_is_one_message_and_exit_code_2(
    kursk, tmp_path: Path, arguments: tuple, message: str
) -> None:
    done = kursk(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_its_own_ends_with_the_same_message_and_code(tmp_path: Path) -> None:
    arguments, message = REFUSED["unknown day"]
    done = processes.kursk(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert processes.kursk("data", "list", cwd=tmp_path).returncode == 0


def test_a_file_in_the_place_of_the_output_folder_is_refused(kursk, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = kursk("build", "-o", "out")
    assert done.returncode == 2
    assert (tmp_path / "out").read_text() == "mine"


def test_data_list_names_every_table(kursk) -> None:
    done = kursk("data", "list")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "sources", "places", "retaken", "area", "control", "timeline", "article", "border",
        "corrections",
    ]  # fmt: skip


def test_data_describe_gives_units_and_allowed_values(kursk) -> None:
    done = kursk("data", "describe", "control")
    assert "held_km2" in done.stdout
    assert "not_drawn" in done.stdout


def test_data_validate_passes_on_our_data_and_fails_on_broken_data(kursk, root: Path, tmp_path: Path) -> None:
    assert kursk("data", "validate").returncode == 0
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in (root / "data").glob("*.*"):
        (broken / path.name).write_bytes(path.read_bytes())
    text = (broken / "timeline.csv").read_text("utf-8")
    (broken / "timeline.csv").write_text(
        text.replace("moscowtimes-2024-08-06-incursion", "nowhere", 1), "utf-8"
    )
    done = kursk("data", "validate", KURSKDATA_DATA=str(broken))
    assert done.returncode == 2
    assert "timeline.csv: line 2, column source_ids: 'nowhere' is not in sources" in done.stderr


@pytest.mark.parametrize("form", ["csv", "parquet", "json", "sqlite"])
def test_data_export_keeps_every_row(
    kursk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    done = kursk("data", "export", "--format", form, "-o", "out")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    if form == "sqlite":
        with sqlite3.connect(out / "kurskdata.sqlite") as connection:
            count = connection.execute("select count(*) from area where reported >= '2025-03-12'").fetchone()[
                0
            ]
            assert count > 30
            assert connection.execute("select count(*) from area").fetchone()[0] == 247
    elif form == "json":
        rows = json.loads((out / "area.json").read_text("utf-8"))
        assert len(rows) == 247
        assert rows[0]["reported"] == "2024-08-07"
    elif form == "parquet":
        frame = pd.read_parquet(out / "retaken.parquet")
        assert len(frame) == 106
        assert str(frame["reported"].dtype).startswith("datetime64")
    else:
        ours = (Path(__file__).parent.parent / "data" / "area.csv").read_bytes()
        assert (out / "area.csv").read_bytes() == b"\xef\xbb\xbf" + ours
        monkeypatch.setenv("KURSKDATA_DATA", str(out))
        package = json.loads((out / "datapackage.json").read_text("utf-8"))
        for table in package["resources"]:
            content = (out / table["path"]).read_bytes()
            assert table["bytes"] == len(content)
            assert table["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert len(reader.load("area")) == 247
        assert kursk("data", "validate").returncode == 0
        assert (out / "datapackage.json").is_file()


HEADER = "claim_id,measure,value,unit,qualifier,as_of,window_start,window_end\n"
GOOD = HEADER + "share,share_retaken,86,percent,exact,2025-03-12,,\n"

BAD_FILES = {
    "unknown measure": (HEADER + "a,land_retaken,86,percent,,,,\n", ["line 2, column measure: 'land_retaken' is not allowed"]),
    "unit that does not fit": (HEADER + "a,share_retaken,86,km2,,,,\n", ["line 2, column unit", "percent"]),
    "text in value": (HEADER + "a,share_retaken,most,percent,,,,\n", ["line 2, column value: 'most' is not a number"]),
    "ids twice": (HEADER + "a,share_retaken,1,percent,,,,\na,share_retaken,2,percent,,,,\n", ["line 3, column claim_id"]),
    "several at once": (HEADER + "a,x,1,percent,,,,\nb,share_retaken,y,percent,,,,\n", ["line 2, column measure", "line 3, column value"]),
    "empty": ("", ["the file is empty"]),
    "semicolons in rows": (HEADER + "a;share_retaken;86;percent;;;;\n", ["line 2: 1 cells, the header has 8"]),
    "column missing": (GOOD.replace("unit,", ""), ["column missing: unit"]),
    "window reversed": (
        HEADER + "a,settlements_retaken_in_window,3,settlements,,,2025-03-12,2025-03-08\n", ["line 2", "window"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "messages"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_check_refuses_a_bad_file_with_every_fault_at_once(
    kursk, tmp_path: Path, text: str, messages: list
) -> None:
    (tmp_path / "mine.csv").write_text(text, "utf-8")
    done = kursk("check", "mine.csv")
    assert done.returncode == 2
    for message in messages:
        assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_check_refuses_what_is_no_text_and_a_file_that_is_not_there(kursk, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(GOOD.replace("share,", "доля,").encode("cp1251"))
    (tmp_path / "wide.csv").write_bytes(GOOD.encode("utf-16-le"))
    refused = {"mine.csv": "line 2: not UTF-8", "wide.csv": "not a text file", "other.csv": "cannot be read"}
    for name, message in refused.items():
        done = kursk("check", name)
        assert done.returncode == 2
        assert message in done.stderr


def test_check_prints_statuses_and_arithmetic_in_every_format(kursk, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(GOOD, "utf-8")
    table = kursk("check", "mine.csv", "--as-of", "2025-03-14")
    assert table.returncode == 0, table.stderr
    assert "fits DeepState map, 83 to 88" in table.stdout
    full = kursk("check", "mine.csv", "--as-of", "2025-03-14", "--full").stdout
    assert "the DeepState map of 12\N{NO-BREAK SPACE}March 2025" in full
    assert set(table.stdout.splitlines()) < set(full.splitlines())
    found = json.loads(kursk("check", "mine.csv", "--as-of", "2025-03-14", "--format", "json").stdout)
    assert (list(found), found["as_of"], found["left_out"]) == (
        ["as_of", "claims", "left_out"],
        "2025-03-14",
        [],
    )
    rows = found["claims"]
    assert set(rows[0]["answers"]) == {"said", "adds_up", "others"}
    assert {one["question"] for row in rows for one in row["evidence"]} <= {"said", "adds_up", "others"}
    text = kursk("check", "mine.csv", "--as-of", "2025-03-14", "--format", "csv").stdout
    assert len(text.splitlines()) == len(rows) + 1
    page = kursk("check", "mine.csv", "--as-of", "2025-03-14", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert page.count('<li id="n') == len(rows)


@pytest.mark.parametrize("page", ["cp1252", "cp437", "cp1251", "utf-8"])
def test_a_console_of_any_code_page_gets_tables_it_can_show_and_utf_8_for_programs(
    monkeypatch: pytest.MonkeyPatch, root: Path, page: str
) -> None:
    """The streams are those of a redirected output in Windows."""

    def printed(*arguments: str) -> bytes:
        out, err = (io.TextIOWrapper(io.BytesIO(), page) for _ in range(2))
        with monkeypatch.context() as here:
            here.setattr("sys.stdout", out)
            here.setattr("sys.stderr", err)
            assert main([str(one) for one in arguments], standalone_mode=False) is None
            out.flush()
        content = out.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue()

    example = str(root / "data" / "examples" / "second-article.csv")
    plain = printed("check", example, "--language", "uk").decode(page)
    assert "99,5" in plain
    assert "\N{MINUS SIGN}" in plain or "-" in plain
    for form in ("csv", "json", "html"):
        text = printed("check", example, "--language", "uk", "--format", form).decode("utf-8")
        assert "мапа DeepState" in text
    assert "Kursk" in printed("data", "list").decode(page)
    assert "km2" in printed("data", "describe", "area").decode(page)


def test_a_minus_that_a_console_lacks_stays_a_minus(monkeypatch: pytest.MonkeyPatch) -> None:
    from kurskdata.commands import show_all

    out = io.TextIOWrapper(io.BytesIO(), "cp437")
    monkeypatch.setattr("sys.stdout", out)
    show_all()
    out.write(
        "100 % \N{MINUS SIGN} 12\N{EN DASH}13 \N{RIGHTWARDS ARROW} Суджа \N{LEFT DOUBLE QUOTATION MARK}x"
    )
    out.flush()
    content = out.buffer
    assert isinstance(content, io.BytesIO)
    assert content.getvalue().decode("cp437") == '100 % - 12-13 -> ????? "x'


@pytest.mark.parametrize("form", ["table", "csv", "json", "html"])
def test_check_writes_a_file_of_every_format(kursk, tmp_path: Path, form: str) -> None:
    (tmp_path / "mine.csv").write_text(GOOD, "utf-8")
    arguments = ("check", "mine.csv", "--as-of", "2025-03-14", "--format", form)
    done = kursk(*arguments, "-o", "deep/result.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(Path("deep", "result.txt"))
    content = (tmp_path / "deep" / "result.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (form == "csv")
    assert content.decode("utf-8-sig") == kursk(*arguments).stdout


def test_check_takes_the_format_from_the_name_and_never_replaces_the_claims(kursk, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(GOOD, "utf-8")
    assert kursk("check", "mine.csv", "-o", "found.JSON").returncode == 0
    assert json.loads((tmp_path / "found.JSON").read_text("utf-8"))["claims"][0]["claim_id"] == "share"
    for name, message in (("mine.csv", "would replace the claims"), ("mine.csv/x.csv", "cannot be written")):
        done = kursk("check", "mine.csv", "-o", name)
        assert done.returncode == 2
        assert message in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.JSON", "mine.csv"]


def test_check_runs_on_the_example_of_another_article(kursk, root: Path) -> None:
    done = kursk("check", str(root / "data" / "examples" / "second-article.csv"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("! ")


def test_measure_prints_rows_and_names_what_it_skipped(kursk, tmp_path: Path) -> None:
    archive = tmp_path / "maps"
    archive.mkdir()
    ring = [[51.1, 35.0], [51.1, 35.1], [51.2, 35.1], [51.2, 35.0], [51.1, 35.0]]
    (archive / "20250101.json").write_text(json.dumps({"areas_ua": [ring], "areas": []}))
    (archive / "20250102.json").write_text('{"areas_ua": [[')
    done = kursk("measure", "owlmaps", "maps", "-o", "control.csv")
    assert done.returncode == 0, done.stderr
    assert "20250102.json: skipped" in done.stderr
    frame = pd.read_csv(tmp_path / "control.csv")
    assert list(frame["status"]) == ["drawn"]
    assert 77 < frame["held_km2"][0] < 78.5  # 0.1 degree square at 51.15 N: 11.13 km x 7.0 km
    (archive / "20250101.json").write_text('{"areas_ua": [[')
    nothing = kursk("measure", "owlmaps", "maps", "-o", "none.csv")
    assert nothing.returncode == 1
    assert nothing.stderr.endswith("maps: nothing measured, none of 2 files can be read\n")
    assert not (tmp_path / "none.csv").exists()
    refused = kursk("measure", "owlmaps", "nowhere")
    assert refused.returncode == 2
    assert "nowhere" in refused.stderr


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for part, inner in command.commands.items():
            yield from commands(inner, f"{name} {part}")
    else:
        yield name, command


COMMANDS = dict(commands(main, "kursk"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help_and_is_in_the_reference(name: str) -> None:
    command = COMMANDS[name]
    (entry,) = (entry for entry in reference.commands() if entry["name"] == name)
    assert command.help == entry["help"]
    listed = dict(entry["options"])
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            (line,) = (line for line in listed if {*option.opts} <= {*re.split("[ ,]+", line)})
            assert option.help in listed[line]


def test_the_help_of_a_command_ends_with_its_guide(kursk) -> None:
    for path in (Path(kurskdata.__file__).parent / "help").iterdir():
        words = path.stem.split("-")
        name = " ".join(["kursk", *words])
        assert name in COMMANDS
        shown = kursk(*words, "--help").stdout
        assert shown.endswith(f"Show this message and exit.\n\n{path.read_text('utf-8')}")
        assert max(map(len, shown.splitlines())) <= 80
        (entry,) = (entry for entry in reference.commands() if entry["name"] == name)
        assert entry["guide"]


def test_the_guides_name_every_file_of_an_export_and_only_options_that_exist() -> None:
    folder = Path(kurskdata.__file__).parent / "help"
    export = (folder / "export.md").read_text("utf-8")
    assert [name for name in (*embed.FILES, "interactive.html") if f"`{name}`" not in export] == []
    assert [name for name in by_name.names() if f"`{name}`" not in export] == []
    for path in folder.iterdir():
        named = set(re.findall(r"`(--[a-z0-9-]+)`", path.read_text("utf-8")))
        assert named <= {
            option for o in COMMANDS[f"kursk {path.stem.replace('-', ' ')}"].params for option in o.opts
        }


def test_the_defaults_are_those_of_the_python_interface() -> None:
    defaults = {name: {o.name: o.default for o in command.params} for name, command in COMMANDS.items()}
    build, options = defaults["kursk build"], batch.Options()
    assert build["engine"] == options.engine
    assert build["timeout"] == options.timeout
    assert build["memory"] << 20 == options.memory
    check = inspect.signature(check_claims).parameters
    for name in ("base_km2", "tolerance_days", "language"):
        assert defaults["kursk check"][name] == check[name].default


def test_sentences_of_a_check_come_in_the_language(kursk, root: Path) -> None:
    example = root / "data" / "examples" / "second-article.csv"
    plain = kursk("check", example, "--full").stdout
    german = kursk("check", example, "--language", "de", "--full").stdout
    assert "The claim says 99.5" in plain
    assert "Die Angabe lautet 99,5" in german
    assert "The claim" not in german
    assert len(german.splitlines()) == len(plain.splitlines())
    page = kursk("check", example, "--language", "uk", "--format", "html").stdout
    assert '<html lang="uk">' in page
    assert "<h1>Перевірка статті</h1>" in page
    refused = kursk("check", example, "--language", "fr")
    assert refused.returncode == 2
    assert "'fr' is not one of 'en', 'uk', 'ru', 'de'" in refused.stderr
