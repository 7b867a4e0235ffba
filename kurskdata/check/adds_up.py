"""Does it add up? A claim against the rest of its article, the speaker's own other figures, and the calendar."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd

from kurskdata.check.claims import NEAR, Claim, coarse
from kurskdata.check.equivalents import SENSES, at_least, at_most, equivalent
from kurskdata.check.others import TOTALS, days_apart, of_row
from kurskdata.check.setting import Evidence, Row, Setting
from kurskdata.check.speakers import ARTICLE
from kurskdata.tables.intervals import Interval, conversion
from kurskdata.words.figures import amount, rough, spread

WAR_START, INCURSION = pd.Timestamp("2022-02-24"), pd.Timestamp("2024-08-06")
"""First day of Russia's full-scale invasion, and of the Ukrainian incursion: where lengths of time begin."""

DURATIONS = {"duration_days": ("days", 700), "duration_months": ("months", 24), "duration_years": ("years", 2)}  # fmt: skip
"""The units of lengths of time, and from which length on the whole war is meant and not the incursion."""


def within_article(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What the same speaker, or the article itself, says of the same thing and day. Two speakers are no contradiction."""
    who, w = setting.speakers, setting.words
    for other in setting.article:
        two = {who.matched(one) for one in {claim.speaker, other.speaker} - ARTICLE}
        same_days = (claim.day, claim.window) == (other.day, other.window)
        if other.claim_id == claim.claim_id or not other.readings or len(two) > 1 or not same_days:
            continue
        if (claim.measure, claim.shown(w)) != (other.measure, other.shown(w)) and equivalent(
            claim.measure, other.measure, claim.day, other.day
        ):
            yield _pair(claim, other, setting)


def _pair(claim: Claim, other: Claim, setting: Setting) -> Evidence:
    """Two figures of an article, read alike and as finely as they are written: a conversion is as rough as its partner."""
    w, scale = setting.words, setting.scale(other.measure, claim, _base_in_article(claim, setting))
    alike = {one.name: one.values for one in other.readings}
    pairs = [(mine, alike.get(mine.name, other.readings[0].values)) for mine in claim.readings]
    fitting = [pair for pair in pairs if pair[0].values.overlaps(scale.expressed(pair[1]))]
    theirs = (fitting or pairs)[0][1]
    calculated = claim.measure != other.measure or claim.unit != other.unit
    steps = scale.written(theirs, w) or spread(theirs, w)
    clause = w.say("check.own", other=other.claim_id, figure=other.shown(w), steps=steps)
    values, least = scale.expressed(theirs), 0.0
    if calculated and not fitting:
        values = scale.expressed(other.widened(0.0, coarse(other.value or 0)).values)
        least = coarse(claim.value or 0)
    return Evidence(
        "arithmetic", other.claim_id, clause, values, question="adds_up", near=NEAR if calculated else 0.0,
        least=least, reading=fitting[0][0].name if fitting else "",
        short=w.say("check.own_short", figure=other.shown(w)), days_apart=0, source_ids=other.source_ids,
    )  # fmt: skip


def _base_in_article(claim: Claim, setting: Setting) -> float | None:
    """The total that the same speaker gives in the article, as base of the shares that it gives."""
    for other in setting.article:
        own = other.speaker == claim.speaker and other.qualifier in ("exact", "about")
        if own and other.measure == "area_seized" and other.value:
            return other.value * conversion(other.unit, "km2")
    return None


def own_figures(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What the speaker is on record with besides: shares and areas of the day, totals before and after, parts of a period."""
    if claim.value is None or claim.day is None:
        return
    side = setting.speakers.side_of(claim.speaker)
    mine = frozenset() if claim.speaker in ARTICLE else setting.speakers.matched(claim.speaker)
    rows = [r for r in setting.statements if equivalent(claim.measure, r["measure"], claim.day, r["day"])]
    based = side == "russia" or any(one in setting.totals for one in mine)
    for row in rows:
        beside = row["claimant"] in mine and row["day"] == claim.day and row["measure"] != claim.measure
        if beside and claim.measure in SENSES and based:
            yield replace(of_row(claim, row, setting), question="adds_up", least=coarse(claim.value))
    if TOTALS.get(claim.measure) and side in ("", TOTALS[claim.measure]):
        totals = [row for row in rows if row["measure"] in TOTALS and row["side"] == TOTALS[claim.measure]]
        totals.sort(key=lambda r: (abs(days_apart(claim, r)), r["measure"] != claim.measure, r["claim_id"]))
        earlier, later = ([r for r in totals if n * days_apart(claim, r) > 0] for n in (-1, 1))
        yield from _bounds(claim, earlier, at_least, "grows", setting)
        yield from _bounds(claim, later, at_most, "grows", setting)
    if claim.window and claim.measure in ("area_retaken_in_window", "settlements_retaken_in_window"):
        (start, end), side = claim.window, side or "russia"
        periods = [(r["window_start"], r["window_end"], r) for r in rows if r["side"] == side]
        periods = sorted((one for one in periods if one[:2] != claim.window), key=lambda one: one[2]["value"])
        inner = [r for a, b, r in periods if start <= a and b <= end]
        yield from _bounds(claim, sorted(inner, key=lambda r: -r["value"]), at_least, "part", setting)
        outer = [r for a, b, r in periods if a <= start and end <= b]
        yield from _bounds(claim, outer, at_most, "includes", setting)


def _bounds(
    claim: Claim, rows: list[Row], bound: Callable[[Interval], Interval], text: str, setting: Setting
) -> Iterator[Evidence]:
    """The first of the rows that says something as a bound."""
    for row in rows:
        evidence = of_row(claim, row, setting)
        left = bound(evidence.values) if evidence.values else None
        if left and (left.lower > 0 or left.upper < _whole(left.unit, setting)):
            w = setting.words
            clause = w.say(f"check-bounds.{text}", clause=evidence.clause, range=spread(left, w))
            short = w.say("check.statement_short", who=w.plain(row["claimant"]), shown=rough(left, w))
            yield replace(evidence, clause=clause, values=left, question="adds_up", short=short)
            return


def _whole(unit: str, setting: Setting) -> float:
    """What no total exceeds: 100 percent, or the base."""
    areas = unit in ("km2", "sq_mi")
    return setting.base_km2 * conversion("km2", unit) if areas else 100.0 if unit == "percent" else math.inf


def duration(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How long it had lasted on the day of the claim: since its window or event began, the incursion, or the war."""
    if claim.measure not in DURATIONS or claim.day is None or claim.value is None:
        return
    w, (unit, whole_war), end = setting.words, DURATIONS[claim.measure], claim.day
    start, title, sources = _beginning(claim, claim.value >= whole_war, setting)
    if claim.window is not None:
        end = claim.window[1]
    if start > end:
        return
    # Both days counted or not: writers do either.
    found = Interval(elapsed(start, end, unit), elapsed(start, end + pd.Timedelta(days=1), unit), unit)
    days = int((end - start).days)
    values = {"start": w.date(start), "end": w.date(end), "days": amount(days, "days", w)}
    yield Evidence(
        "calendar", str(start.date()), w.say("check.duration", title=title, found=spread(found, w), **values), found,
        days_apart=days, short=w.say("check.duration_short", found=rough(found, w)),
        near=NEAR if unit == "days" or claim.qualifier == "nearly" else 0.0, source_ids=sources,
    )  # fmt: skip


def _beginning(claim: Claim, whole_war: bool, setting: Setting) -> tuple[pd.Timestamp, str, str]:
    """The day from which a length of time counts, what began on it, and the sources of that."""
    w = setting.words
    event = setting.events.get(claim.event_id)
    if claim.window is not None:
        return claim.window[0], w.say("check.since_window"), ""
    if event is not None:
        return event["date"], w.plain(event["title"]), event["source_ids"]
    if whole_war:
        return WAR_START, w.say("check.since_war"), ""
    return INCURSION, w.say("check.since_incursion"), ""


def elapsed(start: pd.Timestamp, end: pd.Timestamp, unit: str) -> float:
    """Time between two days in days, or in calendar months or years with the fraction of the last one."""
    if unit == "days":
        return float((end - start).days)
    step = 1 if unit == "months" else 12
    whole = 0
    while start + pd.DateOffset(months=step * (whole + 1)) <= end:
        whole += 1
    last = start + pd.DateOffset(months=step * whole)
    following = start + pd.DateOffset(months=step * (whole + 1))
    return whole + (end - last).days / (following - last).days
