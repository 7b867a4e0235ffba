"""The figures of an article beside the evidence for each, on a scale on which the article's figure is 100.

Bars are what the evidence allows, the band is what the article's figure allows, read as rounded or cut off.
What does not fit stands out; what fits only in one reading says in which.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, layered, surname
from kurskdata.charts.style.marks import Layer, Rows, either, spans, texts, tips
from kurskdata.charts.style.on_scales import Ends, Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door, reader
from kurskdata.tables.descriptor import label
from kurskdata.tables.maps import MAPS
from kurskdata.words.figures import said
from kurskdata.words.language import Words, message, words

_MOST = 5
"""Pieces of evidence drawn for a claim: what does not fit first, then maps, ledger, others, the article itself."""

_RANK = {"map": 0, "ledger": 1, "claim": 2, "arithmetic": 3, "timeline": 4}
_LOW, _HIGH = 0.8, 1.2
_VERDICTS = {
    "consistent": message("fits"),
    "inconsistent": message("does not fit"),
    "rounded": message("fits if rounded"),
    "truncated": message("fits if cut off"),
    "more than": message("fits if “more”"),
}
"""By the status of the evidence or, where that depends on the reading, by the reading that fits."""

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
    view: pd.DataFrame,
    edition: Edition,
    *,
    article: pd.DataFrame,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the result of `check_claims` for the claims of ``article`` that give a figure: what each piece of evidence
    allows, relative to the figure.

    ``view`` must have all columns of that result: ``claim_id``, ``status``, ``reading``, ``evidence``, ``evidence_id``,
    ``claim_low``, ``claim_high``, ``evidence_low``, ``evidence_high``, ``unit``, ``days_apart`` (days), ``sentence``
    and ``source_ids``; the bounds are in the unit of the claim. ``article`` must have the columns ``claim_id``,
    ``speaker``, ``measure``, ``value``, ``unit``, ``qualifier``, ``window_start`` and ``window_end``, and may have
    ``paragraph``, in whose order the claims stand. ``width`` is in pixels; without it the chart holds a drawing for
    phones too. Before there is an article, it says so. ``annotations`` are notes of your own on claims: ``claim_id`` and
    ``text``. Raises InputError where no
    figure meets any evidence, and for a note on a claim that is not drawn.

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> article = kd.article_claims(as_of=edition.as_of)
    >>> chart = charts.claims(kd.check_claims(article, as_of=edition.as_of), edition, article=article)
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'claims'
    """
    if not len(article):
        return _before(view, edition, width)
    view, article = door.table(view, "checked"), door.table(article, "article", unique=["claim_id"])
    view = view.fillna({column: "" for column in view if view[column].dtype == reader.TEXT})
    evidence = _worded(_chosen(_merged(view, article), article), article, words(edition))
    text = _texts(evidence, edition)
    rows = evidence.drop(columns=["order", "bad", "rank", "apart", "head", "name", "says"])
    return drawn(
        "claims", edition, text, rows, lambda wide: _plot(evidence, edition, wide), width, annotations
    )


def _before(view: pd.DataFrame, edition: Edition, width: float | None) -> alt.VConcatChart:
    """A frame without bars for a day on which there is no article yet."""
    w = words(edition)
    line = w.text("By {day} the article had not appeared.", day=w.date(edition.as_of))
    title, sources = w.text("The figures of the article and the evidence for each"), w.text("news media")
    note = texts([{"text": line}], x=0, y=16, color=theme.palette(edition.theme).muted)
    text, rows = Text(title, "", sources, f"{title}. {line}"), view.iloc[:0]
    return drawn("claims", edition, text, rows, lambda px: layered([note], width=px, height=30), width)


def _merged(view: pd.DataFrame, article: pd.DataFrame) -> pd.DataFrame:
    """One row per claim with a figure and piece of evidence, its readings taken together.

    ``verdict`` is *consistent*, *inconsistent*, *by reading* where the readings part, or *not comparable*.
    """
    values: dict[Any, float] = article.set_index("claim_id")["value"].dropna().to_dict()
    kept = view[view["claim_id"].isin(values) & view["evidence"].isin(_RANK)]
    # Events without a duration have no interval to draw.
    kept = kept[(kept["evidence"] != "timeline") | kept["evidence_low"].notna()]
    groups = kept.groupby(["claim_id", "evidence", "evidence_id"], sort=False)
    rows = [_one_row(group, values[key[0]]) for key, group in groups]
    if not rows:
        raise InputError("claims: no figure of these claims meets any evidence, so there is nothing to draw")
    return pd.DataFrame(rows)


def _one_row(group: pd.DataFrame, value: float) -> dict[str, Any]:
    """The rows of one claim and one piece of evidence as one."""
    first = group.iloc[0]
    bounds = group.dropna(subset=["evidence_low", "evidence_high"])
    bound = bounds.iloc[0] if len(bounds) else first
    parted = group["status"].nunique() > 1
    closed = group.loc[group["reading"] != "more than", "claim_high"].max()
    low = group["claim_low"].min()
    return {
        **first[["claim_id", "evidence", "evidence_id"]],
        "verdict": "by reading" if parted else first["status"],
        "fits_as": ", ".join(group.loc[group["status"] == "consistent", "reading"]) if parted else "",
        "value": value,
        "claim_low": low,
        "claim_high": closed if pd.notna(closed) else low,
        "in_kind": bool((group["evidence_low"].isna() & (group["status"] == "inconsistent")).any()),
        **bound[["evidence_low", "evidence_high", "unit"]],
        **first[["days_apart", "sentence", "source_ids"]],
    }


def _chosen(evidence: pd.DataFrame, article: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: nearest evidence first, one wording of each statement, in the order of the article."""
    area = reader.load("area").set_index("claim_id")
    variants = set(area.index[area["variant_of"].notna()])
    kept = evidence[~evidence["evidence_id"].isin(variants)]
    kept = kept[~kept["unit"].isin(["days", "campaign_day"])]
    # Evidence without bounds on the scale says nothing that can be seen.
    kept = kept[
        ~((kept["evidence_low"] < _LOW * kept["value"]) & (kept["evidence_high"] > _HIGH * kept["value"]))
    ]
    # The claims stand as in the article, lengths of time last.
    late = article.assign(_late=article["unit"].isin(["months", "years"]))
    stated = late.sort_values(["_late", "paragraph"] if "paragraph" in late else ["_late"], kind="stable")
    order = {c: n for n, c in enumerate(stated["claim_id"])}
    kept = kept.assign(
        order=kept["claim_id"].map(order),
        bad=kept["verdict"].map({"inconsistent": 0, "by reading": 0}).fillna(1),
        rank=kept["evidence"].map(_RANK),
        apart=kept["days_apart"].fillna(0).abs(),
    )
    kept = kept.sort_values(["order", "apart", "bad", "rank"], kind="stable").groupby("claim_id").head(_MOST)
    return kept.sort_values(["order", "rank", "apart"], kind="stable")


def _worded(evidence: pd.DataFrame, article: pd.DataFrame, w: Words) -> pd.DataFrame:
    """The rows with what they are called: ``head`` the claim, ``name`` the evidence, ``says`` the verdict."""
    stated = article.set_index("claim_id", drop=False)
    area = reader.load("area").set_index("claim_id")
    rows = evidence.to_dict("records")
    return evidence.assign(
        head=[_head(w, stated.loc[row["claim_id"]].to_dict()) for row in rows],
        name=[_name(w, row, area, stated) for row in rows],
        says=[_verdict(w, row) for row in rows],
    )


def _name(w: Words, row: Mapping[Any, Any], area: pd.DataFrame, article: pd.DataFrame) -> str:
    """What the evidence is, in a few words."""
    kind, evidence_id = row["evidence"], row["evidence_id"]
    if kind == "map":
        observer, _, day = str(evidence_id).partition(" ")
        date = w.date(pd.Timestamp(day.rpartition("/")[2]), "short")
        return w.text("{name} map, {day}", name=MAPS[observer].name, day=date)
    if kind == "ledger":
        return w.text("the Ministry’s announcements, counted")
    if kind == "claim" and evidence_id in area.index:
        other = area.loc[evidence_id].to_dict()
        text = f"{surname(w, other['claimant'])}: {said(other, w)}"
        return text if pd.isna(other["window_start"]) else f"{text}, {_span(w, other)}"
    if kind == "arithmetic" and evidence_id in article.index:
        return w.text("the article’s own {figure}", figure=said(article.loc[evidence_id].to_dict(), w))
    if kind == "timeline" or row["unit"] in ("months", "years"):
        return w.text("counted on the calendar")
    return str(evidence_id)


def _span(w: Words, row: Mapping[Any, Any]) -> str:
    return w.days(row["window_start"], row["window_end"])


def _verdict(w: Words, row: Mapping[Any, Any]) -> str:
    if row["in_kind"]:
        return w.text("differs in kind")
    fits = row["fits_as"].partition(", ")[0] or row["verdict"]
    return w.plain(_VERDICTS.get(fits, "not comparable"))


def _plot(evidence: pd.DataFrame, edition: Edition, width: float) -> Plot:
    """The figures one below the other, each with a line a piece of evidence: its name, a bar, and the verdict."""
    narrow = width < NARROW
    widest = max(fonts.text_width(text, fonts.SMALL, bold=True) for text in evidence["says"])
    left, least = (0.0, 128) if narrow else (296.0, 148)
    scale = _Scale(left, width - max(least, math.ceil(widest + 14)))
    marks: dict[str, Rows] = {name: [] for name in ("heads", "labels", "verdicts", "bars", "bands", "open")}
    y = 0.0
    spots, named = dict[str, tuple[None, float]](), dict[str, str]()
    for claim_id, group in evidence.groupby("claim_id", sort=False):
        spots[str(claim_id)], named[str(claim_id)] = (None, y + 8), group["head"].iloc[0]
        for line in fonts.wrap(group["head"].iloc[0], width, fonts.SMALL, bold=True):
            marks["heads"].append({"y": y + 8, "text": line})
            y += 18
        y += 4
        for row in group.to_dict("records"):
            name = fonts.wrap(row["name"], width if narrow else left - 6, fonts.SMALL)
            more = 15 * (len(name) - 1)
            middle = y + (26 + more if narrow else 9)
            side = {"inconsistent": "bad", "by reading": "half"}.get(row["verdict"], "good")
            told = {"side": side, "sentence": row["sentence"]}
            marks["labels"] += [
                {"x": 0.0, "y": y + 9 + 15 * n, "text": line, **told} for n, line in enumerate(name)
            ]
            marks["verdicts"].append({"x": scale.right + 14, "y": middle, "text": row["says"], **told})
            if pd.notna(row["claim_low"]):  # evidence that is only a sentence does not read the figure
                low, high = (scale.at(row[bound] / row["value"]) for bound in ("claim_low", "claim_high"))
                marks["bands"].append({"x": low - 1, "x2": high + 1, "y": middle - 11, "y2": middle + 11})
            if pd.notna(row["evidence_low"]):
                _bar(marks, row, middle, scale, told)
            y += (40 if narrow else 22) + more
        y += 14
    return layered(
        _layers(marks, scale, edition),
        Meaning(scale.ends(width), "claim_id", spots, named),
        width=width,
        height=y - 14,
    )


class _Scale(NamedTuple):
    """The left and right edge, in pixels, of the scale on which the article's figure is 1."""

    left: float
    right: float

    def at(self, ratio: float) -> float:
        clipped = min(max(ratio, _LOW), _HIGH)
        return round(self.left + (clipped - _LOW) / (_HIGH - _LOW) * (self.right - self.left), 1)

    def ends(self, width: float) -> Ends:
        """The shares of the article's figure at both edges of the plot."""
        step = (_HIGH - _LOW) / (self.right - self.left)
        return {"x": (_LOW - self.left * step, _HIGH + (width - self.right) * step)}


def _bar(
    marks: dict[str, Rows], row: Mapping[Any, Any], y: float, scale: _Scale, told: dict[str, str]
) -> None:
    """What the evidence allows, with arrows where it goes beyond the scale."""
    low, high = row["evidence_low"] / row["value"], row["evidence_high"] / row["value"]
    marks["bars"].append({"x": scale.at(low) - 2, "x2": scale.at(high) + 2, "y": y, **told})
    if high > _HIGH:
        marks["open"].append({"x": scale.right + 4, "y": y, "text": "→", **told})
    if low < _LOW:
        marks["open"].append({"x": scale.left - 4, "y": y, "text": "←", **told})


def _head(w: Words, claim: Mapping[Any, Any]) -> str:
    span = _span(w, claim) if pd.notna(claim.get("window_start")) else ""
    if claim["measure"] in _HEADS:
        head = _HEADS[claim["measure"]]
        return w.text(head, figure=said(claim, w), value=w.number(claim["value"]), span=span)
    return f"{said(claim, w)}: {w.plain(label('article', 'measure', claim['measure']))}"


def _layers(marks: dict[str, Rows], scale: _Scale, edition: Edition) -> list[Layer]:
    w, p = words(edition), theme.palette(edition.theme)
    colour, grey = (either("datum.side === 'bad'", p.alert, usual) for usual in (p.ink, p.muted))
    bold = {"fontWeight": "bold"}
    tooltip = tips(sentence=" ")
    layers = [
        spans("rect", marks["bands"], color=p.ribbon),
        texts(marks["heads"], x=0, color=p.ink, **bold),
        texts(marks["labels"], color=grey, tooltip=tooltip),
        texts(marks["verdicts"], color=colour, tooltip=tooltip, **bold),
    ]
    if marks["bars"]:
        thick = either("datum.side === 'half'", 3, 8)
        layers.append(spans("rule", marks["bars"], ["x2"], color=colour, strokeWidth=thick, tooltip=tooltip))
    if marks["open"]:
        layers.append(texts(marks["open"], align="center", color=colour, **bold))
    off = (-20, -10, 10, 20) if scale.right - scale.left > 160 else (-10, 10)
    ticks = [
        {"x": scale.at(1 + n / 100), "text": f"{'+' if n > 0 else '−'}{abs(n)}\N{NO-BREAK SPACE}%"}
        for n in off
    ]
    ticks.insert(len(ticks) // 2, {"x": scale.at(1.0), "text": w.text("article")})
    return [*layers, texts(ticks, y=-14, align="center", color=p.muted)]


def _texts(evidence: pd.DataFrame, edition: Edition) -> Text:
    w, figures = words(edition), evidence["claim_id"].nunique()
    fits = evidence["verdict"].isin(["consistent", "by reading"])
    unfit = evidence[~evidence["claim_id"].isin(evidence.loc[fits, "claim_id"])].drop_duplicates("claim_id")
    if len(unfit):
        title = w.plural(
            "Of {all} figures that can be checked, {count} fits no evidence: {named}",
            "Of {all} figures that can be checked, {count} fit no evidence: {named}",
            len(unfit),
            all=figures,
            named=w.list(list(unfit["head"])),
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
    listed = " ".join(evidence["name"] + ": " + evidence["says"] + ".")
    sources = w.text(
        "the article of 14 March 2025; claims as carried by news media; map archives, measured by kurskdata"
    )
    return Text(title, subtitle, sources, f"{title}. {subtitle}. {listed}")
