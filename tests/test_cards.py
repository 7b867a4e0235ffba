"""Cards for social networks: readable at a third of their size, with nothing cut, crossed or outside."""

from __future__ import annotations

import io
import itertools
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from kurskdata.charts import by_name
from kurskdata.charts.style import theme
from kurskdata.drawing import fonts
from kurskdata.drawing.png import render_png
from kurskdata.editions import THEMES, UNITS, edition
from kurskdata.embed import card
from kurskdata.words.language import LANGUAGES

DAYS = ("2024-08-06", "2024-08-07", "2024-10-01", "2025-03-08", "2025-03-12", "2025-05-31")
SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]


def drawn(spec: dict[str, Any]) -> tuple[list[tuple[str, float, Box]], list[Box]]:
    """The texts of a card with size and box, and the boxes of its bars."""
    root = ElementTree.fromstring(card.svg(spec))
    texts = []
    for text in root.iter(f"{SVG}text"):
        size, words = float(text.attrib["font-size"]), text.text or ""
        bold = text.attrib["font-weight"] == "bold"
        wide = fonts.text_width(words, int(size), bold=bold)
        x = float(text.attrib["x"]) - wide * {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]]
        y = float(text.attrib["y"])
        texts.append((words, size, (x, y - 0.75 * size, x + wide, y + 0.22 * size)))
    bars = []
    for rect in list(root.iter(f"{SVG}rect"))[1:]:
        x, y, wide, high = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        bars.append((x, y, x + wide, y + high))
    return texts, bars


def faults(spec: dict[str, Any]) -> list[str]:
    texts, bars = drawn(spec)
    found = [f"small: {words}" for words, size, _ in texts if size < 36]
    boxes = [(words, box) for words, _, box in texts] + [("a bar", box) for box in bars]
    for words, (left, top, right, bottom) in boxes:
        if left < 40 or top < 20 or right > 1160 or bottom > 615:
            found.append(f"outside: {words} {left:.0f} {top:.0f} {right:.0f} {bottom:.0f}")
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.append(f"overlap: {one} / {other}")
    return found


@pytest.mark.parametrize("name", by_name.names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_are_read_in_a_feed(name: str, language: str) -> None:
    for day, units in zip(DAYS, itertools.cycle(UNITS)):
        spec = by_name.spec(name, edition(as_of=day, language=language, units=units))
        assert faults(spec) == [], (day, units)
        assert all(words.strip() for words, _, _ in drawn(spec)[0])


def row(
    label: str, said: str, low: float | None = None, high: float | None = None, **more: Any
) -> dict[str, Any]:
    return {"label": label, "said": said, "low": low, "high": high, "colour": "russia", **more}


LONG = "Міністерство оборони Російської Федерації"
MADE = {
    "ranges": [
        row("Claim", "more than 86 %", 86, 100, hollow=True),
        row("Map", "83–88 %", 83, 88, colour="map"),
    ],
    "narrow ranges": [row(LONG, "13,5–13,6 %", 13.5, 13.6), row(LONG + LONG[:20], "9 %", 13.52, 13.52)],
    "days": [row(f"{day} März", str(day), 0, day) for day in (3, 4, 0, 12, 5)],
    "long days": [row(LONG[:20], f"{1000 * day} кв. км", 0, 1000 * day) for day in range(1, 6)],
    "words": [
        row("6. August 2024", LONG),
        row("1. Februar 2025", "b"),
        row("8. März 2025", f"{LONG}, {LONG}"),
    ],
    "nothing": [row("12 March", "0", 0, 0)],
    "without a map": [row("a", "5", 0, 5), row("b", "not drawn"), row("c", "1", 0, 1), row("d", "0", 0, 0)],
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("look", THEMES)
def test_any_rows_find_room(name: str, look: str) -> None:
    told = {"rows": MADE[name], "lead": "Land no longer held by Ukraine, 12 March 2025", "unit": "sq_mi"}
    meta = {"title": "“More than 86 % retaken” (Gerasimov) fits the DeepState map of that day: 83–88 %"}
    told |= {"sources": "Source: DeepState, measured by kurskdata; not confirmed"}
    meta |= {"language": "uk", "theme": look, "source": "", "card": told}
    spec = {"usermeta": {"kurskdata": meta}}
    assert faults(spec) == []
    with Image.open(io.BytesIO(render_png(card.svg(spec), 1))) as image:
        assert image.size == (1200, 630)
        shown = image.convert("RGB")
    assert shown.getpixel((2, 2)) == tuple(bytes.fromhex(theme.palette(look).background[1:]))
    for bar in drawn(spec)[1]:
        middle = shown.getpixel((int(bar[0] + bar[2]) // 2, int(bar[1] + bar[3]) // 2))
        assert middle != shown.getpixel((2, 2)), "a bar is not seen"


def test_a_card_gives_up_the_last_clauses_of_its_source_and_nothing_else() -> None:
    meta = {
        "title": "A",
        "language": "en",
        "theme": "light",
        "source": "Source: " + "; ".join(["many words"] * 30),
    }
    spec = {"usermeta": {"kurskdata": meta}, "title": {"subtitle": ["What is", "drawn"]}}
    texts = [words for words, _, _ in drawn(spec)[0]]
    assert texts[:2] == ["A", "What is drawn"]
    assert texts[-1].endswith("many words")
    assert faults(spec) == []
