"""Sentences computed from views: what a reader should take from them, with every number from the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.display import Text
from kurskdata.editions import Edition
from kurskdata.tables import door
from kurskdata.tables.descriptor import MAPS
from kurskdata.tables.intervals import interval
from kurskdata.tables.settlements import announced
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, share_retaken
from kurskdata.words.figures import said
from kurskdata.words.language import sum_of, words


def headline(edition: Edition) -> Text:
    """The heading of a report."""
    w = words(edition)
    return Text("# " + w.say("report.headline", day=w.date(edition.as_of)))


def settlements(
    view: pd.DataFrame, edition: Edition, claim: Mapping[str, Any] | None = None, claimant: str = ""
) -> Text:
    """The view `settlements_per_day` in words: how many settlements, and whether they add up to a claim.

    ``claim`` is a row of `count_claim`, which the days of its window are summed up for; ``claimant`` says who announced
    the settlements, as for the chart. Raises InputError for wrong cells, by row and column.
    """
    w, rows = words(edition), announced(view, claimant)
    view, kind = rows.days, "official" if rows.claimant == "official" else "others"
    total = int(view["settlements"].sum())
    span = {"first": w.date(view["date"].iloc[0]), "last": w.date(view["date"].iloc[-1])}
    if rows.none_yet:
        return Text(w.say("settlements.none_yet", day=span["last"]))
    text = f"{w.plain(rows.claimant)}: " if rows.claimant and kind == "others" else ""
    text += w.say(f"settlements.{kind}", total, **span)
    if claim is not None:
        claim = door.row(claim, "claim")
        inside = view[view["date"].between(claim["window_start"], claim["window_end"])]
        counts = [int(n) for n in inside["settlements"]]
        ends = {"day": "reported", "first": "window_start", "last": "window_end"}
        sums = "same" if sum(counts) == int(claim["value"]) else "other"
        text += " " + w.say(
            f"settlements.{kind}_{sums}",
            claimant=w.plain(claim["claimant"]),
            said=w.number(claim["value"]),
            sum=sum_of(counts),
            **{name: w.date(claim[column], "day") for name, column in ends.items()},
        )
    return Text(f"{text} {w.say('settlements.unconfirmed')}")


def area(
    claims: pd.DataFrame, edition: Edition, maps: pd.DataFrame | None = None, base_km2: float = BASE_KM2
) -> Text:
    """The view `area_claims` in words: the latest share that Russia's side stated, and what the maps of its day show.

    ``maps`` is the view `area_held`; ``base_km2`` the area in sq km that shares are taken of.
    """
    w, claims = words(edition), door.table(claims, "area")
    maps = maps if maps is None else door.table(maps, "maps")
    last, day = latest_russian_share(claims), w.date(edition.as_of)
    if last is None:
        text = w.say("area.none_yet", day=day)
        return Text(text if len(claims) else f"{w.say('report.no_area', day=day)} {text}")
    text = w.say(
        "area.latest",
        claimant=w.plain(last["claimant"]),
        day=w.date(last["reported"]),
        share=said(last, w),
        base=w.area(base_km2),
        left=w.area(last["held_high_km2"]),
    )
    if maps is None:
        return Text(text)
    for observer, (name, *_) in MAPS.items():
        held = map_on(maps, last["date"], observer)
        if held is None:
            text += " " + w.say("area.not_drawn", name=name)
            continue
        retaken = share_retaken(held, base_km2)
        text += " " + w.say(
            "area.map",
            name=name,
            held=w.area(held.lower),
            unclear=w.area(held.upper - held.lower),
            low=w.percent(retaken.lower, 0),
            high=w.percent(retaken.upper, 0),
        )
    return Text(text)


def timeline(view: pd.DataFrame, edition: Edition) -> Text:
    """The view `timeline` in words: how many events, how many disputed, the last main one."""
    w, view = words(edition), door.table(view, "timeline")
    main = view[view["importance"] == 1]
    text = w.say("timeline.count", len(view), day=w.date(edition.as_of))
    text += w.say("timeline.disputed", count=int(view["disputed"].sum()))
    if len(main):
        title, day = w.plain(main["title"].iloc[-1]), w.date(main["date"].iloc[-1], "day")
        text += " " + w.say("timeline.latest", title=title, day=day)
    return Text(text)


def conversion(edition: Edition, km2: float) -> Text:
    """One area in both units, for those who check a figure."""
    w = words(edition)
    found = interval(km2, "km2", reading="as written").to("sq_mi")
    return Text(w.text("{km2} sq km are {miles} sq mi.", km2=w.number(km2), miles=w.number(found.lower, 1)))


def claims(checked: pd.DataFrame, article: pd.DataFrame, edition: Edition) -> Text:
    """The result of `check_claims` in words: how many claims, what others say of them, how many need a second look."""
    w, checked = words(edition), door.table(checked, "answers")
    article = door.table(article, "article")
    if not len(article):
        return Text(w.say("report.no_article", day=w.date(edition.as_of)))
    counts = checked["others"].value_counts()
    values = {name: int(counts.get(name, 0)) for name in ("agree", "disagree", "mixed")}
    text = w.say("claims.counts", claims=len(article), look=int(checked["look"].sum()), **values)
    return Text(f"{text} {w.say('claims.not_true')}")
