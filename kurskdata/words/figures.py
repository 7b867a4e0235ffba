"""How figures, ranges and distances in days are written in the sentences of a check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.tables import descriptor
from kurskdata.tables.intervals import Interval
from kurskdata.words.language import Words, in_context

_SPACE = "\N{NO-BREAK SPACE}"


def amount(value: float, unit: str, w: Words, number: str | None = None) -> str:
    """A number with its unit, in the plural that it takes."""
    text = w.number(value) if number is None else number
    if unit == "percent":
        return f"{text}{_SPACE}%"
    symbols = {"km2": w.text("sq km"), "sq_mi": w.text("sq mi"), "km": w.text("km"), "mi": w.text("mi")}
    if unit in symbols:
        return f"{text}{_SPACE}{symbols[unit]}"
    counted = {
        "settlements": lambda: w.counted("{n} settlement", "{n} settlements", value, text),
        "persons": lambda: w.counted("{n} person", "{n} persons", value, text),
        "assaults": lambda: w.counted("{n} assault", "{n} assaults", value, text),
        "days": lambda: w.counted("{n} day", "{n} days", value, text),
        "months": lambda: w.counted("{n} month", "{n} months", value, text),
        "years": lambda: w.counted("{n} year", "{n} years", value, text),
    }
    return counted[unit]()


_PARTS = (
    in_context("fraction", "{n} days"),
    in_context("fraction", "{n} months"),
    in_context("fraction", "{n} years"),
)
"""Forms of what can have parts, for `Words.counted`."""


def spread(found: Interval, w: Words) -> str:
    """The values of an interval in words: 85.5 to 86.5 %, more than 1,100 sq km."""
    low, high = _number(found.lower, found.unit, w), _number(found.upper, found.unit, w)
    if found.lower == found.upper:
        return amount(found.lower, found.unit, w, low)
    bottomless = found.lower <= 0 or math.isinf(found.lower)
    topless = math.isinf(found.upper) or (found.unit == "percent" and found.upper == 100)
    if topless and not bottomless:
        figure = amount(found.lower, found.unit, w, low)
        return (
            w.text("at least {figure}", figure=figure)
            if found.closed in ("left", "both")
            else w.text("more than {figure}", figure=figure)
        )
    if topless:
        return w.text("any value")
    figure = amount(found.upper, found.unit, w, high)
    if bottomless:
        return (
            w.text("at most {figure}", figure=figure)
            if found.closed in ("right", "both")
            else w.text("less than {figure}", figure=figure)
        )
    if low == high:
        return w.text("about {figure}", figure=figure)
    return w.text("{low} to {high}", low=low, high=figure)


def _number(value: float, unit: str, w: Words) -> str:
    """A number as it is with two decimals at most; a share that goes on has one."""
    if math.isinf(value):
        return "∞"
    if abs(value - round(value, 2)) < 1e-9:
        return w.number(round(value, 2))
    return w.number(value, 1 if unit == "percent" else 2)


def said(row: Mapping[Any, Any], found: Interval, w: Words) -> str:
    """A figure as its speaker gave it: with its qualifier, both ends of a range, or how a plain one can be read."""
    figure = amount(row["value"], row["unit"], w)
    if isinstance(row["range_with"], str) and row["qualifier"] != "exact":
        return spread(found, w)
    if row["qualifier"] == "exact" and found.lower < found.upper:
        return w.text("{figure}, rounded or truncated: {range}", figure=figure, range=spread(found, w))
    return qualified(figure, row["qualifier"], w)


def qualified(figure: str, qualifier: str, w: Words) -> str:
    """A figure with its qualifier: about 7 months."""
    return {
        "exact": figure,
        "about": w.text("about {figure}", figure=figure),
        "more_than": w.text("more than {figure}", figure=figure),
        "at_least": w.text("at least {figure}", figure=figure),
        "less_than": w.text("less than {figure}", figure=figure),
        "at_most": w.text("at most {figure}", figure=figure),
        "nearly": w.text("nearly {figure}", figure=figure),
    }[qualifier]


def apart(days: int, w: Words, tolerance: int | None = None) -> str:
    """How far the evidence lies from the claim: the same day; 1 day later, within the tolerance of 3 days."""
    if days == 0:
        return w.text("the same day")
    n = abs(days)
    text = (
        w.plural("{n} day earlier", "{n} days earlier", n, n=n)
        if days < 0
        else w.plural("{n} day later", "{n} days later", n, n=w.number(n))
    )
    if tolerance is None:
        return text
    return w.plural(
        "{apart}, within the tolerance of {n} day", "{apart}, within the tolerance of {n} days", tolerance,
        apart=text, n=w.number(tolerance),
    )  # fmt: skip


def label(measure: str, w: Words) -> str:
    """What a measure counts, in the words of the data package."""
    return w.plain(descriptor.label("article", "measure", measure))


def day(value: pd.Timestamp, w: Words) -> str:
    """A day with its year."""
    return w.date(value.to_pydatetime())


def period(first: pd.Timestamp, last: pd.Timestamp, w: Words) -> str:
    """A period by its first and last day, the year once where it is the same."""
    if first == last:
        return day(first, w)
    start = w.date(first.to_pydatetime(), "day") if first.year == last.year else day(first, w)
    return w.text("{first} to {last}", first=start, last=day(last, w))
