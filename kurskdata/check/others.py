"""What others say: figures of other speakers near the day, totals that were taken, periods, opposite kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from kurskdata.check.claims import Claim, digits
from kurskdata.check.equivalents import SENSES, Scale, at_least, at_most, equivalent
from kurskdata.check.maps_and_ledger import moved
from kurskdata.check.setting import INCONSISTENT, NOT_COMPARABLE, Evidence, Row, Setting
from kurskdata.check.speakers import ARTICLE
from kurskdata.tables.intervals import Interval
from kurskdata.words.figures import amount, apart, label, period, rough, said_or_range, spread
from kurskdata.words.language import Words

OPPOSITES = {"prisoners_freed": "prisoners_taken_by_russia", "prisoners_taken_by_russia": "prisoners_freed"}
"""Measures whose kinds exclude each other: who is set free is not captured by the same act."""

TOTALS = {
    "area_retaken": "russia",
    "share_retaken": "russia",
    "settlements_retaken": "russia",
    "prisoners_taken_by_russia": "russia",
    "prisoners_taken_by_ukraine": "ukraine",
}
"""Totals that only grow, as those who give them count, and the side that gives them."""

_STAYED = Interval(0.0, 0.0, "km2")
"""What an area grew by that did not change."""

STILL, SLOW = 0.05, 0.1
"""Between days whose maps differ by no more than these parts figures are compared, or can support each other."""

_REACH = 7
"""Days within which a figure of another day is compared at all."""


def statements(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures that other speakers gave for the same days, or for others after allowing for what the maps show between."""
    seen: set[str] = set()
    for row in reversed(_witnesses(claim, setting)):
        if claim.measure == "area_seized":
            # A total that was taken has no day: one figure of every origin.
            if row["measure"] == "area_seized" and row["origin"] not in seen:
                seen.add(row["origin"])
                evidence = of_row(claim, row, setting)
                values = evidence.values
                if values and not values.lower:  # up to 1,300 is not 400
                    values = replace(values, lower=0.9 * values.upper)
                yield replace(evidence, values=values)
        elif claim.window is not None and claim.measure.endswith("_in_window"):
            if row["measure"] == claim.measure and (row["window_start"], row["window_end"]) == claim.window:
                yield of_row(claim, row, setting)
        elif claim.day is not None and equivalent(claim.measure, row["measure"], claim.day, row["day"]):
            yield from _near(claim, row, setting)


def _near(claim: Claim, row: Row, setting: Setting) -> Iterator[Evidence]:
    days = days_apart(claim, row)
    evidence = of_row(claim, row, setting)
    if not days:
        yield evidence
    elif claim.measure in TOTALS and claim.measure not in SENSES:
        if abs(days) <= setting.tolerance_days:
            yield replace(evidence, values=(at_least if days < 0 else at_most)(row["figure"]))
    elif abs(days) <= _REACH and not evidence.own_side and claim.day is not None:
        change = moved(row["day"], claim.day, setting)
        if change is not None:
            found = of_row(claim, row, setting, change[0])
            supports = found.values is not None and claim.widened().values.overlaps(found.values)
            fits = change[1] <= STILL or (supports and change[1] <= SLOW)
            yield replace(found, status=None if fits else NOT_COMPARABLE)


def opposites(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures near the day that count the opposite: once as another kind, once for the number alone."""
    w = setting.words
    for row in setting.statements if claim.day is not None else ():
        if (
            row["measure"] != OPPOSITES.get(claim.measure)
            or abs(days_apart(claim, row)) > setting.tolerance_days
        ):
            continue
        plain = of_row(claim, row, setting)
        values = {"kind": label(claim.measure, w), "claimed": amount(claim.value or 0, claim.unit, w)}
        text = w.say("check.opposite", clause=plain.clause, **values)
        short = f"{plain.short} ({label(row['measure'], w)})"
        yield replace(plain, clause=text, values=None, status=INCONSISTENT, short=short)
        alone = w.say("check.opposite_alone", clause=plain.clause)
        yield replace(plain, clause=alone, votes=False)


def _witnesses(claim: Claim, setting: Setting) -> list[Row]:
    """What others said: neither the speaker, nor whose figure he carries, nor who carries his.

    Whoever gives a figure of three digits or more after the speaker carries it: that is no accident. Nor is it where
    somebody of his own side gives any figure of his on the same day.
    """
    who, rows = setting.speakers, setting.statements
    if claim.speaker in ARTICLE:
        return rows
    own = who.matched(claim.speaker)
    own |= {row["origin"] for row in rows if row["claimant"] in own}
    specific = claim.value is not None and digits(claim.value) > 2
    parties = {who.side_of(claim.speaker)} - {"", "independent"}

    def carries(row: Row) -> bool:
        same = row["value"] == claim.value and row["unit"] == claim.unit
        beside = row["side"] in parties and row["day"] == claim.day
        return same and (beside or (specific and days_apart(claim, row) >= 0))

    return [row for row in rows if not {row["origin"], row["claimant"]} & own and not carries(row)]


def days_apart(claim: Claim, row: Row) -> int:
    """Days from the claim to the evidence; negative where the evidence is earlier, 0 where either has no day."""
    return int((row["day"] - claim.day).days) if claim.day is not None and row["day"] is not None else 0


def day_of(row: Row, w: Words) -> str:
    """The day of a row in words."""
    day = row["day"] if row["day"] is not None else row["reported"]
    return w.text("day not known") if pd.isna(day) else w.date(day)


def of_row(claim: Claim, row: Row, setting: Setting, grown: Interval = _STAYED) -> Evidence:
    """What a row of ``area`` says of a claim; ``grown`` is by how many sq km the area grew up to the day of the claim."""
    w, found = setting.words, _expressed(claim, row, setting, grown)
    when = f"{day_of(row, w)}, {apart(days_apart(claim, row), w)}"
    if pd.notna(row["window_start"]):
        when = period(row["window_start"], row["window_end"], w)
    values = {"who": w.plain(row["claimant"]), "what": label(row["measure"], w), "when": when}
    scale = setting.scale(row["measure"], claim, setting.base_of(row["claimant"]))
    steps = scale.written(row["figure"], w)
    if row["measure"] in SENSES and claim.measure in SENSES and scale.expressed(row["figure"]) != found:
        steps = w.say("check.brought", range=spread(found, w))  # a formula would give another range
    figure = said_or_range(row, row["figure"], w)
    clause = w.say("check.statement", figure=figure, **values)
    if steps:
        clause = w.say("check.statement_steps", clause=clause, steps=steps)
    shown = figure if row["measure"] == claim.measure else rough(found, w)
    side = setting.speakers.side_of(claim.speaker)
    return Evidence(
        "claim", row["claim_id"], clause, found, origin=row["origin"], days_apart=abs(days_apart(claim, row)),
        own_side=side in ("russia", "ukraine") and row["side"] == side, source_ids=row["source_ids"],
        short=w.say("check.statement_short", who=values["who"], shown=shown),
    )  # fmt: skip


def _expressed(claim: Claim, row: Row, setting: Setting, grown: Interval) -> Interval:
    """The figure of a row in the measure and unit of the claim, each share on the base of its own speaker.

    A press figure of DeepState gets the pocket near Tyotkino, which it leaves out and everybody else counts.
    """
    figure: Interval = row["figure"]
    one, other = row["measure"], claim.measure
    if one not in SENSES or other not in SENSES:
        return figure.to(claim.unit)
    base, alike = setting.base_of(row["claimant"]), SENSES[one] == SENSES[other]
    areas = "percent" not in (row["unit"], claim.unit)
    pocket = None
    if setting.press_figure(row["origin"], one) and not setting.press_figure(claim.speaker, other):
        pocket = setting.maps["tyotkino"]["deepstate"].get(row["day"])
    if alike and (areas or row["unit"] == claim.unit) and pocket is None and grown == _STAYED:
        return setting.scale(one, claim, base).expressed(figure)
    held = Scale(one, "area_held", "km2", base).expressed(figure)
    low, high = (pocket.lower, pocket.upper) if pocket else (0.0, 0.0)
    low, high = held.lower + grown.lower + low, held.upper + grown.upper + high
    held = replace(held, lower=max(low, 0.0), upper=max(high, 0.0))
    return setting.scale("area_held", claim, base if alike and areas else None).expressed(held)
