"""One figure on the area expressed as another: shares and areas, held and retaken, sq km and sq mi.

All go through the area that was first occupied, the base of Russia's percentages: what of it Ukraine did not
hold counts as retaken. Every step is exact interval arithmetic and can be written out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from kurskdata.tables.intervals import SQ_MI_IN_KM2, Interval
from kurskdata.tables.views import PEAK
from kurskdata.words.figures import amount, spread
from kurskdata.words.language import Words

SENSES = {
    "share_retaken": "retaken",
    "share_lost": "retaken",
    "area_retaken": "retaken",
    "share_held": "held",
    "area_held": "held",
}
"""The measures that the base ties together, by what they tell of it."""


def equivalent(one: str, other: str, *days: pd.Timestamp | None) -> bool:
    """Whether one measure can be expressed as another on these days; a day that is not known is no obstacle.

    What is held tells what was retaken only from the day of the largest area on.
    """
    if one not in SENSES or other not in SENSES:
        return one == other
    return SENSES[one] == SENSES[other] or all(day is None or day >= PEAK for day in days)


@dataclass(frozen=True)
class Scale:
    """From the figure of one measure to the measure and unit of a claim, over a base in sq km."""

    source: str
    target: str
    unit: str
    base_km2: float

    @property
    def turned(self) -> bool:
        """Whether one tells what is held and the other what is retaken."""
        return SENSES.get(self.source) != SENSES.get(self.target)

    def uses_base(self, found: Interval) -> bool:
        """Whether the base enters: two shares, or two areas of the same sense, need none."""
        return self.turned or (found.unit == "percent") != (self.unit == "percent")

    def expressed(self, found: Interval) -> Interval:
        """The same statement in the terms of the claim."""
        if not self.uses_base(found):
            return found.to(self.unit)
        base = Interval(self.base_km2, self.base_km2, "km2")
        if self.unit == "percent":
            share = found if found.unit == "percent" else found.to("km2").share_of(base)
            return bounded(share.rest_of(100) if self.turned else share, 100)
        if found.unit == "percent":
            factor = self.base_km2 / 100
            area = replace(found, lower=found.lower * factor, upper=found.upper * factor, unit="km2")
        else:
            area = found.to("km2")
        area = area.rest_of(self.base_km2) if self.turned else area
        return bounded(area, self.base_km2).to(self.unit)

    def written(self, found: Interval, w: Words) -> str:
        """The steps of `expressed` as a formula with its result; empty where there are none."""
        if found.unit == self.unit and not self.uses_base(found):
            return ""
        base, factor = amount(self.base_km2, "km2", w), w.number(SQ_MI_IN_KM2, 2)
        formula = spread(found, w) if found.lower == found.upper else f"({spread(found, w)})"
        if found.unit == "sq_mi":
            formula += f" × {factor}"
        if self.unit == "percent" and found.unit != "percent":
            formula += f" ÷ {base}"
        if self.turned:
            whole = base if found.unit != "percent" and self.unit != "percent" else amount(100, "percent", w)
            formula = f"{whole} − {formula}"
        if found.unit == "percent" and self.unit != "percent":
            formula = f"({formula}) × {base}" if self.turned else f"{formula} × {base}"
        if self.unit == "sq_mi":
            formula = f"({formula}) ÷ {factor}" if " − " in formula else f"{formula} ÷ {factor}"
        return f"{formula} = {spread(self.expressed(found), w)}"


def bounded(values: Interval, whole: float) -> Interval:
    """Without what lies below zero or above the whole; values that lie wholly beyond one of them stay as they are."""
    return values if values.upper < 0 or values.lower > whole else values.within(0.0, whole)


def at_least(values: Interval) -> Interval:
    """What a total can be that is not below this one."""
    top = 100.0 if values.unit == "percent" and values.lower <= 100 else math.inf
    return replace(values, upper=top, closed="both" if values.closed in ("left", "both") else "right")


def at_most(values: Interval) -> Interval:
    """What a total can be that is not above this one."""
    return replace(values, lower=0.0, closed="both" if values.closed in ("right", "both") else "left")
