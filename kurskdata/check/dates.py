"""Evidence from the calendar: durations, days of events, and what was recorded by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kurskdata.check.claims import Claim
from kurskdata.check.evidence import Evidence, Row, Setting
from kurskdata.tables.descriptor import covered
from kurskdata.tables.intervals import Interval
from kurskdata.words.figures import amount, apart, period, spread

WAR_START = pd.Timestamp("2022-02-24")
"""First day of Russia's full-scale invasion: durations that name no event of the timeline count from it."""

DAY_UNIT = "campaign_day"
"""Unit of days in the columns of numbers: days since 6 August 2024, which is day 0."""

DURATIONS = {"duration_days": "days", "duration_months": "months", "duration_years": "years"}


def duration(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How long it had lasted on the day of the claim, since its event or, without one, since the war began."""
    w, event, end = setting.words, _event(claim, setting), claim.as_of
    if claim.measure not in DURATIONS or end is None or claim.window is not None:
        return
    start: pd.Timestamp = WAR_START if event is None else event["date"]
    if start > end or (claim.event_id and event is None):
        return
    length = elapsed(start, end, DURATIONS[claim.measure])
    found = Interval(length, length, DURATIONS[claim.measure])
    title = w.text("start of the full-scale war") if event is None else w.plain(event["title"])
    days = int((end - start).days)
    clause = w.text(
        "from {start} ({title}) to {end} it is {days} or {found}",
        start=w.date(start), title=title, end=w.date(end), days=amount(days, "days", w), found=spread(found, w),
    )  # fmt: skip
    kind, evidence_id = ("arithmetic", str(start.date())) if event is None else ("timeline", claim.event_id)
    sources = "" if event is None else event["source_ids"]
    yield Evidence(kind, evidence_id, clause, found, days_apart=days, source_ids=sources)


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


def event_day(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The day of the claim against the day of its event in the timeline.

    A claim that names the day of an event must meet it. Any other claim must only not speak of a day before its
    event; if the event lies further back than the tolerance, the two are not compared.
    """
    window = claim.window or (None if claim.as_of is None else (claim.as_of, claim.as_of))
    event = _event(claim, setting)
    if event is None or window is None or claim.measure in DURATIONS:
        return
    w, tolerance = setting.words, setting.tolerance_days
    begins = event["date"]
    ends: pd.Timestamp = begins if pd.isna(event["end_date"]) else event["end_date"]
    distance = _distance(*window, begins, ends)
    named, said = claim.measure == "event_date", period(*window, w)
    near_before = not named and -tolerance <= distance < 0
    clause = w.text(
        "the timeline has “{event}” on {when}, {apart}",
        event=w.plain(event["title"]), when=period(begins, ends, w),
        apart=apart(distance, w, tolerance if near_before else None),
    )  # fmt: skip
    far = not named and distance < -tolerance
    if far:
        reach = amount(tolerance, "days", w)
        clause = w.text("{clause}, more than the tolerance of {tolerance}", clause=clause, tolerance=reach)
    if named:
        claimed = w.text("The claim says {said}", said=said)
        outcome = {"consistent": w.text("the days fit"), "inconsistent": w.text("the days do not fit")}
    else:
        claimed = w.text("The claim speaks of {said}", said=said)
        outcome = {
            "consistent": w.text("the days fit, which says nothing of the rest of the claim"),
            "inconsistent": w.text("the event came after the day that the claim speaks of"),
        }
    earliest = window[0] - pd.Timedelta(days=0 if named else tolerance)
    yield Evidence(
        "timeline", claim.event_id, clause, _days(begins, ends), status="not comparable" if far else None,
        own=_days(earliest, window[1]), claimed=claimed, outcome=outcome, days_apart=abs(distance),
        source_ids=event["source_ids"],
    )  # fmt: skip


def recorded(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How other publishers give a claim, as researched by hand. No figures are compared, so there is no status."""
    if not claim.finding:
        return
    w = setting.words
    sentence = {
        "agrees": w.text("Recorded by hand, not computed: other publishers give it too; the note of the claim says which."),
        "partly": w.text("Recorded by hand, not computed: other publishers give it in part; the note of the claim says what differs."),
        "differs": w.text("Recorded by hand, not computed: other publishers give it differently; the note of the claim says how."),
    }[claim.finding]  # fmt: skip
    yield Evidence("recorded", claim.finding, sentence, source_ids=claim.source_ids)


def nothing(claim: Claim, setting: Setting) -> Evidence:
    """Why a claim cannot be compared with anything."""
    w = setting.words
    if claim.value is not None and claim.day is not None:
        sentence = w.text(
            "Nothing that was said, counted or measured of this kind lies within {tolerance} of {day}.",
            tolerance=amount(setting.tolerance_days, "days", w), day=w.date(claim.day),
        )  # fmt: skip
    elif claim.value is not None:
        sentence = w.text("The claim names no day, so no evidence can be found for its figure.")
    elif claim.event_id:
        sentence = w.text("The claim gives no figure, and no day that could be compared with its event.")
    else:
        sentence = w.text("The claim gives neither a figure nor an event of the timeline.")
    return Evidence("", "", sentence)


def _event(claim: Claim, setting: Setting) -> Row | None:
    """The event that a claim names, where it was known by then."""
    return setting.events.get(claim.event_id) if claim.event_id else None


def _days(first: pd.Timestamp, last: pd.Timestamp) -> Interval:
    """A period as days of the campaign."""
    start = pd.Timestamp(covered()[0])
    return Interval(float((first - start).days), float((last - start).days), DAY_UNIT)


def _distance(first: pd.Timestamp, last: pd.Timestamp, begins: pd.Timestamp, ends: pd.Timestamp) -> int:
    """Days from the claim to the event: negative where the event is earlier, 0 where they meet."""
    return min(0, int((ends - first).days)) + max(0, int((begins - last).days))
