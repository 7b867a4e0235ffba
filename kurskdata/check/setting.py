"""One piece of evidence for a claim, and what every search for evidence needs to know.

A finder takes a claim and a `Setting` and yields `Evidence`: the values that the evidence allows and, as a clause
of a sentence, how they come about. Whether claim and evidence agree follows from the values alone.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kurskdata.check.claims import NEAR, Claim
from kurskdata.check.equivalents import SENSES, Scale
from kurskdata.check.speakers import ARTICLE, Speakers
from kurskdata.tables import reader
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import allowed, covered
from kurskdata.tables.intervals import COUNTED, Interval
from kurskdata.tables.settlements import settlements_per_day
from kurskdata.tables.views import area_held, figure, held_on_map, timeline
from kurskdata.words.language import Words

Row = dict[Any, Any]
Maps = dict[str, dict[pd.Timestamp, Interval | None]]

CONSISTENT, INCONSISTENT, NOT_COMPARABLE = STATUSES = ("consistent", "inconsistent", "not comparable")
"""What a comparison comes to: the intervals overlap, they do not, or there is nothing to compare."""


@dataclass(frozen=True)
class Evidence:
    """What one source of evidence allows for the figure of a claim.

    Without ``values`` there is no figure to compare: ``clause`` is then the whole sentence, and ``status`` holds or,
    where it is None, *not comparable*. With both, the values are shown, and ``status`` holds.

    ``question`` is the one that it answers: *said*, *adds_up* or *others*; ``origin`` who stands behind it and
    ``short`` what it comes to, in a few words. Evidence of the speaker's ``own_side`` decides where there is no other;
    what does not ``vote`` is shown only. ``near`` is the part of a figure by which two may miss each other, ``least``
    the same as a figure; ``reading`` is the only one by which the claim is compared, by default all in their order.
    """

    kind: str
    evidence_id: str
    clause: str
    values: Interval | None = None
    status: str | None = None
    question: str = "others"
    origin: str = ""
    short: str = ""
    own_side: bool = False
    votes: bool = True
    near: float = NEAR
    least: float = 0.0
    reading: str = ""
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

    @functools.cached_property
    def speakers(self) -> Speakers:
        pages = reader.load("sources")
        return Speakers(
            public("area", self.cut), dict(zip(pages["source_id"], pages["publisher"], strict=True))
        )

    @functools.cached_property
    def said(self) -> list[Row]:
        """The figures of ``area`` that were public, each with its interval ``figure``, whose it is, ``origin``, who carries
        it, ``carriers``, and the ``day`` that it speaks of: None for figures known for a month only, or without any date.
        """
        rows = public("area", self.cut)
        by_id, who = rows.set_index("claim_id", drop=False), self.speakers
        day = rows["as_of"].fillna(rows["reported"].where(rows["as_of_month"].isna()))
        rows = rows.assign(day=day.fillna(rows["window_end"]))
        # Conversions by a relay are left out: the claimant said the figure in another unit.
        said: list[Row] = rows[
            rows["variant_of"].map(by_id["unit"]).fillna(rows["unit"]) == rows["unit"]
        ].to_dict("records")
        for row in said:
            row |= {"figure": _figure(row, by_id), "origin": who.origin(row), "carriers": who.carriers(row)}
            row["day"] = row["day"] if pd.notna(row["day"]) else None
        return said

    @functools.cached_property
    def statements(self) -> list[Row]:
        """The main wordings among `said` that have a day; of a range one end stands for both."""
        ids = {row["claim_id"] for row in self.said}
        return [
            row for row in self.said
            if row["day"] is not None and not isinstance(row["variant_of"], str)
            and not (row["qualifier"] == "at_most" and row["range_with"] in ids)
        ]  # fmt: skip

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """Settlements that Russia's Defence Ministry and General Staff announced as retaken, by day."""
        first, last = covered()
        return settlements_per_day(as_of=self.cut, start=first, end=last).set_index("date")

    @functools.cached_property
    def announced(self) -> pd.DataFrame:
        """The same with repeats, as weekly summaries name them."""
        first, last = covered()
        return settlements_per_day(as_of=self.cut, start=first, end=last, first_only=False).set_index("date")

    @functools.cached_property
    def maps(self) -> dict[str, Maps]:
        """What each map showed as held by Ukraine, by pocket ("any" for both), observer and day: see `held_on_map`."""
        pockets: dict[str, Maps] = {}
        for pocket in ("any", *allowed("control", "pocket")):
            pockets[pocket] = {name: {} for name in allowed("control", "observer")}
            for row in area_held(as_of=self.cut, pocket=pocket).to_dict("records"):
                pockets[pocket][row["observer"]][row["date"]] = held_on_map(row)
        return pockets

    @functools.cached_property
    def events(self) -> dict[str, Row]:
        """The timeline as far as it was known, by event."""
        return {str(row["event_id"]): row for row in timeline(as_of=self.cut).to_dict("records")}

    @functools.cached_property
    def totals(self) -> dict[str, float]:
        """The total in sq km that a claimant last gave as taken, the base of his own shares."""
        rows = [row for row in self.statements if row["measure"] == "area_seized"]
        return {
            row["claimant"]: Interval(row["value"], row["value"], row["unit"]).to("km2").lower for row in rows
        }

    def base_of(self, speaker: str) -> float:
        """The area in sq km that a speaker's shares are taken of: his own total, else ``base_km2``."""
        if speaker in ARTICLE or self.speakers.side_of(speaker) == "russia":
            return self.base_km2
        own = [self.totals[one] for one in self.speakers.matched(speaker) if one in self.totals]
        return own[0] if own else self.base_km2

    def scale(self, source: str, claim: Claim, base_km2: float | None = None) -> Scale:
        """From a figure of the measure ``source`` to the measure and unit of a claim, on the base of its speaker."""
        return Scale(source, claim.measure, claim.unit, base_km2 or self.base_of(claim.speaker))

    def press_figure(self, speaker: str, measure: str) -> bool:
        """Whether a figure leaves out the pocket near Tyotkino, as those that DeepState gives to the press do."""
        return SENSES.get(measure) == "held" and "DeepState" in self.speakers.matched(speaker)


def _figure(row: Row, by_id: pd.DataFrame) -> Interval:
    """The interval of a row of ``area``. A plain figure may have been rounded or truncated: both are allowed."""
    rounded = figure(row, by_id)
    if row["qualifier"] != "exact" or row["unit"] in COUNTED:
        return rounded
    return replace(rounded, upper=max(rounded.upper, figure(row, by_id, "truncated").upper))
