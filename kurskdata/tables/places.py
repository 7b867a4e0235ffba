"""Where the settlements lie: one row a settlement that somebody said was retaken, with its position and its error.

Positions are estimates. What is not known stays empty and is counted, never guessed.
"""

from __future__ import annotations

import pandas as pd

from kurskdata.errors import InputError, choice
from kurskdata.tables import reader, views
from kurskdata.tables.descriptor import allowed
from kurskdata.tables.views import Day, day, known

LANDMARKS = ("sudzha", "korenevo", "bolshoye-soldatskoye", "yunakovka", "glushkovo", "giri", "basovka")
"""Places that help to read a map, the most telling first."""

_CONTESTED = {"ev-2025-04-26-maps-gornal": ("gornal", "oleshnya")}
"""Events of the timeline that say of named places that fighting went on there after they were claimed."""

_COLUMNS = (
    "place_id",
    "name",
    "kind",
    "district",
    "lat",
    "lon",
    "position_error_km",
    "reported",
    "claimed_by",
    "first_reported",
    "unofficial",
    "disputed",
    "source_ids",
)


def settlement_places(
    *,
    as_of: Day = None,
    start: Day = None,
    end: Day = None,
    claimant: str = "official",
    language: str = "en",
) -> pd.DataFrame:
    """Settlements of the Kursk oblast that were said to be retaken, and where they lie: one row per settlement.

    Columns: ``place_id`` (several, separated by ";", where the claim fits more than one place), ``name``,
    ``kind``, ``district``, ``lat`` and ``lon`` (degrees, WGS84; empty where no position is known),
    ``position_error_km``, ``reported`` (day of the first claim that counts), ``claimed_by`` (who made it),
    ``first_reported`` (day of the first claim by anyone), ``unofficial`` (no official claim is public),
    ``disputed`` (an event of the timeline says that fighting went on there after the claim), ``source_ids``.

    ``claimant`` says which claims count. With "official" (Russia's Defence Ministry and General Staff) and "any"
    the rows are all settlements that anyone claimed; with "official", those that only others claimed have no
    ``reported``, and ``claimed_by`` names who claimed them first. With one claimant of the table ``retaken`` the
    rows are the settlements that this one claimed. ``start`` and ``end`` keep the settlements whose first claim
    that counts, or else whose first claim, became public in that period. Variants never count.
    Raises InputError for a day that is none, ``start`` after ``end``, or an unknown claimant.

    >>> import kurskdata
    >>> five_days = kurskdata.settlement_places(as_of="2025-03-14", start="2025-03-08", end="2025-03-12")
    >>> counted = five_days[five_days["reported"].notna()]
    >>> len(counted), int(counted["lat"].isna().sum())
    (24, 4)

    >>> import kurskdata as kd
    >>> places = kd.settlement_places(as_of="2025-03-14", language="de")
    >>> len(places), int(places["lat"].isna().sum())
    (58, 9)
    """
    choice("claimant", claimant, ["official", "any", *allowed("retaken", "claimant")])
    first, last = day(start, "start"), day(end, "end")
    if first is not None and last is not None and first > last:
        raise InputError(f"start: {first.date()} is after the end, {last.date()}")
    claims = _claims(day(as_of))
    if claimant not in ("official", "any"):
        claims = claims[claims["claimed_by"] == claimant]
    official = claims[claims["official"]].drop_duplicates("place")
    firsts = claims.drop_duplicates("place")
    counted = official if claimant == "official" else firsts
    rows = pd.concat([counted, firsts[~firsts["place"].isin(counted["place"])]])
    rows["first_reported"] = rows["place"].map(firsts.set_index("place")["reported"])
    rows["unofficial"] = ~rows["place"].isin(official["place"])
    if claimant == "official":
        rows["reported"] = rows["reported"].where(~rows["unofficial"])
    rows["disputed"] = rows["place"].isin(_contested(day(as_of)))
    rows = rows[rows["public"].between(first or rows["public"].min(), last or rows["public"].max())]
    rows = _with_places(rows, language)
    rows = rows.sort_values(["reported", "first_reported", "place_id"], kind="stable", na_position="last")
    return rows[list(_COLUMNS)].reset_index(drop=True)


def _claims(cut: pd.Timestamp | None) -> pd.DataFrame:
    """The claims that were public, in order, with the place that each is on and the day since when it was public."""
    claims = known(reader.load("retaken"), cut)
    claims = claims[~claims["variant"]].copy()
    months = pd.to_datetime(claims["reported_month"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    claims["public"] = claims["reported"].fillna(months.astype("datetime64[s]"))
    claims["place"] = claims["place_id"].fillna(claims["candidate_place_ids"])
    return claims.sort_values(["public", "claim_id"], kind="stable").rename(
        columns={"claimant": "claimed_by"}
    )


def _contested(cut: pd.Timestamp | None) -> set[str]:
    """The places of which a public event of the timeline says that fighting went on there."""
    events = reader.load("timeline")
    if cut is not None:
        events = events[events["date"] <= cut]
    return {
        place for event, places in _CONTESTED.items() if event in set(events["event_id"]) for place in places
    }


def _with_places(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows with name, district and position; a claim that fits several places has a name alone."""
    names, places = views.names_in(language), reader.load("places").set_index("place_id")
    found = rows.drop(columns=["place_id"]).rename(columns={"place": "place_id"})
    found["name"] = [names[str(place).split(";")[0]] for place in found["place_id"]]
    columns = ["kind", "district", "lat", "lon", "position_error_km"]
    return found.join(places[columns], on="place_id")


def landmarks(language: str = "en") -> pd.DataFrame:
    """Places that help to read a map: one row each with ``place_id``, ``name``, ``lat`` and ``lon``."""
    names, places = views.names_in(language), reader.load("places").set_index("place_id")
    found = places.loc[[*LANDMARKS], ["lat", "lon"]].reset_index()
    found.insert(1, "name", [names[place] for place in LANDMARKS])
    return found
