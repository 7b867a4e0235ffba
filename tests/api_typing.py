"""The public interface as a user's type checker sees it: `tests/trust.py` has mypy and pyright read this, both strict."""

from __future__ import annotations

import datetime as dt
from typing import Any, assert_type

import pandas as pd

import kurskdata as kd
from kurskdata import charts
from kurskdata.check import Checked

edition = kd.edition(as_of="2025-03-14", units="sq_mi", language="de", theme="dark")
assert_type(edition, kd.Edition)
assert_type(edition.as_of, dt.date)
assert_type(edition.since(days=10), dt.date)

days = kd.settlements_per_day(
    as_of=edition.as_of, start="2025-03-05", end=dt.date(2025, 3, 14), claimant="official"
)
assert_type(days, pd.DataFrame)
frames: list[pd.DataFrame] = [
    kd.area(), kd.article(), kd.border(), kd.control(), kd.corrections(), kd.places(), kd.retaken(), kd.sources(),
    kd.area_claims(as_of="2025-03-14", base_km2=1268.0), kd.area_held(observer="deepstate"), kd.area_percentages(),
    kd.area_record(), kd.article_claims(), kd.settlement_places(language="uk"), kd.support(), kd.timeline(category=["aid"]),
]  # fmt: skip
one: kd.Interval = kd.interval(86.0, "percent", qualifier="more than")
assert_type(one.lower, float)
assert_type(kd.count_claim(as_of="2025-03-14"), dict[Any, Any] | None)
assert_type(kd.describe("area"), str)
read = kd.read_article("By 12 March, Russia said it had retaken 86 % of the area.", day="2025-03-14")
checked = kd.check_claims(read)
assert_type(checked, Checked)
assert_type(checked.evidence, pd.DataFrame)
charts.settlements(days, edition)
kd.use_data(None)

try:
    kd.edition(units="acres")
except kd.InputError as fault:
    assert_type(fault.exit_code, int)
