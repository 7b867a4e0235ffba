"""Evidence from the article itself: two of its claims against each other."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kurskdata.check.claims import Claim, Reading
from kurskdata.check.dates import DURATIONS, elapsed
from kurskdata.check.equivalents import Scale, equivalent, part_of
from kurskdata.check.evidence import Evidence, Setting
from kurskdata.tables.intervals import Interval
from kurskdata.words.figures import amount, period, qualified, spread


def arithmetic(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What other claims of the article say of the same thing, calculated over the base where that is needed.

    Both are read in the same way: a truncated share is compared with a truncated area.
    """
    for other in setting.article:
        if other.claim_id != claim.claim_id and other.readings and _meet(claim, other, setting):
            yield _pair(claim, other, setting)


def _meet(claim: Claim, other: Claim, setting: Setting) -> bool:
    """Whether two claims speak of the same thing at about the same time."""
    apart = _apart(claim, other)
    if apart is not None and apart > setting.tolerance_days:
        return False
    if claim.measure == other.measure:
        return claim.window == other.window
    return equivalent(claim.measure, other.measure, claim.day, other.day)


def _pair(claim: Claim, other: Claim, setting: Setting) -> Evidence:
    w, scale = setting.words, setting.scale(other.measure, claim)

    def values(reading: Reading) -> Interval:
        return scale.expressed(other.reading(reading.name).values)

    def clause(reading: Reading) -> str:
        theirs = other.reading(reading.name).values
        figure = qualified(amount(other.value or 0, other.unit, w), other.qualifier, w)
        steps = scale.written(theirs, w)
        named = {"other": other.claim_id, "figure": figure, "steps": steps or spread(theirs, w)}
        if len(other.readings) == 1 and not steps:
            text = w.text("the article’s claim {other} says {figure}", **named)
        else:
            text = w.text("the article’s claim {other} says {figure}, read alike: {steps}", **named)
        implied = _implied_base(reading.values, theirs, scale)
        if implied is None:
            return text
        return w.text(
            "{clause}; the two imply a base of {range}, where the base is {base}",
            clause=text, range=spread(implied, w), base=amount(setting.base_km2, "km2", w),
        )  # fmt: skip

    apart = _apart(claim, other)
    return Evidence(
        "arithmetic", other.claim_id, clause, values, days_apart=apart, source_ids=other.source_ids
    )


def _apart(claim: Claim, other: Claim) -> int | None:
    """Days between two claims, where both name a day."""
    return None if claim.day is None or other.day is None else abs(int((claim.day - other.day).days))


def _implied_base(mine: Interval, theirs: Interval, scale: Scale) -> Interval | None:
    """The base that a share and an area of the same sense imply."""
    if scale.turned or (mine.unit == "percent") == (theirs.unit == "percent"):
        return None
    share, area = (mine, theirs) if mine.unit == "percent" else (theirs, mine)
    return part_of(area.to("km2"), share)


def window_length(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The length of a period, given as a duration, against its own first and last day, both counted."""
    if claim.measure not in DURATIONS or claim.window is None:
        return
    w, unit = setting.words, DURATIONS[claim.measure]
    first, last = claim.window
    days = elapsed(first, last + pd.Timedelta(days=1), unit)
    length = Interval(days, days, unit)
    clause = w.text(
        "{period}, both days counted, is {length}", period=period(first, last, w), length=spread(length, w)
    )
    yield Evidence("arithmetic", f"{first.date()}/{last.date()}", clause, length)
