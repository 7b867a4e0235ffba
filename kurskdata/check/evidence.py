"""One piece of evidence for a claim, and what all who look for evidence need to know.

A finder takes a claim and a `Setting` and yields `Evidence`. It says which values the evidence allows and, in a
clause, how they come about; whether claim and evidence agree follows from the values alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim, Reading
from kurskdata.tables import reader
from kurskdata.tables.as_of import known
from kurskdata.tables.descriptor import allowed, covered
from kurskdata.tables.intervals import COUNTED, Interval
from kurskdata.tables.settlements import settlements_per_day
from kurskdata.tables.views import area_held, figure, held_on_map, timeline
from kurskdata.words.figures import amount, qualified, spread
from kurskdata.words.language import Words

Values = Callable[[Reading], Interval]
Clause = Callable[[Reading], str]
Row = dict[Any, Any]


@dataclass(frozen=True)
class Evidence:
    """What one source of evidence allows for the figure of a claim.

    Without ``values`` there is no figure to compare: ``clause`` is the whole sentence and ``status`` holds. With
    both, the values are shown and not compared, as for a map that draws nothing on the day. ``own``, ``claimed``
    and ``outcome`` (clause by status) replace those of figures where days are compared.
    """

    kind: str
    evidence_id: str
    clause: Clause
    values: Values | None = None
    status: str | None = None
    own: Interval | None = None
    claimed: str = ""
    outcome: Mapping[str, str] = field(default_factory=dict)
    days_apart: int | None = None
    source_ids: str = ""


def always(found: Interval) -> Values:
    """Values that do not depend on how the claim is read."""
    return lambda _: found


def saying(text: str) -> Clause:
    """A clause that does not depend on how the claim is read."""
    return lambda _: text


@dataclass(frozen=True)
class Setting:
    """What is known on the day of the check, and by which rules it is compared."""

    article: list[Claim]
    words: Words
    cut: pd.Timestamp | None
    base_km2: float
    tolerance_days: int

    @functools.cached_property
    def said(self) -> list[Row]:
        """The figures of the table ``area`` that were public, each with the day that it speaks of.

        Of a range one end stands for both. Figures known for a month only are left out.
        """
        rows = known(reader.load("area"), self.cut)
        day = rows["as_of"].fillna(rows["reported"].where(rows["as_of_month"].isna()))
        other_end = (rows["qualifier"] == "at_most") & rows["range_with"].isin(rows["claim_id"])
        rows = rows.assign(day=day.fillna(rows["window_end"]))
        return rows[~other_end & rows["day"].notna()].to_dict("records")

    def figure(self, row: Row) -> Interval:
        """The interval of a row of ``area``. A plain figure may have been rounded or cut off: both are allowed."""
        found = figure(row, self.all_said)
        if row["qualifier"] != "exact" or row["unit"] in COUNTED:
            return found
        return replace(found, upper=max(found.upper, figure(row, self.all_said, "truncated").upper))

    @functools.cached_property
    def all_said(self) -> pd.DataFrame:
        """The same table with every end of a range, by claim."""
        return reader.load("area").set_index("claim_id", drop=False)

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """Settlements that Russia's Defence Ministry and General Staff announced as retaken, by day."""
        first, last = covered()
        return settlements_per_day(as_of=self.cut, start=first, end=last).set_index("date")

    @functools.cached_property
    def maps(self) -> dict[str, dict[pd.Timestamp, Interval | None]]:
        """What each map showed as held by Ukraine, by day: from held to held or unclear; None where not drawn."""
        found: dict[str, dict[pd.Timestamp, Interval | None]] = {
            name: {} for name in allowed("control", "observer")
        }
        for row in area_held(as_of=self.cut).to_dict("records"):
            found[row["observer"]][row["date"]] = held_on_map(row)
        return found

    @functools.cached_property
    def events(self) -> dict[str, Row]:
        """The timeline as far as it was known, by event."""
        return {str(row["event_id"]): row for row in timeline(as_of=self.cut).to_dict("records")}

    @functools.cached_property
    def sides(self) -> dict[str, str]:
        """The side on whose behalf a claimant speaks."""
        table = reader.load("area")
        return dict(zip(table["claimant"], table["side"], strict=True))


def claimed(claim: Claim, reading: Reading, w: Words) -> str:
    """What the claim says and how its figure is read, as a clause."""
    figure = qualified(amount(claim.value or 0, claim.unit, w), claim.qualifier, w)
    values = {"figure": figure, "range": spread(reading.values, w)}
    if claim.qualifier in ("about", "nearly"):
        return w.text("The claim says {figure}, that is {range}", **values)
    if reading.name == "rounded":
        return w.text("The claim says {figure}, read as rounded, {range}", **values)
    if reading.name == "truncated":
        return w.text("The claim says {figure}, read as truncated, {range}", **values)
    if reading.name == "more than" and claim.qualifier == "exact":
        return w.text("The claim says {figure}, read as {range}", **values)
    return w.text("The claim says {figure}", **values)
