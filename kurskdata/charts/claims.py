"""The figures of an article: three answers in words, and the evidence for each on a strip of its own unit and scale.

Bars are what the evidence allows, the band is what the article's figure allows. What does not fit stands out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, layered
from kurskdata.charts.style.marks import Layer, Rows, either, spans, texts, tips
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented, label
from kurskdata.words import headings
from kurskdata.words.figures import amount, said
from kurskdata.words.language import Words, message, words

_ANSWERS = ("said", "adds_up", "others")

_MOST = 5
"""Pieces of evidence drawn for a claim: maps first, then lists, others, the article itself; the nearest day first."""

_RANK = {"map": 0, "ledger": 1, "calendar": 2, "claim": 3, "arithmetic": 4}
_STATUS = {"consistent": message("fits"), "inconsistent": message("does not fit")}
_BEYOND = 0.5
"""Part of a figure beyond which evidence is not drawn but pointed at."""

_HEADED = (
    "share_retaken", "area_retaken", "settlements_retaken_in_window", "area_retaken_in_window", "prisoners_freed",
    "prisoners_taken_by_russia", "prisoners_taken_by_ukraine", "area_held", "share_held", "settlements_held",
    "duration_months", "duration_years",
)  # fmt: skip
"""Measures whose figures have a head of their own."""


@documented
def claims(
    view: pd.DataFrame,
    edition: Edition,
    *,
    evidence: pd.DataFrame | None = None,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the result of `check_claims` for the claims that give a figure and meet evidence.

    Before there is an article, it says so. ``view`` is that result, and ``evidence`` its evidence, by default ``view.evidence``: for each claim it draws what the
    nearest pieces allow, in the unit of the claim. ``annotations`` are notes of your own on claims: ``claim_id`` and ``text``.
    ``width`` is in pixels; without it the chart holds a drawing for phones too. Raises InputError for wrong
    cells, by row and column, and where no figure meets any evidence.
    """
    w = words(edition)
    evidence = door.table(getattr(view, "evidence", view) if evidence is None else evidence, "evidence")
    figures = door.table(view, "checked", unique=["claim_id"])
    figures = figures[figures["value"].notna()].set_index("claim_id", drop=False)
    if not len(view):
        return _before(evidence, edition, width)
    rows = _chosen(evidence, list(figures.index))
    if rows.empty:
        raise InputError("claims: no figure of these claims meets any evidence, so there is nothing to draw")
    shown = figures.loc[rows["claim_id"].unique()].copy()
    shown["head"] = [_head(w, row) for row in shown.to_dict("records")]
    answers = [shown[name].map(lambda cell, name=name: headings.value(name, cell, w)) for name in _ANSWERS]
    shown["told"] = [" · ".join(three) for three in zip(*answers, strict=True)]
    rows = rows.assign(value=rows["claim_id"].map(shown["value"]))
    text = _texts(shown, rows, edition)
    return drawn(
        "claims", edition, text, rows, lambda wide: _plot(shown, rows, edition, wide), width, annotations
    )


def _before(view: pd.DataFrame, edition: Edition, width: float | None) -> alt.VConcatChart:
    """A frame without bars for a day on which there is no article yet."""
    w = words(edition)
    line = w.say("report.no_article", day=w.date(edition.as_of))
    title, sources = w.text("The figures of the article and the evidence for each"), w.text("news media")
    note = texts([{"text": line}], x=0, y=16, color=theme.palette(edition.theme).muted)
    text, rows = Text(title, "", sources, f"{title}. {line}"), view.iloc[:0]
    return drawn("claims", edition, text, rows, lambda px: layered([note], width=px, height=30), width)


def _chosen(evidence: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """What is drawn of the evidence: what was compared, once each, in the order of the claims."""
    kept = evidence[
        evidence["status"].isin(_STATUS) & evidence["kind"].isin(_RANK) & evidence["claim_id"].isin(order)
    ]
    kept = kept[(kept["question"] != "said") & kept["short"].notna()]
    # Bounds on both sides of the strip say nothing that can be seen.
    seen = (kept["evidence_low"] > 0.8 * kept["claim_high"]) | (
        kept["evidence_high"] < 1.2 * kept["claim_low"]
    )
    kept = kept[seen | kept["evidence_low"].isna()]
    kept = kept.drop_duplicates(["claim_id", "kind", "evidence_id"])
    place, rank = kept["claim_id"].map(order.index), kept["kind"].map(_RANK)
    kept = kept.assign(_place=place, _rank=rank).sort_values(["_place", "_rank", "days_apart"], kind="stable")
    kept = kept.groupby("claim_id", sort=False).head(_MOST)
    return kept.drop(columns=["_place", "_rank"]).reset_index(drop=True)


def _head(w: Words, claim: Mapping[Any, Any]) -> str:
    """The claim in a few words."""
    span = w.days(claim["window_start"], claim["window_end"]) if pd.notna(claim["window_start"]) else ""
    figure = said({**claim, "qualifier": "range" if pd.notna(claim["value_to"]) else claim["qualifier"]}, w)
    if (measure := claim["measure"]) in _HEADED:
        return w.say(f"claims-head.{measure}", figure=figure, value=w.number(claim["value"]), span=span)
    return f"{figure}: {w.plain(label('article', 'measure', claim['measure']))}"


def _plot(shown: pd.DataFrame, rows: pd.DataFrame, edition: Edition, width: float) -> Plot:
    """The claims one below the other, each with a line a piece of evidence: what it is, a bar, and whether it fits."""
    w, narrow = words(edition), width < NARROW
    says = {status: w.plain(text) for status, text in _STATUS.items()}
    widest = max(fonts.text_width(text, fonts.SMALL, bold=True) for text in says.values())
    # Bars begin two pixels before their value, which must not widen the drawing for phones.
    left, right = 2.0 if narrow else 308.0, width - math.ceil(widest + 14)
    marks, spots = defaultdict[str, Rows](list), dict[str, tuple[None, float]]()
    y = 0.0
    for claim_id, group in rows.groupby("claim_id", sort=False):
        claim, spots[str(claim_id)] = shown.loc[claim_id].to_dict(), (None, y + 8)
        for line in fonts.wrap(claim["head"], width, fonts.SMALL, bold=True):
            marks["heads"].append({"y": y + 8, "text": line, "look": claim["look"]})
            y += 18
        for line in fonts.wrap(claim["told"], width, fonts.SMALL):
            marks["told"].append({"y": y + 8, "text": line})
            y += 18
        scale = _scale(claim, group, left, right)
        if group["evidence_low"].notna().any():
            marks["ticks"] += [{"x": scale.at(at), "y": y + 8, "text": text} for at, text in scale.ticks(w)]
            y += 20
        for row in group.to_dict("records"):
            name = fonts.wrap(row["short"], width if narrow else left - 12, fonts.SMALL)
            more = 15 * (len(name) - 1)
            middle = y + (30 + more if narrow else 9)
            told = {"bad": row["status"] == "inconsistent", "sentence": row["sentence"]}
            lines = [{"y": y + 9 + 15 * n, "text": line, **told} for n, line in enumerate(name)]
            marks["labels"] += lines
            marks["verdicts"].append({"y": middle, "text": says[row["status"]], **told})
            band = {"y": middle - 11, "y2": middle + 11}
            marks["bands"] += _span(scale, row["claim_low"], row["claim_high"], 1, **band)
            marks["bars"] += _span(scale, row["evidence_low"], row["evidence_high"], 2, y=middle, **told)
            y += (46 if narrow else 22) + more
        y += 14
    meaning = Meaning(
        key="claim_id", spots=spots, names={str(key): head for key, head in shown["head"].items()}
    )
    return layered(_layers(marks, right, edition), meaning, width=width, height=y - 14)


class _Scale(NamedTuple):
    """The left and right edge of a strip in pixels, and the values of the claim's unit that they stand for."""

    left: float
    right: float
    low: float
    high: float
    unit: str

    def at(self, value: float) -> float:
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + part * (self.right - self.left), 1)

    def ticks(self, w: Words) -> list[tuple[float, str]]:
        """Round values at even steps, as close as their texts stand apart, the last with its unit; beside it is room."""
        power = 10.0 ** math.floor(math.log10(self.high - self.low))
        for step in (power * part for part in (0.1, 0.2, 0.5, 1, 2, 5, 10)):
            first, last = math.ceil(self.low / step), math.floor(self.high / step)
            room = fonts.text_width(amount(last * step, self.unit, w), fonts.SMALL) / 2
            values = [
                v
                for n in range(first, last + 1)
                if self.at(v := round(n * step, 6)) + room <= self.right + 42
            ]
            told = [(v, w.number(v) if v != values[-1] else amount(v, self.unit, w)) for v in values]
            half = [fonts.text_width(text, fonts.SMALL) / 2 for _, text in told]
            spans = [(self.at(v) - by, self.at(v) + by) for (v, _), by in zip(told, half, strict=True)]
            told = [one for one, span in zip(told, spans, strict=True) if span[0] >= self.left]
            if len(told) < 6 and all(a[1] + 8 <= b[0] for a, b in pairwise(spans)):
                return told
        return []


def _scale(claim: Mapping[Any, Any], group: pd.DataFrame, left: float, right: float) -> _Scale:
    """A scale for what a claim and its evidence allow, which ends at half and at one and a half of the figure."""
    bounds = group[["claim_low", "claim_high", "evidence_low", "evidence_high"]].to_numpy().ravel()
    near = [(1 - _BEYOND) * claim["value"], (1 + _BEYOND) * claim["value"]]
    inside = [b for b in [*bounds, 0.96 * claim["value"], 1.04 * claim["value"]] if near[0] <= b <= near[1]]
    pad = 0.06 * (max(inside) - min(inside)) or 1.0
    high = min(max(inside) + pad, 100.0 if claim["unit"] == "percent" else math.inf)
    return _Scale(left, right, max(min(inside) - pad, 0.0), high, claim["unit"])


def _span(scale: _Scale, low: float, high: float, least: float, **more: Any) -> Rows:
    """A bar or a band, as wide as can be seen; none without bounds."""
    return [] if pd.isna(low) else [{"x": scale.at(low) - least, "x2": scale.at(high) + least, **more}]


def _layers(marks: dict[str, Rows], right: float, edition: Edition) -> list[Layer]:
    p = theme.palette(edition.theme)
    colour, grey = (either("datum.bad", p.alert, usual) for usual in (p.ink, p.muted))
    tooltip = tips(sentence=" ")
    return [
        spans("rect", marks["bands"], color=p.ribbon),
        texts(marks["heads"], x=0, color=either("datum.look", p.alert, p.ink), fontWeight="bold"),
        texts(marks["told"], x=0, color=p.ink),
        texts(marks["labels"], x=0, color=grey, tooltip=tooltip),
        texts(marks["verdicts"], x=right + 14, color=colour, tooltip=tooltip, fontWeight="bold"),
        spans("rule", marks["bars"], ["x2"], color=colour, strokeWidth=8, tooltip=tooltip),
        texts(marks["ticks"], align="center", color=p.muted),
    ]


def _texts(shown: pd.DataFrame, rows: pd.DataFrame, edition: Edition) -> Text:
    w, marked = words(edition), list(shown.loc[shown["look"], "head"])
    title = w.say("claims-chart.title_none", len(shown))
    if marked:
        title = w.say("claims-chart.title_look", len(marked), all=len(shown), named=w.list(marked))
    subtitle = w.say("claims-chart.subtitle")
    listed = [f"{head}: {told}." for head, told in zip(shown["head"], shown["told"], strict=True)]
    listed += [f"{row['short']}: {w.plain(_STATUS[row['status']])}." for row in rows.to_dict("records")]
    return Text(title, subtitle, w.say("claims-chart.sources"), f"{title}. {subtitle}. {' '.join(listed)}")
