"""The linter of the charts: every rule can fail, and a sample of the charts passes all of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from chart_marks import contrast, picture, rgb
from chart_rules import PRINT, RULES, Page
from lint_charts import DAYS, charts, pages, run, told

from kurskdata.charts.style import theme
from kurskdata.drawing.fonts import text_width
from kurskdata.tables.descriptor import covered
from kurskdata.words.language import LANGUAGES

RULE = {rule.number: rule for rule in RULES}


def svg(body: str, width: int = 300, height: int = 200) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{body}</svg>'


@pytest.fixture(scope="module")
def page() -> Page:
    """A page without rows that no rule finds fault with, in the styles of the charts' own pages."""
    real = pages("settlements", "en", "2025-03-14")
    drawing = picture(svg('<text fill="var(--ink)" x="0" y="20">A word</text>'))
    return Page(
        chart="area",
        language="en",
        day=dt.date(2025, 3, 14),
        title="Gerasimov said that “more than 86\xa0%” was retaken",
        subtitle="Area of the Kursk oblast held by Ukraine, 6 August 2024 to 14 March 2025",
        source="Source: news media; not confirmed. Data: kurskdata, as of 14 March 2025.".replace(
            "14 March", "14\xa0March"
        ),
        alt="A chart of the area. On 12 March 2025 the map showed 152 sq km.",
        heads=["date"],
        cells=[(["12 March"], [{"url": "https://example.org"}])],
        rows=[{"date": "2025-03-12", "source_ids": "a"}],
        pictures={"wide": drawing, "narrow": drawing},
        html=real.html,
        spec={},
    )


def text(x: float, y: float, words: str, **look: Any) -> str:
    given = {"fill": "var(--ink)", **{name.replace("_", "-"): value for name, value in look.items()}}
    return f'<text x="{x}" y="{y}" {" ".join(f"{k}={str(v)!r}" for k, v in given.items())}>{words}</text>'


def path(d: str, **look: Any) -> str:
    given = {"fill": "none", **{name.replace("_", "-"): value for name, value in look.items()}}
    return f'<path d="{d}" {" ".join(f"{k}={str(v)!r}" for k, v in given.items())}/>'


AXIS = text(20, 104, "0", text_anchor="end") + text(20, 64, "10", text_anchor="end") + text(20, 24, "20", text_anchor="end")  # fmt: skip
UNIT = text(2, 8, "sq km held")
BARS = "".join(path(f"M{x} 100v-{h}", stroke="var(--russia)", stroke_width=6) for x, h in ((60, 8), (90, 40), (120, 24)))  # fmt: skip
VALUES = text(57, 88, "2") + text(84, 56, "10") + text(117, 72, "6")
STEPS = path("M30 90h20v-20h20v-10h20v20h20v5h20v5h30", stroke="var(--map)")
DOT, DIAMOND = '<circle cx="{x}" cy="{y}" r="4" fill="var(--{c})"/>', "M{x} {y}l4-4l4 4l-4 4z"
SWATCHES = '<circle cx="60" cy="60" r="4" fill="var(--earlier)"/><circle cx="90" cy="60" r="4" fill="var(--russia)"/>'


def dot(x: float, y: float, colour: str, radius: float = 4, **look: Any) -> str:
    more = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in look.items())
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="var(--{colour})" {more}/>'


CLAIM = {"claim_id": "a", "date": "2025-03-12", "value": 86.0, "unit": "percent", "qualifier": "more_than"}
SAID = "<title>Gerasimov: more than 86\xa0%</title>"
TOLD = f'<circle cx="60" cy="60" r="4" fill="var(--russia)">{SAID}</circle>'
MAP = (
    path("M0 50h200", stroke="var(--muted)", stroke_dasharray="5,4")
    + text(0, 40, "border drawn approximately")
    + path("M20 150h40", stroke="var(--ink)")
    + text(25, 165, "10\xa0km")
)
PANELS = MAP + text(0, 90, "12 Mar") + text(0, 106, "152\xa0sq km")
HELD = path("M20 100v-40h20v10h20v5h20v25z", fill="var(--ribbon)")
HATCH = path("".join(f"M{x} 60l10-10" for x in range(20, 80, 6)), stroke="var(--muted)")
UNCLEAR = [
    {"kind": "map", "claimant": "deepstate", "date": "2025-03-12", "held_low_km2": 1, "held_high_km2": 2}
]
GAP = [{"kind": "map", "claimant": "deepstate", "date": day} for day in ("2025-03-01", "2025-03-09")]

# fmt: off
FAULTS: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "a long title": (1, {}, {"title": "One " * 16}),
    "a title that begins small": (1, {}, {"title": "more than 86 % were retaken"}),
    "a title of three lines": (1, {}, {"title": "Extraordinarily long words standing everywhere throughout headlines " * 2}),
    "the same twice": (2, {}, {"source": "Source: Area of the Kursk oblast held by Ukraine, not confirmed."}),
    "no subtitle": (2, {}, {"subtitle": ""}),
    "no year": (2, {}, {"subtitle": "Area of the Kursk oblast"}),
    "no place": (2, {}, {"subtitle": "Area held in 2025"}),
    "a colour without a name": (5, {"svg": dot(60, 60, "russia") + text(68, 64, "Russia")}, {"svg": dot(60, 60, "russia")}),
    "a line without a name": (5, {"svg": STEPS + text(60, 55, "DeepState map")}, {"svg": STEPS}),
    "a line named in another panel alone": (
        5,
        {"svg": STEPS + path("M220 80h3v1h3v1h3v1h3", stroke="var(--map)") + text(238, 84, "DeepState map")},
        {"svg": STEPS + path("M220 180h3v1h3v1h3v1h3", stroke="var(--map)") + text(238, 184, "DeepState map")},
    ),
    "a key of what is not drawn": (
        5,
        {"svg": dot(8, 10, "russia") + text(16, 14, "Russia") + dot(80, 10, "ukraine") + text(88, 14, "Ukraine") + dot(60, 99, "ukraine") + dot(99, 99, "russia")},
        {"svg": dot(8, 10, "russia") + text(16, 14, "Russia") + dot(80, 10, "ukraine") + text(88, 14, "Ukraine") + dot(99, 99, "russia")},
    ),
    "a paragraph that begins anew": (
        2,
        {"svg": text(0, 20, "Others agree: the map") + text(0, 36, "of the day")},
        {"svg": text(0, 20, "Others agree: the map") + text(0, 36, "Others agree: the map of the day")},
    ),
    "an axis without a unit": (6, {"svg": AXIS + UNIT}, {"svg": AXIS}),
    "two roundings": (6, {"svg": UNIT + AXIS}, {"svg": UNIT + AXIS.replace(">10<", ">10.5<").replace(">20<", ">21<")}),
    "two units": (6, {}, {"subtitle": "Area of 59 sq mi in the Kursk oblast, 2025"}),
    "a number that parts from its unit": (6, {"title": "It was 86\xa0%"}, {"title": "It was 86 %"}),
    "a unit on the next line": (6, {"svg": text(0, 20, "over 100") + text(0, 36, "places")}, {"svg": text(0, 20, "over 100") + text(0, 36, "sq km")}),
    "bars above zero": (7, {"svg": AXIS + UNIT + BARS}, {"svg": AXIS.replace('"0"', "0").replace(">0<", ">5<").replace(">10<", ">15<").replace(">20<", ">25<") + UNIT + BARS}),
    "bars of other lengths than they say": (7, {"svg": BARS + VALUES}, {"svg": BARS + VALUES.replace(">6<", ">9<")}),
    "two scales": (8, {"svg": AXIS + UNIT}, {"svg": AXIS + AXIS.replace("x=\"20\"", "x=\"280\"").replace(">10<", ">7<").replace(">20<", ">14<")}),
    "independent scales": (8, {"spec": {"resolve": {"scale": {"y": "shared"}}}}, {"spec": {"resolve": {"scale": {"y": "independent"}}}}),
    "four hues": (9, {"svg": dot(9, 9, "russia")}, {"svg": "".join(dot(9, 9, c) for c in ("russia", "ukraine", "alert")) + '<circle r="4" fill="#0a0"/>'}),
    "colour alone": (10, {"svg": dot(60, 60, "russia") + path("M90 60l4-4l4 4l-4 4z", fill="var(--independent)")}, {"svg": dot(60, 60, "russia") + dot(90, 60, "independent")}),
    "small text": (11, {}, {"svg": text(0, 20, "A word", font_size=10)}),
    "pale text": (11, {}, {"svg": text(0, 20, "A word", fill="var(--line)")}),
    "pale text on a mark": (11, {}, {"svg": '<rect width="90" height="40" fill="var(--russia)"/>' + text(2, 20, "A word")}),
    "a pale mark": (11, {"svg": dot(60, 60, "russia")}, {"svg": dot(60, 60, "russia", opacity=0.4)}),
    "a dark mark on a dark surface": (
        11,
        {"svg": HELD.replace("ribbon", "ukraine") + path("M40 70h8v8h-8z", fill="var(--ink)", stroke="var(--background)")},
        {"svg": HELD.replace("ribbon", "ukraine") + path("M40 70h8v8h-8z", fill="var(--ink)")},
    ),
    "a line inside of a surface": (
        11,
        {"svg": HELD.replace("ribbon", "ukraine") + path("M20 60h40", stroke="var(--muted)")},
        {"svg": HELD.replace("ribbon", "ukraine") + path("M24 90h40", stroke="var(--muted)")},
    ),
    "a line across a text": (
        11,
        {"svg": path("M0 16h90", stroke="var(--map)") + text(0, 20, "A word", stroke="var(--background)", paint_order="stroke")},
        {"svg": path("M0 16h90", stroke="var(--map)") + text(0, 20, "A word")},
    ),
    "a turned text": (12, {}, {"svg": text(0, 20, "A word", transform="rotate(-90 0 20)")}),
    "a text that is cut": (12, {}, {"svg": text(0, 20, "A wo…")}),
    "a text outside": (12, {}, {"svg": text(280, 20, "A long word")}),
    "texts upon each other": (12, {}, {"svg": text(0, 20, "A word") + text(10, 22, "Another")}),
    "a word wider than a phone": (12, {}, {"title": "Kursk" * 12}),
    "half of the values": (13, {"svg": BARS + VALUES}, {"svg": BARS + VALUES.replace(">6<", "> <")}),
    "a day without its number": (
        13,
        {"chart": "settlements", "rows": [{"date": "2025-03-12", "settlements": 5}], "svg": text(0, 20, "5")},
        {"chart": "settlements", "rows": [{"date": "2025-03-12", "settlements": 5}], "svg": text(0, 20, "4")},
    ),
    "leaders that cross": (
        14,
        {"svg": text(0, 20, "One") + path("M10 24l20 60", stroke="var(--muted)") + dot(30, 86, "russia") + text(60, 20, "Two") + path("M70 24l9 60", stroke="var(--muted)") + dot(79, 88, "russia")},
        {"svg": text(0, 20, "One") + path("M10 24l69 60", stroke="var(--muted)") + dot(79, 86, "russia") + text(60, 20, "Two") + path("M70 24l-40 60", stroke="var(--muted)") + dot(30, 88, "russia")},
    ),
    "a leader to nothing": (
        14,
        {"svg": text(0, 20, "One") + path("M10 24l20 60", stroke="var(--muted)") + dot(30, 86, "russia")},
        {"svg": text(0, 20, "One") + path("M10 24l20 60", stroke="var(--muted)")},
    ),
    "emphasis without a word": (
        14,
        {"svg": dot(60, 60, "russia", 3) + dot(99, 60, "russia", 6) + text(108, 64, "12 Mar")},
        {"svg": dot(60, 60, "russia", 3) + dot(99, 60, "russia", 6)},
    ),
    "a qualifier without an arrow": (
        15,
        {"rows": [CLAIM], "svg": TOLD + text(56, 54, "↑")},
        {"rows": [CLAIM], "svg": TOLD},
    ),
    "a slanted line": (16, {"svg": STEPS}, {"svg": STEPS.replace("h20v-20", "l20-20")}),
    "a gap that is closed": (16, {"rows": GAP, "svg": STEPS.replace("v5h20", "v5M110 85h20")}, {"rows": GAP, "svg": STEPS}),
    "a row of tomorrow": (16, {}, {"rows": [{"date": "2025-03-15"}]}),
    "two solid areas": (17, {"svg": HELD + HATCH, "rows": UNCLEAR}, {"svg": HELD + HELD.replace("ribbon", "independent"), "rows": UNCLEAR}),
    "unclear areas that look held": (17, {"svg": HELD + HATCH, "rows": UNCLEAR}, {"svg": HELD, "rows": UNCLEAR}),
    "disputed events like others": (
        17,
        {"chart": "timeline", "rows": [{"disputed": True}], "svg": dot(9, 9, "background", stroke="var(--russia)")},
        {"chart": "timeline", "rows": [{"disputed": True}], "svg": dot(9, 9, "russia")},
    ),
    "a border that looks exact": (19, {"chart": "control", "svg": MAP}, {"chart": "control", "svg": MAP.replace("stroke-dasharray='5,4'", "")}),
    "a border that is not called rough": (19, {"chart": "control", "svg": MAP}, {"chart": "control", "svg": MAP.replace("approximately", "here")}),
    "positions without errors": (
        19,
        {"chart": "locator", "rows": [{"position_error_km": 2}], "svg": MAP + dot(60, 90, "russia", 9, opacity=0.1)},
        {"chart": "locator", "rows": [{"position_error_km": 2}], "svg": MAP},
    ),
    "a map without a scale": (20, {"chart": "control", "svg": MAP, "source": "DeepState"}, {"chart": "control", "svg": text(0, 9, "x"), "source": "DeepState"}),
    "a map without a day": (20, {"chart": "control", "svg": MAP, "source": "DeepState"}, {"chart": "control", "svg": MAP, "source": "DeepState", "subtitle": "Map"}),
    "a map without an observer": (20, {"chart": "control", "svg": MAP, "source": "DeepState"}, {"chart": "control", "svg": MAP, "source": "Us"}),
    "panels of two scales": (21, {"chart": "control", "svg": PANELS}, {"chart": "control", "svg": PANELS + path("M120 150h70", stroke="var(--ink)") + text(125, 165, "10\xa0km")}),
    "eight panels": (21, {"chart": "control", "svg": PANELS}, {"chart": "control", "svg": MAP + "".join(text(0, 20 * n, f"{n} Mar") + text(60, 20 * n, "9\xa0sq km") for n in range(1, 9))}),
    "a panel without its amount": (21, {"chart": "control", "svg": PANELS}, {"chart": "control", "svg": PANELS.replace("152\xa0sq km", "")}),
    "a source without a day": (22, {}, {"source": "Source: news media; not confirmed. Data: kurskdata."}),
    "a source that does not say whether it is confirmed": (22, {}, {"source": "Source: news media. Data: kurskdata, 14\xa0March 2025."}),
    "an alt text without a form": (23, {}, {"alt": "On 12 March 2025 it was 152 sq km."}),
    "an alt text of one side": (23, {}, {"alt": "A chart of the liberated area, 12 March 2025, 152 sq km."}),
    "an alt text without days": (23, {}, {"alt": "A chart: 152 and 99 sq km."}),
    "a table without sources": (23, {}, {"cells": [(["12 March"], [])]}),
}
# fmt: on


def made(page: Page, given: dict[str, Any]) -> Page:
    fields = dict(given)
    if "svg" in fields:
        drawing = picture(svg(fields.pop("svg")))
        fields["pictures"] = {"wide": drawing, "narrow": drawing}
    return dataclasses.replace(page, **fields)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_finds_its_fault_and_nothing_else(page: Page, fault: str) -> None:
    number, good, bad = FAULTS[fault]
    passed = [wrong for decide in RULE[number].decide for _, wrong in decide(made(page, good))]
    assert passed, "the rule decided nothing"
    assert [wrong for wrong in passed if wrong] == []
    assert [wrong for decide in RULE[number].decide for _, wrong in decide(made(page, bad)) if wrong]


def test_a_rule_on_motion_finds_it(page: Page) -> None:
    (decide,) = RULE[24].decide
    assert [wrong for _, wrong in decide(page)] == [""]
    for motion in ("transition:left 1s", "animation:turn 2s", "top:0}@keyframes turn{from{left:0}}a{top:0"):
        moving = page.html.replace("</style>", f"a{{{motion}}}</style>")
        assert [wrong for _, wrong in decide(dataclasses.replace(page, html=moving)) if wrong]
        guarded = page.html.replace(
            "</style>", f"@media(prefers-reduced-motion:no-preference){{a{{{motion}}}}}</style>"
        )
        assert [wrong for _, wrong in decide(dataclasses.replace(page, html=guarded)) if wrong] == []


def test_every_rule_is_tried() -> None:
    assert {number for number, *_ in FAULTS.values()} | {24} == set(RULE)
    assert len(RULES) >= 20


def test_the_days_are_twelve_with_the_first_and_the_last() -> None:
    assert len(set(DAYS)) == 12
    assert (DAYS[0], DAYS[-1]) == tuple(map(str, covered()))


def test_places_are_those_of_the_drawing() -> None:
    drawing = picture(
        svg(
            '<g fill="var(--russia)" font-size="13"><text text-anchor="end" x="90" y="20">Russia</text></g>'
            '<g transform="translate(10 20)"><path d="M0,0h10v5l-5,5z"/></g>'
            '<text x="5" y="50">One<tspan x="5" dy="14">two</tspan></text>'
        )
    )
    named, shape, two = drawing.marks
    assert named.box.right == 90
    assert named.box.width == pytest.approx(text_width("Russia", 13))
    assert (shape.box.left, shape.box.top, shape.box.right, shape.box.bottom) == (10, 20, 20, 30)
    assert [line.base for line in two.lines] == [50, 64]
    assert shape.covers((12, 22))
    assert not shape.covers((11, 29))


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(rgb("#000", "light"), rgb("#fff", "light")) == pytest.approx(21)
    assert contrast(rgb("#777777", "light"), rgb("#ffffff", "light")) == pytest.approx(4.48, abs=0.01)
    assert theme.COLOURS["background"][0] == "#ffffff"


def test_a_page_of_maps_is_judged_map_by_map_and_in_print() -> None:
    """At every width, though its page shows one map at a time and never that of all."""
    of_maps = pages("control", "de", "2025-03-14")
    assert [*of_maps.shown] == [PRINT, *(f"map {n}" for n in range(1, len(of_maps.pictures)))]
    assert len(of_maps.at(320).scales) == len(of_maps.rows) >= 4
    assert of_maps.at(320).scales["map 1"] == pytest.approx(310 / 300, abs=0.05)


@pytest.mark.parametrize("name", charts())
def test_a_sample_of_the_matrix_passes_every_rule(name: str) -> None:
    """At every width, in both themes, on the first day, the last and one between; all of it: make lint-charts."""
    turn = charts().index(name)
    jobs = [(name, LANGUAGES[(turn + n) % 4], day) for n, day in enumerate((DAYS[0], "2025-03-14", DAYS[-1]))]
    decided, faults = run(jobs, 1)
    assert told(faults) == []
    assert sum(1 for rule in RULES if decided[name][rule.number]) >= 12
