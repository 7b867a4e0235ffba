"""The charts of days, timeline and settlements: swept over days, languages and widths by the boxes of what they hold."""

from __future__ import annotations

import functools
import itertools
from typing import Any, NamedTuple

import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts
from kurskdata.charts import by_name
from kurskdata.drawing import fonts
from kurskdata.editions import edition
from kurskdata.words.language import LANGUAGES

NAMES = ("timeline", "settlements", "settlements-campaign")
WIDTHS = [*range(296, 1180, 20)]
DAYS = [
    "2024-08-06", "2024-08-07", "2024-08-20", "2024-08-28", "2024-10-01", "2024-12-12", "2025-01-05", "2025-01-20",
    "2025-02-27", "2025-03-08", "2025-03-12", "2025-03-14", "2025-04-26", "2025-05-31",
]  # fmt: skip
FOUR = [*itertools.product(DAYS, LANGUAGES)]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Box, gap: float = 0) -> bool:
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.top < other.bottom and other.top < self.bottom


@functools.cache
def views_of(name: str, day: str, language: str, start: str) -> tuple[Any, ...]:
    e = edition(as_of=day, language=language, start=start)
    if name == "timeline":
        return e, kd.timeline(as_of=day)
    first = (start or "2024-08-06") if name == "settlements-campaign" else e.since(days=10)
    per_day = kd.settlements_per_day(as_of=day, start=first, language=language)
    return e, per_day, kd.count_claim(as_of=day, start=first)


def drawn(name: str, day: str, width: float, language: str = "en", start: str = "") -> dict[str, Any]:
    e, *tables = views_of(name, day, language, start)
    if name == "timeline":
        return charts.timeline(tables[0], e, width=width).to_dict(validate=False)
    return charts.settlements(tables[0], e, claim=tables[1], width=width).to_dict(validate=False)


def held(spec: dict[str, Any], kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of all layers of a kind, each with its mark."""
    layers = [one for one in spec["vconcat"][0]["layer"] if one["mark"]["type"] == kind]
    return [(row, one["mark"]) for one in layers for row in spec["datasets"][one["data"]["name"]]]


def texts(spec: dict[str, Any]) -> list[Box]:
    boxes = []
    for row, mark in held(spec, "text"):
        size = mark["fontSize"]
        assert size >= 12
        long = fonts.text_width(row["text"], size, bold=mark["fontWeight"] == "bold")
        boxes.append(
            Box(row["x"], row["y"] - size * 0.45, row["x"] + long, row["y"] + size * 0.45, row["text"])
        )
    return boxes


def symbols(spec: dict[str, Any]) -> list[Box]:
    half = {52: 4.5, 20: 3.0}
    return [
        Box(r["x"] - half[r["size"]], r["y"] - half[r["size"]], r["x"] + half[r["size"]], r["y"] + half[r["size"]], r["shape"])
        for r, _ in held(spec, "point")
    ]  # fmt: skip


def outlines(spec: dict[str, Any]) -> list[Box]:
    rows = [row for row, _ in held(spec, "rect") if row["stroke"] != "transparent"]
    return [Box(r["x"], r["y"], r["x2"], r["y2"], r.get("told", "")) for r in rows]


def faults(spec: dict[str, Any]) -> list[str]:
    """What overlaps or leaves the plot."""
    inner = spec["vconcat"][0]
    words, marks, boxes = texts(spec), symbols(spec), outlines(spec)
    found = [
        f"{one.what!r} covers {two.what!r}" for one, two in itertools.combinations(words, 2) if one.meets(two)
    ]
    found += [f"{a.what!r} covers a mark at {b.left}" for a in words for b in marks if a.meets(b)]
    found += [f"marks at {a[:2]} and {b[:2]}" for a, b in itertools.combinations(marks, 2) if a.meets(b, -1)]
    found += [f"boxes at {a[:2]} and {b[:2]}" for a, b in itertools.combinations(boxes, 2) if a.meets(b)]
    for word, box in itertools.product(words, boxes):
        inside = box.left + 2 <= word.left and word.right <= box.right - 2 and box.top <= word.top
        if word.meets(box) and not (inside and word.bottom <= box.bottom):
            found.append(f"{word.what!r} covers a box at {box[:2]}")
    for box in [*words, *marks, *boxes]:
        if (
            box.left < -1
            or box.right > inner["width"] + 1
            or box.top < -1
            or box.bottom > inner["height"] + 1
        ):
            found.append(f"{box.what!r} leaves the plot: {box[:4]} of {inner['width']} x {inner['height']}")
    for row in held(spec, "rule"):
        ends = [row[0][name] for name in ("x", "x2")]
        found += (
            [f"a line leaves the plot: {ends}"] if min(ends) < -1 or max(ends) > inner["width"] + 1 else []
        )
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", DAYS)
def test_nothing_overlaps_or_is_cut_at_any_width_in_any_language(name: str, day: str) -> None:
    # Every language at the widths of the two drawings, and all widths with one language after the other.
    cases = {
        *itertools.product((296, 612), LANGUAGES),
        *zip(WIDTHS, itertools.cycle(LANGUAGES), strict=False),
    }
    if name == "settlements-campaign" and day < "2024-08-27":
        pytest.skip("a short period is drawn as named settlements")
    for width, language in sorted(cases):
        assert faults(drawn(name, day, width, language)) == [], (width, language)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_is_short_and_fits_two_lines_of_a_phone(name: str, language: str) -> None:
    for day in [*DAYS, "2025-03-10"]:
        title = by_name.spec(name, edition(as_of=day, language=language))["usermeta"]["kurskdata"]["title"]
        assert len(title.split(" ")) <= 15, title
        assert title[0].isupper() or not title[0].isalpha()
        assert len(fonts.wrap(title, 340, fonts.TITLE, bold=True)) <= 2, title


def numbered(day: str, start: str = "") -> list[dict[str, Any]]:
    rows = drawn("timeline", day, 612, start=start)["datasets"]["rows"]
    return [row for row in rows if "number" in row]


def test_the_main_events_are_numbered_in_the_order_of_days() -> None:
    main = numbered("2025-03-14")
    assert [row["number"] for row in main] == [*range(1, 23)]
    assert [row["date"] for row in main] == sorted(row["date"] for row in main)
    assert {row["importance"] for row in main} == {1}
    assert main[0]["event_id"] == "ev-2024-08-06-incursion"
    told = {row["event_id"] for row in main}
    assert {
        "ev-2025-03-12-gerasimov-86",
        "ev-2025-03-13-mod-sudzha",
        "ev-2025-03-14-encirclement-denied",
    } <= told
    assert len(numbered("2024-08-20")) == len(kd.timeline(as_of="2024-08-20")) <= 22
    assert len(numbered("2024-10-01")) == 22
    later = numbered("2025-03-14", start="2025-03-01")
    assert later[0]["date"] >= "2025-03-01"


@pytest.mark.parametrize("width", [300, 612])
def test_every_event_is_drawn_and_every_number_stands_once_in_a_strip_and_once_in_the_list(
    width: int,
) -> None:
    spec = drawn("timeline", "2025-03-14", width)
    rows = spec["datasets"]["rows"]
    crowded = sum(row["date"] >= "2025-03-01" for row in rows)
    assert len(symbols(spec)) == len(rows) + crowded + 22
    bold = [row["text"] for row, mark in held(spec, "text") if mark["fontWeight"] == "bold"]
    assert sorted(t for t in bold if t.isdecimal()) == sorted(2 * [str(n) for n in range(1, 23)])
    hollow = sum(row["fill"] == "transparent" for row, _ in held(spec, "point"))
    assert hollow > sum(row["disputed"] for row in rows)


def test_a_quiet_end_is_not_enlarged() -> None:
    for day, enlarged in (("2025-05-31", False), ("2025-04-28", True), ("2024-08-20", False)):
        assert any("enlarged" in box.what for box in texts(drawn("timeline", day, 612))) is enlarged


def test_the_days_of_the_claim_stand_under_a_bracket_with_their_sum() -> None:
    spec = drawn("settlements-campaign", "2025-03-14", 612)
    told = [box.what.replace("\N{NO-BREAK SPACE}", " ") for box in texts(spec)]
    assert "3 + 4 + 0 + 12 + 5 = 24" in " ".join(told)
    assert {"24", "12", "0", "28", "10"} <= set(told)
    filled = [row for row, _ in held(spec, "rect") if row["strength"] == 0.3]
    outlined = [row for row, _ in held(spec, "rect") if row["stroke"] != "transparent"]
    assert (len(filled), len(outlined)) == (24, 55)
    heights = {row["y2"] - row["y"] for row in outlined}
    assert len(heights) == 1, "one height for a settlement in both panels"
    assert "55 settlements, 24 of them in 5 days" in spec["usermeta"]["kurskdata"]["title"]


def test_where_counts_find_no_room_there_is_an_axis() -> None:
    days = pd.date_range("2024-08-06", "2025-03-14")
    mine = pd.DataFrame({"date": days, "settlements": [n % 7 for n in range(len(days))], "names": ""})
    spec = charts.settlements(mine, edition(), width=612).to_dict()
    assert {"2", "4", "6"} <= {box.what for box in texts(spec)}
    assert not any(" + " in box.what for box in texts(spec))


@pytest.mark.parametrize("name", NAMES)
def test_alt_texts_say_form_extremes_and_days(name: str) -> None:
    told = by_name.spec(name, edition())["usermeta"]["kurskdata"]["alt"].replace("\N{NO-BREAK SPACE}", " ")
    if name == "timeline":
        assert "on an axis of days" in told
        assert "Mar 2025: 25" in told
        assert "13 March 2025: MoD: Sudzha, Melovoy and Podol retaken" in told
    else:
        assert "Most on one day: 12 on 11 March 2025" in told
        assert "13 March 2025: 3" in told
        assert "Valery Gerasimov, 12 March: 24 settlements in 5 days" in told
