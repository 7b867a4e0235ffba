"""The tables as they stand, one function a table.

Every call returns a fresh DataFrame, typed as `kurskdata.tables.reader` says: an empty cell is a missing value, days
are ``datetime64``, lists and months text. What follows from the tables is in `kurskdata.tables.views`, among it the
timeline. ``help(kurskdata.area)`` lists the columns of a table, which ``data/datapackage.json`` describes.
"""

from __future__ import annotations

import pandas as pd

from kurskdata.tables import reader
from kurskdata.tables.descriptor import documented


@documented("sources")
def sources() -> pd.DataFrame:
    """One row per published page that a row of another table rests on.

    >>> import kurskdata as kd
    >>> pages = kd.sources()
    >>> bool(pages["url"].str.startswith("http").all())
    True
    """
    return reader.load("sources")


@documented("places")
def places() -> pd.DataFrame:
    """One row per settlement; homonyms are separate places.

    >>> import kurskdata as kd
    >>> places = kd.places()
    >>> places.loc[places["name_en"] == "Viktorovka", "district"].tolist()
    ['Korenevsky', 'Sudzhansky']
    """
    return reader.load("places")


@documented("retaken")
def retaken() -> pd.DataFrame:
    """One row per claim that a settlement was retaken: one settlement, one claimant, one announcement.

    >>> import kurskdata as kd
    >>> claims = kd.retaken()
    >>> claims.loc[claims["place_id"] == "sudzha", "claimant"].iloc[0]
    'Russian Defence Ministry'
    """
    return reader.load("retaken")


@documented("area")
def area() -> pd.DataFrame:
    """One row per quantified claim on territory: one claimant, one figure, one wording.

    >>> import kurskdata as kd
    >>> claims = kd.area()
    >>> sorted(claims.loc[claims["measure"] == "share_retaken", "unit"].unique())
    ['percent']
    """
    return reader.load("area")


@documented("control")
def control() -> pd.DataFrame:
    """One row per day, map and pocket: the area that the map shows as held by Ukraine.

    >>> import kurskdata as kd
    >>> measured = kd.control()
    >>> measured[(measured["date"] == "2025-03-12") & (measured["status"] == "drawn")]["held_km2"].tolist()
    [140.28, 11.36]
    """
    return reader.load("control")


@documented("article")
def article() -> pd.DataFrame:
    """One row per checkable claim of one news article, 14 March 2025.

    >>> import kurskdata as kd
    >>> claims = kd.article()
    >>> claims.loc[claims["measure"] == "share_retaken", ["speaker", "value"]].values.tolist()
    [['Valery Gerasimov', 86.0]]
    """
    return reader.load("article")


@documented("border")
def border() -> pd.DataFrame:
    """One row per point of a simplified outline of the state border near Sudzha, for locator maps.

    >>> import kurskdata as kd
    >>> line = kd.border()
    >>> line["order"].is_monotonic_increasing
    True
    """
    return reader.load("border")


@documented("corrections")
def corrections() -> pd.DataFrame:
    """One row per published cell or row that was changed, renamed or taken out after a release.

    >>> import kurskdata as kd
    >>> entries = kd.corrections()
    >>> bool(entries["reason"].notna().all())
    True
    """
    return reader.load("corrections")
