"""Evidence from the ledger of announcements and from the maps."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kurskdata.check.claims import Claim, Reading
from kurskdata.check.equivalents import equivalent
from kurskdata.check.evidence import Evidence, Setting
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import covered
from kurskdata.tables.intervals import Interval
from kurskdata.tables.maps import MAPS
from kurskdata.tables.reader import by_id
from kurskdata.words.figures import amount, apart, period, spread
from kurskdata.words.language import sum_of

_SUMMANDS = 10
"""Sums over more days than this are given as their result alone."""

_NEAREST = 2
"""As many drawn days are named where the day of the claim is not drawn."""


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
        text = w.text(
            "The announcements are known for {known}; {period} is not covered.", known=known, **values
        )
        yield Evidence("ledger", evidence_id, text)
        return
    counts = [int(n) for n in per_day.loc[first:last, "settlements"]]
    total = amount(sum(counts), claim.unit, w)
    if 1 < len(counts) <= _SUMMANDS:
        total = f"{sum_of(counts).partition(' = ')[0]} = {total}"
    clause = w.text(
        "Russia’s Defence Ministry and General Staff announced {total} as retaken for the first time ({period})",
        total=total, **values,
    )  # fmt: skip

    def with_others(reading: Reading) -> str:
        return w.text(
            "{clause}; {others}", clause=clause, others=_other_windows(claim, window, reading, setting)
        )

    yield Evidence(
        "ledger", evidence_id, clause if in_all else with_others, Interval(sum(counts), sum(counts), claim.unit),
        days_apart=0, source_ids=_ledger_sources(setting, first, last),
    )  # fmt: skip


def _other_windows(
    claim: Claim, window: tuple[pd.Timestamp, pd.Timestamp], reading: Reading, setting: Setting
) -> str:
    """How many other windows of the same length, ending by the day of the claim, would fit it too."""
    w, (first, last) = setting.words, window
    end, length = claim.day or last, int((last - first).days) + 1
    sums = setting.ledger["settlements"].rolling(length).sum().dropna()
    sums = sums[(sums.index <= end) & (sums.index != last)]
    fitting = sum(reading.values.overlaps(Interval(n, n, claim.unit)) for n in sums)
    values = {"others": w.number(len(sums)), "length": amount(length, "days", w), "end": w.date(end)}
    if not fitting:
        return w.text("of the {others} other periods of {length} that end by {end} none fits", **values)
    return w.plural(
        "of the {others} other periods of {length} that end by {end} {count} fits too",
        "of the {others} other periods of {length} that end by {end} {count} fit too",
        fitting,
        **values,
    )


def _ledger_sources(setting: Setting, first: pd.Timestamp, last: pd.Timestamp) -> str:
    claims = {one for ids in setting.ledger.loc[first:last, "claim_ids"] for one in ids.split(";")}
    rows = public("retaken", setting.cut)
    pages = rows.loc[rows["claim_id"].isin(claims), "source_ids"]
    return ";".join(dict.fromkeys(";".join(pages).split(";")))


def maps(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """What each map shows as held by Ukraine on the day of the claim; where it draws nothing, the nearest days."""
    if claim.day is None or not equivalent("area_held", claim.measure, claim.day):
        return
    for observer, held_by_day in setting.maps.items():
        held = held_by_day.get(claim.day)
        if held is not None:
            yield _drawn(claim, claim.day, observer, held, setting)
        else:
            yield _not_drawn(claim, claim.day, observer, setting)


def map_changes(claim: Claim, setting: Setting) -> Iterator[Evidence]:
    """By how much the area on each map shrank over the window of the claim."""
    if claim.measure != "area_retaken_in_window" or claim.window is None:
        return
    w, last = setting.words, claim.window[1]
    before = claim.window[0] - pd.Timedelta(days=1)
    for observer, held_by_day in setting.maps.items():
        days = f"{before.date()}/{last.date()}"
        old, new = held_by_day.get(before), held_by_day.get(last)
        values = {"map": _name(observer), "before": w.date(before), "last": w.date(last)}
        if old is None or new is None:
            missing = w.list([w.date(d) for d, held in ((before, old), (last, new)) if held is None])
            text = w.text(
                "The {map} map is not drawn on {missing}, which is not zero, so its change is not known.",
                missing=missing, **values,
            )  # fmt: skip
            yield _of_map(observer, days, text)
            continue
        change = Interval(old.lower - new.upper, old.upper - new.lower, "km2").to(claim.unit)
        clause = w.text(
            "the {map} map shows {old} held by Ukraine on {before} and {new} on {last}, with and without what is unclear, and so {change} less",
            old=spread(old, w), new=spread(new, w), change=spread(change, w), **values,
        )  # fmt: skip
        yield _of_map(observer, days, clause, change, days_apart=0)


def _name(observer: str) -> str:
    return MAPS[observer].full_name if observer in MAPS else observer


def _of_map(
    observer: str, days: str, clause: str, values: Interval | None = None, days_apart: int | None = None
) -> Evidence:
    """Evidence from a map, with its archive as source; not compared where the map lies on another day."""
    archives = [name for name, page in by_id("sources").items() if page["kind"] == "map_archive"]
    source = ";".join(name for name in archives if name.startswith(observer))
    status = "not comparable" if days_apart else None
    return Evidence(
        "map", f"{observer} {days}", clause, values, status, days_apart=days_apart, source_ids=source
    )


def _drawn(claim: Claim, on: pd.Timestamp, observer: str, held: Interval, setting: Setting) -> Evidence:
    w, scale = setting.words, setting.scale("area_held", claim)
    values = {"map": _name(observer), "day": w.date(on), "held": amount(held.lower, "km2", w)}
    if held.lower == held.upper:
        clause = w.text("the {map} map of {day} shows {held} held by Ukraine", **values)
    else:
        clause = w.text(
            "the {map} map of {day} shows {held} held by Ukraine, {upper} with what is unclear",
            upper=amount(held.upper, "km2", w), **values,
        )  # fmt: skip
    steps = scale.written(held, w)
    if steps:
        clause = w.text("{clause}: {steps}", clause=clause, steps=steps)
    return _of_map(observer, str(on.date()), clause, scale.expressed(held), days_apart=0)


def _not_drawn(claim: Claim, on: pd.Timestamp, observer: str, setting: Setting) -> Evidence:
    """A map that draws nothing on the day of the claim, or is missing: the nearest days are named, not compared."""
    w, by_day, scale = setting.words, setting.maps[observer], setting.scale("area_held", claim)
    reach = amount(setting.tolerance_days, "days", w)
    values = {"map": _name(observer), "day": w.date(on), "tolerance": reach}
    drawn = [(abs((d - on).days), d, held) for d, held in by_day.items() if held is not None]
    nearest = sorted(one for one in drawn if one[0] <= setting.tolerance_days)[:_NEAREST]
    if not nearest:
        text = w.text(
            "The {map} map is not drawn on {day} or within {tolerance} of it, which is not zero.", **values
        )
        return _of_map(observer, str(on.date()), text)
    values["shown"] = w.list(
        [
            w.text(
                "{figure} on {day} ({apart})",
                figure=scale.written(held, w) or spread(held, w), day=w.date(d), apart=apart((d - on).days, w),
            )
            for _, d, held in sorted(nearest, key=lambda one: one[1])
        ]
    )  # fmt: skip
    if on in by_day:
        clause = w.text("the {map} map is not drawn on {day}, which is not zero; its nearest drawn days within {tolerance} show {shown}", **values)  # fmt: skip
    else:
        clause = w.text("there is no {map} map of {day}; its nearest drawn days within {tolerance} show {shown}", **values)  # fmt: skip
    each = [scale.expressed(held) for _, _, held in nearest]
    both = Interval(min(one.lower for one in each), max(one.upper for one in each), claim.unit)
    return _of_map(observer, str(on.date()), clause, both, days_apart=nearest[0][0])
