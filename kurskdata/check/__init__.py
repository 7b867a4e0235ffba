"""Claims compared with other claims, the ledger of announcements, the maps and the calendar.

What a claim measures and the day it speaks of decide which evidence it is compared with. The two agree where
their intervals overlap: *consistent*, *inconsistent*, or *not comparable* with the reason. These are no truth
ratings: a claim can be consistent with what others said and all of them be wrong.

>>> import kurskdata
>>> from kurskdata.check import check_claims
>>> checked = check_claims(kurskdata.article())
>>> checked.loc[(checked["claim_id"] == "settlements-24") & (checked["evidence"] == "ledger"), "status"].tolist()
['consistent']
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim, Reading, measure_units, read_claims, stated
from kurskdata.check.dates import duration, event_day, nothing, recorded
from kurskdata.check.evidence import Evidence, Setting, claimed
from kurskdata.check.maps_and_ledger import ledger, map_changes, maps
from kurskdata.check.other_claims import near, opposites, totals, windows
from kurskdata.check.same_article import arithmetic, window_length
from kurskdata.days import Day
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.as_of import day
from kurskdata.tables.intervals import Interval
from kurskdata.tables.reader import TEXT
from kurskdata.tables.views import BASE_KM2
from kurskdata.words.language import Words

__all__ = ["COLUMNS", "STATUSES", "check_claims", "measure_units", "read_claims", "summary"]

STATUSES = ("consistent", "inconsistent", "not comparable")
"""What a comparison comes to: the intervals overlap, they do not, or there is nothing to compare."""

COLUMNS = (
    "claim_id", "status", "reading", "evidence", "evidence_id", "claim_low", "claim_high", "evidence_low",
    "evidence_high", "unit", "days_apart", "sentence", "source_ids",
)  # fmt: skip
"""The columns of the result of `check_claims`, which describes each."""

Finder = Callable[[Claim, Setting], Iterator[Evidence]]

_OF_OTHERS: tuple[Finder, ...] = (near, opposites, windows, totals, ledger, maps, map_changes)
_OF_ITSELF: tuple[Finder, ...] = (arithmetic, window_length, duration)
_OTHERWISE: tuple[Finder, ...] = (event_day, recorded)
"""For claims whose figure nobody else gave, counted or measured, and for those without a figure."""


def check_claims(
    claims: pd.DataFrame,
    *,
    as_of: Day = None,
    base_km2: float = BASE_KM2,
    tolerance_days: int = 3,
    language: str = "en",
) -> pd.DataFrame:
    """Compares the claims of an article with all evidence there is: one row per claim and piece of evidence.

    ``claims`` has one row per claim, with the columns that `read_claims` describes; ids are compared as text.
    ``as_of`` keeps only evidence that was public on that day. ``base_km2`` is the area in sq km that shares refer to,
    ``tolerance_days`` how many days evidence may lie from the day of a claim, ``language`` that of the sentences.

    Columns of the result:

    claim_id, status
        *consistent* where the intervals overlap; *inconsistent* where they do not, or where the two count
        opposite kinds; *not comparable* where there is nothing to compare, with the reason in ``sentence``.
    reading
        How the figure of the claim was read: *as written* for counts, the qualifier where there is one, else
        *rounded*, *truncated* and *more than*. Where the status is the same for all three there is one row,
        which shows *rounded*; otherwise there is one row for each. Empty without a figure.
    evidence, evidence_id
        Where the evidence comes from: *claim* (its id in ``area``), *ledger* (first and last day), *map*
        (observer and day), *arithmetic* (the other claim of the article, or the days counted), *timeline* (event)
        or *recorded* (finding). Empty where there is none.
    claim_low, claim_high, evidence_low, evidence_high, unit
        The two intervals in the unit of the claim; open ends are infinite. Days of events are in days since
        6 August 2024 (unit *campaign_day*). For a map that is not drawn on the day, the evidence spans its
        nearest drawn days. NaN where nothing is compared.
    days_apart
        Days between claim and evidence, or the duration in days; missing where there are none.
    sentence, source_ids
        The arithmetic in words, and the ids of the sources of the evidence, separated by semicolons.

    Raises InputError that lists every fault of the claims, and for an invalid day, base, tolerance or language.

    >>> import kurskdata as kd
    >>> checked = kd.check_claims(kd.article_claims(as_of="2025-03-14"), as_of="2025-03-14")
    >>> row = checked[(checked["claim_id"] == "settlements-24") & (checked["evidence"] == "ledger")].iloc[0]
    >>> row["status"], float(row["evidence_low"])
    ('consistent', 24.0)
    """
    if not (base_km2 > 0 and math.isfinite(base_km2)):
        raise InputError(f"base_km2: {base_km2} must be above zero")
    if isinstance(tolerance_days, bool) or not isinstance(tolerance_days, int) or tolerance_days < 0:
        raise InputError(f"tolerance_days: {tolerance_days!r} must be a whole number of days, zero or more")
    setting = Setting(stated(claims), Words(language), day(as_of), base_km2, tolerance_days)
    rows = [
        row
        for claim in setting.article
        for evidence in _evidence(claim, setting)
        for row in _rows(claim, evidence, setting.words)
    ]
    types: dict[str, Any] = {"days_apart": "Int64"} | {
        c: "float64" for c in COLUMNS if c.endswith(("_low", "_high"))
    }
    texts = {c: TEXT for c in COLUMNS if c not in types}
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).astype(texts | types)


def summary(checked: pd.DataFrame) -> pd.DataFrame:
    """How many rows of each status every claim has: one row per claim, in the order of ``checked``.

    ``checked`` is the result of `check_claims`, or rows of it with ``claim_id`` and ``status``. Columns:
    ``claim_id`` and the counts ``consistent``, ``inconsistent`` and ``not_comparable``. Raises InputError
    without these two columns.
    """
    checked = door.table(checked, "checked statuses")
    ids = checked["claim_id"].drop_duplicates()
    counts = pd.crosstab(checked["claim_id"], checked["status"]) if len(checked) else pd.DataFrame()
    counts = counts.reindex(index=ids, columns=list(STATUSES), fill_value=0).rename_axis(columns=None)
    return counts.rename(columns={"not comparable": "not_comparable"}).reset_index()


def _evidence(claim: Claim, setting: Setting) -> list[Evidence]:
    """Everything that a claim can be compared with; at least the reason why there is nothing."""
    evidence: list[Evidence] = []
    if claim.value is not None:
        of_others = [one for finder in _OF_OTHERS for one in finder(claim, setting)]
        evidence = [*of_others, *(one for finder in _OF_ITSELF for one in finder(claim, setting))]
        if of_others:
            return evidence
    evidence += [one for finder in _OTHERWISE for one in finder(claim, setting)]
    return evidence or [nothing(claim, setting)]


def _rows(claim: Claim, evidence: Evidence, w: Words) -> list[tuple[Any, ...]]:
    """One row, or one for each reading of the claim where the status depends on it."""
    if evidence.values is None:
        return [_row(claim, evidence, evidence.status or "not comparable", str(evidence.clause))]
    readings = claim.readings if evidence.own is None else [Reading("", evidence.own)]
    compared = []
    for reading in readings:
        allowed = evidence.values(reading) if callable(evidence.values) else evidence.values
        status = evidence.status or ("consistent" if reading.values.overlaps(allowed) else "inconsistent")
        compared.append((reading, allowed, status))
    alike = len({status for _, _, status in compared}) == 1
    rows = []
    for reading, allowed, status in compared[:1] if alike else compared:
        sentence = w.text(
            "{claim}; {evidence}; {outcome}.",
            claim=evidence.claimed or claimed(claim, reading, w),
            evidence=evidence.clause(reading) if callable(evidence.clause) else evidence.clause,
            outcome=evidence.outcome.get(status) or _outcome(status, alike and len(readings) > 1, w),
        )
        rows.append(_row(claim, evidence, status, sentence, reading, allowed))
    return rows


def _outcome(status: str, whichever: bool, w: Words) -> str:
    """What the comparison comes to, as a clause."""
    if status == "not comparable":
        return w.text("so the two are not compared")
    if status == "consistent":
        return w.text("they overlap however the figure is read") if whichever else w.text("they overlap")
    if whichever:
        return w.text("they do not overlap however the figure is read")
    return w.text("they do not overlap")


def _row(
    claim: Claim, evidence: Evidence, status: str, sentence: str,
    reading: Reading | None = None, allowed: Interval | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """The cells of `COLUMNS`."""
    name, own = reading if reading else ("", None)
    bounds = [
        bound for one in (own, allowed) for bound in ((one.lower, one.upper) if one else (math.nan, math.nan))
    ]
    unit = allowed.unit if allowed else claim.unit
    return (
        claim.claim_id, status, name, evidence.kind, evidence.evidence_id, *bounds, unit, evidence.days_apart,
        sentence, evidence.source_ids,
    )  # fmt: skip
