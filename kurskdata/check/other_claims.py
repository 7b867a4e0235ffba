"""Evidence from what others said: figures near the day, totals before and after, windows, opposite kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from kurskdata.check.claims import Claim
from kurskdata.check.equivalents import at_least, at_most, equivalent
from kurskdata.check.evidence import Evidence, Row, Setting
from kurskdata.tables.intervals import Interval, conversion
from kurskdata.words.figures import amount, apart, label, period, said_with_readings, spread

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
    """Figures that others gave for days within the tolerance; those of the same speaker come first."""
    if claim.day is None or claim.measure.endswith("_in_window"):
        return
    side = _side(claim, setting)
    rows = [r for r in setting.said if _meets(claim, r) and abs(_apart(claim, r)) <= setting.tolerance_days]
    rows.sort(key=lambda row: (row["claimant"] != claim.speaker, abs(_apart(claim, row)), row["claim_id"]))
    for row in rows:
        if not (_is_total(claim, row, side) and _apart(claim, row)):
            yield _same(claim, row, setting)


def totals(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The last total of the same side before the day of the claim, and the first one after it."""
    side = _side(claim, setting)
    if claim.day is None or side is None:
        return
    rows = [r for r in setting.said if _meets(claim, r) and _is_total(claim, r, side) and _is_main(r)]
    rows.sort(key=lambda row: (abs(_apart(claim, row)), row["measure"] != claim.measure, row["claim_id"]))
    before = [r for r in rows if _apart(claim, r) < 0 and _translated(claim, r, setting).lower > 0]
    after = [r for r in rows if _apart(claim, r) > 0 and _is_bound(_translated(claim, r, setting), setting)]
    for row in (*before[:1], *after[:1]):
        yield _bound(claim, row, setting)


def windows(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures of the same measure for the same period, the highest for a part of it, the lowest for a longer one."""
    if not claim.measure.endswith("_in_window") or claim.window is None:
        return
    start, end = claim.window
    rows = [r for r in setting.said if r["measure"] == claim.measure and pd.notna(r["window_end"])]
    same = [r for r in rows if (r["window_start"], r["window_end"]) == claim.window]
    for row in same:
        yield _window(claim, row, setting, "same")
    if claim.measure == "reduction_in_window":
        return
    others = [(_translated(claim, r, setting), r) for r in rows if _is_main(r) and r not in same]
    parts = [(v.lower, r) for v, r in others if start <= r["window_start"] and r["window_end"] <= end]
    around = [(v.upper, r) for v, r in others if r["window_start"] <= start and end <= r["window_end"]]
    lower, row = max(parts, key=lambda one: one[0], default=(0.0, {}))
    if lower > 0:
        yield _window(claim, row, setting, "inner")
    upper, row = min(around, key=lambda one: one[0], default=(math.inf, {}))
    if upper < math.inf:
        yield _window(claim, row, setting, "outer")


def opposites(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures near the day that count the opposite: once as another kind, once for the number alone."""
    others = {b if claim.measure == a else a for a, b in OPPOSITES if claim.measure in (a, b)}
    if claim.day is None:
        return
    w = setting.words
    for row in setting.said:
        if row["measure"] not in others or abs(_apart(claim, row)) > setting.tolerance_days:
            continue
        values = _values(claim, row, setting)
        values |= {"kind": label(claim.measure, w), "claimed": amount(claim.value or 0, claim.unit, w)}
        differing = w.text("The claim counts {kind} ({claimed}); {who} counted {what} ({figure}; {day}, {apart}); the two differ in kind.", **values)  # fmt: skip
        number = w.text("{who} said {figure} ({what}; {day}, {apart}), the numbers compared alone", **values)
        yield _evidence(claim, row, differing, None, "inconsistent")
        yield _evidence(claim, row, number, row["figure"].to(claim.unit))


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
    return equivalent(claim.measure, row["measure"], claim.day, row["day"])


def _translated(claim: Claim, row: Row, setting: Setting) -> Interval:
    """The figure of the row in the measure and unit of the claim."""
    return setting.scale(row["measure"], claim).expressed(row["figure"])


def _is_main(row: Row) -> bool:
    """Whether this is the main wording of a statement."""
    return not isinstance(row["variant_of"], str)


def _is_bound(values: Interval, setting: Setting) -> bool:
    """Whether an upper bound says more than the whole does: 100 percent, or the base."""
    if values.unit in ("km2", "sq_mi"):
        return values.upper < setting.base_km2 * conversion("km2", values.unit)
    return values.upper < (100 if values.unit == "percent" else math.inf)


def _evidence(
    claim: Claim, row: Row, clause: str, values: Interval | None, status: str | None = None
) -> Evidence:
    return Evidence(
        "claim", row["claim_id"], clause, values, status, days_apart=abs(_apart(claim, row)),
        source_ids=row["source_ids"],
    )  # fmt: skip


def _values(claim: Claim, row: Row, setting: Setting) -> dict[str, object]:
    """What the clauses below fill in."""
    w, figure = setting.words, row["figure"]
    return {
        "who": w.plain(row["claimant"]),
        "figure": said_with_readings(row, figure, w),
        "what": label(row["measure"], w),
        "steps": setting.scale(row["measure"], claim).written(figure, w),
        "day": w.date(row["day"]),
        "apart": apart(_apart(claim, row), w, setting.tolerance_days),
    }


def _same(claim: Claim, row: Row, setting: Setting) -> Evidence:
    w, values = setting.words, _values(claim, row, setting)
    if values["steps"]:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), and {steps}", **values)
    else:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart})", **values)
    return _evidence(claim, row, clause, _translated(claim, row, setting))


def _bound(claim: Claim, row: Row, setting: Setting) -> Evidence:
    w, days, translated = setting.words, _apart(claim, row), _translated(claim, row, setting)
    bound = at_least(translated) if days < 0 else at_most(translated)
    values = _values(claim, row, setting) | {"apart": apart(days, w), "range": spread(bound, w)}
    if values["steps"]:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), {steps}, and a total that only grows leaves {range} for the day of the claim", **values)  # fmt: skip
    else:
        clause = w.text("{who} said {figure} ({what}; {day}, {apart}), and a total that only grows leaves {range} for the day of the claim", **values)  # fmt: skip
    return _evidence(claim, row, clause, bound)


def _window(claim: Claim, row: Row, setting: Setting, place: str) -> Evidence:
    w, translated = setting.words, _translated(claim, row, setting)
    bound = {"same": translated, "inner": at_least(translated), "outer": at_most(translated)}[place]
    values = _values(claim, row, setting)
    values |= {"period": period(row["window_start"], row["window_end"], w), "range": spread(bound, w)}
    values["figure"] = values["steps"] or values["figure"]
    if place == "same":
        clause = w.text("{who} said {figure} for the same days, {period}", **values)
    elif place == "inner":
        clause = w.text("{who} said {figure} for {period}, a part of the days, which leaves {range} for all of them", **values)  # fmt: skip
    else:
        clause = w.text("{who} said {figure} for {period}, which includes the days and leaves {range} for them", **values)  # fmt: skip
    return _evidence(claim, row, clause, bound)
