"""The chart of the figures of an article: three answers in words, a strip in the figure's own unit."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any

import brotli
import pandas as pd
import pytest
from boxes import apart, boxes, layers

import kurskdata as kd
from kurskdata import charts, embed
from kurskdata.charts.style.theme import COLOURS
from kurskdata.check import check_claims
from kurskdata.drawing import fonts
from kurskdata.editions import edition
from kurskdata.words.language import LANGUAGES

QUESTIONS = ("Said so?", "Adds up?", "Others?")


def many() -> pd.DataFrame:
    """Figures of all kinds, true and false, of which more than eight meet evidence."""
    rows = [
        ("share", "Gerasimov", "share_retaken", 86, "percent", "exact", "2025-03-12"),
        ("other", "Syrskyi", "share_retaken", 86, "percent", "exact", "2025-03-12"),
        ("unit", "Gerasimov", "area_retaken", 1100, "sq_mi", "more_than", "2025-03-12"),
        ("held", "", "area_held", 400, "km2", "about", "2025-02-20"),
        ("most", "", "area_held", 200, "km2", "less_than", "2025-03-13"),
        ("wrong", "", "area_held", 1300, "km2", "exact", "2025-03-12"),
        ("left", "DeepState", "area_held", 140, "km2", "exact", "2025-03-13"),
        ("freed", "", "prisoners_freed", 400, "persons", "exact", "2025-03-12"),
        ("months", "", "duration_months", 7, "months", "about", "2025-03-14"),
        ("days", "", "duration_days", 220, "days", "exact", "2025-03-14"),
        ("peak", "Syrskyi", "area_held", 1263, "km2", "exact", "2024-08-20"),
        ("none", "", "ceasefire_days", 30, "days", "exact", "2025-03-13"),
    ]
    names = ["claim_id", "speaker", "measure", "value", "unit", "qualifier", "as_of"]
    return pd.DataFrame(rows, columns=names)


@functools.cache
def drawn(which: str, width: float | None = None, language: str = "en", units: str = "km2") -> dict[str, Any]:
    e = edition(language=language, units=units)
    article = kd.article_claims(as_of=e.as_of) if which == "article" else many()
    checked = check_claims(article, as_of=e.as_of, language=language)
    return charts.claims(checked, e, width=width).to_dict()


def feet(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines on which the strips stand, which the ticks follow."""
    [rows] = [rows for one, rows in layers(spec, "rule") if "strokeWidth" not in one["encoding"]]
    bands = {
        row["y2"] for _, rects in layers(spec, "rect") for row in rects if row["stroke"] != "transparent"
    }
    return [row for row in rows if row["y"] in bands]


def words(spec: dict[str, Any]) -> list[str]:
    return [text for text, _ in boxes(spec)]


CASES = [
    *itertools.product(["article", "many"], [300, 612], LANGUAGES),
    *itertools.product(["many"], range(320, 1201, 80), ["de"]),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_text_lies_on_another_or_leaves_the_drawing(case: tuple[str, float, str]) -> None:
    found = [(text, box) for text, box in boxes(drawn(*case)) if text not in ("→", "←")]
    assert [text for text, box in found if box[0] < -1 or box[2] > case[1] + 1] == []
    assert [(a[0], b[0]) for a, b in itertools.combinations(found, 2) if not apart(a[1], b[1])] == []


@pytest.mark.parametrize("case", CASES[:16], ids=str)
def test_no_text_lies_on_a_mark(case: tuple[str, float, str]) -> None:
    spec = drawn(*case)
    marks = [
        (row["x"] - 5, row["y"] - 4, row["x"] + 5, row["y"] + 4)
        for _, rows in layers(spec, "point") for row in rows
    ] + [
        (row["x"], row["y"] - 3, row["x2"], row["y"] + 3)
        for one, rows in layers(spec, "rule") if "strokeWidth" in one["encoding"] for row in rows
    ]  # fmt: skip
    assert marks
    found = [(text, box) for text, box in boxes(spec) if text not in ("→", "←")]
    assert [text for text, box in found for mark in marks if not apart(box, mark)] == []


def test_three_questions_are_answered_for_every_figure() -> None:
    spec = drawn("article", 612)
    told = words(spec)
    assert [told.count(question) for question in QUESTIONS] == [7, 7, 7]
    assert "Disagree." in told
    rows = {row["claim_id"]: row for row in spec["datasets"]["rows"]}
    assert rows["pct-86"]["said"].startswith("Yes. Valery Gerasimov said more than 86")
    assert rows["pct-86"]["adds_up"] == "Yes. Valery Gerasimov, more than 86.8\N{NO-BREAK SPACE}%"
    assert "3 + 4 + 0 + 12 + 5 = 24" in rows["settlements-24"]["adds_up"]
    assert rows["settlements-24"]["others"] == "Agree. Valery Gerasimov, 24\N{NO-BREAK SPACE}settlements"
    assert rows["prisoners-400"]["look"] is True


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_answer_is_drawn_once_and_whole(case: tuple[str, float, str]) -> None:
    """No line of a paragraph is lost where it is wrapped, or stands there twice."""
    spec = drawn(*case)
    bold, [(_, normal)] = (
        [row["text"] for one, rows in layers(spec, "text") if one["mark"].get("fontWeight") == "bold" for row in rows],
        [(one, rows) for one, rows in layers(spec, "text") if "halo" not in rows[0] and one["mark"].get("fontWeight") == "normal" and one["mark"]["fontSize"] == fonts.SMALL],
    )  # fmt: skip
    left = " ".join(row["text"] for row in normal if row["colour"] == COLOURS["ink"][0]).replace("\xa0", " ")
    answers = [row[name] for row in spec["datasets"]["rows"] for name in ("said", "adds_up", "others")]
    for answer in sorted(answers, key=len, reverse=True):
        word = max((text for text in bold if answer.startswith(text)), key=len, default="")
        told = answer.removeprefix(word).replace("\xa0", " ").strip()
        left = left.replace(told, "", 1) if told else left
    assert not left.strip()


def test_at_most_eight_figures_those_to_look_at_first() -> None:
    spec = drawn("many", 612)
    assert words(spec).count("Said so?") == 8
    rows = spec["datasets"]["rows"]
    looks = [row.get("look", False) for row in rows]
    assert looks == sorted(looks, reverse=True)
    assert "4 more figures are in the table" in spec["usermeta"]["kurskdata"]["source"]
    assert {row["claim_id"] for row in rows} == {*many()["claim_id"]}


def test_titles_fit_two_lines_of_a_phone() -> None:
    for which, language in itertools.product(["article", "many"], LANGUAGES):
        title = drawn(which, 300, language)["usermeta"]["kurskdata"]["title"]
        assert len(fonts.wrap(title, 345, fonts.TITLE, bold=True)) <= 2
        assert len(title.split()) <= 15
    assert drawn("article", 612)["usermeta"]["kurskdata"]["title"] == (
        "Of 9 figures, 1 needs a second look: 400 prisoners freed"
    )


def test_the_side_has_its_shape_and_what_counts_something_else_is_hollow() -> None:
    spec = drawn("article", 612)
    [(_, rows)] = list(layers(spec, "point"))
    sides = spec["usermeta"]["kurskdata"]["sides"]
    assert {(sides[row["stroke"]], row["shape"]) for row in rows} == {
        ("russia", "diamond"), ("independent", "square"), ("map", "cross"),
    }  # fmt: skip
    hollow = [row for row in rows if row["fill"] != row["stroke"]]
    assert [sides[row["stroke"]] for row in hollow] == ["russia"]
    assert "hollow: of something else" in spec["usermeta"]["kurskdata"]["alt"]


def test_every_strip_has_its_unit_once_and_few_ticks() -> None:
    for which in ("article", "many"):
        spec = drawn(which, 300)
        lines: dict[float, list[str]] = {}
        for text, box in boxes(spec):
            if re.match(r"[\d.,]+($|\D)", text) and any(box[1] + 6 == row["y"] + 12 for row in feet(spec)):
                lines.setdefault(box[1], []).append(text)
        assert len(lines) == len(feet(spec))
        assert all(1 <= len(texts) <= 4 for texts in lines.values())
        assert all(
            sum(any(c.isalpha() or c == "%" for c in text) for text in texts) == 1 for texts in lines.values()
        )


def test_the_page_is_light(tmp_path: Any) -> None:
    for which, language in (("article", "uk"), ("many", "ru")):
        embed.write(drawn(which, None, language), tmp_path)
        assert len(brotli.compress((tmp_path / "index.html").read_bytes())) <= 12_288


@pytest.mark.parametrize("figure", ["2 %", "1,000 sq km", "1 100 кв. км", "1 268 км²"])
def test_a_number_is_never_parted_from_its_unit(figure: str) -> None:
    for width in range(60, 300, 7):
        lines = fonts.wrap(f"held at most {figure} of it all on that day", width)
        assert any(re.search(r"\d.[%sк]", line) for line in lines)
        assert not any(re.match(r"%|sq|km|кв|км|\d{3}\b", line) for line in lines)


def test_a_number_stays_with_what_it_counts_where_that_costs_no_line() -> None:
    assert fonts.wrap("said to be 430 persons", 90)[-1].endswith("430\N{NO-BREAK SPACE}persons")
    assert fonts.wrap("430 persons", 40) == ["430", "persons"]
    assert fonts.wrap("on 5 days and 430 persons", 60)[0] == "on 5 days"
