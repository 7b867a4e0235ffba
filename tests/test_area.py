"""The chart of areas: two panels, what is told in them, and no text over another from 320 to 1200 pixels."""

from __future__ import annotations

import functools
import itertools
import math
import re
from pathlib import Path
from typing import Any

import brotli
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts, embed
from kurskdata.charts import by_name
from kurskdata.drawing import fonts
from kurskdata.editions import edition
from kurskdata.words.language import LANGUAGES

Box = tuple[float, float, float, float]
Rows = list[dict[str, Any]]
DAYS = [
    "2024-08-06",
    "2024-08-07",
    "2024-08-28",
    "2024-10-01",
    "2025-01-05",
    "2025-03-08",
    "2025-03-12",
    "2025-05-31",
]
CASES = [
    *((day, width, language, "km2") for (day, language), width in zip(itertools.product(DAYS, LANGUAGES), itertools.cycle([300, 612, 300, 340, 1160]), strict=False)),
    *itertools.product(["2025-03-14"], [300, 612], LANGUAGES, ["km2", "sq_mi"]),
]  # fmt: skip


@functools.cache
def made(
    day: str, width: float = 612, language: str = "en", units: str = "km2", start: str = ""
) -> dict[str, Any]:
    e = edition(as_of=day, language=language, units=units, **({"start": start} if start else {}))
    chart = charts.area(kd.area_claims(as_of=day), e, maps=kd.area_held(as_of=day), width=width)
    return chart.to_dict(validate=False)


def layers(spec: dict[str, Any], kind: str) -> list[tuple[dict[str, Any], Rows]]:
    """The layers of a kind of mark with their rows, the edges of letters apart."""
    found = [one for one in spec["vconcat"][0]["layer"] if one["mark"]["type"] == kind]
    found = [one for one in found if not (kind == "text" and "strokeWidth" in one["mark"])]
    return [(one["mark"], spec["datasets"][one["data"]["name"]]) for one in found]


def words_on(spec: dict[str, Any]) -> list[tuple[str, Box]]:
    found = []
    for mark, rows in layers(spec, "text"):
        for row in rows:
            wide = fonts.text_width(row["text"], mark["fontSize"], bold=mark.get("fontWeight") == "bold")
            left = row["x"] - wide * {"center": 0.5, "right": 1.0}.get(mark["align"], 0.0)
            assert mark["fontSize"] >= 12
            found.append((row["text"], (left, row["y"] - 5, left + wide, row["y"] + 5)))
    return found


def covered(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def ties(spec: dict[str, Any]) -> Rows:
    """The lines from names to marks."""
    found = [one for one in spec["vconcat"][0]["layer"] if one.get("name", "").startswith("ties")]
    return [row for one in found for row in spec["datasets"][one["data"]["name"]]]


def marks(spec: dict[str, Any]) -> list[tuple[float, float]]:
    found = [row for _, rows in layers(spec, "point") for row in rows]
    return [(row["x"], row["y"]) for row in found if row["size"] in (16, 64)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_text_covers_another_or_leaves_the_drawing(case: tuple[str, float, str, str]) -> None:
    spec, width = made(*case), case[1]
    texts = words_on(spec)
    for (one, box), (other, second) in itertools.combinations(texts, 2):
        assert not covered(box, second), (one, other)
    for text, box in texts:
        assert -1 <= box[0] <= box[2] <= width + 1, text
    # A tie reaches its own mark and leads over no other mark or text.
    for tie in ties(spec):
        start, end = (tie["x"], tie["y"]), (tie["x2"], tie["y2"])
        along = [tuple(a + (b - a) * n / 40 for a, b in zip(start, end, strict=True)) for n in range(6, 35)]
        inside = [t for t, b in texts if any(b[0] < x < b[2] and b[1] < y < b[3] for x, y in along)]
        assert inside == [], tie
        crossed = [
            at for at in marks(spec) if math.dist(at, start) > 12 and min(math.dist(at, p) for p in along) < 3
        ]
        assert crossed == [], tie


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_title_is_short_whole_and_begins_with_a_capital(case: tuple[str, float, str, str]) -> None:
    title = made(*case)["usermeta"]["kurskdata"]["title"]
    letter = next(letter for letter in title if letter.isalnum())
    assert letter == letter.upper()
    assert len(title.split()) <= 15
    assert len(fonts.wrap(title, 346, fonts.TITLE, bold=True)) <= 2
    assert not re.search(r"\d (%|sq|km|кв)", title)


def panels(spec: dict[str, Any]) -> int:
    """How many panels a drawing has: each has a line at zero."""
    return sum(text == "0" for text, _ in words_on(spec))


def test_a_period_that_is_not_longer_than_three_weeks_is_one_panel() -> None:
    assert panels(made("2024-08-06")) == 1
    assert panels(made("2024-08-27")) == 1
    assert panels(made("2024-08-28")) == 2
    assert panels(made("2025-03-14")) == 2
    assert panels(made("2025-03-14", start="2025-03-01")) == 1
    without = charts.area(kd.area_claims(as_of="2025-03-14"), edition(), width=612)
    assert panels(without.to_dict(validate=False)) == 1


@pytest.mark.parametrize("width", [300, 612])
def test_each_map_is_named_at_every_width(width: float) -> None:
    for day in ("2024-08-20", "2024-12-31", "2025-03-14"):
        told = " ".join(text for text, _ in words_on(made(day, width)))
        assert all(name in told for name in ("held", "unclear", "Project Owl")), day


@pytest.mark.parametrize("width", [300, 612])
def test_claims_of_both_sides_are_named_and_others_once(width: float) -> None:
    told = [text for text, _ in words_on(made("2025-03-14", width))]
    whole = " ".join(told)
    for who in ("Gerasimov", "Zelenskyy", "Syrskyi", "Rudskoi", "Alaudinov"):
        assert who in whole, who
    assert 1 <= told.count("media, analysts") <= 2


def test_days_without_a_map_are_left_empty() -> None:
    """Nothing is drawn from 2 to 4 March, when there is no map of the third; nor do steps lean."""
    spec = made("2025-03-14")
    held = [rows for mark, rows in layers(spec, "line") if mark.get("strokeWidth") == 2.4]
    runs = pd.DataFrame(held[0]).groupby("run")["x"].agg(["min", "max"])
    lower = runs[runs.index.str.startswith("418")].sort_values("min")
    assert len(lower) == 3
    gaps = [b - a for a, b in itertools.pairwise(lower.to_numpy().ravel())][1::2]
    column = (612 - 42) / 22
    assert gaps == pytest.approx([column, column], abs=1.5)
    for rows in held:
        for _, run in pd.DataFrame(rows).groupby("run"):
            steps = run.sort_values("n")[["x", "y"]].diff().dropna()
            assert (steps["x"].eq(0) | steps["y"].eq(0)).all()


def test_the_claim_stands_on_the_map_of_its_day_and_below_stands_what_both_leave() -> None:
    for units, told in (("km2", ("152 to 214", "less than 178")), ("sq_mi", ("59 to 82", "less than 69"))):
        spec = made("2025-03-14", units=units)
        below = " ".join(text for text, _ in words_on(spec)).replace("\N{NO-BREAK SPACE}", " ")
        assert all(one in below for one in told)
    spec = made("2025-03-14")
    rings = [row for _, rows in layers(spec, "point") for row in rows if row["size"] == 190]
    ring = max(rings, key=lambda row: row["y"])  # in the second panel
    lines = {(mark["strokeWidth"], "strokeDash" in mark): rows for mark, rows in layers(spec, "line")}
    here = [
        next(row["y"] for row in lines[width][::-1] if row["x"] < ring["x"] and row["run"].startswith("418"))
        for width in ((2.4, False), (1.4, False))
    ]
    assert here[1] < ring["y"] < here[0]


def test_the_alt_text_answers_what_a_reader_of_the_picture_sees() -> None:
    told = made("2025-03-14")["usermeta"]["kurskdata"]["alt"].replace("\N{NO-BREAK SPACE}", " ")
    for answer in (
        "143 sq km on 8 August 2024", "most on 6 September 2024 with 909 sq km", "152 sq km on 14 March 2025",
        "changed least from 8 January 2025", "Three weeks before the end it was 429 sq km",
        "leaves Ukraine less than 178 sq km", "of 12 March leaves 152 to 214 sq km", "Both allow 152 to 178 sq km: 86–88 %",
        "59 claims are drawn on an axis of days: Ukraine 13, Russia 7", "not confirmed independently", "DeepState and Project Owl map archives",
    ):  # fmt: skip
        assert answer in told, answer
    early = made("2024-08-06")["usermeta"]["kurskdata"]["alt"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Project Owl map, 6 August: Ukraine holds 38 sq km" in early


def test_a_claimant_speaks_once_a_day_and_marks_say_it() -> None:
    rows = [row for row in made("2025-03-14")["datasets"]["rows"] if row["kind"] == "claim"]
    assert len({(row["claimant"], row["date"]) for row in rows}) == len(rows)
    [ministry] = [row for row in rows if row["claimant"] == "Russian Defence Ministry"]
    assert ministry["measure"] == "share_retaken"


def test_a_range_in_the_title_of_a_page_stays_on_one_line(tmp_path: Path) -> None:
    embed.write(by_name.spec("area", edition()), tmp_path)
    joined = "83\N{WORD JOINER}–\N{WORD JOINER}88\N{NO-BREAK SPACE}%"
    assert f"retaken fits the map, {joined}</h1>" in (tmp_path / "index.html").read_text("utf-8")
    assert f"retaken fits the map, {joined}</p>" in (tmp_path / "snippet.html").read_text("utf-8")


@pytest.mark.parametrize(("day", "language"), [("2025-03-14", "en"), ("2025-05-31", "ru")])
def test_the_page_is_light(day: str, language: str, tmp_path: Path) -> None:
    embed.write(by_name.spec("area", edition(as_of=day, language=language)), tmp_path)
    for name in ("index.html", "snippet.html"):
        assert len(brotli.compress((tmp_path / name).read_bytes())) <= 12_000
