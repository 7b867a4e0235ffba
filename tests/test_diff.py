"""`kursk diff`: of changes in the data every changed figure is listed once, none is missed and none invented."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import random
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import batches
import mutations
import pandas as pd
import pytest
from conftest import Kursk

import kurskdata as kd
from kurskdata import sentences
from kurskdata.changes import contents, diff
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import descriptor, spreadsheet

MUTATIONS = 200
KINDS = ("number", "day", "qualifier", "gone", "added")
DAY = Edition()
Frames = dict[str, pd.DataFrame]


def views() -> tuple[Frames, list[str]]:
    """The views behind the charts of the article's day, and sentences of its report."""
    first = DAY.since(days=10)
    frames = {
        "settlements": kd.settlements_per_day(as_of=DAY.as_of, start=first),
        "locator": kd.settlement_places(as_of=DAY.as_of),
        "area": kd.area_claims(as_of=DAY.as_of),
        "timeline": kd.timeline(as_of=DAY.as_of),
        "claims": kd.article_claims(as_of=DAY.as_of),
    }
    maps = kd.area_held(as_of=DAY.as_of)
    frames["maps"] = maps.rename(columns={"observer": "claimant"})
    claim = kd.count_claim(as_of=DAY.as_of, start=first)
    told = [
        sentences.settlements(frames["settlements"], DAY, claim),
        sentences.area(frames["area"], DAY, maps),
        sentences.timeline(frames["timeline"], DAY),
    ]
    return frames, [str(one) for one in told]


def write(folder: Path, frames: Frames, told: list[str]) -> Path:
    """An edition's folder as a build leaves it, without pictures."""
    place = folder / DAY.name
    sizes = {"frame_height": 1, "wide": {"width": 1, "height": 1}, "narrow": {"width": 1, "height": 1}}
    charts = [{"name": name, "title": name, "alt": told[0], **sizes} for name in frames]
    for name, frame in frames.items():
        at = place / "charts" / name
        at.mkdir(parents=True)
        (at / "index.html").write_text("", "utf-8")
        (at / "data.csv").write_text(spreadsheet.written(frame.astype(object)), "utf-8", newline="\n")
    body = "".join(f"<h2>{n}</h2><p>{text}</p>" for n, text in enumerate(told))
    (place / "report.html").write_text(f"<html><meta charset=utf-8><main>{body}</main></html>", "utf-8")
    held = {"name": DAY.name, "parameters": DAY.parameters(), "charts": charts}
    held["reports"] = [{"page": "report.html", "title": "", "notebook": ""}]
    (place / "edition.json").write_text(json.dumps(held), "utf-8")
    return place


def mutated(rng: random.Random, kind: str, path: Path) -> None:
    """Changes a table: one cell, or a row that goes or comes."""
    table = path.stem
    header, *lines = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    key = header.index(descriptor.resource(table)["schema"]["primaryKey"][0])
    n = rng.randrange(len(lines))
    if kind == "gone":
        del lines[n]
    elif kind == "added":
        lines.append([*lines[n]])
        lines[-1][key] += "-again"
        values = [c for c in mutations._kinds(table, header)["number"] if lines[n][header.index(c)]]
        for column in values[:1]:
            place = header.index(column)
            lines[-1][place] = mutations._digits(rng, lines[n][place])
    else:
        columns = mutations._kinds(table, header).get(kind) or mutations._kinds(table, header)["day"]
        filled = [(row, header.index(c)) for row in lines for c in columns if row[header.index(c)]]
        row, place = rng.choice(filled)
        how = {"number": mutations._digits, "day": mutations._day}.get(kind if kind in ("number",) else "day")
        if kind == "qualifier" and "qualifier" in header:
            row[place] = rng.choice(
                [one for one in ("exact", "about", "more_than", "at_most") if one != row[place]]
            )
        else:
            row[place] = how(rng, row[place])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])


def cells(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The cells of a view by row and column, from the frame itself and not from what was written."""
    ids = [c for c in ("claim_id", "event_id", "place_id") if c in frame][:1] or [
        c for c in ("date", "claimant") if c in frame
    ]
    found = {}
    for row in frame.to_dict("records"):
        key = " ".join(str(row[c]).removesuffix(" 00:00:00") for c in ids)
        for column, cell in row.items():
            empty = cell is None or (not isinstance(cell, str) and pd.isna(cell)) or cell == ""
            found[key, str(column)] = "" if empty else str(cell)
    return found


def expected(before: Frames, after: Frames) -> tuple[Counter[Any], Counter[Any]]:
    """The cells that differ in rows of both states, and the rows of one alone, by brute force over the frames."""
    figures, rows = set(), Counter[Any]()
    for name in before:
        old, new = cells(before[name]), cells(after[name])
        ids = [{key for key, _ in some} for some in (old, new)]
        rows.update(("row gone", key) for key in ids[0] - ids[1])
        rows.update(("row added", key) for key in ids[1] - ids[0])
        figures |= {
            (key, column, old.get((key, column), ""), new.get((key, column), ""))
            for key, column in {**old, **new}
            if key in ids[0] & ids[1] and old.get((key, column), "") != new.get((key, column), "")
        }
    return Counter((key, column) for key, column, *_ in figures), rows


def numerals(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


@pytest.mark.slow
def test_of_random_mutations_each_changed_figure_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(data))
    rng, before = random.Random(20250314), views()
    old, seen = write(tmp_path / "old", *before), Counter[str]()
    draws = itertools.cycle(itertools.product(KINDS, ("area", "retaken", "timeline", "control", "article")))
    made = 0
    while made < MUTATIONS:
        kind, table = next(draws)
        path = data / f"{table}.csv"
        kept, stamp = path.read_bytes(), path.stat()
        try:
            mutated(rng, kind, path)
            after = views()
        except (InputError, ValueError, KeyError):  # a state that no build accepts
            continue
        finally:
            path.write_bytes(kept)
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
        new = write(tmp_path / f"new{made}", *after)
        found = diff.changes(diff.pairs(old, new))
        made += 1
        figures, rows = expected(before[0], after[0])
        listed = [one for one in found if one.kind == "figure"]
        assert Counter((one.row, one.column) for one in listed) == figures, (kind, table)
        assert Counter((one.kind, one.row) for one in found if one.kind.startswith("row")) == rows
        both = ["".join(told) for _, told in (before, after)]
        texts = [one for one in found if one.kind in ("sentence", "alt text")]
        for n, one in itertools.product((0, 1), texts):
            assert " ".join((one.before, one.after)[n].split()) in " ".join(both[n].split())
        differ = numerals(both[1]) - numerals(both[0])
        assert not differ - sum((numerals(one.after) for one in texts), Counter())
        assert len({(one.before, one.after) for one in texts}) == len(texts)
        seen[kind] += bool(found)
        shutil.rmtree(new.parent)
    assert min(seen[kind] for kind in KINDS) >= 10, seen


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report built from our data, and from data with another share, without a settlement, with an event more."""
    folder = tmp_path_factory.mktemp("built")
    outs = {"as it is": folder / "as-it-is"}
    assert batches.build("-o", outs["as it is"]).returncode == 0
    share = (",share_retaken,86,percent,more_than", ",share_retaken,84,percent,more_than")
    for name, table, (old, new) in (
        ("share", "area", share),
        ("settlement", "retaken", (r"2025-03-11-mod-pravda,.*\n", "")),
        ("event", "timeline", ("(ev-2025-03-12-gerasimov-86)(,.*\n)", r"\1\2\1-again\2")),
    ):
        data, outs[name] = batches.own_data(folder / f"{name}-data"), folder / name
        path = data / f"{table}.csv"
        text, count = re.subn(old, new, path.read_text("utf-8"), count=1)
        assert count
        path.write_text(text, "utf-8", newline="\n")
        done = batches.build("--data", data, "-o", outs[name])
        assert done.returncode == 0, done.stderr
    return outs


@pytest.mark.slow
@pytest.mark.parametrize("name", ["share", "settlement", "event"])
def test_of_real_builds_nothing_is_missed_and_nothing_invented(built: dict[str, Path], name: str) -> None:
    ours, theirs = (contents.editions(built[which])[0] for which in ("as it is", name))
    found = diff.changes(diff.pairs(built["as it is"], built[name]))
    for chart in ours.charts():
        specs = [json.loads(one.file(chart, "chart.vl.json")) for one in (ours, theirs)]
        frames = [pd.DataFrame(spec["datasets"]["rows"]) for spec in specs]
        figures, rows = expected({chart: frames[0]}, {chart: frames[1]})
        here = [one for one in found if f"{DAY.name}: {chart}" in one.places]
        assert Counter((one.row, one.column) for one in here if one.kind == "figure") == figures
        assert Counter((one.kind, one.row) for one in here if one.kind.startswith("row")) == rows
        titles = [spec["usermeta"]["kurskdata"]["title"] for spec in specs]
        named = [(one.before, one.after) for one in found if f"{DAY.name}: {chart}, title" in one.places]
        assert named == ([tuple(titles)] if titles[0] != titles[1] else [])
        drawn = any(one.kind == "drawing" for one in here)
        assert drawn == (ours.file(chart, "chart.svg") != theirs.file(chart, "chart.svg"))
    pages = [
        re.sub(
            r"(?s)<(style|svg|figure).*?</\1>|<footer>.*|<[^>]*>",
            " ",
            (e.folder / "report.html").read_text("utf-8"),
        )
        for e in (ours, theirs)
    ]
    told = [one for one in found if one.kind == "sentence"]
    differ = numerals(pages[1]) - numerals(pages[0])
    assert not differ - sum((numerals(one.after) for one in found), Counter())
    assert all(one.rows for one in told)


@pytest.mark.slow
def test_the_command_lists_writes_a_page_and_says_by_its_code(
    built: dict[str, Path], kursk: Kursk, tmp_path: Path
) -> None:
    old, new = built["as it is"], built["share"]
    done = kursk("diff", old, new)
    assert done.returncode == 0
    assert "  2025-03-12-gerasimov-share-retaken-86-more-than value\n    - 86\n    + 84\n" in done.stdout
    assert done.stderr.startswith("kursk: ")
    assert kursk("diff", old, new, "--exit-code").returncode == 1
    done = kursk("diff", old, old / DAY.name, "--exit-code")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "kursk: changes: 0; editions compared: 1\n")
    done = kursk("diff", old / DAY.name, new / DAY.name, "--json", "-o", "page")
    listed = json.loads(done.stdout)
    assert ["86", "84"] in [pair for one in listed for pair in one["figures"] if one["kind"] == "title"]
    page = (tmp_path / "page" / "index.html").read_text("utf-8")
    assert "<script" not in page
    frames = re.findall(r'src="([^"#]+)#(light|dark)" width="(\d+)"', page)
    assert {(theme, width) for _, theme, width in frames} == set(
        itertools.product(("light", "dark"), ("320", "640"))
    )
    assert all((tmp_path / "page" / at).is_file() for at, *_ in frames)
    assert kursk("diff", old, new, "-o", new).returncode == 2


def test_editions_of_output_folders_are_matched_by_their_parameters(tmp_path: Path, kursk: Kursk) -> None:
    frames, told = views()
    old, new = (write(tmp_path / name, frames, told).parent for name in ("old", "new"))
    (new / DAY.name).rename(new / "renamed")
    assert [(a.folder.name, b.folder.name) for a, b in diff.pairs(old, new) if a and b] == [
        (DAY.name, "renamed")
    ]
    path = new / "renamed" / "edition.json"
    path.write_text(path.read_text("utf-8").replace('"units": "km2"', '"units": "sq_mi"'), "utf-8")
    done = kursk("diff", old, new)
    assert done.returncode == 2
    assert "no edition here has the parameters of one there" in done.stderr


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "is missing"),
        (lambda path: path.write_text("x", "utf-8"), "is not a folder"),
        (lambda path: path.mkdir(), "holds no edition"),
        (
            lambda path: (path.mkdir(), (path / "edition.json").write_text("[", "utf-8")),
            "edition.json: not a JSON file",
        ),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, kursk: Kursk, make: Any, said: str) -> None:
    make(tmp_path / "place")
    frames, told = views()
    good = write(tmp_path / "good", frames, told)
    for both in ((tmp_path / "place", good), (good, tmp_path / "place")):
        done = kursk("diff", *both)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
