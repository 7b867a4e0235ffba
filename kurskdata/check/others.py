"""What others say and show: maps, the ledger of announcements, figures of other speakers, opposite kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim, digits
from kurskdata.check.setting import ARTICLE, SENSES, Evidence, Row, Scale, Setting, Status, equivalent
from kurskdata.tables import reader
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import MAPS, covered
from kurskdata.tables.intervals import Interval, at_least, at_most
from kurskdata.words.figures import amount, apart, label, period, rough, said_or_range, spread
from kurskdata.words.language import Words, sum_of

OPPOSITES = {"prisoners_freed": "prisoners_taken_by_russia", "prisoners_taken_by_russia": "prisoners_freed"}
"""Measures whose kinds exclude each other: who is set free is not captured by the same act."""

TOTALS = {
    "area_retaken": "russia", "share_retaken": "russia", "settlements_retaken": "russia",
    "prisoners_taken_by_russia": "russia", "prisoners_taken_by_ukraine": "ukraine",
}  # fmt: skip
"""Totals that only grow, as those who give them count, and the side that gives them."""

_SUMMANDS = 10
"""Sums over more days than this are given as their result alone."""

_SHRANK = {"area_retaken_in_window": 1, "reduction_in_window": 1, "area_seized_in_window": -1}
"""Measures of a change of the area on a map, and whether it shrank or grew."""

REDRAWN = 0.1
"""Part of a figure by which the change on a map may miss it: a map follows events with some hours of delay."""

STILL, SLOW = 0.05, 0.1
"""Between days whose maps differ by no more than these parts figures are compared, or can support each other."""

_STAYED = Interval(0.0, 0.0, "km2")
"""What an area grew by that did not change."""

_REACH = 7
"""Days within which a figure of another day is compared at all."""


def ledger(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Settlements announced as retaken: over the window of the claim, or in all up to its day."""
    window, in_all = claim.window, claim.measure == "settlements_retaken"
    if in_all and claim.day is not None:
        window = pd.Timestamp(covered()[0]), claim.day
    if window is None or not claim.measure.startswith("settlements_retaken"):
        return
    w, (once, each), (first, last) = setting.words, setting.ledger, window
    evidence_id, values = f"{first.date()}/{last.date()}", {"period": period(*window, w)}
    if first < once.index[0] or last > once.index[-1]:
        known = period(once.index[0], once.index[-1], w)
        yield Evidence("ledger", evidence_id, w.say("check.ledger_beyond", known=known, **values))
        return
    days, rows = once.loc[first:last], public("retaken", setting.cut)
    counts = [int(n) for n in days["settlements"]]
    by_tass = rows.loc[rows["in_tass_count"], "reported"]
    if not in_all:  # those named before it too
        other = len({*";".join(each.loc[first:last, "place_ids"]).split(";")} - {""})
    elif last > by_tass.max() + pd.Timedelta(days=1):  # TASS had stopped counting
        other = int(once.loc[:last, "settlements"].sum())
    else:
        other = int((by_tass <= last).sum())
    # "Earlier this week", as a text is read: the bulletin of one of these days may be meant.
    earlier = setting.cut is not None and last < setting.cut and first.weekday() == 0 and len(counts) < 7
    if earlier and claim.start is not None and claim.value in counts:
        counts, other = [int(claim.value)], int(claim.value)
    low, high = sorted((sum(counts), other))
    total = sum_of(counts) if 1 < len(counts) <= _SUMMANDS else w.number(sum(counts))
    clause = w.say("check.ledger", total=total, **values)
    if low < high:
        clause = w.say("check.ledger_otherwise", clause=clause, number=w.number(other))
    claims = {one for ids in days["claim_ids"] for one in ids.split(";")}
    sources = ";".join(rows.loc[rows["claim_id"].isin(claims), "source_ids"])
    yield Evidence(
        "ledger", evidence_id, clause, Interval(low, high, claim.unit), days_apart=0, near=0.0,
        origin="Russian Defence Ministry", short=w.say("check.ledger_short", total=total),
        source_ids=";".join(dict.fromkeys(sources.split(";"))),
    )  # fmt: skip


def maps(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What each map shows: the area on the day of the claim, by how much it changed over its window, or the largest ever."""
    press = setting.press_figure(claim.speaker, claim.measure)
    for observer, drawn in setting.maps["sudzha" if press else "any"].items():
        shown = _Map(observer, drawn, claim, setting)
        if claim.measure == "area_seized" and drawn:
            yield shown.largest()
        elif claim.measure in _SHRANK and claim.window is not None:
            yield shown.change(*claim.window)
        elif claim.day is not None and claim.measure == "area_unclear":
            yield from shown.unclear(claim.day)
        elif claim.day is not None and equivalent("area_held", claim.measure, claim.day):
            yield shown.held(claim.day, press) if claim.day in drawn else shown.around(claim.day)


@dataclass(frozen=True)
class _Map:
    """What one map has of a claim; ``drawn`` is the area in sq km by day, a total that was taken having none."""

    observer: str
    drawn: dict[pd.Timestamp, Interval]
    claim: Claim
    setting: Setting

    def told(
        self, on: pd.Timestamp, text: str, said: dict[str, str], values: Interval | None = None, short: str = "held"
    ) -> Evidence:  # fmt: skip
        """Evidence from the map, with its archive as source."""
        w, one = self.setting.words, MAPS[self.observer]
        archives = [name for name, page in reader.by_id("sources").items() if page["kind"] == "map_archive"]
        shown = rough(values, w) if values else ""
        return Evidence(
            "map", f"{self.observer} {on.date()}", w.say(f"check.{text}", map=one.full_name, **said), values,
            origin=one.name, days_apart=0 if values else None,
            short=w.say(f"check-maps.{short}", map=one.name, shown=shown) if values else "",
            source_ids=";".join(name for name in archives if name.startswith(self.observer)),
        )  # fmt: skip

    def expressed(self, held: Interval) -> tuple[Interval, str]:
        """An area in the terms of the claim, and how it comes about."""
        scale, w = self.setting.scale("area_held", self.claim), self.setting.words
        return scale.expressed(held), scale.written(held, w) or spread(held, w)

    def held(self, on: pd.Timestamp, press: bool) -> Evidence:
        w, (found, steps) = self.setting.words, self.expressed(self.drawn[on])
        evidence = self.told(on, "map", {"steps": steps, "day": w.date(on)}, found)
        return (
            replace(evidence, clause=w.say("check.map_pocket", clause=evidence.clause)) if press else evidence
        )

    def unclear(self, on: pd.Timestamp) -> Iterator[Evidence]:
        held, w = self.drawn.get(on), self.setting.words
        if held and held.lower < held.upper:
            grey = held.upper - held.lower
            area = Interval(grey, grey, "km2").to(self.claim.unit)
            yield self.told(on, "map_unclear", {"area": spread(area, w), "day": w.date(on)}, area)

    def around(self, on: pd.Timestamp) -> Evidence:
        """A map without the day: its nearest days, which are compared where they lie on both sides of it."""
        w, most = self.setting.words, self.setting.tolerance_days
        nearest: dict[bool, tuple[int, Interval, str]] = {}
        for days in sorted(range(-most, most + 1), key=abs):
            if held := self.drawn.get(on + pd.Timedelta(days=days)):
                nearest.setdefault(days > 0, (days, *self.expressed(held)))
        if not nearest:
            return self.told(on, "map_none", {"day": w.date(on)})
        each = [*nearest.values()]
        shown = [w.text("{figure} ({apart})", figure=steps, apart=apart(days, w)) for days, _, steps in each]
        low, high = min(one.lower for _, one, _ in each), max(one.upper for _, one, _ in each)
        both = Interval(low, high, self.claim.unit)
        evidence = self.told(on, "map_near", {"shown": w.list(shown), "day": w.date(on)}, both)
        status = None if len(nearest) > 1 else Status.NOT_COMPARABLE
        return replace(evidence, status=status, days_apart=min(abs(days) for days, *_ in each))

    def change(self, first: pd.Timestamp, last: pd.Timestamp) -> Evidence:
        w, before = self.setting.words, first - pd.Timedelta(days=1)
        old, new = self.drawn.get(before), self.drawn.get(last)
        values = {"before": w.date(before), "last": w.date(last)}
        if old is None or new is None or old == new:
            return self.told(last, "map_same", values)
        ends, sign = ((old.lower, new.lower), (old.upper, new.upper)), _SHRANK[self.claim.measure]
        if self.claim.unit == "percent":
            low, high = sorted(100 * (a - b) / a for a, b in ends)
        else:
            low, high = sorted(sign * (a - b) for a, b in ends)
        found = Interval(low, high, "percent" if self.claim.unit == "percent" else "km2").to(self.claim.unit)
        values |= {"old": spread(old, w), "new": spread(new, w), "change": spread(found, w)}
        told = self.told(last, "map_change", values, found, "change")
        return replace(told, near=REDRAWN, evidence_id=f"{self.observer} {before.date()}/{last.date()}")

    def largest(self) -> Evidence:
        day = max(self.drawn, key=lambda one: self.drawn[one].lower)
        high = max(held.upper for held in self.drawn.values())
        most = Interval(self.drawn[day].lower, high, "km2").to(self.claim.unit)
        return self.told(day, "map_largest", {"shown": spread(most, self.setting.words)}, most, "largest")


def _moved(claim: Claim, row: Row, setting: Setting) -> tuple[Interval, float] | None:
    """By how many sq km the area grew from the day of a row to that of a claim, as the maps of both show, and by which
    part; None without maps."""
    days: tuple[Any, ...] = row["day"], claim.day
    both = [[drawn[day] for day in days] for drawn in setting.maps["any"].values() if {*days} <= {*drawn}]
    ends = [pair for old, new in both for pair in ((old.lower, new.lower), (old.upper, new.upper))]
    changes = [after - before for before, after in ends]
    part = max((abs(after - before) / max(before, after, 1.0) for before, after in ends), default=0.0)
    return (Interval(min(changes), max(changes), "km2"), part) if changes else None


def statements(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures that other speakers gave for the same days, or for others after allowing for what the maps show between."""
    seen: set[str] = set()
    for row in reversed(_witnesses(claim, setting)):
        if claim.measure == "area_seized":
            # A total that was taken has no day: one figure of every origin.
            if row["measure"] == "area_seized" and row["origin"] not in seen:
                seen.add(row["origin"])
                evidence = of_row(claim, row, setting)
                values = evidence.values
                if values and not values.lower:  # up to 1,300 is not 400
                    values = replace(values, lower=0.9 * values.upper)
                yield replace(evidence, values=values)
        elif claim.window is not None and claim.measure.endswith("_in_window"):
            if row["measure"] == claim.measure and (row["window_start"], row["window_end"]) == claim.window:
                yield of_row(claim, row, setting)
        elif claim.day is not None and equivalent(claim.measure, row["measure"], claim.day, row["day"]):
            yield from _near(claim, row, setting)


def _near(claim: Claim, row: Row, setting: Setting) -> Iterator[Evidence]:
    days, evidence = days_apart(claim, row), of_row(claim, row, setting)
    if not days:
        yield evidence
    elif claim.measure in TOTALS and claim.measure not in SENSES:
        if abs(days) <= setting.tolerance_days:
            yield replace(evidence, values=(at_least if days < 0 else at_most)(row["figure"]))
    elif abs(days) <= _REACH and not evidence.own_side and (change := _moved(claim, row, setting)):
        found = of_row(claim, row, setting, change[0])
        supports = found.values is not None and claim.widened().values.overlaps(found.values)
        fits = change[1] <= STILL or (supports and change[1] <= SLOW)
        yield replace(found, status=None if fits else Status.NOT_COMPARABLE)


def opposites(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Figures near the day that count the opposite: once as another kind, once for the number alone."""
    w, opposite = setting.words, OPPOSITES.get(claim.measure)
    for row in setting.statements if claim.day is not None else ():
        if row["measure"] == opposite and abs(days_apart(claim, row)) <= setting.tolerance_days:
            plain = of_row(claim, row, setting)
            values = {"kind": label(claim.measure, w), "claimed": amount(claim.value or 0, claim.unit, w)}
            text = w.say("check.opposite", clause=plain.clause, **values)
            short = f"{plain.short} ({label(row['measure'], w)})"
            yield replace(plain, clause=text, values=None, status=Status.INCONSISTENT, short=short)
            yield replace(plain, clause=w.say("check.opposite_alone", clause=plain.clause), votes=False)


def _witnesses(claim: Claim, setting: Setting) -> list[Row]:
    """What others said: neither the speaker, nor whose figure he carries, nor who carries his.

    Whoever gives a figure of three digits or more after the speaker carries it: that is no accident. Nor is it where
    somebody of his own side gives any figure of his on the same day.
    """
    rows, own = setting.statements, setting.matched(claim.speaker)
    if claim.speaker in ARTICLE:
        return rows
    own |= {row["origin"] for row in rows if row["claimant"] in own}
    specific, side = claim.value is not None and digits(claim.value) > 2, setting.side_of(claim.speaker)
    carried = [
        row["claim_id"] for row in rows if (row["value"], row["unit"]) == (claim.value, claim.unit)
        and ((row["side"] == side in ("russia", "ukraine") and row["day"] == claim.day)
             or (specific and days_apart(claim, row) >= 0))
    ]  # fmt: skip
    return [r for r in rows if not {r["origin"], r["claimant"]} & own and r["claim_id"] not in carried]


def days_apart(claim: Claim, row: Row) -> int:
    """Days from the claim to the evidence; negative where the evidence is earlier, 0 where either has no day."""
    return int((row["day"] - claim.day).days) if claim.day is not None and row["day"] is not None else 0


def day_of(row: Row, w: Words) -> str:
    """The day of a row in words."""
    day = row["day"] if row["day"] is not None else row["reported"]
    return w.text("day not known") if pd.isna(day) else w.date(day)


def of_row(claim: Claim, row: Row, setting: Setting, grown: Interval = _STAYED) -> Evidence:
    """What a row of ``area`` says of a claim; ``grown`` is by how many sq km the area grew up to the day of the claim."""
    w, found = setting.words, _expressed(claim, row, setting, grown)
    when = f"{day_of(row, w)}, {apart(days_apart(claim, row), w)}"
    if pd.notna(row["window_start"]):
        when = period(row["window_start"], row["window_end"], w)
    values = {"who": w.plain(row["claimant"]), "what": label(row["measure"], w), "when": when}
    scale = setting.scale(row["measure"], claim, setting.base_of(row["claimant"]))
    steps = scale.written(row["figure"], w)
    if row["measure"] in SENSES and claim.measure in SENSES and scale.expressed(row["figure"]) != found:
        steps = w.say("check.brought", range=spread(found, w))  # a formula would give another range
    figure = said_or_range(row, row["figure"], w)
    clause = w.say("check.statement", figure=figure, **values)
    if steps:
        clause = w.say("check.statement_steps", clause=clause, steps=steps)
    shown = figure if row["measure"] == claim.measure else rough(found, w)
    side = setting.side_of(claim.speaker)
    return Evidence(
        "claim", row["claim_id"], clause, found, origin=row["origin"], days_apart=abs(days_apart(claim, row)),
        own_side=side in ("russia", "ukraine") and row["side"] == side, source_ids=row["source_ids"],
        short=w.say("check.statement_short", who=values["who"], shown=shown),
    )  # fmt: skip


def _expressed(claim: Claim, row: Row, setting: Setting, grown: Interval) -> Interval:
    """The figure of a row in the measure and unit of the claim, each share on the base of its own speaker.

    A press figure of DeepState gets the pocket near Tyotkino, which it leaves out and everybody else counts.
    """
    figure: Interval = row["figure"]
    one, other = row["measure"], claim.measure
    if one not in SENSES or other not in SENSES:
        return figure.to(claim.unit)
    base, alike = setting.base_of(row["claimant"]), SENSES[one] == SENSES[other]
    areas = "percent" not in (row["unit"], claim.unit)
    pocket = None
    if setting.press_figure(row["origin"], one) and not setting.press_figure(claim.speaker, other):
        pocket = setting.maps["tyotkino"]["deepstate"].get(row["day"])
    if alike and (areas or row["unit"] == claim.unit) and pocket is None and grown == _STAYED:
        return setting.scale(one, claim, base).expressed(figure)
    held = Scale(one, "area_held", "km2", base).expressed(figure)
    low, high = (pocket.lower, pocket.upper) if pocket else (0.0, 0.0)
    low, high = held.lower + grown.lower + low, held.upper + grown.upper + high
    held = replace(held, lower=max(low, 0.0), upper=max(high, 0.0))
    return setting.scale("area_held", claim, base if alike and areas else None).expressed(held)
