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

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from kurskdata.check import own_word, page
from kurskdata.check.claims import Claim, measure_units, read_claims, stated
from kurskdata.check.others import ledger, maps, opposites, statements
from kurskdata.check.own_word import Answer, duration, event_day, own_figures, within_article
from kurskdata.check.setting import Evidence, Setting, Status
from kurskdata.errors import Day, InputError
from kurskdata.tables import door
from kurskdata.tables.as_of import day
from kurskdata.tables.descriptor import documented
from kurskdata.tables.reader import TEXT
from kurskdata.tables.views import BASE_KM2
from kurskdata.words.figures import spread
from kurskdata.words.language import Words

__all__ = ["COLUMNS", "EVIDENCE", "STATUSES", "Checked", "check_claims", "measure_units", "read_claims"]

COLUMNS = tuple(door.columns("check"))
"""The columns of the result of `check_claims`, which describes each."""

EVIDENCE = tuple(door.columns("check-evidence"))
"""The columns of the evidence that `Checked.evidence` holds."""

STATUSES = tuple(map(str, Status))
"""What a piece of evidence comes to."""

LONGEST = 200
"""Characters that a line has at most."""

_KINDS = ("map", "ledger", "calendar", "timeline", "claim", "arithmetic")
"""Kinds of evidence in the order in which a line names them."""

_EXPLAINED = ("rounded", "truncated", "near")
"""Readings that a sentence explains; all others say what they mean."""

_TYPES: dict[str, Any] = {"integer": "Int64", "number": "float64", "date": "datetime64[s]", "boolean": "bool"}
_Found = list[Evidence]


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
            plain["evidence"] = by_claim.get(plain["claim_id"], [])
            for one in plain["evidence"]:
                one["source_ids"] = [*filter(None, one["source_ids"].split(";"))]
            claims.append(plain)
        return {"as_of": _plain(self.cut), "claims": claims, "left_out": self.attrs.get("left_out", [])}


def _plain(value: Any) -> Any:
    """A cell as JSON has it: None where it is empty, days as text, whole numbers without a point."""
    if pd.isna(value):
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
    if type(tolerance_days) is not int or not 0 <= tolerance_days <= 366:
        raise InputError(f"tolerance_days: {tolerance_days!r} must be a whole number of days, 0 to 366")
    article, cut = stated(claims), day(as_of or claims.attrs.get("day"))
    setting = Setting(article, Words(language), cut, base_km2, tolerance_days)
    answered = [_answered(claim, setting) for claim in article]
    checked = Checked(_frame([row for row, _ in answered], "check").astype({"origins": "int64"}))
    checked.cut = cut
    checked.attrs = page.placed(claims) | {"language": language}
    checked.evidence = _frame([one for _, found in answered for one in found], "check-evidence")
    return checked


def _frame(rows: list[dict[str, Any]], view: str) -> pd.DataFrame:
    """Rows as a DataFrame with the columns of a view."""
    types = {str(column["name"]): _TYPES.get(column["type"], TEXT) for column in door.fields(view)}
    return pd.DataFrame(rows, columns=[*types], dtype=object).astype(types)


def _answered(claim: Claim, setting: Setting) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a claim and those of its evidence. ``look`` is true where an editor should stop.

    That is: the speaker is on record with something else, or somebody else with it; it does not add up, or all others
    contradict it, and nobody is on record with it. An accurate quotation is not marked, however much others disagree.
    """
    answer, w = own_word.said(claim, setting), setting.words
    found = [_compared(claim, one, w) for one in _evidence(claim, setting)]
    deciding = [o for o in found if o.question == "others" and o.votes and o.status != Status.NOT_COMPARABLE]
    # The speaker's own side decides only where there is nothing else.
    deciding = [one for one in deciding if not one.own_side] or deciding
    others = _verdict(deciding, "none", "agree", "disagree", "mixed")
    if answer.how == "day" and others == "agree" and claim.measure.endswith("_in_window"):
        answer = Answer("not_on_record")  # a count of another period may well have been the same
    found = [*(_compared(claim, one, w) for one in own_word.evidence(claim, answer, setting)), *found]
    sums = [one for one in found if one.question == "adds_up"]
    adds_up = _verdict(sums, "nothing", "yes", "no", "no")
    doubted = answer.answer != "as_said" and (adds_up == "no" or others == "disagree")
    own = {row["origin"] for row in answer.rows} | setting.matched(claim.speaker) | {""}
    sources = dict.fromkeys(one for row in answer.rows for one in row["source_ids"].split(";"))
    row = {
        **vars(claim), "said": answer.answer, "adds_up": adds_up, "others": others,
        "origins": len({one.origin for one in deciding if one.status == Status.CONSISTENT} - own),
        "look": answer.answer in ("differs", "other_speaker") or doubted,
        "line": _line(claim, answer, sums, deciding, setting), "source_ids": ";".join(sources),
    }  # fmt: skip
    return row, [_row(claim, one) for one in found]


def _row(claim: Claim, one: Evidence) -> dict[str, Any]:
    row = {**vars(one), "claim_id": claim.claim_id, "status": str(one.status), "sentence": one.clause}
    row |= {"reading": one.read.name if one.read else "", "unit": (one.values or claim).unit}
    for name, found in (("claim", one.read and one.read.values), ("evidence", one.values)):
        row |= {f"{name}_low": found.lower, f"{name}_high": found.upper} if found else {}
    return row


def _evidence(claim: Claim, setting: Setting) -> list[Evidence]:
    """Everything that a claim can be compared with; at least the reason why there is nothing."""
    w, sums, shown = setting.words, _Found(), _Found()
    if claim.value is not None:
        both = [*ledger(claim, setting), *duration(claim, setting)]
        # A list and the calendar say both whether a claim adds up and what others show.
        sums = [*within_article(claim, setting), *own_figures(claim, setting)]
        sums += [replace(one, question="adds_up") for one in both]
        shown = [*both, *maps(claim, setting), *statements(claim, setting), *opposites(claim, setting)]
    if not shown:
        shown = [*event_day(claim, setting)]
        if claim.finding:  # how other publishers give the claim, as researched by hand
            told = w.say(f"check-recorded.{claim.finding}")
            shown.append(Evidence("recorded", claim.finding, told, source_ids=claim.source_ids))
    if sums or shown:
        return [*sums, *shown]
    if claim.value is None:
        return [Evidence("", "", w.say(f"check.{'no_figure' if claim.event_id else 'no_event'}"))]
    near = w.say("check.nothing_near", day=w.date(claim.day)) if claim.day is not None else ""
    return [Evidence("", "", near or w.say("check.no_day"))]


def _compared(claim: Claim, evidence: Evidence, w: Words) -> Evidence:
    """Evidence set against a claim: it fits by the first reading that overlaps, the last being what may be missed."""
    values = evidence.values
    if values is None:
        return replace(evidence, status=evidence.status or Status.NOT_COMPARABLE)
    readings = [one for one in claim.readings if evidence.reading in ("", one.name)]
    if evidence.near or evidence.least:
        readings.append(claim.widened(evidence.near, evidence.least))
    fitting = next((one for one in readings if one.values.overlaps(values)), None)
    status = evidence.status or (Status.CONSISTENT if fitting else Status.INCONSISTENT)
    read = fitting or readings[-1]
    way = read.name if read.name in _EXPLAINED else "plain"
    claimed = w.say(f"check-readings.{way}", figure=claim.shown(w), range=spread(read.values, w))
    outcome = w.say(f"check-outcomes.{status.replace(' ', '_')}")
    sentence = w.say("check.compared", claim=claimed, evidence=evidence.clause, outcome=outcome)
    return replace(evidence, status=status, read=read, clause=sentence)


def _verdict(found: _Found, nothing: str, yes: str, no: str, both: str) -> str:
    statuses = {one.status for one in found}
    return (nothing, yes, no, both)[(Status.CONSISTENT in statuses) + 2 * (Status.INCONSISTENT in statuses)]


def _line(claim: Claim, answer: Answer, sums: _Found, deciding: _Found, setting: Setting) -> str:
    """The claim, who said it, and the nearest evidence for and against, as far as there is room."""
    w, mine = setting.words, claim.value or 0
    parts = [own_word.clause(claim, answer, answer.rows[0] if answer.rows else None, setting)]
    against = [one for one in sums if one.status == Status.INCONSISTENT and answer.answer != "as_said"]
    parts += [w.say("check.against", shown=one.short) for one in against[:1]]

    def rank(one: Evidence) -> tuple[int, int, float]:
        """Maps first, then lists, then other claims; the nearest day and figure first."""
        gaps = (abs(one.values.lower - mine), abs(one.values.upper - mine)) if one.values else (0.0,)
        return _KINDS.index(one.kind), one.days_apart or 0, min(gaps)

    for status in (Status.CONSISTENT, Status.INCONSISTENT):
        there = sorted((one for one in deciding if one.status == status), key=rank)
        parts += [w.say(f"check-shown.{status}", shown=one.short) for one in there[:1]]
    parts = [part for part in parts if part] or [w.say("check.nothing")]
    told = ["; ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    lines = [w.say("check.clause", clause=one) for one in told]
    if claim.value is not None:
        lines = [w.say("check.line", figure=claim.shown(w), parts=one) for one in told]
    return next((one for one in lines if len(one) <= LONGEST), f"{lines[-1][: LONGEST - 1]}…")
