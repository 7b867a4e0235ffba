"""Figures as intervals: what a qualifier and a rounding allow, units, and what can be true together."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest

from kurskdata.errors import InputError
from kurskdata.tables.intervals import (
    COUNTED,
    MI_IN_KM,
    QUALIFIERS,
    READINGS,
    SQ_MI_IN_KM2,
    Interval,
    conversion,
    interval,
)

INF = math.inf


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "lower", "upper", "closed"),
    [
        (86, "percent", "exact", 85.5, 86.5, "left"),
        (63.2, "percent", "exact", 63.15, 63.25, "left"),
        (1300, "km2", "exact", 1299.5, 1300.5, "left"),
        (0, "km2", "exact", 0, 0.5, "left"),
        (24, "settlements", "exact", 24, 24, "both"),
        (430, "persons", "exact", 430, 430, "both"),
        (64, "percent", "about", 63, 65, "both"),
        (1300, "km2", "about", 1200, 1400, "both"),
        (1000, "km2", "about", 900, 1100, "both"),
        (1268, "km2", "about", 1267, 1269, "both"),
        (66.7, "percent", "about", 66.6, 66.8, "both"),
        (100, "percent", "about", 90, 100, "both"),
        (7, "months", "about", 6.3, 7.7, "both"),
        (0, "settlements", "about", 0, 0, "both"),
        (25, "percent", "nearly", 24, 25, "left"),
        (900, "km2", "nearly", 810, 900, "left"),
        (86, "percent", "more_than", 86, 100, "right"),
        (1100, "km2", "more_than", 1100, INF, "neither"),
        (800, "km2", "at_least", 800, INF, "both"),
        (75, "percent", "at_least", 75, 100, "both"),
        (50, "km2", "less_than", 0, 50, "left"),
        (900, "km2", "at_most", 0, 900, "both"),
        (24, "settlements", "more_than", 24, INF, "neither"),
    ],
)
def test_a_qualifier_gives_bounds(
    value: float, unit: str, qualifier: str, lower: float, upper: float, closed: str
) -> None:
    found = interval(value, unit, qualifier)
    assert (found.lower, found.upper) == (pytest.approx(lower), pytest.approx(upper))
    assert (found.closed, found.unit) == (closed, unit)


@pytest.mark.parametrize(
    ("reading", "lower", "upper"), [("rounded", 85.5, 86.5), ("truncated", 86, 87), ("as written", 86, 86)]
)
def test_a_plain_figure_is_read_in_three_ways(reading: str, lower: float, upper: float) -> None:
    found = interval(86, "percent", reading=reading)
    assert (found.lower, found.upper) == (lower, upper)


@pytest.mark.parametrize("unit", sorted(COUNTED))
@pytest.mark.parametrize("reading", READINGS)
def test_a_plain_count_is_the_very_number_however_it_is_read(unit: str, reading: str) -> None:
    assert interval(24, unit, reading=reading) == Interval(24, 24, unit)


def test_the_reading_matters_to_plain_figures_only() -> None:
    for qualifier in QUALIFIERS:
        found = {interval(86, "percent", qualifier, reading) for reading in READINGS}
        assert len(found) == (3 if qualifier == "exact" else 1)


@pytest.mark.parametrize("qualifier", QUALIFIERS)
@pytest.mark.parametrize("value", [0.1, 3, 86, 100, 427.5, 1268, 1300])
def test_every_figure_touches_its_own_interval(value: float, qualifier: str) -> None:
    found = interval(value, "km2", qualifier)
    assert 0 <= found.lower <= value <= found.upper


@pytest.mark.parametrize(("value", "digit"), [(86, 1), (63.2, 0.1), (1300, 1), (14.25, 0.01), (0, 1)])
def test_the_last_digit_is_that_of_the_figure_as_written(value: float, digit: float) -> None:
    found = interval(value, "km2", reading="truncated")
    assert found.upper - found.lower == pytest.approx(digit)


def test_square_miles_and_miles_convert_exactly() -> None:
    assert SQ_MI_IN_KM2 == 2.589988110336
    assert pytest.approx(SQ_MI_IN_KM2, rel=1e-15) == MI_IN_KM**2
    assert interval(1, "sq_mi", reading="as written").to("km2") == Interval(SQ_MI_IN_KM2, SQ_MI_IN_KM2, "km2")
    assert conversion("km2", "sq_mi") * conversion("sq_mi", "km2") == pytest.approx(1, rel=1e-15)
    assert conversion("mi", "km") == 1.609344
    assert conversion("percent", "percent") == 1


def test_converting_there_and_back_keeps_an_interval() -> None:
    found = interval(1100, "km2", "about").to("sq_mi").to("km2")
    assert (found.lower, found.upper) == (pytest.approx(1000), pytest.approx(1200))
    assert (found.unit, found.closed) == ("km2", "both")


@pytest.mark.parametrize(
    ("source", "target"), [("km2", "km"), ("percent", "km2"), ("persons", "settlements")]
)
def test_units_of_different_kinds_are_not_comparable(source: str, target: str) -> None:
    with pytest.raises(InputError, match=f"unit: '{source}' does not convert to '{target}'"):
        conversion(source, target)
    with pytest.raises(InputError, match="does not convert"):
        interval(1, source).overlaps(interval(1, target))


def test_touching_intervals_overlap_only_where_both_hold_the_bound() -> None:
    assert Interval(0, 86, "percent").overlaps(Interval(86, 100, "percent"))
    assert not interval(86, "percent", "less_than").overlaps(interval(86, "percent", "at_least"))
    assert not interval(86, "percent", "more_than").overlaps(Interval(80, 86, "percent"))
    assert interval(100, "percent", "at_most").overlaps(interval(86, "percent", "more_than"))


def test_a_single_number_lies_in_an_interval_or_not() -> None:
    day = interval(24, "settlements")
    assert day.overlaps(interval(24, "settlements"))
    assert not day.overlaps(interval(25, "settlements"))
    assert not day.overlaps(interval(24, "settlements", "more_than"))
    assert interval(20, "settlements", "at_least").overlaps(day)
    assert not interval(86, "percent", "nearly").overlaps(Interval(86, 86, "percent"))


def test_overlap_works_both_ways() -> None:
    figures = [interval(v, "km2", q) for v in (0, 50, 86, 1300) for q in QUALIFIERS]
    assert all(a.overlaps(b) == b.overlaps(a) for a, b in itertools.combinations(figures, 2))
    assert all(a.overlaps(a) for a in figures if a.lower < a.upper)


def test_overlap_converts_units() -> None:
    assert interval(1100, "km2").overlaps(interval(425, "sq_mi"))
    assert not interval(1100, "km2").overlaps(interval(500, "sq_mi"))


def test_a_share_keeps_every_bound() -> None:
    share = Interval(140, 214, "km2").share_of(Interval(1268, 1268, "km2"))
    assert (share.lower, share.upper) == (pytest.approx(11.04, abs=0.01), pytest.approx(16.88, abs=0.01))
    assert share.unit == "percent"
    wide = Interval(100, 100, "km2").share_of(Interval(200, 400, "km2"))
    assert (wide.lower, wide.upper) == (25, 50)
    assert Interval(1, 1, "sq_mi").share_of(
        Interval(SQ_MI_IN_KM2, SQ_MI_IN_KM2, "km2")
    ).lower == pytest.approx(100)
    assert Interval(1, 2, "km2").share_of(Interval(0, 4, "km2")).upper == INF


def test_the_rest_turns_bounds_round() -> None:
    assert Interval(14, 17, "percent").rest_of(100) == Interval(83, 86, "percent")
    assert interval(86, "percent", "more_than").rest_of(100) == Interval(0, 14, "percent", "left")
    assert interval(1100, "km2", "more_than").rest_of(1268) == Interval(-INF, 168, "km2", "neither")


def test_limits_cut_an_interval_and_keep_one_that_lies_inside() -> None:
    assert Interval(-5, 20, "percent").within(0, 100) == Interval(0, 20, "percent")
    assert Interval(-9, -5, "percent").within(0, 100) == Interval(0, 0, "percent")
    assert Interval(120, INF, "percent").within(0, 100) == Interval(100, 100, "percent")
    inside = interval(86, "percent")
    assert inside.within(0, 100) == inside


def test_an_interval_is_a_pandas_interval_too() -> None:
    assert interval(86, "percent").pandas == pd.Interval(85.5, 86.5, closed="left")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((86, "percent", "over"), "qualifier: 'over' is not known; allowed: exact, about, more_than"),
        ((86, "percent", "exact", "exactly"), "reading: 'exactly' is not known; allowed: rounded, truncated"),
        ((-1, "km2"), "value: -1 must be zero or more"),
        ((math.nan, "km2"), "value: nan must be zero or more"),
    ],
)
def test_a_wrong_figure_is_refused(arguments: tuple[float, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        interval(*arguments)


@pytest.mark.parametrize(("lower", "upper"), [(2, 1), (math.nan, 1), (0, math.nan)])
def test_bounds_must_be_in_order(lower: float, upper: float) -> None:
    with pytest.raises(InputError, match="is not below upper bound"):
        Interval(lower, upper, "km2")


def test_an_interval_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        interval(1, "km2").lower = 2  # type: ignore[misc]
