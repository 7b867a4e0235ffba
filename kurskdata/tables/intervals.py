"""A figure with its qualifier and its rounding, as an interval.

"More than 1,100 sq km", "about 64 %" and "86 %" do not name points. This module turns a value, a unit, a
qualifier and a way of reading the rounding into a lower and an upper bound, converts between units exactly,
and says whether two intervals can both be true. It knows nothing of claims or dates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Literal

from kurskdata.errors import InputError, choice
from kurskdata.tables.descriptor import documented

if TYPE_CHECKING:
    import pandas as pd

Closed = Literal["left", "right", "both", "neither"]

SQ_MI_IN_KM2 = 2.589988110336
"""One international square mile in square kilometres, exact."""

MI_IN_KM = 1.609344
"""One international mile in kilometres, exact."""

QUALIFIERS = ("exact", "about", "more_than", "at_least", "less_than", "at_most", "nearly")
READINGS = ("rounded", "truncated", "as written")
"""How to read an unqualified figure: rounded to its last digit, cut off after it, or the very number."""

COUNTED = frozenset({"settlements", "persons", "assaults", "days", "months", "years"})
"""Units that are counted one by one: an unqualified count is the very number."""

_FACTORS = {
    ("sq_mi", "km2"): SQ_MI_IN_KM2, ("km2", "sq_mi"): 1 / SQ_MI_IN_KM2,
    ("mi", "km"): MI_IN_KM, ("km", "mi"): 1 / MI_IN_KM,
}  # fmt: skip


@dataclass(frozen=True)
class Interval:
    """All values between two bounds, in one unit.

    ``closed`` says which bounds belong to it, as in ``pandas.Interval``. A bound may be infinite.
    """

    lower: float
    upper: float
    unit: str
    closed: Closed = "both"

    def __post_init__(self) -> None:
        if math.isnan(self.lower) or math.isnan(self.upper) or self.lower > self.upper:
            raise InputError(f"interval: lower bound {self.lower} is not below upper bound {self.upper}")

    @property
    def pandas(self) -> pd.Interval[float]:
        """The same bounds as a ``pandas.Interval``; a single number holds itself."""
        import pandas as pd  # who writes words and indexes needs no intervals

        return pd.Interval(self.lower, self.upper, "both" if self.lower == self.upper else self.closed)

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both. Raises InputError when the units cannot be compared."""
        return bool(self.pandas.overlaps(other.to(self.unit).pandas))

    def to(self, unit: str) -> Interval:
        """The same interval in another unit of the same kind. Raises InputError where there is none."""
        factor = conversion(self.unit, unit)
        return replace(self, lower=self.lower * factor, upper=self.upper * factor, unit=unit)

    def share_of(self, whole: Interval) -> Interval:
        """This as percent of ``whole``, every bound kept: 1,100 of 1,268 sq km is 86.7 to 86.8 percent."""
        theirs = whole.to(self.unit)
        low = 100 * self.lower / theirs.upper
        high = 100 * self.upper / theirs.lower if theirs.lower else math.inf
        return Interval(low, high, "percent", self.closed)

    def rest_of(self, whole: float) -> Interval:
        """What ``whole``, in the same unit, leaves beside this: 14 to 17 of 100 leave 83 to 86."""
        flipped: dict[Closed, Closed] = {"left": "right", "right": "left"}
        closed = flipped.get(self.closed, self.closed)
        return Interval(whole - self.upper, whole - self.lower, self.unit, closed)

    def within(self, lower: float, upper: float) -> Interval:
        """The part between two limits; an interval wholly outside shrinks to the nearer limit.

        A limit that cuts belongs to the result; a bound that stays keeps whether it belongs.
        """
        low, high = min(max(self.lower, lower), upper), max(min(self.upper, upper), lower)
        left = low == high or low != self.lower or self.closed in ("left", "both")
        right = low == high or high != self.upper or self.closed in ("right", "both")
        ends: Closed = "both" if left and right else "left" if left else "right" if right else "neither"
        return replace(self, lower=low, upper=high, closed=ends)


def at_least(values: Interval) -> Interval:
    """What a total can be that is not below this one."""
    top = 100.0 if values.unit == "percent" and values.lower <= 100 else math.inf
    return replace(values, upper=top, closed="both" if values.closed in ("left", "both") else "right")


def at_most(values: Interval) -> Interval:
    """What a total can be that is not above this one."""
    return replace(values, lower=0.0, closed="both" if values.closed in ("right", "both") else "left")


def conversion(source: str, target: str) -> float:
    """How many ``target`` one ``source`` is. Raises InputError for units that do not convert."""
    if source == target:
        return 1.0
    if (source, target) not in _FACTORS:
        raise InputError(f"unit: {source!r} does not convert to {target!r}")
    return _FACTORS[source, target]


@documented
def interval(value: float, unit: str, qualifier: str = "exact", reading: str = "rounded") -> Interval:
    """The values that a figure allows.

    exact
        counts are the very number; measures by ``reading``: *rounded* 86 is 85.5 up to 86.5, *truncated* 86
        is 86 up to 87, *as written* is 86 itself.
    about
        one unit of the last digit that is not a trailing zero, both ways, and never more than a tenth:
        about 64 is 63 to 65, about 1,300 is 1,200 to 1,400, about 1,000 is 900 to 1,100.
    nearly
        the lower half of *about*, without the figure itself.
    more_than, at_least, less_than, at_most
        open towards infinity or zero; percentages end at 100.

    Raises InputError for an unknown qualifier or reading, or a value below zero.
    """
    choice("qualifier", qualifier, QUALIFIERS)
    choice("reading", reading, READINGS)
    if not isinstance(value, Real) or not 0 <= value < math.inf:
        raise InputError(f"value: {value} must be zero or more")
    top = max(100.0 if unit == "percent" else math.inf, value)
    digit = 10.0 ** int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
    slack = min(digit, value / 10)
    if qualifier == "exact" and (unit in COUNTED or reading == "as written"):
        return Interval(value, value, unit)
    step = min(digit, 1.0)  # the last digit as written is that of units in 1,300, too
    low, high = (value, value + step) if reading == "truncated" else (value - step / 2, value + step / 2)
    bounds: dict[str, tuple[float, float, Closed]] = {
        "exact": (max(low, 0.0), high, "left"),
        "about": (value - slack, min(value + slack, top), "both"),
        "nearly": (value - slack, value, "left"),
        "more_than": (value, top, "right" if value < top < math.inf else "neither"),
        "at_least": (value, top, "both"),
        "less_than": (0.0, value, "left"),
        "at_most": (0.0, value, "both"),
    }
    low, high, ends = bounds[qualifier]
    return Interval(low, high, unit, ends)
