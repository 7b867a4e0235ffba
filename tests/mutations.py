"""Changes one value at a time in the tables, as somebody might err, and counts what the checks notice.

``python tests/mutations.py`` makes 2,000 such mutations with a fixed seed. The gate of hashes and corrections must stop
all of them. Then, as if hashes and corrections had been brought in step in good faith, `kursk data validate` is asked,
which knows meaning alone: the share that it notices, and by column what it does not.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import corrections

from kurskdata.tables import changes, descriptor, validation

TABLES = [name for name in descriptor.names() if name != "corrections"]
CLAIMANTS = ("claimant", "speaker", "publisher", "capacity", "observer", "side")
NAMES = ("name_en", "name_ru", "name_uk", "name_de")
ALIKE = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "а": "a", "е": "e", "о": "o", "с": "c", "р": "p"}
Rows = list[list[str]]


class Mutation(NamedTuple):
    """One error: its kind, where it stands, what the cell was and is, and the rows with it."""

    kind: str
    table: str
    column: str
    key: str
    old: str
    new: str
    rows: Rows


class Noticed(NamedTuple):
    mutation: Mutation
    gate: bool
    faults: list[str]


def _digits(rng: random.Random, text: str) -> str:
    """A number misread or mistyped: a digit other, dropped, doubled, two swapped, the point moved."""
    place = rng.choice([n for n, letter in enumerate(text) if letter.isdigit()])
    how = rng.randrange(5)
    if how == 0 and len(text) > 1:
        return text[:place] + text[place + 1 :]
    if how == 1:
        return text[:place] + text[place] + text[place:]
    if how == 2 and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if how == 3 and "." in text:
        return text.replace(".", "", 1)
    return text[:place] + rng.choice("0123456789") + text[place + 1 :]


def _day(rng: random.Random, text: str) -> str:
    """A day mistaken: the next or last one, a week, a month or a year off, day and month swapped."""
    if len(text) == 7:
        year, month = map(int, text.split("-"))
        return f"{year + rng.choice((0, 0, 1)):04}-{(month + rng.choice((0, 1, 10))) % 12 + 1:02}"
    day, how = dt.date.fromisoformat(text), rng.randrange(4)
    if how == 0 and day.day <= 12:
        return f"{day.year}-{day.day:02}-{day.month:02}"
    if how == 1:
        return f"{day.year + rng.choice((-1, 1))}{text[4:]}"
    return str(day + dt.timedelta(rng.choice((-30, -7, -1, 1, 1, 7, 30))))


def _encoding(rng: random.Random, text: str) -> str:
    """Letters lost or replaced on the way through another encoding, or typed on another keyboard."""
    how = rng.randrange(3)
    if how < 2 and not text.isascii():
        return text.encode().decode(("latin-1", "cp1251")[how], "replace")
    places = [n for n, letter in enumerate(text) if letter in ALIKE]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + ALIKE[text[place]] + text[place + 1 :]


def _typo(rng: random.Random, text: str) -> str:
    """A name with a letter missing, doubled or two of them swapped."""
    place, how = rng.randrange(len(text)), rng.randrange(3)
    if how == 0:
        return text[:place] + text[place + 1 :]
    return text[:place] + (
        text[place] + text[place:] if how == 1 else text[place : place + 2][::-1] + text[place + 2 :]
    )


def _list(rng: random.Random, text: str, ids: list[str]) -> str:
    """A page taken for another one, or left out where others stay: a page more is no change of what was published."""
    parts = text.split(";")
    place = rng.randrange(len(parts))
    other = [rng.choice(ids)] if len(parts) == 1 or rng.randrange(2) else []
    return ";".join([*parts[:place], *other, *parts[place + 1 :]])


def _kinds(table: str, header: list[str]) -> dict[str, list[str]]:
    """The kinds of errors that a table can have, with their columns."""
    schema = descriptor.resource(table)["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    links = {link["fields"][0] for link in schema.get("foreignKeys", [])}
    text = [c for c in header if fields[c]["type"] == "string"]
    found = {
        "number": [c for c in header if fields[c]["type"] in ("number", "integer")],
        "day": [c for c in header if fields[c]["type"] in ("date", "yearmonth")],
        "unit": ["unit"],
        "qualifier": ["qualifier"],
        "claimant": list(CLAIMANTS),
        "source": [c for c in header if c.endswith("source_ids")],
        "reference": [c for c in header if c in links or c == "candidate_place_ids"],
        "closed list": [
            c for c in header if "enum" in fields[c].get("constraints", {}) or fields[c]["type"] == "boolean"
        ],
        "name": list(NAMES),
        "id": [header[0]],
        "figure in a text": [
            c for c in text if c in ("note", "title", "short", "detail", "later", "predicate", "url")
        ],
        "encoding": [c for c in text if "enum" not in fields[c].get("constraints", {}) and c not in links],
        "swapped columns": header,
        "order": [header[0]],
    }
    done = {*found["unit"], *found["qualifier"], *CLAIMANTS}
    found["closed list"] = [c for c in found["closed list"] if c not in done]
    return {kind: there for kind, columns in found.items() if (there := [c for c in columns if c in header])}


def mutation(rng: random.Random, table: str, rows: Rows) -> Mutation | None:
    """One error in a table, given its rows with the header; None where the draw changed nothing."""
    header, lines = rows[0], [list(row) for row in rows[1:]]
    kinds = _kinds(table, header)
    kind = rng.choice(sorted(kinds))
    column = rng.choice(kinds[kind])
    place = header.index(column)
    filled = [
        n
        for n, row in enumerate(lines)
        if row[place] and (kind != "figure in a text" or re.search(r"\d", row[place]))
    ]
    if not filled:
        return None
    n = rng.choice(filled)
    row, old = lines[n], lines[n][place]
    change: dict[str, Callable[[], str]] = {
        "number": lambda: _digits(rng, old),
        "figure in a text": lambda: _digits(rng, old),
        "day": lambda: _day(rng, old),
        "name": lambda: _typo(rng, old),
        "id": lambda: _typo(rng, old),
        "encoding": lambda: _encoding(rng, old),
        "source": lambda: _list(rng, old, SOURCES),
    }
    if kind == "order":
        other = rng.randrange(len(lines))
        lines[n], lines[other] = lines[other], lines[n]
        new = lines[n][place]
    elif kind == "swapped columns":
        next_one = (place + 1) % len(header)
        row[place], row[next_one] = row[next_one], row[place]
        new = row[place]
    else:
        values = sorted({line[place] for line in lines if line[place]})
        new = row[place] = change.get(kind, lambda: rng.choice(values))()
    if new == old:
        return None
    keys = [header.index(name) for name in descriptor.resource(table)["schema"]["primaryKey"]]
    return Mutation(kind, table, column, "/".join(row[k] for k in keys), old, new, [header, *lines])


SOURCES = sorted(
    key
    for table, key, column in changes.written(descriptor.data_folder())
    if table == "sources" and column == "url"
)


def run(count: int, seed: int = 20250314) -> Iterator[Noticed]:
    """That many mutations, and what noticed each."""
    rng = random.Random(seed)
    before = os.environ.get("KURSKDATA_DATA", "")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(descriptor.data_folder(), Path(place, "data")))
        os.environ["KURSKDATA_DATA"] = str(folder)
        try:
            (folder / "corrections.csv").write_text(
                "date,version,table,key,column,old,new,reason,source_id\n", "utf-8"
            )
            (folder / "released.json").write_text(corrections.released("9.0.0"), "utf-8")
            was = changes.state("9.0.0")
            for n in range(count):
                yield _noticed(rng, folder, TABLES[n % len(TABLES)], was)
        finally:
            os.environ["KURSKDATA_DATA"] = before


def _noticed(rng: random.Random, folder: Path, table: str, was: changes.State) -> Noticed:
    path = folder / f"{table}.csv"
    text, stamp = path.read_text("utf-8"), path.stat()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    while not (made := mutation(rng, table, rows)):
        pass
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(made.rows)
    try:
        faults = validation.faults([table])
        before = {cell: kept for cell, kept in was.items() if cell[0] == table}
        after = _cells(table, made.rows)
        gate = any(one.entry == "missing" for one in changes.changes(before, after))
        return Noticed(made, gate or any(fault.endswith("[order]") for fault in faults), faults)
    finally:
        path.write_text(text, "utf-8", newline="\n")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def _cells(table: str, rows: Rows) -> changes.State:
    places = [rows[0].index(name) for name in descriptor.resource(table)["schema"]["primaryKey"]]
    return {
        (table, "/".join(row[n] for n in places), column): text
        for row in rows[1:]
        for column, text in zip(rows[0], row, strict=True)
    }


def report(found: list[Noticed]) -> str:
    """The shares by kind, and the columns of which less than half was noticed, as the tables of the methodology."""
    kinds, seen = (
        Counter(one.mutation.kind for one in found),
        Counter(one.mutation.kind for one in found if one.faults),
    )
    lines = ["| error | made | noticed |", "| --- | ---: | ---: |"]
    lines += [f"| {kind} | {made} | {seen[kind] / made:.0%} |" for kind, made in sorted(kinds.items())]
    easy = ("order", "encoding")
    hard = [one for one in found if one.mutation.kind not in easy]
    lines += [f"| all | {len(found):,} | {sum(seen.values()) / len(found):.0%} |"]
    lines += [
        f"| all but {' and '.join(easy)} | {len(hard):,} | {sum(bool(one.faults) for one in hard) / len(hard):.0%} |"
    ]
    cells = Counter((one.mutation.table, one.mutation.column) for one in found)
    good = Counter((one.mutation.table, one.mutation.column) for one in found if one.faults)
    lines += ["", "| table | look twice at (noticed of made) |", "| --- | --- |"]
    for table in TABLES:
        weak = [(c, n) for (t, c), n in cells.items() if t == table and good[t, c] * 2 < n]
        named = ", ".join(f"`{column}` ({good[table, column]} of {n})" for column, n in sorted(weak))
        lines += [f"| {table} | {named or 'every column is noticed in most cases'} |"]
    return "\n".join(lines) + "\n"


SECTION = re.compile(r"(?<=\n## What the checks notice\n\n)((?:[^|\n][^\n]*\n|\n)*)(?:\|[^\n]*\n|\n(?=\|))+")
"""The section of the methodology: its text and its tables."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--missed", action="store_true", help="list what meaning did not notice")
    parser.add_argument("--write", action="store_true", help="put the tables into the methodology")
    options = parser.parse_args()
    found = list(run(options.count))
    for one in found if options.missed else ():
        if not one.faults:
            print(*(f"{part!r:.60}" for part in one.mutation[:6]))
    print(report(found))
    if options.write:
        path = descriptor.data_folder() / "METHODOLOGY.md"
        text = path.read_text("utf-8")
        path.write_text(SECTION.sub(lambda part: part[1] + report(found), text), "utf-8", newline="\n")
    rules = Counter(re.search(r"\[[\w-]+\]|$", fault)[0] for one in found for fault in one.faults[:1])
    print(", ".join(f"{name or 'form'} {n}" for name, n in rules.most_common()))
    passed = [one.mutation[:6] for one in found if not one.gate]
    print(f"not stopped by hashes and corrections: {len(passed)}", *passed[:20], sep="\n")
    return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main())
