"""The figures of an article beside the evidence for each, on a scale on which the article's figure is 100.

Bars are what the evidence allows, the band is what the article's figure allows, read as rounded or cut off.
What does not fit stands out; what fits only in one reading says in which.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.area import said
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import (
    NARROW,
    Plotted,
    Text,
    credit,
    drawn,
    framed,
    layered,
    plotted,
    surname,
)
from kurskdata.charts.style.marks import Layer, Rows, either, spans, texts, tips
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables.descriptor import label
from kurskdata.tables.reader import load
from kurskdata.words.language import Words, message, words

_MOST = 5
"""Pieces of evidence drawn for a claim: what does not fit first, then maps, ledger, others, the article itself."""

_RANK = {"map": 0, "ledger": 1, "claim": 2, "arithmetic": 3, "timeline": 4}
_LOW, _HIGH = 0.8, 1.2
_OBSERVERS = {"deepstate": "DeepState", "owlmaps": "Project Owl"}
_IF = {
    "rounded": message("fits if rounded"),
    "truncated": message("fits if cut off"),
    "more than": message("fits if “more”"),
}
_VERDICTS = {"consistent": message("fits"), "inconsistent": message("does not fit")}
_HEADS = {
    "share_retaken": message("{figure} of the area retaken"),
    "area_retaken": message("{figure} retaken"),
    "settlements_retaken_in_window": message("{figure} retaken, {span}"),
    "area_retaken_in_window": message("{figure} retaken, {span}"),
    "prisoners_freed": message("{value} prisoners freed"),
    "prisoners_taken_by_russia": message("{value} prisoners captured by Russia"),
    "prisoners_taken_by_ukraine": message("{value} prisoners captured by Ukraine"),
    "area_held": message("{figure} held by Ukraine"),
    "share_held": message("{figure} of the area held by Ukraine"),
    "settlements_held": message("{figure} held by Ukraine"),
    "duration_months": message("{figure} since August 2024"),
    "duration_years": message("{figure} of war"),
}


def claims(
    view: pd.DataFrame, edition: Edition, *, article: pd.DataFrame, width: float | None = None
) -> alt.VConcatChart:
    """Draws the result of `check_claims` for the claims of ``article`` that give a figure.

    Without ``width`` the chart holds a drawing for phones too.

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> article = kd.article_claims(as_of=edition.as_of)
    >>> chart = charts.claims(kd.check_claims(article, as_of=edition.as_of), edition, article=article)
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'claims'
    """
    shown = _chosen(merged(view, article), article)
    text = _texts(words(edition), article, shown, edition)
    rows = plotted(shown.drop(columns=["order", "bad", "rank", "apart"]))
    return drawn(lambda wide: _draw(shown, edition, article, text, rows, wide), width)


def merged(view: pd.DataFrame, article: pd.DataFrame) -> pd.DataFrame:
    """One row per claim with a figure and piece of evidence, its readings taken together.

    ``verdict`` is *consistent*, *inconsistent*, *by reading* where the readings part, or *not comparable*.
    """
    values: dict[Any, float] = article.set_index("claim_id")["value"].dropna().to_dict()
    shown = view[view["claim_id"].isin(values) & view["evidence"].isin(_RANK)]
    # Events without a duration have no interval to draw.
    shown = shown[(shown["evidence"] != "timeline") | shown["evidence_low"].notna()]
    groups = shown.groupby(["claim_id", "evidence", "evidence_id"], sort=False)
    rows = [_merged(group, values[key[0]]) for key, group in groups]
    if not rows:
        raise InputError("claims: no figure of these claims meets any evidence, so there is nothing to draw")
    return pd.DataFrame(rows)


def _merged(group: pd.DataFrame, value: float) -> dict[str, Any]:
    """The rows of one claim and one piece of evidence as one."""
    first = group.iloc[0]
    bounds = group.dropna(subset=["evidence_low", "evidence_high"])
    bound = bounds.iloc[0] if len(bounds) else first
    parted = group["status"].nunique() > 1
    closed = group.loc[group["reading"] != "more than", "claim_high"].max()
    low = group["claim_low"].min()
    return {
        "claim_id": first["claim_id"],
        "evidence": first["evidence"],
        "evidence_id": first["evidence_id"],
        "verdict": "by reading" if parted else first["status"],
        "fits_as": ", ".join(group.loc[group["status"] == "consistent", "reading"]) if parted else "",
        "value": value,
        "claim_low": low,
        "claim_high": closed if pd.notna(closed) else low,
        "in_kind": bool((group["evidence_low"].isna() & (group["status"] == "inconsistent")).any()),
        "evidence_low": bound["evidence_low"],
        "evidence_high": bound["evidence_high"],
        "unit": bound["unit"],
        "days_apart": first["days_apart"],
        "sentence": first["sentence"],
        "source_ids": first["source_ids"],
    }


def _chosen(found: pd.DataFrame, article: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: nearest evidence first, one wording of each statement, in the order of the article."""
    area = load("area").set_index("claim_id")
    variants = set(area.index[area["variant_of"].notna()])
    kept = found[~found["evidence_id"].isin(variants)]
    kept = kept[~kept["unit"].isin(["days", "campaign_day"])]
    # Evidence without bounds on the scale says nothing that can be seen.
    kept = kept[
        ~((kept["evidence_low"] < _LOW * kept["value"]) & (kept["evidence_high"] > _HIGH * kept["value"]))
    ]
    order = {c: n for n, c in enumerate(_in_order(article)["claim_id"])}
    kept = kept.assign(
        order=kept["claim_id"].map(order),
        bad=kept["verdict"].map({"inconsistent": 0, "by reading": 0}).fillna(1),
        rank=kept["evidence"].map(_RANK),
        apart=kept["days_apart"].fillna(0).abs(),
    )
    kept = kept.sort_values(["order", "apart", "bad", "rank"], kind="stable").groupby("claim_id").head(_MOST)
    return kept.sort_values(["order", "rank", "apart"], kind="stable")


def _in_order(article: pd.DataFrame) -> pd.DataFrame:
    """The claims as the article has them, lengths of time last."""
    ordered = article.assign(_late=article["unit"].isin(["months", "years"]))
    keys = ["_late", "paragraph"] if "paragraph" in article else ["_late"]
    return ordered.sort_values(keys, kind="stable")


def _short(w: Words, row: Mapping[Any, Any], article: pd.DataFrame) -> str:
    """What the evidence is, in a few words."""
    if row["evidence"] == "map":
        observer, _, day = str(row["evidence_id"]).partition(" ")
        return w.text(
            "{name} map, {day}",
            name=_OBSERVERS.get(observer, observer),
            day=w.date(pd.Timestamp(day.rpartition("/")[2]), "short"),
        )
    if row["evidence"] == "ledger":
        return w.text("the Ministry’s announcements, counted")
    if row["evidence"] == "claim":
        area = load("area").set_index("claim_id")
        if row["evidence_id"] in area.index:
            other = area.loc[row["evidence_id"]]
            text = f"{surname(w, other['claimant'])}: {said(w, other.to_dict())}"
            if pd.isna(other["window_start"]):
                return text
            return f"{text}, {_span(w, other)}"
    if row["evidence"] == "arithmetic":
        other_rows = article[article["claim_id"] == row["evidence_id"]]
        if len(other_rows):
            return w.text("the article’s own {figure}", figure=said(w, other_rows.iloc[0].to_dict()))
    if row["evidence"] == "timeline" or row["unit"] in ("months", "years"):
        return w.text("counted on the calendar")
    return str(row["evidence_id"])


def _span(w: Words, row: Mapping[Any, Any]) -> str:
    return w.days(row["window_start"], row["window_end"])


def _verdict(w: Words, row: Mapping[Any, Any]) -> str:
    if row["in_kind"]:
        return w.text("differs in kind")
    if row["verdict"] == "by reading":
        return w.plain(_IF[row["fits_as"].split(", ")[0]])
    return w.plain(_VERDICTS.get(row["verdict"], "not comparable"))


def _draw(
    shown: pd.DataFrame, edition: Edition, article: pd.DataFrame, text: Text, rows: Plotted, width: float
) -> alt.VConcatChart:
    w = words(edition)
    narrow = width < NARROW
    verdicts = [_verdict(w, row) for row in shown.to_dict("records")]
    beside = max([fonts.text_width(text, fonts.SMALL, bold=True) for text in verdicts], default=0) + 14
    plot = (
        (0.0, width - max(128, math.ceil(beside))) if narrow else (296.0, width - max(148, math.ceil(beside)))
    )
    lines: dict[str, Rows] = {
        "heads": [],
        "labels": [],
        "verdicts": [],
        "bars": [],
        "bands": [],
        "open": [],
    }
    y = 0.0
    for claim_id, group in shown.groupby("claim_id", sort=False):
        claim = article[article["claim_id"] == claim_id].iloc[0].to_dict()
        for line in fonts.wrap(_head(w, claim), width, fonts.SMALL, bold=True):
            lines["heads"].append({"y": y + 8, "text": line})
            y += 18
        y += 4
        for row in group.to_dict("records"):
            named = fonts.wrap(_short(w, row, article), width if narrow else plot[0] - 6, fonts.SMALL)
            more = 15 * (len(named) - 1)
            middle = y + (26 + more if narrow else 9)
            side = {"inconsistent": "bad", "by reading": "half"}.get(row["verdict"], "good")
            low, high = (
                _at(row["claim_low"] / row["value"], plot),
                _at(row["claim_high"] / row["value"], plot),
            )
            lines["bands"].append({"x": low - 1, "x2": high + 1, "y": middle - 11, "y2": middle + 11})
            told = {"side": side, "sentence": row["sentence"]}
            lines["labels"] += [
                {"x": 0.0, "y": y + 9 + 15 * n, "text": line, **told} for n, line in enumerate(named)
            ]
            lines["verdicts"].append({"x": plot[1] + 14, "y": middle, "text": _verdict(w, row), **told})
            _bar(lines, row, middle, plot, told)
            y += (40 if narrow else 22) + more
        y += 14
    layers = _layers(lines, plot, edition)
    chart = layered(layers, width=width, height=y - 14)
    return framed(chart, "claims", edition, text, rows, width)


def _at(ratio: float, plot: tuple[float, float]) -> float:
    clipped = min(max(ratio, _LOW), _HIGH)
    return round(plot[0] + (clipped - _LOW) / (_HIGH - _LOW) * (plot[1] - plot[0]), 1)


def _bar(
    lines: dict[str, Rows],
    row: Mapping[Any, Any],
    y: float,
    plot: tuple[float, float],
    told: dict[str, str],
) -> None:
    if pd.isna(row["evidence_low"]):
        return
    low, high = row["evidence_low"] / row["value"], row["evidence_high"] / row["value"]
    left, right = _at(low, plot), _at(high, plot)
    lines["bars"].append({"x": left - 2, "x2": right + 2, "y": y, **told})
    if high > _HIGH:
        lines["open"].append({"x": plot[1] + 4, "y": y, "text": "→", **told})
    if low < _LOW:
        lines["open"].append({"x": plot[0] - 4, "y": y, "text": "←", **told})


def _head(w: Words, claim: Mapping[Any, Any]) -> str:
    span = _span(w, claim) if pd.notna(claim.get("window_start")) else ""
    if claim["measure"] in _HEADS:
        head = _HEADS[claim["measure"]]
        return w.text(head, figure=said(w, claim), value=w.number(claim["value"]), span=span)
    return f"{said(w, claim)}: {w.plain(label('article', 'measure', claim['measure']))}"


def _layers(lines: dict[str, Rows], plot: tuple[float, float], edition: Edition) -> list[Layer]:
    w, p = words(edition), theme.palette(edition.theme)
    colour = either("datum.side === 'bad'", p.alert, p.ink)
    grey = either("datum.side === 'bad'", p.alert, p.muted)
    told = tips(sentence=" ")
    layers = [
        spans("rect", lines["bands"], color=p.ribbon),
        texts(lines["heads"], x=0, fontWeight="bold", color=p.ink),
        texts(lines["labels"], color=grey, tooltip=told),
        texts(lines["verdicts"], fontWeight="bold", color=colour, tooltip=told),
    ]
    if lines["bars"]:
        thick = either("datum.side === 'half'", 3, 8)
        layers.append(spans("rule", lines["bars"], ["x2"], color=colour, strokeWidth=thick, tooltip=told))
    if lines["open"]:
        layers.append(texts(lines["open"], align="center", fontWeight="bold", color=colour))
    scale = [
        {
            "x": _at(r, plot),
            "text": f"{'+' if r > 1 else '−' if r < 1 else ''}{abs(round(100 * (r - 1)))}\N{NO-BREAK SPACE}%",
        }
        for r in ((0.8, 0.9, 1.1, 1.2) if plot[0] else (0.9, 1.1))
    ]
    scale.insert(len(scale) // 2, {"x": _at(1.0, plot), "text": w.text("article")})
    layers.append(texts(scale, y=-14, align="center", color=p.muted))
    return layers


def _texts(w: Words, article: pd.DataFrame, shown: pd.DataFrame, edition: Edition) -> Text:
    figures = shown["claim_id"].nunique()
    fit = (
        shown.assign(fit=shown["verdict"].isin(["consistent", "by reading"]))
        .groupby("claim_id", sort=False)["fit"]
        .any()
    )
    wholly = [claim for claim in fit.index if not fit[claim]]
    named = [_head(w, article[article["claim_id"] == claim].iloc[0].to_dict()) for claim in wholly]
    if wholly:
        title = w.plural(
            "Of {all} figures that can be checked, {count} fits no evidence: {named}",
            "Of {all} figures that can be checked, {count} fit no evidence: {named}",
            len(wholly),
            all=figures,
            named=w.list(named),
        )
    else:
        title = w.plural(
            "The {count} figure that can be checked fits some evidence",
            "Each of {count} figures that can be checked fits some evidence",
            figures,
        )
    subtitle = w.text(
        "Evidence for the figures of the article, relative to the article’s figure. Band: what the figure allows, "
        "rounded or cut off; bar: what the evidence allows"
    )
    listed = " ".join(f"{_short(w, row, article)}: {_verdict(w, row)}." for row in shown.to_dict("records"))
    source = credit(
        edition,
        w.text(
            "the article of 14 March 2025; claims as carried by news media; map archives, measured by kurskdata"
        ),
    )
    return Text(title, subtitle, source, f"{title}. {subtitle}. {listed}")
