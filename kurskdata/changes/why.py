"""Where a number of an edition is written, and the rows, the arithmetic and the sources behind it.

What it can be is in `kurskdata.changes.known`. Where several fit, the chart is made again without the rows of each, and
those stay without which it reads otherwise.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from kurskdata.changes.contents import Edition, editions, texts
from kurskdata.changes.known import DAY, NUMBER, Figure, Known, Numeral, ids, numerals, plain, unit_of
from kurskdata.charts import by_name
from kurskdata.editions import edition as chosen
from kurskdata.errors import InputError
from kurskdata.prose.lexicon import LANGUAGES
from kurskdata.tables import reader
from kurskdata.tables.descriptor import MAPS
from kurskdata.tables.export import is_web_address

_TABLES = ("area", "retaken", "timeline", "article", "places")
_SHOWN = 8
_TOLD = (
    "speaker", "claimant", "side", "title", "name_en", "place_id", "date", "reported", "measure", "qualifier", "value", "unit",
)  # fmt: skip


@dataclasses.dataclass
class Origin:
    """``how`` a number is made, the ids of its ``rows``, and the ``places`` where it is written, each with its text."""

    how: str
    rows: tuple[str, ...]
    places: list[str]


def said(spec: dict[str, Any]) -> list[tuple[str, str]]:
    """All that the specification of a chart says, with where: its texts, what is drawn, the texts of its marks; once each."""
    found = [(kind, text) for kind, some in texts(spec).items() for text in some]
    for one in (spec, spec.get("usermeta", {}).get("kurskdata", {}).get("narrow") or {}):
        drawn = [row for name, rows in one.get("datasets", {}).items() if name != "rows" for row in rows]
        for column, kind in (("text", "drawing"), ("told", "hover text")):
            found += [(kind, row[column]) for row in drawn if isinstance(row.get(column), str)]
    return [*dict.fromkeys((kind, plain(text)) for kind, text in found)]


def why(asked: str, place: Path) -> list[Origin]:
    """Where a number is written in an edition or an output folder, by what it is there.

    Raises InputError for a text without a number, a folder without editions, and a number that is written nowhere.
    """
    number = next(numerals(asked), None)
    if number is None:
        raise InputError(
            f"{asked!r}: no number in digits; write one as it stands in a text, such as 86 % or 1,100"
        )
    unit = unit_of(asked[number.start :], LANGUAGES)
    found, others = dict[tuple[str, tuple[str, ...]], Origin](), dict[float, str]()
    for edition in editions(place):
        language, sure = edition.held["parameters"]["language"], set[Figure]()
        for where, text, chart, origins in written_in(edition):
            there = {one.value: text[one.start : one.end] for one in numerals(text)}
            others |= there
            for one, figures in origins(text) if number.value in there else ():
                if one.value != number.value or (
                    unit and unit_of(text[one.start :], [language]) not in (unit, "")
                ):
                    continue
                kept = (
                    _proved(edition, chart, text, figures)
                    if chart
                    else [f for f in figures if f in sure] or figures
                )
                sure |= {*kept}
                for figure in {figure.rows[:1] or figure.how: figure for figure in reversed(kept)}.values():
                    origin = found.setdefault((figure.how, figure.rows), Origin(figure.how, figure.rows, []))
                    origin.places.append(f"{edition.name}: {where}: {text}")
    if not found:
        near = sorted(others, key=lambda value: abs(value - number.value))[:3]
        nearest = f"; nearest are {', '.join(others[value] for value in near)}" if near else ""
        raise InputError(f"{asked!r} is written nowhere in {place}{nearest}")
    return [*found.values()]


Resolver = Callable[[str], Iterable[tuple[Numeral, list[Figure]]]]


def written_in(edition: Edition) -> Iterator[tuple[str, str, str, Resolver]]:
    """Every text of an edition: where it stands, the chart whose text it is, and what tells what its numerals can be."""
    known = functools.cache(lambda charts: Known(edition, charts))
    for chart in edition.charts():
        for kind, text in said(edition.spec(chart)):
            yield f"{chart}, {kind}", text, chart, lambda text, chart=chart: known((chart,)).origins(text)  # type: ignore[misc]
        for key, rows in edition.rows(chart).items():
            for one, column, cell in ((row, *one) for row in rows for one in row.items()):
                if NUMBER.fullmatch(cell):
                    of_cell = [Figure(0, "", f"{column} {cell}", tuple(ids(key, one)))]
                    yield (
                        f"{chart}, column {column}",
                        cell.removeprefix("-"),
                        "",
                        functools.partial(_cell, of_cell),
                    )
    for page, told in edition.reports():
        for text, charts in told:
            shown = tuple(sorted(charts or edition.charts()))
            yield page, plain(text), "", lambda text, shown=shown: known(shown).origins(text)  # type: ignore[misc]


def _cell(known: list[Figure], text: str) -> Iterator[tuple[Numeral, list[Figure]]]:
    return ((one, known) for one in numerals(text))


def _proved(edition: Edition, chart: str, text: str, figures: list[Figure]) -> list[Figure]:
    """Of several things that a number can be those without whose rows the chart says something else."""
    given = tuple(sorted(edition.held["parameters"].items()))
    if len(figures) < 2 or chart not in by_name.names() or text not in _again(given, chart, frozenset()):
        return figures
    return [
        f for f in figures if not f.rows or text not in _again(given, chart, frozenset(f.rows))
    ] or figures


@functools.cache
def _again(given: tuple[tuple[str, str], ...], chart: str, without: frozenset[str]) -> frozenset[str]:
    """What a chart says when it is made again, without some rows."""
    gone = {
        *without,
        *(pd.Timestamp(row[:10]) for row in without if DAY.match(row)),
    }  # maps are known by their day
    claims = reader.load("retaken")[["claim_id", "place_id", "candidate_place_ids"]].itertuples(index=False)
    places, gone = gone & reader.by_id("places").keys(), gone - reader.by_id("places").keys()
    gone |= {claim for claim, *of in claims if {*of} & places}
    token = reader.left_out.set(frozenset[Any](gone))
    try:
        spec = by_name.spec(chart, chosen(dict(given)))
    except InputError:
        return frozenset()
    finally:
        reader.left_out.reset(token)
    return frozenset(text for _, text in said(spec))


def lines(asked: str, found: list[Origin]) -> Iterator[str]:
    """The answer as a terminal shows it: of many rows and places the first ones, and how many more."""
    for origin in found:
        yield f"{asked}: {origin.how}"
        for key in origin.rows[:_SHOWN]:
            what, pages = row(key)
            yield f"  {key}: {what}"
            yield from (f"    {page}" for page in pages)
        yield from [f"  and {len(origin.rows) - _SHOWN} more rows"] * (len(origin.rows) > _SHOWN)
        yield from (f"  in {place}" for place in origin.places[:_SHOWN])
        yield from [f"  and in {len(origin.places) - _SHOWN} more places"] * (len(origin.places) > _SHOWN)


def row(key: str) -> tuple[str, list[str]]:
    """A row by its id, in short, and publisher and address of its pages; of a day of a map what it shows."""
    observer = key.partition(" ")[2]
    if observer in MAPS:
        control = reader.as_text(reader.load("control")).query("date == @key[:10] and observer == @observer")
        said = [f"{r.pocket}: {r.held_km2} sq km held, {r.unclear_km2} unclear" for r in control.itertuples()]
        return "; ".join(said), [f"{MAPS[observer].full_name}: https://{MAPS[observer].repository}"]
    pages = reader.by_id("sources")
    cells = next((found for name in _TABLES if (found := reader.by_id(name).get(key))), {})
    told = ", ".join(str(cells[name]) for name in _TOLD if name in cells and not pd.isna(cells[name]))
    of = (pages[one] for one in str(cells.get("source_ids", "")).split(";") if one in pages)
    return told, [f"{page['publisher']}: {page['url']}" for page in of if is_web_address(page["url"])]
