"""The tables as they stand, one function a table.

Every call returns a fresh DataFrame, typed as `kurskdata.tables.reader` says: an empty cell is a missing value, days
are ``datetime64``, lists and months text. What follows from the tables is in `kurskdata.tables.views`, among it the
timeline. ``help(kurskdata.area)`` lists the columns of a table, which ``data/datapackage.json`` describes; what a row
is, with an example, stands in ``loaders.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from kurskdata.tables import reader
from kurskdata.tables.descriptor import documented

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _loader(table: str) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        return reader.load(table)

    load.__name__ = load.__qualname__ = table
    load.__doc__ = _TEXTS[table]
    return documented(table)(load)


area, article, border, control, corrections, places, retaken, sources = map(_loader, sorted(_TEXTS))
