"""Figures in sentences: a number with its unit, its qualifier, its range, and days.

Every function takes the words of an edition, `Words`, as its last required argument.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.tables import descriptor
from kurskdata.tables.intervals import COUNTED, QUALIFIERS, Interval
from kurskdata.words.language import Words

_SPACE = "\N{NO-BREAK SPACE}"


def amount(value: float, unit: str, w: Words, number: str | None = None) -> str:
    """A number with its unit, in the plural that it takes: 1,100 sq km, 24 settlements.

    ``unit`` is one of the table ``article``; ``number`` is the number as it is to be written, by default as it is.
    """
    text = w.number(value) if number is None else number
    if unit in COUNTED:
        return w.say(f"counted.{unit}", value, n=text)
    return f"{text}{_SPACE}{'%' if unit == 'percent' else w.say(f'unit.{unit}')}"


def qualified(figure: str, qualifier: str, w: Words) -> str:
    """A figure in words with its qualifier: about 7 months; as it is for "exact"."""
    return w.say(f"qualified.{qualifier}", figure=figure) if qualifier in QUALIFIERS[1:] else figure


def said(row: Mapping[Any, Any], w: Words) -> str:
    """The figure of a claim as its claimant gave it: more than 1,100 sq km.

    Needs ``value``, ``unit`` and ``qualifier``, and ``value_to`` where the qualifier is "range".
    """
    value, written, qualifier = row["value"], w.number(row["value"]), row["qualifier"]
    if qualifier == "range":
        value, written = row["value_to"], f"{written}–{w.number(row['value_to'])}"
    figure = amount(value, row["unit"], w, written).replace(f"{written} ", f"{written}{_SPACE}")
    return qualified(figure, qualifier, w) if isinstance(qualifier, str) else figure


def said_or_range(row: Mapping[Any, Any], values: Interval, w: Words) -> str:
    """The figure of a row of ``area`` as its claimant gave it; of a range both ends, ``values``."""
    return spread(values, w) if isinstance(row["range_with"], str) else said(row, w)


def spread(values: Interval, w: Words) -> str:
    """The values of an interval in words: 85.5 to 86.5 %, more than 1,100 sq km."""
    low, high = (_number(value, values.unit, w) for value in (values.lower, values.upper))
    if values.lower == values.upper:
        return amount(values.lower, values.unit, w, low)
    bottomless = values.lower <= 0
    topless = math.isinf(values.upper) or (values.unit == "percent" and values.upper == 100)
    if topless and bottomless:
        return w.text("any value")
    if topless:
        figure = amount(values.lower, values.unit, w, low)
        return qualified(figure, "at_least" if values.closed in ("left", "both") else "more_than", w)
    figure = amount(values.upper, values.unit, w, high)
    if bottomless:
        return qualified(figure, "at_most" if values.closed in ("right", "both") else "less_than", w)
    return qualified(figure, "about", w) if low == high else w.text("{low} to {high}", low=low, high=figure)


def rough(values: Interval, w: Words) -> str:
    """The same without decimals, for which a line has no room; values below ten and bounds, which rounding would move, as
    they are."""
    if values.upper < 10 or math.isinf(values.upper) or (values.unit == "percent" and values.upper == 100):
        return spread(values, w)
    low, high = float(round(values.lower)), float(round(values.upper))
    return spread(Interval(low, high, values.unit, "both" if low == high else values.closed), w)


def _number(value: float, unit: str, w: Words) -> str:
    """A number as it is with two decimals at most; a share that goes on has one."""
    if math.isinf(value):
        return "∞"
    if abs(value - round(value, 2)) < 1e-9:
        return w.number(round(value, 2))
    return w.number(value, 1 if unit == "percent" else 2)


def apart(days: int, w: Words) -> str:
    """How far the evidence lies from the claim: the same day; 1 day later."""
    if days == 0:
        return w.say("apart.same")
    return w.say(f"apart.{'earlier' if days < 0 else 'later'}", abs(days))


def label(measure: str, w: Words) -> str:
    """What a measure of the table ``article`` counts, in the words of the data package."""
    return w.plain(descriptor.label("article", "measure", measure))


def period(first: pd.Timestamp, last: pd.Timestamp, w: Words) -> str:
    """A period by its first and last day, the year once where it is the same."""
    if first == last:
        return w.date(first)
    start = w.date(first, "day") if first.year == last.year else w.date(first)
    return w.text("{first} to {last}", first=start, last=w.date(last))
