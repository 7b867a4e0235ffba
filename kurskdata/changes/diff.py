"""What differs between two editions: every figure, row, sentence, title, alt text and drawing, with before and after."""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kurskdata.changes.contents import Edition, Rows, editions
from kurskdata.errors import InputError

Pair = tuple[Edition | None, Edition | None]


@dataclasses.dataclass
class Change:
    """One difference: its kind, of a cell the ``row`` and ``column``, what stood ``before`` and stands ``after`` (empty for what
    is gone or new), the ``rows`` of data behind it by id, and the ``places`` where it shows."""

    kind: str
    before: str
    after: str
    row: str = ""
    column: str = ""
    rows: list[str] = dataclasses.field(default_factory=list)
    places: list[str] = dataclasses.field(default_factory=list)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The numbers that differ, as written before and after."""
        old, new = (re.findall(r"\d(?:[\d.,\s]*\d)?", text) for text in (self.before, self.after))
        return [(" ".join(a), " ".join(b)) for differs, a, b in _runs(old, new) if differs]


def pairs(old: Path, new: Path) -> list[Pair]:
    """The editions of two places: of output folders those of the same parameters. Raises InputError for other places, and
    where no two have the same."""
    one, other = editions(old), editions(new)
    if [edition.folder.resolve() for edition in (*one, *other)] == [old.resolve(), new.resolve()]:
        return [(one[0], other[0])]
    left, right = ({tuple(sorted(e.held["parameters"].items())): e for e in found} for found in (one, other))
    if not left.keys() & right.keys():
        raise InputError(f"{old}, {new}: no edition here has the parameters of one there")
    return [(left.get(key), right.get(key)) for key in sorted({**left, **right})]


def changes(matched: Iterable[Pair]) -> list[Change]:
    """Every difference once, with all places where it shows: cells and rows first, then texts and drawings."""
    found: dict[tuple[str, ...], Change] = {}
    for old, new in matched:
        for change in _between(old, new):
            text = not change.row and change.kind not in ("drawing", "edition", "chart")
            ends = change.before.rstrip("."), change.after.rstrip(".")
            key = ("text", *ends) if text else (change.kind, change.row, change.column, *ends)
            known = found.setdefault(key, change)
            known.places += [place for place in change.places if place not in known.places]
            known.rows += [row for row in change.rows if row not in known.rows]
    return sorted(found.values(), key=lambda one: (not one.row, one.kind == "drawing"))


def _between(old: Edition | None, new: Edition | None) -> Iterator[Change]:
    if old is None or new is None:
        name = (old or new or Edition(Path(), {"name": ""})).name
        yield Change("edition", old.name if old else "", new.name if new else "", places=[name])
        return
    theirs, ours = old.charts(), new.charts()
    behind: dict[str, list[str]] = {}
    for chart in {**theirs, **ours}:
        place = f"{new.name}: {chart}"
        if chart not in theirs or chart not in ours:
            yield Change("chart", chart * (chart in theirs), chart * (chart in ours), places=[place])
            continue
        if _same(old, new, chart):
            continue
        cells = [*_cells(old.rows(chart), new.rows(chart), place)]
        behind[chart] = list(dict.fromkeys(row for change in cells for row in change.rows))
        yield from cells
        after = new.texts(chart)
        for kind, before in old.texts(chart).items():
            yield from _texts(kind, before, after[kind], behind[chart], f"{place}, {kind}")
        drawn = [edition.file(chart, "chart.svg") for edition in (old, new)]
        if drawn[0] != drawn[1]:
            at = f"charts/{chart}/chart.svg"
            ends = f"{old.name}/{at}", f"{new.name}/{at}"
            yield Change("drawing", *ends, rows=list(behind[chart]), places=[place])
    now = dict(new.reports())
    for page, told in old.reports():
        charts = dict([*told, *now.get(page, ())])
        texts = [[text for text, _ in some] for some in (told, now.get(page, ()))]
        for change in _texts("sentence", texts[0], texts[1], [], f"{new.name}: {page}"):
            names = charts.get(change.before, frozenset()) | charts.get(change.after, frozenset())
            change.rows = list(dict.fromkeys(row for name in sorted(names) for row in behind.get(name, ())))
            yield change


def _same(old: Edition, new: Edition, chart: str) -> bool:
    """Whether both charts are alike to the byte, so that nothing needs to be read."""
    files = ("data.csv", "chart.vl.json", "chart.svg")
    return old.charts()[chart] == new.charts()[chart] and all(
        old.file(chart, name) == new.file(chart, name) for name in files
    )


def _cells(before: Rows, after: Rows, place: str) -> Iterator[Change]:
    """The cells and rows that differ, by the ids of rows. Of several rows with one id those that are alike belong together."""
    for key in {**before, **after}:
        old, new = list(before.get(key, ())), list(after.get(key, ()))
        for row in [row for row in old if row in new]:
            if row in new:
                old.remove(row)
                new.remove(row)
        for row in old[:]:
            if new:
                other = max(new, key=lambda one: sum(row.get(name) == text for name, text in one.items()))
                old.remove(row)
                new.remove(other)
                counted = (set((one.get("claim_ids") or "").split(";")) for one in (row, other))
                ids = [key, *sorted(set.symmetric_difference(*counted) - {""})]
                for column in {**row, **other}:
                    a, b = row.get(column) or "", other.get(column) or ""
                    if a != b:
                        yield Change("figure", a, b, key, column, ids, [place])
        for kind, rows in (("row gone", old), ("row added", new)):
            for row in rows:
                text = "; ".join(f"{name} {cell}" for name, cell in row.items() if cell)
                gone = kind == "row gone"
                yield Change(kind, text * gone, text * (not gone), key, "", [key], [place])


def _texts(kind: str, old: list[str], new: list[str], rows: list[str], place: str) -> Iterator[Change]:
    """The texts that differ, each with the one that it became, where one is like it. One that moved did not change."""
    gone, left = ([*(Counter(a) - Counter(b)).elements()] for a, b in ((old, new), (new, old)))
    for text in gone:
        near = left[:1] if len(old) == len(new) == 1 else difflib.get_close_matches(text, left, 1, 0.5)
        for one in near:
            left.remove(one)
        yield Change(kind, text, "".join(near), rows=list(rows), places=[place])
    yield from (Change(kind, "", text, rows=list(rows), places=[place]) for text in left)


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Both lists in runs that are equal or differ."""
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield how != "equal", old[a:b], new[c:d]


def marked(change: Change) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Both texts in pieces, each with whether it differs, for pages that mark it."""
    old, new = (re.findall(r"\s+|[^\s;]+;?|;", text) for text in (change.before, change.after))
    runs = [*_runs(old, new)]
    return [(differs, "".join(a)) for differs, a, _ in runs], [
        (differs, "".join(b)) for differs, _, b in runs
    ]


def object_of(change: Change) -> dict[str, Any]:
    """A change as JSON holds it."""
    return {**dataclasses.asdict(change), "figures": change.figures}


def lines(found: list[Change]) -> Iterator[str]:
    """The changes as a terminal shows them; of a list of ids or names the members that changed."""
    for kind, of_kind in itertools.groupby(found, key=lambda one: one.kind):
        yield f"{kind}:"
        for one in of_kind:
            ends = [one.before, one.after]
            if one.row and all(";" in end for end in ends):
                parts = [re.split("; ?", end) for end in ends]
                ends = ["; ".join(p for p in parts[n] if p not in parts[1 - n]) for n in (0, 1)]
            yield f"  {' '.join(filter(None, (one.row, one.column))) or one.places[0]}"
            yield from (f"    {sign} {end}" for sign, end in zip("-+", ends, strict=True) if end)
            if one.rows and one.rows != [one.row]:
                more = f" and {len(one.rows) - 6} more" if len(one.rows) > 6 else ""
                yield f"    rows: {', '.join(one.rows[:6])}{more}"
            yield f"    in {'; '.join(one.places)}"
