"""A correction finds every chart that carries the old figure, and the next build marks its pages."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import batches
import pytest
from conftest import Kursk

from kurskdata.editions import Edition
from kurskdata.reports.edition import corrected
from kurskdata.words.language import LANGUAGES

KEY = "2025-03-12-gerasimov-share-retaken-86-more-than"
AREA = "charts.area(kd.area_claims(as_of=edition.as_of), edition)"
LINES = {
    "en": "Corrected on 27\xa0November 2026: Valery Gerasimov, {column}: 84, was 86.",
    "uk": "Виправлено 27\xa0листопада 2026 року: Валерій Герасимов, {column}: 84, було 86.",
    "ru": "Исправлено 27\xa0ноября 2026 года: Валерий Герасимов, {column}: 84, было 86.",
    "de": "Korrigiert am 27.\xa0November 2026: Waleri Gerassimow, {column}: 84, vorher 86.",
}
MARK = {
    "chart": "area",
    "table": "area",
    "key": KEY,
    "column": "value",
    "old": "86",
    "new": "84",
    "date": "2026-11-27",
}

Built = tuple[Path, Path, Path]


def correct(data: Path, old: str = "86", new: str = "84", version: str = "unreleased") -> None:
    """Changes the share that Gerasimov gave, and enters the correction."""
    path = data / "area.csv"
    text = path.read_text("utf-8")
    (line,) = (one for one in text.splitlines() if one.startswith(f"{KEY},"))
    changed = line.replace(f",share_retaken,{old},", f",share_retaken,{new},")
    assert changed != line
    path.write_text(text.replace(line, changed), "utf-8", newline="\n")
    with (data / "corrections.csv").open("a", encoding="utf-8", newline="") as file:
        entry = ["2026-11-27", version, "area", KEY, "value", old, new, "Misread.", ""]
        csv.writer(file, lineterminator="\n").writerow(entry)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The data, a notebook with two charts, and its edition before anything was corrected."""
    folder = tmp_path_factory.mktemp("corrected")
    data = batches.own_data(folder / "data")
    notebook = batches.notebook(folder / "small.ipynb", AREA, chart=True)
    done = batches.build("--data", data, "-n", notebook, "-o", folder / "out")
    assert done.returncode == 0, done.stderr
    return data, notebook, folder / "out"


def copies(built: Built, to: Path) -> Built:
    return shutil.copytree(built[0], to / "data"), built[1], shutil.copytree(built[2], to / "out")


@pytest.mark.slow
def test_a_correction_finds_its_charts_and_builds_mark_them_from_then_on(
    built: Built, tmp_path: Path, kursk: Kursk
) -> None:
    data, notebook, out = copies(built, tmp_path)
    before = kursk("corrected", out, "--data", data)
    assert (before.returncode, before.stdout) == (0, "")
    correct(data)
    done = kursk("corrected", out, "--data", data)
    cell = f"{KEY}, value: 86, corrected on 2026-11-27 to 84"
    assert (done.returncode, done.stdout) == (0, f"{Edition().name}: area: {cell}\n")
    assert done.stderr == "kursk: old figures in charts: 1\n"
    told = json.loads(kursk("corrected", out / Edition().name, "--data", data, "--json").stdout)
    assert told == [{"edition": Edition().name, **MARK}]

    for _ in range(2):
        assert batches.build("--data", data, "-n", notebook, "-o", out, "--force").returncode == 0
        assert kursk("corrected", out, "--data", data).stdout == ""
        line = LINES["en"].format(column="Value")
        for name in ("small.html", "charts/area/index.html", "charts/area/snippet.html"):
            assert line in (out / Edition().name / name).read_text("utf-8").replace("&nbsp;", "\xa0"), name
        assert "Corrected on" not in (out / Edition().name / "charts/settlements/index.html").read_text(
            "utf-8"
        )
    verified = batches.build("--data", data, "-n", notebook, "--verify", out)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.slow
def test_what_is_made_after_a_correction_is_not_marked(built: Built, tmp_path: Path) -> None:
    data, notebook, _ = copies(built, tmp_path)
    correct(data)
    assert batches.build("--data", data, "-n", notebook, "-o", tmp_path / "new").returncode == 0
    assert "Corrected on" not in (tmp_path / "new" / Edition().name / "small.html").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_is_in_the_language_of_the_page(language: str) -> None:
    (told,) = corrected.lines([MARK], language)
    begin, end = (re.escape(part) for part in LINES[language].split("{column}"))
    assert re.fullmatch(f"{begin}.+{end}", told)
    many = [{**MARK, "old": str(n)} for n in range(9)]
    assert len(corrected.lines(many, language)) == 5
    assert "5" in corrected.lines(many, language)[-1]


@pytest.mark.slow
def test_a_correction_taken_back_says_both(built: Built, tmp_path: Path, kursk: Kursk) -> None:
    data, notebook, out = copies(built, tmp_path)
    for old, new, version in (("86", "84", "0.2.0"), ("84", "85", "unreleased")):
        correct(data, old, new, version)
        assert batches.build("--data", data, "-n", notebook, "-o", out).returncode == 0
    page = (out / Edition().name / "charts/area/index.html").read_text("utf-8")
    assert all(text in page for text in ("84, was 86", "85, was 84"))
    assert kursk("corrected", out, "--data", data).stdout == ""


def rows(folder: Path, header: str, row: str) -> Path:
    """An edition whose one chart plots a row."""
    (folder / "charts" / "x").mkdir(parents=True, exist_ok=True)
    (folder / "charts" / "x" / "data.csv").write_text(f"\ufeff{header}\n{row}\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("table", "key", "column", "header", "shows", "shows_not"),
    [
        ("area", "a", "value", "claim_id,value", "a,1100", "a,1150"),
        ("area", "a", "value", "claim_id,value", "a,1100.0", "b,1100"),
        ("timeline", "a", "title", "event_id,title", "a,1100", "a,11000"),
        ("area", "a", "value", "claim_id,value,claim_ids", "a,1100,", "b,1100,a"),
        ("retaken", "a", "reported", "date,settlements,names,place_ids,claim_ids", "1100,2,x; y,x;y,b;a", "1101,1,x,x,a"),
        ("control", "2025-03-12/deepstate/any", "held_km2", "claim_id,claimant,date,held_low_km2,kind", ",deepstate,2025-03-12,1100,map", ",deepstate,2025-03-13,1100,map"),
        ("article", "a", "value", "claim_id,figure", 'a,"1,100 sq km retaken"', 'a,"11,100 sq km retaken"'),
    ],
)  # fmt: skip
def test_a_bundle_carries_what_its_rows_show(
    tmp_path: Path, table: str, key: str, column: str, header: str, shows: str, shows_not: str
) -> None:
    mark = {"table": table, "key": key, "column": column, "old": "1100", "new": "9", "date": "2026-11-27"}
    known = {key.split("/", maxsplit=1)[0]: [mark]}
    assert [*corrected.carried(rows(tmp_path, header, shows), known, {})] == [{"chart": "x", **mark}]
    assert [*corrected.carried(rows(tmp_path, header, shows_not), known, {})] == []


@pytest.mark.parametrize("words", [("nowhere",), ()])
def test_a_place_without_editions_is_refused_in_one_line(kursk: Kursk, words: tuple[str, ...]) -> None:
    done = kursk("corrected", *words)
    assert done.returncode == 2
    assert done.stderr.endswith("is missing; name an edition or a folder of kursk build\n")
