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
        status, outcome = (INCONSISTENT, "days_differ") if distance else (CONSISTENT, "days_fit")
    elif distance > 0:
        status, outcome = INCONSISTENT, "later"
    elif distance < -setting.tolerance_days:
        status, outcome = NOT_COMPARABLE, "not_comparable"
    else:
        status, outcome = CONSISTENT, "only_days_fit"
    values = {"said": period(first, last, w), "when": period(begins, ends, w), "apart": apart(distance, w)}
    told = w.say(
        "check.event", event=w.plain(event["title"]), outcome=w.say(f"check-outcomes.{outcome}"), **values
    )
    yield Evidence(
        "timeline", claim.event_id, told, status=status, days_apart=abs(distance), source_ids=event["source_ids"],
        votes=named or distance > 0, short=w.say("check.event_short", when=values["when"]),
    )  # fmt: skip


def recorded(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """How other publishers give a claim, as researched by hand. No figures are compared, so there is no status."""
    if claim.finding:
        told = setting.words.say(f"check-recorded.{claim.finding}")
        yield Evidence("recorded", claim.finding, told, source_ids=claim.source_ids)


def nothing(claim: Claim, setting: Setting) -> Evidence:
    """Why a claim cannot be compared with anything."""
    w = setting.words
    if claim.value is None:
        return Evidence("", "", w.say("check.no_figure") if claim.event_id else w.say("check.no_event"))
    near = w.say("check.nothing_near", day=w.date(claim.day)) if claim.day is not None else ""
    return Evidence("", "", near or w.say("check.no_day"))
