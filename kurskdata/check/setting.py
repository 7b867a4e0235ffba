"""What every search for evidence needs to know: speakers, statements, maps, and one figure expressed as another.

A finder takes a claim and a `Setting` and yields `Evidence`: the values that the evidence allows and, as a clause
of a sentence, how they come about. Whether claim and evidence agree follows from the values alone.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from kurskdata.check.claims import NEAR, Claim, Reading
from kurskdata.prose.lexicon import pattern, table
from kurskdata.tables import reader
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import allowed, covered
from kurskdata.tables.intervals import COUNTED, SQ_MI_IN_KM2, Interval, conversion
from kurskdata.tables.settlements import settlements_per_day
from kurskdata.tables.views import PEAK, area_held, figure, held_on_map, timeline
from kurskdata.words.figures import amount, spread
from kurskdata.words.language import Words

Row = dict[Any, Any]
Maps = dict[str, dict[pd.Timestamp, Interval]]

SENSES = {
    "share_retaken": "retaken", "share_lost": "retaken", "area_retaken": "retaken",
    "share_held": "held", "area_held": "held",
}  # fmt: skip
"""The measures that the area first occupied ties together, by what they tell of it: the base of Russia's percentages."""

ARTICLE = frozenset({"", "article"})
"""What stands for the article itself in the column of speakers."""

_KINDS = ("person", "source", "body", "observer", "outlet", "side")
"""Of several names in one speaker the first of these counts: "Gerasimov, of Russia's General Staff" is Gerasimov."""


class Status(StrEnum):
    """What a comparison comes to: the intervals overlap, they do not, or there is nothing to compare."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Evidence:
    """What one source of evidence allows for the figure of a claim.

    Without ``values`` there is no figure to compare: ``clause`` is then the whole sentence, and ``status`` holds or,
    where it is None, *not comparable*. With both, the values are shown, and ``status`` holds.

    ``question`` is the one that it answers: *said*, *adds_up* or *others*; ``origin`` who stands behind it and
    ``short`` what it comes to, in a few words. Evidence of the speaker's ``own_side`` decides where there is no other;
    what does not ``vote`` is shown only. ``near`` is the part of a figure by which two may miss each other, ``least``
    the same as a figure; ``reading`` is the only one by which the claim is compared, by default all in their order, and
    ``read``, once it was, the one that fits or else the widest; then ``clause`` is the sentence and ``status`` holds.
    """

    kind: str
    evidence_id: str
    clause: str
    values: Interval | None = None
    status: Status | None = None
    question: str = "others"
    origin: str = ""
    short: str = ""
    own_side: bool = False
    votes: bool = True
    near: float = NEAR
    least: float = 0.0
    reading: str = ""
    read: Reading | None = None
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
    def claimants(self) -> dict[str, tuple[str, str]]:
        """Name and side of each claimant of ``area``, by its name in small letters."""
        rows = public("area", self.cut)
        return {who.casefold(): (who, side) for who, side in zip(rows["claimant"], rows["side"], strict=True)}

    def matched(self, speaker: str) -> frozenset[str]:
        """The claimants that a speaker of an article stands for; its own name where none is known."""
        known = self.claimants.get(speaker.casefold())
        found = known[0] if known else next(iter(_spelled(speaker)), speaker)
        return frozenset({found, *table("speakers").get(found, {}).get("spoken_by", ())})

    def side_of(self, speaker: str) -> str:
        """The side of a speaker: russia, ukraine or independent; empty for the article and for the unknown."""
        known = [self.claimants.get(one.casefold()) for one in self.matched(speaker)]
        return next((one[1] for one in known if one), whole_side(speaker))

    @functools.cached_property
    def said(self) -> list[Row]:
        """The figures of ``area`` that were public, each with its interval ``figure``, whose it is, ``origin`` (ISW for an
        agency that measured its data), who carries it, ``carriers``: the publishers of its sources and what the capacity of
        its claimant tells, and the ``day`` that it speaks of: None for figures known for a month only, or without any date.
        """
        rows, pages = public("area", self.cut), reader.by_id("sources")
        by_id = rows.set_index("claim_id", drop=False)
        day = rows["as_of"].fillna(rows["reported"].where(rows["as_of_month"].isna()))
        rows = rows.assign(day=day.fillna(rows["window_end"]))
        # Conversions by a relay are left out: the claimant said the figure in another unit.
        kept = rows["variant_of"].map(by_id["unit"]).fillna(rows["unit"]) == rows["unit"]
        said: list[Row] = rows[kept].to_dict("records")
        of = {
            who: re.compile(rf"\b(from|of) (the )?{re.escape(who)}\b") for who, _ in self.claimants.values()
        }
        for row in said:
            told = str(row["capacity"]) if row["side"] == "independent" else ""
            measured = (who for who, named in of.items() if named.search(told))
            publishers = (pages[one]["publisher"] for one in row["source_ids"].split(";") if one in pages)
            row |= {"figure": _figure(row, by_id), "origin": next(measured, str(row["claimant"]))}
            row |= {"carriers": "; ".join([str(row["capacity"]), *publishers])}
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
    def ledger(self) -> list[pd.DataFrame]:
        """Settlements that Russia's Defence Ministry and General Staff announced as retaken, by day: each once, and with
        repeats, as weekly summaries name them."""
        span: dict[str, Any] = dict(zip(("start", "end"), covered(), strict=True))
        days = (settlements_per_day(as_of=self.cut, first_only=once, **span) for once in (True, False))
        return [one.set_index("date") for one in days]

    @functools.cached_property
    def maps(self) -> dict[str, Maps]:
        """What each map showed as held by Ukraine, by pocket ("any" for both), observer and day drawn: see `held_on_map`."""
        pockets: dict[str, Maps] = {}
        for pocket in ("any", *allowed("control", "pocket")):
            pockets[pocket] = {name: {} for name in allowed("control", "observer")}
            for row in area_held(as_of=self.cut, pocket=pocket).to_dict("records"):
                if held := held_on_map(row):
                    pockets[pocket][row["observer"]][row["date"]] = held
        return pockets

    @functools.cached_property
    def events(self) -> dict[str, Row]:
        """The timeline as far as it was known, by event."""
        return {str(row["event_id"]): row for row in timeline(as_of=self.cut).to_dict("records")}

    @functools.cached_property
    def totals(self) -> dict[str, float]:
        """The total in sq km that a claimant last gave as taken, the base of his own shares."""
        rows = [row for row in self.statements if row["measure"] == "area_seized"]
        return {row["claimant"]: row["value"] * conversion(row["unit"], "km2") for row in rows}

    def base_of(self, speaker: str) -> float:
        """The area in sq km that a speaker's shares are taken of: his own total, else ``base_km2``."""
        own = () if self.side_of(speaker) == "russia" else self.matched(speaker)
        return next((self.totals[one] for one in own if one in self.totals), self.base_km2)

    def scale(self, source: str, claim: Claim, base_km2: float | None = None) -> Scale:
        """From a figure of the measure ``source`` to the measure and unit of a claim, on the base of its speaker."""
        return Scale(source, claim.measure, claim.unit, base_km2 or self.base_of(claim.speaker))

    def press_figure(self, speaker: str, measure: str) -> bool:
        """Whether a figure leaves out the pocket near Tyotkino, as those that DeepState gives to the press do."""
        return SENSES.get(measure) == "held" and "DeepState" in self.matched(speaker)


@functools.cache
def _spelled(speaker: str) -> list[str]:
    """The speakers of ``kurskdata/prose/speakers.toml`` whose spellings stand in a text, the most telling first."""
    found = []
    for name, one in table("speakers").items():
        hit = re.search(pattern(one["as"]), speaker.casefold())
        if hit or name.casefold() == speaker.casefold():
            found.append((_KINDS.index(one["kind"]), -len(hit.group() if hit else name), name))
    return [name for *_, name in sorted(found)]


def whole_side(speaker: str) -> str:
    """The side for which a name stands that means no single claimant, such as Moscow; else empty."""
    named = table("speakers").get(next(iter(_spelled(speaker)), ""), {})
    return str(named["side"]) if named.get("kind") == "side" else ""


def _figure(row: Row, by_id: pd.DataFrame) -> Interval:
    """The interval of a row of ``area``. A plain figure may have been rounded or truncated: both are allowed."""
    rounded = figure(row, by_id)
    if row["qualifier"] != "exact" or row["unit"] in COUNTED:
        return rounded
    return replace(rounded, upper=max(rounded.upper, figure(row, by_id, "truncated").upper))


def equivalent(one: str, other: str, *days: pd.Timestamp | None) -> bool:
    """Whether one measure can be expressed as another on these days; a day that is not known is no obstacle.

    What is held tells what was retaken only from the day of the largest area on.
    """
    if one not in SENSES or other not in SENSES:
        return one == other
    return SENSES[one] == SENSES[other] or all(day is None or day >= PEAK for day in days)


@dataclass(frozen=True)
class Scale:
    """From the figure of one measure to the measure and unit of a claim, over the area first occupied in sq km.

    What of it Ukraine did not hold counts as retaken. Every step is exact interval arithmetic and can be written out.
    """

    source: str
    target: str
    unit: str
    base_km2: float

    @property
    def turned(self) -> bool:
        """Whether one tells what is held and the other what is retaken."""
        return SENSES.get(self.source) != SENSES.get(self.target)

    def uses_base(self, found: Interval) -> bool:
        """Whether the base enters: two shares, or two areas of the same sense, need none."""
        return self.turned or (found.unit == "percent") != (self.unit == "percent")

    def expressed(self, found: Interval) -> Interval:
        """The same statement in the terms of the claim, within the whole unless it lies wholly beyond it."""
        if not self.uses_base(found):
            return found.to(self.unit)
        whole = 100.0 if self.unit == "percent" else self.base_km2
        if found.unit == "percent" != self.unit:
            low, high = (bound * (whole / 100) for bound in (found.lower, found.upper))
            found = replace(found, lower=low, upper=high, unit="km2")
        elif found.unit != "percent":
            found = found.to("km2")
        if self.unit == "percent" != found.unit:
            found = found.share_of(Interval(self.base_km2, self.base_km2, "km2"))
        found = found.rest_of(whole) if self.turned else found
        return (found if found.upper < 0 or found.lower > whole else found.within(0.0, whole)).to(self.unit)

    def written(self, found: Interval, w: Words) -> str:
        """The steps of `expressed` as a formula with its result; empty where there are none."""
        if found.unit == self.unit and not self.uses_base(found):
            return ""
        base, factor = amount(self.base_km2, "km2", w), w.number(SQ_MI_IN_KM2, 2)
        formula = spread(found, w) if found.lower == found.upper else f"({spread(found, w)})"
        if found.unit == "sq_mi":
            formula += f" × {factor}"
        if self.unit == "percent" and found.unit != "percent":
            formula += f" ÷ {base}"
        if self.turned:
            whole = base if found.unit != "percent" and self.unit != "percent" else amount(100, "percent", w)
            formula = f"{whole} − {formula}"
        if found.unit == "percent" and self.unit != "percent":
            formula = f"({formula}) × {base}" if self.turned else f"{formula} × {base}"
        if self.unit == "sq_mi":
            formula = f"({formula}) ÷ {factor}" if " − " in formula else f"{formula} ÷ {factor}"
        return f"{formula} = {spread(self.expressed(found), w)}"
