"""The speaker's own word: was it said, in that measure, unit and qualifier, of that day? Does it add up, with the rest of
the article, the speaker's other figures, the calendar and the timeline?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from kurskdata.check.claims import NEAR, Claim, coarse, digits
from kurskdata.check.others import TOTALS, day_of, days_apart, of_row
from kurskdata.check.setting import ARTICLE, SENSES, Evidence, Row, Setting, Status, equivalent, whole_side
from kurskdata.tables.intervals import Interval, at_least, at_most, conversion
from kurskdata.words.figures import amount, apart, label, period, rough, said_or_range, spread

Bound = Callable[[Interval], Interval]

GROWING = pd.Timestamp("2024-10-01")
"""Up to this day what Ukraine held was what it had taken: the two words told the same."""

_FLIPPED = {"km2": "sq_mi", "sq_mi": "km2", "km": "mi", "mi": "km"}
_LOWER, _UPPER = ("more_than", "at_least"), ("less_than", "at_most", "nearly")
_UNDATED = 999

WAR_START, INCURSION = pd.Timestamp("2022-02-24"), pd.Timestamp("2024-08-06")
"""First day of Russia's full-scale invasion, and of the Ukrainian incursion: where lengths of time begin."""

DURATIONS = {"duration_days": ("days", 700), "duration_months": ("months", 24), "duration_years": ("years", 2)}  # fmt: skip
"""The units of lengths of time, and from which length on the whole war is meant and not the incursion."""


class Answer(NamedTuple):
    """The answer, how it differs, and the statements that it rests on, the nearest first."""

    answer: str
    how: str = ""
    rows: tuple[Row, ...] = ()


class _Told(NamedTuple):
    """A statement beside a claim: the days between them, and whether day, measure and figure are the same."""

    days: int
    claim_id: str
    row: Row
    day: bool
    measure: bool
    figure: bool


def said(claim: Claim, setting: Setting) -> Answer:
    """Whether the speaker of a claim is on record with it.

    *as_said*, *differs* (``how`` is unit, kind, number, qualifier or day), *other_speaker*, *not_on_record*, or
    *not_asked* for what the article itself says and for lengths of time, which no table holds.
    """
    if claim.value is None or claim.speaker in ARTICLE or claim.unit in ("days", "months", "years"):
        return Answer("not_asked")
    every = sorted((_told(claim, row, setting) for row in setting.said), key=lambda one: one[:2])
    direct, side = setting.matched(claim.speaker), setting.side_of(claim.speaker)
    whole, name = whole_side(claim.speaker), re.compile(rf"\b{re.escape(claim.speaker)}\b")
    # Said by the speaker, measured by him or carried by a medium.
    mine = [
        one for one in every if one.row["claimant"] in direct or one.row["side"] == whole
        or (side in ("", "independent") and (one.row["origin"] in direct or name.search(one.row["carriers"])))
    ]  # fmt: skip
    # A text that names no day may be of the days after.
    unnamed = 2 if claim.start is not None and claim.day == setting.cut else -1
    today = [one for one in mine if one.day or one.days <= unnamed]
    elsewhere = [one for one in mine if one.figure and one.row["measure"] == claim.measure]
    late = [one for one in elsewhere if one.days <= unnamed]
    figure = [one for one in mine if one in late or (one.figure and _alike(claim, one))]
    spoken = [one for one in figure if one in today]
    worded = any(one.row["qualifier"] == claim.qualifier for one in spoken)
    flipped = replace(claim, unit=_FLIPPED.get(claim.unit, ""))
    # A round total that was taken is in every paper; as the word of a party it needs that party's record.
    common = side in ("", "independent") and claim.measure == "area_seized" and digits(claim.value) < 3
    # Later there may be a new figure.
    near = -1 if claim.day is None else 0 if claim.measure.endswith("_in_window") else 1
    ways = [
        ("differs", "qualifier", [one for one in spoken if not worded and _turned(claim, one.row)]),
        ("as_said", "", spoken),
        ("differs", "unit", [one for one in today if one.measure and same_figure(flipped, one.row)]),
        ("differs", "kind", [one for one in today if one.figure and not one.measure and one not in elsewhere]),
        ("differs", "number", [
            one for one in mine
            if one.row["claimant"] in direct and one.days <= near and one.measure and not one.figure
        ]),
        ("other_speaker", "", [
            one for one in every if one.days != _UNDATED and one.day and one.measure and one.figure
            and not common and not _turned(claim, one.row)
        ]),
        ("differs", "day", figure or elsewhere),
    ]  # fmt: skip
    answer, how, found = next((way for way in ways if way[2]), ("not_on_record", "", []))
    # Of the nearest day, the one in the digits of the claim first, of several wordings the main one.
    nearest = [one.row for one in found if one.days == found[0].days]
    same = {name: getattr(claim, name) for name in ("unit", "value")}
    nearest.sort(key=lambda r: [r[k] != v for k, v in same.items()] + [isinstance(r["variant_of"], str)])
    return Answer(answer, how, tuple(nearest))


def _told(claim: Claim, row: Row, setting: Setting) -> _Told:
    """A row beside a claim. A total that was taken has no day once it was reached."""
    days = [row[column] for column in ("as_of", "window_end", "reported") if pd.notna(row[column])]
    days = [abs(int((claim.day - day).days)) for day in days] if claim.day is not None else [0]
    least = 0 if row["as_of_month"] == str(claim.day)[:7] else min(days, default=_UNDATED)
    of_day = least <= setting.tolerance_days or least == _UNDATED
    if claim.measure == row["measure"] and claim.measure.endswith("_in_window"):
        of_day = _same_window(claim, row)
    elif claim.measure == "area_seized" == row["measure"] and claim.day is not None and row["day"]:
        of_day |= (row["day"] - claim.day).days <= setting.tolerance_days
    return _Told(least, row["claim_id"], row, of_day, _same_measure(claim, row), same_figure(claim, row))


def _same_measure(claim: Claim, row: Row) -> bool:
    """Whether the two count the same: what was taken and what is held are one while the area grew."""
    pair = {claim.measure, row["measure"]}
    if pair == {"area_held", "area_seized"}:
        return all(day is not None and day <= GROWING for day in (claim.day, row["day"]))
    if claim.measure.endswith("_in_window") and not _same_window(claim, row):
        return False
    return len(pair) == 1 or pair == {"share_retaken", "share_lost"}


def _alike(claim: Claim, one: _Told) -> bool:
    """Whether two may be the same in other words: a period left out or as long as the campaign, what is held and what is
    left to retake."""
    pair = {claim.measure, one.row["measure"]}
    whole = claim.window is None or (claim.window[0] - GROWING).days < -15
    periods = whole and {name.removesuffix("_in_window") for name in pair} < pair
    return one.measure or periods or pair == {"settlements_held", "settlements_left"}


def _same_window(claim: Claim, row: Row) -> bool:
    """Whether two periods are the same: daily ones end on the same day, of longer ones the ends may differ by a day or two,
    and a day of "earlier this week" is told apart by its figure."""
    if claim.window is None or pd.isna(row["window_end"]):
        return True
    (start, end), (first, last) = claim.window, (row["window_start"], row["window_end"])
    if start <= first and last <= end and (end - start).days <= 7:
        return True
    daily = max((end - start).days, (last - first).days) <= 1
    return bool(end == last if daily else abs((end - last).days) <= 1 and abs((start - first).days) <= 2)


def same_figure(claim: Claim, row: Row) -> bool:
    """Whether the figure of a claim is that of a row, in other digits where it was rounded or converted."""
    if claim.value is None or claim.unit not in (row["unit"], _FLIPPED.get(row["unit"])):
        return False
    converted = row["unit"] != claim.unit
    if claim.value_to is None:
        value = row["value"] * conversion(row["unit"], claim.unit)
        return _is_figure(claim.value, value, claim, converted=converted)
    ends, there = sorted((claim.value, claim.value_to)), row["figure"].to(claim.unit)
    if not converted and isinstance(row["range_with"], str):
        return all(_is_figure(a, b, claim) for a, b in zip(ends, (there.lower, there.upper), strict=True))
    low, high = (coarse(end, 0.1) if converted else 0.0 for end in ends)
    return bool(ends[0] - low <= there.upper and there.lower <= ends[1] + high)


def _is_figure(mine: float, theirs: float, claim: Claim, *, converted: bool = False) -> bool:
    """Whether one figure is the other: with its qualifier, converted, or with fewer digits."""
    gap, step = mine - theirs, 2 * coarse(mine, 0.0625)
    if math.isclose(mine, theirs, rel_tol=1e-9) or (claim.qualifier in _LOWER and -step < gap <= 0):
        return True
    if claim.qualifier in _UPPER and 0 <= gap < step:
        return True
    if converted or claim.qualifier == "about":
        return abs(gap) <= max(coarse(mine), (NEAR if digits(mine) < 3 else NEAR / 3) * theirs)
    return digits(mine) < digits(theirs) and abs(gap) <= min(NEAR * theirs, step / 2)


def _turned(claim: Claim, row: Row) -> bool:
    """Whether one says more than and the other less than."""
    pair = (claim.qualifier, row["qualifier"])
    return any(one in _LOWER and other in _UPPER for one, other in (pair, pair[::-1]))


def clause(claim: Claim, answer: Answer, row: Row | None, setting: Setting) -> str:
    """The answer in words, with a statement that it rests on; empty where the question was not asked."""
    if answer.answer == "not_asked":
        return ""
    w = setting.words
    values: dict[str, object] = {"speaker": w.plain(claim.speaker)}
    if row:
        values |= {"who": w.plain(row["claimant"]), "figure": said_or_range(row, row["figure"], w)}
        values |= {"what": label(row["measure"], w), "day": day_of(row, w)}
        values["apart"] = apart(days_apart(claim, row), w)
    return w.say(f"said.{answer.how or answer.answer}", **values)


def evidence(claim: Claim, answer: Answer, setting: Setting) -> Iterator[Evidence]:
    """The statements that the answer rests on, wordings of one included, as evidence."""
    statuses = {"as_said": Status.CONSISTENT, "not_on_record": Status.NOT_COMPARABLE}
    status = statuses.get(answer.answer, Status.INCONSISTENT)
    for row in () if answer.answer == "not_asked" else answer.rows or (None,):
        sentence = setting.words.say("check.clause", clause=clause(claim, answer, row, setting))
        told = Evidence("", "", sentence, status=status, question="said")
        yield replace(
            told, kind="claim", evidence_id=row["claim_id"], days_apart=abs(days_apart(claim, row)),
            origin=row["origin"], source_ids=row["source_ids"],
        ) if row else told  # fmt: skip


def within_article(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What the same speaker, or the article itself, says of the same thing and day. Two speakers are no contradiction.

    Figures are read alike and as finely as they are written: a conversion is as rough as its partner.
    """
    w = setting.words
    # The total that the same speaker gives is the base of the shares that it gives.
    own = (o for o in setting.article if o.speaker == claim.speaker and o.qualifier in ("exact", "about"))
    totals = (o.value * conversion(o.unit, "km2") for o in own if o.measure == "area_seized" and o.value)
    base_km2 = next(totals, None)
    for other in setting.article:
        two = {setting.matched(one) for one in {claim.speaker, other.speaker} - ARTICLE}
        same_days = (claim.day, claim.window) == (other.day, other.window)
        if not other.readings or len(two) > 1 or not same_days:
            continue
        same = (claim.measure, claim.shown(w)) == (other.measure, other.shown(w))
        if same or not equivalent(claim.measure, other.measure, claim.day, other.day):
            continue
        scale = setting.scale(other.measure, claim, base_km2)
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
        yield Evidence(
            "arithmetic", other.claim_id, clause, values, question="adds_up", near=NEAR if calculated else 0.0,
            least=least, reading=fitting[0][0].name if fitting else "",
            short=w.say("check.own_short", figure=other.shown(w)), days_apart=0, source_ids=other.source_ids,
        )  # fmt: skip


def own_figures(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What the speaker is on record with besides: shares and areas of the day, totals before and after, parts of a period."""
    if claim.value is None or claim.day is None:
        return
    side = setting.side_of(claim.speaker)
    mine = frozenset() if claim.speaker in ARTICLE else setting.matched(claim.speaker)
    rows = [r for r in setting.statements if equivalent(claim.measure, r["measure"], claim.day, r["day"])]
    based = claim.measure in SENSES and (side == "russia" or any(one in setting.totals for one in mine))
    for row in rows if based else ():
        if row["claimant"] in mine and row["day"] == claim.day and row["measure"] != claim.measure:
            yield replace(of_row(claim, row, setting), question="adds_up", least=coarse(claim.value))
    if TOTALS.get(claim.measure) and side in ("", TOTALS[claim.measure]):
        totals = [row for row in rows if row["measure"] in TOTALS and row["side"] == TOTALS[claim.measure]]
        totals.sort(key=lambda r: (abs(days_apart(claim, r)), r["measure"] != claim.measure, r["claim_id"]))
        earlier, later = ([r for r in totals if sign * days_apart(claim, r) > 0] for sign in (-1, 1))
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


def _bounds(claim: Claim, rows: list[Row], bound: Bound, text: str, setting: Setting) -> Iterator[Evidence]:
    """The first of the rows that says something as a bound: above zero, or below 100 percent or the base."""
    whole = {unit: setting.base_km2 * conversion("km2", unit) for unit in ("km2", "sq_mi")} | {
        "percent": 100.0
    }
    for row in rows:
        evidence = of_row(claim, row, setting)
        left = bound(evidence.values) if evidence.values else None
        if left and (left.lower > 0 or left.upper < whole.get(left.unit, math.inf)):
            w = setting.words
            clause = w.say(f"check-bounds.{text}", clause=evidence.clause, range=spread(left, w))
            short = w.say("check.statement_short", who=w.plain(row["claimant"]), shown=rough(left, w))
            yield replace(evidence, clause=clause, values=left, question="adds_up", short=short)
            return


def duration(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How long it had lasted on the day of the claim: since its window or event began, the incursion, or the war."""
    if claim.measure not in DURATIONS or claim.day is None or claim.value is None:
        return
    w, (unit, whole_war), end = setting.words, DURATIONS[claim.measure], claim.day
    event, sources = setting.events.get(claim.event_id), ""
    if claim.window is not None:
        (start, end), title = claim.window, w.say("check.since_window")
    elif event is not None:
        start, title, sources = event["date"], w.plain(event["title"]), event["source_ids"]
    elif claim.value >= whole_war:
        start, title = WAR_START, w.say("check.since_war")
    else:
        start, title = INCURSION, w.say("check.since_incursion")
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


def elapsed(start: pd.Timestamp, end: pd.Timestamp, unit: str) -> float:
    """Time between two days in days, or in calendar months or years with the fraction of the last one."""
    if unit == "days":
        return float((end - start).days)
    step, whole = 1 if unit == "months" else 12, 0
    while start + pd.DateOffset(months=step * (whole + 1)) <= end:
        whole += 1
    last, following = (start + pd.DateOffset(months=step * n) for n in (whole, whole + 1))
    return whole + (end - last).days / (following - last).days


def event_day(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The day of the claim against the day of its event in the timeline.

    A claim that names the day of an event must meet it. Any other claim must only not speak of a day before its
    event; if the event lies further back than the tolerance, the two are not compared.
    """
    window = claim.window or (None if claim.as_of is None else (claim.as_of, claim.as_of))
    event = setting.events.get(claim.event_id)
    if event is None or window is None or claim.measure in DURATIONS:
        return
    w, (first, last) = setting.words, window
    begins = event["date"]
    ends: pd.Timestamp = begins if pd.isna(event["end_date"]) else event["end_date"]
    distance = min(0, int((ends - first).days)) + max(0, int((begins - last).days))
    named, far = claim.measure == "event_date", distance < -setting.tolerance_days
    if distance > 0 or (named and distance):
        status, outcome = Status.INCONSISTENT, "days_differ" if named else "later"
    elif far and not named:
        status, outcome = Status.NOT_COMPARABLE, "not_comparable"
    else:
        status, outcome = Status.CONSISTENT, "days_fit" if named else "only_days_fit"
    values = {"said": period(first, last, w), "when": period(begins, ends, w), "apart": apart(distance, w)}
    outcome = w.say(f"check-outcomes.{outcome}")
    told = w.say("check.event", event=w.plain(event["title"]), outcome=outcome, **values)
    yield Evidence(
        "timeline", claim.event_id, told, status=status, days_apart=abs(distance), source_ids=event["source_ids"],
        votes=named or distance > 0, short=w.say("check.event_short", when=values["when"]),
    )  # fmt: skip
