"""Whether tables keep their description and the rules of ``validation.sql``, for which SQLite is asked what breaks them."""

from __future__ import annotations

import functools
import json
import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

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


def faults(of: Collection[str] = ()) -> list[str]:
    """Every fault, or only those that bear on the tables ``of``: file, line, column and, of a breach, the rule."""
    found, names = list[str](), descriptor.names()
    with closing(sqlite3.connect(":memory:")) as run:
        for function in (_sound, _extract, _lacking):
            run.create_function(function.__name__[1:], 2, function, deterministic=True)
        run.create_function("regexp", 2, lambda *cell: re.search(*cell) is not None)
        run.execute("CREATE TABLE every (tbl, line, id, col, place, text)")
        held, asked = {"cells", "every"}, {"cells", "every", *(of or names)}
        for name in names:
            try:
                reader.load(name)
            except InputError as fault:
                found.append(str(fault))
                continue
            (_, header), *lines = spreadsheet.table(descriptor.files(name)[0])
            key = [header.index(part) for part in descriptor.resource(name)["schema"]["primaryKey"]]
            rows = [(line, "/".join(cells[n] for n in key), *cells) for line, cells in lines]
            run.execute(f"CREATE TABLE {name} ({', '.join(map(json.dumps, ['line', 'id', *header]))})")
            run.executemany(f"INSERT INTO {name} VALUES (?, ?{', ?' * len(header)})", rows)
            run.execute(f"CREATE INDEX {name}_id ON {name} (id)")
            for n, column in enumerate(header):
                cells = f"'{name}', line, id, '{column}', {n}, \"{column}\""
                run.execute(f"INSERT INTO every SELECT {cells} FROM {name}")
            held.add(name)
        run.execute("CREATE INDEX of_cells ON every (tbl, id, col)")
        run.execute(f"CREATE VIEW cells AS SELECT * FROM every WHERE tbl IN ({str([*asked])[1:-1]})")
        for rule, query in rules().items():
            used = {*re.findall(r"\b(?:FROM|JOIN) (\w+)", query)} & {"cells", "every", *names}
            if used & asked and used <= held:
                for table, line, column, what in run.execute(query):
                    found.append(f"{table}.csv: line {line}, column {column}: {what} [{rule}]")
    return found


@functools.cache
def rules() -> dict[str, str]:
    """The queries of ``validation.sql`` by name."""
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    return dict(re.findall(r"^-- ([a-z-]+)(?::.*)?\n((?:(?!-- ).*\n)+)", text, re.M))
