"""The three answers for a claim, taken from its evidence, and the one line that an editor reads first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kurskdata.check import said as on_record
from kurskdata.check.claims import Claim, Reading
from kurskdata.check.said import Answer
from kurskdata.check.setting import CONSISTENT, INCONSISTENT, NOT_COMPARABLE, Evidence, Setting
from kurskdata.words.figures import spread
from kurskdata.words.language import Words

LONGEST = 200
"""Characters that a line has at most."""

_KINDS = ("map", "ledger", "calendar", "timeline", "claim", "arithmetic")
"""Kinds of evidence in the order in which a line names them."""


_EXPLAINED = ("rounded", "truncated", "near")
"""Readings that a sentence explains; all others say what they mean."""


@dataclass(frozen=True)
class Found:
    """A piece of evidence compared with its claim, by the reading that fits or else by the widest."""

    evidence: Evidence
    status: str
    reading: Reading | None
    sentence: str


def compared(claim: Claim, evidence: Evidence, w: Words) -> Found:
    """A claim set against one piece of evidence: it fits by the first reading that overlaps, the last being what may be missed."""
    values = evidence.values
    if values is None:
        return Found(evidence, evidence.status or NOT_COMPARABLE, None, evidence.clause)
    readings = [one for one in claim.readings if evidence.reading in ("", one.name)]
    if evidence.near or evidence.least:
        readings = [*readings, claim.widened(evidence.near, evidence.least)]
    fitting = next((one for one in readings if one.values.overlaps(values)), None)
    status = evidence.status or (CONSISTENT if fitting else INCONSISTENT)
    reading = fitting or readings[-1]
    way = reading.name if reading.name in _EXPLAINED else "plain"
    claimed = w.say(f"check-readings.{way}", figure=claim.shown(w), range=spread(reading.values, w))
    outcome = w.say(f"check-outcomes.{status.replace(' ', '_')}")
    sentence = w.say("check.compared", claim=claimed, evidence=evidence.clause, outcome=outcome)
    return Found(evidence, status, reading, sentence)


@dataclass(frozen=True)
class Answers:
    """The answers for one claim with the evidence that they rest on."""

    said: Answer
    adds_up: str
    others: str
    origins: int
    look: bool
    line: str
    found: tuple[Found, ...]


def answers(claim: Claim, evidence: Iterable[Evidence], setting: Setting) -> Answers:
    """The answers for a claim. ``look`` is true where an editor should stop.

    That is: the speaker is on record with something else, or somebody else with it; it does not add up, or all others
    contradict it, and nobody is on record with it. An accurate quotation is not marked, however much others disagree.
    """
    answer, w = on_record.said(claim, setting), setting.words
    found = [compared(claim, one, w) for one in evidence]
    deciding = _deciding(found)
    others = _verdict({one.status for one in deciding}, "agree", "disagree", "mixed", "none")
    if answer.how == "day" and others == "agree" and claim.measure.endswith("_in_window"):
        answer = Answer("not_on_record")  # a count of another period may well have been the same
    found = [*(compared(claim, one, w) for one in on_record.evidence(claim, answer, setting)), *found]
    sums = {one.status for one in found if one.evidence.question == "adds_up"}
    adds_up = _verdict(sums, "yes", "no", "no", "nothing")
    look = answer.answer in ("differs", "other_speaker") or (
        answer.answer != "as_said" and (adds_up == "no" or others == "disagree")
    )
    own = {row["origin"] for row in answer.rows} | setting.speakers.matched(claim.speaker) | {""}
    origins = {one.evidence.origin for one in deciding if one.status == CONSISTENT} - own
    line = _line(claim, answer, adds_up, found, deciding, setting)
    return Answers(answer, adds_up, others, len(origins), look, line, tuple(found))


def _deciding(found: list[Found]) -> list[Found]:
    """What others say: the speaker's own side decides only where there is nothing else."""
    voting = [
        one for one in found
        if one.evidence.question == "others" and one.evidence.votes and one.status != NOT_COMPARABLE
    ]  # fmt: skip
    return [one for one in voting if not one.evidence.own_side] or voting


def _verdict(statuses: set[str], yes: str, no: str, both: str, nothing: str) -> str:
    if CONSISTENT in statuses:
        return both if INCONSISTENT in statuses else yes
    return no if INCONSISTENT in statuses else nothing


def _line(
    claim: Claim, answer: Answer, adds_up: str, found: list[Found], deciding: list[Found], setting: Setting
) -> str:
    """The claim, who said it, and the nearest evidence for and against, as far as there is room."""
    w = setting.words
    parts = [on_record.clause(claim, answer, answer.rows[0] if answer.rows else None, setting)]
    if adds_up == "no" and answer.answer != "as_said":
        against = [one for one in found if one.evidence.question == "adds_up" and one.status == INCONSISTENT]
        parts.append(w.say("check.against", shown=against[0].evidence.short))
    for status in (CONSISTENT, INCONSISTENT):
        there = sorted((one for one in deciding if one.status == status), key=lambda one: _rank(claim, one))
        parts += [w.say(f"check-shown.{status}", shown=there[0].evidence.short)] if there else []
    parts = [part for part in parts if part] or [w.say("check.nothing")]
    for count in range(len(parts), 0, -1):
        told = "; ".join(parts[:count])
        line = w.say("check.clause", clause=told)
        if claim.value is not None:
            line = w.say("check.line", figure=claim.shown(w), parts=told)
        if len(line) <= LONGEST:
            return line
    return f"{line[: LONGEST - 1]}…"


def _rank(claim: Claim, one: Found) -> tuple[int, int, float]:
    """Maps first, then lists, then other claims; the nearest day and figure first."""
    values, mine, kind = one.evidence.values, claim.value or 0, one.evidence.kind
    gap = 0.0 if values is None else min(abs(values.lower - mine), abs(values.upper - mine))
    return _KINDS.index(kind), one.evidence.days_apart or 0, gap
