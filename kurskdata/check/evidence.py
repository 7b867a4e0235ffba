"""One piece of evidence for a claim, and what every search for evidence needs to know.

A finder takes a claim and a `Setting` and yields `Evidence`: the values that the evidence allows and, as a clause
of a sentence, how they come about. Whether claim and evidence agree follows from the values alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim, Reading
from kurskdata.check.equivalents import Scale
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import allowed, covered
from kurskdata.tables.intervals import COUNTED, Interval
from kurskdata.tables.settlements import settlements_per_day
from kurskdata.tables.views import area_held, figure, held_on_map, timeline
from kurskdata.words.figures import amount, qualified, spread
from kurskdata.words.language import Words, message

Row = dict[Any, Any]


@dataclass(frozen=True)
class Evidence:
    """What one source of evidence allows for the figure of a claim.

    Without ``values`` there is no figure to compare: ``clause`` is then the whole sentence, and ``status`` holds or,
    where it is None, *not comparable*. With both, the values are shown and not compared, as for a map that draws
    nothing on the day. Clause and values may be functions of how the claim is read. Where days are compared and
    not figures, ``own``, ``claimed`` and ``outcome`` (a clause by status) replace what is derived from figures.
    """

    kind: str
    evidence_id: str
    clause: str | Callable[[Reading], str]
    values: Interval | Callable[[Reading], Interval] | None = None
    status: str | None = None
    own: Interval | None = None
    claimed: str = ""
    outcome: Mapping[str, str] = field(default_factory=dict)
    days_apart: int | None = None
    source_ids: str = ""


@dataclass(frozen=True)
class Setting:
    """What is known on the day of the check, and by which rules it is compared."""

    article: list[Claim]
    words: Words
    cut: pd.Timestamp | None
    base_km2: float
    tolerance_days: int

    def scale(self, source: str, claim: Claim) -> Scale:
        """From a figure of the measure ``source`` to the measure and unit of a claim."""
        return Scale(source, claim.measure, claim.unit, self.base_km2)

    @functools.cached_property
    def said(self) -> list[Row]:
        """The figures of the table ``area`` that were public, each with the ``day`` that it speaks of and its interval, ``figure``.

        Of a range one end stands for both. Figures known for a month only are left out, and so are conversions: who
        is named as the claimant said the figure in another unit.
        """
        rows = public("area", self.cut)
        by_id = rows.set_index("claim_id", drop=False)
        day = rows["as_of"].fillna(rows["reported"].where(rows["as_of_month"].isna()))
        other_end = (rows["qualifier"] == "at_most") & rows["range_with"].isin(rows["claim_id"])
        rows = rows.assign(day=day.fillna(rows["window_end"]))
        unit_said = rows["variant_of"].map(by_id["unit"]).fillna(rows["unit"])
        rows = rows[~other_end & rows["day"].notna() & (rows["unit"] == unit_said)]
        return [{**row, "figure": _figure(row, by_id)} for row in rows.to_dict("records")]

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """Settlements that Russia's Defence Ministry and General Staff announced as retaken, by day."""
        first, last = covered()
        return settlements_per_day(as_of=self.cut, start=first, end=last).set_index("date")

    @functools.cached_property
    def maps(self) -> dict[str, dict[pd.Timestamp, Interval | None]]:
        """What each map showed as held by Ukraine, by day: from held to held or unclear; None where not drawn."""
        maps: dict[str, dict[pd.Timestamp, Interval | None]] = {
            name: {} for name in allowed("control", "observer")
        }
        for row in area_held(as_of=self.cut).to_dict("records"):
            maps[row["observer"]][row["date"]] = held_on_map(row)
        return maps

    @functools.cached_property
    def events(self) -> dict[str, Row]:
        """The timeline as far as it was known, by event."""
        return {str(row["event_id"]): row for row in timeline(as_of=self.cut).to_dict("records")}

    @functools.cached_property
    def sides(self) -> dict[str, str]:
        """The side on whose behalf a claimant speaks."""
        return dict(public("area", self.cut)[["claimant", "side"]].itertuples(index=False, name=None))


def _figure(row: Row, by_id: pd.DataFrame) -> Interval:
    """The interval of a row of ``area``. A plain figure may have been rounded or truncated: both are allowed."""
    rounded = figure(row, by_id)
    if row["qualifier"] != "exact" or row["unit"] in COUNTED:
        return rounded
    return replace(rounded, upper=max(rounded.upper, figure(row, by_id, "truncated").upper))


_CLAIMED = {
    "about": message("The claim says {figure}, that is {range}"),
    "nearly": message("The claim says {figure}, that is {range}"),
    "rounded": message("The claim says {figure}, read as rounded, {range}"),
    "truncated": message("The claim says {figure}, read as truncated, {range}"),
    "more than": message("The claim says {figure}, read as {range}"),
}
"""By qualifier or, for a figure without one, by reading."""


def claimed(claim: Claim, reading: Reading, w: Words) -> str:
    """What the claim says and how its figure is read, as a clause."""
    figure = qualified(amount(claim.value or 0, claim.unit, w), claim.qualifier, w)
    plain = message("The claim says {figure}")
    text = _CLAIMED.get(reading.name if claim.qualifier == "exact" else claim.qualifier, plain)
    return w.text(text, figure=figure, range=spread(reading.values, w))
