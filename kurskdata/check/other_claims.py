"""Evidence from what others said: figures near the day, totals before and after, windows, opposite kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from kurskdata.check.claims import Claim
from kurskdata.check.equivalents import SENSES, Scale, at_least, at_most
from kurskdata.check.evidence import Evidence, Row, Setting, always, saying
from kurskdata.tables.intervals import Interval, conversion
from kurskdata.tables.views import PEAK
from kurskdata.words.figures import amount, apart, day, label, period, said, spread

TOTALS = {
    "area_retaken": "russia",
    "share_retaken": "russia",
    "settlements_retaken": "russia",
    "prisoners_taken_by_russia": "russia",
    "prisoners_taken_by_ukraine": "ukraine",
}
"""Totals that only grow, as those who give them count, and the side that gives them."""

OPPOSITES = (("prisoners_freed", "prisoners_taken_by_russia"),)
"""Measures whose kinds exclude each other: who is set free is not captured by the same act."""


def near(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures that others gave for the same days or nearly so; the speaker's own wordings come first."""
    if claim.day is None or claim.measure.endswith("_in_window"):
        return
    side = _side(claim, setting)
    found = [
        row
        for row in setting.said
        if _meets(claim, row) and abs(_apart(claim, row)) <= setting.tolerance_days
    ]
    found.sort(key=lambda row: (row["claimant"] != claim.speaker, abs(_apart(claim, row)), row["claim_id"]))
    for row in found:
        if not (_is_total(claim, row, side) and _apart(claim, row)):
            yield _same(claim, row, setting)


def totals(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The last total of the same side before the day of the claim, and the first one after it."""
    side = _side(claim, setting)
    if claim.day is None or side is None:
        return
    found = [
        row for row in setting.said if _meets(claim, row) and _is_total(claim, row, side) and _is_main(row)
    ]
    found.sort(key=lambda row: (abs(_apart(claim, row)), row["measure"] != claim.measure, row["claim_id"]))
    before = [row for row in found if _apart(claim, row) < 0 and _translated(claim, row, setting).lower > 0]
    after = [
        row for row in found if _apart(claim, row) > 0 and _ends(_translated(claim, row, setting), setting)
    ]
    for row in (*before[:1], *after[:1]):
        yield _bound(claim, row, setting)


def windows(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures of the same measure for the same window; the most of a part of it, the least of one around it."""
    if not claim.measure.endswith("_in_window") or claim.window is None:
        return
    start, end = claim.window
    rows = [row for row in setting.said if row["measure"] == claim.measure and pd.notna(row["window_end"])]
    for row in rows:
        if (row["window_start"], row["window_end"]) == claim.window:
            yield _window(claim, row, setting, "same")
    if claim.measure == "reduction_in_window":
        return
    ranges = [(_translated(claim, row, setting), row) for row in rows if _is_main(row)]
    others = [
        (found, row) for found, row in ranges if (row["window_start"], row["window_end"]) != claim.window
    ]
    inner = [
        (found.lower, row)
        for found, row in others
        if start <= row["window_start"] and row["window_end"] <= end
    ]
    outer = [
        (found.upper, row)
        for found, row in others
        if row["window_start"] <= start and end <= row["window_end"]
    ]
    if any(lower > 0 for lower, _ in inner):
        yield _window(claim, max(inner, key=lambda one: one[0])[1], setting, "inner")
    if any(upper < math.inf for upper, _ in outer):
        yield _window(claim, min(outer, key=lambda one: one[0])[1], setting, "outer")


def opposites(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures near the day that count the opposite: once as another kind, once for the number alone."""
    others = {b if claim.measure == a else a for a, b in OPPOSITES if claim.measure in (a, b)}
    if claim.day is None:
        return
    w = setting.words
    for row in setting.said:
        days = _apart(claim, row)
        if row["measure"] not in others or abs(days) > setting.tolerance_days:
            continue
        values = _values(claim, row, setting)
        values |= {"day": day(row["day"], w), "apart": apart(days, w, setting.tolerance_days)}
        values |= {"kind": label(claim.measure, w), "claimed": amount(claim.value or 0, claim.unit, w)}
        differing = w.text("The claim counts {kind} ({claimed}); {who} counted {what} ({figure}; {day}, {apart}); the two differ in kind.", **values)  # fmt: skip
        number = w.text("{who} said {figure} ({what}; {day}, {apart}), the numbers compared alone", **values)
        of_kind = _evidence(claim, row, differing, None)
        yield replace(of_kind, status="inconsistent")
        yield _evidence(claim, row, number, setting.figure(row).to(claim.unit))


def _apart(claim: Claim, row: Row) -> int:
    """Days from the claim to the evidence; negative where the evidence is earlier."""
    return int((row["day"] - claim.day).days)


def _side(claim: Claim, setting: Setting) -> str | None:
    """The side whose totals a claim continues: the speaker's, else that which keeps this count.

    Independent publishers are no side: each counts in its own way.
    """
    default = TOTALS.get(claim.measure)
    side = setting.sides.get(claim.speaker, default) if default else None
    return None if side == "independent" else side


def _is_total(claim: Claim, row: Row, side: str | None) -> bool:
    """Whether the row gives an earlier or later state of the total that the claim gives."""
    return claim.measure in TOTALS and row["measure"] in TOTALS and row["side"] == side


def _meets(claim: Claim, row: Row) -> bool:
    """Whether the figure of the row can be expressed in the terms of the claim."""
    if row["measure"] == claim.measure:
        return True
    if claim.measure not in SENSES or row["measure"] not in SENSES:
        return False
    turned = SENSES[claim.measure] != SENSES[row["measure"]]
    return not turned or bool(claim.day is not None and claim.day >= PEAK and row["day"] >= PEAK)


def _scale(claim: Claim, row: Row, setting: Setting) -> Scale:
    return Scale(row["measure"], claim.measure, claim.unit, setting.base_km2)


def _translated(claim: Claim, row: Row, setting: Setting) -> Interval:
    return _scale(claim, row, setting).expressed(setting.figure(row))


def _is_main(row: Row) -> bool:
    """Whether this is the main wording of a statement."""
    return not isinstance(row["variant_of"], str)


def _ends(found: Interval, setting: Setting) -> bool:
    """Whether an upper bound says more than the whole: 100 percent, or the base."""
    if found.unit == "percent":
        return found.upper < 100
    areas = found.unit in ("km2", "sq_mi")
    return found.upper < (setting.base_km2 * conversion("km2", found.unit) if areas else math.inf)


def _evidence(claim: Claim, row: Row, clause: str, found: Interval | None) -> Evidence:
    days = None if claim.day is None else abs(_apart(claim, row))
    values = None if found is None else always(found)
    return Evidence(
        "claim", row["claim_id"], saying(clause), values, days_apart=days, source_ids=row["source_ids"]
    )


def _values(claim: Claim, row: Row, setting: Setting) -> dict[str, object]:
    """What the clauses below fill in."""
    w, found = setting.words, setting.figure(row)
    steps = _scale(claim, row, setting).written(found, w)
    values = {
        "who": w.plain(row["claimant"]),
        "figure": said(row, found, w),
        "what": label(row["measure"], w),
    }
    return {**values, "steps": steps}


def _same(claim: Claim, row: Row, setting: Setting) -> Evidence:
    w, days = setting.words, _apart(claim, row)
    values = _values(claim, row, setting)
    values |= {"day": day(row["day"], w), "apart": apart(days, w, setting.tolerance_days)}
    if values["steps"]:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), and {steps}", **values)
    else:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart})", **values)
    return _evidence(claim, row, clause, _translated(claim, row, setting))


def _bound(claim: Claim, row: Row, setting: Setting) -> Evidence:
    w, days = setting.words, _apart(claim, row)
    translated = _translated(claim, row, setting)
    found = at_least(translated) if days < 0 else at_most(translated)
    values = _values(claim, row, setting)
    values |= {"day": day(row["day"], w), "apart": apart(days, w), "range": spread(found, w)}
    if values["steps"]:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), {steps}, and a total that only grows leaves {range} for the day of the claim", **values)  # fmt: skip
    else:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), and a total that only grows leaves {range} for the day of the claim", **values)  # fmt: skip
    return _evidence(claim, row, clause, found)


def _window(claim: Claim, row: Row, setting: Setting, place: str) -> Evidence:
    w, translated = setting.words, _translated(claim, row, setting)
    found = {"same": translated, "inner": at_least(translated), "outer": at_most(translated)}[place]
    values = _values(claim, row, setting)
    values |= {"period": period(row["window_start"], row["window_end"], w), "range": spread(found, w)}
    values["figure"] = values["steps"] or values["figure"]
    if place == "same":
        clause = w.text("{who} said {figure} for the same days, {period}", **values)
    elif place == "inner":
        clause = w.text("{who} said {figure} for {period}, a part of the days, which leaves {range} for all of them", **values)  # fmt: skip
    else:
        clause = w.text("{who} said {figure} for {period}, which includes the days and leaves {range} for them", **values)  # fmt: skip
    return _evidence(claim, row, clause, found)
