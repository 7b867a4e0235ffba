"""What the locator says: which settlements it marks, its title and alt text, and the notes below the map.

Lengths are in kilometres, and written in the unit that goes with the areas of the edition.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kurskdata.charts.map.base_map import Point, distance, kilometres
from kurskdata.charts.style import cards
from kurskdata.charts.style.frame import Text
from kurskdata.editions import Edition
from kurskdata.errors import Day
from kurskdata.tables import door, reader
from kurskdata.tables.as_of import day
from kurskdata.tables.intervals import MI_IN_KM
from kurskdata.tables.views import count_claim
from kurskdata.words.figures import amount
from kurskdata.words.language import Words


@dataclass(frozen=True)
class Claims:
    """The rows of the view, each with its ``step``: before, in or after the window, or not claimed officially.

    ``window`` is the first and last day that are marked, None where no settlement was claimed. ``centre`` is the
    place of Sudzha.
    """

    rows: pd.DataFrame
    window: tuple[pd.Timestamp, pd.Timestamp] | None
    centre: Point

    @functools.cached_property
    def official(self) -> pd.DataFrame:
        return self.rows[self.rows["step"] != "others"]

    @functools.cached_property
    def marked(self) -> pd.DataFrame:
        return self.rows[self.rows["step"] == "window"]

    @functools.cached_property
    def of_russia(self) -> bool:
        """Whether only Russia's Defence Ministry and General Staff made the claims."""
        claims = reader.load("retaken")
        return set(self.official["claimed_by"]) <= set(claims.loc[claims["official"], "claimant"])

    def counts(self) -> dict[str, int]:
        """Settlements by step; steps without any are missing."""
        return {str(step): int(count) for step, count in self.rows["step"].value_counts().items()}


def claims(view: pd.DataFrame, edition: Edition, window: tuple[Day, Day] | None, centre: Point) -> Claims:
    """The rows of the view `settlement_places` by step.

    Raises InputError for a window of invalid days and for wrong cells, by row and column.
    """
    view = door.table(view, "places", unique=["place_id"], rule=_position)
    reported = view["reported"]
    days = _window(reported, edition, window)
    step = pd.Series("window", index=view.index, dtype="object")
    if days:
        step = step.mask(reported < days[0], "before").mask(reported > days[1], "after")
    step = step.mask(reported.isna(), "others")
    return Claims(view.assign(step=step), days, centre)


def _position(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    given = {name: row[name] for name in ("lat", "lon", "position_error_km")}
    for name, cell in given.items():
        if any(given.values()) and not cell:
            yield name, "empty, but the row gives a part of a position"


def _window(
    reported: pd.Series, edition: Edition, window: tuple[Day, Day] | None
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The days to mark: those asked for, those of the latest official count, or the five up to the last claim."""
    if window:
        first, last = day(window[0], "window"), day(window[1], "window")
        return (first, last) if first is not None and last is not None else None
    claim = count_claim(as_of=edition.as_of, start=edition.start, end=edition.end)
    if claim:
        return claim["window_start"], claim["window_end"]
    if reported.notna().any():
        return reported.max() - pd.Timedelta(days=4), reported.max()
    return None


def steps(found: Claims, w: Words) -> dict[str, str]:
    """The steps that have settlements, in the words of the key, with their number."""
    if not found.window:
        return {}
    first, last = (w.date(day, "short") for day in found.window)
    named = {
        "before": w.text("before {day}", day=first),
        "window": w.days(*found.window),
        "after": w.text("after {day}", day=last),
    }
    counts = found.counts()
    return {step: f"{text}: {w.number(counts[step])}" for step, text in named.items() if step in counts}


def notes(found: Claims, on_map: pd.Series, w: Words) -> list[str]:
    """What the map cannot show: settlements without a known position, and those beyond its frame."""
    beyond = found.rows[~on_map & (found.rows["lat"].notna() | (found.rows["step"] == "others"))]
    off = w.say("locator-chart.off", names=w.list(list(beyond["name"])))
    return [note for note in (_missing(found, w), off if len(beyond) else "") if note]


def _missing(found: Claims, w: Words) -> str:
    """How many settlements have no known position, and which: 4 of 28."""
    missing = found.official[found.official["lat"].isna()]
    if not len(missing):
        return ""
    placed = set(found.rows.loc[found.rows["lat"].notna(), "name"])  # two places have the name Viktorovka
    names = [
        w.text("{name} (another place of that name)", name=name) if name in placed else name
        for name in missing["name"]
    ]
    values = {"total": w.number(len(found.official)), "names": w.list(names)}
    marked = int((missing["step"] == "window").sum())
    if found.window and marked and len(found.marked) < len(found.official):
        values |= {"marked": w.number(marked), "span": w.days(*found.window)}
        return w.say("locator-chart.missing_marked", len(missing), **values)
    return w.say("locator-chart.missing", len(missing), **values)


def _title(found: Claims, w: Words) -> str:
    """How many settlements were claimed in the window, and how near to Sudzha more than half of them lie at least."""
    total, marked = len(found.official), found.marked.to_dict("records")
    if not total or not found.of_russia:
        return w.say("locator-chart.title_others", total) if total else w.say("locator-chart.title_none_yet")
    unit = MI_IN_KM if w.units == "sq_mi" else 1.0
    away = [kilometres((row["lat"], row["lon"]), found.centre) + row["position_error_km"] for row in marked]
    far = sorted(math.inf if math.isnan(km) else km for km in away)
    if found.window is None or not far or math.isinf(far[len(far) // 2]):
        return w.say("locator-chart.title_official", total)
    first, last = found.window
    within = distance(w, math.ceil(far[len(far) // 2] / unit / 5) * 5 * unit)
    days = amount((last - first).days + 1, "days", w)
    return w.say("locator-chart.title", len(marked), days=days, distance=within)


def message(found: Claims, edition: Edition, w: Words) -> Text:
    """The texts round the map and its alt text."""
    title, counts = _title(found, w), found.counts()
    kind, claimants = "official" if found.of_russia else "others", found.official["claimed_by"].unique()
    subtitle = w.say(f"locator-chart.{kind}", day=w.date(edition.as_of))
    sentences = [title, subtitle, w.say("locator-chart.form")]
    if found.window and len(found.official):
        values = {step: counts.get(step, 0) for step in ("before", "window", "after")}
        first, days = w.date(found.window[0]), w.days(*found.window)
        sentences.append(w.say("locator-chart.steps", first=first, span=days, **values))
        most = found.official["reported"].value_counts().sort_index()
        busiest = w.date(pd.Timestamp(str(most.idxmax())))
        sentences.append(w.say("locator-chart.busiest", int(most.max()), day=busiest))
    sentences.append(_missing(found, w).rstrip("."))
    contested = found.rows[found.rows["disputed"]]
    if len(contested):
        sentences.append(w.say("locator-chart.contested", names=w.list(list(contested["name"]))))
    sentences.append(w.say("locator-chart.border"))
    named = w.list([w.plain(name) for name in claimants])
    sources = w.say(f"locator-chart.{kind}_sources", claimants=named, distance=distance(w, 2))
    ours = {one for cell in found.rows["place_id"] for one in cell.split(";")} <= set(reader.by_id("places"))
    card = cards.places(counts, steps(found, w), kind, named, w)
    return Text(title, subtitle, sources, ". ".join(filter(None, sentences)) + ".", ours=ours, card=card)
