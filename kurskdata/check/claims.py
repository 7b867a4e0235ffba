"""The claims to be checked: read from a file or a DataFrame, refused with all their faults at once.

Here stand the rules on a row that the columns alone cannot express: which units fit which measure, and that a
figure over a period names its period. A figure without a qualifier can be read in several ways; `Claim.readings`
lists them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.days import parsed
from kurskdata.errors import InputError
from kurskdata.tables import reader
from kurskdata.tables.descriptor import Field, allowed, fields
from kurskdata.tables.intervals import COUNTED, Interval, interval

_AREA, _LENGTH = ("km2", "sq_mi"), ("km", "mi")

UNITS: dict[str, tuple[str, ...]] = {
    "area_held": _AREA,
    "area_seized": _AREA,
    "area_retaken": _AREA,
    "area_retaken_in_window": _AREA,
    "area_retaken_unconfirmed": _AREA,
    "area_seized_in_window": _AREA,
    "area_unclear": _AREA,
    "area_of_combat": _AREA,
    "area_other": _AREA,
    "area_held_by_russia_in_sumy": _AREA,
    "share_retaken": ("percent",),
    "share_lost": ("percent",),
    "share_held": ("percent",),
    "reduction_in_window": ("percent",),
    "settlements_held": ("settlements",),
    "settlements_retaken": ("settlements",),
    "settlements_retaken_in_window": ("settlements",),
    "settlements_seized_in_window": ("settlements",),
    "settlements_left": ("settlements",),
    "prisoners_taken_by_ukraine": ("persons",),
    "prisoners_taken_by_russia": ("persons",),
    "prisoners_freed": ("persons",),
    "depth": _LENGTH,
    "front_width": _LENGTH,
    "distance_to_kursk_city": _LENGTH,
    "assaults_repelled": ("assaults",),
    "duration_days": ("days",),
    "duration_months": ("months",),
    "duration_years": ("years",),
    "ceasefire_days": ("days",),
    "event_date": (),
}
"""The units that fit each measure. A date has none: its day or days stand in the columns of days."""

REQUIRED = ("claim_id", "measure", "value", "unit")
"""The columns that a file must have; the cells below may be empty where a claim is no figure."""

_DAYS = ("as_of", "window_start", "window_end")
_CHOICES = ("measure", "unit", "qualifier", "finding")
_TEXTS = ("claim_id", "speaker", "event_id", "source_ids")

Fault = tuple[str, str]


class Reading(NamedTuple):
    """One way to read a figure: its name and the values that it then allows."""

    name: str
    values: Interval


@dataclass(frozen=True)
class Claim:
    """One claim of an article. What it does not say is None or empty."""

    claim_id: str
    speaker: str
    measure: str
    value: float | None
    unit: str
    qualifier: str
    as_of: pd.Timestamp | None
    window_start: pd.Timestamp | None
    window_end: pd.Timestamp | None
    event_id: str
    finding: str
    source_ids: str

    @property
    def day(self) -> pd.Timestamp | None:
        """The day that the figure speaks of: ``as_of``, else the last day of its window."""
        return self.as_of if self.as_of is not None else self.window_end

    @property
    def window(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last day of its window, where it names both."""
        if self.window_start is None or self.window_end is None:
            return None
        return self.window_start, self.window_end

    @property
    def readings(self) -> list[Reading]:
        """How the figure can be read: none without a figure, one where it is counted or qualified, else three."""
        if self.value is None:
            return []
        if self.qualifier != "exact":
            return [Reading(self.qualifier.replace("_", " "), self._values(self.qualifier))]
        if self._unit_of_reading in COUNTED:
            return [Reading("as written", self._values("exact"))]
        found = [Reading(name, self._values("exact", name)) for name in ("rounded", "truncated")]
        if self.unit == "percent" and self.value >= 100:
            return found
        return [*found, Reading("more than", self._values("more_than"))]

    def reading(self, name: str) -> Reading:
        """The reading of that name, else the first one."""
        return next((one for one in self.readings if one.name == name), self.readings[0])

    @property
    def _unit_of_reading(self) -> str:
        """Elapsed months and years are measured, not counted: seven months may be seven and a bit."""
        return "elapsed" if self.measure in ("duration_months", "duration_years") else self.unit

    def _values(self, qualifier: str, reading: str = "rounded") -> Interval:
        found = interval(float(self.value or 0), self._unit_of_reading, qualifier, reading)
        return replace(found, unit=self.unit)


def read_claims(path: str | Path) -> pd.DataFrame:
    """The claims of an article from a CSV file with the columns of the table ``article``, typed as there.

    The columns ``claim_id``, ``measure``, ``value`` and ``unit`` must be there; the others may be left out.
    A row without a figure leaves ``measure``, ``value`` and ``unit`` empty. Raises InputError that lists every
    fault with line and column; then nothing is read.
    """
    columns = [_relaxed(field) for field in fields("article")]
    optional = frozenset(f["name"] for f in columns if f["name"] not in REQUIRED)
    events = frozenset(reader.load("timeline")["event_id"])

    def rule(cells: dict[str, str]) -> Iterator[Fault]:
        yield from row_faults(cells)
        if cells.get("event_id") and cells["event_id"] not in events:
            yield "event_id", f"{cells['event_id']!r} is not in the table timeline"

    claims = reader.read(Path(path), columns, key=["claim_id"], optional=optional, rule=rule)
    if claims.empty:
        raise InputError(f"{path}: the file holds no claims, only the names of the columns")
    return claims


def _relaxed(field: Field) -> Field:
    """A column of ``article`` that may be empty, except for the id; figures are zero or more."""
    rules = {**field.get("constraints", {}), "required": field["name"] == "claim_id"}
    if field["name"] == "value":
        rules.setdefault("minimum", 0)
    return {**field, "constraints": rules}


def row_faults(cells: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong between the cells of one row, as text: column and fault."""
    yield from _figure_faults(cells)
    start, end = cells.get("window_start", ""), cells.get("window_end", "")
    if _is_day(start) and _is_day(end) and start > end:
        yield "window_start", f"{start} is after window_end, {end}"
    if cells.get("measure", "").endswith("_in_window"):
        for column, text in (("window_start", start), ("window_end", end)):
            if not text:
                yield column, f"empty, {cells['measure']} needs the first and the last day of its window"


def _figure_faults(cells: Mapping[str, str]) -> Iterator[Fault]:
    measure, value, unit = (cells.get(name, "") for name in ("measure", "value", "unit"))
    if not measure and (value or unit):
        yield "measure", "empty, but the row gives a value or a unit"
    if measure not in UNITS:
        return
    fitting = UNITS[measure]
    if not fitting:
        if value or unit:
            yield ("value" if value else "unit"), f"must be empty: {measure} is given in the columns of days"
        return
    if not value:
        yield "value", f"empty, {measure} needs a figure"
    if not unit:
        yield "unit", f"empty; {measure} is given in: {', '.join(fitting)}"
    elif unit not in fitting and any(unit in units for units in UNITS.values()):
        yield "unit", f"{unit!r} does not fit {measure}; allowed: {', '.join(fitting)}"
    if unit == "percent" and _number(value) > 100:
        yield "value", f"{value} is above 100 percent"


def stated(claims: pd.DataFrame) -> list[Claim]:
    """The claims of a DataFrame, checked. Raises InputError that lists every fault by claim and column."""
    missing = [name for name in (*REQUIRED, "qualifier") if name not in claims]
    if missing:
        raise InputError(f"claims: column missing: {', '.join(missing)}")
    faults: list[str] = []
    rows = [{str(k): _text(v) for k, v in row.items()} for row in claims.to_dict("records")]
    seen: set[str] = set()
    for number, cells in enumerate(rows):
        claim_id = cells["claim_id"]
        name = f"claim {claim_id}" if claim_id else f"row {number}"
        found = [*_cell_faults(cells), *row_faults(cells)]
        if not claim_id or claim_id in seen:
            found.append(("claim_id", "stands twice" if claim_id else "empty, a value is required"))
        seen.add(claim_id)
        faults += [f"{name}, column {column}: {what}" for column, what in found]
    if faults:
        raise InputError(
            "claims: " + (faults[0] if len(faults) == 1 else "\n  ".join([f"{len(faults)} faults", *faults]))
        )
    return [_claim(cells) for cells in rows]


def _cell_faults(cells: Mapping[str, str]) -> Iterator[Fault]:
    for column in _CHOICES:
        text = cells.get(column, "")
        if text and text not in allowed("article", column):
            yield column, f"{text!r} is not allowed; allowed: {', '.join(allowed('article', column))}"
    if cells["value"] and not _number(cells["value"]) >= 0:
        yield "value", f"{cells['value']!r} is not a number of zero or more"
    for column in _DAYS:
        text = cells.get(column, "")
        if text and not _is_day(text):
            yield column, f"{text!r} is not a day written YYYY-MM-DD"


def _claim(cells: Mapping[str, str]) -> Claim:
    days = {name: pd.Timestamp(cells[name]) if cells.get(name) else None for name in _DAYS}
    texts = {name: cells.get(name, "") for name in (*_TEXTS, *_CHOICES)}
    texts["qualifier"] = texts["qualifier"] or "exact"
    values: dict[str, Any] = {**texts, **days, "value": float(cells["value"]) if cells["value"] else None}
    return Claim(**values)


def _text(value: Any) -> str:
    """A cell as it would be written in a file."""
    if value is None or (not isinstance(value, Iterable) and pd.isna(value)):
        return ""
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _is_day(text: str) -> bool:
    try:
        parsed(text)
    except ValueError:
        return False
    return True
