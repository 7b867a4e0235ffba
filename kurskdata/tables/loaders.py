"""The tables as they stand, one function a table.

Every call returns a fresh DataFrame, typed as `kurskdata.tables.reader` says: an empty cell is a missing value, days
are ``datetime64``, lists and months text. What follows from the tables is in `kurskdata.tables.views`, among it the
timeline. ``help(kurskdata.area)`` lists the columns of a table, which ``data/datapackage.json`` describes.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from kurskdata.tables import reader
from kurskdata.tables.descriptor import documented


def _loader(table: str) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        return reader.load(table)

    load.__name__ = load.__qualname__ = table
    return documented(load)


area, article, border, control = map(_loader, ("area", "article", "border", "control"))
corrections, places, retaken, sources = map(_loader, ("corrections", "places", "retaken", "sources"))
