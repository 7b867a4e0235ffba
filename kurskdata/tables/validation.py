"""Whether the tables keep what their description promises, references between tables included."""

from __future__ import annotations

import pandas as pd

from kurskdata.errors import InputError
from kurskdata.tables import descriptor, reader


def faults() -> list[str]:
    """Every fault of every table as one line; empty when all is well."""
    found: list[str] = []
    loaded: dict[str, pd.DataFrame] = {}
    for name in descriptor.names():
        try:
            loaded[name] = reader.load(name)
        except InputError as fault:
            found.append(str(fault))
    for name, frame in loaded.items():
        found += _references(name, frame, loaded)
    return found


def _references(name: str, frame: pd.DataFrame, loaded: dict[str, pd.DataFrame]) -> list[str]:
    """Ids of other tables that do not exist there."""
    targets = {
        "source_ids": ("sources", "source_id"),
        "context_source_ids": ("sources", "source_id"),
        "candidate_place_ids": ("places", "place_id"),
    }
    for key in descriptor.resource(name)["schema"].get("foreignKeys", []):
        targets[key["fields"][0]] = (key["reference"]["resource"] or name, key["reference"]["fields"][0])
    found = []
    for column, (table, key) in targets.items():
        if column not in frame or table not in loaded:
            continue
        known = set(loaded[table][key])
        for line, cell in zip(frame.index + 2, frame[column], strict=True):
            missing = [one for one in str(cell).split(";") if one not in known] if pd.notna(cell) else []
            found += [
                f"{name}.csv: line {line}, column {column}: {one!r} is not in {table}" for one in missing
            ]
    return found
