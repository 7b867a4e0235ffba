"""Evidence from the calendar: durations, days of events, and what was recorded by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim
from kurskdata.check.evidence import Evidence, Setting, always, saying
from kurskdata.errors import InputError
from kurskdata.tables import reader
from kurskdata.tables.descriptor import covered
from kurskdata.tables.intervals import Interval
from kurskdata.words.figures import amount, apart, day, period, spread

WAR_START = pd.Timestamp("2022-02-24")
"""First day of Russia's full-scale invasion: durations that name no event of the timeline count from it."""

DAY_UNIT = "campaign_day"
"""Unit of days in the columns of numbers: days since 6 August 2024, which is day 0."""

Window = tuple[pd.Timestamp, pd.Timestamp]
Texts = dict[str, str]

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
        start=day(start, w), title=title, end=day(end, w), days=amount(days, "days", w), found=spread(found, w),
    )  # fmt: skip
    if event is None:
        yield Evidence("arithmetic", str(start.date()), saying(clause), always(found), days_apart=days)
    else:
        sources = event["source_ids"]
        yield Evidence(
            "timeline", claim.event_id, saying(clause), always(found), days_apart=days, source_ids=sources
        )


def elapsed(start: pd.Timestamp, end: pd.Timestamp, unit: str) -> float:
    """Time between two days in days, or in calendar months or years with the part of the one that runs."""
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

    A claim that names the day of an event must meet it. Any other claim only must not speak of a day before its
    event; an event that lies further back than the tolerance says nothing of the day.
    """
    window = claim.window or (None if claim.as_of is None else (claim.as_of, claim.as_of))
    event = _event(claim, setting)
    if event is None or window is None or claim.measure in DURATIONS:
        return
    w, begins = setting.words, event["date"]
    ends = begins if pd.isna(event["end_date"]) else event["end_date"]
    distance = _distance(*window, begins, ends)
    values = {"event": w.plain(event["title"]), "when": period(begins, ends, w), "said": period(*window, w)}
    compared = _day_named if claim.measure == "event_date" else _day_spoken_of
    part = compared(window, distance, values, setting)
    yield Evidence(
        "timeline", claim.event_id, values=always(_days(begins, ends)), days_apart=abs(distance),
        source_ids=event["source_ids"], **part,
    )  # fmt: skip


def _day_named(window: Window, distance: int, values: Texts, setting: Setting) -> dict[str, Any]:
    """How a claim that names the day of an event is compared."""
    w = setting.words
    return {
        "own": _days(*window),
        "claimed": w.text("The claim says {said}", **values),
        "clause": saying(_on(distance, None, values, setting)),
        "outcome": {"consistent": w.text("the days fit"), "inconsistent": w.text("the days do not fit")},
    }


def _day_spoken_of(window: Window, distance: int, values: Texts, setting: Setting) -> dict[str, Any]:
    """How a claim that only speaks of a day is compared: its event may lie within the tolerance before it."""
    w, tolerance = setting.words, setting.tolerance_days
    far, before = distance < -tolerance, -tolerance <= distance < 0
    clause = _on(distance, tolerance if before else None, values, setting)
    if far:
        reach = amount(tolerance, "days", w)
        clause = w.text("{clause}, more than the tolerance of {tolerance}", clause=clause, tolerance=reach)
    return {
        "own": _days(window[0] - pd.Timedelta(days=tolerance), window[1]),
        "claimed": w.text("The claim speaks of {said}", **values),
        "clause": saying(clause),
        "status": "not comparable" if far else None,
        "outcome": {
            "consistent": w.text("the days fit, which says nothing of the rest of the claim"),
            "inconsistent": w.text("the event came after the day that the claim speaks of"),
        },
    }


def _on(distance: int, tolerance: int | None, values: Texts, setting: Setting) -> str:
    w = setting.words
    return w.text(
        "the timeline has “{event}” on {when}, {apart}", apart=apart(distance, w, tolerance), **values
    )


def recorded(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How other publishers give a claim, as it was researched by hand. No comparison of figures, so no status."""
    if not claim.finding:
        return
    w = setting.words
    text = {
        "agrees": w.text(
            "Recorded by hand, not computed: other publishers give it too; the note of the claim says which."
        ),
        "partly": w.text(
            "Recorded by hand, not computed: other publishers give it in part; the note of the claim says what differs."
        ),
        "differs": w.text(
            "Recorded by hand, not computed: other publishers give it differently; the note of the claim says how."
        ),
    }[claim.finding]
    yield Evidence(
        "recorded", claim.finding, saying(text), status="not comparable", source_ids=claim.source_ids
    )


def nothing(claim: Claim, setting: Setting) -> Evidence:
    """Why a claim has nothing to be set against."""
    w = setting.words
    if claim.value is not None and claim.day is not None:
        text = w.text(
            "Nothing that was said, counted or measured of this kind lies within {tolerance} of {day}.",
            tolerance=amount(setting.tolerance_days, "days", w), day=day(claim.day, w),
        )  # fmt: skip
    elif claim.value is not None:
        text = w.text("The claim names no day, so no evidence can be found for its figure.")
    elif claim.event_id:
        text = w.text("The claim gives no figure, and no day that could be compared with its event.")
    else:
        text = w.text("The claim gives neither a figure nor an event of the timeline.")
    return Evidence("", "", saying(text), status="not comparable")


def _event(claim: Claim, setting: Setting) -> dict[Any, Any] | None:
    """The event of a claim, as far as it was known by then. Raises InputError for an id that does not exist."""
    if not claim.event_id:
        return None
    if claim.event_id not in set(reader.load("timeline")["event_id"]):
        raise InputError(
            f"claim {claim.claim_id}, column event_id: {claim.event_id!r} is not in the table timeline"
        )
    return setting.events.get(claim.event_id)


def _days(first: pd.Timestamp, last: pd.Timestamp) -> Interval:
    """A period as days of the campaign."""
    start = pd.Timestamp(covered()[0])
    return Interval(float((first - start).days), float((last - start).days), DAY_UNIT)


def _distance(first: pd.Timestamp, last: pd.Timestamp, begins: pd.Timestamp, ends: pd.Timestamp) -> int:
    """Days from the claim to the event: negative where the event is earlier, 0 where they meet."""
    if ends < first:
        return int((ends - first).days)
    return int((begins - last).days) if begins > last else 0
