"""What the chart of areas says: its title, the claim of the title against the map of its day, and the alt text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kurskdata.charts.area_layers import ZOOM, Claim
from kurskdata.charts.style import cards
from kurskdata.charts.style.frame import Text, surname
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.descriptor import MAPS
from kurskdata.tables.intervals import Interval
from kurskdata.tables.views import share_retaken
from kurskdata.words import headings
from kurskdata.words.figures import period, rough, said
from kurskdata.words.language import Words, words

_PHONE = 346
"""The width in pixels in which the title has two lines; there the side stands for a speaker of a long name."""


def texts(
    claims: pd.DataFrame,
    marked: Claim | None,
    claim: Interval | None,
    there: Interval | None,
    curves: pd.DataFrame | None,
    base_km2: float,
    span: tuple[pd.Timestamp, pd.Timestamp],
    edition: Edition,
) -> tuple[Text, list[str]]:
    """The texts around the chart, and the sentences below its panels: what the claim of the title and the map of its
    day allow, in sq km, and what both do."""
    w = words(edition)
    title, told = _unmarked(curves, w), list[str]()
    if marked and claim:
        values = {
            "who": surname(w, marked["claimant"]),
            "said": said(marked, w),
            "left": rough(claim.to(w.units), w),
        }
        kind = "no_map"
        told = [w.say("area-chart.told_claim", **values, base=w.area(base_km2))]
        if there:
            values["range"] = _percent(share_retaken(there, base_km2), w)
            left = rough(there.to(w.units), w)
            told.append(w.say("area-chart.told_map", day=w.date(marked["date"], "day"), left=left))
            kind = "below" if claim.lower > there.upper else "above"
            if claim.overlaps(there):
                kind, both = (
                    "fits",
                    Interval(max(claim.lower, there.lower), min(claim.upper, there.upper), "km2"),
                )
                share = _percent(share_retaken(both, base_km2), w)
                told.append(w.say("area-chart.told_both", left=rough(both.to(w.units), w), share=share))
            else:
                told.append(w.say("area-chart.told_none"))
        title = w.say(f"area-chart.title_{kind}", **values)
        if len(fonts.wrap(title, _PHONE, fonts.TITLE, bold=True)) > 2:
            who = headings.value("side", marked["side"], w)
            title = w.say(f"area-chart.title_{kind}", **{**values, "who": who})
    title = _capital(title)
    subtitle = w.say("area-chart.subtitle", period=period(*span, w))
    sides = {side: int((claims["side"] == side).sum()) for side in ("ukraine", "russia", "independent")}
    counted = w.say("area-chart.count", len(claims), **sides)
    if not len(claims):
        counted = w.say("report.no_area", day=w.date(span[1]))
    sources = w.say("area-chart.sources")
    alt_text = [f"{title}.", f"{subtitle}.", counted, *_course(curves, w), *told, f"{_capital(sources)}."]
    card = cards.area(marked, there and share_retaken(there, base_km2), base_km2, w)
    return Text(title, subtitle, sources, " ".join(alt_text), card=card), told


def _capital(text: str) -> str:
    """A text as the begin of a sentence, also where it begins with a quotation mark."""
    first = next(n for n, letter in enumerate(text) if letter.isalnum())
    return text[: first + 1].upper() + text[first + 1 :]


def _percent(share: Interval, w: Words) -> str:
    low, high = w.number(share.lower, 0), w.percent(share.upper, 0)
    return high if high.startswith(f"{low}\N{NO-BREAK SPACE}") else f"{low}–{high}"


def _unmarked(curves: pd.DataFrame | None, w: Words) -> str:
    """The title where no share was stated: what the last map shows."""
    if curves is None:
        return w.say("area-chart.title_none_yet")
    last = curves.iloc[-1].dropna()
    name, ends = ("deepstate", ["held", "unclear"]) if "held" in last else ("owlmaps", ["owl", "owl"])
    low, high = last[ends]
    left = rough(Interval(low, high, w.units), w)
    return w.say("area-chart.title_map", map=MAPS[name].name, day=w.date(curves.index[-1], "day"), left=left)


def _course(curves: pd.DataFrame | None, w: Words) -> list[str]:
    """The area on a map at the start and the end, its peak, the longest time of little change, and the last weeks."""
    if curves is None:
        return []
    name, curve = ("deepstate", "held") if "held" in curves else ("owlmaps", "owl")
    held = curves[curve].dropna()
    areas, days = held.to_numpy(), held.index
    top = int(areas.argmax())

    def shown(*ends: float) -> str:
        return rough(Interval(min(ends), max(ends), w.units), w)

    values = {
        "first": w.date(days[0]),
        "start": shown(areas[0]),
        "day": w.date(days[top]),
        "peak": shown(areas[top]),
    }
    last = {"last": w.date(days[-1]), "end": shown(areas[-1])}
    told = [w.say("area-chart.course", map=MAPS[name].name, **values, **last)]
    if curve == "held":
        told.append(w.say("area-chart.upper", upper=shown(curves.loc[days[-1], "unclear"])))
    changes = (np.maximum.accumulate(areas[n:]) - np.minimum.accumulate(areas[n:]) for n in range(len(areas)))
    length = [int((change <= 0.05 * areas[top]).sum()) for change in changes]
    start = length.index(max(length))
    if length[start] > ZOOM.days:
        some = slice(start, start + length[start])
        span = {"first": w.date(days[some][0]), "last": w.date(days[some][-1])}
        told.append(w.say("area-chart.steady", **span, range=shown(*areas[some])))
    before = areas[days <= days[-1] - ZOOM]
    return [*told, w.say("area-chart.weeks", held=shown(before[-1]))] if len(before) else told
