"""DataFrames that users bring, checked once before anything is computed from them.

``views.json`` says what a function needs of its tables: the columns, what their cells are (``day``, ``text``, ``flag``,
``number``, ``amount``: one of zero or more, ``whole`` number, ``count``: one of zero or more, ``latitude`` and
``longitude`` in degrees in or near Ukraine and western Russia, ``bound``: a number or no end, or the values of a column of a
table), with "!" where no cell may be empty "?" where the column may be missing and "*" where a
missing column counts as empty.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from kurskdata.disk import packaged
from kurskdata.errors import InputError
from kurskdata.tables import reader, spreadsheet
from kurskdata.tables.descriptor import Field, allowed

_VIEWS = packaged("tables/views.json")


def columns(view: str) -> list[str]:
    """The columns of a view in ``views.json``, in its order."""
    return [*_VIEWS[view]]


def fields(view: str) -> list[Field]:
    """The columns of a view with the rules for their cells, as in the descriptor of the tables."""
    known, found = _VIEWS["forms"], list[Field]()
    for name, form in _VIEWS[view].items():
        kind = form.rstrip("!?*")
        column = known.get(kind) or {"type": "string", "constraints": {"enum": allowed(*kind.split("."))}}
        rules = {**column.get("constraints", {}), "required": form.endswith("!")}
        found.append({**column, "name": name, "constraints": rules})
    return found


def table(
    frame: pd.DataFrame,
    view: str,
    *,
    unique: Sequence[str] = (),
    named: str = "",
    rule: reader.RowRule | None = None,
) -> pd.DataFrame:
    """A fresh DataFrame with the columns of a view in ``views.json`` that the frame has, typed as in the tables.

    Other columns are left out. Raises InputError as `checked` does.
    """
    forms = _VIEWS[view]
    missing = frozenset(name for name, form in forms.items() if form.endswith(("?", "*")))
    typed = checked(frame, view, fields(view), may_miss=missing, unique=unique, named=named, rule=rule)
    given = [name for name in map(str, frame.columns) if name in typed]
    return typed[given + [name for name in forms if forms[name].endswith("*") and name not in given]]


def row(given: object, view: str) -> dict[str, Any]:
    """One row of such a table, given as a mapping or Series. Raises InputError as `checked` does."""
    if not isinstance(given, (Mapping, pd.Series)):
        raise InputError(f"{view}: a row is needed, as a dict or Series, not {type(given).__name__}")
    return {str(name): cell for name, cell in table(pd.DataFrame([dict(given)]), view).iloc[0].items()}


def checked(
    frame: pd.DataFrame,
    what: str,
    columns: Sequence[Field],
    *,
    may_miss: frozenset[str] = frozenset(),
    unique: Sequence[str] = (),
    named: str = "",
    rule: reader.RowRule | None = None,
) -> pd.DataFrame:
    """A fresh DataFrame with these columns of a user's frame, typed as `kurskdata.tables.reader` says.

    Text is read as in a file (`kurskdata.tables.spreadsheet`): "3" is 3, and 13.03.2025 a day. A day may also be a date
    or a datetime at midnight, in any time zone. ``unique`` columns identify a row, the column ``named`` names it in
    messages, and ``rule`` gives the faults between the cells of a row, as written. Raises InputError, which begins with
    ``what``, for missing columns and lists every fault by row and column.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"{what}: a DataFrame is needed, not {type(frame).__name__}")
    heads = [str(name) for name in frame.columns]
    wanted = [column for column in columns if column["name"] in heads]
    known = {column["name"] for column in columns}
    reader.check_header(what, [name for name in heads if name in known], columns, may_miss)
    cells = [[_written(v, c) for v in frame.iloc[:, heads.index(c["name"])]] for c in wanted]
    lines = [(f"row {n}", [*row]) for n, row in zip(frame.index, zip(*cells, strict=True), strict=True)]
    return reader.checked(what, [c["name"] for c in wanted], lines, columns, unique, rule, named)


def _written(value: Any, column: Field) -> str:
    """A cell of a frame as it is written in a file."""
    value = pd.Timestamp(value) if isinstance(value, np.datetime64) else value
    if isinstance(value, str):
        return spreadsheet.plain(value.strip(spreadsheet.BLANK), column)
    if not pd.api.types.is_scalar(value):
        return f"{type(value).__name__} {value}" if column["type"] != "string" else "; ".join(map(str, value))
    if pd.isna(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, dt.datetime):
        return str(value.date() if value.time() == dt.time() else value)
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, (Real, Decimal)) and math.isfinite(number := float(value)):
        return str(int(number)) if number.is_integer() else np.format_float_positional(number, trim="-")
    return str(value)
