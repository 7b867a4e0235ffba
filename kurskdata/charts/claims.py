"""The figures of an article: three answers in words, and what others said or measured on a strip in the figure's unit.

The band of a strip is what the article says; the marks have the shapes and colours of those who speak.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import cards, theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, fitting, layered, message_only, surname
from kurskdata.charts.style.marks import Rows, haloed, own, round_values, spans
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing
from kurskdata.check.claims import Claim
from kurskdata.check.others import OPPOSITES
from kurskdata.check.setting import ARTICLE
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.descriptor import MAPS, documented, label
from kurskdata.tables.intervals import interval
from kurskdata.tables.reader import by_id
from kurskdata.words.figures import amount, said
from kurskdata.words.language import Words, words

_MOST, _MARKS = 8, 4
"""Figures drawn, those to look at again first, and marks on a strip."""

_KINDS = ("map", "ledger", "calendar", "claim", "arithmetic")
"""Kinds of evidence in the order in which an answer names them."""

_ANSWERS = ("said", "adds_up", "others")
_WHOLE = ("settlements", "persons", "assaults", "days")
"""Units whose ticks are whole numbers."""

_COLUMNS = ["claim_id", "figure", *_ANSWERS, "look", "claim_ids", "source_ids"]

Row = dict[Any, Any]


@documented
def claims(
    view: pd.DataFrame,
    edition: Edition,
    *,
    evidence: pd.DataFrame | None = None,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the result of `check_claims` for the claims that give a figure and meet evidence: at most eight of them.

    Before there is an article, it says so. ``view`` is that result, and ``evidence`` its evidence, by default
    ``view.evidence``. The rows of the chart are all figures, each with its three answers. ``annotations`` are notes of
    your own on claims: ``claim_id`` and ``text``. ``width`` is in pixels; without it the chart holds a drawing for
    phones too. Raises InputError for wrong cells, by row and column, and where no figure meets any evidence.
    """
    w = words(edition)
    evidence = door.table(getattr(view, "evidence", view) if evidence is None else evidence, "evidence")
    checked = door.table(view, "checked", unique=["claim_id"])
    if not len(view):
        day = w.date(edition.as_of)
        title, subtitle = (w.say(f"claims-chart.{one}_before", day=day) for one in ("title", "subtitle"))
        told, rows = w.say("report.no_article", day=day), pd.DataFrame(columns=_COLUMNS)
        text = Text(title, subtitle, w.say("claims-chart.sources"), "")
        return message_only("claims", edition, text, told, rows, width)
    found: dict[str, list[Row]] = defaultdict(list)
    statements = by_id("area")
    for one in evidence.sort_values("days_apart", kind="stable").fillna({"days_apart": 0}).to_dict("records"):
        found[one["claim_id"]].append({**one, "of": statements.get(one["evidence_id"], {})})
    all_figures = checked[checked["value"].notna()].to_dict("records")
    figures = sorted((_Figure(row, found[row["claim_id"]], w) for row in all_figures), key=_Figure.rank)
    shown = [one for one in figures if one.evidence][:_MOST]
    if not shown:
        raise InputError("claims: no figure of these claims meets any evidence, so there is nothing to draw")
    rows = pd.DataFrame([one.row for one in figures], columns=_COLUMNS)
    spoken = pd.to_datetime(view.get("as_of", []), errors="coerce").max()  # the last day it speaks of
    text = _texts(figures, shown, w.date(edition.as_of if pd.isna(spoken) else spoken), w)
    plot = partial(_plot, shown, edition)
    return drawn("claims", edition, text, rows, plot, width, annotations)


class _Figure:
    """A figure of the article: its head, its three answers, each a word and a sentence, its band and its marks."""

    def __init__(self, claim: Row, evidence: list[Row], w: Words) -> None:
        self.claim, self.w, self.id, self.look = claim, w, str(claim["claim_id"]), bool(claim["look"])
        self.on_record = [one for one in evidence if one["question"] == "said"]
        found = [one for one in evidence if one["kind"] in _KINDS and one["status"] != "not comparable"]
        found.sort(key=lambda one: (_KINDS.index(one["kind"]), one["status"] == "consistent"))
        self.evidence = [one for one in found if one["question"] != "said"]
        cells = {name: claim[name] for name in claim.keys() & vars(Claim("")) if pd.notna(claim[name])}
        known = Claim(**cells)
        self.band, figure, first = known.readings[0].values, known.shown(w), claim["window_start"]
        span: str = "" if pd.isna(first) else w.days(first, claim["window_end"])
        values = {"figure": figure, "value": w.number(claim["value"]), "span": span}
        try:
            head = w.say(f"claims-head.{claim['measure']}", **values)
        except KeyError:  # a measure without a head of its own
            head = f"{figure}: {w.plain(label('article', 'measure', claim['measure']))}"
        bold = [w.say(f"claims-{name}.{claim[name]}") for name in _ANSWERS]
        self.answers = [(b, s[:1].upper() + s[1:]) for b, s in zip(bold, self._sentences(), strict=True)]
        self.head, self.told = head[:1].upper() + head[1:], [" ".join(a).strip() for a in self.answers]
        self.marks = [*self._marks()][:_MARKS]

    def rank(self) -> tuple[bool, ...]:
        """What an editor should look at first."""
        return not self.look, self.claim["adds_up"] != "no", self.claim["others"] not in ("disagree", "mixed")

    @property
    def row(self) -> list[Any]:
        """The figure as a row to read, with the statements and the pages behind its answers."""
        every = [*self.on_record, *self.evidence]
        ids = dict.fromkeys(one["evidence_id"] for one in every if one["of"])
        pages = dict.fromkeys(one["source_ids"] for one in every if isinstance(one["source_ids"], str))
        return [self.id, self.head, *self.told, self.look, ";".join(ids), ";".join(pages)]

    def _sentences(self) -> Iterator[str]:
        """What each answer rests on, in a few words: the nearest evidence, each piece once."""
        answers, unnamed = self.claim, (self.claim["speaker"] or "") in ARTICLE
        told = self.on_record[0]["sentence"] if self.on_record else ""
        yield told if not unnamed else self.w.say("claims-chart.unnamed")
        by: dict[Any, list[Row]] = defaultdict(list)
        for one in self.evidence:
            by[one["question"], one["status"]].append(one)
        sums = by["adds_up", "inconsistent" if answers["adds_up"] == "no" else "consistent"]
        sums.sort(key=lambda one: one["kind"] == "claim" and one["days_apart"] > 0)
        yield sums[0]["short"] if sums else ""
        both, used = dict[str, str](), [one["evidence_id"] for one in sums[:1]]
        for status in ("consistent", "inconsistent"):
            others = [one for one in by["others", status] if one["evidence_id"] not in used]
            both[status] = others[0]["short"] if others else ""
        if answers["others"] == "mixed" and all(both.values()):
            both["consistent"] = self.w.say("claims-chart.divided", **both)
        yield both["inconsistent" if answers["others"] == "disagree" else "consistent"]

    def _marks(self) -> Iterator[Row]:
        """The statement of the speaker and his other figures of the day, then maps, lists, the calendar, and others."""
        for one in self.on_record[:1]:
            if self.claim["said"] == "as_said" and one["of"].get("unit") == self.claim["unit"]:
                values = interval(*(one["of"][name] for name in ("value", "unit", "qualifier")))
                yield self._mark(one, values.lower, values.upper)
        seen = [one for one in self.evidence if one["kind"] != "arithmetic" and pd.notna(one["evidence_low"])]
        own = [one for one in seen if one["question"] == "adds_up" and one["kind"] == "claim"]
        bounds = [one for one in own if one["days_apart"] and one["status"] == "consistent"]
        unique = {one["evidence_id"]: one for one in [*own, *seen] if one not in bounds}
        yield from (self._mark(one, one["evidence_low"], one["evidence_high"]) for one in unique.values())

    def _mark(self, one: Row, low: float, high: float) -> Row:
        """What someone said, counted or drew, on the strip of a figure; an end that is open has an arrow."""
        row, w, observer = one["of"], self.w, MAPS.get(str(one["evidence_id"]).partition(" ")[0])
        if one["kind"] != "claim":
            name = w.say(f"claims-mark.{one['kind']}", map=observer.name if observer else one["short"])
            side = "russia" if one["kind"] == "ledger" else "map"
            return {"name": name, "low": low, "high": high, "side": side, "arrow": "", "hollow": False}
        bound = row.get("qualifier", "exact") not in ("exact", "about", "nearly")
        arrow = "→" if math.isinf(high) or (bound and low > 0) else "←" if bound else ""
        low, high = (high if arrow == "←" else low), (low if arrow == "→" else high)
        name = f"{surname(w, row['claimant'])}: {said(row, w)}" if row else one["short"]
        hollow = bool(row) and OPPOSITES.get(self.claim["measure"]) == row["measure"]
        mark = {"name": name, "low": low, "high": high, "arrow": arrow, "hollow": hollow}
        return {**mark, "side": row.get("side", "independent")}


class _Strip:
    """A scale for the band and the marks of a figure, in pixels from ``left`` to ``right``, not finer than a twelfth of it."""

    def __init__(self, one: _Figure, left: float, right: float) -> None:
        ends = [one.band.lower, one.band.upper]
        ends = [*ends, *(mark[end] for mark in one.marks for end in ("low", "high"))]
        low, high = min(ends), max(end for end in ends if math.isfinite(end))
        span, least = high - low, 1.2 if one.claim["unit"] in _WHOLE else 0.05
        pad = max(0.1 * span, 0.04 * one.claim["value"] - span / 2, least)
        top = 100.0 if one.claim["unit"] == "percent" else math.inf
        self.left, self.right = left, right
        self.low, self.high = float(max(low - pad, 0.0)), float(min(high + pad, top))

    def at(self, value: float) -> float:
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + part * (self.right - self.left), 1)

    def ticks(self, unit: str, w: Words) -> Rows:
        """At most four round values as far as they stand apart, the last with its unit."""
        *values, last = round_values(self.low, self.high, 4, 1.0 if unit in _WHOLE else 0.0)
        decimals = max(len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in [*values, last])
        text = amount(last, unit, w, w.number(last, decimals))
        half = fonts.text_width(text, fonts.SMALL) / 2
        end = max(min(self.at(last), self.right - half), self.left + half)
        found = [{"x": end, "text": text}]
        for value in values:
            number = w.number(value, decimals)
            x, wide = self.at(value), fonts.text_width(number, fonts.SMALL) / 2
            if self.left + wide <= x < end - half - wide - 8:
                found.append({"x": x, "text": number})
        return found


def _plot(shown: list[_Figure], edition: Edition, width: float) -> Plot:
    """The figures one below the other: the head, the answers, and beside them, on phones below, the strip."""
    drawing, narrow = Drawing(words(edition), theme.palette(edition.theme)), width < NARROW
    names, ranges = Rows(), Rows()
    spots, y = dict[str, tuple[None, float]](), 0.0
    text_width, left = (width, 0.0) if narrow else (width / 2 - 12, width / 2 + 8)
    for one in shown:
        spots[one.id] = None, y + 16
        drawing.line(0, y, width, y)
        end = _write(one, drawing, y + 16, text_width)
        strip, top = _Strip(one, left, width), end + 2 if narrow else y + 18
        y = max(end, _draw(one, drawing, names, ranges, strip, top)) + 10
    for rows in (names, ranges):
        rows.sort(key=lambda row: row["side"])
    layers, look = drawing.layers(), {"strokeWidth": own("wide", "quantitative"), "color": own("colour")}
    if ranges:  # upon the bands, below the marks
        layers.insert(1, spans("rule", ranges, ["x2"], **look))
    meaning = Meaning(key="claim_id", spots=spots, names={one.id: one.head for one in shown})
    return layered([*layers, *haloed(names, 3, 0.9)], meaning, width=width, height=y)


def _write(one: _Figure, drawing: Drawing, y: float, width: float) -> float:
    """Adds the head and the answers of a figure; returns where they end."""
    w, p = drawing.w, drawing.p
    for line in fonts.wrap(one.head, width, fonts.BODY, bold=True):
        drawing.write(line, 0, y, bold=True, size=fonts.BODY)
        y += 18
    if one.look:
        drawing.write(w.say("claims-chart.look"), 0, y, p.alert, bold=True)
        y += 18
    asked = [w.say(f"claims-asked.{name}") for name in _ANSWERS]
    indent = max(fonts.text_width(text, fonts.SMALL) for text in asked) + 8
    for question, (bold, told) in zip(asked, one.answers, strict=True):
        drawing.write(question, 0, y, p.muted)
        drawing.write(bold, indent, y, bold=True)
        after = fonts.text_width(f"{bold} ", fonts.SMALL, bold=True)
        lines = fonts.wrap(told, width - indent, fonts.SMALL, taken=after)
        for n, line in enumerate(lines):
            drawing.write(line, indent + (0 if n else after), y + 16 * n)
        y += 3 + 16 * len(lines)
    return y - 8


def _draw(one: _Figure, drawing: Drawing, names: Rows, ranges: Rows, strip: _Strip, y: float) -> float:
    """Adds the strip of a figure, a line a mark, its name beside it or where that finds no room above; returns where it ends."""
    w, p, top = drawing.w, drawing.p, y
    low, high = strip.at(one.band.lower) - 2, min(strip.at(one.band.upper) + 2, strip.right)
    for mark in one.marks:
        x, x2, colour = strip.at(mark["low"]), strip.at(mark["high"]), getattr(p, mark["side"])
        lines = fonts.wrap(mark["name"], strip.right - strip.left, fonts.SMALL)
        wide = max(fonts.text_width(line, fonts.SMALL) for line in lines)
        gaps = [24 if mark["arrow"] == arrow else 10 for arrow in "←→"]
        before, after = x - wide - gaps[0], x2 + gaps[1]
        beside = (after, before, max(after, high + 6), min(before, low - 6 - wide))
        above = max(min(x - 6, strip.right - wide), strip.left)
        fit = [at for at in beside if strip.left <= at <= strip.right - wide and len(lines) == 1]
        # An edge of the band would cut through figures.
        clear = [
            at for at in fit or [above] if not any(at - 3 < edge < at + wide + 3 for edge in (low, high))
        ]
        at, first = (clear or fit or [above])[0], y + 10
        if not fit:
            y += 16 * len(lines)
        if not clear:
            drawing.box(at - 4, first - 11, at + wide + 4, first - 8 + 16 * len(lines), p.background)
        look = {"x": at, "colour": colour, "halo": p.background, "side": mark["side"]}
        names += [{**look, "y": first + 16 * n, "text": line} for n, line in enumerate(lines)]
        thick = {"side": mark["side"], "wide": 8 if mark["side"] == "map" else 4}
        ranges += [{"x": x, "x2": x2, "y": y + 10, "colour": colour, **thick}] if x2 > x else []
        if x2 - x < 9 or mark["side"] != "map":
            fill = p.background if mark["hollow"] else colour
            drawing.mark((x + x2) / 2, y + 10, theme.SHAPES[mark["side"]], 90, fill, stroke=colour)
        away = {"→": 14, "←": -14}.get(mark["arrow"], 0)
        drawing.write(mark["arrow"], x + away, y + 10, colour, middle=True, size=fonts.TITLE)
        y += 21
    drawing.box(low, top, high, y, p.wash, stroke=p.muted)
    drawing.boxes.insert(0, drawing.boxes.pop())  # below the marks
    drawing.line(strip.left, y, strip.right, y)
    for tick in strip.ticks(one.claim["unit"], w):
        drawing.write(tick["text"], tick["x"], y + 12, p.muted, middle=True)
    return y + 20


def _texts(figures: list[_Figure], shown: list[_Figure], day: str, w: Words) -> Text:
    marked, count = [one.head for one in shown if one.look], sum(one.look for one in figures)
    wordings = [w.say("claims-chart.title_none", len(figures))]
    if marked:
        values = {"all": len(figures), "named": w.list(marked)}
        wordings = [w.say(f"claims-chart.title_{end}", count, **values) for end in ("named", "count")]
    title, subtitle = fitting(wordings), w.say("claims-chart.subtitle", day=day)
    asked = [w.say(f"claims-asked.{name}") for name in _ANSWERS]
    listed = [f"{title}. {subtitle}.", w.say("claims-chart.form")]
    for one in shown:
        answers = " ".join(f"{question} {told}" for question, told in zip(asked, one.told, strict=True))
        listed.append(f"{one.head}: {answers}")
    sources, rest = w.say("claims-chart.sources"), len(figures) - len(shown)
    card = cards.figures(len(figures), count, sources, w)
    sources += f". {w.say('claims-chart.rest', rest)}" if rest else ""
    return Text(title, subtitle, sources, " ".join(listed), card=card)
