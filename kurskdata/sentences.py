"""Sentences computed from views: what a reader should take from them, with every number from the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.display import Text
from kurskdata.editions import Edition
from kurskdata.tables import door
from kurskdata.tables.intervals import interval
from kurskdata.tables.maps import MAPS
from kurskdata.tables.settlements import announced
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, share_retaken
from kurskdata.words.figures import said
from kurskdata.words.language import message, sum_of, words

_ADDED_UP = {
    True: (
        message("{claimant} spoke on {day} of {said}; the Ministry’s announcements from {first} to {last} give the same: {sum}."),
        message("{claimant} spoke on {day} of {said}; the Ministry’s announcements from {first} to {last} give another number: {sum}."),
    ),
    False: (
        message("{claimant} spoke on {day} of {said}; the rows from {first} to {last} give the same: {sum}."),
        message("{claimant} spoke on {day} of {said}; the rows from {first} to {last} give another number: {sum}."),
    ),
}  # fmt: skip
"""Whether days add up to a claim: for the Ministry's announcements, and for rows of others."""


def headline(edition: Edition) -> Text:
    """The heading of a report."""
    w = words(edition)
    return Text("# " + w.text("Kursk, {day}: what was claimed and what adds up", day=w.date(edition.as_of)))


def settlements(
    view: pd.DataFrame, edition: Edition, claim: Mapping[str, Any] | None = None, claimant: str = ""
) -> Text:
    """The view `settlements_per_day` in words: how many settlements, and whether they add up to a claim.

    ``claim`` is a row of `count_claim`, which the days of its window are summed up for; ``claimant`` says who announced
    the settlements, as for the chart. Raises InputError for wrong cells, by row and column.
    """
    w, rows = words(edition), announced(view, claimant)
    view, official = rows.days, rows.claimant == "official"
    total = int(view["settlements"].sum())
    span = {"first": w.date(view["date"].iloc[0]), "last": w.date(view["date"].iloc[-1])}
    if rows.none_yet:
        day = span["last"]
        return Text(
            w.text(
                "By {day} Russia’s Defence Ministry had said of no settlement that it was retaken.", day=day
            )
        )
    if official:
        text = w.plural(
            "From {first} to {last} Russia’s Defence Ministry said for the first time of {count} settlement that it was retaken.",
            "From {first} to {last} Russia’s Defence Ministry said for the first time of {count} settlements that they were retaken.",
            total,
            **span,
        )
    else:
        text = f"{w.plain(rows.claimant)}: " if rows.claimant else ""
        text += w.plural(
            "{count} settlement announced as retaken from {first} to {last}.",
            "{count} settlements announced as retaken from {first} to {last}.",
            total,
            **span,
        )
    if claim is not None:
        claim = door.row(claim, "claim")
        inside = view[view["date"].between(claim["window_start"], claim["window_end"])]
        counts = [int(n) for n in inside["settlements"]]
        values = {
            "claimant": w.plain(claim["claimant"]),
            "day": w.date(claim["reported"], "day"),
            "said": w.number(claim["value"]),
            "first": w.date(claim["window_start"], "day"),
            "last": w.date(claim["window_end"], "day"),
            "sum": sum_of(counts),
        }
        same, other = _ADDED_UP[official]
        text += " " + w.text(same if sum(counts) == int(claim["value"]) else other, **values)
    return Text(
        text + " " + w.text("None of this is confirmed independently; the count is of announcements.")
    )


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
        text = w.text("By {day} no Russian official had said which share of the area was retaken.", day=day)
        nothing = w.text("By {day} no claim on the area held was public.", day=day)
        return Text(text if len(claims) else f"{nothing} {text}")
    text = w.text(
        "{claimant} said on {day} that {share} was retaken. Of the {base} that Russia’s Defence Ministry gave as first occupied, that leaves at most {left}.",
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
            text += " " + w.text(
                "The {name} map draws no held area on that day, which is not zero.", name=name
            )
            continue
        retaken = share_retaken(held, base_km2)
        text += " " + w.text(
            "The {name} map of that day shows {held} held by Ukraine and {unclear} unclear: between {low} and {high} of the base was no longer held.",
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
    text = w.plural(
        "The timeline holds {count} event up to {day}",
        "The timeline holds {count} events up to {day}",
        len(view),
        day=w.date(edition.as_of),
    )
    text += w.text(
        "; {count} are contradicted by a side or an independent observer.", count=int(view["disputed"].sum())
    )
    if len(main):
        last = main.iloc[-1]
        text += " " + w.text(
            "The latest main event: {title} ({day}).",
            title=w.plain(last["title"]),
            day=w.date(last["date"], "day"),
        )
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
        return Text(w.text("By {day} the article had not appeared.", day=w.date(edition.as_of)))
    counts = checked["others"].value_counts()
    text = w.text(
        "The article makes {claims} claims that can be told apart. What others said, counted and drew agrees with {agree} of them, disagrees with {disagree} and is divided over {mixed}; of the rest they tell nothing that can be compared. {look} need a second look.",
        claims=len(article),
        look=int(checked["look"].sum()),
        **{name: int(counts.get(name, 0)) for name in ("agree", "disagree", "mixed")},
    )
    return Text(
        text + " " + w.text("Agreement does not mean truth: the evidence may share an origin with the claim.")
    )
