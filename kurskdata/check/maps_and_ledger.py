"""Evidence from the ledger of announcements and from the maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kurskdata.check.claims import Claim
from kurskdata.check.equivalents import equivalent
from kurskdata.check.setting import NOT_COMPARABLE, Evidence, Setting
from kurskdata.tables import reader
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import covered
from kurskdata.tables.intervals import Interval
from kurskdata.tables.maps import MAPS
from kurskdata.words.figures import apart, period, rough, spread
from kurskdata.words.language import sum_of

_SUMMANDS = 10
"""Sums over more days than this are given as their result alone."""

REDRAWN = 0.1
"""Part of a figure by which the change on a map may miss it: a map follows events with some hours of delay."""


def ledger(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """Settlements announced as retaken: over the window of the claim, or in all up to its day."""
    window, in_all = claim.window, claim.measure == "settlements_retaken"
    if in_all and claim.day is not None:
        window = pd.Timestamp(covered()[0]), claim.day
    if window is None or not claim.measure.startswith("settlements_retaken"):
        return
    w, per_day, (first, last) = setting.words, setting.ledger, window
    evidence_id, values = f"{first.date()}/{last.date()}", {"period": period(*window, w)}
    if first < per_day.index[0] or last > per_day.index[-1]:
        known = period(per_day.index[0], per_day.index[-1], w)
        yield Evidence("ledger", evidence_id, w.say("check.ledger_beyond", known=known, **values))
        return
    days = per_day.loc[first:last]
    counts = [int(n) for n in days["settlements"]]
    other = _basis_of_tass(last, setting) if in_all else _named(first, last, setting)
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
    rows = public("retaken", setting.cut)
    sources = rows.loc[rows["claim_id"].isin(claims), "source_ids"]
    yield Evidence(
        "ledger", evidence_id, clause, Interval(low, high, claim.unit), days_apart=0, near=0.0,
        origin="Russian Defence Ministry", short=w.say("check.ledger_short", total=total),
        source_ids=";".join(dict.fromkeys(";".join(sources).split(";"))),
    )  # fmt: skip


def _named(first: pd.Timestamp, last: pd.Timestamp, setting: Setting) -> int:
    """How many settlements the announcements of a period name, those named before it too."""
    places = ";".join(setting.announced.loc[first:last, "place_ids"]).split(";")
    return len(set(places) - {""})


def _basis_of_tass(last: pd.Timestamp, setting: Setting) -> int:
    """How many settlements TASS counted by a day, or the ledger's own number where it had stopped counting."""
    counted = public("retaken", setting.cut).query("in_tass_count")["reported"]
    if last > counted.max() + pd.Timedelta(days=1):
        return int(setting.ledger.loc[:last, "settlements"].sum())
    return int((counted <= last).sum())


def maps(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What each map shows as held by Ukraine, or as unclear, on the day of the claim."""
    on, unclear = claim.day, claim.measure == "area_unclear"
    if on is None or not (unclear or equivalent("area_held", claim.measure, on)):
        return
    w, press = setting.words, setting.press_figure(claim.speaker, claim.measure)
    scale = setting.scale("area_held", claim)
    for observer, by_day in setting.maps["sudzha" if press else "any"].items():
        held = by_day.get(on)
        values = {"map": MAPS[observer].full_name, "day": w.date(on)}
        if unclear:
            if held is not None and held.lower < held.upper:
                grey = held.upper - held.lower
                area = Interval(grey, grey, "km2").to(claim.unit)
                clause = w.say("check.map_unclear", area=spread(area, w), **values)
                yield _of_map(observer, on, clause, area, setting)
            continue
        if held is None:
            yield _days_around(claim, on, observer, by_day, setting)
            continue
        steps = scale.written(held, w) or spread(held, w)
        clause = w.say("check.map", steps=steps, **values)
        if press:
            clause = w.say("check.map_pocket", clause=clause)
        yield _of_map(observer, on, clause, scale.expressed(held), setting)


def _days_around(
    claim: Claim,
    on: pd.Timestamp,
    observer: str,
    by_day: Mapping[pd.Timestamp, Interval | None],
    setting: Setting,
) -> Evidence:
    """A map without the day of the claim: its nearest days, which are compared where they lie on both sides of it."""
    w, scale = setting.words, setting.scale("area_held", claim)
    values: dict[str, object] = {"map": MAPS[observer].full_name, "day": w.date(on)}
    nearest: dict[bool, tuple[int, Interval]] = {}
    for days in sorted(range(-setting.tolerance_days, setting.tolerance_days + 1), key=abs):
        held = by_day.get(on + pd.Timedelta(days=days))
        if held is not None:
            nearest.setdefault(days > 0, (days, held))
    if not nearest:
        return _of_map(observer, on, w.say("check.map_none", **values), None, setting)
    shown = [
        w.text("{figure} ({apart})", figure=scale.written(held, w) or spread(held, w), apart=apart(days, w))
        for days, held in nearest.values()
    ]
    clause = w.say("check.map_near", shown=w.list(shown), **values)
    each = [scale.expressed(held) for _, held in nearest.values()]
    both = Interval(min(one.lower for one in each), max(one.upper for one in each), claim.unit)
    evidence = _of_map(observer, on, clause, both, setting)
    status = None if len(nearest) > 1 else NOT_COMPARABLE
    return replace(evidence, status=status, days_apart=min(abs(days) for days, _ in nearest.values()))


def map_changes(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """By how much the area on each map shrank, or grew, over the window of the claim."""
    signs = {"area_retaken_in_window": 1, "reduction_in_window": 1, "area_seized_in_window": -1}
    if claim.measure not in signs or claim.window is None:
        return
    w, (first, last) = setting.words, claim.window
    before = first - pd.Timedelta(days=1)
    for observer, by_day in setting.maps["any"].items():
        old, new = by_day.get(before), by_day.get(last)
        values = {"map": MAPS[observer].full_name, "before": w.date(before), "last": w.date(last)}
        if old is None or new is None or old == new:
            yield _of_map(observer, last, w.say("check.map_same", **values), None, setting)
            continue
        ends = ((old.lower, new.lower), (old.upper, new.upper))
        change = sorted(signs[claim.measure] * (a - b) for a, b in ends)
        unit = "km2"
        if claim.unit == "percent":
            change, unit = sorted(100 * (a - b) / a for a, b in ends), "percent"
        found = Interval(change[0], change[1], unit).to(claim.unit)
        values |= {"old": spread(old, w), "new": spread(new, w), "change": spread(found, w)}
        evidence = _of_map(observer, last, w.say("check.map_change", **values), found, setting, "change")
        yield replace(evidence, near=REDRAWN, evidence_id=f"{observer} {before.date()}/{last.date()}")


def largest(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """The largest area that each map ever showed: a total that was taken has no day."""
    w = setting.words
    for observer, by_day in setting.maps["any"].items() if claim.measure == "area_seized" else ():
        drawn = {day: held for day, held in by_day.items() if held is not None}
        if drawn:
            day = max(drawn, key=lambda one: drawn[one].lower)
            high = max(held.upper for held in drawn.values())
            most = Interval(drawn[day].lower, high, "km2").to(claim.unit)
            clause = w.say("check.map_largest", map=MAPS[observer].full_name, shown=spread(most, w))
            yield _of_map(observer, day, clause, most, setting, "largest")


def moved(first: pd.Timestamp, last: pd.Timestamp, setting: Setting) -> tuple[Interval, float] | None:
    """By how many sq km the area grew between two days, as the maps of both show, and by which part; None without maps."""
    changes, parts = [], []
    for by_day in setting.maps["any"].values():
        old, new = by_day.get(first), by_day.get(last)
        if old is not None and new is not None:
            for before, after in ((old.lower, new.lower), (old.upper, new.upper)):
                changes.append(after - before)
                parts.append(abs(after - before) / max(before, after, 1.0))
    return (Interval(min(changes), max(changes), "km2"), max(parts)) if changes else None


def _of_map(
    observer: str,
    on: pd.Timestamp,
    clause: str,
    values: Interval | None,
    setting: Setting,
    short: str = "held",
) -> Evidence:
    """Evidence from a map, with its archive as source."""
    archives = [name for name, page in reader.by_id("sources").items() if page["kind"] == "map_archive"]
    given: dict[str, Any] = {"origin": MAPS[observer].name, "days_apart": None if values is None else 0}
    if values is not None:
        shown = rough(values, setting.words)
        given["short"] = setting.words.say(f"check-maps.{short}", map=MAPS[observer].name, shown=shown)
    source = ";".join(name for name in archives if name.startswith(observer))
    return Evidence("map", f"{observer} {on.date()}", clause, values, source_ids=source, **given)
