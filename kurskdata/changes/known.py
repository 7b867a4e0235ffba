"""What a number in the charts and reports of an edition can be.

Nothing is kept for this while an edition is made: a number is a cell of the rows in the bundle of its chart, a unit or a
share made from one, a count or sum of several, a day, a word of a row or of a text, or a mark on a scale.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from kurskdata.changes.contents import Edition
from kurskdata.check.claims import NEAR
from kurskdata.prose.lexicon import lexicon
from kurskdata.prose.numbers import digits, numbers
from kurskdata.tables import reader, settlements, views
from kurskdata.tables.intervals import COUNTED, conversion
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, sum_of

NUMERAL = re.compile(r"(?<![\w.,])\d+(?:([,.\s'’])\d{3}(?:\1\d{3})*(?!\d))?(?:[.,]\d+)?")
DAY, NUMBER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"-?\d+(\.\d+)?")
_IDS = ("claim_ids", "place_ids", "source_ids")
_AREAS = ("km2", "sq_mi")
_MEASURES = {*_AREAS, "percent"}
_GROUPED = ("side", "fits", "grew")
BASE = "2025-01-17-mod-area-seized-1268"
_PERIOD = pd.date_range("2024-07-01", "2025-12-31")


class Figure(NamedTuple):
    """What a number may be: its value and ``unit`` ("" for a count, "text" for what is no figure), ``how`` it is made, of
    which rows."""

    value: float
    unit: str
    how: str
    rows: tuple[str, ...] = ()


class Numeral(NamedTuple):
    """A number as written: its place in a text, its value, and its decimals."""

    start: int
    end: int
    value: float
    decimals: int


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers in a text that are written in digits."""
    for found in NUMERAL.finditer(text):
        value = float(digits(found[0], lexicon("en"), scaled=False))
        yield Numeral(*found.span(), value, len(re.split("[.,]", found[0])[-1]) if value % 1 else 0)


class Known:
    """What the numbers in some charts of an edition, and in the sections of reports that show them, can be."""

    def __init__(self, edition: Edition, charts: Iterable[str]) -> None:
        given = edition.held["parameters"]
        self.words, as_of = Words(given["language"], given["units"]), given["as_of"]
        self.days, self.figures = dict(_days(given["language"])), list[Figure]()
        self.texts = list[tuple[str, str, tuple[str, ...]]]()
        for name in filter(given.get, ("as_of", "start", "end")):
            self._day(given[name], f"{name} of the edition")
        for chart in charts:
            self._rows(
                f"rows of {chart}", [(k, row) for k, rows in edition.rows(chart).items() for row in rows]
            )
        article = views.article_claims(as_of=as_of)[
            ["claim_id", "value", "unit", "as_of", "window_start", "window_end"]
        ]
        self._rows("claims of the article", _written(article))
        left_out = views.area_record(as_of=as_of).query("apart_km2.isna()")
        self._count("statements on a day without a map", [key for key, _ in _written(left_out)])
        for claim in filter(None, [views.count_claim(as_of=as_of)]):
            span = {"start": claim["window_start"], "end": claim["window_end"]}
            self._row(claim["claim_id"], {name: str(cell)[:10] for name, cell in claim.items()})
            self._rows("days of the claim", _written(settlements.settlements_per_day(as_of=as_of, **span)))
        self._add(100 * NEAR, "percent", "what a fit may miss by", ())
        for unit in _AREAS:
            self._add(views.BASE_KM2 * conversion("km2", unit), unit, "the base of shares", (BASE,))

    def _add(self, value: float, unit: str, how: str, rows: Iterable[str]) -> None:
        of = (one for row in rows for one in row.split(";"))
        self.figures.append(
            Figure(value, unit, how, tuple(one for one in of if one and not DAY.fullmatch(one)))
        )

    def _count(self, what: str, keys: list[str]) -> None:
        self._add(len(keys), "", f"number of {what}", keys)

    def _rows(self, what: str, rows: list[tuple[str, dict[str, str]]]) -> None:
        groups = defaultdict[str, list[str]](list)
        for key, row in rows:
            self._row(key, row)
            made = {**row, **_grouped(row)}
            short = {
                name: cell for name, cell in made.items() if 0 < len(cell) < 60 and not NUMBER.fullmatch(cell)
            }
            for part in (
                part for n in (2, 3) for part in itertools.combinations(_GROUPED, n) if {*part} <= {*made}
            ):
                groups[", ".join(f"{name} {made[name]}" for name in part)].append(key)
            for name, cell in short.items():
                groups[f"{name} {cell}"].append(key)
                if DAY.fullmatch(cell):
                    groups[f"{name} {cell[:7]}"].append(key)
        self._count(what, [key for key, _ in rows])
        for name, keys in groups.items():
            self._count(f"{what} with {name}", keys)
        if counts := [int(row["settlements"]) for _, row in rows if "settlements" in row]:
            ids = ";".join(row["claim_ids"] for _, row in rows).split(";")
            self._add(sum(counts), "", sum_of(counts), ids)
            self._add(len(counts), "days", what, [key for key, _ in rows])

    def _row(self, key: str, row: dict[str, str]) -> None:
        own = ids(key, row)
        for column, cell in row.items():
            if DAY.fullmatch(cell):
                self._day(cell, f"{column} of {key}")
            elif NUMBER.fullmatch(cell):
                unit = {"value": row.get("unit", ""), "share": "percent"}.get(column.split("_")[0], "")
                self._figure(float(cell), "km2" if column.endswith("km2") else unit, f"{column} {cell}", own)
            elif column not in _IDS:
                rows = tuple(dict.fromkeys(filter(None, (*own, *row.get("claim_ids", "").split(";")))))
                self.texts.append((plain(self.words.plain(cell)), f"{column} of {key}", rows))
        for one in filter(
            None, (reader.by_id("area").get(one) for one in row.get("claim_ids", "").split(";"))
        ):
            self._figure(one["value"], one["unit"], f"value {one['value']:g}", [one["claim_id"]])
        for low, high in (("held_low_km2", "held_high_km2"), ("map_low_km2", "map_high_km2")):
            if NUMBER.fullmatch(row.get(low, "")) and NUMBER.fullmatch(row.get(high, "")):
                unit, between = self.words.units, float(row[high]) - float(row[low])
                how = f"{high} {row[high]} - {low} {row[low]} in {unit}"
                self._add(between * conversion("km2", unit), unit, how, own)

    def _figure(self, value: float, unit: str, how: str, rows: list[str]) -> None:
        self._add(value, unit, how, rows)
        if unit == "percent":
            left = (100 - value) / 100 * views.BASE_KM2
            self._add(100 - value, unit, f"100 - {how}", rows)
            self._figure(left, "km2", f"(100 - {value:g}) % of {views.BASE_KM2:g}", rows)
        elif unit in _AREAS:
            share, other = value * conversion(unit, "km2") / views.BASE_KM2 * 100, self.words.units
            if other != unit:
                converted = value * conversion(unit, other)
                for one in (converted, float(f"{converted:.3g}")):
                    self._add(one, other, f"{how} {unit} in {other}", rows)
            self._add(share, "percent", f"{how} / {views.BASE_KM2:g}", rows)
            self._add(100 - share, "percent", f"100 - {how} / {views.BASE_KM2:g}", rows)

    def _day(self, day: str, what: str) -> None:
        for text in _forms(self.words, dt.date.fromisoformat(day)):
            self.days[text] = "; ".join(dict.fromkeys(filter(None, (self.days.get(text), what))))

    def origins(self, text: str) -> Iterator[tuple[Numeral, list[Figure]]]:
        """Every numeral of a text with all that it can be: nothing, where it can be nothing that is known here."""
        text = plain(text)
        spans = [(*found.span(), found[0]) for found in _dates(self.words.language).finditer(text)]
        fixed = [
            (*found.span(), f"a fixed text: {found[0]}")
            for found in _fixed(self.words.language).finditer(text)
        ]
        for one in numerals(text):
            days = [day for a, b, day in spans if a <= one.start and one.end <= b]
            if to := re.match(r"\.?[-–]", text[one.end :]):  # 8–12 March
                days += [day for a, _, day in spans if a == one.end + to.end()]
            told = [f"a day, {self.days[day]}" for day in days]
            told += [what for a, b, what in fixed if a <= one.start and one.end <= b]
            near, unit = 0.5 * 10**-one.decimals + 1e-9, unit_of(text[one.start :], [self.words.language])
            same = [
                figure
                for figure in self.figures
                if unit in ("", figure.unit) or not {unit, figure.unit} & _MEASURES
            ]
            if text.strip(".") == text[one.start : one.end]:  # on a scale, or a count
                same = [figure for figure in same if figure.unit not in _MEASURES]
            fit = [figure for figure in same if abs(abs(figure.value) - one.value) <= near]
            known = [Figure(0, "text", how) for how in told]
            yield one, known or [*fit, *self._quoted(one, text)] or self._drawn(one, text)

    def _quoted(self, one: Numeral, text: str) -> list[Figure]:
        """Cells of text that hold the number with the word before or after it."""
        number = text[one.start : one.end]
        around = [
            re.findall(r"\S*\s*$", text[: one.start])[0] + number,
            number + re.findall(r"^\s*\S*", text[one.end :])[0],
        ]
        near = [part for part in around if part.strip() != number]
        found = [(cell, what, rows) for cell, what, rows in self.texts if any(part in cell for part in near)]
        return [Figure(0, "text", f"{what}: {cell}", rows) for cell, what, rows in found]

    def _drawn(self, one: Numeral, text: str) -> list[Figure]:
        """What a number of a drawing is that is no figure: on a scale, of a distance, or of a list."""
        rest, w = text[one.end :].strip(), self.words
        scales = {
            plain(amount(one.value, unit, w)).partition(" ")[2] for unit in (*COUNTED, *_AREAS, "percent")
        }
        if one.start == 0 and rest in ("", ".", *scales):
            return [Figure(0, "text", "a mark on a scale, or a number in a list")]
        lengths = [plain(amount(one.value, unit, w)) for unit in ("km", "mi")]
        if any(text.startswith(length, one.start) for length in lengths):
            return [Figure(0, "text", "a distance between the positions of places")]
        begins = text[: one.start].rstrip()[-1:] in ("", ",") and not rest[:1].islower()
        return [Figure(0, "text", f"a number in a list: {rest}")] if begins else []


def ids(key: str, row: dict[str, str]) -> list[str]:
    """The ids of the rows behind a row of a bundle: its own, or, where it is a day, those of the claims of that day."""
    return (
        [one for one in row.get("claim_ids", "").split(";") if one] if DAY.fullmatch(key) else key.split(";")
    )


def _grouped(row: dict[str, str]) -> dict[str, str]:
    """By what charts count a row beside its own cells: its lane, whether it fits the map, whether the area then grew."""
    side, apart = row.get("side"), row.get("apart_km2")
    made = {"lane": side if side in ("ukraine", "russia") else "others"} if side else {}
    if apart:
        near = NEAR * float(row["held_low_km2" if float(apart) > 0 else "held_high_km2"] or "inf")
        made |= {"fits": str(abs(float(apart)) <= near), "grew": str(row["date"] < str(views.PEAK))}
    return made


def _written(frame: pd.DataFrame) -> list[tuple[str, dict[str, str]]]:
    """The rows of a view as a bundle has them, with their ids."""
    plain = reader.as_text(frame).astype(object).fillna("").astype(str).to_dict("records")
    rows = [{str(name): cell for name, cell in row.items()} for row in plain]
    return [(row.get("claim_id") or row.get("date", ""), row) for row in rows]


def plain(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def _forms(w: Words, day: dt.date) -> list[str]:
    return [day.isoformat(), str(day.year), *(plain(w.date(day, form)) for form in ("long", "day", "short"))]


@functools.cache
def _days(language: str) -> dict[str, str]:
    """All days of the period as they are written."""
    w = Words(language)
    return {text: text for day in _PERIOD for text in _forms(w, day)}


@functools.cache
def _dates(language: str) -> re.Pattern[str]:
    longest = sorted(_days(language), key=len, reverse=True)
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, longest))})(?!\d)")


@functools.cache
def _fixed(language: str) -> re.Pattern[str]:
    """What the texts of a language say in digits beside the values that are filled in: CC BY 4.0."""
    parts = {part.strip() for text in Words(language).texts() for part in re.split(r"\{[^}]*\}", plain(text))}
    found = sorted((part for part in parts if re.search(r"\d", part)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, found)) or "(?!)")


def unit_of(text: str, languages: Iterable[str]) -> str:
    """The unit of the number that a text begins with; empty where it names none."""
    read = (numbers(text[:60], lexicon(language), []) for language in languages)
    return next((some[0].unit for some in read if some and some[0].unit), "")
