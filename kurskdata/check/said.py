"""Was it said? By that speaker, in that measure, unit and qualifier, of that day."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from kurskdata.check.claims import NEAR, Claim, coarse, digits
from kurskdata.check.others import day_of, days_apart
from kurskdata.check.setting import CONSISTENT, INCONSISTENT, NOT_COMPARABLE, Evidence, Row, Setting
from kurskdata.check.speakers import ARTICLE
from kurskdata.tables.intervals import conversion
from kurskdata.words.figures import apart, label, said_or_range

GROWING = pd.Timestamp("2024-10-01")
"""Up to this day what Ukraine held was what it had taken: the two words told the same."""

_FLIPPED = {"km2": "sq_mi", "sq_mi": "km2", "km": "mi", "mi": "km"}
_LOWER, _UPPER = ("more_than", "at_least"), ("less_than", "at_most", "nearly")
_UNDATED = 999


class Answer(NamedTuple):
    """The answer, how it differs, and the statements that it rests on, the nearest first."""

    answer: str
    how: str = ""
    rows: tuple[Row, ...] = ()


def said(claim: Claim, setting: Setting) -> Answer:
    """Whether the speaker of a claim is on record with it.

    *as_said*, *differs* (``how`` is unit, kind, number, qualifier or day), *other_speaker*, *not_on_record*, or
    *not_asked* for what the article itself says and for lengths of time, which no table holds.
    """
    if claim.value is None or claim.speaker in ARTICLE or claim.unit in ("days", "months", "years"):
        return Answer("not_asked")
    rows = sorted(setting.said, key=lambda row: (_distance(claim, row), row["claim_id"]))
    speaks, tolerance = _speaks(claim.speaker, setting), setting.tolerance_days
    mine = [row for row in rows if speaks(row)]
    # A text that names no day may be of the days after.
    unnamed = 2 if claim.start is not None and claim.day == setting.cut else -1
    today = [row for row in mine if _same_day(claim, row, tolerance) or _distance(claim, row) <= unnamed]
    alike = [
        r
        for r in mine
        if _alike(claim, r) or (claim.measure == r["measure"] and _distance(claim, r) <= unnamed)
    ]
    figure = [row for row in alike if same_figure(claim, row)]
    spoken = [row for row in figure if row in today]
    worded = any(row["qualifier"] == claim.qualifier for row in spoken)
    direct = setting.speakers.matched(claim.speaker)
    # A round total that was taken is in every paper; as the word of a party it needs that party's record.
    party = setting.speakers.side_of(claim.speaker) in ("russia", "ukraine")
    common = not party and claim.measure == "area_seized" and digits(claim.value) < 3
    elsewhere = [row for row in mine if row["measure"] == claim.measure and same_figure(claim, row)]
    ways: list[tuple[str, str, Iterator[Row]]] = [
        ("differs", "qualifier", (r for r in spoken if not worded and _turned(claim, r))),
        ("as_said", "", iter(spoken)),
        ("differs", "unit", (r for r in today if _same_measure(claim, r) and _in_other_unit(claim, r))),
        ("differs", "kind", (r for r in today if _of_other_kind(claim, r))),
        ("differs", "number", (r for r in mine if r["claimant"] in direct and _another_number(claim, r))),
        ("other_speaker", "", (r for r in rows if not common and _of_another(claim, r, tolerance))),
        ("differs", "day", iter(figure or elsewhere)),
    ]  # fmt: skip
    for answer, how, found in ways:
        if matches := list(found):
            return Answer(answer, how, tuple(_nearest(claim, matches)))
    return Answer("not_on_record")


def _nearest(claim: Claim, rows: list[Row]) -> list[Row]:
    """The statements of the nearest day, the one in the digits of the claim first, of several wordings the main one."""
    nearest = [row for row in rows if _distance(claim, row) == _distance(claim, rows[0])]
    same = {name: getattr(claim, name) for name in ("unit", "value")}
    return sorted(
        nearest,
        key=lambda r: [r[name] != own for name, own in same.items()] + [isinstance(r["variant_of"], str)],
    )


def _speaks(speaker: str, setting: Setting) -> Callable[[Row], bool]:
    """Tells whether a row is the speaker's: said by him, measured by him, or carried by a medium."""
    who = setting.speakers
    mine, side = who.matched(speaker), who.whole_side(speaker)
    medium, name = who.side_of(speaker) in ("", "independent"), re.compile(rf"\b{re.escape(speaker)}\b")

    def speaks(row: Row) -> bool:
        carried = medium and (row["origin"] in mine or name.search(row["carriers"]) is not None)
        return row["claimant"] in mine or row["side"] == side or carried

    return speaks


def _same_measure(claim: Claim, row: Row) -> bool:
    """Whether the two count the same: what was taken and what is held are one while the area grew."""
    pair = {claim.measure, row["measure"]}
    if pair == {"area_held", "area_seized"}:
        return all(day is not None and day <= GROWING for day in (claim.day, row["day"]))
    if claim.measure.endswith("_in_window") and not _same_window(claim, row):
        return False
    return len(pair) == 1 or pair == {"share_retaken", "share_lost"}


def _alike(claim: Claim, row: Row) -> bool:
    """Whether two may be the same in other words: a period left out or as long as the campaign, what is held and what is
    left to retake."""
    pair = {claim.measure, row["measure"]}
    whole = claim.window is None or (claim.window[0] - GROWING).days < -15
    periods = whole and {one.removesuffix("_in_window") for one in pair} < pair
    return _same_measure(claim, row) or periods or pair == {"settlements_held", "settlements_left"}


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


def _distance(claim: Claim, row: Row) -> int:
    """Days between a claim and the nearest day of a row: spoken of or announced."""
    days = [row[column] for column in ("as_of", "window_end", "reported") if pd.notna(row[column])]
    if claim.day is None or row["as_of_month"] == str(claim.day)[:7]:
        return 0
    return min((abs(int((claim.day - day).days)) for day in days), default=_UNDATED)


def _same_day(claim: Claim, row: Row, tolerance: int) -> bool:
    """Whether a row is of the day of the claim, or has none. A total that was taken has no day once it was reached."""
    if claim.measure == row["measure"] and claim.measure.endswith("_in_window"):
        return _same_window(claim, row)
    distance = _distance(claim, row)
    if claim.measure == "area_seized" == row["measure"] and claim.day is not None and row["day"] is not None:
        distance = min(distance, max(0, int((row["day"] - claim.day).days)))
    return distance <= tolerance or distance == _UNDATED


def same_figure(claim: Claim, row: Row) -> bool:
    """Whether the figure of a claim is that of a row, in other digits where it was rounded or converted."""
    if claim.value is None or claim.unit not in (row["unit"], _FLIPPED.get(row["unit"])):
        return False
    if claim.value_to is not None:
        ends, there = sorted((claim.value, claim.value_to)), row["figure"].to(claim.unit)
        if row["unit"] != claim.unit:
            ends = [ends[0] - coarse(ends[0], 0.1), ends[1] + coarse(ends[1], 0.1)]
        if row["unit"] != claim.unit or not isinstance(row["range_with"], str):
            return bool(ends[0] <= there.upper and there.lower <= ends[1])
        return all(_is_figure(a, b, claim) for a, b in zip(ends, (there.lower, there.upper), strict=True))
    value = row["value"] * conversion(row["unit"], claim.unit)
    return _is_figure(claim.value, value, claim, converted=row["unit"] != claim.unit)


def _is_figure(mine: float, theirs: float, claim: Claim, *, converted: bool = False) -> bool:
    """Whether one figure is the other: with its qualifier, converted, or with fewer digits."""
    gap, step = mine - theirs, 2 * coarse(mine, 0.0625)
    if math.isclose(mine, theirs, rel_tol=1e-9):
        return True
    if claim.qualifier in _LOWER and -step < gap <= 0:
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


def _in_other_unit(claim: Claim, row: Row) -> bool:
    unit = _FLIPPED.get(claim.unit)
    return unit is not None and same_figure(replace(claim, unit=unit), row)


def _of_other_kind(claim: Claim, row: Row) -> bool:
    """Whether the speaker gave the figure for something else."""
    alike = claim.measure == row["measure"] or _same_measure(claim, row)
    return not alike and same_figure(claim, row)


def _another_number(claim: Claim, row: Row) -> bool:
    """Whether the speaker gave another figure on the very day, or one beside it: later there may be a new one."""
    near = claim.day is not None and _distance(claim, row) <= (not claim.measure.endswith("_in_window"))
    return near and _same_measure(claim, row) and not same_figure(claim, row)


def _of_another(claim: Claim, row: Row, tolerance: int) -> bool:
    """Whether somebody is on record with the figure."""
    near = _distance(claim, row) != _UNDATED and _same_day(claim, row, tolerance)
    return near and _same_measure(claim, row) and same_figure(claim, row) and not _turned(claim, row)


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
    status = {"as_said": CONSISTENT, "not_on_record": NOT_COMPARABLE}.get(answer.answer, INCONSISTENT)
    for row in () if answer.answer == "not_asked" else answer.rows or (None,):
        sentence = setting.words.say("check.clause", clause=clause(claim, answer, row, setting))
        told = Evidence("", "", sentence, status=status, question="said")
        if row:
            given = {name: row[name] for name in ("origin", "source_ids")}
            days = abs(days_apart(claim, row))
            told = replace(told, kind="claim", evidence_id=row["claim_id"], days_apart=days, **given)
        yield told
