"""One piece of evidence for a claim, and what all who look for evidence need to know.

A finder takes a claim and a `Setting` and yields `Evidence`. It says which values the evidence allows and, in a
clause, how they come about; whether claim and evidence agree follows from the values alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from kurskdata import tables, views
from kurskdata.check.claims import Claim, Reading
from kurskdata.descriptor import covered
from kurskdata.intervals import Interval
from kurskdata.wording import Words

Values = Callable[[Reading], Interval]
Clause = Callable[[Reading], str]


@dataclass(frozen=True)
class Evidence:
    """What one source of evidence allows for the figure of a claim.

    ``values`` is None where there is nothing to compare; then ``status`` holds and ``clause`` is the whole
    sentence. With ``values`` a given ``status`` overrides the comparison: a map that draws nothing that day.
    """

    kind: str
    evidence_id: str
    clause: Clause
    values: Values | None = None
    status: str | None = None
    claimed: str | None = None
    own: Interval | None = None
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
    def said(self) -> pd.DataFrame:
        """The figures of the table ``area`` that were public, each with the day that it speaks of, if known.

        Of a range one end stands for both. A figure known for a month only has no day.
        """
        rows = views.known(tables.load("area"), self.cut)
        day = rows["as_of"].fillna(rows["reported"].where(rows["as_of_month"].isna()))
        other_end = (rows["qualifier"] == "at_most") & rows["range_with"].isin(rows["claim_id"])
        return rows.assign(day=day.fillna(rows["window_end"]))[~other_end]

    @functools.cached_property
    def all_said(self) -> pd.DataFrame:
        """The same table with every end of a range, by claim."""
        return tables.load("area").set_index("claim_id", drop=False)

    @functools.cached_property
    def ledger(self) -> pd.Series[int]:
        """Settlements that Russia's Defence Ministry and General Staff announced as retaken, by day."""
        first, last = covered()
        perday = views.settlements_per_day(as_of=self.cut, start=first, end=last)
        return perday.set_index("date")["settlements"]

    @functools.cached_property
    def ledger_sources(self) -> pd.DataFrame:
        """The announcements behind the ledger: day and source ids."""
        first, last = covered()
        perday = views.settlements_per_day(as_of=self.cut, start=first, end=last).set_index("date")
        return perday[["claim_ids"]]

    @functools.cached_property
    def events(self) -> pd.DataFrame:
        """The timeline as far as it was known, by event."""
        return views.timeline(as_of=self.cut).set_index("event_id", drop=False)

    @functools.cached_property
    def sides(self) -> dict[str, str]:
        """The side on whose behalf a claimant speaks."""
        table = tables.load("area")
        return dict(zip(table["claimant"], table["side"], strict=True))
