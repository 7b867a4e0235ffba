"""The reader of prose: numbers, claims, speakers and days, measured on the passages of tests/passages."""

from __future__ import annotations

import collections
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kurskdata.prose import read_text

PASSAGES = Path(__file__).parent / "passages"
LANGUAGES = ("en", "uk", "ru", "de")
MARKED = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
QUALIFIERS = ("about", "more_than", "at_least", "less_than", "at_most", "nearly")


@dataclass
class Gold:
    """A number of a passage and what it says; ``measure`` is empty where it is left out."""

    start: int
    end: int
    measure: str = ""
    value: float = 0
    value_to: float | None = None
    unit: str = ""
    qualifier: str = "exact"
    as_of: str = ""
    window: str = ""
    speaker: str = "article"


def passages(language: str) -> list[tuple[str, str, str, list[Gold]]]:
    """Title, day, text and numbers of each passage of a language."""
    found = []
    for part in (PASSAGES / f"{language}.txt").read_text("utf-8").split("## ")[1:]:
        title, _, marked = part.strip().partition("\n")
        text, gold, after = "", [], 0
        for m in MARKED.finditer(marked):
            text += marked[after : m.start()] + m[1]
            gold.append(_gold(m[2], title[:10], len(text) - len(m[1]), len(text)))
            after = m.end()
        found.append((f"{language} {title}", title[:10], text + marked[after:], gold))
    return found


def _gold(says: str, day: str, start: int, end: int) -> Gold:
    if says == "-":
        return Gold(start, end)
    figure, _, speaker = says.partition(" @")
    measure, value, unit, *more = figure.split()
    low, _, high = value.partition("..")
    gold = Gold(
        start,
        end,
        measure,
        float(low),
        float(high) if high else None,
        unit,
        as_of=day,
        speaker=speaker or "article",
    )
    for word in more:
        name = "qualifier" if word in QUALIFIERS else "window" if "/" in word else "as_of"
        setattr(gold, name, word)
    return gold


def day(value: Any) -> str:
    return "" if pd.isna(value) else str(value.date())


def measured(language: str) -> tuple[collections.Counter[str], list[str]]:
    """Counts of what is right, and a line for each that is wrong."""
    n: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    for title, published, text, gold in passages(language):
        article = read_text(text, published)
        claims, left = article.claims.to_dict("records"), article.left_out.to_dict("records")
        used: set[str] = set()
        for g in gold:
            hits = [c for c in claims if c["start"] < g.end and g.start < c["end"]]
            words = f"{title}: {text[g.start : g.end]!r}"
            n["numbers"] += 1
            if not hits and not any(o["start"] < g.end and g.start < o["end"] for o in left):
                n["unaccounted"] += 1
                wrong.append(f"{words} is not mentioned at all")
            if not g.measure:
                wrong += [f"{words} is left out, not {c['measure']}" for c in hits]
                continue
            n["in scope"] += 1
            right = [
                c
                for c in hits
                if (c["measure"], c["unit"], c["value"]) == (g.measure, g.unit, g.value)
                and (c["value_to"] == g.value_to or (pd.isna(c["value_to"]) and g.value_to is None))
            ]
            if not right:
                why = [o["why"] for o in left if o["start"] < g.end and g.start < o["end"]]
                wrong.append(
                    f"{words} is {g.measure} {g.value} {g.unit}, not {[(c['measure'], c['value'], c['unit']) for c in hits] or why}"
                )
                continue
            c = right[0]
            used.add(c["claim_id"])
            n["read"] += 1
            window = "/".join(filter(None, (day(c["window_start"]), day(c["window_end"]))))
            expected = g.window or (f"{g.as_of}/{g.as_of}" if g.measure.endswith("_in_window") else "")
            for name, want, got in (
                ("speaker", g.speaker, c["speaker"]),
                ("qualifier", g.qualifier, c["qualifier"]),
                ("day", g.as_of, day(c["as_of"])),
                ("window", expected, window),
            ):
                n[name] += want == got
                wrong += [] if want == got else [f"{words}: {name} is {want!r}, not {got!r}"]
        n["claims"] += len(claims)
        n["right claims"] += len(used)
        wrong += [
            f"{title}: {c['text']!r} is no {c['measure']} of the passage"
            for c in claims
            if not any(c["start"] < g.end and g.start < c["end"] for g in gold)
        ]
    return n, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_passages_are_read(language: str) -> None:
    n, wrong = measured(language)
    print("\n".join(wrong))
    assert n["in scope"] >= 30
    assert n["unaccounted"] == 0
    assert n["read"] >= 0.9 * n["in scope"]
    assert n["right claims"] >= 0.95 * n["claims"]
    floors = {"speaker": 0.85, "qualifier": 0.95, "day": 0.9, "window": 0.9}
    assert {name: n[name] / n["read"] for name, floor in floors.items() if n[name] < floor * n["read"]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_digit_is_in_a_claim_or_left_out(language: str) -> None:
    for _, published, text, _ in passages(language):
        article = read_text(text, published)
        spans = [
            *zip(article.claims["start"], article.claims["end"], strict=True),
            *zip(article.left_out["start"], article.left_out["end"], strict=True),
        ]
        assert [
            text[m.start() - 10 : m.end() + 10]
            for m in re.finditer(r"\d+", text)
            if not any(a <= m.start() < b for a, b in spans)
        ] == []
        assert {len(s) for s in spans} <= {2}
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))
        assert [
            text[a:b] for a, b in zip(article.claims["start"], article.claims["end"], strict=True)
        ] == article.claims["text"].tolist()
