"""The claims to be checked, read from a file or a DataFrame and refused with all their faults at once.

This module holds the rules that no column can express alone: which units fit which measure, and that a figure
over a period names its period. A figure without a qualifier can be read in several ways, see `Claim.readings`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.errors import InputError
from kurskdata.prose import LEFT_OUT, read_article
from kurskdata.tables import door, reader, spreadsheet
from kurskdata.tables.descriptor import Field, covered, documented, field, fields
from kurskdata.tables.intervals import COUNTED, Interval, interval
from kurskdata.words.figures import said
from kurskdata.words.language import Words, message

REQUIRED = ("claim_id", "measure", "value", "unit")
"""The columns that a file must have. All but the id may be empty in the row of a claim that is no figure."""

_BY_HAND = message("taken out of the claims by hand")

NEAR = 0.02
"""Figures that miss each other by no more than this part fit: nobody measures or rounds the area more finely."""


class Reading(NamedTuple):
    """One way to read a figure: its name and the values that it then allows."""

    name: str
    values: Interval


@dataclass(frozen=True)
class Claim:
    """One claim of an article. What it does not say is None or empty."""

    claim_id: str
    speaker: str = ""
    measure: str = ""
    value: float | None = None
    unit: str = ""
    qualifier: str = "exact"
    as_of: pd.Timestamp | None = None
    window_start: pd.Timestamp | None = None
    window_end: pd.Timestamp | None = None
    event_id: str = ""
    finding: str = ""
    source_ids: str = ""
    text: str = ""
    value_to: float | None = None
    start: int | None = None
    end: int | None = None

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

    def shown(self, w: Words) -> str:
        """The figure in words, as the article gives it."""
        return said(vars(self) | ({"qualifier": "range"} if self.value_to is not None else {}), w)

    @property
    def readings(self) -> list[Reading]:
        """How the figure can be read, each way wider than the one before: as counted, as qualified or rounded, then cut off."""
        if self.value is None:
            return []
        if self.value_to is not None:
            low, high = sorted([self.value, self.value_to])
            return [Reading("range", Interval(low, high, self.unit))]
        # Elapsed months and years are measured, not counted: seven months may be seven and a bit, and seven and a half
        # are fifteen halves, not seven months and five tenths.
        elapsed = self.measure in ("duration_months", "duration_years")
        parts = 2 if elapsed and self.value > 1 and self.value % 1 == 0.5 else 1
        ways = ["as written"] if self.unit in COUNTED and not elapsed else ["rounded", "truncated"]
        plain, found = self.qualifier == "exact", list[Reading]()
        for way in ways if plain else ["rounded"]:
            read = interval(self.value * parts, "elapsed" if elapsed else self.unit, self.qualifier, way)
            read = replace(read, lower=read.lower / parts, upper=read.upper / parts, unit=self.unit)
            found.append(Reading(way if plain else self.qualifier.replace("_", " "), read))
        return found

    def widened(self, part: float = NEAR, least: float = 0.0) -> Reading:
        """All its readings together and a part of them more, or ``least`` where that is wider."""
        ways = [one.values for one in self.readings]
        low, high = min(one.lower for one in ways), max(one.upper for one in ways)
        return Reading("near", near(Interval(low, high, self.unit), part, least))


def near(values: Interval, part: float = NEAR, least: float = 0.0) -> Interval:
    """The values and a part of them more on both sides; of the remainder where a share is near the whole."""
    top = 100.0 if values.unit == "percent" and values.upper <= 100 else math.inf

    def margin(bound: float) -> float:
        rest = top - bound if top == 100 and bound > 90 else bound
        return 0.0 if math.isinf(bound) else max(part * rest, least)

    low, high = values.lower - margin(values.lower), values.upper + margin(values.upper)
    return Interval(max(low, min(values.lower, 0.0)), min(high, top), values.unit)


def coarse(value: float, part: float = 0.05) -> float:
    """Half the worth of the last digit that is not a trailing zero, and at most a part of the figure."""
    exponent = int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
    return min(10.0**exponent / 2, part * value)


def digits(value: float) -> int:
    """How many digits a figure has, leading and trailing zeros aside: 3 for 594, 2 for 1,300."""
    return len(f"{value:.6g}".replace(".", "").strip("0"))


def measure_units() -> dict[str, list[str]]:
    """The units that each measure can be given in. A date has none: the columns of days hold it."""
    return {measure["value"]: measure["units"] for measure in field("article", "measure")["categories"]}


@documented
def read_claims(path: str | Path) -> pd.DataFrame:
    """The claims of an article from a CSV file, one row per claim, for `check_claims`.

    `kurskdata.tables.spreadsheet` says how the file may be written.

    The other columns of the table ``article`` may be there and are not compared. In the result, which has all of its
    columns, days are ``datetime64`` and ``value`` is ``float64``.

    Raises InputError if the file cannot be read, holds no claim, or has any fault: it lists each with line and
    column.
    """
    known = [*(_relaxed(column) for column in fields("article")), *door.fields("claims-file")]
    free = frozenset(f["name"] for f in known if f["name"] not in REQUIRED)
    claims = reader.read(Path(path), known, key=["claim_id"], optional=free, rule=row_faults, brought=True)
    if claims.empty:
        raise InputError(f"{path}: the file holds no claims, only the names of the columns")
    days = claims.pop("published").dropna().unique()
    if len(days) > 1:
        raise InputError(f"{path}: column published: one day is needed, the same in every row")
    day = str(days[0])[:10] if len(days) else ""
    claims.attrs = {"day": day, **_read_from(Path(path).with_name("check.txt"), day, claims)}
    return claims


def _read_from(beside: Path, day: str, claims: pd.DataFrame) -> dict[Any, Any]:
    """What `kurskdata.prose.read_article` gives beside the claims, if they were read from this text; else empty."""
    text = spreadsheet.text(beside, wide=False).replace("\r\n", "\n") if beside.is_file() else ""
    given = claims.dropna(subset=["start", "end", "text"])
    places = list(zip(given["start"], given["end"], strict=True))
    if not any(text[s:e] == cell for (s, e), cell in zip(places, given["text"], strict=True)):
        return {}
    found = read_article(text, day or covered()[0])
    numbers = pd.concat([found.assign(why=_BY_HAND), pd.DataFrame(found.attrs["left_out"], columns=LEFT_OUT)])
    left_out = numbers[[not any(s < o.end and o.start < e for s, e in places) for o in numbers.itertuples()]]
    return {"text": text, "left_out": left_out.sort_values("start")[[*LEFT_OUT]].to_dict("records")}


def stated(claims: pd.DataFrame) -> list[Claim]:
    """The claims of a DataFrame, checked. Raises InputError that lists every fault by claim and column."""
    rows = door.table(claims, "claims", unique=["claim_id"], named="claim_id", rule=row_faults)
    cells = rows.to_dict("records")
    return [Claim(**{str(name): cell for name, cell in row.items() if not pd.isna(cell)}) for row in cells]


def _relaxed(column: Field) -> Field:
    """A column of ``article`` as it is asked of any article: only the id is required, figures are zero or more."""
    kept = ("enum", "unique", "minimum", "maximum")
    rules = {"required": column["name"] == "claim_id"} | ({"minimum": 0} if column["name"] == "value" else {})
    rules |= {name: rule for name, rule in column.get("constraints", {}).items() if name in kept}
    return {**column, "constraints": rules}


def row_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong between the cells of one row, given as text, and in the event that it names: column and fault."""
    names = ("measure", "value", "unit", "window_start", "window_end", "event_id")
    measure, value, unit, start, end, event_id = (cells.get(name, "") for name in names)
    units = measure_units()
    fitting = units.get(measure, [])
    elsewhere = {one for others in units.values() for one in others} - {*fitting}
    dated, counted, over = measure in units and not fitting, bool(fitting), measure.endswith("_in_window")
    no_figure = f"must be empty: {measure} is given in the columns of days"
    no_day = f"empty, {measure} needs the first and the last day of its window"
    too_much = counted and unit == "percent" and pd.to_numeric(value, errors="coerce") > 100
    event = reader.by_id("timeline").get(event_id)
    allowed, days = ", ".join(fitting), [one for one in (start, end) if re.fullmatch(r"\d{4}-\d\d-\d\d", one)]
    rules: list[tuple[object, str, str]] = [
        (not measure and (value or unit), "measure", "empty, but the row gives a value or a unit"),
        (dated and (value or unit), "value" if value else "unit", no_figure),
        (counted and not value, "value", f"empty, {measure} needs a figure"),
        (counted and not unit, "unit", f"empty; {measure} is given in: {allowed}"),
        (counted and unit in elsewhere, "unit", f"{unit!r} does not fit {measure}; allowed: {allowed}"),
        (too_much, "value", f"{value} is above 100 percent"),
        (days[1:] and start > end, "window_start", f"{start} is after window_end, {end}"),
        (over and not start, "window_start", no_day),
        (over and not end, "window_end", no_day),
        (event_id and not event, "event_id", f"{event_id!r} is not in the table timeline"),
    ]
    return ((column, fault) for broken, column, fault in rules if broken)
