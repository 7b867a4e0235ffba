"""Evidence for claims without a figure: days of events, and what was recorded by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kurskdata.check.adds_up import DURATIONS
from kurskdata.check.claims import Claim
from kurskdata.check.setting import CONSISTENT, INCONSISTENT, NOT_COMPARABLE, Evidence, Setting
from kurskdata.words.figures import apart, period


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
    named = claim.measure == "event_date"
    if named:
        status = INCONSISTENT if distance else CONSISTENT
        outcome = w.text("the days do not fit") if distance else w.text("the days fit")
    elif distance > 0:
        status, outcome = INCONSISTENT, w.text("the event came after the day that the claim speaks of")
    elif distance < -setting.tolerance_days:
        status, outcome = NOT_COMPARABLE, w.text("so the two are not compared")
    else:
        status, outcome = CONSISTENT, w.text("the days fit, which says nothing of the rest of the claim")
    when = period(begins, ends, w)
    sentence = w.text(
        "The claim speaks of {said}; the timeline has “{event}” on {when}, {apart}; {outcome}.",
        said=period(first, last, w), event=w.plain(event["title"]), when=when, apart=apart(distance, w), outcome=outcome,
    )  # fmt: skip
    yield Evidence(
        "timeline", claim.event_id, sentence, status=status, days_apart=abs(distance), source_ids=event["source_ids"],
        votes=named or distance > 0, short=w.text("the timeline, {when}", when=when),
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
            "Nothing of this kind was said, counted or measured near {day}.", day=w.date(claim.day)
        )
    elif claim.value is not None:
        sentence = w.text("The claim names no day, so no evidence can be found for its figure.")
    elif claim.event_id:
        sentence = w.text("The claim gives no figure, and no day that could be compared with its event.")
    else:
        sentence = w.text("The claim gives neither a figure nor an event of the timeline.")
    return Evidence("", "", sentence)
