"""Settlements that somebody said were retaken: how many per day, and where they lie.

Positions are estimates. What is not known stays empty and is counted, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from kurskdata.errors import Day, InputError, choice
from kurskdata.tables import door, reader
from kurskdata.tables.as_of import day, period, public, public_day
from kurskdata.tables.descriptor import allowed, covered, documented, fields

LANDMARKS = ("sudzha", "korenevo", "bolshoye-soldatskoye", "yunakovka", "glushkovo", "giri", "basovka")
"""Places that help to read a map, the most telling first."""

CONTESTED = {"ev-2025-04-26-maps-gornal": ("gornal", "oleshnya")}
"""Events of the timeline that say of named places that fighting went on there after they were claimed."""


@documented
def settlements_per_day(
    *,
    as_of: Day = None,
    start: Day = None,
    end: Day = None,
    claimant: str = "official",
    first_only: bool = True,
    language: str = "en",
) -> pd.DataFrame:
    """Settlements of the Kursk oblast that a claimant said were retaken: one row per day, zeros included.

    ``claimant`` is "official" (Russia's Defence Ministry and General Staff), "any", or one claimant of the
    table ``retaken``. With ``first_only`` a settlement counts on the day of its first claim by that claimant;
    otherwise repeats count too. Variants never count, and neither do claims whose day is not known. Days outside
    the period that the data cover, 6 August 2024 to 31 May 2025, have no row.
    Raises InputError for an invalid day, ``start`` after ``end``, or an unknown claimant or language.
    """
    cut = day(as_of)
    claims = _claims(cut, claimant)
    claims = claims[claims["reported"].notna()]
    if claimant == "official":
        claims = claims[claims["official"]]
    if first_only:
        claims = claims.drop_duplicates("place")
    opening, closing = (pd.Timestamp(edge) for edge in covered())
    first, last = period(start, end, cut, closing)
    # Outside the period covered nobody looked for claims, so that there a zero would say too much.
    first, last = max(first, opening), min(last, closing)
    if first > last:
        what = f"is after the period of the data, which ends on {closing.date()}"
        raise InputError(f"start: {first.date()} {what}")
    grouped = claims.assign(name=_names(claims["place"], language)).groupby("reported")
    joined = {"names": ("name", "; "), "place_ids": ("place", ";"), "claim_ids": ("claim_id", ";")}
    texts = pd.DataFrame({column: grouped[of].agg(mark.join) for column, (of, mark) in joined.items()})
    since = min(first, claims["reported"].min()) if len(claims) else first
    days = pd.date_range(since, last, name="date", unit="s")
    view = texts.reindex(days).astype(reader.TEXT).fillna("")
    view.insert(0, "settlements", grouped.size().reindex(days, fill_value=0).astype("int64"))
    view["cumulative"] = view["settlements"].cumsum()
    if claimant != "official":
        view["claimant"] = pd.Series(claimant, index=view.index, dtype=reader.TEXT)
    return view.loc[first:].reset_index()


class Announced(NamedTuple):
    """Rows a day in the order of days; who announced the settlements, by name, "official" for Russia's Defence Ministry
    and General Staff, "" where several did or nobody is named; and whether all are claims of the table ``retaken``."""

    days: pd.DataFrame
    claimant: str
    ours: bool

    @property
    def length(self) -> int:
        """The number of days from the first row to the last."""
        return int((self.days["date"].iloc[-1] - self.days["date"].iloc[0]).days) + 1

    @property
    def none_yet(self) -> bool:
        """Whether they are days of the table on which no official claim had been made since the campaign began."""
        counted = self.ours and self.claimant == "official" and "cumulative" in self.days
        return counted and not self.days["cumulative"].iloc[-1]


def announced(view: pd.DataFrame, claimant: str = "") -> Announced:
    """The view `settlements_per_day`, or a user's rows in its place, checked and sorted.

    ``claimant`` says who announced the settlements; without it a column ``claimant`` does, or the claims that the column
    ``claim_ids`` names. Raises InputError for wrong cells, a day that stands twice, a number that differs from that of
    the names, and a table without rows.
    """
    empty = dict.fromkeys(("names", "place_ids", "claim_ids", "claimant"), "")
    days = door.table(view, "settlements", unique=["date"], rule=_as_many_as_named).fillna(empty)
    days = days.sort_values("date")
    if not len(days):
        raise InputError("settlements: the table has no rows, so there is nothing to show")
    days["names"] = ["; ".join(_parts(cell)) for cell in days["names"]]
    claims = reader.load("retaken").set_index("claim_id")
    ids = {one for cell in days.get("claim_ids", ()) for one in _parts(cell)}
    # A view without any claim is of this package too, if it adds up to none.
    ours = "claim_ids" in days and ids <= set(claims.index) and bool(ids or not days["settlements"].any())
    of = claims.loc[sorted(ids) if ours else []]
    named = {"official"} if ours and of["official"].all() else set(of["claimant"])
    if "claimant" in days:
        named = set(days.pop("claimant"))
    who = claimant or (named.pop() if len(named) == 1 else "")
    known = {"any": "", "Russian Defence Ministry": "official"}
    return Announced(days.reset_index(drop=True), known.get(who, who), ours)


def _parts(cell: str) -> list[str]:
    return [part for part in re.split(r"\s*;\s*", cell.strip()) if part]


def _as_many_as_named(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    names, count = len(_parts(row["names"])), row["settlements"]
    if names and count.isdecimal() and int(count) != names:
        yield "settlements", f"{count}, but the cell names has {names}; a name for each is needed, or none"


@documented
def settlement_places(
    *, as_of: Day = None, start: Day = None, end: Day = None, claimant: str = "official", language: str = "en"
) -> pd.DataFrame:
    """Settlements of the Kursk oblast that were said to be retaken, and where they lie: one row per settlement.

    ``claimant`` says which claims count. With "official" (Russia's Defence Ministry and General Staff) and "any"
    the rows are all settlements that anyone claimed; with "official", those that only others claimed have no
    ``reported``, and ``claimed_by`` names who claimed them first. With one claimant of the table ``retaken`` the
    rows are the settlements that this one claimed. ``start`` and ``end`` keep the settlements whose first claim
    that counts, or else whose first claim, became public in that period. Variants never count.
    Raises InputError for an invalid day, ``start`` after ``end``, or an unknown claimant or language.
    """
    first, last = day(start, "start"), day(end, "end")
    if first is not None and last is not None and first > last:
        raise InputError(f"start: {first.date()} is after the end, {last.date()}")
    claims = _claims(day(as_of), claimant)
    official = claims[claims["official"]].drop_duplicates("place")
    firsts = claims.drop_duplicates("place")
    counted = official if claimant == "official" else firsts
    rows = pd.concat([counted, firsts[~firsts["place"].isin(counted["place"])]])
    first_days = firsts.set_index("place")[["reported", "reported_month"]].add_prefix("first_")
    rows = rows.join(first_days, on="place")
    rows["unofficial"] = ~rows["place"].isin(official["place"])
    if claimant == "official":
        rows["reported"] = rows["reported"].where(~rows["unofficial"])
    events = set(public("timeline", day(as_of))["event_id"])
    contested = [place for event, places in CONTESTED.items() if event in events for place in places]
    rows["disputed"] = rows["place"].isin(contested)
    rows = rows[rows["public"].between(first or rows["public"].min(), last or rows["public"].max())]
    rows = rows.drop(columns="place_id").rename(columns={"place": "place_id", "claimant": "claimed_by"})
    rows["name"] = _names(rows["place_id"], language)
    rows = rows.join(reader.load("places").set_index("place_id")[door.columns("places")[2:8]], on="place_id")
    rows = rows.sort_values(["reported", "first_reported", "place_id"], kind="stable", na_position="last")
    return reader.texts_typed(rows[door.columns("places")].reset_index(drop=True))


def landmarks(language: str = "en") -> pd.DataFrame:
    """Places that help to read a map: one row each with ``place_id``, ``name``, ``lat`` and ``lon`` (degrees).

    Raises InputError for an unknown language.
    """
    positions = reader.load("places").set_index("place_id").loc[[*LANDMARKS], ["lat", "lon"]].reset_index()
    positions.insert(1, "name", _names(positions["place_id"], language))
    return positions


def names_in(language: str) -> dict[str, str]:
    """The name of every place in a language, by ``place_id``. Raises InputError for an unknown language."""
    columns = [field["name"] for field in fields("places") if re.fullmatch("name_[a-z]{2}", field["name"])]
    choice("language", language, [column.removeprefix("name_") for column in columns])
    return dict(reader.load("places")[["place_id", f"name_{language}"]].itertuples(index=False, name=None))


def _names(places: pd.Series[str], language: str) -> list[str]:
    """The names of places; the first name where a claim fits several, separated by ";"."""
    names = names_in(language)
    return [names[place.split(";")[0]] for place in places]


def _claims(cut: pd.Timestamp | None, claimant: str) -> pd.DataFrame:
    """The claims on settlements that were public, in order: of one claimant, or for "official" and "any" all.

    ``place`` is the place that each is on, or all that it fits; ``public`` the day since when it was public.
    """
    choice("claimant", claimant, ["official", "any", *allowed("retaken", "claimant")])
    claims = public("retaken", cut)
    claims = claims[~claims["variant"]]
    if claimant not in ("official", "any"):
        claims = claims[claims["claimant"] == claimant]
    place = claims["place_id"].fillna(claims["candidate_place_ids"])
    claims = claims.assign(public=public_day(claims), place=place)
    return claims.sort_values(["public", "claim_id"], kind="stable")
