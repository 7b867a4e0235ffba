"""On which pages each row rests, and what would be told without a row's only page."""

from __future__ import annotations

import pandas as pd

from kurskdata.errors import Day, day
from kurskdata.tables import reader, settlements, views
from kurskdata.tables.as_of import day as cut
from kurskdata.tables.as_of import public
from kurskdata.tables.descriptor import documented


@documented
def support(*, as_of: Day = None, claims: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each claim and event rests on: one row per row of ``area``, ``retaken`` and ``timeline``.

    With ``as_of`` rows and pages that were public by then; rows of ``article`` are what is checked and not among them.

    With ``claims`` for `check_claims` two more, separated by ";": the ids of claims whose check changes (``checks``) and
    the sentences of a report of the day that change (``sentences``, which need ``as_of``) when all rows that rest on the
    page are left out; empty where the row has several pages. That takes a fraction of a second for each page.
    Raises InputError for an invalid day or claims.
    """
    rows = _rows(as_of)
    if claims is None:
        return rows
    before, changed = _told(claims, as_of), {}
    for page, keys in rows.groupby("rests_on")["key"]:
        token = reader.left_out.set(frozenset(keys))
        try:
            after = _told(claims, as_of)
        finally:
            reader.left_out.reset(token)
        changed[page] = [name for name in before if before[name] != after.get(name)]
    for kind in ("checks", "sentences"):
        names = {page: [name for one, name in found if one == kind] for page, found in changed.items()}
        rows[kind] = [";".join(names.get(page, ())) for page in rows["rests_on"]]
    return reader.texts_typed(rows)


def _rows(as_of: Day) -> pd.DataFrame:
    order = ["table", "key", "who", "pages", "publishers", "kinds", "own_page", "variant_of", "rests_on"]
    tables = []
    for table in ("area", "retaken", "timeline"):
        rows = public(table, cut(as_of)).rename(columns={"event_id": "key", "claim_id": "key"})
        rows = rows.assign(table=table, who=rows["side" if table == "timeline" else "claimant"])
        tables.append(rows.reindex(columns=[*order, "source_ids"]))
    rows, pages = pd.concat(tables, ignore_index=True), reader.load("sources").set_index("source_id")
    each = rows.assign(page=rows["source_ids"].str.split(";"))[["who", "page"]].explode("page")
    each = each.join(pages, on="page")
    each["own"] = each["who"].str.removeprefix("The ") == each["publisher"].str.removeprefix("The ")
    by_row = each.groupby(level=0)
    rows["pages"], rows["publishers"] = by_row.size(), by_row["publisher"].nunique()
    rows["kinds"] = by_row["kind"].agg(lambda kinds: ";".join(sorted(set(kinds))))
    rows["own_page"], rows["rests_on"] = by_row["own"].any(), rows.pop("source_ids").where(rows["pages"] == 1)
    return reader.texts_typed(rows)


def _told(claims: pd.DataFrame, as_of: Day) -> dict[tuple[str, str], str]:
    """The check of every claim and, of a day, the sentences of a report, as text by kind and name."""
    from kurskdata import sentences
    from kurskdata.check import check_claims
    from kurskdata.editions import Edition

    if "event_id" in claims:  # a claim may name an event that is left out
        there = claims["event_id"].isin(reader.load("timeline")["event_id"])
        claims = claims.assign(event_id=claims["event_id"].where(there))
    checked, told = check_claims(claims, as_of=as_of), dict[tuple[str, str], str]()
    for table in (checked, checked.evidence):
        for key, rows in table.groupby("claim_id"):
            told["checks", str(key)] = told.get(("checks", str(key)), "") + rows.to_csv(index=False)
    if as_of:
        edition = Edition(day(as_of))
        first, maps = edition.since(days=10), views.area_held(as_of=as_of)
        per_day = settlements.settlements_per_day(as_of=as_of, start=first)
        counted = views.count_claim(as_of=as_of, start=first)
        told["sentences", "settlements"] = sentences.settlements(per_day, edition, counted)
        told["sentences", "area"] = sentences.area(views.area_claims(as_of=as_of), edition, maps)
        told["sentences", "timeline"] = sentences.timeline(views.timeline(as_of=as_of), edition)
    return told
