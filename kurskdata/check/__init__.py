"""The claims of an article set against what was said, counted and drawn: three answers a claim, and their evidence.

Was it said, by that speaker, in that unit, of that day? Does it add up? What do others say and show? The answers are
no truth ratings: a claim can agree with what others said and all of them be wrong. Each rests on comparisons of
intervals: *consistent*, *inconsistent*, or *not comparable* with the reason.

>>> import kurskdata
>>> from kurskdata.check import check_claims
>>> checked = check_claims(kurskdata.article()).set_index("claim_id")
>>> checked.loc["settlements-24", ["said", "adds_up", "others"]].tolist()
['not_asked', 'yes', 'agree']
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from kurskdata.check import adds_up, events, maps_and_ledger, others, page
from kurskdata.check.answers import Answers, Found, answers
from kurskdata.check.claims import Claim, measure_units, read_claims, stated
from kurskdata.check.setting import STATUSES, Evidence, Setting
from kurskdata.days import Day
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.as_of import day
from kurskdata.tables.descriptor import documented
from kurskdata.tables.reader import TEXT
from kurskdata.tables.views import BASE_KM2
from kurskdata.words.language import Words

__all__ = ["COLUMNS", "EVIDENCE", "STATUSES", "Checked", "check_claims", "measure_units", "read_claims"]

COLUMNS = tuple(door.columns("check"))
"""The columns of the result of `check_claims`, which describes each."""

EVIDENCE = tuple(door.columns("check-evidence"))
"""The columns of the evidence that `Checked.evidence` holds."""

Finder = Callable[[Claim, Setting], Iterator[Evidence]]

_OTHERS: tuple[Finder, ...] = (
    maps_and_ledger.maps, maps_and_ledger.map_changes, maps_and_ledger.largest, others.statements, others.opposites,
)  # fmt: skip
_SUMS: tuple[Finder, ...] = (adds_up.within_article, adds_up.own_figures)
_BOTH: tuple[Finder, ...] = (maps_and_ledger.ledger, adds_up.duration)
"""A list and the calendar say both whether a claim adds up and what others show."""
_OTHERWISE: tuple[Finder, ...] = (events.event_day, events.recorded)
"""For claims whose figure nobody else gave, counted or measured, and for those without a figure."""


@documented
class Checked(pd.DataFrame):
    """The result of `check_claims`: one row per claim, and in ``evidence`` one row per claim and piece of evidence.

    ``cut`` is the day whose knowledge was used, or None. A notebook shows it as the page of `kursk check`; parts of it,
    such as some of its columns, as tables.
    """

    _metadata = ["evidence", "cut"]  # noqa: RUF012
    evidence: pd.DataFrame
    cut: pd.Timestamp | None

    @property
    def _constructor(self) -> Callable[..., Checked]:
        return Checked

    def _repr_html_(self) -> str | None:
        whole = {*COLUMNS} <= {*self.columns} and hasattr(self, "evidence") and "places" in self.attrs
        return page.html(self, whole=False) if whole else pd.DataFrame(self)._repr_html_()  # type: ignore[operator]

    def to_object(self) -> dict[str, Any]:
        """The whole result for other programs: ``as_of``, ``claims`` with answers and evidence, and what was left out of a text."""
        shown = ["question", "status", "kind", "evidence_id", "sentence", "source_ids"]
        by_claim = {key: rows[shown].to_dict("records") for key, rows in self.evidence.groupby("claim_id")}
        claims = []
        for row in pd.DataFrame(self).to_dict("records"):
            plain = {str(name): _plain(value) for name, value in row.items()}
            plain["answers"] = {name: plain.pop(name) for name in ("said", "adds_up", "others")}
            evidence = [
                {**one, "source_ids": one["source_ids"].split(";") if one["source_ids"] else []}
                for one in by_claim.get(plain["claim_id"], [])
            ]
            claims.append({**plain, "evidence": evidence})
        return {"as_of": _plain(self.cut), "claims": claims, "left_out": self.attrs.get("left_out", [])}


def _plain(value: Any) -> Any:
    """A cell as JSON has it: None where it is empty, days as text, whole numbers without a point."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return int(value) if isinstance(value, float) and value == int(value) else value


@documented
def check_claims(
    claims: pd.DataFrame,
    *,
    as_of: Day = None,
    base_km2: float = BASE_KM2,
    tolerance_days: int = 3,
    language: str = "en",
) -> Checked:
    """Checks the claims of an article: was it said, does it add up, what do others say and show. One row per claim.

    ``claims`` has one row per claim, with the columns that `read_claims` describes; ids are compared as text. ``as_of``
    keeps only evidence that was public on that day; of claims from `read_article` and of files with the column
    ``published`` it is by default the day of the article.
    ``base_km2`` is the area in sq km that shares refer to whose speaker gave no total of his own, ``tolerance_days``
    how many days a statement may lie from the day of a claim, ``language`` that of the sentences.

    The attribute ``evidence`` of the result is described by `Checked`.

    Raises InputError that lists every fault of the claims, and for an invalid day, base, tolerance or language.
    """
    if not (base_km2 > 0 and math.isfinite(base_km2)):
        raise InputError(f"base_km2: {base_km2} must be above zero")
    if isinstance(tolerance_days, bool) or not isinstance(tolerance_days, int) or tolerance_days < 0:
        raise InputError(f"tolerance_days: {tolerance_days!r} must be a whole number of days, zero or more")
    article, cut = stated(claims), day(as_of or claims.attrs.get("day"))
    setting = Setting(article, Words(language), cut, base_km2, tolerance_days)
    answered = [(claim, answers(claim, _evidence(claim, setting), setting)) for claim in setting.article]
    checked = Checked(_frame([_row(*one) for one in answered], "check").astype({"origins": "int64"}))
    checked.cut = setting.cut
    checked.attrs = page.placed(claims) | {"language": language}
    checked.evidence = _frame(
        [_evidence_row(c, one) for c, a in answered for one in a.found], "check-evidence"
    )
    return checked


def _frame(rows: list[dict[str, Any]], view: str) -> pd.DataFrame:
    """Rows as a DataFrame with the columns of a view."""
    types = {str(column["name"]): _TYPES.get(column["type"], TEXT) for column in door.fields(view)}
    return pd.DataFrame(rows, columns=[*types], dtype=object).astype(types)


_TYPES: dict[str, Any] = {"integer": "Int64", "number": "float64", "date": "datetime64[s]", "boolean": "bool"}


def _evidence(claim: Claim, setting: Setting) -> list[Evidence]:
    """Everything that a claim can be compared with; at least the reason why there is nothing."""

    def found(finders: tuple[Finder, ...]) -> list[Evidence]:
        return list(itertools.chain.from_iterable(finder(claim, setting) for finder in finders))

    evidence: list[Evidence] = []
    if claim.value is not None:
        both = found(_BOTH)
        evidence = [replace(one, question=question) for question in ("adds_up", "others") for one in both]
        evidence = [*found(_SUMS), *evidence, *found(_OTHERS)]
    if not any(one.question == "others" for one in evidence):
        evidence += found(_OTHERWISE)
    return evidence or [events.nothing(claim, setting)]


def _row(claim: Claim, a: Answers) -> dict[str, Any]:
    sources = dict.fromkeys(one for row in a.said.rows for one in row["source_ids"].split(";"))
    return {**vars(claim), **vars(a), "said": a.said.answer, "source_ids": ";".join(sources)}


def _evidence_row(claim: Claim, one: Found) -> dict[str, Any]:
    way, values = one.reading, one.evidence.values
    row = {**vars(one.evidence), "claim_id": claim.claim_id, "status": one.status, "sentence": one.sentence}
    row |= {"reading": way.name if way else "", "unit": (values or claim).unit}
    for name, found in (("claim", way.values if way else None), ("evidence", values)):
        row |= {f"{name}_low": found.lower, f"{name}_high": found.upper} if found else {}
    return row
