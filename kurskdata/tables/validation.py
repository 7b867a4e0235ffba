"""Whether tables keep their description and the rules of ``validation.sql``, for which SQLite is asked what breaks them."""

from __future__ import annotations

import functools
import json
import re
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any

from kurskdata.disk import kept_until_changed
from kurskdata.errors import InputError
from kurskdata.tables import descriptor, reader, spreadsheet

_LETTERS = dict(zip("абвгґдзклмнпрстуфхчшщжэюя", "abvggdsklmnprstuf42131eua", strict=True)) | {"ц": "ts"}


def _sound(name: str, pairs: str) -> str:
    """The consonants of a name, with a and u, in letters that all its languages share once ``pairs`` are replaced."""
    text = functools.reduce(lambda done, pair: done.replace(*pair.split("=", 1)), pairs.split(), name.lower())  # type: ignore[arg-type]
    text = "".join(_LETTERS.get(letter, letter) for letter in text)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z0-9]|[eiojy]", "", text))


def _extract(pattern: str, text: str) -> str | None:
    """What a pattern finds, a day that is written in some way as YYYY-MM-DD; None for nothing."""
    found = re.search(pattern, text)
    return found and ("-".join(found.group(1, 3, 4)) if found.re.groups else found[0])


def _lacking(numbers: str | None, text: str) -> str | None:
    """The first number of one text that another lacks, marks within numbers apart."""
    one, other = (re.sub(r"(?<=\d)[.,](?=\d)", "", part or "") for part in (numbers, text))
    return next((number for number in re.findall(r"\d+", one) if number not in other), None)


@functools.cache
def _database() -> tuple[sqlite3.Connection, dict[str, object]]:
    """SQLite with the functions that the rules use, and what it holds: rows by table."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    for function in (_sound, _extract, _lacking):
        connection.create_function(function.__name__[1:], 2, function, deterministic=True)
    connection.create_function("regexp", 2, lambda *cell: re.search(*cell) is not None)
    connection.executescript(
        "CREATE TABLE every (tbl, line, id, col, place, text); CREATE INDEX i ON every (tbl, id, col)"
    )
    return connection, {}


@kept_until_changed(descriptor.files)
def _rows(table: str) -> list[tuple[Any, ...]]:
    """Line, key and cells of every row of a table as written, after the names of these columns."""
    path, key = descriptor.files(table)[0], descriptor.resource(table)["schema"]["primaryKey"]
    (_, header), *lines = spreadsheet.rows(path, spreadsheet.text(path, wide=False))
    places = [header.index(name) for name in key]
    return [("line", "id", *header), *((n, "/".join(row[p] for p in places), *row) for n, row in lines)]


def faults(of: Collection[str] = ()) -> list[str]:
    """Every fault, or only those that bear on the tables ``of``: file, line, column and, of a breach, the rule."""
    found: list[str] = []
    (run, held), every = _database(), descriptor.names()
    for name in every:
        try:
            reader.load(name)
            if held.get(name) is not (rows := _rows(name)):
                run.execute(f"DROP TABLE IF EXISTS {name}")
                run.execute(f"CREATE TABLE {name} ({', '.join(map(json.dumps, rows[0]))})")
                run.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows[1:])
                run.execute(f"CREATE INDEX {name}_id ON {name} (id)")
                run.execute("DELETE FROM every WHERE tbl = ?", [name])
                for place, column in enumerate(rows[0][2:]):
                    run.execute(
                        f"INSERT INTO every SELECT '{name}', line, id, '{column}', {place}, \"{column}\" FROM {name}"
                    )
                held[name] = rows
        except InputError as fault:
            held.pop(name, None)
            run.execute("DELETE FROM every WHERE tbl = ?", [name])
            found.append(str(fault))
    asked = {"cells", "every", *(of or every)}
    names = ", ".join(f"'{name}'" for name in asked)
    run.executescript(
        f"DROP VIEW IF EXISTS cells; CREATE VIEW cells AS SELECT * FROM every WHERE tbl IN ({names})"
    )
    for rule, query in rules().items():
        used = {*re.findall(r"\b(?:FROM|JOIN) (\w+)", query)} & {"cells", "every", *every}
        if used & asked and used <= {"cells", "every", *held}:
            for table, line, column, what in run.execute(query):
                found.append(f"{table}.csv: line {line}, column {column}: {what} [{rule}]")
    return found


@functools.cache
def rules() -> dict[str, str]:
    """The queries of ``validation.sql`` by name."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    return dict(re.findall(r"^-- ([a-z-]+)(?::.*)?\n((?:(?!-- ).*\n)+)", text, re.M))
